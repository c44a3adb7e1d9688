#include <inttypes.h>

#include "base/json.h"
#include "base/vec.h"
#include "cli/export/export_files.h"
#include "connectors/file/cell.h"
#include "connectors/file/csv.h"
#include "connectors/file/track_links.h"

/* What both files say of a track, put into words once. */
typedef struct Words {
  bool made;
  bool named; /* it has a title and an artist, without which ListenBrainz takes no listen */
  Text csv[2];    /* before and behind the columns of the play */
  Text json;      /* inside of track_metadata, without what the play says */
} Words;

typedef struct Writing {
  Export *export;
  Words *words; /* by track */
  size_t highest;
  ExportFile csv, listens;
  int year, month; /* of `listens`; 0 = none is open */
  TextBuilder line, field, list;
  Status status;
  Error *error;
} Writing;

/* ---- CSV ---- */

static const char header[] =
    "played_at,title,artist,artists,album,ms_played,counted,service,source,platform,country,reason_start,reason_end,shuffle,skipped,offline,incognito,isrc,mbid,spotify.id\n";

static void append_csv_text(Writing *writing, Text text) {
  text_append_char(&writing->line, ',');
  if (!text.length) return;
  writing->field.length = 0;
  if (csv_needs_apostrophe(text)) text_append_char(&writing->field, '\'');
  text_append(&writing->field, text);
  csv_append_field(&writing->line, text_built(&writing->field));
}

static void append_csv_truth(Writing *writing, Tristate truth) {
  text_append(&writing->line, truth == TRISTATE_TRUE ? TEXT_LITERAL(",true") : truth == TRISTATE_FALSE ? TEXT_LITERAL(",false") : TEXT_LITERAL(","));
}

static void make_csv_words(Writing *writing, const StoreTrack *track, Words *out) {
  Arena *arena = writing->export->arena;
  writing->line.length = 0;
  append_csv_text(writing, track->title);
  append_csv_text(writing, track->artist_count ? track->artists[0] : (Text){"", 0});
  writing->list.length = 0;
  for (uint32_t i = 0; i < track->artist_count; i++) {
    if (i) text_append(&writing->list, TEXT_LITERAL("; "));
    csv_append_item(&writing->list, track->artists[i]);
  }
  append_csv_text(writing, text_built(&writing->list));
  append_csv_text(writing, track->album);
  out->csv[0] = text_copy(arena, text_built(&writing->line));
  writing->line.length = 0;
  append_csv_text(writing, track->isrc);
  append_csv_text(writing, track->mbid);
  append_csv_text(writing, track->spotify_id);
  out->csv[1] = text_copy(arena, text_built(&writing->line));
}

static Status write_csv(Writing *writing, const StorePlay *play, const PlayContext *how, const Words *words) {
  static const char *const counted[] = {[COUNTED_PLAY] = "play", [COUNTED_SKIP] = "skip", [COUNTED_NOT] = ""};
  TextBuilder *line = &writing->line;
  line->length = 0;
  cell_append_instant(line, play->played_at);
  text_append(line, words->csv[0]);
  text_append_char(line, ',');
  if (play->ms_played >= 0) text_append_format(line, "%" PRId64, play->ms_played);
  text_append_format(line, ",%s", counted[play->counted]);
  append_csv_text(writing, how->service);
  append_csv_text(writing, how->source);
  append_csv_text(writing, how->platform);
  append_csv_text(writing, how->country);
  append_csv_text(writing, how->reason_start);
  append_csv_text(writing, how->reason_end);
  append_csv_truth(writing, how->shuffle);
  append_csv_truth(writing, how->skipped);
  append_csv_truth(writing, how->offline);
  append_csv_truth(writing, how->incognito);
  text_append(line, words->csv[1]);
  text_append_char(line, '\n');
  writing->csv.rows++;
  return export_file_write(&writing->csv, text_built(line), writing->error);
}

/* ---- ListenBrainz ---- */

static void append_member(TextBuilder *json, const char *key, Text text) {
  if (!text.length) return;
  if (json->length && json->bytes[json->length - 1] != '{') text_append_char(json, ',');
  text_append_format(json, "\"%s\":", key);
  json_append_string(json, text);
}

static void make_json_words(Writing *writing, const StoreTrack *track, Words *out) {
  TextBuilder *json = &writing->line;
  json->length = 0;
  writing->list.length = 0;
  for (uint32_t i = 0; i < track->artist_count; i++) {
    if (i) text_append(&writing->list, TEXT_LITERAL(", "));
    text_append(&writing->list, track->artists[i]);
  }
  out->named = track->title.length && track->artist_count && track->artists[0].length;
  append_member(json, "artist_name", track->artist_count == 1 ? track->artists[0] : text_built(&writing->list));
  append_member(json, "track_name", track->title);
  append_member(json, "release_name", track->album);
  text_append(json, json->length ? TEXT_LITERAL(",\"additional_info\":{") : TEXT_LITERAL("\"additional_info\":{"));
  append_member(json, "submission_client", TEXT_LITERAL("Narada"));
  append_member(json, "submission_client_version", TEXT_LITERAL(NARADA_VERSION));
  append_member(json, "recording_mbid", track->mbid);
  append_member(json, "isrc", track->isrc);
  if (track->spotify_id.length) append_member(json, "spotify_id", text_of(arena_format(writing->export->arena, "https://open.spotify.com/track/" TEXT_FORMAT, TEXT_ARG(track->spotify_id))));
  if (track->duration_ms > 0) text_append_format(json, ",\"duration_ms\":%" PRId64, track->duration_ms);
  out->json = text_copy(writing->export->arena, text_built(json));
}

