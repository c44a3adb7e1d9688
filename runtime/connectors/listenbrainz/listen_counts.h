/* listen_counts.h: how often a user has listened to what, by ListenBrainz. It has no call for that, so the listens are read and counted.
 *
 * The counts are kept in the store, and later only newer listens are read, as long as the number of listens that ListenBrainz names agrees; else (listens were
 * deleted, or older ones came later) all are read again. */
#ifndef NARADA_LISTENBRAINZ_LISTEN_COUNTS_H
#define NARADA_LISTENBRAINZ_LISTEN_COUNTS_H

#include "connectors/services/services.h"

typedef struct PlayCounts PlayCounts;

/* Reads what is missing; waits. `run` may be NULL. */
Status listen_counts_read(Services *services, const Run *run, Http *http, Text user, PlayCounts **out, Error *error);
/* Listens to that recording ("" = not known), and to others with that first artist and title, in any case. Each listen counts once. */
int64_t listen_counts_of(const PlayCounts *counts, Arena *arena, Text mbid, Text artist, Text title);

#endif
