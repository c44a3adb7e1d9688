#include "engine_rig.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 40, MAX_ROWS = 300 };

/* A batch of tracks whose column 0 holds `names`, one letter each, and whose handle is the letter; '-' has neither. */
static Batch *letters(Rig *rig, const char *names) {
  Batch *batch = rig_batch(rig, strlen(names));
  for (size_t i = 0; names[i]; i++) {
    char name[] = {names[i], '\0'};
    rig_set_text(rig, batch, 0, i, name);
    if (names[i] == '-') {
      rig_set_missing(rig, batch, 0, i);
    } else if (batch->tracks) {
      batch_tracks(batch)[i] = names[i];
    }
  }
  return batch;
}

/* A batch of an int and a text column with few distinct values, some missing, on a random selection. */
static const Batch *random_batch(Rig *rig, Random *random, uint64_t spread) {
  size_t rows = (size_t)random_below(random, MAX_ROWS);
  Batch *batch = rig_batch(rig, rows);
  for (size_t i = 0; i < rows; i++) {
    char name[8];
    snprintf(name, sizeof name, "n%u", (unsigned)random_below(random, 20));
    rig_set_int(batch, 0, i, (int64_t)(random_below(random, spread) - spread / 2));
    rig_set_text(rig, batch, 1, i, name);
    for (size_t column = 0; column < 2; column++) {
      if (random_below(random, 6) == 0) rig_set_missing(rig, batch, column, i);
    }
    if (batch->tracks && random_below(random, 8)) batch_tracks(batch)[i] = (TrackHandle)random_below(random, 60) - 30;
  }
  if (random_below(random, 2)) return batch;
  uint32_t *selection = arena_array(rig->arena, rows, sizeof *selection);
  size_t kept = 0;
  for (size_t i = rows; i-- > 0;) {
    if (random_below(random, 3)) selection[kept++] = (uint32_t)i;
  }
  return batch_select(rig->arena, batch, selection, kept);
}

static void expect_rows(const Batch *got, const uint32_t *want, size_t count) {
  assert_int_equal(got->selected, count);
  for (size_t i = 0; i < count; i++) assert_int_equal(batch_row(got, i), want[i]);
}

/* ---- order ---- */

typedef struct Key {
  const Batch *batch;
  const Run *run;
  bool descending[2];
  size_t first, count; /* columns */
} Key;

static int compare_rows(const Key *key, uint32_t a, uint32_t b) {
  for (size_t i = 0; i < key->count; i++) {
    const Column *column = &key->batch->columns[key->first + i];
    bool none_a = column_is_missing(column, a), none_b = column_is_missing(column, b);
    if (none_a || none_b) {
      if (none_a != none_b) return none_a - none_b;
      continue;
    }
    int order = vm_compare(key->run, type_required(column->type), column->values[a], column->values[b]);
    if (order) return key->descending[i] ? -order : order;
  }
  return 0;
}

/* Insertion sort: stable, and too simple to be wrong in the same way. */
static size_t sorted_rows(const Key *key, uint32_t *rows) {
  for (size_t i = 0; i < key->batch->selected; i++) {
    uint32_t row = (uint32_t)batch_row(key->batch, i);
    size_t at = i;
    for (; at > 0 && compare_rows(key, rows[at - 1], row) > 0; at--) rows[at] = rows[at - 1];
    rows[at] = row;
  }
  return key->batch->selected;
}

static void sort_is_stable_with_missing_last(void **state) {
  (void)state;
  for (unsigned round = 0; round < ROUNDS; round++) {
    Rig rig = rig_new(ROWS_TRACK, "n:i name:x");
    PlanArg args[2];
    for (uint32_t i = 0; i < 2; i++) {
      args[i] = rig_arg(&rig, STAGEID_SORT, "key", ARG_ROW, rig_column(&rig, i));
      args[i].descending = round >> i & 1;
    }
    uint32_t both = rig_node(&rig, STAGEID_SORT, 1, args, 2), one = rig_node(&rig, STAGEID_SORT, 1, args, 1);
    uint32_t by_text = rig_node(&rig, STAGEID_SORT, 1, args + 1, 1);
    rig_start(&rig);
    Random random = random_seeded(round);
    static const uint64_t spreads[] = {5, 100000, UINT64_C(1) << 40, UINT64_MAX};
    const Batch *batch = random_batch(&rig, &random, spreads[round % 4]);
    uint32_t want[MAX_ROWS];
    Key key = {batch, rig.run, {args[0].descending, args[1].descending}, 0, 2};
    size_t count = sorted_rows(&key, want);
    expect_rows(rig_run(&rig, both, stage_run_SORT, batch), want, count);
    key.count = 1;
    count = sorted_rows(&key, want);
    expect_rows(rig_run(&rig, one, stage_run_SORT, batch), want, count);
    key = (Key){batch, rig.run, {args[1].descending}, 1, 1};
    count = sorted_rows(&key, want);
    expect_rows(rig_run(&rig, by_text, stage_run_SORT, batch), want, count);
    rig_free(&rig);
  }
}

