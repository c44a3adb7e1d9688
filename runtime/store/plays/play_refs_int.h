/* play_refs_int.h: between play_refs.c, play_tracks.c and play_contexts.c. */
#ifndef NARADA_STORE_PLAY_REFS_INT_H
#define NARADA_STORE_PLAY_REFS_INT_H

#include "store/plays/play_ids.h"
#include "store/plays/play_refs.h"
#include "store/row_stage.h"
#include "store/worker.h"

/* Things of one kind: those that are known, and those that wait. Looking each up in the store costs more than storing
 * it, so after some look-ups all are read at once; an empty store is known from the start. */
typedef struct RefTable {
  RowStage *stage;
  PlayIds *ids;
  int64_t next;     /* id of the next new one; 0 = not known */
  bool knows_all;   /* what `ids` does not have is new */
  bool asked;       /* whether there was anything before the first */
  unsigned looked_up;
} RefTable;
enum { LOOK_UPS = 64 };

struct PlayRefs {
  RefTable tracks, contexts;
  TextBuilder key;   /* id of the track at hand, if it is its names */
  TextBuilder names; /* its artist as JSON */
};

/* Remembers an id. Ids that take more than 31 bits are looked up each time. */
void ref_remember(RefTable *table, IdKey key, int64_t id);
/* Before one is looked for in the store, or waits: those that wait can be found, unless all are remembered, and there is room for one more. */
Status play_refs_make_room(Store *store, RefTable *table, StoreJob *job, Error *error);

/* ---- play_tracks.c, play_contexts.c: open their table, and, as jobs, store what was handed over ---- */
Status play_tracks_open(Store *store, Error *error);
Status play_tracks_store(Store *store, Error *error);
Status play_contexts_open(Store *store, Error *error);
Status play_contexts_store(Store *store, Error *error);

#endif
