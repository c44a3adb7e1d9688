/* Keys that order the entries of a playlist: bounds of their length and of the keys a move changes, over a million moves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "store/playlist_keys.h"

#include <cmocka.h> /* last: its macro `fail` hides ours */

enum { ENTRIES = 300, MOVES = 1000000, AIMED_MOVES = 200000, REFRESH = 50000, RANDOM_AVERAGE = 16 };

typedef struct List {
  Arena *arena;
  Text *keys;
  bool *settled;
  size_t count;
  uint64_t changed; /* keys, by all moves */
  uint64_t most;    /* by one move */
  size_t longest;   /* key there ever was */
} List;

/* The keys in an arena of their own: those of earlier moves are forgotten now and then. */
static void refresh(List *list) {
  Arena *arena = arena_new(0);
  Text *keys = arena_array(arena, list->count, sizeof *keys);
  for (size_t i = 0; i < list->count; i++) keys[i] = text_copy(arena, list->keys[i]);
  bool *settled = arena_array(arena, list->count, sizeof *settled);
  if (list->arena) arena_free(list->arena);
  list->arena = arena;
  list->keys = keys;
  list->settled = settled;
}

static List new_list(size_t count) {
  Text *keys = calloc(count, sizeof *keys);
  Arena *arena = arena_new(0);
  playlist_keys_fresh(arena, keys, count);
  List list = {.keys = keys, .count = count};
  refresh(&list);
  arena_free(arena);
  free(keys);
  return list;
}

static void move_entry(List *list, size_t from, size_t to) {
  Text *keys = list->keys;
  if (from < to) memmove(keys + from, keys + from + 1, (to - from) * sizeof *keys);
  if (from > to) memmove(keys + to + 1, keys + to, (from - to) * sizeof *keys);
  for (size_t i = 0; i < list->count; i++) list->settled[i] = i != to;
  playlist_keys_assign(list->arena, keys, list->settled, list->count);
  uint64_t changed = 0;
  for (size_t i = 0; i < list->count; i++) changed += !list->settled[i];
  list->changed += changed;
  if (changed > list->most) list->most = changed;
  if (keys[to].length > list->longest) list->longest = keys[to].length;
}

static void assert_ordered(const List *list) {
  for (size_t i = 0; i < list->count; i++) {
    assert_true(list->keys[i].length > 0 && list->keys[i].length <= PLAYLIST_KEY_MAX);
    if (i) assert_true(text_compare(list->keys[i - 1], list->keys[i]) < 0);
  }
}

static void end_list(List *list) {
  assert_ordered(list);
  arena_free(list->arena);
}

static void random_moves_change_one_key_each(void **state) {
  (void)state;
  Random random = random_seeded(5);
  List list = new_list(ENTRIES);
  for (int i = 0; i < MOVES; i++) {
    move_entry(&list, random_below(&random, ENTRIES), random_below(&random, ENTRIES));
    if (i % REFRESH == 0) {
      assert_ordered(&list);
      refresh(&list);
    }
  }
  size_t digits = 0;
  for (size_t i = 0; i < ENTRIES; i++) digits += list.keys[i].length;
  print_message("keys of %.1f digits on average, the longest ever %zu; %d moves changed %llu keys\n", (double)digits / ENTRIES, list.longest, MOVES,
                (unsigned long long)list.changed);
  assert_int_equal(list.changed, MOVES);
  assert_true(digits <= RANDOM_AVERAGE * ENTRIES);
  end_list(&list);
}

/* Where an entry goes with each move: the places that suit least. */
static size_t to_second(int move) {
  (void)move;
  return 1;
}

static size_t to_last_but_one(int move) {
  (void)move;
  return ENTRIES - 2;
}

static size_t to_the_middle(int move) {
  (void)move;
  return ENTRIES / 2;
}

static size_t zigzag(int move) {
  return ENTRIES / 2 + (size_t)(move % 2);
}

static size_t two_places(int move) {
  return move % 2 ? 10 : 200;
}

static void moves_to_one_place_change_few_keys(void **state) {
  (void)state;
  static const struct {
    const char *name;
    size_t (*place)(int move);
  } ways[] = {{"to the second place", to_second}, {"to the last but one", to_last_but_one}, {"to the middle", to_the_middle}, {"zigzag", zigzag}, {"two places", two_places}};
  for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
    List list = new_list(ENTRIES);
    for (int i = 0; i < AIMED_MOVES; i++) {
      size_t to = ways[w].place(i);
      move_entry(&list, to < ENTRIES / 2 ? ENTRIES - 1 : 0, to);
      if (i % REFRESH == 0) refresh(&list);
    }
    print_message("%s: longest key %zu, %.2f keys a move, at most %llu\n", ways[w].name, list.longest, (double)list.changed / AIMED_MOVES, (unsigned long long)list.most);
    assert_true(list.changed < 2 * (uint64_t)AIMED_MOVES);
    assert_true(list.longest <= PLAYLIST_KEY_MAX);
    end_list(&list);
  }
}

/* The most common moves of all never need more than eight digits. */
static void both_ends_have_room(void **state) {
  (void)state;
  List list = new_list(ENTRIES);
  for (int i = 0; i < MOVES; i++) {
    if (i % 2) {
      move_entry(&list, ENTRIES / 2, 0);
    } else {
      move_entry(&list, ENTRIES / 2, ENTRIES - 1);
    }
    if (i % REFRESH == 0) refresh(&list);
  }
  assert_int_equal(list.longest, 8);
  assert_int_equal(list.changed, MOVES);
  end_list(&list);
}

/* Keys that some other program left: out of order, alike, not of our digits. */
static void foreign_keys_are_mended(void **state) {
  (void)state;
  static const char *const found[] = {"a0", "a0", "\xC3\xA9", "Z", "", "0000000000000000000000000000000000000000000000"};
  List list = new_list(40);
  for (size_t i = 0; i < sizeof found / sizeof *found; i++) list.keys[10 + i] = text_of(found[i]);
  for (size_t i = 0; i < list.count; i++) move_entry(&list, 12, i);
  for (size_t i = 8; i < 18; i++) move_entry(&list, i, i);
  end_list(&list);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_moves_change_one_key_each),
      cmocka_unit_test(moves_to_one_place_change_few_keys),
      cmocka_unit_test(both_ends_have_room),
      cmocka_unit_test(foreign_keys_are_mended),
  };
  return cmocka_run_group_tests_name("playlist keys", tests, NULL, NULL);
}
