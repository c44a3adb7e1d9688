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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(take_per_key_agrees_with_a_plain_loop),
      cmocka_unit_test(take_while_ends_at_the_first_untrue),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
