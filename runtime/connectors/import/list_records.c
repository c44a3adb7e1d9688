/* M3U and XSPF playlists, by the readers that programs use for them (connectors/file). */
#include <inttypes.h>

#include "connectors/file/cell.h"
#include "connectors/file/formats.h"
#include "connectors/file/listed_rows.h"
#include "connectors/import/import_front.h"
#include "connectors/import/import_record.h"
#include "connectors/import/list_name.h"
#include "engine/tracks.h"

static const FieldId fields[] = {FIELD_TITLE, FIELD_ARTIST, FIELD_ALBUM, FIELD_DURATION, FIELD_ISRC, FIELD_MBID, FIELD_SPOTIFY_ID};
enum { COLUMNS = sizeof fields / sizeof *fields };

/* What a program that reads the file would ask for. */
typedef struct ListPlan {
  Plan plan;
  Text strings[COLUMNS];
  PlanColumn columns[COLUMNS];
  PlanSchema schema;
} ListPlan;

static Status make_run(Arena *arena, const PlanSchema **schema, Run **run, Error *error) {
  ListPlan *list = arena_alloc(arena, sizeof *list);
  list->plan.strings = list->strings;
  for (uint32_t i = 0; i < COLUMNS; i++) {
    const FieldDef *def = field_def(fields[i]);
    list->strings[i] = text_of(def->name);
    list->columns[i] = (PlanColumn){.name = i, .field = PLAN_NONE, .type = (Type)(def->type | TYPE_OPTIONAL)};
  }
  list->plan.string_count = COLUMNS;
  list->schema = (PlanSchema){.kind = ROWS_TRACK, .columns = list->columns, .column_count = COLUMNS};
  RunOptions options = {.out = stdout};
  Status status = zone_use("UTC", &options.zone, error);
  if (status == STATUS_OK) status = run_new(arena, &list->plan, &options, NULL, 0, run, error);
  if (status != STATUS_OK) return status;
  (*run)->store_absent = true; /* tracks are found by whoever takes the records */
  if (!(*run)->tracks) (*run)->tracks = track_registry_new(*run);
  *schema = &list->schema;
  return STATUS_OK;
}

static Status visit_track(const ListedTrack *track, uint64_t line, TextBuilder *artist, ImportVisit *visit, void *context, Error *error) {
  ImportRecord record = {.event = IMPORT_RECORD, .line = line};
  char duration[24];
  artist->length = 0;
  listed_append_artist(artist, text_append, track);
  record.fields[IMPORT_FIELD_TITLE] = track->title;
  record.fields[IMPORT_FIELD_ARTIST] = artist->length ? text_built(artist) : (Text){"", 0};
  record.fields[IMPORT_FIELD_ALBUM] = track->album;
  record.fields[IMPORT_FIELD_ISRC] = track->isrc;
  record.fields[IMPORT_FIELD_MBID] = track->mbid;
  record.fields[IMPORT_FIELD_SPOTIFY_ID] = track->spotify_id;
  if (track->duration_ms > 0) record.fields[IMPORT_FIELD_DURATION_MS] = (Text){duration, (size_t)snprintf(duration, sizeof duration, "%" PRId64, track->duration_ms)};
  return visit(context, &record, error);
}

Status import_read_list(Arena *arena, Input *input, const ImportFormat *format, ImportVisit *visit, void *context, Error *error) {
  const PlanSchema *schema;
  Run *run;
  Text front;
  TextBuilder artist = {.arena = arena};
  Status status = make_run(arena, &schema, &run, error);
  if (status == STATUS_OK) status = input_with_front(arena, input, IMPORT_HEAD_BYTES, &front, &input, error);
  if (status != STATUS_OK) return status;
  FileRows *rows = file_rows_new(run, 0, schema, input->name);
  file_rows_keep_lines(rows);
  Text title = {"", 0};
  Status read = format->text == IMPORT_M3U ? m3u_read_rows(run, input, rows, error) : xspf_read_list(run, input, rows, &title, error);
  const Batch *batch = file_rows_finish(rows); /* with what came before the fault, if there was one */
  ListedRows *listed = listed_rows_new(run, batch);
  for (size_t at = 0; at < batch->selected && status == STATUS_OK; at++) {
    Error own = {0};
    status = visit_track(listed_rows_at(listed, at), file_rows_line(rows, batch_row(batch, at)), &artist, visit, context, &own);
    if (status != STATUS_OK && error) *error = own;
  }
  if (status != STATUS_OK || read != STATUS_OK) return status != STATUS_OK ? status : read;
  ImportRecord end = {.event = IMPORT_GROUP_END, .group = format->text == IMPORT_M3U ? list_name_m3u(arena, front) : list_name(arena, title)};
  return visit(context, &end, error);
}