static void top_is_sort_and_take(void **state) {
  (void)state;
  for (unsigned round = 0; round < ROUNDS; round++) {
    Rig rig = rig_new(ROWS_TRACK, "n:i name:x");
    int64_t wanted = (int64_t[]){0, 1, 3, 50, 299, 1000}[round % 6];
    uint32_t column = round / 6 % 2;
    PlanArg args[] = {rig_arg(&rig, STAGEID_TOP, "count", ARG_CONSTANT, rig_int(&rig, wanted)),
                      rig_arg(&rig, STAGEID_TOP, "by", ARG_ROW, rig_column(&rig, column))};
    uint32_t top = rig_node(&rig, STAGEID_TOP, 1, args, 2);
    rig_start(&rig);
    Random random = random_seeded(round + 77);
    const Batch *batch = random_batch(&rig, &random, 25);
    uint32_t want[MAX_ROWS];
    Key key = {batch, rig.run, {true}, column, 1};
    size_t count = sorted_rows(&key, want);
    expect_rows(rig_run(&rig, top, stage_run_TOP, batch), want, count < (size_t)wanted ? count : (size_t)wanted);
    rig_free(&rig);
  }
}

/* A=5, B missing, C=7, D=5, E missing. */
static void documented_orders(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "name:x n:i released:y");
  PlanArg key = rig_arg(&rig, STAGEID_SORT, "key", ARG_ROW, rig_column(&rig, 1));
  uint32_t ascending = rig_node(&rig, STAGEID_SORT, 1, &key, 1);
  key.descending = true;
  uint32_t descending = rig_node(&rig, STAGEID_SORT, 1, &key, 1);
  PlanArg date = rig_arg(&rig, STAGEID_SORT, "key", ARG_ROW, rig_column(&rig, 2));
  uint32_t by_date = rig_node(&rig, STAGEID_SORT, 1, &date, 1);
  rig_start(&rig);
  Batch *batch = letters(&rig, "ABCDE");
  static const int64_t plays[] = {5, 0, 7, 5, 0};
  for (size_t i = 0; i < 5; i++) {
    rig_set_int(batch, 1, i, plays[i]);
    if (plays[i] == 0) rig_set_missing(&rig, batch, 1, i);
    rig_set_missing(&rig, batch, 2, i);
  }
  static const int16_t years[] = {2020, 0, 2018, 0, 0};
  for (size_t i = 0; i < 3; i += 2) {
    rig_set_int(batch, 2, i, date_pack((Date){.year = years[i], .month = 1, .day = 1, .precision = DATE_YEAR}));
    batch_missing(rig.arena, batch, 2)[i] = 0;
  }
  assert_string_equal(rig_show(&rig, rig_run(&rig, descending, stage_run_SORT, batch), 0), "C A D B E");
  assert_string_equal(rig_show(&rig, rig_run(&rig, ascending, stage_run_SORT, batch), 0), "A D C B E");
  assert_string_equal(rig_show(&rig, rig_run(&rig, by_date, stage_run_SORT, batch), 0), "C A B D E");
  rig_free(&rig);
}

/* ---- choose ---- */

static const char *choose(StageId stage, StageRun *run, uint32_t (*constant)(Rig *, double), double count,
                          const char *rows, bool narrowed) {
  static char shown[64];
  Rig rig = rig_new(ROWS_TRACK, "name:x");
  PlanArg arg = rig_arg(&rig, stage, "count", ARG_CONSTANT, constant(&rig, count));
  uint32_t node = rig_node(&rig, stage, 1, &arg, 1);
  rig_start(&rig);
  const Batch *batch = letters(&rig, rows);
  if (narrowed) {
    uint32_t *selection = arena_array(rig.arena, batch->selected, sizeof *selection);
    for (size_t i = 0; i < batch->selected; i++) selection[i] = (uint32_t)i;
    batch = batch_select(rig.arena, batch, selection, batch->selected);
  }
  snprintf(shown, sizeof shown, "%s", rig_show(&rig, rig_run(&rig, node, run, batch), 0));
  rig_free(&rig);
  return shown;
}

static uint32_t as_int(Rig *rig, double value) {
  return rig_int(rig, (int64_t)value);
}
static uint32_t as_share(Rig *rig, double value) {
  return rig_percent(rig, value / 100);
}

static void counts_and_shares(void **state) {
  (void)state;
  for (int narrowed = 0; narrowed < 2; narrowed++) {
#define TAKE(constant, count, rows) choose(STAGEID_TAKE, stage_run_TAKE, constant, count, rows, narrowed)
    assert_string_equal(TAKE(as_int, 2, "abcde"), "a b");
    assert_string_equal(TAKE(as_int, 0, "abcde"), "");
    assert_string_equal(TAKE(as_int, 10, "abc"), "a b c");
    assert_string_equal(TAKE(as_share, 50, "abcde"), "a b");
    assert_string_equal(TAKE(as_share, 50, "abcdefg"), "a b c");
    assert_string_equal(TAKE(as_share, 1, "abc"), "a");
    assert_string_equal(TAKE(as_share, 0, "abc"), "");
    assert_string_equal(TAKE(as_share, 100, "abc"), "a b c");
    assert_string_equal(TAKE(as_share, 50, ""), "");
    assert_string_equal(choose(STAGEID_LAST, stage_run_LAST, as_int, 3, "12345", narrowed), "3 4 5");
    assert_string_equal(choose(STAGEID_LAST, stage_run_LAST, as_int, 0, "12345", narrowed), "");
    assert_string_equal(choose(STAGEID_LAST, stage_run_LAST, as_int, 9, "12345", narrowed), "1 2 3 4 5");
    assert_string_equal(choose(STAGEID_SKIP, stage_run_SKIP, as_int, 2, "12345", narrowed), "3 4 5");
    assert_string_equal(choose(STAGEID_SKIP, stage_run_SKIP, as_int, 9, "12345", narrowed), "");
#undef TAKE
  }
}

