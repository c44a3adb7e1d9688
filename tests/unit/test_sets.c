/* union, intersect, except and unique on up to four streams, by every kind of identity, against quadratic references. */
#include "engine_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 240, MAX_STREAMS = 4, MAX_ROWS = 40 };

typedef enum Way { BY_TRACK, BY_WORD, BY_TEXT, BY_SUM, BY_WHOLE_ROW, WAYS } Way;

/* Column 0 a title in two cases, column 1 a small number, column 2 the row's own number, so that rows can be told apart. */
static const Batch *random_rows(Rig *rig, Random *random, int64_t first) {
  size_t rows = (size_t)random_below(random, MAX_ROWS);
  Batch *batch = rig_batch(rig, rows);
  for (size_t i = 0; i < rows; i++) {
    static const char *const titles[] = {"ada", "Ada", "bo", "BO", "Föhn", "FÖHN", "cleo"};
    rig_set_text(rig, batch, 0, i, titles[random_below(random, 7)]);
    rig_set_int(batch, 1, i, (int64_t)random_below(random, 6) - 3);
    if (batch->schema->column_count > 2) rig_set_int(batch, 2, i, first + (int64_t)i);
    for (size_t column = 0; column < 2; column++)
      if (random_below(random, 6) == 0) rig_set_missing(rig, batch, column, i);
    if (batch->tracks && random_below(random, 6)) batch_tracks(batch)[i] = (TrackHandle)random_below(random, 12) + 1;
  }
  if (random_below(random, 2)) return batch;
  uint32_t *selection = arena_array(rig->arena, rows, sizeof *selection);
  size_t kept = 0;
  for (size_t i = rows; i-- > 0;)
    if (random_below(random, 4)) selection[kept++] = (uint32_t)i;
  return batch_select(rig->arena, batch, selection, kept);
}

/* The identity as a text that is equal for equal rows; false where it is missing. */
static bool identity_text(Rig *rig, Way way, const Batch *batch, size_t row, char *out, size_t size) {
  const Column *title = &batch->columns[0], *number = &batch->columns[1];
  bool no_title = column_is_missing(title, row), no_number = column_is_missing(number, row);
  Text text = no_title ? (Text){"", 0} : text_at(rig->run->texts, (TextId)title->values[row].integer);
  switch (way) {
    case BY_TRACK: snprintf(out, size, "%lld", (long long)batch->tracks[row]); return batch->tracks[row] != 0;
    case BY_WORD:
      if (!no_title) text = text_at(rig->run->texts, run_fold(rig->run, (TextId)title->values[row].integer));
      snprintf(out, size, TEXT_FORMAT, TEXT_ARG(text));
      return !no_title;
    case BY_TEXT: snprintf(out, size, TEXT_FORMAT, TEXT_ARG(text)); return !no_title;
    case BY_SUM: snprintf(out, size, "%lld", no_number ? 0 : (long long)(number->values[row].integer * number->values[row].integer)); return !no_number;
    default: snprintf(out, size, "%d" TEXT_FORMAT "|%d%lld", no_title, TEXT_ARG(text), no_number, no_number ? 0 : (long long)number->values[row].integer); return true;
  }
}

static bool same(Rig *rig, Way way, const Batch *a, size_t row_a, const Batch *b, size_t row_b) {
  char x[64], y[64];
  return identity_text(rig, way, a, row_a, x, sizeof x) && identity_text(rig, way, b, row_b, y, sizeof y) && strcmp(x, y) == 0;
}

static bool is_in(Rig *rig, Way way, const Batch *batch, size_t row, const Batch *other, size_t before) {
  for (size_t i = 0; i < before; i++)
    if (same(rig, way, batch, row, other, batch_row(other, i))) return true;
  return false;
}

static void append_row(TextBuilder *out, Rig *rig, const Batch *batch, size_t row) {
  for (size_t column = 0; column < batch->schema->column_count; column++) {
    const Column *at = &batch->columns[column];
    text_append_char(out, column ? '/' : ' ');
    if (!column_is_missing(at, row)) text_append(out, vm_text(rig->run, type_required(at->type), at->values[row]));
  }
}

static Text all_rows(Rig *rig, const Batch *batch) {
  TextBuilder out = {.arena = rig->arena};
  for (size_t i = 0; i < batch->selected; i++) append_row(&out, rig, batch, batch_row(batch, i));
  return text_built(&out);
}

static void expect_text(Text got, Text want) {
  if (!text_equal(got, want)) fail_msg("got " TEXT_FORMAT "\nwant " TEXT_FORMAT, TEXT_ARG(got), TEXT_ARG(want));
}

typedef struct Streams {
  const Batch *items[MAX_STREAMS];
  uint32_t count;
} Streams;

static Text plain_union(Rig *rig, Way way, const Streams *streams) {
  TextBuilder out = {.arena = rig->arena};
  for (uint32_t s = 0; s < streams->count; s++) {
    const Batch *batch = streams->items[s];
    for (size_t i = 0; i < batch->selected; i++) {
      bool known = is_in(rig, way, batch, batch_row(batch, i), batch, i);
      for (uint32_t t = 0; t < s; t++) known = known || is_in(rig, way, batch, batch_row(batch, i), streams->items[t], streams->items[t]->selected);
      if (!known) append_row(&out, rig, batch, batch_row(batch, i));
    }
  }
  return text_built(&out);
}

