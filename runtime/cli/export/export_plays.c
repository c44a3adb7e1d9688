#include <inttypes.h>

#include "cli/export/export_files.h"
#include "cli/export/export_words.h"
#include "connectors/file/cell.h"

/* Of words that are put together once: those of some 40,000 tracks. */
enum { WORDS_ROOM = 24 << 20 };

typedef struct Writing {
  Export *export;
  ExportWords *words;
  ExportFile csv, listens;
  int64_t highest; /* track */
  Instant month_begins, month_ends; /* of `listens` */
  bool listens_open;
  TextBuilder line;
  Status status;
  Error *error;
} Writing;

/* ---- CSV ---- */

static const char header[] =
    "played_at,title,artist,artists,album,ms_played,counted,service,source,platform,country,reason_start,reason_end,shuffle,skipped,offline,incognito,isrc,mbid,spotify.id\n";

static Status write_csv(Writing *writing, const StorePlay *play, const TrackWords *track, const HowWords *how) {
  static const char *const counted[] = {[COUNTED_PLAY] = ",play", [COUNTED_SKIP] = ",skip", [COUNTED_NOT] = ","};
  TextBuilder *line = &writing->line;
  line->length = 0;
  cell_append_instant(line, play->played_at);
  text_append(line, track->csv_front);
  text_append_char(line, ',');
  if (play->ms_played >= 0) text_append_integer(line, play->ms_played);
  text_append(line, text_of(counted[play->counted]));
  text_append(line, how->csv);
  text_append(line, track->csv_back);
  text_append_char(line, '\n');
  writing->csv.rows++;
  return export_file_write(&writing->csv, text_built(line), writing->error);
}

/* ---- ListenBrainz ---- */

static Status end_listens(Writing *writing) {
  if (!writing->listens_open) return STATUS_OK;
  writing->listens_open = false;
  return export_file_end(writing->export, &writing->listens, &writing->export->copies, writing->error);
}

/* A file for each month, as ListenBrainz has them. */
static Status open_listens(Writing *writing, Instant at) {
  if (writing->listens_open && at >= writing->month_begins && at < writing->month_ends) return STATUS_OK;
  Zone utc = {"UTC"};
  Civil civil = instant_civil(at, utc);
  Status status = end_listens(writing);
  if (status != STATUS_OK) return status;
  Arena *arena = writing->export->arena;
  Civil next = {.year = civil.month == 12 ? civil.year + 1 : civil.year, .month = civil.month % 12 + 1, .day = 1};
  writing->month_begins = civil_instant((Civil){.year = civil.year, .month = civil.month, .day = 1}, utc);
  writing->month_ends = civil_instant(next, utc);
  status = export_file_create(writing->export, text_of(arena_format(arena, "listenbrainz/listens/%d/%d.jsonl", civil.year, civil.month)), &writing->listens, writing->error);
  writing->listens_open = status == STATUS_OK;
  return status;
}

static Status write_listen(Writing *writing, const StorePlay *play, const TrackWords *track, const HowWords *how) {
  TextBuilder *line = &writing->line;
  if (play->counted != COUNTED_PLAY || !track->named || play->played_at < 0) return STATUS_OK;
  Status status = open_listens(writing, play->played_at);
  if (status != STATUS_OK) return status;
  line->length = 0;
  text_append(line, TEXT_LITERAL("{\"listened_at\":"));
  text_append_integer(line, play->played_at / 1000);
  text_append(line, TEXT_LITERAL(",\"track_metadata\":{"));
  text_append(line, track->json);
  text_append(line, how->json);
  if (play->ms_played >= 0) {
    text_append(line, TEXT_LITERAL(",\"duration_played\":"));
    text_append_integer(line, play->ms_played / 1000);
  }
  text_append(line, TEXT_LITERAL("}}}\n"));
  writing->listens.rows++;
  return export_file_write(&writing->listens, text_built(line), writing->error);
}

/* ---- plays ---- */

static bool take_play(void *context, const StorePlay *given) {
  Writing *writing = context;
  StorePlay play = *given;
  TrackWords track;
  HowWords how;
  if (play.track <= 0 || play.track > writing->highest) return true;
  writing->status = store_judge_play(writing->export->store, &play, writing->error);
  if (writing->status == STATUS_OK) writing->status = export_how_words(writing->words, play.context, &how, writing->error);
  if (writing->status == STATUS_OK) writing->status = export_track_words(writing->words, play.track, &track, writing->error);
  if (writing->status == STATUS_OK) writing->status = write_csv(writing, &play, &track, &how);
  if (writing->status == STATUS_OK) writing->status = write_listen(writing, &play, &track, &how);
  return writing->status == STATUS_OK;
}

static Status write_plays(Writing *writing, Error *error) {
  Export *export = writing->export;
  Status status = export_file_create(export, TEXT_LITERAL("plays.csv"), &writing->csv, error);
  if (status == STATUS_OK) status = export_file_write(&writing->csv, TEXT_LITERAL(header), error);
  if (status == STATUS_OK) status = store_each_play(export->store, (InstantRange){INSTANT_MIN, INSTANT_MAX}, 0, take_play, writing, error);
  if (status == STATUS_OK) status = writing->status;
  if (status == STATUS_OK) status = export_file_end(export, &writing->csv, &export->copies, error);
  return status == STATUS_OK ? end_listens(writing) : status;
}

/* ---- likes ---- */

static bool take_like(void *context, int64_t id, Instant liked_at, bool has_liked_at) {
  Writing *writing = context;
  TrackWords track;
  if (id <= 0 || id > writing->highest) return true;
  writing->status = export_track_words(writing->words, id, &track, writing->error);
  if (writing->status != STATUS_OK || !track.named) return writing->status == STATUS_OK;
  TextBuilder *line = &writing->line;
  line->length = 0;
  text_append(line, TEXT_LITERAL("{\"score\":1"));
  if (has_liked_at && liked_at >= 0) text_append_format(line, ",\"created\":%" PRId64, liked_at / 1000);
  text_append_format(line, ",\"track_metadata\":{" TEXT_FORMAT "}}}\n", TEXT_ARG(track.json));
  writing->listens.rows++;
  writing->status = export_file_write(&writing->listens, text_built(line), writing->error);
  return writing->status == STATUS_OK;
}

static Status write_likes(Writing *writing, Error *error) {
  Export *export = writing->export;
  Status status = export_file_create(export, TEXT_LITERAL("listenbrainz/feedback.jsonl"), &writing->listens, error);
  if (status == STATUS_OK) status = store_each_like(export->store, take_like, writing, error);
  if (status == STATUS_OK) status = writing->status;
  return status == STATUS_OK ? export_file_end(export, &writing->listens, &export->copies, error) : status;
}

Status export_plays(Export *export, Error *error) {
  Writing writing = {.export = export, .highest = store_highest_track(export->store), .line.arena = export->arena, .error = error};
  writing.words = export_words_new(export->arena, export->store, WORDS_ROOM);
  Status status = write_plays(&writing, error);
  return status == STATUS_OK ? write_likes(&writing, error) : status;
}
