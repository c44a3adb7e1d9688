/* things.h: tracks or albums by their ids: many at once where the application may, else one by one. */
#ifndef NARADA_SPOTIFY_THINGS_H
#define NARADA_SPOTIFY_THINGS_H

#include "base/json_doc.h"
#include "connectors/services/services.h"

typedef struct SpotifyAsk {
  Endpoint many, one; /* ENDPOINT_SPOTIFY_TRACKS and _TRACK, ENDPOINT_SPOTIFY_ALBUMS and _ALBUM */
  const char *list;   /* the reply's key of `many` */
  bool many_only;     /* where the application may not ask for many, all of them fail */
  const Text *ids;
  size_t count;
  /* Once for each id, in any order. `thing` lives until it returns; NULL without an error = there is no such thing. An error: it could not be asked, and
   * `outcome` says how its call ended. */
  void (*got)(void *context, size_t index, const JsonNode *thing, HttpOutcome outcome, const Error *error);
  void *context;
} SpotifyAsk;

/* Asks for all and waits. What the application may is learnt by it, see regime.h. Fails only where nothing can go on. */
Status spotify_ask_things(Services *services, Arena *arena, const SpotifyAsk *ask, Error *error);

#endif
