#include <inttypes.h>

#include "connectors/library/library.h"

/* The columns that make a play; SIZE_MAX where the input has none. */
typedef struct PlayColumns {
  size_t played_at, ms_played, service, source, platform, country, reason_start, reason_end, shuffle, skipped, offline,
      offline_at, incognito, kind, title, artist, album, spotify;
} PlayColumns;

typedef struct Storing {
  StageCall *call;
  Store *store;
  const Batch *input;
  PlayColumns columns;
  uint64_t added, duplicates, unknown, tracks;
} Storing;

static PlayColumns find_columns(const Run *run, const Batch *input) {
  return (PlayColumns){
      .played_at = library_column(run, input, FIELD_PLAYED_AT),
      .ms_played = library_column(run, input, FIELD_MS_PLAYED),
      .service = library_column(run, input, FIELD_SERVICE),
      .source = library_column(run, input, FIELD_SOURCE),
      .platform = library_column(run, input, FIELD_PLATFORM),
      .country = library_column(run, input, FIELD_COUNTRY),
      .reason_start = library_column(run, input, FIELD_REASON_START),
      .reason_end = library_column(run, input, FIELD_REASON_END),
      .shuffle = library_column(run, input, FIELD_SHUFFLE),
      .skipped = library_column(run, input, FIELD_SKIPPED),
      .offline = library_column(run, input, FIELD_OFFLINE),
      .offline_at = library_column(run, input, FIELD_OFFLINE_AT),
      .incognito = library_column(run, input, FIELD_INCOGNITO),
      .kind = library_column(run, input, FIELD_KIND),
      .title = library_column(run, input, FIELD_TITLE),
      .artist = library_column(run, input, FIELD_ARTIST),
      .album = library_column(run, input, FIELD_ALBUM),
      .spotify = library_column(run, input, FIELD_SPOTIFY_ID),
  };
}

static bool has(const Storing *storing, size_t column, size_t row) {
  return column != SIZE_MAX && !column_is_missing(&storing->input->columns[column], row);
}

static int64_t number(const Storing *storing, size_t column, size_t row) {
  return storing->input->columns[column].values[row].integer;
}

static Text text(const Storing *storing, size_t column, size_t row) {
  return library_text(storing->call->run, storing->input, column, row);
}

static Tristate flag(const Storing *storing, size_t column, size_t row) {
  if (!has(storing, column, row)) return TRISTATE_MISSING;
  return number(storing, column, row) ? TRISTATE_TRUE : TRISTATE_FALSE;
}

static PlayKind kind_of(Text kind) {
  if (text_is(kind, "episode")) return PLAY_EPISODE;
  return text_is(kind, "chapter") ? PLAY_CHAPTER : PLAY_TRACK;
}

/* What a row that names nothing gets from the store: a stream of stored plays may carry no names. */
static Status borrow_names(const Storing *storing, size_t row, PlayObservation *play, Error *error) {
  TrackHandle handle = storing->input->tracks ? storing->input->tracks[row] : 0;
  if (play->title.length || play->connector_track_id.length || handle <= 0 || !storing->store) return STATUS_OK;
  StoreTrack track;
  bool found = false;
  Status status = store_track(storing->store, handle, &track, &found, error);
  if (status != STATUS_OK || !found) return status;
  Arena *arena = storing->call->run->arena;
  play->title = text_copy(arena, track.title);
  play->album = text_copy(arena, track.album);
  if (track.artist_count) play->artist = text_copy(arena, track.artists[0]);
  play->connector_track_id = text_copy(arena, track.spotify_id);
  return STATUS_OK;
}

static Status read_play(const Storing *storing, size_t row, PlayObservation *out, Error *error) {
  const PlayColumns *columns = &storing->columns;
  *out = (PlayObservation){
      .kind = kind_of(text(storing, columns->kind, row)),
      .connector_track_id = text(storing, columns->spotify, row),
      .title = text(storing, columns->title, row),
      .artist = text(storing, columns->artist, row),
      .album = text(storing, columns->album, row),
      .played_at = number(storing, columns->played_at, row),
      .ms_played = -1,
      .has_offline_at = has(storing, columns->offline_at, row),
      .context = {.service = text(storing, columns->service, row),
                  .source = text(storing, columns->source, row),
                  .platform = text(storing, columns->platform, row),
                  .country = text(storing, columns->country, row),
                  .reason_start = text(storing, columns->reason_start, row),
                  .reason_end = text(storing, columns->reason_end, row),
                  .shuffle = flag(storing, columns->shuffle, row),
                  .skipped = flag(storing, columns->skipped, row),
                  .offline = flag(storing, columns->offline, row),
                  .incognito = flag(storing, columns->incognito, row)},
  };
  if (out->has_offline_at) out->offline_at = number(storing, columns->offline_at, row);
  if (has(storing, columns->ms_played, row))
    out->ms_played = duration_total_ms(number(storing, columns->ms_played, row));
  Status status = borrow_names(storing, row, out, error);
  /* A Spotify id names a track of Spotify; a play elsewhere is known there by its names. */
  if (out->connector_track_id.length && !out->context.service.length) out->context.service = TEXT_LITERAL("spotify");
  if (!text_is(out->context.service, "spotify")) out->connector_track_id = (Text){"", 0};
  return status;
}

