/* Plans that are well written and mean something impossible: imports, schemas, parameters, nodes, arguments, sinks,
 * effects. */
#include "plan/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/unit/plan_refusal.h"

/* clang-format off */
#define CASE(name) static void name(Plan *plan)
CASE(unknown_stage) { plan->strings[at_import(plan, N_KEEP)->name] = TEXT_LITERAL("keep_some"); }
CASE(source_as_stage) { plan->strings[at_import(plan, N_CSV)->name] = TEXT_LITERAL("file.csv"); }
CASE(unknown_field) { plan->imports[at_schema(plan, N_CSV)->columns[0].field].kind = IMPORT_CONNECTOR; }
CASE(changed_stage) { at_import(plan, N_KEEP)->signature ^= 1; }
CASE(changed_field) { plan->imports[find_import_named(plan, IMPORT_FIELD, "title")].signature ^= 1; }
CASE(changed_function) { plan->imports[find_import_named(plan, IMPORT_FUNCTION, "sum")].signature ^= 1; }
CASE(connector_with_signature) {
  PlanImport *import = &plan->imports[find_import_named(plan, IMPORT_FUNCTION, "lower")];
  import->kind = IMPORT_CONNECTOR;
  import->name = find_string(plan, "library");
}
CASE(column_without_name) { plan->strings[find_string(plan, "score")] = TEXT_LITERAL(""); }
CASE(column_other_name) { at_schema(plan, N_CSV)->columns[0].name = find_string(plan, "n"); }
CASE(column_other_type) { at_schema(plan, N_CSV)->columns[0].type = TYPE_OF(INT) | TYPE_OPTIONAL; }
CASE(column_not_optional) { at_schema(plan, N_CSV)->columns[0].type = TYPE_OF(TEXT); }
CASE(column_wrong_rows) { at_schema(plan, N_CSV)->kind = ROWS_PLAYLIST; }
CASE(column_of_function) { at_schema(plan, N_CSV)->columns[0].field = find_import_named(plan, IMPORT_FUNCTION, "sum"); }
CASE(column_windowed) {
  at_schema(plan, N_CSV)->columns[0].window = (PlanWindow){WINDOW_CONSTANT, find_constant(plan, TYPE_OF(DURATION))};
}
CASE(column_named_windowed) {
  at_schema(plan, N_TALLY)->columns[1].window = (PlanWindow){WINDOW_CONSTANT, find_constant(plan, TYPE_OF(DURATION))};
}
CASE(column_range) { at_schema(plan, N_TALLY)->columns[1].type = TYPE_RANGE_OF(INT); }
CASE(column_twice) { at_schema(plan, N_TALLY)->columns[1].name = at_schema(plan, N_TALLY)->columns[0].name; }
CASE(window_of_text) { at_schema(plan, N_ENRICH)->columns[4].window.index = find_constant(plan, TYPE_OF(TEXT)); }
CASE(window_nowhere) { at_schema(plan, N_ENRICH)->columns[4].window = (PlanWindow){WINDOW_PARAM, 99}; }
CASE(window_list_param) { at_schema(plan, N_ENRICH)->columns[4].window = (PlanWindow){WINDOW_PARAM, 1}; }
CASE(param_twice) { plan->params[1].name = plan->params[0].name; }
CASE(param_unnamed) { plan->strings[plan->params[0].name] = TEXT_LITERAL(""); }
CASE(param_type) { plan->params[1].type = TYPE_LIST_OF(PATH); }
CASE(param_optional) { plan->params[1].type |= TYPE_OPTIONAL; }
CASE(param_default) { plan->params[1].default_constant = find_constant(plan, TYPE_OF(TEXT)); }
CASE(stage_is_field) { at_node(plan, N_KEEP)->stage = find_import_named(plan, IMPORT_FIELD, "title"); }
CASE(no_input) { at_node(plan, N_KEEP)->input_count = 0; }
CASE(source_with_input) {
  static uint32_t input[] = {0};
  at_node(plan, N_TRACKS)->inputs = input;
  at_node(plan, N_TRACKS)->input_count = 1;
}
CASE(union_of_one) { at_node(plan, N_UNION)->input_count = 1; }
CASE(later_input) { at_node(plan, N_KEEP)->inputs[0] = N_ADD; }
CASE(tracks_of_tracks) { at_node(plan, N_OF_PLAYS)->inputs[0] = N_TRACKS; }
CASE(likes_of_rows) { at_node(plan, N_LIKES)->inputs[0] = N_TALLY; }
CASE(args_swapped) {
  PlanArg first = *at_arg(plan, N_TOP, 0);
  *at_arg(plan, N_TOP, 0) = *at_arg(plan, N_TOP, 1);
  *at_arg(plan, N_TOP, 1) = first;
}
CASE(arg_unknown) { at_arg(plan, N_KEEP, 0)->param = 1; }
CASE(columns_of_keep) { at_arg(plan, N_KEEP, 0)->param = PLAN_ARG_COLUMNS; }
CASE(arg_twice) { at_arg(plan, N_TOP, 1)->param = 0; }
CASE(columns_twice) {
  at_arg(plan, N_CSV, 1)->param = PLAN_ARG_COLUMNS;
  at_arg(plan, N_CSV, 1)->kind = ARG_COLUMNS;
}
CASE(arg_missing) { at_node(plan, N_TOP)->arg_count = 1; }
CASE(columns_missing) { at_node(plan, N_TRACKS)->arg_count = 0; }
CASE(arg_nowhere) { at_arg(plan, N_TAKE, 0)->index = 9999; }
CASE(arg_code_nowhere) { at_arg(plan, N_TALLY, 2)->code = 9999; }
CASE(value_for_condition) { at_arg(plan, N_KEEP, 0)->kind = ARG_CONSTANT; }
CASE(word_for_value) { *at_arg(plan, N_TAKE, 0) = sample_arg(0, ARG_WORD, 0); }
CASE(value_for_word) { *at_arg(plan, N_PLAYLIST, 1) = sample_arg(1, ARG_CONSTANT, 0); }
CASE(value_for_stream) { *at_arg(plan, N_UNION, 0) = sample_arg(0, ARG_CONSTANT, 0); }
CASE(value_for_result) { at_arg(plan, N_TALLY, 3)->kind = ARG_CONSTANT; }
CASE(value_for_columns) { at_arg(plan, N_TRACKS, 0)->kind = ARG_CONSTANT; }
CASE(condition_is_text) { at_arg(plan, N_KEEP, 0)->index = at_arg(plan, N_SORT, 1)->index; }
CASE(take_text) { at_arg(plan, N_TAKE, 0)->index = find_constant(plan, TYPE_OF(TEXT)); }
CASE(top_percent) { at_arg(plan, N_TOP, 0)->index = find_constant(plan, TYPE_OF(PERCENT)); }
CASE(name_is_list) { at_arg(plan, N_PLAYLIST, 0)->index = 1; }
CASE(within_text) { at_arg(plan, N_PLAYS, 0)->index = find_constant(plan, TYPE_OF(TEXT)); }
CASE(take_too_much) { plan->constants[find_constant(plan, TYPE_OF(PERCENT))].as.number = 1.5; }
CASE(top_negative) { plan->constants[at_arg(plan, N_TOP, 0)->index].as.integer = -1; }
CASE(path_empty) { plan->strings[plan->constants[at_arg(plan, N_CSV, 0)->index].as.text] = TEXT_LITERAL(""); }
CASE(word_wrong) { at_arg(plan, N_PLAYLIST, 1)->index = find_string(plan, "tracks"); }
CASE(word_part) { plan->strings[find_string(plan, "replace")] = TEXT_LITERAL("repl"); }
CASE(provider_wrong) { at_arg(plan, N_ENRICH, 0)->index = find_string(plan, "tracks"); }
CASE(identity_wrong) { at_arg(plan, N_UNION, 1)->index = find_string(plan, "duration"); }
CASE(name_missing) { at_arg(plan, N_ADD, 0)->name = PLAN_NONE; }
CASE(key_name_missing) { at_arg(plan, N_TALLY, 0)->name = PLAN_NONE; }
CASE(name_too_much) { at_arg(plan, N_KEEP, 0)->name = 0; }
CASE(aggregate_named) { at_arg(plan, N_TALLY, 1)->name = 0; }
CASE(direction_of_take) { at_arg(plan, N_TAKE, 0)->descending = true; }
CASE(direction_of_tally) { at_arg(plan, N_TALLY, 0)->descending = true; }
CASE(columns_named) { at_arg(plan, N_TRACKS, 0)->name = 0; }
CASE(stream_is_main) { at_arg(plan, N_UNION, 0)->index = 0; }
CASE(stream_twice) {
  *at_arg(plan, N_UNION, 1) = *at_arg(plan, N_UNION, 0);
}
CASE(source_of_library_field) {
  at_arg(plan, N_TRACKS, 0)->index = at_arg(plan, N_ENRICH, 1)->index;
}
CASE(source_of_plays) { at_arg(plan, N_TRACKS, 0)->index = at_arg(plan, N_PLAYS, 1)->index; }
CASE(source_of_no_field) { at_schema(plan, N_TRACKS)->columns[0].field = PLAN_NONE; }
CASE(source_other_optional) { at_schema(plan, N_PLAYS)->columns[0].type |= TYPE_OPTIONAL; }
CASE(enrich_of_position) { at_arg(plan, N_ENRICH, 1)->index = at_node(plan, N_CSV)->schema; }
CASE(aggregate_is_scalar) { at_arg(plan, N_TALLY, 1)->index = find_import_named(plan, IMPORT_FUNCTION, "lower"); }
CASE(aggregate_without_value) { at_arg(plan, N_TALLY, 2)->code = PLAN_NONE; }
CASE(aggregate_with_value) { at_arg(plan, N_TALLY, 1)->code = at_arg(plan, N_TALLY, 2)->code; }
CASE(aggregate_of_text) { at_arg(plan, N_TALLY, 2)->code = at_arg(plan, N_TALLY, 0)->index; }
CASE(aggregate_after_result) {
  PlanArg last = *at_arg(plan, N_TALLY, 2);
  *at_arg(plan, N_TALLY, 2) = *at_arg(plan, N_TALLY, 3);
  *at_arg(plan, N_TALLY, 3) = last;
}
CASE(tally_without_result) { at_node(plan, N_TALLY)->arg_count = 3; }
CASE(aggregate_name_missing) { plan->strings[find_string(plan, "#1")] = TEXT_LITERAL("#2"); }
CASE(schema_differs) { at_node(plan, N_SHOW)->schema = at_node(plan, N_CSV)->schema; }
CASE(optional_differs) { at_schema(plan, N_UNION)->columns[4].type &= (Type)~TYPE_OPTIONAL; }
CASE(union_of_kinds) {
  at_node(plan, N_UNION)->inputs[1] = N_CSV;
  at_arg(plan, N_CSV, 1)->index = find_string(plan, "plays");
}
CASE(identity_lacks_column) {
  plan->strings[find_string(plan, "replace")] = TEXT_LITERAL("isrc");
  at_arg(plan, N_UNION, 1)->index = find_string(plan, "isrc");
}
CASE(node_unused) {
  plan->strings[at_import(plan, N_SHOW)->name] = TEXT_LITERAL("reverse");
  at_import(plan, N_SHOW)->signature = stage_signature(STAGEID_REVERSE);
}
CASE(sink_left_out) { plan->sink_count--; }
CASE(sink_wrong) { plan->sinks[1].node = N_TOP; }
CASE(sink_twice) { plan->sinks[1].node = N_SHOW; }
CASE(sink_too_many) {
  static PlanSink sinks[5];
  memcpy(sinks, plan->sinks, 4 * sizeof *sinks);
  sinks[4] = (PlanSink){N_LIKES, PLAN_NONE};
  plan->sinks = sinks;
  plan->sink_count = 5;
}
CASE(sink_after_itself) { plan->sinks[1].after = 1; }
CASE(effect_hidden) { plan->effect_count--; }
CASE(effect_milder) { plan->effects[1].effect = EFFECT_READ; }
CASE(effect_elsewhere) { plan->effects[2].resource = find_string(plan, "*"); }
CASE(effect_star_missing) { plan->strings[find_string(plan, "*")] = TEXT_LITERAL("+"); }
CASE(determinism_wrong) { plan->determinism = DETERMINISM_PURE; }
#undef CASE

