#include "engine_rig.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/input.h"

/* A plan with no rows to speak of and one parameter of the type, without default. */
static Status read_param(Type type, const char *text, Rig *rig, Error *error) {
  *rig = rig_new(ROWS_TRACK, "n:i");
  PlanParam param = {plan_build_string(rig->builder, TEXT_LITERAL("n")), type, PLAN_NONE, PLAN_NONE};
  plan_build_param(rig->builder, param);
  Plan *plan;
  assert_int_equal(plan_build_finish(rig->builder, &plan, error), STATUS_OK);
  RunOptions options = {.now = INT64_C(1718452800000)};
  assert_int_equal(zone_use("UTC", &options.zone, error), STATUS_OK);
  ParamText given = {TEXT_LITERAL("n"), text_of(text)};
  return run_new(rig->arena, plan, &options, &given, 1, &rig->run, error);
}

/* The parameter as canonical text. */
static void expect_param(Type type, const char *given, const char *want) {
  Rig rig;
  Error error;
  if (read_param(type, given, &rig, &error)) fail_msg("%s", error.message);
  Text text = vm_text(rig.run, type, rig.run->params[0]);
  if (!text_is(text, want)) fail_msg("`%s` became `%s`, not `%s`", given, text.bytes, want);
  rig_free(&rig);
}

static void expect_refusal(Type type, const char *given, const char *want) {
  Rig rig;
  Error error;
  assert_int_equal(read_param(type, given, &rig, &error), STATUS_USAGE);
  assert_int_equal(error.status, STATUS_USAGE);
  if (!strstr(error.message, want)) fail_msg("`%s` gave `%s`, not `%s`", given, error.message, want);
  assert_ptr_equal(strstr(error.message, "--n: "), error.message);
  rig_free(&rig);
}

static void parameters_by_type(void **state) {
  (void)state;
  expect_param(TYPE_OF(INT), "9223372036854775807", "9223372036854775807");
  expect_param(TYPE_OF(INT), "-9223372036854775808", "-9223372036854775808");
  expect_param(TYPE_OF(INT), "5_000", "5000");
  expect_param(TYPE_OF(FLOAT), "-2.5e-1", "-0.25");
  expect_param(TYPE_OF(PERCENT), "20%", "20%");
  expect_param(TYPE_OF(BOOL), "true", "true");
  expect_param(TYPE_OF(TEXT), "", "");
  expect_param(TYPE_OF(PATH), "a b", "a b");
  expect_param(TYPE_OF(DATE), "2024-03", "2024-03");
  expect_param(TYPE_OF(TIME), "2024-03-05", "2024-03-05T00:00:00Z");
  expect_param(TYPE_LIST_OF(INT), "1, 2,3", "1, 2, 3");
  expect_param(TYPE_LIST_OF(TEXT), "", "");
  expect_param(TYPE_LIST_OF(TEXT), "a,,b", "a, , b");
  expect_param(TYPE_RANGE_OF(INT), "2010..2019", "2010..2019");
  expect_param(TYPE_RANGE_OF(FLOAT), "0.5..", "0.5..");
  expect_param(TYPE_RANGE_OF(DATE), "..2024-02", "..2024-02-29T23:59:59.999Z");
  expect_param(TYPE_RANGE_OF(DATE), "2023..2024", "2023-01-01T00:00:00Z..2024-12-31T23:59:59.999Z");
}

static void parameters_that_are_refused(void **state) {
  (void)state;
  expect_refusal(TYPE_OF(INT), "abc", "--n: `abc` is not a whole number");
  expect_refusal(TYPE_OF(INT), "", "`` is not a whole number");
  expect_refusal(TYPE_OF(INT), "-", "is not a whole number");
  expect_refusal(TYPE_OF(INT), "_1", "is not a whole number");
  expect_refusal(TYPE_OF(INT), "1.0", "is not a whole number");
  expect_refusal(TYPE_OF(INT), "9223372036854775808", "beyond the whole numbers of 64 bits");
  expect_refusal(TYPE_OF(INT), "-9223372036854775809", "beyond the whole numbers of 64 bits");
  expect_refusal(TYPE_OF(FLOAT), "nan", "is not a number");
  expect_refusal(TYPE_OF(FLOAT), "0x10", "is not a number");
  expect_refusal(TYPE_OF(FLOAT), "1e999", "too large");
  expect_refusal(TYPE_OF(PERCENT), "0.2", "write 20%");
  expect_refusal(TYPE_OF(BOOL), "yes", "neither true nor false");
  expect_refusal(TYPE_OF(DATE), "2024-02-31", "no such day");
  expect_refusal(TYPE_OF(DATE), "2024-02-01T10:00", "is a time");
  expect_refusal(TYPE_OF(DURATION), "5m", "minutes or months");
  expect_refusal(TYPE_OF(PATH), "", "may not be empty");
  expect_refusal(TYPE_OF(TEXT), "\xFF", "not valid UTF-8");
  expect_refusal(TYPE_LIST_OF(INT), "1,x", "`x` is not a whole number");
  expect_refusal(TYPE_RANGE_OF(INT), "5", "is not a range");
  expect_refusal(TYPE_RANGE_OF(INT), "..", "is not a range");
  expect_refusal(TYPE_RANGE_OF(INT), "1..b", "`b` is not a whole number");
}

