/* play_stage.h: new plays on their way into the store, many at a time and in the order of their key. Private to runtime/store.
 *
 * A statement for each play costs several times what the row itself does. So plays that are known to be new wait here, and one INSERT ... SELECT
 * takes them over from a virtual table. A history comes in the order of time, so hardly any play must be looked up in the store to know that it is new. */
#ifndef NARADA_STORE_PLAY_STAGE_H
#define NARADA_STORE_PLAY_STAGE_H

#include "store/store_int.h"

/* SQLite splits a page that overflows at the end so that it stays seven eighths full for good. So each ninth of the plays that are stored at once comes
 * when the others are in, and fills the room that they left: 97 % of it where 87 % were. One in 8 would be a little too many, and pages that overflow
 * again end three quarters full. */
enum { PLAYS_AT_ONCE = 4096, PLAY_LATE = 9 };

typedef struct StagedPlay {
  int64_t played_at, connector_track, ms_played; /* the key; ms_played -1 = not known */
  int64_t id, context;
  bool has_offline_delta;
  int64_t offline_delta;
} StagedPlay;

/* Puts plays that are almost in the order of their key into it. */
void staged_plays_order(StagedPlay *plays, size_t count);

/* Makes store->stage and the virtual table that reads it. For writers only. */
Status play_stage_open(Store *store, Error *error);
/* The id of the play with this key, here or in the store; 0 if there is none. */
Status play_stage_find(Store *store, int64_t played_at, int64_t connector_track, int64_t ms_played, int64_t *out, Error *error);
/* Takes a play whose key is neither here nor in the store. */
Status play_stage_add(Store *store, const StagedPlay *play, Error *error);
/* At most so many plays wait, 1 to 4096, in stores that are opened from now on; for tests. */
void play_stage_test_most(size_t most);
/* All that waits on its way into the store (worker.h). */
Status play_stage_hand_over(Store *store, Error *error);
/* Everything into the store. */
Status play_stage_flush(Store *store, Error *error);
/* After a rollback: what waits here belonged to it. */
void play_stage_clear(Store *store);

#endif