static const PlanCase cases[] = {
  {"N8028", "the stage `keep_some`", unknown_stage},
  {"N8028", "the stage `file.csv`", source_as_stage},
  {"N8028", "the connector `title`", unknown_field},
  {"N8029", "another form of the stage `keep`", changed_stage},
  {"N8029", "another form of the field `title`", changed_field},
  {"N8029", "another form of the function `sum`", changed_function},
  {"N8029", "another form of the connector", connector_with_signature},
  {"N8030", "has no name", column_without_name},
  {"N8030", "another name", column_other_name},
  {"N8030", "another type", column_other_type},
  {"N8030", "may be missing", column_not_optional},
  {"N8030", "no field of these rows", column_wrong_rows},
  {"N8030", "no field", column_of_function},
  {"N8030", "takes no window", column_windowed},
  {"N8030", "takes no window", column_named_windowed},
  {"N8025", "no column has type 0x22", column_range},
  {"N8031", "stands twice", column_twice},
  {"N8032", "column `plays`", window_of_text},
  {"N8023", "window 99", window_nowhere},
  {"N8032", "column `plays`", window_list_param},
  {"N8033", "the same name", param_twice},
  {"N8033", "no name", param_unnamed},
  {"N8033", "type that no parameter has", param_type},
  {"N8033", "type that no parameter has", param_optional},
  {"N8033", "default", param_default},
  {"N8023", "is no stage", stage_is_field},
  {"N8035", "`keep` takes one input and has 0", no_input},
  {"N8035", "takes no input", source_with_input},
  {"N8035", "takes two or more", union_of_one},
  {"N8034", "node 2: reads node 3", later_input},
  {"N8036", "`tracks` does not take tracks", tracks_of_tracks},
  {"N8036", "`library.likes` does not take rows", likes_of_rows},
  {"N8037", "behind one of a later", args_swapped},
  {"N8038", "no parameter 1", arg_unknown},
  {"N8038", "no parameter 255", columns_of_keep},
  {"N8039", "gets `count` twice", arg_twice},
  {"N8039", "gets `columns` twice", columns_twice},
  {"N8040", "`top` needs `by`", arg_missing},
  {"N8047", "not told which columns", columns_missing},
  {"N8023", "number 9999", arg_nowhere},
  {"N8023", "code 9999", arg_code_nowhere},
  {"N8041", "takes an expression on the row", value_for_condition},
  {"N8041", "takes a value", word_for_value},
  {"N8041", "takes a word", value_for_word},
  {"N8041", "takes a stream", value_for_stream},
  {"N8041", "takes aggregates and results", value_for_result},
  {"N8041", "takes a schema", value_for_columns},
  {"N8042", "`condition` of `keep` takes a bool", condition_is_text},
  {"N8042", "takes an int or a percent", take_text},
  {"N8042", "takes an int", top_percent},
  {"N8042", "takes a text", name_is_list},
  {"N8042", "takes a duration, a date or a range", within_text},
  {"N8043", "between 0% and 100%", take_too_much},
  {"N8043", "between 0 and 9223372036854775807", top_negative},
  {"N8043", "empty path", path_empty},
  {"N8044", "one of: update replace append", word_wrong},
  {"N8044", "one of: update replace append", word_part},
  {"N8044", "one of: library", provider_wrong},
  {"N8044", "one of: track artist isrc title", identity_wrong},
  {"N8045", "has no name", name_missing},
  {"N8045", "has no name", key_name_missing},
  {"N8045", "has a name", name_too_much},
  {"N8045", "has a name", aggregate_named},
  {"N8045", "no direction", direction_of_take},
  {"N8045", "no direction", direction_of_tally},
  {"N8045", "no name", columns_named},
  {"N8046", "main input", stream_is_main},
  {"N8046", "are input 1", stream_twice},
  {"N8047", "which comes from library", source_of_library_field},
  {"N8047", "columns of plays and has tracks", source_of_plays},
  {"N8047", "which is no field", source_of_no_field},
  {"N8047", "exactly as the field is", source_other_optional},
  {"N8047", "which comes from source", enrich_of_position},
  {"N8048", "no aggregate", aggregate_is_scalar},
  {"N8048", "wrong number of arguments", aggregate_without_value},
  {"N8048", "wrong number of arguments", aggregate_with_value},
  {"N8048", "wrong type", aggregate_of_text},
  {"N8048", "before the results", aggregate_after_result},
  {"N8048", "no result", tally_without_result},
  {"N8048", "no string `#1`", aggregate_name_missing},
  {"N8049", "is not what `show` gives", schema_differs},
  {"N8049", "is not what `union` gives", optional_differs},
  {"N8047", "columns of tracks and has plays", union_of_kinds},
  {"N8051", "compares rows by isrc, which input 0 lacks", identity_lacks_column},
  {"N8052", "reach no destination", node_unused},
  {"N8053", "node 16 is not listed", sink_left_out},
  {"N8053", "sink 1: names node 10 where destination node 11 belongs", sink_wrong},
  {"N8053", "names node 6", sink_twice},
  {"N8053", "listed already", sink_too_many},
  {"N8054", "waits for sink 1", sink_after_itself},
  {"N8055", "has 4 effects and declares 3", effect_hidden},
  {"N8055", "effect 1: the plan writes `*` of library", effect_milder},
  {"N8055", "reads `in.csv` of file", effect_elsewhere},
  {"N8055", "no string `*`", effect_star_missing},
  {"N8056", "class 0 and is of class 1", determinism_wrong},
};
/* clang-format on */