/* The rows of the first that are in each of the others, or in none. */
static Text plain_members(Rig *rig, Way way, const Streams *streams, bool in_each) {
  TextBuilder out = {.arena = rig->arena};
  const Batch *first = streams->items[0];
  for (size_t i = 0; i < first->selected; i++) {
    uint32_t in = 0;
    for (uint32_t s = 1; s < streams->count; s++) in += is_in(rig, way, first, batch_row(first, i), streams->items[s], streams->items[s]->selected);
    if (in == (in_each ? streams->count - 1 : 0)) append_row(&out, rig, first, batch_row(first, i));
  }
  return text_built(&out);
}

static uint32_t set_node(Rig *rig, StageId stage, Way way, uint32_t streams) {
  PlanArg args[MAX_STREAMS + 1];
  uint32_t count = 0;
  for (uint32_t i = 1; i < streams; i++) args[count++] = rig_arg(rig, stage, "stream", ARG_INPUT, i);
  if (way == BY_WORD) args[count++] = rig_arg(rig, stage, "by", ARG_WORD, plan_build_string(rig->builder, TEXT_LITERAL("title")));
  if (way == BY_TEXT) args[count++] = rig_arg(rig, stage, "by", ARG_ROW, rig_column(rig, 0));
  if (way == BY_SUM) {
    CodeBuilder *code = code_builder_new(rig->builder, rig->schema);
    code_emit_index(code, OPCODE_COL, 1);
    code_emit_index(code, OPCODE_COL, 1);
    code_emit(code, OPCODE_MUL_I);
    args[count++] = rig_arg(rig, stage, "by", ARG_ROW, code_finish(code, TYPE_OF(INT) | TYPE_OPTIONAL));
  }
  return rig_node(rig, stage, streams, args, count);
}

static Text run_set(Rig *rig, uint32_t node, StageRun *stage, const Streams *streams) {
  const Batch *out = NULL;
  Error error = {0};
  if (rig_try(rig, node, stage, streams->items, streams->count, &out, &error)) fail_msg("%s", error.message);
  return all_rows(rig, out);
}

static void sets_of_many_streams(void **state) {
  (void)state;
  for (unsigned round = 0; round < ROUNDS; round++) {
    Way way = (Way)(round % WAYS);
    Streams streams = {.count = 2 + round / WAYS % 3};
    Rig rig = rig_new(way == BY_WHOLE_ROW ? ROWS_ANY : ROWS_TRACK, way == BY_WHOLE_ROW ? "title:x n:i" : "title:x n:i row:i");
    uint32_t unite = set_node(&rig, STAGEID_UNION, way, streams.count), meet = set_node(&rig, STAGEID_INTERSECT, way, streams.count);
    uint32_t minus = set_node(&rig, STAGEID_EXCEPT, way, streams.count), once = set_node(&rig, STAGEID_UNIQUE, way, 1);
    rig_start(&rig);
    Random random = random_seeded(round);
    for (uint32_t i = 0; i < streams.count; i++) streams.items[i] = random_rows(&rig, &random, (int64_t)i * 100);
    expect_text(run_set(&rig, unite, stage_run_UNION, &streams), plain_union(&rig, way, &streams));
    expect_text(run_set(&rig, meet, stage_run_INTERSECT, &streams), plain_members(&rig, way, &streams, true));
    expect_text(run_set(&rig, minus, stage_run_EXCEPT, &streams), plain_members(&rig, way, &streams, false));
    Streams one = {.items = {streams.items[0]}, .count = 1};
    expect_text(run_set(&rig, once, stage_run_UNIQUE, &one), plain_union(&rig, way, &one));
    rig_free(&rig);
  }
}

/* A stream that stands twice in the list is no other set of rows. */
static void a_stream_combined_with_itself(void **state) {
  (void)state;
  for (unsigned round = 0; round < 20; round++) {
    Rig rig = rig_new(ROWS_TRACK, "title:x n:i row:i");
    uint32_t meet = set_node(&rig, STAGEID_INTERSECT, BY_WORD, 3), unite = set_node(&rig, STAGEID_UNION, BY_WORD, 3);
    uint32_t minus = set_node(&rig, STAGEID_EXCEPT, BY_WORD, 3), once = set_node(&rig, STAGEID_UNIQUE, BY_WORD, 1);
    rig_start(&rig);
    Random random = random_seeded(round + 1000);
    const Batch *batch = random_rows(&rig, &random, 0);
    Streams streams = {.items = {batch, batch, batch}, .count = 3}, one = {.items = {batch}, .count = 1};
    size_t missing = 0;
    for (size_t i = 0; i < batch->selected; i++) missing += column_is_missing(&batch->columns[0], batch_row(batch, i));
    const Batch *out = NULL;
    assert_int_equal(rig_try(&rig, meet, stage_run_INTERSECT, streams.items, 3, &out, NULL), STATUS_OK);
    assert_int_equal(out->selected, batch->selected - missing);
    assert_int_equal(rig.run->reports[meet].dropped_missing, missing);
    assert_int_equal(rig_try(&rig, minus, stage_run_EXCEPT, streams.items, 3, &out, NULL), STATUS_OK);
    assert_int_equal(out->selected, missing);
    assert_int_equal(rig_try(&rig, unite, stage_run_UNION, streams.items, 3, &out, NULL), STATUS_OK);
    size_t united = out->selected;
    assert_int_equal(rig_try(&rig, once, stage_run_UNIQUE, one.items, 1, &out, NULL), STATUS_OK);
    assert_int_equal(united, out->selected + 2 * missing);
    rig_free(&rig);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sets_of_many_streams),
      cmocka_unit_test(a_stream_combined_with_itself),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
