/* Plans whose arguments are right one by one and not together, or of the kinds only some stages take. */
#include "plan/build.h"
#include "plan/opcode.h"
#include "plan/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

typedef struct Kit {
  Arena *arena;
  PlanBuilder *builder;
  uint32_t schema;       /* tracks with their position */
  uint32_t number, flag; /* code on it: the position, and whether it is missing */
} Kit;

static uint32_t constant(Kit *kit, Type type, int64_t whole, double number) {
  PlanConstant made = {.type = type};
  if (type == TYPE_OF(INT)) made.as.integer = whole;
  if (type != TYPE_OF(INT)) made.as.number = number;
  return plan_build_constant(kit->builder, made);
}

static PlanArg with(StageId stage, const char *param, PlanArgKind kind, uint32_t index) {
  const StageDef *def = stage_def(stage);
  uint8_t i = 0;
  while (strcmp(def->params[i].name, param) != 0) i++;
  return (PlanArg){.param = i, .kind = kind, .name = PLAN_NONE, .index = index, .code = PLAN_NONE};
}

static PlanArg with_weights(Kit *kit, StageId stage, const int64_t *weights, uint32_t count) {
  uint32_t items[8];
  for (uint32_t i = 0; i < count; i++) items[i] = constant(kit, TYPE_OF(INT), weights[i], 0);
  PlanConstant list = {.type = TYPE_LIST_OF(INT), .as.list = {items, count}};
  return with(stage, "weights", ARG_CONSTANT, plan_build_constant(kit->builder, list));
}

static uint32_t add_node(Kit *kit, StageId stage, const uint32_t *inputs, uint32_t input_count, const PlanArg *args, uint32_t arg_count) {
  PlanNode node = {.stage = plan_build_stage(kit->builder, stage),
                   .inputs = (uint32_t *)inputs,
                   .input_count = input_count,
                   .args = (PlanArg *)args,
                   .arg_count = arg_count};
  return plan_build_node(kit->builder, node, (PlanSpan){1, 1});
}

static Kit kit_new(void) {
  Kit kit = {.arena = arena_new(0)};
  kit.builder = plan_builder_new(kit.arena);
  const FieldDef *field = field_def(FIELD_POSITION);
  PlanColumn position = {.name = plan_build_string(kit.builder, text_of(field->name)),
                         .field = plan_build_field(kit.builder, FIELD_POSITION),
                         .type = field->type};
  kit.schema = plan_build_schema(kit.builder, (PlanSchema){ROWS_TRACK, &position, 1});
  CodeBuilder *code = code_builder_new(kit.builder, kit.schema);
  code_emit_index(code, OPCODE_COL, 0);
  kit.number = code_finish(code, position.type);
  code = code_builder_new(kit.builder, kit.schema);
  code_emit_index(code, OPCODE_COL, 0);
  code_emit(code, OPCODE_IS_MISSING);
  kit.flag = code_finish(code, TYPE_OF(BOOL));
  return kit;
}

/* What loading a plan of two sources and that stage, with `args`, says; "" if it is taken. */
static const char *load_with(Kit *kit, StageId stage, const PlanArg *args, uint32_t arg_count) {
  static char said[sizeof(Error)];
  bool combines = stage_def(stage)->inputs == INPUTS_SET;
  PlanArg path = with(STAGEID_FROM_FILE_CSV, "path", ARG_CONSTANT, 0);
  PlanConstant name = {.type = TYPE_OF(PATH), .as.text = plan_build_string(kit->builder, TEXT_LITERAL("in.csv"))};
  path.index = plan_build_constant(kit->builder, name);
  PlanArg source[] = {path, {.param = PLAN_ARG_COLUMNS, .kind = ARG_COLUMNS, .index = kit->schema, .name = PLAN_NONE, .code = PLAN_NONE}};
  uint32_t inputs[2] = {add_node(kit, STAGEID_FROM_FILE_CSV, NULL, 0, source, 2)};
  if (combines) inputs[1] = add_node(kit, STAGEID_FROM_FILE_CSV, NULL, 0, source, 2);
  uint32_t node = add_node(kit, stage, inputs, combines ? 2 : 1, args, arg_count);
  uint32_t sink = add_node(kit, STAGEID_SHOW, &node, 1, NULL, 0);
  plan_build_sink(kit->builder, sink, PLAN_NONE);
  Error error = {0};
  Plan *plan = NULL, *loaded = NULL;
  Text bytes = {0};
  if (plan_build_finish(kit->builder, &plan, &error)) fail_msg("%s", error.message);
  plan->level = PLAN_LEVEL;
  if (plan_encode(kit->arena, plan, &bytes, &error)) fail_msg("%s", error.message);
  Status status = plan_load(kit->arena, bytes.bytes, bytes.length, &loaded, &error);
  snprintf(said, sizeof said, "%s %s", status ? error.code : "", status ? error.message : "");
  arena_free(kit->arena);
  return said;
}