static bool is_identified(const PlayObservation *play) {
  return play->connector_track_id.length || play->title.length;
}

/* The batch's name: the same run of the same plan has the same, every other another. */
static Text batch_name(const StageCall *call) {
  const Run *run = call->run;
  DigestPart parts[] = {{run->plan->id.bytes, SHA256_SIZE},
                        {&run->options.now, sizeof run->options.now},
                        {&call->node, sizeof call->node}};
  Digest digest = sha256_parts(parts, sizeof parts / sizeof *parts);
  char *hex = arena_alloc(run->arena, 33);
  digest_hex(&digest, 16, hex);
  return text_of(hex);
}

/* What the rows say of where they come from; the first row speaks for all. */
static Text import_source(const Storing *storing) {
  Text source = {"", 0};
  if (storing->input->selected) source = text(storing, storing->columns.source, batch_row(storing->input, 0));
  return source.length ? source : TEXT_LITERAL("workflow");
}

static Status store_rows(Storing *storing, PlayWriter *writer, Error *error) {
  for (size_t i = 0; i < storing->input->selected; i++) {
    PlayObservation play;
    PlayAdded added;
    Status status = read_play(storing, batch_row(storing->input, i), &play, error);
    if (status != STATUS_OK) return status;
    if (!is_identified(&play)) {
      storing->unknown++;
      continue;
    }
    status = play_writer_add(writer, &play, &added, error);
    if (status != STATUS_OK) return status;
    storing->added += !added.duplicate;
    storing->duplicates += added.duplicate;
    storing->tracks += added.new_track;
  }
  ImportCounts counts = {storing->input->selected, storing->added, storing->duplicates, storing->unknown};
  return play_writer_finish(writer, counts, error);
}

static void tell_unknown(const Storing *storing) {
  if (!storing->unknown) return;
  run_notice(storing->call->run, storing->call->node, true,
             "library.plays: %" PRIu64 " %s left out, because nothing identifies their track", storing->unknown,
             storing->unknown == 1 ? "row" : "rows");
}

static Status dry_run(Storing *storing, Error *error) {
  uint64_t plays = 0;
  for (size_t i = 0; i < storing->input->selected; i++) {
    PlayObservation play;
    Status status = read_play(storing, batch_row(storing->input, i), &play, error);
    if (status != STATUS_OK) return status;
    plays += is_identified(&play);
    storing->unknown += !is_identified(&play);
  }
  run_notice(storing->call->run, storing->call->node, false,
             "library.plays: %" PRIu64 " %s would be stored, those already there excepted", plays,
             plays == 1 ? "play" : "plays");
  tell_unknown(storing);
  return STATUS_OK;
}

Status stage_run_TO_LIBRARY_PLAYS(StageCall *call, const Batch **out, Error *error) {
  Storing storing = {.call = call, .input = call->inputs[0], .columns = find_columns(call->run, call->inputs[0])};
  *out = call->inputs[0];
  if (storing.columns.played_at == SIZE_MAX) {
    return fail(error, STATUS_FAILED, "", "the plays have no column played_at, so they cannot be stored");
  }
  Status status = run_store(call->run, &storing.store, error);
  if (status != STATUS_OK) return status;
  if (call->run->options.dry_run) return dry_run(&storing, error);
  PlayWriter *writer = NULL;
  status = play_writer_new(storing.store, import_source(&storing), batch_name(call), &writer, error);
  if (status == STATUS_OK) status = store_begin(storing.store, error);
  if (status != STATUS_OK) return status;
  status = store_rows(&storing, writer, error);
  if (status == STATUS_OK) {
    status = store_commit(storing.store, error);
  } else {
    store_rollback(storing.store);
  }
  if (status != STATUS_OK) return status;
  run_notice(call->run, call->node, false,
             "library.plays: %" PRIu64 " %s, %" PRIu64 " added, %" PRIu64 " already there, %" PRIu64 " new %s",
             storing.added + storing.duplicates, storing.added + storing.duplicates == 1 ? "play" : "plays",
             storing.added, storing.duplicates, storing.tracks, storing.tracks == 1 ? "track" : "tracks");
  tell_unknown(&storing);
  return STATUS_OK;
}
