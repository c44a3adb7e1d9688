/* library.h: what the sources, destinations and the enricher of the library share. */
#ifndef NARADA_CONNECTORS_LIBRARY_LIBRARY_H
#define NARADA_CONNECTORS_LIBRARY_LIBRARY_H

#include "engine/stage.h"
#include "store/store.h"

/* The catalogue's field of a column; FIELD_COUNT for one that `add` or `tally` made. */
FieldId library_field(const Run *run, const PlanColumn *column);
/* The index of the batch's first column of this field, or SIZE_MAX. */
size_t library_column(const Run *run, const Batch *batch, FieldId field);
/* The text of a row in a column found by library_column; empty when there is no column or no value. */
Text library_text(const Run *run, const Batch *batch, size_t column, size_t row);

/* Fills the columns `fill` (indices into batch, `count` of them) in the selected rows: facts of the track where the
 * value is missing, figures of the history everywhere. The batch must not have been handed on. A NULL store knows
 * nothing. */
Status library_fill(Run *run, Store *store, Batch *batch, const size_t *fill, size_t count, Error *error);
/* The same for every column that a source does not set itself. */
Status library_fill_source(StageCall *call, Store *store, Batch *batch, Error *error);

/* A column of the figures of one window (plays, skips, listened, first_played, last_played), or of the user's marks, which
 * have no window (liked, liked_at, rating, tags). */
typedef struct MetricColumn {
  FieldId field;
  InstantRange window;
  Value *values; /* to be filled */
  uint8_t *missing;
  bool optional; /* false: 0 or false instead of missing */
} MetricColumn;
/* Fills them all with one pass over the part of the history that their windows cover. */
Status library_metrics(Run *run, Store *store, const Batch *batch, MetricColumn *columns, size_t count, Error *error);
/* Whether the field is a mark; fills columns of marks. */
bool library_is_mark(FieldId field);
Status library_marks(Run *run, Store *store, const Batch *batch, const MetricColumn *columns, size_t count, Error *error);

/* ---- filters that a source was given ---- */

/* The source's hidden condition on its rows, or NULL. */
const PlanArg *library_where(const StageCall *call);
/* Keeps the rows for which it is true, and reports those it dropped because a value was missing. */
const Batch *library_keep_where(StageCall *call, const Batch *batch);

typedef struct LibraryBits {
  uint64_t *bits; /* by id; NULL = all */
  size_t highest;
} LibraryBits;
static inline bool library_has_bit(const LibraryBits *set, uint64_t id) {
  return !set->bits || (id <= set->highest && (set->bits[id / 64] >> id % 64 & 1));
}

/* ---- destinations ---- */

/* From rows to tracks of the store. */
typedef struct RowTracks RowTracks;
/* `add`: tracks that the store does not have are added (inside the caller's transaction); without it they keep their
 * handle of this run (< 0). */
RowTracks *row_tracks_new(Run *run, Store *store, const Batch *batch, bool add);
/* The id of a row's track, 0 when nothing is known of it. */
Status row_track(RowTracks *tracks, size_t row, int64_t *out, Error *error);

#endif