#define LOADED " "
#define SAYS(said, code, message)                                                             \
  do {                                                                                        \
    const char *got = (said);                                                                 \
    if (strncmp(got, code, strlen(code)) != 0 || !strstr(got, message)) fail_msg("%s", got); \
  } while (0)
#define ARGS(...) (const PlanArg[]){__VA_ARGS__}, sizeof((const PlanArg[]){__VA_ARGS__}) / sizeof(PlanArg)

static void take_works_in_one_way(void **state) {
  (void)state;
  Kit kit = kit_new();
  PlanArg count = with(STAGEID_TAKE, "count", ARG_CONSTANT, constant(&kit, TYPE_OF(INT), 2, 0));
  assert_string_equal(load_with(&kit, STAGEID_TAKE, ARGS(count, with(STAGEID_TAKE, "per", ARG_ROW, kit.number))), LOADED);
  kit = kit_new();
  assert_string_equal(load_with(&kit, STAGEID_TAKE, ARGS(with(STAGEID_TAKE, "while", ARG_ROW, kit.flag))), LOADED);
  kit = kit_new();
  count = with(STAGEID_TAKE, "count", ARG_CONSTANT, constant(&kit, TYPE_OF(INT), 2, 0));
  SAYS(load_with(&kit, STAGEID_TAKE, ARGS(count, with(STAGEID_TAKE, "while", ARG_ROW, kit.flag))), "N8039", "both `count` and `while`");
  kit = kit_new();
  SAYS(load_with(&kit, STAGEID_TAKE, ARGS(with(STAGEID_TAKE, "while", ARG_ROW, kit.flag), with(STAGEID_TAKE, "per", ARG_ROW, kit.number))),
       "N8040", "`per` of `take` needs `count`");
  kit = kit_new();
  SAYS(load_with(&kit, STAGEID_TAKE, NULL, 0), "N8040", "`take` needs `count`");
  kit = kit_new();
  SAYS(load_with(&kit, STAGEID_TAKE, ARGS(with(STAGEID_TAKE, "while", ARG_ROW, kit.number))), "N8042", "takes a bool");
}

static void shares_and_weights_of_rows(void **state) {
  (void)state;
  Kit kit = kit_new();
  PlanArg half = with(STAGEID_SHUFFLE, "strength", ARG_CONSTANT, constant(&kit, TYPE_OF(FLOAT), 0, 0.5));
  assert_string_equal(load_with(&kit, STAGEID_SHUFFLE, ARGS(half, with(STAGEID_SHUFFLE, "weight", ARG_ROW, kit.number))), LOADED);
  static const double wrong[] = {1.1, -0.1};
  for (int i = 0; i < 4; i++) {
    kit = kit_new();
    uint32_t strength = constant(&kit, i < 2 ? TYPE_OF(FLOAT) : TYPE_OF(PERCENT), 0, wrong[i % 2]);
    SAYS(load_with(&kit, STAGEID_SHUFFLE, ARGS(with(STAGEID_SHUFFLE, "strength", ARG_CONSTANT, strength))), "N8043", "not between 0 and 1");
  }
  kit = kit_new();
  SAYS(load_with(&kit, STAGEID_SHUFFLE, ARGS(with(STAGEID_SHUFFLE, "strength", ARG_CONSTANT, constant(&kit, TYPE_OF(INT), 1, 0)))), "N8042",
       "a float or a percent");
  kit = kit_new();
  SAYS(load_with(&kit, STAGEID_SHUFFLE, ARGS(with(STAGEID_SHUFFLE, "weight", ARG_ROW, kit.flag))), "N8042", "takes a number");
  kit = kit_new();
  SAYS(load_with(&kit, STAGEID_SHUFFLE, ARGS(with(STAGEID_SHUFFLE, "weight", ARG_CONSTANT, constant(&kit, TYPE_OF(INT), 1, 0)))), "N8041",
       "an expression on the row");
}