/* share * rows is computed in doubles: every whole percentage of every round number of rows must be exact. */
static void shares_are_exact(void **state) {
  (void)state;
  for (int percent = 1; percent <= 100; percent++) {
    Rig rig = rig_new(ROWS_TRACK, "n:i");
    PlanArg arg = rig_arg(&rig, STAGEID_TAKE, "count", ARG_CONSTANT, as_share(&rig, percent));
    uint32_t node = rig_node(&rig, STAGEID_TAKE, 1, &arg, 1);
    rig_start(&rig);
    for (size_t rows = 100; rows <= 700; rows += 100) {
      assert_int_equal(rig_run(&rig, node, stage_run_TAKE, rig_batch(&rig, rows))->selected,
                       rows * (size_t)percent / 100);
    }
    rig_free(&rig);
  }
}

static void out_of_range_counts_are_refused(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "n:i");
  PlanArg args[] = {rig_arg(&rig, STAGEID_TAKE, "count", ARG_CONSTANT, rig_int(&rig, -1)),
                    rig_arg(&rig, STAGEID_TAKE, "count", ARG_CONSTANT, rig_percent(&rig, 1.5))};
  uint32_t negative = rig_node(&rig, STAGEID_TAKE, 1, &args[0], 1), much = rig_node(&rig, STAGEID_TAKE, 1, &args[1], 1);
  rig_start(&rig);
  const Batch *batch = rig_batch(&rig, 3), *out;
  Error error;
  assert_int_equal(rig_try(&rig, negative, stage_run_TAKE, &batch, 1, &out, &error), STATUS_USAGE);
  assert_string_equal(error.message, "`count` is -1; the least is 0");
  assert_int_equal(rig_try(&rig, much, stage_run_TAKE, &batch, 1, &out, &error), STATUS_USAGE);
  assert_string_equal(error.message, "`count` is 150%; a share is 0% to 100%");
  rig_free(&rig);
}

static void random_stages_repeat_themselves(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "n:i");
  PlanArg seeded[] = {rig_arg(&rig, STAGEID_SAMPLE, "count", ARG_CONSTANT, rig_int(&rig, 20)),
                      rig_arg(&rig, STAGEID_SAMPLE, "seed", ARG_CONSTANT, rig_int(&rig, 42))};
  PlanArg seed = rig_arg(&rig, STAGEID_SHUFFLE, "seed", ARG_CONSTANT, rig_int(&rig, 42));
  uint32_t sample = rig_node(&rig, STAGEID_SAMPLE, 1, seeded, 2),
           free_sample = rig_node(&rig, STAGEID_SAMPLE, 1, seeded, 1);
  uint32_t other_sample = rig_node(&rig, STAGEID_SAMPLE, 1, seeded, 1);
  uint32_t shuffle = rig_node(&rig, STAGEID_SHUFFLE, 1, &seed, 1);
  rig_start(&rig);
  Batch *batch = rig_batch(&rig, 100);
  for (size_t i = 0; i < 100; i++) rig_set_int(batch, 0, i, (int64_t)i);
  const Batch *first = rig_run(&rig, sample, stage_run_SAMPLE, batch);
  assert_int_equal(first->selected, 20);
  for (size_t i = 1; i < 20; i++) assert_true(batch_row(first, i - 1) < batch_row(first, i));
  assert_string_equal(rig_show(&rig, first, 0), rig_show(&rig, rig_run(&rig, sample, stage_run_SAMPLE, batch), 0));
  assert_string_not_equal(rig_show(&rig, rig_run(&rig, free_sample, stage_run_SAMPLE, batch), 0),
                          rig_show(&rig, rig_run(&rig, other_sample, stage_run_SAMPLE, batch), 0));
  const Batch *mixed = rig_run(&rig, shuffle, stage_run_SHUFFLE, batch);
  uint8_t seen[100] = {0};
  for (size_t i = 0; i < 100; i++) seen[batch_row(mixed, i)]++;
  for (size_t i = 0; i < 100; i++) assert_int_equal(seen[i], 1);
  assert_string_not_equal(rig_show(&rig, mixed, 0), rig_show(&rig, batch, 0));
  assert_string_equal(rig_show(&rig, mixed, 0), rig_show(&rig, rig_run(&rig, shuffle, stage_run_SHUFFLE, batch), 0));
  rig_free(&rig);
}

/* Each row must come as often as any other: 20 of 100, 2,000 times, is 400 each; six standard deviations are 107. */
static void samples_are_even(void **state) {
  (void)state;
  unsigned counts[100] = {0};
  Rig rig = rig_new(ROWS_TRACK, "n:i");
  uint32_t nodes[2000];
  for (int i = 0; i < 2000; i++) {
    PlanArg args[] = {rig_arg(&rig, STAGEID_SAMPLE, "count", ARG_CONSTANT, rig_int(&rig, 20)),
                      rig_arg(&rig, STAGEID_SAMPLE, "seed", ARG_CONSTANT, rig_int(&rig, i))};
    nodes[i] = rig_node(&rig, STAGEID_SAMPLE, 1, args, 2);
  }
  rig_start(&rig);
  const Batch *batch = rig_batch(&rig, 100);
  for (int i = 0; i < 2000; i++) {
    const Batch *chosen = rig_run(&rig, nodes[i], stage_run_SAMPLE, batch);
    for (size_t at = 0; at < chosen->selected; at++) counts[batch_row(chosen, at)]++;
  }
  for (size_t i = 0; i < 100; i++) assert_in_range(counts[i], 293, 507);
  rig_free(&rig);
}

/* ---- combine ---- */

