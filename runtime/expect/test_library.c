#include "base/tag.h"
#include "expect/test_world.h"
#include "expect/value.h"
#include "store/store.h"

enum { DEFAULT_PLAY_MS = 180000, DAY_MS = 86400000 };

typedef struct Building {
  const TestCase *test;
  Run *run;
  Store *store;
  const Given *tracks; /* NULL = the case has none */
  int64_t *ids;        /* of its rows */
} Building;

static Text text_cell(const Building *building, const Given *given, uint32_t row, int column) {
  return cell_text(building->run->arena, suite_cell(building->test, building->run->arena, given, row, column));
}

static bool value_cell(const Building *building, const Given *given, uint32_t row, int column, Value *out) {
  Text cell = suite_cell(building->test, building->run->arena, given, row, column);
  return cell.length && test_value(building->run, type_required(field_def((FieldId)column)->type), cell, out);
}

static Tristate flag_cell(const Building *building, const Given *given, uint32_t row, int column) {
  Value value;
  if (!value_cell(building, given, row, column, &value)) return TRISTATE_MISSING;
  return value.integer ? TRISTATE_TRUE : TRISTATE_FALSE;
}

/* ---- tracks ---- */

static Status add_track(const Building *building, const Given *given, uint32_t row, int64_t *out, Error *error) {
  Arena *arena = building->run->arena;
  Value value;
  StoreTrack track = {
      .title = text_cell(building, given, row, FIELD_TITLE),
      .album = text_cell(building, given, row, FIELD_ALBUM),
      .isrc = text_cell(building, given, row, FIELD_ISRC),
      .mbid = text_cell(building, given, row, FIELD_MBID),
      .spotify_id = text_cell(building, given, row, FIELD_SPOTIFY_ID),
      .release_date = text_cell(building, given, row, FIELD_RELEASED),
      .duration_ms = -1,
      .explicit_content = flag_cell(building, given, row, FIELD_EXPLICIT),
  };
  if (!track.mbid.length) track.mbid = text_cell(building, given, row, FIELD_MUSICBRAINZ_ID);
  if (value_cell(building, given, row, FIELD_DURATION, &value)) track.duration_ms = duration_total_ms(value.integer);
  Text artist = text_cell(building, given, row, FIELD_ARTIST);
  if (value_cell(building, given, row, FIELD_ARTISTS, &value)) {
    ListItems list = list_items(building->run->lists, value);
    Text *artists = arena_array(arena, list.count + 1, sizeof *artists);
    for (uint32_t i = 0; i < list.count; i++) artists[i] = text_at(building->run->texts, (TextId)list.items[i].integer);
    track.artists = artists;
    track.artist_count = list.count;
  } else if (artist.length) {
    track.artists = &artist;
    track.artist_count = 1;
  }
  return store_add_track(building->store, &track, out, error);
}

/* The track of a row of any section: the row of `tracks` it refers to, else one of the same id or names, else a new one. */
static Status place_track(const Building *building, const Given *given, uint32_t row, int64_t *out, Error *error) {
  Text reference = text_cell(building, given, row, COLUMN_TRACK);
  const Given *other;
  uint32_t other_row;
  if (reference.length && suite_find_track(building->test, building->run->arena, reference, &other, &other_row) && other == building->tracks) {
    *out = building->ids[other_row];
    return STATUS_OK;
  }
  Status status = store_find_by_spotify_id(building->store, text_cell(building, given, row, FIELD_SPOTIFY_ID), out, error);
  if (status == STATUS_OK && !*out)
    status = store_find_by_names(building->store, text_cell(building, given, row, FIELD_TITLE), text_cell(building, given, row, FIELD_ARTIST), out, error);
  return status == STATUS_OK && !*out ? add_track(building, given, row, out, error) : status;
}

static Status add_like(const Building *building, const Given *given, uint32_t row, int64_t track, Error *error) {
  Value at = {.integer = building->run->options.now};
  bool added;
  Text service = text_cell(building, given, row, FIELD_SERVICE);
  value_cell(building, given, row, FIELD_LIKED_AT, &at);
  return store_like(building->store, track, service.length ? service : TEXT_LITERAL("library"), at.integer, &added, error);
}

static Status add_rating_and_tags(const Building *building, const Given *given, uint32_t row, int64_t track, Error *error) {
  Value value;
  Status status = STATUS_OK;
  if (value_cell(building, given, row, FIELD_RATING, &value)) status = store_rate(building->store, track, (int)value.integer, error);
  if (!value_cell(building, given, row, FIELD_TAGS, &value)) return status;
  ListItems tags = list_items(building->run->lists, value);
  for (uint32_t i = 0; i < tags.count && status == STATUS_OK; i++) {
    char tag[TAG_MAX_LENGTH];
    size_t length;
    if (tag_normalise(text_at(building->run->texts, (TextId)tags.items[i].integer), tag, &length)) status = store_tag(building->store, track, (Text){tag, length}, error);
  }
  return status;
}

static Status add_tracks(Building *building, const Given *given, Error *error) {
  building->tracks = given;
  building->ids = arena_array(building->run->arena, given->table.row_count, sizeof *building->ids);
  Status status = STATUS_OK;
  for (uint32_t row = 0; row < given->table.row_count && status == STATUS_OK; row++) {
    status = add_track(building, given, row, &building->ids[row], error);
    Tristate liked = flag_cell(building, given, row, FIELD_LIKED);
    bool dated = suite_cell(building->test, building->run->arena, given, row, FIELD_LIKED_AT).length != 0;
    if (status == STATUS_OK && (liked == TRISTATE_TRUE || (dated && liked == TRISTATE_MISSING)))
      status = add_like(building, given, row, building->ids[row], error);
    if (status == STATUS_OK) status = add_rating_and_tags(building, given, row, building->ids[row], error);
  }
  return status;
}

