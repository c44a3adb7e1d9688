/* services_int.h: what the files of this folder share. */
#ifndef NARADA_CONNECTORS_SERVICES_SERVICES_INT_H
#define NARADA_CONNECTORS_SERVICES_SERVICES_INT_H

#include "base/vec.h"
#include "connectors/services/services.h"
#include "connectors/spotify/login.h"

typedef struct Reached {
  Service service;
  const char *entity;
  Instant until;
} Reached;

struct Services {
  Arena *arena;
  ServicesOptions options;
  Http *http;
  Credentials *credentials;
  SpotifyTokens *spotify; /* NULL until its first call */
  SpotifyRegime *regime;
  struct SpotifyAccount *spotify_account; /* NULL until asked for */
  Store *cache;
  bool cache_tried;
  Store *outbox;
  Text listenbrainz_user; /* whose the token is, once that was asked */
  VEC(Reached) reached;
  VEC(struct BegunReading *) begun;
  struct Answers *answers; /* enrich_ask.c: what has been answered in this run */
};

/* The store's path if there is a store, else NULL. */
Status services_store_path(const Services *services, const char **out, Error *error);

#endif