static const char *combine(StageId stage, StageRun *run, const char *a, const char *b, const char *by) {
  static char shown[128];
  Rig rig = rig_new(ROWS_TRACK, "title:x");
  PlanArg args[2] = {rig_arg(&rig, stage, "stream", ARG_INPUT, 1)};
  if (by) args[1] = rig_arg(&rig, stage, "by", ARG_WORD, plan_build_string(rig.builder, text_of(by)));
  uint32_t node = rig_node(&rig, stage, 2, args, by ? 2 : 1);
  rig_start(&rig);
  snprintf(shown, sizeof shown, "%s", rig_show(&rig, rig_run2(&rig, node, run, letters(&rig, a), letters(&rig, b)), 0));
  rig_free(&rig);
  return shown;
}

static void documented_sets(void **state) {
  (void)state;
  assert_string_equal(combine(STAGEID_INTERSECT, stage_run_INTERSECT, "ABBC", "CB", NULL), "B B C");
  assert_string_equal(combine(STAGEID_INTERSECT, stage_run_INTERSECT, "AB-", "B-", NULL), "B");
  assert_string_equal(combine(STAGEID_EXCEPT, stage_run_EXCEPT, "ABBC-", "B-", NULL), "A C -");
  assert_string_equal(combine(STAGEID_EXCEPT, stage_run_EXCEPT, "AbBC", "b", "title"), "A C");
  assert_string_equal(combine(STAGEID_UNION, stage_run_UNION, "ABA-", "CB-", NULL), "A B - C -");
  assert_string_equal(combine(STAGEID_CONCAT, stage_run_CONCAT, "AB", "BC", NULL), "A B B C");
  assert_string_equal(combine(STAGEID_INTERLEAVE, stage_run_INTERLEAVE, "123", "a", NULL), "1 a 2 3");
  assert_string_equal(combine(STAGEID_INTERLEAVE, stage_run_INTERLEAVE, "", "ab", NULL), "a b");
}

static void interleave_takes_turns(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "name:x");
  PlanArg args[] = {rig_arg(&rig, STAGEID_INTERLEAVE, "stream", ARG_INPUT, 1),
                    rig_arg(&rig, STAGEID_INTERLEAVE, "stream", ARG_INPUT, 2)};
  uint32_t node = rig_node(&rig, STAGEID_INTERLEAVE, 3, args, 2);
  rig_start(&rig);
  const Batch *inputs[] = {letters(&rig, "123"), letters(&rig, "a"), letters(&rig, "xy")}, *out;
  assert_int_equal(rig_try(&rig, node, stage_run_INTERLEAVE, inputs, 3, &out, NULL), STATUS_OK);
  assert_string_equal(rig_show(&rig, out, 0), "1 a x 2 y 3");
  assert_int_equal(out->tracks[batch_row(out, 1)], 'a');
  rig_free(&rig);
}

/* The key by which the reference compares: the handle, or without tracks the whole row; 0 = none. */
static bool same_identity(const Batch *a, size_t row_a, const Batch *b, size_t row_b, bool *missing) {
  if (a->tracks) {
    *missing = a->tracks[row_a] == 0 || b->tracks[row_b] == 0;
    return !*missing && a->tracks[row_a] == b->tracks[row_b];
  }
  *missing = false;
  for (size_t i = 0; i < 2; i++) {
    bool none_a = column_is_missing(&a->columns[i], row_a), none_b = column_is_missing(&b->columns[i], row_b);
    if (none_a != none_b) return false;
    if (!none_a && a->columns[i].values[row_a].integer != b->columns[i].values[row_b].integer) return false;
  }
  return true;
}

static bool occurs(const Batch *batch, const Batch *in, size_t row, size_t before) {
  for (size_t i = 0; i < before; i++) {
    bool missing;
    if (same_identity(batch, row, in, batch_row(in, i), &missing)) return true;
  }
  return false;
}

static void sets_agree_with_quadratic_ones(void **state) {
  (void)state;
  for (unsigned round = 0; round < ROUNDS; round++) {
    Rig rig = rig_new(round % 2 ? ROWS_TRACK : ROWS_PLAY, "n:i name:x");
    if (round % 4 < 2) {
      rig_free(&rig);
      rig = rig_new(ROWS_ANY, "n:i name:x");
    }
    PlanArg streams[] = {rig_arg(&rig, STAGEID_UNION, "stream", ARG_INPUT, 1)};
    uint32_t unite = rig_node(&rig, STAGEID_UNION, 2, streams, 1),
             meet = rig_node(&rig, STAGEID_INTERSECT, 2, streams, 1);
    uint32_t minus = rig_node(&rig, STAGEID_EXCEPT, 2, streams, 1), unique = rig_node(&rig, STAGEID_UNIQUE, 1, NULL, 0);
    rig_start(&rig);
    Random random = random_seeded(round + 500);
    const Batch *a = random_batch(&rig, &random, 6), *b = random_batch(&rig, &random, 6);
    uint32_t in_both[MAX_ROWS], in_one[MAX_ROWS], once[MAX_ROWS];
    size_t both = 0, one = 0, distinct = 0, extra = 0;
    for (size_t i = 0; i < a->selected; i++) {
      size_t row = batch_row(a, i);
      if (occurs(a, b, row, b->selected)) {
        in_both[both++] = (uint32_t)row;
      } else {
        in_one[one++] = (uint32_t)row;
      }
      if (!occurs(a, a, row, i)) once[distinct++] = (uint32_t)row;
    }
    for (size_t i = 0; i < b->selected; i++) {
      extra += !occurs(b, a, batch_row(b, i), a->selected) && !occurs(b, b, batch_row(b, i), i);
    }
    expect_rows(rig_run2(&rig, meet, stage_run_INTERSECT, a, b), in_both, both);
    expect_rows(rig_run2(&rig, minus, stage_run_EXCEPT, a, b), in_one, one);
    expect_rows(rig_run(&rig, unique, stage_run_UNIQUE, a), once, distinct);
    const Batch *united = rig_run2(&rig, unite, stage_run_UNION, a, b);
    assert_int_equal(united->selected, distinct + extra);
    for (size_t i = 0; i < distinct; i++) {
      for (size_t column = 0; column < 2; column++) {
        bool missing = column_is_missing(&a->columns[column], once[i]);
        assert_int_equal(column_is_missing(&united->columns[column], i), missing);
        if (!missing)
          assert_int_equal(united->columns[column].values[i].integer, a->columns[column].values[once[i]].integer);
      }
    }
    rig_free(&rig);
  }
}

