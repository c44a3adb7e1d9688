/* Spotify's replies and playlists without the network: what a track object says, what names a playlist, and the calls between any two lists, against a model
 * of the service. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "connectors/spotify/playlist_steps.h"
#include "connectors/spotify/references.h"
#include "connectors/spotify/track_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- objects ---- */

static SpotifyTrack read_entry(Arena *arena, const char *json) {
  SpotifyTrack track;
  JsonDoc doc;
  assert_int_equal(json_doc_read(arena, text_of(json), "test", &doc, NULL), STATUS_OK);
  spotify_track_read(spotify_entry_thing(doc.root), &track);
  return track;
}

static void test_objects(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
#define ID "4iV5W9uYEdYUVa79Axb7Rh"
  static const struct {
    const char *json;
    SpotifyThing thing;
    const char *title, *listed;
    int64_t duration, popularity;
  } cases[] = {
      {"{\"item\":{\"type\":\"track\",\"track\":true,\"episode\":false,\"id\":\"" ID "\",\"uri\":\"u\",\"name\":\"N\",\"duration_ms\":\"5\",\"popularity\":0}}", SPOTIFY_TRACK, "N", "u", 5, 0},
      {"{\"track\":{\"id\":\"" ID "\",\"uri\":\"u\",\"linked_from\":{\"uri\":\"old\"},\"name\":null,\"duration_ms\":-3,\"popularity\":1e99}}", SPOTIFY_TRACK, "", "old", -1, -1},
      {"{\"item\":null,\"track\":{\"id\":\"" ID "\"}}", SPOTIFY_TRACK, "", "", -1, -1},
      {"{\"item\":null,\"track\":null}", SPOTIFY_GONE, "", "", -1, -1},
      {"{\"item\":{\"id\":null,\"is_local\":true,\"uri\":\"spotify:local:::T:5\",\"name\":\"T\"}}", SPOTIFY_LOCAL, "T", "spotify:local:::T:5", -1, -1},
      {"{\"item\":{\"type\":\"episode\",\"id\":\"" ID "\",\"name\":\"E\"}}", SPOTIFY_EPISODE, "E", "", -1, -1},
      {"{\"item\":{\"id\":\"../../../../etc/passwd\",\"type\":\"track\"}}", SPOTIFY_GONE, "", "", -1, -1},
      {"{\"item\":[1,2],\"track\":\"x\"}", SPOTIFY_GONE, "", "", -1, -1},
      {"[]", SPOTIFY_GONE, "", "", -1, -1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    SpotifyTrack track = read_entry(arena, cases[i].json);
    assert_int_equal(track.thing, cases[i].thing);
    assert_true(text_is(track.title, cases[i].title) && text_is(track.listed_uri, cases[i].listed));
    assert_int_equal(track.duration_ms, cases[i].duration);
    assert_int_equal(track.popularity, cases[i].popularity);
  }
  SpotifyTrack track = read_entry(arena, "{\"item\":{\"id\":\"" ID "\",\"artists\":[{\"name\":\"A\"},null,{\"name\":\"\"},{\"name\":\"B\"}],\"album\":null,\"external_ids\":[]}}");
  assert_int_equal(track.artist_count, 2);
  assert_true(text_is(track.artists[1], "B"));
  arena_free(arena);
}

static void test_references(void **state) {
  (void)state;
  static const struct {
    const char *given;
    Status status;
    bool is_id;
  } cases[] = {
      {ID, STATUS_OK, true},
      {"spotify:playlist:" ID, STATUS_OK, true},
      {"SPOTIFY:playlist:" ID, STATUS_OK, true},
      {"spotify:user:someone:playlist:" ID, STATUS_OK, true},
      {"https://open.spotify.com/playlist/" ID "?si=1#x", STATUS_OK, true},
      {"http://open.spotify.com/intl-pt/playlist/" ID "/", STATUS_OK, true},
      {"https://open.spotify.com/user/x/playlist/" ID, STATUS_OK, true},
      {"My mix", STATUS_OK, false},
      {"4iV5W9uYEdYUVa79Axb7R-", STATUS_OK, false},
      {"spotify:track:" ID, STATUS_USAGE, false},
      {"spotify:playlist:", STATUS_USAGE, false},
      {"https://open.spotify.com/playlist/" ID "x", STATUS_USAGE, false},
      {"https://open.spotify.com/", STATUS_USAGE, false},
      {"https://open.spotify.com.evil.example/playlist/" ID, STATUS_USAGE, false},
      {"https://spotify.link/x", STATUS_USAGE, false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    SpotifyReference reference;
    Error error = {0};
    assert_int_equal(spotify_reference(text_of(cases[i].given), "playlist", &reference, &error), cases[i].status);
    if (cases[i].status == STATUS_OK) assert_int_equal(reference.id.length > 0, cases[i].is_id);
    else assert_true(strlen(error.message) > 20);
  }
}

/* ---- the calls between two lists ---- */

typedef struct Slot {
  EntryKey key;
  bool old;
} Slot;

typedef struct Model {
  VEC(Slot) slots;
} Model;

static void insert_slot(Arena *arena, Model *model, size_t at, Slot slot) {
  assert_true(at <= model->slots.count);
  vec_push(arena, &model->slots, slot);
  memmove(&model->slots.items[at + 1], &model->slots.items[at], (model->slots.count - 1 - at) * sizeof slot);
  model->slots.items[at] = slot;
}

static void remove_key(Model *model, EntryKey key) {
  size_t left = 0;
  for (size_t i = 0; i < model->slots.count; i++)
    if (model->slots.items[i].key != key) model->slots.items[left++] = model->slots.items[i];
  model->slots.count = left;
}

/* `before` is an index in the list as it is before the move. */
static void move_block(Arena *arena, Model *model, size_t at, size_t count, size_t before) {
  Model out = {0};
  assert_true(count && at + count <= model->slots.count && before <= model->slots.count);
  for (size_t i = 0; i <= model->slots.count; i++) {
    if (i == before)
      for (size_t k = at; k < at + count; k++) vec_push(arena, &out.slots, model->slots.items[k]);
    if (i < model->slots.count && (i < at || i >= at + count)) vec_push(arena, &out.slots, model->slots.items[i]);
  }
  *model = out;
}

static void take_step(Arena *arena, Model *model, const RemoteNames *names, const Step *step) {
  assert_true(step->kind == STEP_MOVE || step->count <= 100);
  if (step->kind == STEP_MOVE) {
    move_block(arena, model, step->at, step->count, step->before);
    return;
  }
  if (step->kind == STEP_REPLACE) model->slots.count = 0;
  for (size_t i = 0; i < step->count; i++) {
    Text uri = remote_uri(names, step->keys[i]);
    assert_true(uri.length && memcmp(uri.bytes, "spotify:track:", 14) == 0); /* all that a call can bring */
    if (step->kind == STEP_REMOVE) remove_key(model, step->keys[i]);
    else insert_slot(arena, model, (step->kind == STEP_REPLACE ? 0 : step->at) + i, (Slot){step->keys[i], false});
  }
}

static size_t count_key(EntryList list, EntryKey key) {
  size_t count = 0;
  for (size_t i = 0; i < list.count; i++) count += list.keys[i] == key;
  return count;
}

static void draw_lists(Arena *arena, Random *random, RemoteNames *names, size_t most, RemoteList *is, WantedRows *rows) {
  static const SpotifyThing things[] = {SPOTIFY_GONE, SPOTIFY_LOCAL, SPOTIFY_EPISODE};
  static const char *const uris[] = {" ", "spotify:local:a:b:c:1", "spotify:episode:e"};
  size_t keys = 1 + random_below(random, most), count = random_below(random, most + 1);
  for (size_t i = 0; i < count; i++) {
    char id[SPOTIFY_ID_LENGTH + 1];
    size_t other = random_below(random, 20);
    snprintf(id, sizeof id, "%022u", (unsigned)random_below(random, keys));
    RemoteEntry entry = {.key = remote_track_key(names, text_of(id)), .thing = SPOTIFY_TRACK};
    if (other < 3) entry = (RemoteEntry){.key = text_intern(names->uris, text_of(uris[other])), .thing = things[other]};
    vec_push(arena, &is->entries, entry);
  }
  for (size_t i = 0; i < is->entries.count; i++)
    if (is->entries.items[i].thing == SPOTIFY_TRACK && random_below(random, 8)) vec_push(arena, &rows->rows, ((WantedRow){.key = is->entries.items[i].key}));
  size_t turn = rows->rows.count ? random_below(random, rows->rows.count) : 0, more = random_below(random, 5);
  for (size_t i = 0; i < turn; i++) vec_push(arena, &rows->rows, rows->rows.items[i]);
  if (turn) memmove(rows->rows.items, rows->rows.items + turn, (rows->rows.count - turn) * sizeof *rows->rows.items);
  rows->rows.count -= turn;
  for (size_t i = 0; i < more; i++) {
    char id[SPOTIFY_ID_LENGTH + 1];
    snprintf(id, sizeof id, "%022u", (unsigned)random_below(random, 2 * keys));
    vec_push(arena, &rows->rows, ((WantedRow){.key = random_below(random, 9) ? remote_track_key(names, text_of(id)) : 0}));
  }
}

static void check_lists(size_t most, PlaylistChangeMode mode, uint64_t seed) {
  Arena *arena = arena_new(0);
  Random random = random_seeded(seed);
  RemoteNames *names = remote_names_new(arena);
  RemoteList is = {0};
  WantedRows rows = {0};
  WantedList wanted;
  StepPlan plan;
  Model model = {0};
  draw_lists(arena, &random, names, most, &is, &rows);
  wanted_list(arena, &is, &rows, mode, &wanted);
  steps_plan(arena, &is, &wanted, mode, &plan);
  EntryList was = remote_keys(arena, &is), list = wanted.list, applied;
  for (size_t i = 0; i < was.count; i++) vec_push(arena, &model.slots, ((Slot){was.keys[i], true}));
  for (size_t i = 0; i < plan.steps.count; i++) take_step(arena, &model, names, &plan.steps.items[i]);
  assert_int_equal(model.slots.count, list.count);
  for (size_t i = 0; i < list.count; i++) assert_int_equal(model.slots.items[i].key, list.keys[i]);
  assert_true(steps_apply(arena, was, &plan, plan.steps.count, &applied));
  assert_int_equal(applied.count, list.count);
  /* What no call brings back stays, and with a smallest change everything keeps its date of which not fewer are wanted. */
  for (size_t i = 0; i < was.count && i < 300; i++) {
    size_t before = count_key(was, was.keys[i]), after = count_key(list, was.keys[i]), old = 0;
    for (size_t s = 0; s < model.slots.count; s++) old += model.slots.items[s].key == was.keys[i] && model.slots.items[s].old;
    if (is.entries.items[i].thing != SPOTIFY_TRACK) assert_true(old == before && after == before);
    else if (mode != CHANGE_REPLACE && after >= before) assert_int_equal(old, before);
  }
  if (mode == CHANGE_APPEND) assert_true(plan.removed == 0 && plan.moves == 0);
  arena_free(arena);
}

static void test_lists(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 1500; seed++)
    for (int mode = CHANGE_UPDATE; mode <= CHANGE_APPEND; mode++) check_lists(seed % 4 ? 12 : 250, (PlaylistChangeMode)mode, seed);
  check_lists(10000, CHANGE_UPDATE, 1);
  check_lists(10000, CHANGE_REPLACE, 2);
}

static void test_hostile(void **state) {
  (void)state;
  const Text seeds[] = {TEXT_LITERAL("0{\"items\":[{\"item\":{\"id\":\"" ID "\",\"artists\":[{\"name\":\"A\"}],\"explicit\":true},\"added_at\":\"2024-05-01T00:00:00Z\"}]}"),
                               TEXT_LITERAL("1https://open.spotify.com/intl-de/playlist/" ID "?si=1"), TEXT_LITERAL("1spotify:user:a:playlist:" ID)};
  Random random = random_seeded(3);
  for (int round = 0; round < 3000; round++) {
    uint8_t data[160];
    Text seed = seeds[round % 3];
    size_t size = seed.length;
    memcpy(data, seed.bytes, size);
    for (size_t changes = random_below(&random, 4); changes > 0; changes--) data[1 + random_below(&random, size - 1)] = (uint8_t)random_below(&random, 256);
    assert_int_equal(LLVMFuzzerTestOneInput(data, random_below(&random, 3) ? size : random_below(&random, size)), 0);
  }
}

/* ---- names ---- */

static void test_names(void **state) {
  (void)state;
  static const struct {
    const char *a, *b;
    TitlesAre are;
  } titles[] = {
      {"Blue Hour", "BLUE HOUR", TITLES_EQUAL},
      {"Don\xE2\x80\x99t Go", "Don't Go", TITLES_EQUAL},
      {"Army of Me (bj\xC3\xB6rk)", "Army of me [Bjo\xCC\x88rk]", TITLES_EQUAL},
      {"Salt + Smoke", "Salt & Smoke", TITLES_EQUAL},
      {"!!!", "!!!", TITLES_EQUAL},
      {"!!!", "???", TITLES_DIFFER},
      {"\xE3\x82\xAC", "\xE3\x82\xAB", TITLES_DIFFER}, /* ga and ka */
      {"Blue Hour", "Blue Hour (feat. Bo Rask) - Remastered 2011", TITLES_ALIKE},
      {"Blue Hour [2011 Remaster]", "Blue Hour ft. Bo", TITLES_ALIKE},
      {"Blue Hour", "Blue Hour - Live", TITLES_DIFFER},
      {"Blue Hour", "Blue Hour - Live / Remastered", TITLES_DIFFER},
      {"Blue Hour", "Blue Hour (Odell Remix)", TITLES_DIFFER},
      {"Blue Hour (Odell Remix)", "Blue Hour (Paz Remix)", TITLES_DIFFER},
      {"Love Story", "Love Story (Ada's Version)", TITLES_DIFFER},
      {"Long Wall, Pt. 1", "Long Wall, Pt. 2", TITLES_DIFFER},
      {"1979", "1989", TITLES_DIFFER},
      {"(Remastered)", "(Live)", TITLES_DIFFER},
      {"Craft", "Craft Feat", TITLES_DIFFER},
  };
  Arena *arena = arena_new(0);
  for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
    if (titles_are(arena, text_of(titles[i].a), text_of(titles[i].b)) != titles[i].are) fail_msg("%s / %s", titles[i].a, titles[i].b);
    if (titles_are(arena, text_of(titles[i].b), text_of(titles[i].a)) != titles[i].are) fail_msg("%s / %s", titles[i].b, titles[i].a);
  }
  const Text duo[] = {TEXT_LITERAL("Ada Lind"), TEXT_LITERAL("The Rask")}, band[] = {TEXT_LITERAL("Earth, Wind & Fire")};
  static const char *const of_duo[] = {"ada lind", "Rask", "Ada Lind & The Rask", "Ada Lind feat. Somebody", "Ada Lind, Somebody", "Ada Lind x Somebody"};
  static const char *const not_of_duo[] = {"Ada", "Ada Linden", "Lind Ada", "Somebody feat. Ada Lind"};
  for (size_t i = 0; i < sizeof of_duo / sizeof *of_duo; i++) assert_true(artist_is_among(arena, text_of(of_duo[i]), duo, 2));
  for (size_t i = 0; i < sizeof not_of_duo / sizeof *not_of_duo; i++) assert_false(artist_is_among(arena, text_of(not_of_duo[i]), duo, 2));
  assert_true(artist_is_among(arena, TEXT_LITERAL("earth wind and fire"), band, 1));
  assert_false(artist_is_among(arena, TEXT_LITERAL("Earth"), band, 1));
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_objects), cmocka_unit_test(test_names), cmocka_unit_test(test_references), cmocka_unit_test(test_lists), cmocka_unit_test(test_hostile)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
