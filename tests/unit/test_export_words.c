/* Words of tracks that are kept and given up again are the same as those put together at once, in whatever order they are asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "cli/export/export_words.h"

#include <cmocka.h> /* last: its macro `fail` hides ours */

/* Several times the room: most of what is asked for was given up meanwhile. */
enum { TRACKS = 9000, ASKED = 60000, SMALL = 1, LARGE = 64 << 20, LONG_TITLE = 100 << 10 };

static Arena *arena;
static Error error;

static int set_up(void **state) {
  (void)state;
  arena = arena_new(0);
  return arena ? 0 : -1;
}

static int tear_down(void **state) {
  (void)state;
  arena_free(arena);
  return 0;
}

static void check(Status status) {
  if (status != STATUS_OK) print_message("%s\n", error.message);
  assert_int_equal(status, STATUS_OK);
}

static Store *store_with_tracks(Random *random) {
  Store *store;
  static char title[LONG_TITLE];
  memset(title, 'x', sizeof title);
  check(store_open_memory(arena, 1, &store, &error));
  for (int i = 1; i <= TRACKS; i++) {
    Text artists[2] = {text_of(arena_format(arena, "Artist, %d", i)), TEXT_LITERAL("=Guest")};
    StoreTrack track = {.artists = artists, .artist_count = (uint32_t)random_below(random, 3), .duration_ms = random_below(random, 2) ? i : -1, .explicit_content = TRISTATE_MISSING};
    track.title = (Text){title, i % 3000 == 0 ? sizeof title : random_below(random, 300)};
    if (i % 5 == 0) track.isrc = text_of(arena_format(arena, "USRC%08d", i));
    int64_t id;
    check(store_add_track(store, &track, &id, &error));
    assert_int_equal(id, i);
  }
  return store;
}

static void assert_words(const TrackWords *a, const TrackWords *b) {
  assert_true(text_equal(a->csv_front, b->csv_front));
  assert_true(text_equal(a->csv_back, b->csv_back));
  assert_true(text_equal(a->json, b->json));
  assert_int_equal(a->named, b->named);
}

static void kept_words_are_those_put_together_anew(void **state) {
  (void)state;
  Random random = random_seeded(7);
  Store *store = store_with_tracks(&random);
  ExportWords *few = export_words_new(arena, store, SMALL), *all = export_words_new(arena, store, LARGE);
  int64_t often = 1;
  for (int i = 0; i < ASKED; i++) {
    TrackWords got, right;
    HowWords how, same;
    if (random_below(&random, 50) == 0) often = 1 + (int64_t)random_below(&random, TRACKS);
    int64_t id = random_below(&random, 3) ? often + (int64_t)random_below(&random, 4) : (int64_t)random_below(&random, TRACKS + 3);
    check(export_how_words(few, (uint32_t)random_below(&random, 3), &how, &error)); /* lent beside it */
    size_t length = how.csv.length;
    check(export_track_words(few, id, &got, &error));
    check(export_track_words(all, id, &right, &error));
    assert_words(&got, &right);
    check(export_how_words(all, 0, &same, &error));
    assert_int_equal(length, same.csv.length);
    assert_true(text_equal(how.csv, same.csv));
  }
}

static void a_track_in_words(void **state) {
  (void)state;
  Store *store;
  int64_t id;
  TrackWords words;
  const Text artists[] = {TEXT_LITERAL("A \"B\""), TEXT_LITERAL("=c; d")};
  StoreTrack track = {.title = TEXT_LITERAL("+1, 2"), .album = TEXT_LITERAL("Al"), .artists = artists, .artist_count = 2, .duration_ms = 7, .explicit_content = TRISTATE_MISSING};
  check(store_open_memory(arena, 1, &store, &error));
  check(store_add_track(store, &track, &id, &error));
  ExportWords *all = export_words_new(arena, store, 0);
  check(export_track_words(all, id, &words, &error));
  assert_string_equal(text_copy(arena, words.csv_front).bytes, ",\"'+1, 2\",\"A \"\"B\"\"\",\"A \"\"B\"\"; =c\\; d\",Al");
  assert_string_equal(text_copy(arena, words.csv_back).bytes, ",,,");
  assert_string_equal(text_copy(arena, words.json).bytes,
                      "\"artist_name\":\"A \\\"B\\\", =c; d\",\"track_name\":\"+1, 2\",\"release_name\":\"Al\",\"additional_info\":{\"submission_client\":\"Narada\","
                      "\"submission_client_version\":\"" NARADA_VERSION "\",\"duration_ms\":7");
  assert_true(words.named);
  check(export_track_words(all, id + 1, &words, &error)); /* there is none */
  assert_false(words.named);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(kept_words_are_those_put_together_anew, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_track_in_words, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
