#include "engine/stage.h"

static size_t count_rows(const StageCall *call) {
  size_t rows = 0;
  for (uint32_t i = 0; i < call->input_count; i++) rows += call->inputs[i]->selected;
  return rows;
}

Status gather_check(const StageCall *call, Error *error) {
  size_t rows = count_rows(call);
  if (rows <= BATCH_MAX_ROWS) return STATUS_OK;
  return fail(error, STATUS_FAILED, "", "the streams have %zu rows together; a stream holds at most %d", rows,
              BATCH_MAX_ROWS);
}

/* Where each output row comes from: the input and the row of its columns. */
static RowRef *resolve_rows(const StageCall *call, const RowRef *order, size_t count) {
  RowRef *rows = arena_array(call->run->arena, count, sizeof *rows);
  if (order) {
    for (size_t i = 0; i < count; i++) {
      rows[i] = (RowRef){order[i].input, (uint32_t)batch_row(call->inputs[order[i].input], order[i].position)};
    }
    return rows;
  }
  size_t next = 0;
  for (uint32_t i = 0; i < call->input_count; i++) {
    const Batch *input = call->inputs[i];
    for (size_t position = 0; position < input->selected; position++)
      rows[next++] = (RowRef){i, (uint32_t)batch_row(input, position)};
  }
  return rows;
}

static void gather_column(StageCall *call, Batch *out, uint32_t column, const RowRef *rows) {
  Arena *arena = call->run->arena;
  const Column **sources = arena_array(arena, call->input_count, sizeof *sources);
  bool may_miss = false;
  for (uint32_t i = 0; i < call->input_count; i++) {
    size_t found =
        batch_column(call->inputs[i], out->schema->columns[column].name, out->schema->columns[column].window);
    sources[i] = found == SIZE_MAX ? NULL : &call->inputs[i]->columns[found];
    may_miss = may_miss || !sources[i] || sources[i]->missing;
  }
  Value *values = batch_values(out, column);
  uint8_t *missing = may_miss ? batch_missing(arena, out, column) : NULL;
  for (size_t i = 0; i < out->row_count; i++) {
    const Column *source = sources[rows[i].input];
    if (!source || column_is_missing(source, rows[i].position)) {
      missing[i] = 1;
    } else {
      values[i] = source->values[rows[i].position];
    }
  }
}

const Batch *batch_gather(StageCall *call, const RowRef *order, size_t count) {
  Arena *arena = call->run->arena;
  if (!order) count = count_rows(call);
  bool with_tracks = call->schema->kind == ROWS_TRACK || call->schema->kind == ROWS_PLAY;
  for (uint32_t i = 0; i < call->input_count; i++) with_tracks = with_tracks || call->inputs[i]->tracks;
  Batch *out = batch_new(arena, call->schema, count, with_tracks);
  RowRef *rows = resolve_rows(call, order, count);
  for (uint32_t i = 0; i < call->schema->column_count; i++) gather_column(call, out, i, rows);
  if (with_tracks) {
    TrackHandle *tracks = batch_tracks(out);
    for (size_t i = 0; i < count; i++) {
      const TrackHandle *source = call->inputs[rows[i].input]->tracks;
      tracks[i] = source ? source[rows[i].position] : 0;
    }
  }
  arena_release(arena, rows, count * sizeof *rows);
  return out;
}
