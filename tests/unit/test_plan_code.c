/* Expression code that must not run: the condition of the sample's `keep`, spoiled byte by byte. */
#include "plan/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/unit/plan_refusal.h"

/* Its bytes, writable. */
static uint8_t *condition(Plan *plan) {
  return (uint8_t *)(uintptr_t)plan->codes[at_arg(plan, N_KEEP, 0)->index].bytes;
}

static PlanCode *keep_code(Plan *plan) {
  return &plan->codes[at_arg(plan, N_KEEP, 0)->index];
}

/* clang-format off */
#define CASE(name) static void name(Plan *plan)
/* condition: 0 const c, 2 col 4, 4 lt_i, 5 and 2, 7 col 5, 9 ret */
CASE(code_opcode) { condition(plan)[4] = OPCODE_COUNT; }
CASE(code_without_ret) { condition(plan)[9] = OPCODE_NOT; }
CASE(code_empty) { keep_code(plan)->length = 0; }
CASE(code_cut) { condition(plan)[9] = OPCODE_CONST; }
CASE(code_early_ret) { condition(plan)[7] = OPCODE_NOW; condition(plan)[8] = OPCODE_RET; }
CASE(code_ret_of_two) {
  memset(condition(plan) + 4, OPCODE_NOW, 3);
}
CASE(code_jump_inside) { condition(plan)[6] = 1; }
CASE(code_jump_out) { condition(plan)[6] = 3; }
CASE(code_jump_nowhere) { condition(plan)[6] = 0; }
CASE(code_join_type) { condition(plan)[8] = 0; }
CASE(code_type) { condition(plan)[3] = 0; }
CASE(code_and_of_text) {
  condition(plan)[0] = OPCODE_COL;
  condition(plan)[1] = 0;
  condition(plan)[2] = OPCODE_COL;
  condition(plan)[3] = 0;
  condition(plan)[4] = OPCODE_CONCAT;
  condition(plan)[5] = 2;
  condition(plan)[6] = OPCODE_NOT;
}
CASE(code_underflow) { condition(plan)[0] = OPCODE_NOT; }
CASE(code_height) { keep_code(plan)->stack = 3; }
CASE(code_result) { keep_code(plan)->result = TYPE_OF(INT); }
CASE(code_result_optional) { keep_code(plan)->result |= TYPE_OPTIONAL; }
CASE(code_varint) {
  condition(plan)[5] = 0x80;
  condition(plan)[4] = 0x80;
  condition(plan)[6] = 0;
  condition(plan)[3] = 0x80;
}
CASE(code_constant) { condition(plan)[1] = 127; }
CASE(code_column) { condition(plan)[3] = 127; }
CASE(code_param) { condition(plan)[0] = OPCODE_PARAM; condition(plan)[1] = 2; }
CASE(code_missing_type) { condition(plan)[0] = OPCODE_MISSING; condition(plan)[1] = 0; }
CASE(code_call_field) {
  condition(plan)[2] = OPCODE_CALL;
  condition(plan)[3] = (uint8_t)find_import_named(plan, IMPORT_FIELD, "title");
}
CASE(code_call_aggregate) {
  condition(plan)[2] = OPCODE_CALL;
  condition(plan)[3] = (uint8_t)find_import_named(plan, IMPORT_FUNCTION, "count");
}
CASE(code_call_nowhere) { condition(plan)[2] = OPCODE_CALL; condition(plan)[3] = 127; }
CASE(code_call_type) {
  condition(plan)[2] = OPCODE_CALL;
  condition(plan)[3] = (uint8_t)find_import_named(plan, IMPORT_FUNCTION, "lower");
}
CASE(code_concat_none) { condition(plan)[2] = OPCODE_CONCAT; condition(plan)[3] = 0; }
CASE(code_concat_many) { condition(plan)[2] = OPCODE_CONCAT; condition(plan)[3] = 9; }
CASE(code_without_row) { keep_code(plan)->schema = PLAN_NONE; }
CASE(code_of_other_rows) { plan->codes[at_arg(plan, N_SORT, 1)->index].schema = at_node(plan, N_TRACKS)->schema; }
CASE(scalar_of_rows) { at_arg(plan, N_TO_CSV, 0)->index = at_arg(plan, N_SORT, 1)->index; }
CASE(result_of_other_rows) { at_arg(plan, N_TALLY, 3)->index = at_arg(plan, N_SORT, 1)->index; }
#undef CASE

