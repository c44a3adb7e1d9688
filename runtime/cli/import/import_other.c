/* Files of the formats in connectors/import into the store: plays, likes, playlists. */
#include "cli/import/import_other.h"

#include <string.h>

#include "base/interrupt.h"
#include "base/map.h"
#include "connectors/import/import_judge.h"
#include "connectors/import/list_name.h"

/* Texts of this many records are kept before their memory is used again. */
enum { SCRATCH_RECORDS = 1024 };

typedef struct Reading {
  ImportSession *session;
  const ImportFile *file;
  Arena *scratch; /* of the records at hand */
  unsigned scratch_records;
  uint64_t row;
  VEC(int64_t) tracks; /* of the playlist at hand */
  VEC(Instant) added;  /* to it, INSTANT_MIN = not known */
  IntMap *completed;   /* tracks to what kinds of facts they had from this import */
  IntMap *playlists;   /* names, interned, to how many playlists of this import have had it */
  TextPool *names;
  bool stopped; /* what failed was the store and not the file */
} Reading;

static Status rewind_scratch(Reading *reading, Error *error) {
  if (reading->scratch && ++reading->scratch_records < SCRATCH_RECORDS) return STATUS_OK;
  arena_free(reading->scratch);
  reading->scratch = arena_new(0);
  reading->scratch_records = 0;
  return reading->scratch ? STATUS_OK : fail(error, STATUS_FAILED, "", "memory is out");
}

/* ---- tracks ---- */

/* `method`: the id that found it; empty = names did, or nothing. */
static Status look_up(Reading *reading, const ImportItem *item, int64_t *out, Text *method, Error *error) {
  Store *store = reading->session->store;
  *method = TEXT_LITERAL("spotify_id");
  Status status = store_find_by_spotify_id(store, item->spotify_id, out, error);
  if (status != STATUS_OK || *out) return status;
  *method = TEXT_LITERAL("mbid");
  status = store_find_by_mbid(store, item->mbid, out, error);
  if (status != STATUS_OK || *out) return status;
  *method = TEXT_LITERAL("isrc");
  status = store_find_by_isrc(store, item->isrc, out, error);
  if (status != STATUS_OK || *out) return status;
  *method = (Text){"", 0};
  return store_find_by_names(store, item->title, item->artist, out, error);
}

static StoreTrack facts_of(const ImportItem *item) {
  return (StoreTrack){.title = item->title,
                      .album = item->album,
                      .isrc = item->isrc,
                      .mbid = item->mbid,
                      .spotify_id = item->spotify_id,
                      .artists = item->artist_count ? item->artists : &item->artist,
                      .artist_count = item->artist_count ? item->artist_count : item->artist.length != 0,
                      .duration_ms = item->duration_ms,
                      .explicit_content = TRISTATE_MISSING};
}

/* A track of the library that is found; what it did not know it learns, from each kind of facts once. */
static Status find_track(Reading *reading, const ImportItem *item, int64_t *out, Text *method, Error *error) {
  Status status = look_up(reading, item, out, method, error);
  if (status != STATUS_OK || !*out) return status;
  uint32_t has = (item->album.length != 0) | (item->duration_ms > 0) << 1 | (item->isrc.length != 0) << 2 | (item->mbid.length != 0) << 3;
  uint32_t had = int_map_get(reading->completed, *out, 0);
  if (!(has & ~had)) return STATUS_OK;
  int_map_set(reading->completed, *out, has | had);
  StoreTrack facts = facts_of(item);
  return store_complete_track(reading->session->store, *out, &facts, error);
}

static Status find_or_add_track(Reading *reading, const ImportItem *item, int64_t *out, Text *method, Error *error) {
  Status status = find_track(reading, item, out, method, error);
  if (status != STATUS_OK || *out) return status;
  StoreTrack track = facts_of(item);
  status = store_add_track(reading->session->store, &track, out, error);
  if (status == STATUS_OK) reading->session->report.new_tracks++;
  return status;
}

/* ---- the three kinds ---- */

static HistoryRow row_of(const Reading *reading, const ImportRecord *record, HistoryEvent event, uint8_t kind) {
  return (HistoryRow){.event = event, .kind = kind, .file = reading->file->name, .line = record->line, .row = reading->row};
}

