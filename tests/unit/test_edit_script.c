/* Edit scripts: exact for any two lists, kind to what stays, and close to the fewest calls by brute force. */
#include "base/map.h"
#include "base/random.h"
#include "sync/edit_script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const EditLimits spotify = {.insert_most = 100, .remove_most = 100};

static size_t times(EntryList list, EntryKey key) {
  size_t count = 0;
  for (size_t i = 0; i < list.count; i++) count += list.keys[i] == key;
  return count;
}

/* Plans, applies, checks every promise of the header; the number of calls. */
static size_t check_plan(Arena *arena, EntryList is, EntryList wanted, EditLimits limits) {
  EditScript script;
  EntryList got;
  edit_script_plan(arena, is, wanted, limits, &script);
  assert_true(edit_script_apply(arena, is, &script, &got));
  assert_int_equal(got.count, wanted.count);
  if (got.count) assert_memory_equal(got.keys, wanted.keys, got.count * sizeof *got.keys);
  size_t inserted = 0, moves = 0;
  for (size_t i = 0; i < script.edits.count; i++) {
    const Edit *edit = &script.edits.items[i];
    if (edit->kind == EDIT_INSERT) {
      assert_in_range(edit->count, 1, limits.insert_most);
      inserted += edit->count;
    }
    if (edit->kind == EDIT_REMOVE) {
      assert_in_range(edit->count, 1, limits.remove_most);
      for (size_t k = 0; k < edit->count; k++) assert_true(times(is, edit->keys[k]) > times(wanted, edit->keys[k]));
    }
    moves += edit->kind == EDIT_MOVE;
  }
  assert_int_equal(inserted, script.inserted + script.reinserted);
  assert_int_equal(moves, script.moves);
  assert_int_equal(is.count - script.removed + script.inserted, wanted.count);
  return script.edits.count;
}

static EntryList letters(Arena *arena, const char *text) {
  EntryKey *keys = arena_array(arena, strlen(text) + 1, sizeof *keys);
  for (size_t i = 0; text[i]; i++) keys[i] = (EntryKey)text[i];
  return (EntryList){keys, strlen(text)};
}

/* ---- known cases ---- */

static void test_cases(void **state) {
  (void)state;
  static const struct {
    const char *is, *wanted;
    size_t calls;
  } cases[] = {
      {"ABCD", "DBCA", 2}, {"ABC", "BCA", 1},      {"ABA", "AB", 2},      {"AB", "ABA", 1},  {"ABCDE", "AXCYE", 3}, {"ABC", "ABC", 0},
      {"", "ABC", 1},      {"ABC", "", 1},         {"AAAA", "AA", 2},     {"AB", "BA", 1},   {"ABCDEF", "DEFABC", 1}, {"ABCDEF", "FEDCBA", 4},
      {"AXBXC", "XABCX", 2}, {"ABCDEFGHIJKL", "ABIJCDEFGHKL", 1}, {"", "", 0},
  };
  Arena *arena = arena_new(0);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    size_t calls = check_plan(arena, letters(arena, cases[i].is), letters(arena, cases[i].wanted), spotify);
    if (calls != cases[i].calls) fail_msg("%s to %s: %zu calls, not %zu", cases[i].is, cases[i].wanted, calls, cases[i].calls);
  }
  arena_free(arena);
}

/* ---- random lists ---- */

static EntryList random_list(Arena *arena, Random *random, size_t most, uint64_t alphabet) {
  size_t count = (size_t)random_below(random, most + 1);
  EntryKey *keys = arena_array(arena, count + 1, sizeof *keys);
  for (size_t i = 0; i < count; i++) keys[i] = (EntryKey)(random_below(random, alphabet) * 2654435761U);
  return (EntryList){keys, count};
}

