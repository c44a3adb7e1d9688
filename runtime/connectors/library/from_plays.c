#include "base/vec.h"
#include "connectors/library/where_sql.h"

/* The values a context gives, by field from FIELD_SERVICE to FIELD_INCOGNITO; interned once. */
enum { CONTEXT_FIELDS = FIELD_INCOGNITO - FIELD_SERVICE + 1 };
typedef struct ContextValues {
  bool loaded;
  Value values[CONTEXT_FIELDS];
  bool missing[CONTEXT_FIELDS];
} ContextValues;

typedef struct Reading {
  StageCall *call;
  Store *store;
  BatchWriter *writer;
  FieldId *fields; /* of the columns */
  bool wants_context;
  ContextValues **contexts; /* by id */
  size_t context_size;
  Value kinds[3];
  LibraryBits of_tracks, of_contexts; /* what the source's filter leaves of them */
  Status status;
  Error *error;
} Reading;

static void set_text(const Reading *reading, ContextValues *out, FieldId field, Text text) {
  out->missing[field - FIELD_SERVICE] = !text.length;
  out->values[field - FIELD_SERVICE].integer = text_intern(reading->call->run->texts, text);
}

static void set_flag(ContextValues *out, FieldId field, Tristate flag) {
  out->missing[field - FIELD_SERVICE] = flag == TRISTATE_MISSING;
  out->values[field - FIELD_SERVICE].integer = flag == TRISTATE_TRUE;
}

static Status load_context(Reading *reading, uint32_t id, const ContextValues **out, Error *error) {
  Arena *arena = reading->call->run->arena;
  if (id >= reading->context_size) {
    size_t old_size = reading->context_size, size = (size_t)id + 64 + old_size;
    reading->contexts =
        arena_grow(arena, reading->contexts, old_size * sizeof *reading->contexts, size * sizeof *reading->contexts);
    reading->context_size = size;
  }
  if (!reading->contexts[id]) {
    const PlayContext *context = NULL;
    Status status = store_play_context(reading->store, id, &context, error);
    if (status != STATUS_OK) return status;
    ContextValues *values = arena_alloc(arena, sizeof *values);
    for (size_t i = 0; i < CONTEXT_FIELDS; i++) values->missing[i] = true;
    set_text(reading, values, FIELD_SERVICE, context->service);
    set_text(reading, values, FIELD_SOURCE, context->source);
    set_text(reading, values, FIELD_PLATFORM, context->platform);
    set_text(reading, values, FIELD_COUNTRY, context->country);
    set_text(reading, values, FIELD_REASON_START, context->reason_start);
    set_text(reading, values, FIELD_REASON_END, context->reason_end);
    set_flag(values, FIELD_SHUFFLE, context->shuffle);
    set_flag(values, FIELD_SKIPPED, context->skipped);
    set_flag(values, FIELD_OFFLINE, context->offline);
    set_flag(values, FIELD_INCOGNITO, context->incognito);
    reading->contexts[id] = values;
  }
  *out = reading->contexts[id];
  return STATUS_OK;
}

static void set_column(const Reading *reading, size_t column, const StorePlay *play, const ContextValues *context) {
  FieldId field = reading->fields[column];
  Value value = {.integer = 0};
  switch (field) {
    case FIELD_PLAYED_AT:
      value.integer = play->played_at;
      break;
    case FIELD_MS_PLAYED:
      if (play->ms_played < 0) return;
      value.integer = duration_pack((Duration){.ms = play->ms_played});
      break;
    case FIELD_OFFLINE_AT:
      if (!play->has_offline_at) return;
      value.integer = play->offline_at;
      break;
    case FIELD_KIND:
      value = reading->kinds[play->kind];
      break;
    default:
      if (!context || field < FIELD_SERVICE || field > FIELD_INCOGNITO || context->missing[field - FIELD_SERVICE])
        return;
      value = context->values[field - FIELD_SERVICE];
  }
  batch_writer_set(reading->writer, column, value);
}

static bool visit_play(void *context, const StorePlay *play) {
  Reading *reading = context;
  const ContextValues *values = NULL;
  if (!library_has_bit(&reading->of_tracks, (uint64_t)play->track) || !library_has_bit(&reading->of_contexts, play->context)) return true;
  reading->status = batch_writer_row(reading->writer, play->track, reading->error);
  if (reading->status == STATUS_OK && reading->wants_context) {
    reading->status = load_context(reading, play->context, &values, reading->error);
  }
  if (reading->status != STATUS_OK) return false;
  for (uint32_t i = 0; i < reading->call->schema->column_count; i++) set_column(reading, i, play, values);
  return true;
}

Status stage_run_FROM_LIBRARY_PLAYS(StageCall *call, const Batch **out, Error *error) {
  Run *run = call->run;
  Reading reading = {.call = call, .writer = batch_writer_new(run->arena, call->schema, true), .error = error};
  Status status = run_store(run, &reading.store, error);
  if (status != STATUS_OK) return status;
  reading.fields = arena_array(run->arena, call->schema->column_count, sizeof *reading.fields);
  for (uint32_t i = 0; i < call->schema->column_count; i++) {
    FieldId field = library_field(run, &call->schema->columns[i]);
    reading.fields[i] = field;
    reading.wants_context |= field >= FIELD_SERVICE && field <= FIELD_INCOGNITO && field != FIELD_OFFLINE_AT;
  }
  for (int i = 0; i < 3; i++) reading.kinds[i].integer = text_intern(run->texts, text_of(play_kind_name((PlayKind)i)));
  WhereSql where = where_sql(call);
  if (reading.store) status = library_bits_of_tracks(call, reading.store, &where, &reading.of_tracks, error);
  if (reading.store && status == STATUS_OK) status = library_bits_of_contexts(call, reading.store, &where, &reading.of_contexts, error);
  if (reading.store && status == STATUS_OK)
    status = store_each_play_where(reading.store, call_window(call, "within"), 0, &where.tables[WHERE_PLAYS], visit_play, &reading, error);
  if (status == STATUS_OK) status = reading.status;
  if (status != STATUS_OK) return status;
  Batch *batch = batch_writer_finish(reading.writer);
  status = library_fill_source(call, reading.store, batch, error);
  if (status == STATUS_OK) *out = library_keep_where(call, batch);
  return status;
}