static void unique_keeps_first_and_missing(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "title:x");
  PlanArg by_word =
      rig_arg(&rig, STAGEID_UNIQUE, "by", ARG_WORD, plan_build_string(rig.builder, TEXT_LITERAL("title")));
  PlanArg by_code = rig_arg(&rig, STAGEID_UNIQUE, "by", ARG_ROW, rig_column(&rig, 0));
  uint32_t track = rig_node(&rig, STAGEID_UNIQUE, 1, NULL, 0), title = rig_node(&rig, STAGEID_UNIQUE, 1, &by_word, 1);
  uint32_t code = rig_node(&rig, STAGEID_UNIQUE, 1, &by_code, 1);
  rig_start(&rig);
  assert_string_equal(rig_show(&rig, rig_run(&rig, track, stage_run_UNIQUE, letters(&rig, "ABACB")), 0), "A B C");
  assert_string_equal(rig_show(&rig, rig_run(&rig, track, stage_run_UNIQUE, letters(&rig, "A--A")), 0), "A - -");
  assert_string_equal(rig_show(&rig, rig_run(&rig, title, stage_run_UNIQUE, letters(&rig, "aAb-B-")), 0), "a b - -");
  assert_string_equal(rig_show(&rig, rig_run(&rig, code, stage_run_UNIQUE, letters(&rig, "aAaA-")), 0), "a A -");
  assert_string_equal(rig_show(&rig, rig_run(&rig, track, stage_run_UNIQUE, letters(&rig, "")), 0), "");
  rig_free(&rig);
}

/* ---- rows ---- */

static void filters_report_what_missing_values_cost(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "name:x n:i");
  CodeBuilder *code = code_builder_new(rig.builder, rig.schema);
  code_emit_index(code, OPCODE_COL, 1);
  code_emit_index(code, OPCODE_CONST, rig_int(&rig, 10));
  code_emit(code, OPCODE_LT_I);
  uint32_t below = code_finish(code, TYPE_OF(BOOL));
  PlanArg keep_arg = rig_arg(&rig, STAGEID_KEEP, "condition", ARG_ROW, below);
  PlanArg drop_arg = rig_arg(&rig, STAGEID_DROP, "condition", ARG_ROW, below);
  uint32_t keep = rig_node(&rig, STAGEID_KEEP, 1, &keep_arg, 1), drop = rig_node(&rig, STAGEID_DROP, 1, &drop_arg, 1);
  rig_start(&rig);
  Batch *batch = letters(&rig, "abcd");
  static const int64_t values[] = {9, 10, 0, 11};
  for (size_t i = 0; i < 4; i++) rig_set_int(batch, 1, i, values[i]);
  rig_set_missing(&rig, batch, 1, 2);
  assert_string_equal(rig_show(&rig, rig_run(&rig, keep, stage_run_KEEP, batch), 0), "a");
  assert_int_equal(rig.run->reports[keep].dropped_missing, 1);
  assert_string_equal(rig_show(&rig, rig_run(&rig, drop, stage_run_DROP, batch), 0), "b c d");
  assert_int_equal(rig.run->reports[drop].dropped_missing, 0);
  rig_free(&rig);
}

static void add_sees_the_input_row(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "name:x n:i");
  PlanArg args[2];
  static const int64_t steps[] = {1, INT64_MAX};
  for (int i = 0; i < 2; i++) {
    CodeBuilder *code = code_builder_new(rig.builder, rig.schema);
    code_emit_index(code, OPCODE_COL, 1);
    code_emit_index(code, OPCODE_CONST, rig_int(&rig, steps[i]));
    code_emit(code, OPCODE_ADD_I);
    args[i] = rig_arg(&rig, STAGEID_ADD, "name", ARG_ROW, code_finish(code, TYPE_OF(INT) | TYPE_OPTIONAL));
    args[i].name = plan_build_string(rig.builder, text_of(i ? "far" : "next"));
  }
  uint32_t node = rig_node(&rig, STAGEID_ADD, 1, args, 2);
  rig_start(&rig);
  Batch *batch = letters(&rig, "abc");
  for (size_t i = 0; i < 3; i++) rig_set_int(batch, 1, i, (int64_t)i - 1);
  const Batch *out = rig_run(&rig, node, stage_run_ADD, batch);
  assert_string_equal(rig_show(&rig, out, 2), "0 1 2");
  assert_string_equal(rig_show(&rig, out, 3), "9223372036854775806 9223372036854775807 -");
  assert_string_equal(rig_show(&rig, out, 0), "a b c");
  rig_free(&rig);
}

static void tracks_are_first_plays(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_PLAY, "title:x");
  uint32_t node = rig_node(&rig, STAGEID_TRACKS, 1, NULL, 0);
  rig_start(&rig);
  const Batch *out = rig_run(&rig, node, stage_run_TRACKS, letters(&rig, "BA-BCA"));
  assert_string_equal(rig_show(&rig, out, 0), "B A C");
  assert_int_equal(out->schema->kind, ROWS_TRACK);
  assert_int_equal(rig.run->notice_count, 1);
  assert_true(text_is(rig.run->notices[0].text, "1 play of no known track left out"));
  rig_free(&rig);
}