/* A list as a person leaves it: some entries gone, some new, some blocks elsewhere. */
static EntryList changed_list(Arena *arena, Random *random, EntryList list, size_t changes) {
  EntryKey *keys = arena_array(arena, list.count + changes + 1, sizeof *keys);
  size_t count = list.count;
  if (count) memcpy(keys, list.keys, count * sizeof *keys);
  for (size_t i = 0; i < changes; i++) {
    size_t at = (size_t)random_below(random, count + 1), end = at + (size_t)random_below(random, count - at + 1);
    uint64_t what = random_below(random, 3);
    if (what == 0) {
      memmove(keys + at + 1, keys + at, (count - at) * sizeof *keys);
      keys[at] = (EntryKey)random_next(random);
      count++;
    } else if (what == 1 && at < count) {
      memmove(keys + at, keys + at + 1, (count - at - 1) * sizeof *keys);
      count--;
    } else if (what == 2 && end - at < count) {
      EntryKey *block = arena_array(arena, end - at + 1, sizeof *block);
      memcpy(block, keys + at, (end - at) * sizeof *keys);
      memmove(keys + at, keys + end, (count - end) * sizeof *keys);
      size_t gap = (size_t)random_below(random, count - (end - at) + 1);
      memmove(keys + gap + (end - at), keys + gap, (count - (end - at) - gap) * sizeof *keys);
      memcpy(keys + gap, block, (end - at) * sizeof *keys);
    }
  }
  return (EntryList){keys, count};
}

static void test_random_lists(void **state) {
  (void)state;
  Random random = random_seeded(20261123);
  for (int round = 0; round < 3000; round++) {
    Arena *arena = arena_new(0);
    size_t most = round % 100 == 0 ? 400 : round % 10 == 0 ? 40 : 9;
    EditLimits limits = {.insert_most = 1 + (size_t)random_below(&random, 12), .remove_most = 1 + (size_t)random_below(&random, 12)};
    EntryList is = random_list(arena, &random, most, 1 + random_below(&random, most * 2));
    EntryList wanted = round % 2 ? random_list(arena, &random, most, 1 + random_below(&random, most * 2)) : changed_list(arena, &random, is, 1 + most / 8);
    check_plan(arena, is, wanted, limits);
    arena_free(arena);
  }
}

/* One change that a service can do in one call costs one call, whatever the length. */
static void test_long_lists(void **state) {
  (void)state;
  Random random = random_seeded(7);
  for (int round = 0; round < 6; round++) {
    Arena *arena = arena_new(0);
    EntryList is = random_list(arena, &random, 10000, round % 2 ? 3000 : 1000000000);
    check_plan(arena, is, random_list(arena, &random, round < 2 ? 10000 : 2000, round % 2 ? 3000 : 1000000000), spotify);
    EntryList wanted = changed_list(arena, &random, is, 10);
    assert_true(check_plan(arena, is, wanted, spotify) <= (size_t)(round % 2 ? 22 : 12));
    arena_free(arena);
  }
}

/* A shuffled list is sorted with little more than half a move an entry: a move joins three pairs of neighbours at most, two in a typical one. */
static void test_shuffled(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Random random = random_seeded(3);
  enum { ENTRIES = 1000 };
  EntryKey is[ENTRIES], wanted[ENTRIES];
  for (uint32_t i = 0; i < ENTRIES; i++) is[i] = wanted[i] = i;
  for (size_t i = ENTRIES - 1; i > 0; i--) {
    size_t k = (size_t)random_below(&random, i + 1);
    EntryKey key = is[i];
    is[i] = is[k];
    is[k] = key;
  }
  size_t calls = check_plan(arena, (EntryList){is, ENTRIES}, (EntryList){wanted, ENTRIES}, spotify);
  assert_in_range(calls, ENTRIES / 3, ENTRIES * 6 / 10);
  arena_free(arena);
}

/* ---- brute force ---- */

enum { MOST = 8 };

/* A list of at most eight symbols below 15, four bits each, the first lowest; above them its length. */
static int64_t pack(const EntryKey *keys, size_t count) {
  uint64_t packed = (uint64_t)count << 32;
  for (size_t i = 0; i < count; i++) packed |= (uint64_t)keys[i] << (4 * i);
  return (int64_t)packed;
}

static size_t unpack(int64_t packed, EntryKey *keys) {
  size_t count = (size_t)(packed >> 32);
  for (size_t i = 0; i < count; i++) keys[i] = (EntryKey)(packed >> (4 * i) & 15);
  return count;
}

typedef struct Distances {
  IntMap *of;
  VEC(int64_t) queue;
} Distances;

