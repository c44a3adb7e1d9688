/* totals_int.h: between totals.c and totals_writing.c. */
#ifndef NARADA_STORE_TOTALS_INT_H
#define NARADA_STORE_TOTALS_INT_H

#include "store/plays/totals.h"
#include "store/row_feed.h"

/* What the table says of itself. */
typedef enum TotalsState { STATE_STALE, STATE_CURRENT, STATE_IMPORTING } TotalsState;

/* Plays that a track lost, and what took their place. */
typedef struct Loss {
  Instant first, last;           /* of the plays lost */
  bool needs_first, needs_last;  /* the first or last there was may be one of them: another is to be found */
  Instant seen_first, seen_last; /* of the plays there are now, where they were read */
} Loss;

/* Sums of what changed for one track. A first import has one for each track there is, but no losses. */
typedef struct Change {
  uint32_t track;
  uint32_t loss; /* 1 + its place in `losses`; 0 = nothing was lost */
  int32_t plays, skips;
  int64_t listened_ms;
  Instant first, last; /* of the plays gained; first > last = none */
} Change;

struct Totals {
  uint32_t *by_track; /* 1 + its place in `changes`; 0 = none */
  size_t track_size;
  VEC(Change) changes;
  VEC(Loss) losses;
  InstantRange range;       /* in which they lie */
  RowFeed feed;
  VEC(uint32_t) gains;      /* those of the changes that the feed gives */
  bool waiting; /* the table is STATE_IMPORTING by our doing, and all changes since are here */
  bool stale;   /* changes are missing */
  bool state_known;
  TotalsState state;      /* of the table */
  bool say_waiting; /* for totals_store() */
};

/* Makes the virtual table of what tracks gained. */
Status totals_feed_open(Store *store, Totals *totals, Error *error);
/* Adds all changes to the table. */
Status totals_write_changes(Store *store, Totals *totals, Error *error);
/* Runs a statement that takes all columns. */
Status totals_put(Store *store, StatementId id, const StoreTotals *totals, Error *error);

#endif