/* ---- tally ---- */

typedef struct Tallied {
  FunctionId function;
  uint32_t column; /* PLAN_NONE for count */
  char letter;
} Tallied;

/* A tally by column 0 (or by nothing) whose results are the aggregates as they are. */
static uint32_t tally_node(Rig *rig, bool keyed, const Tallied *tallied, uint32_t count) {
  PlanArg args[64];
  uint32_t used = 0;
  if (keyed) {
    args[used] = rig_arg(rig, STAGEID_TALLY, "key", ARG_ROW, rig_column(rig, 0));
    args[used++].name = plan_build_string(rig->builder, TEXT_LITERAL("key"));
  }
  for (uint32_t i = 0; i < count; i++) {
    args[used] =
        rig_arg(rig, STAGEID_TALLY, "name", ARG_AGGREGATE, plan_build_function(rig->builder, tallied[i].function));
    if (tallied[i].column != PLAN_NONE) args[used].code = rig_column(rig, tallied[i].column);
    used++;
  }
  uint32_t inputs[] = {rig->source};
  PlanNode node = {plan_build_stage(rig->builder, STAGEID_TALLY), inputs, 1, args, used, 0, false};
  uint32_t schema = plan_build_aggregate_row(rig->builder, &node);
  for (uint32_t i = 0; i < count; i++) {
    CodeBuilder *code = code_builder_new(rig->builder, schema);
    code_emit_index(code, OPCODE_COL, (uint32_t)keyed + i);
    Type type = plan_build_plan(rig->builder)->schemas[schema].columns[keyed + i].type;
    args[used] = rig_arg(rig, STAGEID_TALLY, "name", ARG_RESULT, code_finish(code, type));
    args[used++].name = plan_build_string(rig->builder, text_of(arena_format(rig->arena, "r%u", i)));
  }
  node.arg_count = used;
  return plan_build_node(rig->builder, node, (PlanSpan){1, 1});
}

static const Tallied all_of[] = {
    {FUNCTION_COUNT, PLAN_NONE, 'i'}, {FUNCTION_SUM_INT, 1, 'i'},      {FUNCTION_MIN_INT, 1, 'i'},
    {FUNCTION_MAX_INT, 1, 'i'},       {FUNCTION_SUM_FLOAT, 2, 'f'},    {FUNCTION_AVG_FLOAT, 2, 'f'},
    {FUNCTION_MIN_TEXT, 3, 'x'},      {FUNCTION_MAX_TEXT, 3, 'x'},     {FUNCTION_SUM_DURATION, 4, 'd'},
    {FUNCTION_AVG_DURATION, 4, 'd'},  {FUNCTION_MIN_DURATION, 4, 'd'},
};
enum { ALL_COUNT = sizeof all_of / sizeof all_of[0] };

static void tally_of_nothing(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "key:i n:i f:f name:x d:d");
  uint32_t keyed = tally_node(&rig, true, all_of, ALL_COUNT), all = tally_node(&rig, false, all_of, ALL_COUNT);
  rig_start(&rig);
  const Batch *empty = rig_batch(&rig, 0);
  assert_int_equal(rig_run(&rig, keyed, stage_run_TALLY, empty)->selected, 0);
  const Batch *one = rig_run(&rig, all, stage_run_TALLY, empty);
  static const char *const want[] = {"0", "0", "-",  "-", "0", "-",
                                     "-", "-", NULL, "-", "-"}; /* NULL: 0 as a duration */
  assert_int_equal(one->selected, 1);
  for (size_t i = 0; i < ALL_COUNT; i++) {
    if (want[i]) assert_string_equal(rig_show(&rig, one, i), want[i]);
  }
  assert_false(column_is_missing(&one->columns[8], 0));
  assert_int_equal(one->columns[8].values[0].integer, 0);
  rig_free(&rig);
}

static void sums_beyond_64_bits_are_missing(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "key:i n:i");
  static const Tallied sum = {FUNCTION_SUM_INT, 1, 'i'};
  uint32_t node = tally_node(&rig, true, &sum, 1);
  rig_start(&rig);
  static const int64_t keys[] = {1, 1, 2, 2, 2, 3, 3, 4, 4};
  static const int64_t values[] = {INT64_MAX, 1, INT64_MAX, 1, -1, INT64_MIN, -1, INT64_MIN, INT64_MAX};
  Batch *batch = rig_batch(&rig, 9);
  for (size_t i = 0; i < 9; i++) {
    rig_set_int(batch, 0, i, keys[i]);
    rig_set_int(batch, 1, i, values[i]);
  }
  assert_string_equal(rig_show(&rig, rig_run(&rig, node, stage_run_TALLY, batch), 1), "- 9223372036854775807 - -1");
  rig_free(&rig);
}