/* The moves from every ordering of the list's entries to the list. */
static Distances move_distances(Arena *arena, EntryList to) {
  Distances distances = {.of = int_map_new(arena, 64)};
  vec_push(arena, &distances.queue, pack(to.keys, to.count));
  int_map_set(distances.of, distances.queue.items[0], 0);
  for (size_t next = 0; next < distances.queue.count; next++) {
    EntryKey keys[MOST], moved[MOST];
    size_t count = unpack(distances.queue.items[next], keys);
    uint32_t far = int_map_get(distances.of, distances.queue.items[next], 0);
    for (size_t from = 0; from < count; from++)
      for (size_t middle = from + 1; middle < count; middle++)
        for (size_t end = middle + 1; end <= count; end++) {
          memcpy(moved, keys, sizeof keys);
          memcpy(moved + from, keys + middle, (end - middle) * sizeof *keys);
          memcpy(moved + from + (end - middle), keys + from, (middle - from) * sizeof *keys);
          bool added;
          int_map_add(distances.of, pack(moved, count), far + 1, &added);
          if (added) vec_push(arena, &distances.queue, pack(moved, count));
        }
  }
  return distances;
}

/* Every order of `left` new entries at every place of what stays. */
static void try_insertions(const Distances *distances, EntryKey *fresh, size_t count, size_t chosen, const EntryKey *stays, size_t stay_count, uint32_t *best) {
  if (chosen == count) {
    for (size_t at = 0; at <= stay_count; at++) {
      EntryKey keys[MOST];
      memcpy(keys, stays, at * sizeof *keys);
      memcpy(keys + at, fresh, count * sizeof *keys);
      memcpy(keys + at + count, stays + at, (stay_count - at) * sizeof *keys);
      uint32_t far = int_map_get(distances->of, pack(keys, stay_count + count), UINT32_MAX);
      if (far < *best) *best = far;
    }
    return;
  }
  for (size_t i = chosen; i < count; i++) {
    EntryKey key = fresh[chosen];
    fresh[chosen] = fresh[i];
    fresh[i] = key;
    try_insertions(distances, fresh, count, chosen + 1, stays, stay_count, best);
    fresh[i] = fresh[chosen];
    fresh[chosen] = key;
  }
}

/* The fewest calls: what must go goes in one, what is new comes in one (a later insertion can be a move of what came early), the rest is moves. */
static size_t fewest_calls(const Distances *distances, EntryList is, EntryList wanted) {
  EntryKey stays[MOST], fresh[MOST];
  size_t stay_count = 0, fresh_count = 0;
  for (size_t i = 0; i < is.count; i++)
    if (times(is, is.keys[i]) <= times(wanted, is.keys[i])) stays[stay_count++] = is.keys[i];
  for (size_t i = 0; i < wanted.count; i++) {
    size_t before = times((EntryList){wanted.keys, i}, wanted.keys[i]);
    if (before >= times((EntryList){stays, stay_count}, wanted.keys[i])) fresh[fresh_count++] = wanted.keys[i];
  }
  uint32_t best = UINT32_MAX;
  try_insertions(distances, fresh, fresh_count, 0, stays, stay_count, &best);
  return best + (stay_count < is.count) + (fresh_count > 0);
}

typedef struct Tally {
  size_t lists, best, one_more;
} Tally;

static void judge(Arena *arena, const Distances *distances, EntryList is, EntryList wanted, Tally *tally) {
  size_t calls = check_plan(arena, is, wanted, spotify), fewest = fewest_calls(distances, is, wanted);
  tally->lists++;
  tally->best += calls == fewest;
  tally->one_more += calls == fewest + 1;
  if (calls >= fewest && calls <= fewest + 1) return;
  char text[64] = "";
  for (size_t i = 0; i < is.count; i++) snprintf(text + strlen(text), sizeof text - strlen(text), "%c", (int)('a' + is.keys[i]));
  strcat(text, " to ");
  for (size_t i = 0; i < wanted.count; i++) snprintf(text + strlen(text), sizeof text - strlen(text), "%c", (int)('a' + wanted.keys[i]));
  fail_msg("%s: %zu calls where %zu do", text, calls, fewest);
}

static bool next_permutation(EntryKey *keys, size_t count) {
  size_t i = count;
  while (i > 1 && keys[i - 2] >= keys[i - 1]) i--;
  if (i <= 1) return false;
  size_t k = count - 1;
  while (keys[k] <= keys[i - 2]) k--;
  EntryKey key = keys[i - 2];
  keys[i - 2] = keys[k];
  keys[k] = key;
  for (size_t a = i - 1, b = count - 1; a < b; a++, b--) {
    key = keys[a];
    keys[a] = keys[b];
    keys[b] = key;
  }
  return true;
}

