/* Stages that choose or arrange rows by a key, a weight or chance, against slow references. */
#include "engine_rig.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 60, MAX_ROWS = 200 };

/* Column 0 is the row's number, column 1 a key of `keys` values, one in `gaps` missing; on a random selection. */
static const Batch *keyed_batch(Rig *rig, Random *random, size_t rows, uint64_t keys, uint64_t gaps) {
  Batch *batch = rig_batch(rig, rows);
  for (size_t i = 0; i < rows; i++) {
    char name[8];
    snprintf(name, sizeof name, "k%u", (unsigned)random_below(random, keys));
    rig_set_int(batch, 0, i, (int64_t)i);
    rig_set_text(rig, batch, 1, i, name);
    if (gaps && random_below(random, gaps) == 0) rig_set_missing(rig, batch, 1, i);
  }
  if (random_below(random, 2)) return batch;
  uint32_t *selection = arena_array(rig->arena, rows, sizeof *selection);
  size_t kept = 0;
  for (size_t i = rows; i-- > 0;) {
    if (random_below(random, 4)) selection[kept++] = (uint32_t)i;
  }
  return batch_select(rig->arena, batch, selection, kept);
}

/* The key of a position as a number that is equal for equal keys; -1 where it is missing. */
static int64_t key_at(const Batch *batch, size_t position) {
  size_t row = batch_row(batch, position);
  return column_is_missing(&batch->columns[1], row) ? -1 : batch->columns[1].values[row].integer;
}

/* ---- take ---- */

static size_t plain_take_per(const Batch *batch, bool share, double count, uint32_t *out) {
  size_t kept = 0;
  for (size_t i = 0; i < batch->selected; i++) {
    size_t before = 0, all = 0;
    for (size_t j = 0; j < batch->selected; j++) {
      if (key_at(batch, j) != key_at(batch, i)) continue;
      all++;
      before += j < i;
    }
    double allowed = share ? floor(count * (double)all / 100) : count;
    if (share && count > 0 && allowed < 1) allowed = 1;
    if ((double)before < allowed) out[kept++] = (uint32_t)batch_row(batch, i);
  }
  return kept;
}

static void take_per_key_agrees_with_a_plain_loop(void **state) {
  (void)state;
  static const double counts[] = {0, 1, 2, 7, 1000, 0, 1, 25, 50, 100};
  for (unsigned round = 0; round < ROUNDS; round++) {
    Rig rig = rig_new(ROWS_TRACK, "n:i key:x");
    unsigned choice = round % 10;
    bool share = choice >= 5;
    uint32_t constant = share ? rig_percent(&rig, counts[choice] / 100) : rig_int(&rig, (int64_t)counts[choice]);
    PlanArg args[] = {rig_arg(&rig, STAGEID_TAKE, "count", ARG_CONSTANT, constant),
                      rig_arg(&rig, STAGEID_TAKE, "per", ARG_ROW, rig_column(&rig, 1))};
    uint32_t node = rig_node(&rig, STAGEID_TAKE, 1, args, 2);
    rig_start(&rig);
    Random random = random_seeded(round);
    const Batch *batch = keyed_batch(&rig, &random, (size_t)random_below(&random, MAX_ROWS), 1 + round % 9, 5);
    uint32_t want[MAX_ROWS];
    size_t count = plain_take_per(batch, share, counts[choice], want);
    const Batch *got = rig_run(&rig, node, stage_run_TAKE, batch);
    assert_int_equal(got->selected, count);
    for (size_t i = 0; i < count; i++) assert_int_equal(batch_row(got, i), want[i]);
    rig_free(&rig);
  }
}

