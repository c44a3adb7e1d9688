/* play_refs.h: what new plays refer to: tracks of connectors, and contexts. Private to runtime/store.
 *
 * Both get their ids at once and wait, many at a time, until an INSERT ... SELECT takes them over. store_use() sees to it
 * that nobody misses one that waits. */
#ifndef NARADA_STORE_PLAY_REFS_H
#define NARADA_STORE_PLAY_REFS_H

#include "store/store_int.h"

/* Makes store->refs, or empties what it remembers. For writers only. */
Status play_refs_open(Store *store, Error *error);
/* The id of the connector's track, made if it is new (`*added`), and with it its track unless the play names one. */
Status play_refs_track(Store *store, const PlayObservation *play, int64_t *out, bool *added, Error *error);
Status play_refs_context(Store *store, const PlayContext *context, int64_t *out, Error *error);
bool play_refs_wait(const Store *store);
Status play_refs_flush(Store *store, Error *error);
/* After a rollback: what waits here belonged to it. */
void play_refs_clear(Store *store);

#endif
