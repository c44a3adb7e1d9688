/* What ListenBrainz and MusicBrainz answer, in the forms it has been seen in, and a seeded slice of tests/fuzz/fuzz_brainz.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "connectors/listenbrainz/listen_parcel.h"
#include "connectors/listenbrainz/track_metadata.h"
#include "connectors/musicbrainz/recording.h"

#include <cmocka.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int set_up(void **state) {
  *state = arena_new(0);
  return *state ? 0 : -1;
}

static int tear_down(void **state) {
  arena_free(*state);
  return 0;
}

static const JsonNode *json(void **state, const char *text) {
  JsonDoc doc;
  Error error;
  if (json_doc_read(*state, text_of(text), "test", &doc, &error)) fail_msg("%s", error.message);
  return doc.root;
}

static void is(Text text, const char *expected) {
  assert_true(text_is(text, expected));
}

#define MBID "f980fc14-e29b-481d-ad3a-5ed9b4ab6340"

static const char listen[] =
    "{\"track_name\":\"Blew\",\"artist_name\":\"Nirvana feat. X\",\"release_name\":\"Bleach\",\"additional_info\":{\"isrc\":\"us-sub-02-00002\",\"duration\":\"174\","
    "\"recording_mbid\":\"11111111-1111-4111-8111-111111111111\",\"music_service\":\"spotify.com\",\"spotify_id\":\"https://open.spotify.com/track/0AAAAAAAAAAAAAAAAAAAA1\","
    "\"artist_names\":[\"Nirvana\",\"X\"]},\"mbid_mapping\":{\"recording_mbid\":\"F980FC14-E29B-481D-AD3A-5ED9B4AB6340\",\"artists\":[{\"artist_credit_name\":\"NIRVANA\"}]}}";

static void what_was_mapped_comes_before_what_a_player_said(void **state) {
  TrackMetadata metadata;
  track_metadata_read(json(state, listen), &metadata);
  assert_string_equal(metadata.mbid, MBID);
  assert_string_equal(metadata.isrc, "USSUB0200002");
  assert_string_equal(metadata.spotify_id, "0AAAAAAAAAAAAAAAAAAAA1");
  assert_int_equal(metadata.duration_ms, 174000);
  assert_int_equal(metadata.artist_count, 1);
  is(metadata.artists[0], "NIRVANA");
  assert_true(metadata.on_spotify);
  track_metadata_read(NULL, &metadata);
  assert_int_equal(metadata.title.length + metadata.artist_count, 0);
  track_metadata_read(json(state, "{\"track_name\":7,\"additional_info\":{\"duration_ms\":-5,\"duration\":99999999,\"recording_mbid\":\"x\",\"isrc\":null},\"mbid_mapping\":[1]}"), &metadata);
  assert_int_equal(metadata.title.length + metadata.duration_ms + metadata.mbid[0] + metadata.isrc[0], 0);
}

static void recordings_are_read_in_old_and_new_forms(void **state) {
  Recording recording;
  assert_true(recording_read(json(state, "{\"id\":\"" MBID "\",\"title\":\"Blew\",\"length\":174960,\"first-release-date\":\"1989-06-15\",\"isrcs\":[{\"id\":\"USSUB0200002\"}],"
                                         "\"artist-credit\":[{\"name\":\"A\",\"joinphrase\":\" & \",\"artist\":{\"name\":\"The A\",\"aliases\":[{\"name\":\"Alias\"},null]}},{\"name\":\"B\"}]}"), &recording));
  assert_true(recording_has_isrc(&recording, "USSUB0200002"));
  assert_false(recording_has_isrc(&recording, "USSUB0200003"));
  assert_int_equal(recording.length_ms, 174960);
  assert_int_equal(recording.released.year * 10000 + recording.released.month * 100 + recording.released.day, 19890615);
  static const char *const names[] = {"a", "the a", "alias", "b", "a & b"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) assert_true(recording_is_by(&recording, *state, text_of(names[i])));
  assert_false(recording_is_by(&recording, *state, TEXT_LITERAL("c")));
  assert_false(recording_is_by(&recording, *state, TEXT_LITERAL("")));
  assert_true(recording_read(json(state, "{\"id\":\"" MBID "\",\"length\":null,\"video\":null,\"releases\":[{\"date\":\"\"},{\"date\":\"1991\"},{\"date\":\"1990-02\"},{\"date\":\"1990-02-03T10:00:00Z\"},7]}"), &recording));
  assert_int_equal(recording.released.year * 100 + recording.released.month, 199002);
  assert_int_equal(recording.released.precision, DATE_MONTH);
  assert_true(recording_read(json(state, "{\"id\":\"" MBID "\",\"first-release-date\":\"0000\",\"isrcs\":{},\"artist-credit\":\"A\"}"), &recording));
  assert_false(recording.has_released || recording_has_isrc(&recording, "USSUB0200002") || recording_is_by(&recording, *state, TEXT_LITERAL("a")));
  assert_false(recording_read(json(state, "{\"id\":\"1\"}"), &recording));
  assert_false(recording_read(json(state, "[]"), &recording));
}

static void a_listen_that_is_too_long_is_known(void **state) {
  char *title = arena_alloc(*state, BOUND_LISTENBRAINZ_LISTEN);
  memset(title, 'x', BOUND_LISTENBRAINZ_LISTEN - 400);
  RowFacts facts = {.title = text_of(title), .artist = TEXT_LITERAL("A")};
  TextBuilder fits = {.arena = *state}, not = {.arena = *state};
  assert_true(listen_write(&fits, 1700000000, &facts));
  memset(title, '\x01', BOUND_LISTENBRAINZ_LISTEN - 400);
  assert_false(listen_write(&not, 1700000000, &facts));
}

static void damaged_replies_do_no_harm(void **state) {
  static const char *const seeds[] = {
      listen,
      "{\"recordings\":[{\"id\":\"" MBID "\",\"title\":\"Blew\",\"length\":1,\"isrcs\":[\"USSUB0200002\"],\"releases\":[{\"date\":\"1989\"}],\"artist-credit\":[{\"name\":\"Nirvana\",\"artist\":{\"aliases\":[{\"name\":\"N\"}]}}]}]}",
  };
  static const char parts[] = "{}[],:\"\\0-1e\xc3\xa9null";
  Random random = random_seeded(20);
  (void)state;
  for (int i = 0; i < 4000; i++) {
    const char *seed = seeds[i % 2];
    size_t size = strlen(seed);
    uint8_t *data = malloc(size);
    memcpy(data, seed, size);
    for (uint64_t k = random_below(&random, 4); k > 0; k--) data[random_below(&random, size)] = (uint8_t)parts[random_below(&random, sizeof parts - 1)];
    assert_int_equal(LLVMFuzzerTestOneInput(data, random_below(&random, 8) ? size : random_below(&random, size)), 0);
    free(data);
  }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(what_was_mapped_comes_before_what_a_player_said),
      TEST(recordings_are_read_in_old_and_new_forms),
      TEST(a_listen_that_is_too_long_is_known),
      TEST(damaged_replies_do_no_harm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