static void weights_of_streams(void **state) {
  (void)state;
  static const StageId stages[] = {STAGEID_INTERLEAVE, STAGEID_MIX};
  for (int i = 0; i < 2; i++) {
    StageId stage = stages[i];
    Kit kit = kit_new();
    PlanArg stream = with(stage, "stream", ARG_INPUT, 1);
    assert_string_equal(load_with(&kit, stage, ARGS(stream, with_weights(&kit, stage, (int64_t[]){2, 1000000}, 2))), LOADED);
    kit = kit_new();
    SAYS(load_with(&kit, stage, ARGS(stream, with_weights(&kit, stage, (int64_t[]){2, 1, 1}, 3))), "N8043", "3 numbers for 2 streams");
    kit = kit_new();
    SAYS(load_with(&kit, stage, ARGS(stream, with_weights(&kit, stage, NULL, 0))), "N8043", "0 numbers for 2 streams");
    kit = kit_new();
    SAYS(load_with(&kit, stage, ARGS(stream, with_weights(&kit, stage, (int64_t[]){2, 0}, 2))), "N8043", "number 1 is not between 1 and 1000000");
    kit = kit_new();
    SAYS(load_with(&kit, stage, ARGS(stream, with(stage, "weights", ARG_CONSTANT, constant(&kit, TYPE_OF(INT), 1, 0)))), "N8042", "a list of ints");
  }
}

/* Random stages without a seed make a plan that is not the same from day to day. */
static void determinism_of_random_stages(void **state) {
  (void)state;
  static const StageId stages[] = {STAGEID_SHUFFLE, STAGEID_SAMPLE, STAGEID_MIX};
  for (int i = 0; i < 6; i++) {
    StageId stage = stages[i / 2];
    bool seeded = i % 2;
    Kit kit = kit_new();
    uint32_t one = constant(&kit, TYPE_OF(INT), 1, 0), inputs[] = {0, 0};
    PlanArg source = {.param = PLAN_ARG_COLUMNS, .kind = ARG_COLUMNS, .index = kit.schema, .name = PLAN_NONE, .code = PLAN_NONE};
    inputs[0] = inputs[1] = add_node(&kit, STAGEID_FROM_LIBRARY_TRACKS, NULL, 0, &source, 1);
    PlanArg args[3];
    uint32_t count = 0;
    if (stage == STAGEID_SAMPLE) args[count++] = with(stage, "count", ARG_CONSTANT, one);
    if (stage == STAGEID_MIX) args[count++] = with(stage, "stream", ARG_INPUT, 1);
    if (seeded) args[count++] = with(stage, "seed", ARG_CONSTANT, one);
    add_node(&kit, stage, inputs, stage == STAGEID_MIX ? 2 : 1, args, count);
    Error error = {0};
    Plan *plan;
    assert_int_equal(plan_build_finish(kit.builder, &plan, &error), STATUS_OK);
    assert_int_equal(plan->determinism, seeded ? DETERMINISM_PURE : DETERMINISM_UNSEEDED);
    arena_free(kit.arena);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(take_works_in_one_way),
      cmocka_unit_test(shares_and_weights_of_rows),
      cmocka_unit_test(weights_of_streams),
      cmocka_unit_test(determinism_of_random_stages),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