static void flags_that_do_not_fit(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "n:i");
  PlanParam params[] = {
      {plan_build_string(rig.builder, TEXT_LITERAL("playlist")), TYPE_OF(TEXT), PLAN_NONE, PLAN_NONE},
      {plan_build_string(rig.builder, TEXT_LITERAL("count")), TYPE_OF(INT), rig_int(&rig, 7), PLAN_NONE},
  };
  for (size_t i = 0; i < 2; i++) plan_build_param(rig.builder, params[i]);
  Plan *plan;
  Error error;
  assert_int_equal(plan_build_finish(rig.builder, &plan, &error), STATUS_OK);
  RunOptions options = {.now = 0};
  assert_int_equal(zone_use("UTC", &options.zone, &error), STATUS_OK);
  ParamText given[] = {{TEXT_LITERAL("playlist"), TEXT_LITERAL("a")}, {TEXT_LITERAL("playlist"), TEXT_LITERAL("b")}};
  ParamText typo = {TEXT_LITERAL("playlst"), TEXT_LITERAL("a")}, strange = {TEXT_LITERAL("x"), TEXT_LITERAL("a")};
  assert_int_equal(run_new(rig.arena, plan, &options, given, 1, &rig.run, &error), STATUS_OK);
  assert_int_equal(rig.run->params[1].integer, 7);
  assert_int_equal(run_new(rig.arena, plan, &options, given, 2, &rig.run, &error), STATUS_USAGE);
  assert_string_equal(error.message, "--playlist is given twice");
  assert_int_equal(run_new(rig.arena, plan, &options, &typo, 1, &rig.run, &error), STATUS_USAGE);
  assert_string_equal(
      error.message,
      "there is no parameter --playlst; did you mean --playlist? this program takes --playlist (text), --count (int)");
  assert_int_equal(run_new(rig.arena, plan, &options, &strange, 1, &rig.run, &error), STATUS_USAGE);
  assert_string_equal(error.message, "there is no parameter --x; this program takes --playlist (text), --count (int)");
  assert_int_equal(run_new(rig.arena, plan, &options, NULL, 0, &rig.run, &error), STATUS_USAGE);
  assert_string_equal(error.message, "--playlist is missing; this program takes --playlist (text), --count (int)");
  rig_free(&rig);
}

static void constants_and_windows(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "n:i");
  Date first = {.year = 2023, .month = 1, .day = 1, .precision = DATE_YEAR},
       last = {2024, 2, 1, .precision = DATE_MONTH};
  PlanConstant low = {.type = TYPE_OF(DATE), .as.date = first}, high = {.type = TYPE_OF(DATE), .as.date = last};
  PlanConstant days = {.type = TYPE_RANGE_OF(DATE),
                       .as.range = {plan_build_constant(rig.builder, low), plan_build_constant(rig.builder, high)}};
  uint32_t range = plan_build_constant(rig.builder, days);
  days.as.range.high = PLAN_NONE;
  uint32_t open = plan_build_constant(rig.builder, days);
  PlanConstant moment = {.type = TYPE_OF(TIME), .as.time = 1000};
  uint32_t instant = plan_build_constant(rig.builder, moment);
  PlanConstant times = {.type = TYPE_RANGE_OF(TIME), .as.range = {instant, instant}};
  uint32_t point = plan_build_constant(rig.builder, times);
  uint32_t ninety = rig_constant(&rig, TYPE_OF(DURATION), duration_pack((Duration){0, INT64_C(7776000000)}), 0, NULL);
  rig_start(&rig);
  InstantRange window = run_window(rig.run, (PlanWindow){WINDOW_CONSTANT, range});
  assert_int_equal(window.lo, INT64_C(1672531200000));
  assert_int_equal(window.hi, INT64_C(1709251200000));
  window = run_window(rig.run, (PlanWindow){WINDOW_CONSTANT, open});
  assert_int_equal(window.hi, INSTANT_MAX + 1);
  window = run_window(rig.run, (PlanWindow){WINDOW_CONSTANT, ninety});
  assert_int_equal(window.hi, rig.run->options.now);
  assert_int_equal(window.lo, rig.run->options.now - INT64_C(7776000000));
  window = run_window(rig.run, (PlanWindow){0});
  assert_int_equal(window.lo, INSTANT_MIN);
  RangeEnds ends = range_ends(rig.run->lists, rig.run->constants[point]);
  assert_int_equal(ends.low.integer, 1000);
  assert_int_equal(ends.high.integer, 1001);
  rig_free(&rig);
}