static void take_while_ends_at_the_first_untrue(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "n:i");
  CodeBuilder *code = code_builder_new(rig.builder, rig.schema);
  code_emit_index(code, OPCODE_COL, 0);
  code_emit_index(code, OPCODE_CONST, rig_int(&rig, 3));
  code_emit(code, OPCODE_LT_I);
  PlanArg arg = rig_arg(&rig, STAGEID_TAKE, "while", ARG_ROW, code_finish(code, TYPE_OF(BOOL)));
  uint32_t node = rig_node(&rig, STAGEID_TAKE, 1, &arg, 1);
  rig_start(&rig);
  Batch *batch = rig_batch(&rig, 5);
  static const int64_t values[] = {2, 1, 0, 3, 1};
  for (size_t i = 0; i < 5; i++) rig_set_int(batch, 0, i, values[i]);
  assert_string_equal(rig_show(&rig, rig_run(&rig, node, stage_run_TAKE, batch), 0), "2 1 0");
  assert_int_equal(rig.run->reports[node].dropped_missing, 0);
  rig_set_missing(&rig, batch, 0, 1);
  assert_string_equal(rig_show(&rig, rig_run(&rig, node, stage_run_TAKE, batch), 0), "2");
  assert_int_equal(rig.run->reports[node].dropped_missing, 1);
  assert_int_equal(rig_run(&rig, node, stage_run_TAKE, rig_batch(&rig, 0))->selected, 0);
  rig_free(&rig);
}

/* ---- shuffle ---- */

enum { DRAWS = 3000 };

static uint32_t number_constant(Rig *rig, double value) {
  return rig_constant(rig, TYPE_OF(FLOAT), 0, value, NULL);
}

static PlanArg seed_arg(Rig *rig, StageId stage, int64_t seed) {
  return rig_arg(rig, stage, "seed", ARG_CONSTANT, rig_int(rig, seed));
}

/* Rows 0 to rows - 1 whose number is column 0 and whose column 1 is `weights`, where they are given; NAN is missing. */
static const Batch *numbered(Rig *rig, size_t rows, const double *weights) {
  Batch *batch = rig_batch(rig, rows);
  for (size_t i = 0; i < rows; i++) {
    rig_set_int(batch, 0, i, (int64_t)i);
    if (!weights) continue;
    rig_set_number(batch, 1, i, weights[i]);
    if (isnan(weights[i])) rig_set_missing(rig, batch, 1, i);
  }
  return batch;
}

static void expect_permutation(const Batch *batch, size_t rows) {
  uint8_t seen[MAX_ROWS] = {0};
  assert_int_equal(batch->selected, rows);
  for (size_t i = 0; i < rows; i++) seen[batch_row(batch, i)]++;
  for (size_t i = 0; i < rows; i++) assert_int_equal(seen[i], 1);
}

/* How far rows are from where they were, in all. */
static size_t displacement(const Batch *batch) {
  size_t sum = 0;
  for (size_t i = 0; i < batch->selected; i++) sum += (size_t)llabs((long long)batch_row(batch, i) - (long long)i);
  return sum;
}

static void strength_leads_from_nothing_to_all(void **state) {
  (void)state;
  static const double strengths[] = {0, 0.05, 0.2, 0.4, 0.6, 0.8, 1};
  enum { STEPS = sizeof strengths / sizeof *strengths };
  for (int weighted = 0; weighted < 2; weighted++) {
    Rig rig = rig_new(ROWS_TRACK, "n:i w:f");
    uint32_t nodes[STEPS + 1];
    for (int i = 0; i <= STEPS; i++) {
      PlanArg args[3] = {seed_arg(&rig, STAGEID_SHUFFLE, 9)};
      uint32_t count = 1;
      if (i < STEPS) args[count++] = rig_arg(&rig, STAGEID_SHUFFLE, "strength", ARG_CONSTANT, number_constant(&rig, strengths[i]));
      if (weighted) args[count++] = rig_arg(&rig, STAGEID_SHUFFLE, "weight", ARG_ROW, rig_column(&rig, 1));
      nodes[i] = rig_node(&rig, STAGEID_SHUFFLE, 1, args, count);
    }
    rig_start(&rig);
    double weights[MAX_ROWS];
    for (size_t i = 0; i < MAX_ROWS; i++) weights[i] = (double)(i % 7) + 1;
    const Batch *batch = numbered(&rig, MAX_ROWS, weights);
    size_t before = 0;
    for (int i = 0; i < STEPS; i++) {
      const Batch *out = rig_run(&rig, nodes[i], stage_run_SHUFFLE, batch);
      expect_permutation(out, MAX_ROWS);
      if (i == 0) assert_int_equal(displacement(out), 0);
      if (i > 0) assert_true(displacement(out) > before);
      before = displacement(out);
    }
    assert_string_equal(rig_show(&rig, rig_run(&rig, nodes[STEPS - 1], stage_run_SHUFFLE, batch), 0),
                        rig_show(&rig, rig_run(&rig, nodes[STEPS], stage_run_SHUFFLE, batch), 0));
    assert_int_equal(rig_run(&rig, nodes[3], stage_run_SHUFFLE, rig_batch(&rig, 0))->selected, 0);
    rig_free(&rig);
  }
}

