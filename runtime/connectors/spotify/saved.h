/* saved.h: which tracks are among the liked songs, many at a time. */
#ifndef NARADA_SPOTIFY_SAVED_H
#define NARADA_SPOTIFY_SAVED_H

#include "connectors/services/services.h"

typedef struct SpotifySavedAsk {
  const Text *ids; /* of tracks */
  size_t count;
  /* Once for each id, in any order; an error: it could not be asked. */
  void (*got)(void *context, size_t index, bool saved, const Error *error);
  void *context;
} SpotifySavedAsk;

/* Asks for all and waits. Fails only where nothing can go on. */
Status spotify_ask_saved(Services *services, Arena *arena, const SpotifySavedAsk *ask, Error *error);
/* "spotify:track:A,spotify:track:B", as the calls on the library take them. Arena. */
Text spotify_track_uris(Arena *arena, const Text *ids, size_t count);

#endif