static uint64_t seed_on(Instant now) {
  Rig rig = rig_new(ROWS_TRACK, "n:i");
  Plan *plan;
  Error error;
  RunOptions options = {.now = now};
  assert_int_equal(plan_build_finish(rig.builder, &plan, &error), STATUS_OK);
  assert_int_equal(zone_use("UTC", &options.zone, &error), STATUS_OK);
  assert_int_equal(run_new(rig.arena, plan, &options, NULL, 0, &rig.run, &error), STATUS_OK);
  uint64_t seed = rig.run->seed;
  rig_free(&rig);
  return seed;
}

static void the_seed_is_the_days(void **state) {
  (void)state;
  assert_true(seed_on(1000) == seed_on(86399999));
  assert_true(seed_on(1000) != seed_on(86400000));
}

static void batches_grow_row_by_row(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "a:i b:i c:i");
  rig_start(&rig);
  BatchWriter *writer = batch_writer_new(rig.arena, &rig.run->plan->schemas[rig.schema], true);
  for (int64_t i = 0; i < 10000; i++) {
    assert_int_equal(batch_writer_row(writer, i + 1, NULL), STATUS_OK);
    batch_writer_set(writer, 0, (Value){.integer = i});
    if (i % 2) batch_writer_set(writer, 1, (Value){.integer = -i});
  }
  Batch *batch = batch_writer_finish(writer);
  assert_int_equal(batch->selected, 10000);
  assert_null(batch->columns[0].missing);
  for (size_t i = 0; i < 10000; i++) {
    assert_int_equal(batch->columns[0].values[i].integer, i);
    assert_int_equal(batch->tracks[i], i + 1);
    assert_int_equal(column_is_missing(&batch->columns[1], i), i % 2 == 0);
    assert_true(column_is_missing(&batch->columns[2], i));
  }
  assert_int_equal(batch_writer_finish(batch_writer_new(rig.arena, batch->schema, true))->selected, 0);
  rig_free(&rig);
}

static void notices_are_kept(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "a:i");
  rig_start(&rig);
  for (int i = 0; i < 20000; i++) run_notice(rig.run, 0, i == 3, "row %d left out", i);
  assert_int_equal(rig.run->notice_count, 10000);
  assert_true(text_is(rig.run->notices[3].text, "row 3 left out"));
  assert_true(rig.run->notices[3].problem);
  rig_free(&rig);
}

/* Every allocation of a run fails once: each time an ordinary error, never a crash or a leak. */
static void memory_that_runs_out(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "n:i");
  PlanParam param = {plan_build_string(rig.builder, TEXT_LITERAL("n")), TYPE_LIST_OF(INT), PLAN_NONE, PLAN_NONE};
  plan_build_param(rig.builder, param);
  Plan *plan;
  Error error;
  RunOptions options = {.now = 0};
  assert_int_equal(plan_build_finish(rig.builder, &plan, &error), STATUS_OK);
  assert_int_equal(zone_use("UTC", &options.zone, &error), STATUS_OK);
  ParamText given = {TEXT_LITERAL("n"), TEXT_LITERAL("1,2,3")};
  unsigned long n = 1;
  for (; n < 1000; n++) {
    Arena *arena = arena_new(0);
    arena_test_fail_at(n);
    Status status = run_new(arena, plan, &options, &given, 1, &rig.run, &error);
    arena_test_fail_at(0);
    arena_free(arena);
    if (status == STATUS_OK) break;
    assert_int_equal(status, STATUS_FAILED);
  }
  assert_in_range(n, 5, 999);
  rig_free(&rig);
}