static Status end_listens(Writing *writing) {
  if (!writing->year) return STATUS_OK;
  writing->year = 0;
  return export_file_end(writing->export, &writing->listens, &writing->export->copies, writing->error);
}

/* A file for each month, as ListenBrainz has them. */
static Status open_listens(Writing *writing, Instant at) {
  Civil civil = instant_civil(at, (Zone){"UTC"});
  if (civil.year == writing->year && civil.month == writing->month) return STATUS_OK;
  Arena *arena = writing->export->arena;
  Status status = end_listens(writing);
  writing->year = civil.year;
  writing->month = civil.month;
  if (status != STATUS_OK) return status;
  return export_file_create(writing->export, arena, text_of(arena_format(arena, "listenbrainz/listens/%d/%d.jsonl", civil.year, civil.month)), &writing->listens, writing->error);
}

static const char *music_service(Text service) {
  return text_is(service, "spotify") ? "spotify.com" : NULL;
}

static Status write_listen(Writing *writing, const StorePlay *play, const PlayContext *how, const Words *words) {
  TextBuilder *line = &writing->line;
  if (play->counted != COUNTED_PLAY || !words->named || play->played_at < 0) return STATUS_OK;
  Status status = open_listens(writing, play->played_at);
  if (status != STATUS_OK) return status;
  line->length = 0;
  text_append_format(line, "{\"listened_at\":%" PRId64 ",\"track_metadata\":{" TEXT_FORMAT, play->played_at / 1000, TEXT_ARG(words->json));
  if (music_service(how->service)) append_member(line, "music_service", text_of(music_service(how->service)));
  if (play->ms_played >= 0) text_append_format(line, ",\"duration_played\":%" PRId64, play->ms_played / 1000);
  text_append(line, TEXT_LITERAL("}}}\n"));
  writing->listens.rows++;
  return export_file_write(&writing->listens, text_built(line), writing->error);
}

/* ---- plays ---- */

static Status words_of(Writing *writing, int64_t id, const Words **out) {
  Words *words = &writing->words[id];
  *out = words;
  if (words->made) return STATUS_OK;
  StoreTrack track;
  bool found;
  Status status = store_track(writing->export->store, id, &track, &found, writing->error);
  if (status != STATUS_OK) return status;
  if (!found) track = (StoreTrack){.duration_ms = -1};
  make_csv_words(writing, &track, words);
  make_json_words(writing, &track, words);
  words->made = true;
  return STATUS_OK;
}

static bool take_play(void *context, const StorePlay *given) {
  Writing *writing = context;
  StorePlay play = *given;
  const PlayContext *how;
  const Words *words;
  if (play.track <= 0 || (size_t)play.track > writing->highest) return true;
  writing->status = store_judge_play(writing->export->store, &play, writing->error);
  if (writing->status == STATUS_OK) writing->status = store_play_context(writing->export->store, play.context, &how, writing->error);
  if (writing->status == STATUS_OK) writing->status = words_of(writing, play.track, &words);
  if (writing->status == STATUS_OK) writing->status = write_csv(writing, &play, how, words);
  if (writing->status == STATUS_OK) writing->status = write_listen(writing, &play, how, words);
  return writing->status == STATUS_OK;
}

static Status write_plays(Writing *writing, Error *error) {
  Export *export = writing->export;
  Status status = export_file_create(export, export->arena, TEXT_LITERAL("plays.csv"), &writing->csv, error);
  if (status == STATUS_OK) status = export_file_write(&writing->csv, TEXT_LITERAL(header), error);
  if (status == STATUS_OK) status = store_each_play(export->store, (InstantRange){INSTANT_MIN, INSTANT_MAX}, 0, take_play, writing, error);
  if (status == STATUS_OK) status = writing->status;
  if (status == STATUS_OK) status = export_file_end(export, &writing->csv, &export->copies, error);
  return status == STATUS_OK ? end_listens(writing) : status;
}

/* ---- likes ---- */

static bool take_like(void *context, int64_t id, Instant liked_at, bool has_liked_at) {
  Writing *writing = context;
  const Words *words;
  if (id <= 0 || (size_t)id > writing->highest) return true;
  writing->status = words_of(writing, id, &words);
  if (writing->status != STATUS_OK || !words->named) return writing->status == STATUS_OK;
  TextBuilder *line = &writing->line;
  line->length = 0;
  text_append(line, TEXT_LITERAL("{\"score\":1"));
  if (has_liked_at && liked_at >= 0) text_append_format(line, ",\"created\":%" PRId64, liked_at / 1000);
  text_append_format(line, ",\"track_metadata\":{" TEXT_FORMAT "}}}\n", TEXT_ARG(words->json));
  writing->listens.rows++;
  writing->status = export_file_write(&writing->listens, text_built(line), writing->error);
  return writing->status == STATUS_OK;
}

static Status write_likes(Writing *writing, Error *error) {
  Export *export = writing->export;
  Status status = export_file_create(export, export->arena, TEXT_LITERAL("listenbrainz/feedback.jsonl"), &writing->listens, error);
  if (status == STATUS_OK) status = store_each_like(export->store, take_like, writing, error);
  if (status == STATUS_OK) status = writing->status;
  return status == STATUS_OK ? export_file_end(export, &writing->listens, &export->copies, error) : status;
}

Status export_plays(Export *export, Error *error) {
  Arena *arena = export->arena;
  Writing writing = {.export = export, .highest = (size_t)store_highest_track(export->store), .line.arena = arena, .field.arena = arena, .list.arena = arena, .error = error};
  writing.words = arena_array(arena, writing.highest + 1, sizeof *writing.words);
  Status status = write_plays(&writing, error);
  return status == STATUS_OK ? write_likes(&writing, error) : status;
}