/* ---- plays ---- */

static void read_play(const Building *building, const Given *given, uint32_t row, PlayObservation *out) {
  Value value;
  *out = (PlayObservation){
      .kind = PLAY_TRACK,
      .title = text_cell(building, given, row, FIELD_TITLE),
      .artist = text_cell(building, given, row, FIELD_ARTIST),
      .album = text_cell(building, given, row, FIELD_ALBUM),
      .ms_played = -1,
      .context = {.service = text_cell(building, given, row, FIELD_SERVICE),
                  .source = text_cell(building, given, row, FIELD_SOURCE),
                  .platform = text_cell(building, given, row, FIELD_PLATFORM),
                  .country = text_cell(building, given, row, FIELD_COUNTRY),
                  .reason_start = text_cell(building, given, row, FIELD_REASON_START),
                  .reason_end = text_cell(building, given, row, FIELD_REASON_END),
                  .shuffle = flag_cell(building, given, row, FIELD_SHUFFLE),
                  .skipped = flag_cell(building, given, row, FIELD_SKIPPED),
                  .offline = flag_cell(building, given, row, FIELD_OFFLINE),
                  .incognito = flag_cell(building, given, row, FIELD_INCOGNITO)},
  };
  if (!out->context.service.length) out->context.service = TEXT_LITERAL("spotify");
  if (value_cell(building, given, row, FIELD_PLAYED_AT, &value)) out->played_at = value.integer;
  if (value_cell(building, given, row, FIELD_MS_PLAYED, &value))
    out->ms_played = duration_total_ms(value.integer);
  else if (suite_column(&given->table, FIELD_MS_PLAYED) == SIZE_MAX)
    out->ms_played = value_cell(building, given, row, FIELD_DURATION, &value) ? duration_total_ms(value.integer) : DEFAULT_PLAY_MS;
  out->has_offline_at = value_cell(building, given, row, FIELD_OFFLINE_AT, &value);
  if (out->has_offline_at) out->offline_at = value.integer;
}

static uint32_t times_of(const Building *building, const Given *given, uint32_t row) {
  Text cell = suite_cell(building->test, building->run->arena, given, row, COLUMN_TIMES);
  uint32_t times = 0;
  for (size_t i = 0; i < cell.length; i++) times = times * 10 + (uint32_t)(cell.bytes[i] - '0');
  return cell.length ? times : 1;
}

static Status add_plays(const Building *building, const Given *given, Error *error) {
  PlayWriter *writer;
  ImportCounts counts = {0};
  Status status = play_writer_new(building->store, TEXT_LITERAL("test"), TEXT_LITERAL("test"), &writer, error);
  for (uint32_t row = 0; row < given->table.row_count && status == STATUS_OK; row++) {
    PlayObservation play;
    PlayAdded added;
    read_play(building, given, row, &play);
    status = place_track(building, given, row, &play.track, error);
    play.connector_track_id = text_of(arena_format(building->run->arena, "track-%lld", (long long)play.track));
    for (uint32_t time = times_of(building, given, row); time > 0 && status == STATUS_OK; time--) {
      status = play_writer_add(writer, &play, &added, error);
      play.played_at -= DAY_MS;
      counts.rows++;
      counts.stored += !added.duplicate;
      counts.duplicates += added.duplicate;
    }
  }
  return status == STATUS_OK ? play_writer_finish(writer, counts, error) : status;
}

/* ---- likes and playlists ---- */

static Status add_likes(const Building *building, const Given *given, Error *error) {
  Status status = STATUS_OK;
  for (uint32_t row = 0; row < given->table.row_count && status == STATUS_OK; row++) {
    int64_t track = 0;
    status = place_track(building, given, row, &track, error);
    if (status == STATUS_OK) status = add_like(building, given, row, track, error);
  }
  return status;
}

/* One entry after the other, so that each is stamped with its own time. */
static Status add_playlist(const Building *building, const Given *given, Error *error) {
  int64_t *tracks = arena_array(building->run->arena, given->table.row_count, sizeof *tracks);
  PlaylistChange change;
  Status status = given->table.row_count ? STATUS_OK : store_write_playlist(building->store, given->name, PLAYLIST_UPDATE, tracks, 0, &change, error);
  for (uint32_t row = 0; row < given->table.row_count && status == STATUS_OK; row++) {
    Value added = {.integer = building->run->options.now};
    value_cell(building, given, row, FIELD_ADDED, &added);
    status = place_track(building, given, row, &tracks[row], error);
    store_set_now(building->store, added.integer);
    if (status == STATUS_OK) status = store_write_playlist(building->store, given->name, PLAYLIST_UPDATE, tracks, row + 1, &change, error);
  }
  store_set_now(building->store, building->run->options.now);
  return status;
}

Status test_library_build(const TestCase *test, Run *run, Error *error) {
  Building building = {.test = test, .run = run};
  Status status = store_open_memory(run->arena, run->options.now, &building.store, error);
  if (status == STATUS_OK) status = store_begin(building.store, error);
  for (int kind = GIVEN_TRACKS; kind <= GIVEN_PLAYLIST; kind++) {
    for (size_t i = 0; i < test->given.count && status == STATUS_OK; i++) {
      const Given *given = &test->given.items[i];
      if ((int)given->kind != kind) continue;
      status = kind == GIVEN_TRACKS  ? add_tracks(&building, given, error)
               : kind == GIVEN_PLAYS ? add_plays(&building, given, error)
               : kind == GIVEN_LIKES ? add_likes(&building, given, error)
                                     : add_playlist(&building, given, error);
    }
  }
  if (status == STATUS_OK) status = store_commit(building.store, error);
  if (status == STATUS_OK) run->store = building.store;
  return status;
}