/* Every aggregate, over the column of the type it takes. */
static const Tallied every[] = {
    {FUNCTION_COUNT, PLAN_NONE, 'i'},   {FUNCTION_SUM_INT, 0, 'i'},   {FUNCTION_MIN_INT, 0, 'i'},   {FUNCTION_MAX_INT, 0, 'i'},
    {FUNCTION_SUM_FLOAT, 1, 'f'},       {FUNCTION_MIN_FLOAT, 1, 'f'}, {FUNCTION_MAX_FLOAT, 1, 'f'}, {FUNCTION_AVG_FLOAT, 1, 'f'},
    {FUNCTION_MIN_TEXT, 2, 'x'},        {FUNCTION_MAX_TEXT, 2, 'x'},  {FUNCTION_MIN_TIME, 3, 't'},  {FUNCTION_MAX_TIME, 3, 't'},
    {FUNCTION_MIN_DATE, 4, 'y'},        {FUNCTION_MAX_DATE, 4, 'y'},  {FUNCTION_SUM_DURATION, 5, 'd'}, {FUNCTION_AVG_DURATION, 5, 'd'},
    {FUNCTION_MIN_DURATION, 5, 'd'},    {FUNCTION_MAX_DURATION, 5, 'd'},
};
enum { EVERY_COUNT = sizeof every / sizeof every[0] };

static const char *tallied(Rig *rig, uint32_t node, const Batch *batch) {
  const Batch *out = rig_run(rig, node, stage_run_TALLY, batch);
  TextBuilder shown = {.arena = rig->arena};
  assert_int_equal(out->selected, 1);
  for (size_t i = 0; i < EVERY_COUNT; i++) text_append_format(&shown, "%s%s", i ? " | " : "", rig_show(rig, out, i));
  return text_built(&shown).bytes;
}

static void every_aggregate_of_every_type(void **state) {
  (void)state;
  unsigned aggregates = 0;
  for (int id = 0; id < FUNCTION_ID_COUNT; id++) aggregates += function_def((FunctionId)id)->aggregate;
  assert_int_equal(aggregates, EVERY_COUNT);
  Rig rig = rig_new(ROWS_TRACK, "i:i f:f x:x t:t y:y d:d");
  uint32_t node = tally_node(&rig, false, every, EVERY_COUNT);
  rig_start(&rig);
  Batch *batch = rig_batch(&rig, 4);
  static const int64_t whole[] = {3, -7, 0, 3}, days[] = {20, 3, 0, 11}, minutes[] = {4, 1, 0, 2};
  static const double numbers[] = {0.5, -0.25, 0, 1.25};
  static const char *const texts[] = {"b", "B", "", "ä"};
  for (size_t i = 0; i < 4; i++) {
    rig_set_int(batch, 0, i, whole[i]);
    rig_set_number(batch, 1, i, numbers[i]);
    rig_set_text(&rig, batch, 2, i, texts[i]);
    rig_set_int(batch, 3, i, days[i] * 86400000);
    rig_set_int(batch, 4, i, date_pack((Date){.year = 2024, .month = 2, .day = (int8_t)days[i], .precision = DATE_DAY}));
    rig_set_int(batch, 5, i, duration_pack((Duration){0, minutes[i] * 60000}));
    for (size_t column = 0; i == 2 && column < 6; column++) rig_set_missing(&rig, batch, column, i);
  }
  assert_string_equal(tallied(&rig, node, batch),
                      "4 | -1 | -7 | 3 | 1.5 | -0.25 | 1.25 | 0.5 | B | ä | 1970-01-04T00:00:00Z | 1970-01-21T00:00:00Z | "
                      "2024-02-03 | 2024-02-20 | 7min | 2min20s | 1min | 4min");
  for (size_t column = 0; column < 6; column++)
    for (size_t i = 0; i < 4; i++) rig_set_missing(&rig, batch, column, i);
  assert_string_equal(tallied(&rig, node, batch), "4 | 0 | - | - | 0 | - | - | - | - | - | - | - | - | - | 0s | - | - | -");
  assert_string_equal(tallied(&rig, node, rig_batch(&rig, 0)), "0 | 0 | - | - | 0 | - | - | - | - | - | - | - | - | - | 0s | - | - | -");
  rig_free(&rig);
}

/* What a float, a duration's milliseconds (48 bits) or months (16 bits) cannot hold is missing too, whatever the order. */
static void sums_beyond_other_types_are_missing(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "key:i f:f d:d m:d");
  static const Tallied sums[] = {{FUNCTION_SUM_FLOAT, 1, 'f'}, {FUNCTION_AVG_FLOAT, 1, 'f'}, {FUNCTION_SUM_DURATION, 2, 'd'},
                                 {FUNCTION_SUM_DURATION, 3, 'd'}, {FUNCTION_AVG_DURATION, 2, 'd'}};
  uint32_t node = tally_node(&rig, true, sums, 5);
  rig_start(&rig);
  const int64_t most_ms = (INT64_C(1) << 47) - 1;
  static const int64_t keys[] = {1, 1, 2, 2, 2};
  static const double numbers[] = {1.5e308, 1.5e308, 1.5e308, -1.5e308, 0.5};
  const int64_t ms[] = {most_ms, 1, most_ms, 1000, -1000}, months[] = {INT16_MAX, 1, INT16_MAX, 1, -1};
  Batch *batch = rig_batch(&rig, 5);
  for (size_t i = 0; i < 5; i++) {
    rig_set_int(batch, 0, i, keys[i]);
    rig_set_number(batch, 1, i, numbers[i]);
    rig_set_int(batch, 2, i, duration_pack((Duration){0, ms[i]}));
    rig_set_int(batch, 3, i, duration_pack((Duration){(int32_t)months[i], 0}));
  }
  const Batch *out = rig_run(&rig, node, stage_run_TALLY, batch);
  assert_string_equal(rig_show(&rig, out, 1), "- 0.5");
  assert_true(column_is_missing(&out->columns[2], 0));
  assert_true(fabs(out->columns[2].values[1].number - 0.5 / 3) < 1e-12);
  assert_true(column_is_missing(&out->columns[3], 0));
  assert_int_equal(duration_unpack(out->columns[3].values[1].integer).ms, most_ms);
  assert_true(column_is_missing(&out->columns[4], 0));
  assert_int_equal(duration_unpack(out->columns[4].values[1].integer).months, INT16_MAX);
  assert_int_equal(duration_unpack(out->columns[5].values[0].integer).ms, most_ms / 2 + 1);
  rig_free(&rig);
}

