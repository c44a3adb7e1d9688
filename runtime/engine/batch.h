/* batch.h: the rows of a stream, as columns with a selection.
 *
 * A stage that filters, orders or chooses makes a new Batch that shares the columns and has another selection: rows are
 * never copied. Columns are immutable once their batch was handed on. Everything lives in the arena of the run. */
#ifndef NARADA_ENGINE_BATCH_H
#define NARADA_ENGINE_BATCH_H

#include "plan/plan.h"

/* One value of a column, a parameter or an expression; which member counts is the type's business.
 *   bool, int, time: integer    float, percent: number    text, path, playlist: integer is a TextId
 *   duration: integer is a packed duration (duration_pack)    date: integer is a packed date (date_pack)
 *   list: integer is a ListId    range: integer is a RangeId */
typedef union Value {
  int64_t integer;
  double number;
} Value;

/* months in the high 16 bits, milliseconds in the low 48 (about +-4,459 years); both signed. Saturates. */
int64_t duration_pack(Duration duration);
Duration duration_unpack(int64_t packed);
/* days of its first day since 1970 * 4 + precision (0 day, 1 month, 2 year): orders by first day. */
int64_t date_pack(Date date);
Date date_unpack(int64_t packed);
/* Orders two packed durations; a month counts as 30.436875 days. <0, 0, >0 */
int duration_compare(int64_t a, int64_t b);
/* The length in milliseconds that duration_compare goes by; exact, never overflows. */
int64_t duration_total_ms(int64_t packed);

typedef struct Column {
  Type type;
  Value *values;          /* one for each row of the batch */
  const uint8_t *missing; /* one for each row, 1 = missing; NULL = none is */
} Column;

/* A track's identity within a run, see tracks.h: > 0 a track of the store, < 0 known to this run only, 0 none. */
typedef int64_t TrackHandle;

typedef struct Batch {
  const PlanSchema *schema; /* names and types of the columns, in the same order */
  Column *columns;
  size_t row_count;          /* rows in the columns */
  const TrackHandle *tracks; /* one for each row of tracks and plays; NULL otherwise */
  const uint32_t *selection; /* row indices in stream order; NULL = all rows in their order */
  size_t selected;           /* rows in the stream */
} Batch;

enum { BATCH_MAX_ROWS = 100000000 };

static inline size_t batch_row(const Batch *batch, size_t position) {
  return batch->selection ? batch->selection[position] : position;
}
static inline bool column_is_missing(const Column *column, size_t row) {
  return column->missing && column->missing[row];
}

/* A new batch of `rows` rows with columns of the schema's types, values zero, none missing; all selected. */
Batch *batch_new(Arena *arena, const PlanSchema *schema, size_t rows, bool with_tracks);
/* For filling a batch_new: the writable arrays. The missing array is made on first use. */
Value *batch_values(Batch *batch, size_t column);
uint8_t *batch_missing(Arena *arena, Batch *batch, size_t column);
TrackHandle *batch_tracks(Batch *batch);
/* The same columns with another selection, which is borrowed. */
Batch *batch_select(Arena *arena, const Batch *batch, const uint32_t *selection, size_t selected);
/* The index of the column (name, window), or SIZE_MAX. */
size_t batch_column(const Batch *batch, PlanString name, PlanWindow window);

/* Rows that arrive one at a time with no known end: for sources. */
typedef struct BatchWriter BatchWriter;
BatchWriter *batch_writer_new(Arena *arena, const PlanSchema *schema, bool with_tracks);
/* Begins a row; every column starts missing. Fails beyond BATCH_MAX_ROWS. */
Status batch_writer_row(BatchWriter *writer, TrackHandle track, Error *error);
void batch_writer_set(BatchWriter *writer, size_t column, Value value);
Batch *batch_writer_finish(BatchWriter *writer);

#endif