static Status take_play(Reading *reading, const ImportRecord *record, const ImportItem *item, Error *error) {
  const ImportFormat *format = reading->file->format;
  HistoryRow row = row_of(reading, record, HISTORY_PLAY, (uint8_t)item->kind);
  row.play = (PlayObservation){.kind = item->kind, .title = item->title, .artist = item->artist, .album = item->album, .played_at = item->time, .ms_played = item->ms_played};
  row.play.context = (PlayContext){.service = text_of(format->service),
                                   .source = text_of(format->source),
                                   .shuffle = TRISTATE_MISSING,
                                   .skipped = TRISTATE_MISSING,
                                   .offline = TRISTATE_MISSING,
                                   .incognito = TRISTATE_MISSING};
  Text service = record->fields[IMPORT_FIELD_SERVICE], source = record->fields[IMPORT_FIELD_SOURCE];
  if (service.length) row.play.context.service = service;
  if (source.length) row.play.context.source = source;
  /* What Spotify told is known again by its id. */
  if (text_is(service, "spotify") && item->spotify_id.length) row.play.connector_track_id = item->spotify_id;
  bool has_id = item->spotify_id.length || item->isrc.length || item->mbid.length;
  Status status = STATUS_OK;
  if (item->kind == PLAY_TRACK) status = has_id ? find_or_add_track(reading, item, &row.play.track, &row.play.track_method, error) : find_track(reading, item, &row.play.track, &row.play.track_method, error);
  return status == STATUS_OK ? import_session_take(reading->session, &row, error) : status;
}

static Status take_like(Reading *reading, const ImportItem *item, Error *error) {
  int64_t track = 0;
  bool added = false;
  Text method;
  Status status = find_or_add_track(reading, item, &track, &method, error);
  Instant liked_at = item->has_time ? item->time : LIKED_AT_UNKNOWN;
  if (status == STATUS_OK) status = store_like(reading->session->store, track, text_of(reading->file->format->service), liked_at, &added, error);
  if (status != STATUS_OK) return status;
  ImportCounts *counts = &reading->session->report.kinds[REPORT_LIKES];
  import_session_progress(reading->session);
  counts->rows++;
  counts->stored += added;
  counts->duplicates += !added;
  return STATUS_OK;
}

/* The name of the file, without folders and what stands behind its last dot. */
static Text stem(Text path) {
  size_t start = path.length, end = path.length;
  while (start > 0 && path.bytes[start - 1] != '/') start--;
  for (size_t i = start + 1; i < path.length; i++)
    if (path.bytes[i] == '.') end = i;
  return (Text){path.bytes + start, end - start};
}

static bool is_one_playlist(const ImportFile *file) {
  return text_is(text_of(file->format->source), "file");
}

static Text name_after_file(const Reading *reading) {
  Text name = stem(reading->file->name);
  return is_one_playlist(reading->file) && name.length && text_invalid_at(name) == name.length ? name : TEXT_LITERAL("(no name)");
}

/* Two playlists may have one name; the library tells them apart by it. */
static Text own_name(Reading *reading, Text group) {
  Text name = list_name(reading->session->arena, group);
  if (!name.length) name = text_copy(reading->session->arena, name_after_file(reading));
  TextId id = text_intern(reading->names, name);
  uint32_t before = int_map_get(reading->playlists, id, 0);
  int_map_set(reading->playlists, id, before + 1);
  return before ? text_of(arena_format(reading->session->arena, TEXT_FORMAT " (%u)", TEXT_ARG(name), before + 1)) : name;
}

static Status end_playlist(Reading *reading, Text group, Error *error) {
  Store *store = reading->session->store;
  PlaylistChange change;
  Text name = own_name(reading, group);
  Status status = store_plan_playlist(store, name, PLAYLIST_UPDATE, reading->tracks.items, reading->tracks.count, &change, error);
  /* What the library's playlist has beyond the file's stays: an import adds, it does not take away. */
  PlaylistMode mode = status == STATUS_OK && change.removed ? PLAYLIST_APPEND : PLAYLIST_UPDATE;
  if (status == STATUS_OK) status = store_write_playlist(store, name, mode, reading->tracks.items, reading->tracks.count, &change, error);
  if (status == STATUS_OK) status = store_date_entries(store, name, reading->tracks.items, reading->added.items, reading->tracks.count, error);
  if (status != STATUS_OK) return status;
  ImportCounts *counts = &reading->session->report.kinds[REPORT_ENTRIES];
  counts->rows += reading->tracks.count;
  counts->stored += change.added;
  counts->duplicates += reading->tracks.count - change.added;
  reading->session->report.playlists++;
  reading->session->report.new_playlists += change.created;
  reading->tracks.count = reading->added.count = 0;
  return STATUS_OK;
}

static Status take_entry(Reading *reading, const ImportItem *item, Error *error) {
  int64_t track = 0;
  Text method;
  Status status = find_or_add_track(reading, item, &track, &method, error);
  if (status != STATUS_OK) return status;
  import_session_progress(reading->session);
  vec_push(reading->session->arena, &reading->tracks, track);
  vec_push(reading->session->arena, &reading->added, item->has_time ? item->time : INSTANT_MIN);
  return STATUS_OK;
}

static uint8_t kind_of_rejected(const ImportFormat *format, const ImportItem *item) {
  if (format->kind == IMPORT_LIKES) return REPORT_LIKES;
  if (format->kind == IMPORT_ENTRIES) return REPORT_ENTRIES;
  return item->title.length ? (uint8_t)item->kind : HISTORY_KIND_UNKNOWN;
}