typedef struct Expected {
  int64_t key;
  bool no_key;
  int64_t count, sum, least, most, numbers, ms;
  int64_t ints, durations;
  double total;
} Expected;

static size_t expected_groups(const Batch *batch, Expected *groups) {
  size_t count = 0;
  for (size_t i = 0; i < batch->selected; i++) {
    size_t row = batch_row(batch, i), at = 0;
    bool no_key = column_is_missing(&batch->columns[0], row);
    int64_t key = no_key ? 0 : batch->columns[0].values[row].integer;
    while (at < count && !(groups[at].no_key == no_key && groups[at].key == key)) at++;
    if (at == count) groups[count++] = (Expected){.key = key, .no_key = no_key, .least = INT64_MAX, .most = INT64_MIN};
    Expected *group = &groups[at];
    group->count++;
    if (!column_is_missing(&batch->columns[1], row)) {
      int64_t n = batch->columns[1].values[row].integer;
      group->ints++;
      group->sum += n;
      if (n < group->least) group->least = n;
      if (n > group->most) group->most = n;
    }
    if (!column_is_missing(&batch->columns[2], row)) {
      group->numbers++;
      group->total += batch->columns[2].values[row].number;
    }
    if (!column_is_missing(&batch->columns[4], row)) {
      group->durations++;
      group->ms += duration_unpack(batch->columns[4].values[row].integer).ms;
    }
  }
  return count;
}

static void expect_int(const Batch *batch, size_t column, size_t row, bool present, int64_t want) {
  assert_int_equal(column_is_missing(&batch->columns[column], row), !present);
  if (present) assert_int_equal(batch->columns[column].values[row].integer, want);
}

static void tally_agrees_with_a_plain_loop(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "key:i n:i f:f name:x d:d");
  uint32_t node = tally_node(&rig, true, all_of, ALL_COUNT);
  rig_start(&rig);
  Random random = random_seeded(3);
  for (unsigned round = 0; round < ROUNDS; round++) {
    size_t rows = (size_t)random_below(&random, MAX_ROWS);
    Batch *batch = rig_batch(&rig, rows);
    for (size_t i = 0; i < rows; i++) {
      rig_set_int(batch, 0, i, (int64_t)random_below(&random, 12) * INT64_C(1000000007) - 5);
      rig_set_int(batch, 1, i, (int64_t)random_below(&random, 2000) - 1000);
      rig_set_number(batch, 2, i, (double)random_below(&random, 1000) / 8);
      rig_set_text(&rig, batch, 3, i, random_below(&random, 2) ? "x" : "y");
      rig_set_int(batch, 4, i, duration_pack((Duration){0, (int64_t)random_below(&random, 500000)}));
      for (size_t column = 0; column < 5; column++) {
        if (random_below(&random, 4) == 0) rig_set_missing(&rig, batch, column, i);
      }
    }
    Expected groups[MAX_ROWS];
    size_t count = expected_groups(batch, groups);
    const Batch *out = rig_run(&rig, node, stage_run_TALLY, batch);
    assert_int_equal(out->selected, count);
    for (size_t i = 0; i < count; i++) {
      const Expected *want = &groups[i];
      expect_int(out, 0, i, !want->no_key, want->key);
      expect_int(out, 1, i, true, want->count);
      expect_int(out, 2, i, true, want->sum);
      expect_int(out, 3, i, want->ints > 0, want->least);
      expect_int(out, 4, i, want->ints > 0, want->most);
      assert_true(fabs(out->columns[5].values[i].number - want->total) < 1e-9);
      if (want->numbers)
        assert_true(fabs(out->columns[6].values[i].number - want->total / (double)want->numbers) < 1e-9);
      assert_int_equal(column_is_missing(&out->columns[6], i), want->numbers == 0);
      expect_int(out, 9, i, true, duration_pack((Duration){0, want->ms}));
      int64_t mean = want->durations ? llround((double)want->ms / (double)want->durations) : 0;
      expect_int(out, 10, i, want->durations > 0, duration_pack((Duration){0, mean}));
    }
  }
  rig_free(&rig);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sort_is_stable_with_missing_last),
      cmocka_unit_test(top_is_sort_and_take),
      cmocka_unit_test(documented_orders),
      cmocka_unit_test(counts_and_shares),
      cmocka_unit_test(shares_are_exact),
      cmocka_unit_test(out_of_range_counts_are_refused),
      cmocka_unit_test(random_stages_repeat_themselves),
      cmocka_unit_test(samples_are_even),
      cmocka_unit_test(documented_sets),
      cmocka_unit_test(interleave_takes_turns),
      cmocka_unit_test(sets_agree_with_quadratic_ones),
      cmocka_unit_test(unique_keeps_first_and_missing),
      cmocka_unit_test(filters_report_what_missing_values_cost),
      cmocka_unit_test(add_sees_the_input_row),
      cmocka_unit_test(tracks_are_first_plays),
      cmocka_unit_test(tally_of_nothing),
      cmocka_unit_test(sums_beyond_64_bits_are_missing),
      cmocka_unit_test(every_aggregate_of_every_type),
      cmocka_unit_test(sums_beyond_other_types_are_missing),
      cmocka_unit_test(tally_agrees_with_a_plain_loop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
