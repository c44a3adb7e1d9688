/* Fuzzes the readers of other programs' exports: what a file is, its records, and what is made of each. */
#include <stdlib.h>

#include "connectors/import/import_judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY_LIMIT = 64 << 20 };

typedef struct Trial {
  Arena *arena;
  Text content;
  const ImportFormat *format;
} Trial;

/* What is kept has what the store asks for. */
static void check_item(const ImportFormat *format, const ImportItem *item) {
  bool has_id = item->spotify_id.length || item->isrc.length || item->mbid.length;
  if (item->reason.length) return;
  if (!item->title.length && !has_id) abort();
  if (format->kind == IMPORT_PLAYS && (item->time < INSTANT_MIN || item->time > INSTANT_MAX)) abort();
  if (text_invalid_at(item->title) != item->title.length || text_invalid_at(item->artist) != item->artist.length) abort();
}

static Status judge(void *context, const ImportRecord *record, Error *error) {
  (void)error;
  const Trial *trial = context;
  if (record->event == IMPORT_GROUP_END) return STATUS_OK;
  ImportItem item;
  import_judge(trial->arena, trial->format, record, NULL, &item);
  check_item(trial->format, &item);
  return STATUS_OK;
}

static Status try_format(void *context, Error *error) {
  Trial *trial = context;
  Input *input = input_of_text(trial->arena, trial->content, "file");
  Status status = import_decode(trial->arena, trial->format, input, &input, error);
  return status == STATUS_OK ? import_read(trial->arena, input, trial->format, judge, trial, error) : status;
}

static Status try_recognise(void *context, Error *error) {
  (void)error;
  Trial *trial = context;
  trial->format = import_recognise(trial->arena, trial->content);
  return STATUS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Trial trial = {.arena = arena_new(MEMORY_LIMIT), .content = {(const char *)data, size}};
  Error error = {0};
  if (!trial.arena) return 0;
  arena_protect(trial.arena, try_recognise, &trial, &error);
  for (int id = 0; id < IMPORT_FORMAT_COUNT; id++) {
    trial.format = import_format((ImportFormatId)id);
    arena_protect(trial.arena, try_format, &trial, &error);
  }
  arena_free(trial.arena);
  return 0;
}