static void test_meanings(void **state) {
  (void)state;
  expect_each_refused(cases, sizeof cases / sizeof *cases);
}

/* ---- streams that do not fit together ---- */

/* Two sources of different rows, or two tallies with different columns, into `stage`, then show. */
static void combine(StageId stage, bool tallied, const char *code, const char *message) {
  static const FieldId fields[] = {FIELD_TITLE};
  Arena *arena = arena_new(0);
  Sample made = {plan_builder_new(arena), arena, 0};
  PlanWindow none = {WINDOW_NONE, 0};
  Error error = {0};
  for (uint32_t i = 0; i < 2; i++) {
    bool plays = !tallied && i == 1;
    sample_node(&made, plays ? STAGEID_FROM_LIBRARY_PLAYS : STAGEID_FROM_LIBRARY_TRACKS, NULL, 0,
                SAMPLE_ARGS(sample_arg(PLAN_ARG_COLUMNS, ARG_COLUMNS,
                                       sample_schema(&made, plays ? ROWS_PLAY : ROWS_TRACK, fields, 1, none))));
  }
  for (uint32_t i = 0; i < 2; i++) {
    if (!tallied) {
      sample_node(&made, STAGEID_REVERSE, SAMPLE_INPUTS(i), NULL, 0);
      continue;
    }
    PlanArg args[2] = {sample_arg(1, ARG_AGGREGATE, plan_build_function(made.builder, FUNCTION_COUNT))};
    PlanNode tally = {.stage = plan_build_stage(made.builder, STAGEID_TALLY),
                      .inputs = &i,
                      .input_count = 1,
                      .args = args,
                      .arg_count = 1};
    uint32_t row = plan_build_aggregate_row(made.builder, &tally);
    args[1] = sample_named(&made, 1, ARG_RESULT, sample_column(&made, row, 0), i ? "one" : "other");
    sample_node(&made, STAGEID_TALLY, &i, 1, args, 2);
  }
  sample_node(&made, stage, SAMPLE_INPUTS(2, 3), SAMPLE_ARGS(sample_arg(0, ARG_INPUT, 1)));
  sample_node(&made, STAGEID_SHOW, SAMPLE_INPUTS(4), NULL, 0);
  plan_build_sink(made.builder, 5, PLAN_NONE);
  Plan *plan = plan_build_plan(made.builder);
  if (plan_build_finish(made.builder, &plan, &error) == STATUS_OK) {
    expect_refused(encoded(arena, plan), code, message);
  } else {
    if (strcmp(error.code, code) != 0 || !strstr(error.message, message))
      print_error("%s %s\n", error.code, error.message);
    assert_string_equal(error.code, code);
    assert_non_null(strstr(error.message, message));
  }
  arena_free(arena);
}

static void test_streams(void **state) {
  (void)state;
  combine(STAGEID_CONCAT, false, "N8050", "input 0 has tracks and input 1 has plays");
  combine(STAGEID_CONCAT, true, "N8050", "is not in every stream");
  combine(STAGEID_EXCEPT, true, "N8051", "compares rows by all columns, which input 1 lacks");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_meanings), cmocka_unit_test(test_streams)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