static void strength_beyond_one_is_refused(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "n:i");
  PlanArg args[] = {rig_arg(&rig, STAGEID_SHUFFLE, "strength", ARG_CONSTANT, number_constant(&rig, 1.1)),
                    rig_arg(&rig, STAGEID_SHUFFLE, "strength", ARG_CONSTANT, rig_percent(&rig, -0.1))};
  uint32_t much = rig_node(&rig, STAGEID_SHUFFLE, 1, &args[0], 1), little = rig_node(&rig, STAGEID_SHUFFLE, 1, &args[1], 1);
  rig_start(&rig);
  const Batch *batch = rig_batch(&rig, 3), *out;
  Error error;
  assert_int_equal(rig_try(&rig, much, stage_run_SHUFFLE, &batch, 1, &out, &error), STATUS_USAGE);
  assert_string_equal(error.message, "`strength` is 1.1; it is 0 to 1");
  assert_int_equal(rig_try(&rig, little, stage_run_SHUFFLE, &batch, 1, &out, &error), STATUS_USAGE);
  assert_string_equal(error.message, "`strength` is -10%; a share is 0% to 100%");
  rig_free(&rig);
}

/* Runs a stage with seeds 0 to DRAWS - 1 on the inputs and counts its outcomes: the text of column 0, in `texts`. */
typedef struct Outcomes {
  char texts[32][32];
  unsigned counts[32], distinct;
} Outcomes;

static unsigned count_of(const Outcomes *outcomes, const char *text) {
  for (unsigned i = 0; i < outcomes->distinct; i++)
    if (strcmp(outcomes->texts[i], text) == 0) return outcomes->counts[i];
  return 0;
}

static void count_outcome(Outcomes *outcomes, const char *text) {
  unsigned i = 0;
  while (i < outcomes->distinct && strcmp(outcomes->texts[i], text) != 0) i++;
  assert_true(i < 32);
  if (i == outcomes->distinct) snprintf(outcomes->texts[outcomes->distinct++], sizeof outcomes->texts[0], "%s", text);
  outcomes->counts[i]++;
}

/* `probability` of DRAWS, give or take six standard deviations. */
static void expect_about(unsigned count, double probability) {
  double mean = DRAWS * probability, deviation = sqrt(DRAWS * probability * (1 - probability));
  if (fabs(count - mean) > 6 * deviation) fail_msg("%u of %d, expected about %g", count, DRAWS, mean);
}

/* The order of three rows, with weights or without. */
static Outcomes shuffled_threes(const double *weights) {
  static uint32_t nodes[DRAWS];
  Outcomes outcomes = {0};
  Rig rig = rig_new(ROWS_TRACK, "n:i w:f");
  for (int i = 0; i < DRAWS; i++) {
    PlanArg args[] = {seed_arg(&rig, STAGEID_SHUFFLE, i), rig_arg(&rig, STAGEID_SHUFFLE, "weight", ARG_ROW, rig_column(&rig, 1))};
    nodes[i] = rig_node(&rig, STAGEID_SHUFFLE, 1, args, weights ? 2 : 1);
  }
  rig_start(&rig);
  const Batch *batch = numbered(&rig, 3, weights);
  for (int i = 0; i < DRAWS; i++) count_outcome(&outcomes, rig_show(&rig, rig_run(&rig, nodes[i], stage_run_SHUFFLE, batch), 0));
  rig_free(&rig);
  return outcomes;
}

static void shuffles_are_even(void **state) {
  (void)state;
  Outcomes outcomes = shuffled_threes(NULL);
  assert_int_equal(outcomes.distinct, 6);
  for (unsigned i = 0; i < 6; i++) expect_about(outcomes.counts[i], 1.0 / 6);
}

