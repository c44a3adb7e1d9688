#include "connectors/services/service_rows.h"

#include "base/vec.h"
#include "connectors/library/library.h"

struct ServiceRows {
  Run *run;
  const PlanSchema *schema;
  BatchWriter *writer;
  size_t columns[FIELD_COUNT]; /* of the schema; SIZE_MAX = not asked for */
  bool artist_given;
  TrackClues row; /* of the row at hand */
  VEC(TrackClues) clues;
};

ServiceRows *service_rows_new(const StageCall *call) {
  ServiceRows *rows = arena_alloc(call->run->arena, sizeof *rows);
  rows->run = call->run;
  rows->schema = call->schema;
  for (int i = 0; i < FIELD_COUNT; i++) rows->columns[i] = SIZE_MAX;
  for (uint32_t i = 0; i < call->schema->column_count; i++) {
    const PlanColumn *column = &call->schema->columns[i];
    FieldId field = library_field(call->run, column);
    if (field != FIELD_COUNT && column->window.kind == WINDOW_NONE) rows->columns[field] = i;
  }
  service_rows_again(rows);
  return rows;
}

void service_rows_again(ServiceRows *rows) {
  rows->writer = batch_writer_new(rows->run->arena, rows->schema, rows->schema->kind != ROWS_PLAYLIST);
  rows->clues.count = 0;
}

size_t service_rows_count(const ServiceRows *rows) {
  return rows->clues.count;
}

Status service_rows_begin(ServiceRows *rows, Error *error) {
  rows->row = (TrackClues){0};
  rows->artist_given = false;
  return batch_writer_row(rows->writer, 0, error);
}

void service_rows_end(ServiceRows *rows) {
  vec_push(rows->run->arena, &rows->clues, rows->row);
}

static void set(ServiceRows *rows, FieldId field, Value value) {
  if (rows->columns[field] != SIZE_MAX) batch_writer_set(rows->writer, rows->columns[field], value);
}

/* The text's id in the run; 0 for what is not to be kept. */
static TextId intern(ServiceRows *rows, Text text) {
  return text.length && text_invalid_at(text) == text.length ? text_intern(rows->run->texts, text) : 0;
}

static Text *clue_of(TrackClues *clues, FieldId field) {
  switch (field) {
    case FIELD_TITLE: return &clues->title;
    case FIELD_ARTIST: return &clues->artist;
    case FIELD_ALBUM: return &clues->album;
    case FIELD_ISRC: return &clues->isrc;
    case FIELD_SPOTIFY_ID: return &clues->spotify_id;
    case FIELD_MBID:
    case FIELD_MUSICBRAINZ_ID: return &clues->mbid;
    default: return NULL;
  }
}

void service_rows_text(ServiceRows *rows, FieldId field, Text text) {
  Text *clue = clue_of(&rows->row, field);
  if (!clue && rows->columns[field] == SIZE_MAX) return;
  TextId id = intern(rows, text);
  if (!id) return;
  if (clue) *clue = text_at(rows->run->texts, id);
  set(rows, field, (Value){.integer = id});
  if (field == FIELD_MBID) set(rows, FIELD_MUSICBRAINZ_ID, (Value){.integer = id});
  if (field == FIELD_MUSICBRAINZ_ID) set(rows, FIELD_MBID, (Value){.integer = id});
  if (field == FIELD_ARTIST) rows->artist_given = true;
}

void service_rows_texts(ServiceRows *rows, FieldId field, const Text *texts, size_t count) {
  Arena *arena = rows->run->arena;
  if (field == FIELD_ARTISTS && count && !rows->artist_given) service_rows_text(rows, FIELD_ARTIST, texts[0]);
  if (rows->columns[field] == SIZE_MAX) return;
  VEC(Value) items = {0};
  for (size_t i = 0; i < count; i++) {
    TextId id = intern(rows, texts[i]);
    if (id) vec_push(arena, &items, ((Value){.integer = id}));
  }
  if (items.count) set(rows, field, list_add(rows->run->lists, items.items, (uint32_t)items.count));
}

void service_rows_int(ServiceRows *rows, FieldId field, int64_t value) {
  set(rows, field, (Value){.integer = value});
}

void service_rows_bool(ServiceRows *rows, FieldId field, bool value) {
  set(rows, field, (Value){.integer = value});
}

void service_rows_time(ServiceRows *rows, FieldId field, Instant value) {
  if (value < INSTANT_MIN || value > INSTANT_MAX) return;
  set(rows, field, (Value){.integer = value});
  /* Only lists of likes have both: a track came into them when it was liked. */
  if (field == FIELD_ADDED) set(rows, FIELD_LIKED_AT, (Value){.integer = value});
}

void service_rows_ms(ServiceRows *rows, FieldId field, int64_t ms) {
  if (field == FIELD_DURATION) rows->row.duration_ms = ms;
  set(rows, field, (Value){.integer = duration_pack((Duration){.ms = ms})});
}

void service_rows_date(ServiceRows *rows, FieldId field, Text text) {
  Date date;
  if (rows->columns[field] == SIZE_MAX || date_parse(text, &date, NULL) != STATUS_OK || date.precision > DATE_DAY) return;
  set(rows, field, (Value){.integer = date_pack(date)});
}

Status service_rows_finish(ServiceRows *rows, const Batch **out, Error *error) {
  Batch *batch = batch_writer_finish(rows->writer);
  TrackHandle *tracks = batch->tracks ? batch_tracks(batch) : NULL;
  for (size_t i = 0; tracks && i < batch->row_count; i++) {
    Status status = track_identify(rows->run->tracks, &rows->clues.items[i], &tracks[i], error);
    if (status != STATUS_OK) return status;
  }
  *out = batch;
  return STATUS_OK;
}
