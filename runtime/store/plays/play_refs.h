/* play_refs.h: what new plays refer to: tracks of connectors, and contexts. Private to runtime/store.
 *
 * Both get their ids at once and wait, many at a time, until an INSERT ... SELECT takes them over. store_use() sees to it
 * that nobody misses one that waits. */
#ifndef NARADA_STORE_PLAY_REFS_H
#define NARADA_STORE_PLAY_REFS_H

#include "store/store_int.h"

Hash128 play_context_hash(const PlayContext *context);
/* Makes context_hash_of() of the columns from `service` to `incognito` known to a new connection: what play_contexts.context_hash is to be. */
Status play_contexts_define(Store *store, Error *error);

/* Makes store->refs, or empties what it remembers. For writers only. */
Status play_refs_open(Store *store, Error *error);
/* The id of the connector's track, made if it is new (`*added`), and with it its track unless the play names one. */
Status play_refs_track(Store *store, const PlayObservation *play, int64_t *out, bool *added, Error *error);
Status play_refs_context(Store *store, const PlayObservation *play, int64_t *out, Error *error);
/* Prefetches what the two above look at. */
void play_refs_expect(const Store *store, const PlayHashes *hashes);
/* Stores what waits, for somebody who must find it or may add tracks himself. */
Status play_refs_flush(Store *store, Error *error);
/* Has them stored beside (worker.h), if at least so many of a kind wait. */
Status play_refs_hand_over(Store *store, size_t least, Error *error);
/* After a rollback: what waits here belonged to it. */
void play_refs_clear(Store *store);

#endif
