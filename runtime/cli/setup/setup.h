/* setup.h: what the parts of `narada setup` share. */
#ifndef NARADA_CLI_SETUP_H
#define NARADA_CLI_SETUP_H

#include "connectors/services/services.h"

typedef struct Setup {
  Arena *arena;
  Services *services;
  Credentials *credentials;
  bool paste;           /* the browser is on another machine */
  const char *redirect; /* NULL: the one stored, else SPOTIFY_REDIRECT */
} Setup;

/* Ask for what a service needs, try it, store it. */
Status setup_spotify(Setup *setup, Error *error);
Status setup_lastfm(Setup *setup, Error *error);
Status setup_listenbrainz(Setup *setup, Error *error);
Status setup_musicbrainz(Setup *setup, Error *error);

/* A line for the person, at once. */
NARADA_PRINTF(1, 2) void setup_say(const char *format, ...);

typedef struct SetupQuestion {
  Service service;
  const char *name;     /* of the value in the account's file */
  const char *question; /* "Client ID" */
  bool hidden;
  bool may_lack;        /* an empty answer where nothing is stored is no mistake */
  Status (*check)(Text value, Error *error); /* NULL: anything */
} SetupQuestion;

/* An empty line is the value that is stored. What does not pass `check` is asked again on a terminal. */
Status setup_ask(Setup *setup, const SetupQuestion *question, Text *out, Error *error);
/* Stores what has changed. */
Status setup_save(Setup *setup, Service service, const CredentialValue *values, size_t count, Error *error);

#endif
