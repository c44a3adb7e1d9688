#include <string.h>

#include "engine/batch.h"

enum { FIRST_ROWS = 32 };

struct BatchWriter {
  Arena *arena;
  const PlanSchema *schema;
  Value **values; /* one array for each column, `capacity` long */
  uint8_t **missing;
  TrackHandle *tracks; /* NULL without */
  bool with_tracks;
  size_t rows, capacity;
};

BatchWriter *batch_writer_new(Arena *arena, const PlanSchema *schema, bool with_tracks) {
  BatchWriter *writer = arena_alloc(arena, sizeof *writer);
  writer->arena = arena;
  writer->schema = schema;
  writer->with_tracks = with_tracks;
  writer->values = arena_array(arena, schema->column_count, sizeof *writer->values);
  writer->missing = arena_array(arena, schema->column_count, sizeof *writer->missing);
  return writer;
}

static void *grow(const BatchWriter *writer, void *block, size_t capacity, size_t size) {
  return arena_grow(writer->arena, block, writer->capacity * size, capacity * size);
}

static void make_room(BatchWriter *writer) {
  size_t capacity = writer->capacity ? writer->capacity * 2 : FIRST_ROWS;
  for (uint32_t i = 0; i < writer->schema->column_count; i++) {
    writer->values[i] = grow(writer, writer->values[i], capacity, sizeof(Value));
    writer->missing[i] = grow(writer, writer->missing[i], capacity, 1);
  }
  if (writer->with_tracks) writer->tracks = grow(writer, writer->tracks, capacity, sizeof(TrackHandle));
  writer->capacity = capacity;
}

Status batch_writer_row(BatchWriter *writer, TrackHandle track, Error *error) {
  if (writer->rows >= BATCH_MAX_ROWS) {
    return fail(error, STATUS_FAILED, "", "more than %d rows; a stream holds at most that many", BATCH_MAX_ROWS);
  }
  if (writer->rows == writer->capacity) make_room(writer);
  size_t row = writer->rows++;
  for (uint32_t i = 0; i < writer->schema->column_count; i++) writer->missing[i][row] = 1;
  if (writer->with_tracks) writer->tracks[row] = track;
  return STATUS_OK;
}

void batch_writer_set(BatchWriter *writer, size_t column, Value value) {
  writer->values[column][writer->rows - 1] = value;
  writer->missing[column][writer->rows - 1] = 0;
}

Batch *batch_writer_finish(BatchWriter *writer) {
  if (writer->capacity == 0) make_room(writer);
  Batch *batch = arena_alloc(writer->arena, sizeof *batch);
  batch->schema = writer->schema;
  batch->row_count = batch->selected = writer->rows;
  batch->tracks = writer->tracks;
  batch->columns = arena_array(writer->arena, writer->schema->column_count, sizeof *batch->columns);
  for (uint32_t i = 0; i < writer->schema->column_count; i++) {
    bool some = memchr(writer->missing[i], 1, writer->rows) != NULL;
    batch->columns[i] = (Column){writer->schema->columns[i].type, writer->values[i], some ? writer->missing[i] : NULL};
    if (!some) arena_release(writer->arena, writer->missing[i], writer->capacity);
  }
  return batch;
}