/* Weights 1, 2, 3: the order a b c has probability w(a)/6 * w(b)/(6 - w(a)). */
static void weights_make_rows_likely_to_come_early(void **state) {
  (void)state;
  static const double weights[] = {1, 2, 3};
  Outcomes outcomes = shuffled_threes(weights);
  expect_about(count_of(&outcomes, "0 1 2"), 1.0 / 6 * 2 / 5);
  expect_about(count_of(&outcomes, "0 2 1"), 1.0 / 6 * 3 / 5);
  expect_about(count_of(&outcomes, "1 0 2"), 2.0 / 6 * 1 / 4);
  expect_about(count_of(&outcomes, "1 2 0"), 2.0 / 6 * 3 / 4);
  expect_about(count_of(&outcomes, "2 0 1"), 3.0 / 6 * 1 / 3);
  expect_about(count_of(&outcomes, "2 1 0"), 3.0 / 6 * 2 / 3);
}

static void rows_without_weight_come_last(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "n:i w:f");
  PlanArg args[] = {seed_arg(&rig, STAGEID_SHUFFLE, 1), rig_arg(&rig, STAGEID_SHUFFLE, "weight", ARG_ROW, rig_column(&rig, 1))};
  uint32_t node = rig_node(&rig, STAGEID_SHUFFLE, 1, args, 2);
  rig_start(&rig);
  static const double weights[] = {0, 1e-300, NAN, -5, 1e300, -0.0, 0};
  assert_string_equal(rig_show(&rig, rig_run(&rig, node, stage_run_SHUFFLE, numbered(&rig, 7, weights)), 0), "4 1 0 2 3 5 6");
  rig_free(&rig);
}

static void exponential_numbers(void **state) {
  (void)state;
  enum { COUNT = 200000 };
  Random random = random_seeded(5);
  double sum = 0, squares = 0;
  unsigned beyond[4] = {0};
  for (int i = 0; i < COUNT; i++) {
    double drawn = random_exponential(&random);
    assert_true(drawn >= 0);
    sum += drawn;
    squares += drawn * drawn;
    for (int k = 0; k < 4; k++) beyond[k] += drawn > k;
  }
  assert_true(fabs(sum / COUNT - 1) < 0.014);
  assert_true(fabs(squares / COUNT - 2) < 0.06);
  for (int k = 1; k < 4; k++) assert_true(fabs(beyond[k] / (double)COUNT - exp(-k)) < 0.007);
}

/* ---- space_out ---- */

static bool too_close(const Batch *batch, const uint32_t *places, size_t count, uint32_t position, size_t gap) {
  int64_t key = key_at(batch, position);
  for (size_t i = count; i-- > 0 && count - i <= gap;)
    if (key >= 0 && key_at(batch, places[i]) == key) return true;
  return false;
}

/* The first valid order there is, by trying all of them. */
static bool first_order(const Batch *batch, size_t gap, uint32_t *places, size_t count, uint32_t used) {
  if (count == batch->selected) return true;
  for (uint32_t i = 0; i < batch->selected; i++) {
    if (used >> i & 1 || too_close(batch, places, count, i, gap)) continue;
    places[count] = i;
    if (first_order(batch, gap, places, count + 1, used | 1u << i)) return true;
  }
  return false;
}

static uint32_t space_out_node(Rig *rig, int64_t gap) {
  PlanArg args[] = {rig_arg(rig, STAGEID_SPACE_OUT, "by", ARG_ROW, rig_column(rig, 1)),
                    rig_arg(rig, STAGEID_SPACE_OUT, "gap", ARG_CONSTANT, rig_int(rig, gap))};
  return rig_node(rig, STAGEID_SPACE_OUT, 1, args, 2);
}

static uint64_t count_too_close(const Batch *batch, size_t gap) {
  uint64_t count = 0;
  for (size_t i = 0; i < batch->selected; i++)
    for (size_t j = i; j-- > 0 && i - j <= gap;) {
      if (key_at(batch, i) < 0 || key_at(batch, i) != key_at(batch, j)) continue;
      count++;
      break;
    }
  return count;
}

