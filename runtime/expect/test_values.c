/* Values that a service would give: every table of tracks may carry columns such as lastfm.plays. */
#include "expect/test_world.h"
#include "expect/value.h"

static bool has_tracks(const Given *given) {
  return given->kind == GIVEN_TRACKS || given->kind == GIVEN_SOURCE || given->kind == GIVEN_VALUES;
}

static Text clue(const TestWorld *world, const Given *given, uint32_t row, int column) {
  Arena *arena = world->run->arena;
  return cell_text(arena, suite_cell(world->test, arena, given, row, column));
}

/* The row as the engine sees it when it comes from that table. */
static Status identify(const TestWorld *world, const Given *given, uint32_t row, TrackHandle *out, Error *error) {
  TrackClues clues = {.spotify_id = clue(world, given, row, FIELD_SPOTIFY_ID),
                      .isrc = clue(world, given, row, FIELD_ISRC),
                      .mbid = clue(world, given, row, FIELD_MBID),
                      .title = clue(world, given, row, FIELD_TITLE),
                      .artist = clue(world, given, row, FIELD_ARTIST),
                      .album = clue(world, given, row, FIELD_ALBUM)};
  return track_identify(world->run->tracks, &clues, out, error);
}

static Status know_tracks(TestWorld *world, Error *error) {
  if (world->knows_tracks) return STATUS_OK;
  world->knows_tracks = true;
  for (size_t i = 0; i < world->test->given.count; i++) {
    const Given *given = &world->test->given.items[i];
    for (uint32_t row = 0; has_tracks(given) && row < given->table.row_count; row++) {
      KnownTrack known = {.given = given, .row = row};
      Status status = identify(world, given, row, &known.track, error);
      if (status != STATUS_OK) return status;
      if (known.track) vec_push(world->run->arena, &world->known, known);
    }
  }
  return STATUS_OK;
}

Status test_world_track(TestWorld *world, TrackHandle track, const KnownTrack **out, Error *error) {
  Status status = know_tracks(world, error);
  *out = NULL;
  for (size_t i = 0; i < world->known.count && !*out; i++)
    if (world->known.items[i].track == track) *out = &world->known.items[i];
  return status;
}

static bool is_given(const TestCase *test, FieldId field) {
  for (size_t i = 0; i < test->given.count; i++)
    if (has_tracks(&test->given.items[i]) && suite_column(&test->given.items[i].table, (int)field) != SIZE_MAX) return true;
  return false;
}

static void fill_column(TestWorld *world, Batch *batch, size_t column, FieldId field) {
  Arena *arena = world->run->arena;
  Value *values = batch_values(batch, column);
  uint8_t *missing = batch_missing(arena, batch, column);
  IntMap *by_track = int_map_new(arena, world->known.count);
  for (size_t i = 0; i < world->known.count; i++) {
    const KnownTrack *known = &world->known.items[i];
    if (suite_cell(world->test, arena, known->given, known->row, (int)field).length) int_map_add(by_track, known->track, (uint32_t)i, NULL);
  }
  for (size_t row = 0; row < batch->row_count; row++) {
    uint32_t at = batch->tracks && batch->tracks[row] ? int_map_get(by_track, batch->tracks[row], UINT32_MAX) : UINT32_MAX;
    if (at == UINT32_MAX) continue;
    Text cell = suite_cell(world->test, arena, world->known.items[at].given, world->known.items[at].row, (int)field);
    missing[row] = !test_value(world->run, type_required(batch->columns[column].type), cell, &values[row]);
  }
}

Status test_world_values(World *base, StageCall *call, Provider provider, Batch *batch, const size_t *fill, size_t count, bool *answered, Error *error) {
  TestWorld *world = (TestWorld *)base;
  (void)provider;
  Status status = know_tracks(world, error);
  for (size_t i = 0; i < count && status == STATUS_OK; i++) {
    FieldId field = (FieldId)call->run->plan->imports[batch->schema->columns[fill[i]].field].id;
    if (!is_given(world->test, field))
      return fail(error, STATUS_FAILED, diag_info(DIAG_EXPECT_UNKNOWN_WORLD)->code, "the test gives no `%s`; add it as a column of the tracks, or in `values`",
                  field_def(field)->name);
    fill_column(world, batch, fill[i], field);
  }
  *answered = true;
  return status;
}
