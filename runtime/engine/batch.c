#include "engine/batch.h"

Batch *batch_new(Arena *arena, const PlanSchema *schema, size_t rows, bool with_tracks) {
  Batch *batch = arena_alloc(arena, sizeof *batch);
  batch->schema = schema;
  batch->columns = arena_array(arena, schema->column_count, sizeof *batch->columns);
  for (uint32_t i = 0; i < schema->column_count; i++) {
    batch->columns[i].type = schema->columns[i].type;
    batch->columns[i].values = arena_array(arena, rows, sizeof(Value));
  }
  batch->row_count = rows;
  batch->selected = rows;
  if (with_tracks) batch->tracks = arena_array(arena, rows, sizeof(TrackHandle));
  return batch;
}

Value *batch_values(Batch *batch, size_t column) {
  return batch->columns[column].values;
}

/* Columns and handles are const for readers; until the batch is handed on its maker writes through these two. */
uint8_t *batch_missing(Arena *arena, Batch *batch, size_t column) {
  Column *out = &batch->columns[column];
  if (!out->missing) out->missing = arena_array(arena, batch->row_count, 1);
  return (uint8_t *)out->missing;
}

TrackHandle *batch_tracks(Batch *batch) {
  return (TrackHandle *)batch->tracks;
}

Batch *batch_select(Arena *arena, const Batch *batch, const uint32_t *selection, size_t selected) {
  Batch *out = arena_alloc(arena, sizeof *out);
  *out = *batch;
  out->selection = selection;
  out->selected = selected;
  return out;
}

size_t batch_column(const Batch *batch, PlanString name, PlanWindow window) {
  for (uint32_t i = 0; i < batch->schema->column_count; i++) {
    const PlanColumn *column = &batch->schema->columns[i];
    if (column->name != name || column->window.kind != window.kind) continue;
    if (window.kind == WINDOW_NONE || column->window.index == window.index) return i;
  }
  return SIZE_MAX;
}