static const PlanCase cases[] = {
  {"N8060", "no instruction", code_opcode},
  {"N8061", "without `ret`", code_without_ret},
  {"N8061", "without `ret`", code_empty},
  {"N8061", "within an instruction", code_cut},
  {"N8062", "goes on after `ret`", code_early_ret},
  {"N8062", "values on the stack", code_ret_of_two},
  {"N8063", "middle of `col`", code_jump_inside},
  {"N8063", "behind the end", code_jump_out},
  {"N8064", "1 values after a jump and 0 without it", code_jump_nowhere},
  {"N8064", "another type", code_join_type},
  {"N8065", "`lt_i` takes int and gets text", code_type},
  {"N8065", "`not` takes bool and gets text", code_and_of_text},
  {"N8066", "`not` takes 1 values", code_underflow},
  {"N8067", "stack of 3 values and needs 2", code_height},
  {"N8068", "states the result int and gives bool", code_result},
  {"N8068", "states the result bool? and gives bool", code_result_optional},
  {"N8017", "shortest form", code_varint},
  {"N8069", "constant 127", code_constant},
  {"N8069", "column 127", code_column},
  {"N8069", "parameter 2 of 2", code_param},
  {"N8069", "type 0", code_missing_type},
  {"N8069", "no function", code_call_field},
  {"N8069", "aggregate `count`", code_call_aggregate},
  {"N8069", "import 127", code_call_nowhere},
  {"N8065", "`call` takes text and gets int", code_call_type},
  {"N8069", "joins no texts", code_concat_none},
  {"N8066", "takes 9 values", code_concat_many},
  {"N8069", "no row", code_without_row},
  {"N8070", "not for the rows of its input", code_of_other_rows},
  {"N8070", "computed once", scalar_of_rows},
  {"N8070", "keys and aggregates", result_of_other_rows},
};
/* clang-format on */

static void test_codes(void **state) {
  (void)state;
  expect_each_refused(cases, sizeof cases / sizeof *cases);
}

/* A stack of 64 values is possible, one of 65 is not. */
static void test_stack_limit(void **state) {
  (void)state;
  for (uint32_t height = PLAN_MAX_STACK; height <= PLAN_MAX_STACK + 1; height++) {
    Arena *arena = arena_new(0);
    Error error = {0};
    Sample made = {plan_builder_new(arena), arena, 0};
    uint32_t text = sample_text(&made, TYPE_OF(TEXT), "x");
    CodeBuilder *code = code_builder_new(made.builder, PLAN_NONE);
    for (uint32_t i = 0; i < height; i++) code_emit_index(code, OPCODE_CONST, text);
    code_emit_index(code, OPCODE_CONCAT, height);
    code_finish(code, TYPE_OF(TEXT));
    Plan *plan = NULL;
    Status expected = height > PLAN_MAX_STACK ? STATUS_BAD_PLAN : STATUS_OK;
    assert_int_equal(plan_build_finish(made.builder, &plan, &error), expected);
    if (expected == STATUS_BAD_PLAN) assert_string_equal(error.code, "N8066");
    arena_free(arena);
  }
}

/* Whether a result may be missing follows from the code. */
static Type result_of(const int *opcodes, size_t count, FieldId first, FieldId second) {
  Arena *arena = arena_new(0);
  Sample made = {plan_builder_new(arena), arena, 0};
  FieldId fields[] = {first, second};
  uint32_t schema = sample_schema(&made, ROWS_PLAY, fields, first == second ? 1 : 2, (PlanWindow){WINDOW_NONE, 0});
  CodeBuilder *code = code_builder_new(made.builder, schema);
  code_emit_index(code, OPCODE_COL, 0);
  code_emit_index(code, OPCODE_COL, first == second ? 0 : 1);
  for (size_t i = 0; i < count; i++) code_emit(code, opcodes[i]);
  uint32_t index = code_finish(code, field_def(first)->type);
  Type type = plan_build_plan(made.builder)->codes[index].result;
  arena_free(arena);
  return type;
}

static void test_optional_results(void **state) {
  (void)state;
  const int add[] = {OPCODE_ADD_I}, either[] = {OPCODE_ELSE_VAL};
  assert_int_equal(result_of(add, 1, FIELD_PLAYS, FIELD_SKIPS), TYPE_OF(INT) | TYPE_OPTIONAL);
  assert_int_equal(result_of(either, 1, FIELD_LAST_PLAYED, FIELD_PLAYED_AT), TYPE_OF(TIME));
  assert_int_equal(result_of(either, 1, FIELD_PLAYED_AT, FIELD_LAST_PLAYED), TYPE_OF(TIME) | TYPE_OPTIONAL);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_codes), cmocka_unit_test(test_stack_limit),
                                     cmocka_unit_test(test_optional_results)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