static void space_out_finds_the_first_valid_order(void **state) {
  (void)state;
  unsigned possible = 0, impossible = 0;
  for (unsigned round = 0; round < 3000; round++) {
    Rig rig = rig_new(ROWS_TRACK, "n:i key:x");
    size_t gap = 1 + round % 4;
    uint32_t node = space_out_node(&rig, (int64_t)gap);
    rig_start(&rig);
    Random random = random_seeded(round);
    const Batch *batch = keyed_batch(&rig, &random, (size_t)random_below(&random, 10), 1 + round / 4 % 6, round % 3 ? 0 : 4);
    uint32_t want[16];
    const Batch *got = rig_run(&rig, node, stage_run_SPACE_OUT, batch);
    assert_int_equal(got->selected, batch->selected);
    if (first_order(batch, gap, want, 0, 0)) {
      for (size_t i = 0; i < got->selected; i++) assert_int_equal(batch_row(got, i), batch_row(batch, want[i]));
      assert_int_equal(rig.run->reports[node].too_close, 0);
      possible += batch->selected > 2;
    } else {
      assert_true(rig.run->reports[node].too_close > 0);
      assert_int_equal(rig.run->reports[node].too_close, count_too_close(got, gap));
      impossible++;
    }
    rig_free(&rig);
  }
  assert_true(possible > 500 && impossible > 500);
}

/* Every row once, rows of one key in their order, and no two too close where the fullest keys leave room. */
static void space_out_of_many_rows(void **state) {
  (void)state;
  unsigned narrowed = 0, crowded = 0;
  for (unsigned round = 0; round < ROUNDS; round++) {
    Rig rig = rig_new(ROWS_TRACK, "n:i key:x");
    size_t gap = (size_t[]){0, 1, 2, 5, 20, 1000}[round % 6];
    uint32_t node = space_out_node(&rig, (int64_t)gap);
    rig_start(&rig);
    Random random = random_seeded(round);
    const Batch *batch = keyed_batch(&rig, &random, MAX_ROWS, 1 + random_below(&random, round % 3 ? 60 : 2), 6);
    const Batch *got = rig_run(&rig, node, stage_run_SPACE_OUT, batch);
    size_t most = 0, fullest = 0;
    bool seen[MAX_ROWS] = {0};
    for (size_t i = 0; i < batch->selected; i++) {
      size_t rows = 0, before = 0;
      for (size_t j = 0; j < batch->selected; j++) rows += key_at(batch, j) == key_at(batch, i);
      for (size_t j = 0; j < i; j++) before += key_at(batch, j) == key_at(batch, i);
      if (key_at(batch, i) < 0) rows = 1;
      if (rows > most) most = rows, fullest = 0;
      fullest += rows == most && (before == 0 || key_at(batch, i) < 0);
      size_t row = batch_row(got, i);
      assert_false(seen[row]);
      seen[row] = true;
      for (size_t j = 0; j < i; j++) /* the order of the stream, which may run backwards */
        if (key_at(got, j) == key_at(got, i) && key_at(got, i) >= 0)
          assert_true((batch_row(got, j) < row) == (batch->selection == NULL));
    }
    bool room = most == 0 || (most - 1) * (gap + 1) + fullest <= batch->selected;
    assert_int_equal(rig.run->reports[node].too_close, count_too_close(got, gap));
    if (room) assert_int_equal(count_too_close(got, gap), 0);
    size_t widest = most > 1 ? (batch->selected - fullest) / (most - 1) : 0; /* places from one row of a key to the next */
    if (!room && widest >= 2) assert_int_equal(count_too_close(got, widest - 1), 0);
    if (!room && widest < 2) assert_int_equal(count_too_close(got, 1), 2 * most - 1 - batch->selected); /* as few as there can be */
    narrowed += !room && widest >= 2;
    crowded += !room && widest < 2;
    if (gap == 0) assert_ptr_equal(got, batch);
    rig_free(&rig);
  }
  assert_true(narrowed > 5 && crowded > 2);
}

