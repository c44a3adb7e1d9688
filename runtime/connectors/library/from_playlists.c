#include "connectors/library/library.h"

typedef struct Reading {
  StageCall *call;
  BatchWriter *writer;
  Status status;
  Error *error;
} Reading;

static void set_column(const Reading *reading, uint32_t column, const StorePlaylist *playlist) {
  Run *run = reading->call->run;
  Text text = {"", 0};
  switch (library_field(run, &reading->call->schema->columns[column])) {
    case FIELD_LIST_NAME:
      batch_writer_set(reading->writer, column, (Value){.integer = text_intern(run->texts, playlist->name)});
      return;
    case FIELD_LIST_SIZE:
      batch_writer_set(reading->writer, column, (Value){.integer = playlist->size});
      return;
    case FIELD_LIST_UPDATED:
      batch_writer_set(reading->writer, column, (Value){.integer = playlist->updated_at});
      return;
    case FIELD_LIST_DESCRIPTION:
      text = playlist->description;
      break;
    case FIELD_LIST_ID:
      text = text_of(arena_format(run->arena, "%lld", (long long)playlist->id));
      break;
    case FIELD_SERVICE:
      text = TEXT_LITERAL("library");
      break;
    default:
      break;
  }
  if (text.length) batch_writer_set(reading->writer, column, (Value){.integer = text_intern(run->texts, text)});
}

static bool visit(void *context, const StorePlaylist *playlist) {
  Reading *reading = context;
  reading->status = batch_writer_row(reading->writer, 0, reading->error);
  for (uint32_t i = 0; reading->status == STATUS_OK && i < reading->call->schema->column_count; i++)
    set_column(reading, i, playlist);
  return reading->status == STATUS_OK;
}

Status stage_run_FROM_LIBRARY_PLAYLISTS(StageCall *call, const Batch **out, Error *error) {
  Reading reading = {
      .call = call, .writer = batch_writer_new(call->run->arena, call->schema, false), .error = error};
  Store *store = NULL;
  Status status = run_store(call->run, &store, error);
  if (status == STATUS_OK && store) status = store_each_playlist(store, visit, &reading, error);
  if (status == STATUS_OK) status = reading.status;
  if (status == STATUS_OK) *out = batch_writer_finish(reading.writer);
  return status;
}