static Status take(Reading *reading, const ImportRecord *record, Error *error) {
  if (record->event == IMPORT_GROUP_END) return end_playlist(reading, record->group, error);
  const ImportFormat *format = reading->file->format;
  Status status = rewind_scratch(reading, error);
  if (status != STATUS_OK) return status;
  reading->row++;
  ImportItem item;
  import_judge(reading->scratch, format, record, reading->session->zone_name ? &reading->session->zone : NULL, &item);
  if (item.reason.length) {
    HistoryRow row = row_of(reading, record, HISTORY_REJECTED, kind_of_rejected(format, &item));
    row.reason = item.reason;
    return import_session_take(reading->session, &row, error);
  }
  if (format->kind == IMPORT_PLAYS) return take_play(reading, record, &item, error);
  return format->kind == IMPORT_LIKES ? take_like(reading, &item, error) : take_entry(reading, &item, error);
}

static Status take_record(void *context, const ImportRecord *record, Error *error) {
  Reading *reading = context;
  Status status = interrupt_check(error);
  if (status == STATUS_OK) status = take(reading, record, error);
  reading->stopped = status != STATUS_OK;
  return status;
}

/* ---- files ---- */

typedef struct Opened {
  Reading *reading;
  Arena *arena;
} Opened;

/* What is read is counted for the progress, of a zip when its entry is at its end. */
typedef struct Metered {
  Input input, *inner;
  ImportProgress *progress;
} Metered;

static Status read_metered(Input *input, void *buffer, size_t size, size_t *got, Error *error) {
  Metered *metered = input->context;
  Status status = metered->inner->read(metered->inner, buffer, size, got, error);
  if (status == STATUS_OK) metered->progress->part += *got;
  return status;
}

static Status read_body(void *context, Error *error) {
  Opened *opened = context;
  Input *input;
  Metered *metered = arena_alloc(opened->arena, sizeof *metered);
  Status status = import_file_open(opened->arena, opened->reading->file, &input, error);
  if (status != STATUS_OK) return status;
  *metered = (Metered){{read_metered, metered, input->name}, input, &opened->reading->session->progress};
  return import_read(opened->arena, &metered->input, opened->reading->file->format, take_record, opened->reading, error);
}

/* What is wrong with the store ends the import, what is wrong with the file only the file. */
static Status read_file(Reading *reading, const ImportFile *file, Error *error) {
  ImportSession *session = reading->session;
  reading->file = file;
  reading->row = 0;
  if (session->zone_name) { /* a reader of lists may have used another */
    Status used = zone_use(session->zone_name, &session->zone, error);
    if (used != STATUS_OK) return used;
  }
  HistoryRow row = {.event = HISTORY_FILE, .kind = HISTORY_KIND_UNKNOWN, .file = file->name};
  Status status = import_session_take(session, &row, error);
  if (status != STATUS_OK) return status;
  Opened opened = {.reading = reading, .arena = arena_new(0)};
  if (!opened.arena) return fail(error, STATUS_FAILED, "", "memory is out");
  Error problem = {0};
  status = arena_protect(opened.arena, read_body, &opened, &problem);
  arena_free(opened.arena);
  if (reading->stopped) {
    *error = problem;
    return status;
  }
  /* Entries of a playlist whose end did not come. */
  Text name = is_one_playlist(file) ? (Text){"", 0} : TEXT_LITERAL("(cut off)");
  if (reading->tracks.count && (status = end_playlist(reading, name, error)) != STATUS_OK) return status;
  session->progress.done += file->bytes;
  session->progress.part = 0;
  row.event = HISTORY_FILE_END;
  row.row = reading->row;
  row.reason = text_of(problem.message);
  return import_session_take(session, &row, error);
}

Status import_other(ImportSession *session, const ImportFiles *files, ImportFormatId format, Error *error) {
  Reading reading = {.session = session, .completed = int_map_new(session->arena, 16), .playlists = int_map_new(session->arena, 16), .names = text_pool_new(session->arena)};
  VEC(const char *) paths = {0};
  for (size_t i = 0; i < files->count; i++)
    if (files->items[i].format && files->items[i].format->id == format) vec_push(session->arena, &paths, files->items[i].name.bytes);
  if (!paths.count) return STATUS_OK;
  ImportCounts before = import_total(&session->report);
  Status status = import_source_begin(session, text_of(import_format(format)->source), paths.items, paths.count, error);
  for (size_t i = 0; i < files->count && status == STATUS_OK; i++)
    if (files->items[i].format && files->items[i].format->id == format) status = read_file(&reading, &files->items[i], error);
  arena_free(reading.scratch);
  ImportCounts after = import_total(&session->report);
  ImportCounts counts = {after.rows - before.rows, after.stored - before.stored, after.duplicates - before.duplicates, after.rejected - before.rejected};
  return status == STATUS_OK ? import_source_end(session, counts, error) : status;
}