static void documented_spacings(void **state) {
  (void)state;
  static const struct {
    const char *keys;
    int64_t gap;
    const char *want;
    unsigned too_close;
  } cases[] = {
      {"abab", 1, "a b a b", 0},       {"aabb", 1, "a b a b", 0},     {"abbb", 1, "b a b b", 1},     {"xyaaa", 1, "a x a y a", 0},
      {"aaa", 1, "a a a", 2},          {"aab", 5, "a b a", 1},        {"a--a", 1, "a - - a", 0},     {"aa--", 1, "a - a -", 0},
      {"bcdaaa", 1, "b a c a d a", 0}, {"abcabc", 2, "a b c a b c", 0}, {"aabbcc", 2, "a b c a b c", 0}, {"aaaabc", 1, "a b a c a a", 1},
      {"aabbccd", 2, "a b c a b c d", 0}, {"", 1, "", 0},             {"aaaaaabbcc", 9, "a b a c a b a c a a", 7},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Rig rig = rig_new(ROWS_TRACK, "n:i key:x");
    uint32_t node = space_out_node(&rig, cases[i].gap);
    rig_start(&rig);
    Batch *batch = rig_batch(&rig, strlen(cases[i].keys));
    for (size_t row = 0; cases[i].keys[row]; row++) {
      char name[] = {cases[i].keys[row], '\0'};
      rig_set_text(&rig, batch, 1, row, name);
      if (name[0] == '-') rig_set_missing(&rig, batch, 1, row);
    }
    assert_string_equal(rig_show(&rig, rig_run(&rig, node, stage_run_SPACE_OUT, batch), 1), cases[i].want);
    assert_int_equal(rig.run->reports[node].too_close, cases[i].too_close);
    rig_free(&rig);
  }
}

/* ---- interleave and mix ---- */

static uint32_t weights_constant(Rig *rig, const int64_t *weights, uint32_t count) {
  uint32_t items[8];
  for (uint32_t i = 0; i < count; i++) items[i] = rig_int(rig, weights[i]);
  return plan_build_constant(rig->builder, (PlanConstant){.type = TYPE_LIST_OF(INT), .as.list = {items, count}});
}

static const char *interleaved(const int64_t *weights, const char *a, const char *b, const char *c) {
  static char shown[64];
  Rig rig = rig_new(ROWS_TRACK, "name:x");
  PlanArg args[] = {rig_arg(&rig, STAGEID_INTERLEAVE, "stream", ARG_INPUT, 1), rig_arg(&rig, STAGEID_INTERLEAVE, "stream", ARG_INPUT, 2),
                    rig_arg(&rig, STAGEID_INTERLEAVE, "weights", ARG_CONSTANT, weights_constant(&rig, weights, 3))};
  uint32_t node = rig_node(&rig, STAGEID_INTERLEAVE, 3, args, 3);
  rig_start(&rig);
  const char *names[] = {a, b, c};
  const Batch *inputs[3], *out;
  for (size_t i = 0; i < 3; i++) {
    Batch *batch = rig_batch(&rig, strlen(names[i]));
    for (size_t row = 0; names[i][row]; row++) rig_set_text(&rig, batch, 0, row, (char[]){names[i][row], '\0'});
    inputs[i] = batch;
  }
  assert_int_equal(rig_try(&rig, node, stage_run_INTERLEAVE, inputs, 3, &out, NULL), STATUS_OK);
  snprintf(shown, sizeof shown, "%s", rig_show(&rig, out, 0));
  rig_free(&rig);
  return shown;
}

static void weighted_turns(void **state) {
  (void)state;
  assert_string_equal(interleaved((int64_t[]){2, 1, 1}, "12345", "ab", "xyz"), "1 2 a x 3 4 b y 5 z");
  assert_string_equal(interleaved((int64_t[]){1, 1, 1}, "123", "a", "xy"), "1 a x 2 y 3");
  assert_string_equal(interleaved((int64_t[]){1, 1000000, 3}, "", "abc", "xyz1"), "a b c x y z 1");
  assert_string_equal(interleaved((int64_t[]){5, 1, 1}, "", "", ""), "");
}

static void weights_fit_the_streams(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "n:i");
  PlanArg args[] = {rig_arg(&rig, STAGEID_MIX, "stream", ARG_INPUT, 1),
                    rig_arg(&rig, STAGEID_MIX, "weights", ARG_CONSTANT, weights_constant(&rig, (int64_t[]){1, 2, 3}, 3)),
                    rig_arg(&rig, STAGEID_MIX, "weights", ARG_CONSTANT, weights_constant(&rig, (int64_t[]){1, 0}, 2))};
  uint32_t three = rig_node(&rig, STAGEID_MIX, 2, args, 2);
  args[1] = args[2];
  uint32_t zero = rig_node(&rig, STAGEID_MIX, 2, args, 2);
  rig_start(&rig);
  const Batch *inputs[] = {rig_batch(&rig, 1), rig_batch(&rig, 1)}, *out;
  Error error;
  assert_int_equal(rig_try(&rig, three, stage_run_MIX, inputs, 2, &out, &error), STATUS_USAGE);
  assert_string_equal(error.message, "`weights` has 3 numbers for 2 streams");
  assert_int_equal(rig_try(&rig, zero, stage_run_MIX, inputs, 2, &out, &error), STATUS_USAGE);
  assert_string_equal(error.message, "`weights` is 0; the least is 1");
  rig_free(&rig);
}