/* from file.csv PATH | take --n | to file.jsonl PATH.out */
static Plan *file_plan(PlanBuilder *builder, const char *path, Arena *arena) {
  Rig rig = {.arena = arena, .builder = builder};
  PlanParam n = {plan_build_string(builder, TEXT_LITERAL("n")), TYPE_OF(INT), PLAN_NONE, PLAN_NONE};
  plan_build_param(builder, n);
  PlanColumn title = {.name = plan_build_string(builder, TEXT_LITERAL("title")),
                      .field = plan_build_field(builder, FIELD_TITLE),
                      .type = field_def(FIELD_TITLE)->type};
  PlanArg source_args[] = {
      rig_arg(&rig, STAGEID_FROM_FILE_CSV, "path", ARG_CONSTANT, rig_constant(&rig, TYPE_OF(TEXT), 0, 0, path)),
      {.param = PLAN_ARG_COLUMNS,
       .kind = ARG_COLUMNS,
       .name = PLAN_NONE,
       .index = plan_build_schema(builder, (PlanSchema){ROWS_TRACK, &title, 1}),
       .code = PLAN_NONE},
  };
  PlanNode source = {.stage = plan_build_stage(builder, STAGEID_FROM_FILE_CSV), .args = source_args, .arg_count = 2};
  uint32_t from = plan_build_node(builder, source, (PlanSpan){1, 1});
  PlanArg count = rig_arg(&rig, STAGEID_TAKE, "count", ARG_PARAM, 0);
  PlanNode take = {.stage = plan_build_stage(builder, STAGEID_TAKE),
                   .inputs = &from,
                   .input_count = 1,
                   .args = &count,
                   .arg_count = 1};
  uint32_t some = plan_build_node(builder, take, (PlanSpan){2, 3});
  const char *out = arena_format(arena, "%s.out", path);
  PlanArg to = rig_arg(&rig, STAGEID_TO_FILE_JSONL, "path", ARG_CONSTANT, rig_constant(&rig, TYPE_OF(TEXT), 0, 0, out));
  PlanNode write = {.stage = plan_build_stage(builder, STAGEID_TO_FILE_JSONL),
                    .inputs = &some,
                    .input_count = 1,
                    .args = &to,
                    .arg_count = 1};
  plan_build_sink(builder, plan_build_node(builder, write, (PlanSpan){3, 3}), PLAN_NONE);
  Plan *plan;
  Error error;
  if (plan_build_finish(builder, &plan, &error)) fail_msg("%s", error.message);
  return plan;
}

static Status execute_file_plan(const char *path, const char *n, Run **run, Arena *arena, Error *error) {
  Plan *plan = file_plan(plan_builder_new(arena), path, arena);
  RunOptions options = {.now = INT64_C(1718452800000), .store_path = "/nonexistent/store.db"};
  assert_int_equal(zone_use("UTC", &options.zone, error), STATUS_OK);
  ParamText given = {TEXT_LITERAL("n"), text_of(n)};
  assert_int_equal(run_new(arena, plan, &options, &given, 1, run, error), STATUS_OK);
  return run_execute(*run, error);
}

static void a_plan_runs_from_file_to_file(void **state) {
  (void)state;
  char path[] = "/tmp/narada_test_XXXXXX";
  int descriptor = mkstemp(path);
  assert_true(descriptor >= 0);
  static const char rows[] = "title\nA\nB\nC\n";
  assert_int_equal(write(descriptor, rows, sizeof rows - 1), sizeof rows - 1);
  close(descriptor);
  Arena *arena = arena_new(0);
  Run *run;
  Error error;
  if (execute_file_plan(path, "2", &run, arena, &error)) fail_msg("%s", error.message);
  assert_int_equal(run->reports[0].rows_out, 3);
  assert_int_equal(run->reports[1].rows_in, 3);
  assert_int_equal(run->reports[1].rows_out, 2);
  assert_true(run->reports[2].done);
  Text written;
  const char *out = arena_format(arena, "%s.out", path);
  assert_int_equal(file_read_all(arena, out, 1 << 16, &written, &error), STATUS_OK);
  assert_non_null(strstr(written.bytes, "\"A\""));
  assert_null(strstr(written.bytes, "\"C\""));
  assert_int_equal(execute_file_plan(path, "-1", &run, arena, &error), STATUS_USAGE);
  assert_string_equal(error.message, "line 2: take: `count` is -1; the least is 0");
  assert_false(run->reports[1].done);
  unlink(path);
  unlink(out);
  assert_int_not_equal(execute_file_plan(path, "1", &run, arena, &error), STATUS_OK);
  assert_ptr_equal(strstr(error.message, "line 1: from file.csv: "), error.message);
  Store *store;
  assert_int_equal(run_store(run, &store, &error), STATUS_OK);
  assert_null(store);
  size_t notices = run->notice_count;
  assert_int_equal(run_store(run, &store, &error), STATUS_OK);
  assert_int_equal(run->notice_count, notices);
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(parameters_by_type),
      cmocka_unit_test(parameters_that_are_refused),
      cmocka_unit_test(flags_that_do_not_fit),
      cmocka_unit_test(constants_and_windows),
      cmocka_unit_test(the_seed_is_the_days),
      cmocka_unit_test(batches_grow_row_by_row),
      cmocka_unit_test(notices_are_kept),
      cmocka_unit_test(memory_that_runs_out),
      cmocka_unit_test(a_plan_runs_from_file_to_file),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