/* All orders of up to `most` different entries; which is which does not matter. */
static void judge_permutations(size_t most, uint64_t one_in, Tally *tally) {
  Random random = random_seeded(most);
  for (size_t count = 0; count <= most; count++) {
    Arena *arena = arena_new(0);
    EntryKey wanted[MOST], is[MOST];
    for (uint32_t i = 0; i < count; i++) wanted[i] = is[i] = i;
    Distances distances = move_distances(arena, (EntryList){wanted, count});
    do {
      if (random_below(&random, one_in)) continue;
      Arena *inner = arena_new(0);
      judge(inner, &distances, (EntryList){is, count}, (EntryList){wanted, count}, tally);
      arena_free(inner);
    } while (next_permutation(is, count));
    arena_free(arena);
  }
}

/* All lists `is` over the symbols of `wanted` and fresh ones, up to renaming of the fresh. */
static void judge_all(const Distances *distances, EntryKey *is, size_t count, size_t most, uint32_t symbols, uint32_t fresh, EntryList wanted, Tally *tally) {
  Arena *arena = arena_new(0);
  judge(arena, distances, (EntryList){is, count}, wanted, tally);
  arena_free(arena);
  for (uint32_t key = 0; count < most && key <= symbols + fresh; key++) {
    is[count] = key;
    judge_all(distances, is, count + 1, most, symbols, fresh + (key == symbols + fresh), wanted, tally);
  }
}

/* All pairs of lists of up to `most` entries, up to renaming. */
static void judge_pairs(EntryKey *wanted, size_t count, uint32_t symbols, size_t most, Tally *tally) {
  Arena *arena = arena_new(0);
  EntryKey is[MOST];
  Distances distances = move_distances(arena, (EntryList){wanted, count});
  judge_all(&distances, is, 0, most, symbols, 0, (EntryList){wanted, count}, tally);
  arena_free(arena);
  for (uint32_t key = 0; count < most && key <= symbols; key++) {
    wanted[count] = key;
    judge_pairs(wanted, count + 1, symbols + (key == symbols), most, tally);
  }
}

static void judge_samples(size_t rounds, Tally *tally) {
  Random random = random_seeded(5);
  for (size_t round = 0; round < rounds; round++) {
    Arena *arena = arena_new(0);
    EntryKey lists[2][MOST];
    size_t counts[2];
    uint64_t alphabet = 3 + random_below(&random, 8);
    for (int i = 0; i < 2; i++) {
      counts[i] = 6 + (size_t)random_below(&random, 3);
      for (size_t k = 0; k < counts[i]; k++) lists[i][k] = (EntryKey)random_below(&random, alphabet);
    }
    EntryList wanted = {lists[1], counts[1]};
    Distances distances = move_distances(arena, wanted);
    judge(arena, &distances, (EntryList){lists[0], counts[0]}, wanted, tally);
    arena_free(arena);
  }
}

/* NARADA_TEST_WHOLE=1 tries all of it. */
static void test_brute_force(void **state) {
  (void)state;
  bool whole = getenv("NARADA_TEST_WHOLE") != NULL;
  Tally permutations = {0}, pairs = {0}, samples = {0};
  EntryKey wanted[MOST];
  judge_permutations(whole ? 8 : 6, 1, &permutations);
  judge_permutations(8, whole ? 1 : 400, &permutations);
  judge_pairs(wanted, 0, 0, whole ? 5 : 4, &pairs);
  judge_samples(whole ? 3000 : 40, &samples);
  Tally *tallies[] = {&permutations, &pairs, &samples};
  const char *names[] = {"orders", "pairs of lists", "longer lists"};
  for (int i = 0; i < 3; i++) printf("%s: %zu, %zu in the fewest calls, %zu in one more\n", names[i], tallies[i]->lists, tallies[i]->best, tallies[i]->one_more);
  assert_int_equal(permutations.one_more, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_cases), cmocka_unit_test(test_random_lists), cmocka_unit_test(test_long_lists),
      cmocka_unit_test(test_shuffled), cmocka_unit_test(test_brute_force),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