/* The merges of two streams with numbers from 0 and from 10. */
static Outcomes mixed(const int64_t *weights, size_t first, size_t second) {
  static uint32_t nodes[DRAWS];
  Outcomes outcomes = {0};
  Rig rig = rig_new(ROWS_TRACK, "n:i");
  for (int i = 0; i < DRAWS; i++) {
    PlanArg args[3] = {rig_arg(&rig, STAGEID_MIX, "stream", ARG_INPUT, 1)};
    uint32_t count = 1;
    if (weights) args[count++] = rig_arg(&rig, STAGEID_MIX, "weights", ARG_CONSTANT, weights_constant(&rig, weights, 2));
    args[count++] = seed_arg(&rig, STAGEID_MIX, i);
    nodes[i] = rig_node(&rig, STAGEID_MIX, 2, args, count);
  }
  rig_start(&rig);
  Batch *inputs[] = {rig_batch(&rig, first), rig_batch(&rig, second)};
  for (size_t i = 0; i < first; i++) rig_set_int(inputs[0], 0, i, (int64_t)i);
  for (size_t i = 0; i < second; i++) rig_set_int(inputs[1], 0, i, (int64_t)i + 10);
  for (int i = 0; i < DRAWS; i++) count_outcome(&outcomes, rig_show(&rig, rig_run2(&rig, nodes[i], stage_run_MIX, inputs[0], inputs[1]), 0));
  rig_free(&rig);
  return outcomes;
}

static void merges_are_even(void **state) {
  (void)state;
  static const char *const orders[] = {"0 1 10 11", "0 10 1 11", "0 10 11 1", "10 0 1 11", "10 0 11 1", "10 11 0 1"};
  Outcomes outcomes = mixed(NULL, 2, 2);
  assert_int_equal(outcomes.distinct, 6);
  for (size_t i = 0; i < 6; i++) expect_about(count_of(&outcomes, orders[i]), 1.0 / 6);
  outcomes = mixed(NULL, 3, 1); /* the lone row is as likely in each of four places */
  assert_int_equal(outcomes.distinct, 4);
  for (size_t i = 0; i < 4; i++) expect_about(outcomes.counts[i], 1.0 / 4);
}

static void weighted_merges(void **state) {
  (void)state;
  Outcomes outcomes = mixed((int64_t[]){3, 1}, 2, 2);
  expect_about(count_of(&outcomes, "0 1 10 11"), 9.0 / 16);
  expect_about(count_of(&outcomes, "10 11 0 1"), 1.0 / 16);
  expect_about(count_of(&outcomes, "0 10 1 11"), 9.0 / 64);
  outcomes = mixed((int64_t[]){1000000, 1}, 0, 2);
  assert_int_equal(count_of(&outcomes, "10 11"), DRAWS);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(take_per_key_agrees_with_a_plain_loop),
      cmocka_unit_test(take_while_ends_at_the_first_untrue),
      cmocka_unit_test(strength_leads_from_nothing_to_all),
      cmocka_unit_test(strength_beyond_one_is_refused),
      cmocka_unit_test(shuffles_are_even),
      cmocka_unit_test(weights_make_rows_likely_to_come_early),
      cmocka_unit_test(rows_without_weight_come_last),
      cmocka_unit_test(exponential_numbers),
      cmocka_unit_test(space_out_finds_the_first_valid_order),
      cmocka_unit_test(space_out_of_many_rows),
      cmocka_unit_test(documented_spacings),
      cmocka_unit_test(weighted_turns),
      cmocka_unit_test(weights_fit_the_streams),
      cmocka_unit_test(merges_are_even),
      cmocka_unit_test(weighted_merges),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
