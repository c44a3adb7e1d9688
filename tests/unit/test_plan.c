/* Building, encoding, loading and printing plans; refusals are in test_plan_file.c, test_plan_meaning.c and test_plan_code.c. */
#include "plan/plan.h"
#include "tests/plan_repair.h"
#include "tests/unit/plan_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

static Text encoded_sample(Arena *arena) {
  Error error = {0};
  Text bytes = {0};
  Plan *plan = sample_plan(arena, &error);
  if (!plan) print_error("%s %s\n", error.code, error.message);
  assert_non_null(plan);
  assert_int_equal(plan->node_count, SAMPLE_NODES);
  assert_int_equal(plan_encode(arena, plan, &bytes, &error), STATUS_OK);
  return bytes;
}

static Plan *loaded(Arena *arena, Text bytes) {
  Error error = {0};
  Plan *plan = NULL;
  if (plan_load(arena, bytes.bytes, bytes.length, &plan, &error) != STATUS_OK)
    print_error("%s %s\n", error.code, error.message);
  assert_non_null(plan);
  return plan;
}

static void test_round_trip(void **state) {
  (void)state;
  Arena *arena = arena_new(0), *other = arena_new(0);
  Error error = {0};
  Text bytes = encoded_sample(arena), again = {0};
  assert_int_equal(bytes.length % 8, 0);
  Plan *plan = loaded(arena, bytes);
  assert_int_equal(plan_encode(arena, plan, &again, &error), STATUS_OK);
  assert_int_equal(again.length, bytes.length);
  assert_memory_equal(again.bytes, bytes.bytes, bytes.length);
  /* Built a second time elsewhere: the same bytes. */
  Text twin = encoded_sample(other);
  assert_int_equal(twin.length, bytes.length);
  assert_memory_equal(twin.bytes, bytes.bytes, bytes.length);
  arena_free(other);
  arena_free(arena);
}

static void test_content(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Plan *plan = loaded(arena, encoded_sample(arena));
  assert_int_equal(plan->node_count, SAMPLE_NODES);
  assert_string_equal(plan_stage(plan, N_TO_CSV)->name, "file.csv");
  assert_int_equal(plan_stage(plan, N_TO_CSV)->group, GROUP_DESTINATION);
  assert_int_equal(plan_stage(plan, N_CSV)->group, GROUP_SOURCE);
  assert_true(plan->nodes[N_ENRICH].inserted);
  assert_false(plan->nodes[N_KEEP].inserted);
  assert_true(plan->nodes[N_SORT].args[0].descending);
  assert_int_equal(plan->spans[N_KEEP].line, N_KEEP + 1);
  assert_true(text_is(plan->source_name, "sample.nrd"));
  assert_true(text_is(plan->doc, "A plan with \"everything\".\n"));
  assert_int_equal(plan_string(plan, PLAN_NONE).length, 0);
  assert_int_equal(plan->sinks[2].after, 1);
  /* The union lacks the library's columns in one stream: they became optional, and stay in order. */
  const PlanSchema *united = &plan->schemas[plan->nodes[N_UNION].schema];
  assert_int_equal(united->column_count, 7);
  assert_string_equal(plan_column_name(plan, arena, &united->columns[4]).bytes, "plays(90d)");
  assert_int_equal(united->columns[4].type, TYPE_OF(INT) | TYPE_OPTIONAL);
  /* `tracks` keeps what tracks have. */
  const PlanSchema *tracks = &plan->schemas[plan->nodes[N_OF_PLAYS].schema];
  assert_int_equal(tracks->kind, ROWS_TRACK);
  assert_int_equal(tracks->column_count, 2);
  const PlanSchema *tallied = &plan->schemas[plan->nodes[N_TALLY].schema];
  assert_int_equal(tallied->kind, ROWS_ANY);
  assert_int_equal(tallied->columns[1].type, TYPE_OF(INT));
  assert_int_equal(tallied->columns[2].type, TYPE_OF(FLOAT) | TYPE_OPTIONAL); /* a quotient */
  PlanSchema inferred;
  Error error = {0};
  for (uint32_t i = 0; i < plan->node_count; i++) {
    assert_int_equal(plan_infer_schema(plan, arena, i, &inferred, &error), STATUS_OK);
    assert_true(plan_schema_equal(&inferred, &plan->schemas[plan->nodes[i].schema]));
  }
  assert_int_equal(plan_aggregate_schema(plan, arena, N_TALLY, &inferred, &error), STATUS_OK);
  assert_int_equal(inferred.column_count, 3);
  assert_true(text_is(plan_string(plan, inferred.columns[2].name), "#1"));
  arena_free(arena);
}

static void test_effects(void **state) {
  (void)state;
  static const struct {
    ConnectorId connector;
    StageEffect effect;
    const char *resource;
  } expected[] = {
      {CONNECTOR_LIBRARY, EFFECT_READ, "*"},
      {CONNECTOR_LIBRARY, EFFECT_WRITE, "*"}, /* the playlist's name is a parameter */
      {CONNECTOR_FILE, EFFECT_READ, "in.csv"},
      {CONNECTOR_FILE, EFFECT_WRITE, "*"},
  };
  Arena *arena = arena_new(0);
  Plan *plan = loaded(arena, encoded_sample(arena));
  assert_int_equal(plan->effect_count, 4);
  for (uint32_t i = 0; i < 4; i++) {
    assert_int_equal(plan->effects[i].connector, expected[i].connector);
    assert_int_equal(plan->effects[i].effect, expected[i].effect);
    assert_true(text_is(plan_string(plan, plan->effects[i].resource), expected[i].resource));
  }
  assert_int_equal(plan->determinism, DETERMINISM_CLOCK); /* plays(90d) */
  arena_free(arena);
}

/* from file.csv | STAGE | show */
static Plan *small_plan(Arena *arena, StageId stage, const PlanArg *args, uint32_t arg_count, Sample *sample) {
  static const FieldId fields[] = {FIELD_TITLE};
  Error error = {0};
  *sample = (Sample){plan_builder_new(arena), arena, 0};
  PlanWindow none = {WINDOW_NONE, 0};
  sample_node(
      sample, STAGEID_FROM_FILE_CSV, NULL, 0,
      SAMPLE_ARGS(sample_arg(0, ARG_CONSTANT, sample_text(sample, TYPE_OF(PATH), "x")),
                  sample_arg(PLAN_ARG_COLUMNS, ARG_COLUMNS, sample_schema(sample, ROWS_TRACK, fields, 1, none))));
  sample_int(sample, 7);
  sample_node(sample, stage, SAMPLE_INPUTS(0), args, arg_count);
  sample_node(sample, STAGEID_SHOW, SAMPLE_INPUTS(1), NULL, 0);
  plan_build_sink(sample->builder, 2, PLAN_NONE);
  Plan *plan = NULL;
  assert_int_equal(plan_build_finish(sample->builder, &plan, &error), STATUS_OK);
  return plan;
}

static void test_determinism(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Sample sample;
  PlanArg seven = sample_arg(0, ARG_CONSTANT, 1);
  assert_int_equal(small_plan(arena, STAGEID_REVERSE, NULL, 0, &sample)->determinism, DETERMINISM_PURE);
  assert_int_equal(small_plan(arena, STAGEID_SHUFFLE, NULL, 0, &sample)->determinism, DETERMINISM_UNSEEDED);
  assert_int_equal(small_plan(arena, STAGEID_SHUFFLE, &seven, 1, &sample)->determinism, DETERMINISM_PURE);
  assert_int_equal(small_plan(arena, STAGEID_SAMPLE, &seven, 1, &sample)->determinism, DETERMINISM_UNSEEDED);
  arena_free(arena);
}

static void test_identity_of_plans(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Error error = {0};
  Text bytes = encoded_sample(arena), stripped = {0}, changed = {0};
  Plan *plan = loaded(arena, bytes);
  Digest id = plan->id;
  plan->spans = NULL;
  plan->source_name = (Text){"", 0};
  plan->doc = (Text){"", 0};
  assert_int_equal(plan_encode(arena, plan, &stripped, &error), STATUS_OK);
  assert_true(stripped.length < bytes.length);
  Plan *bare = loaded(arena, stripped);
  assert_memory_equal(&bare->id, &id, sizeof id); /* debug data is not part of the identity */
  assert_null(bare->spans);
  plan->constants[0].as.text = plan->constants[0].as.text ? 0 : 1;
  assert_int_equal(plan_encode(arena, plan, &changed, &error), STATUS_OK);
  assert_memory_not_equal(&plan->id, &id, sizeof id);
  arena_free(arena);
}

/* A jump of more than 127 bytes needs two bytes, which moves the target further. */
static void test_long_jumps(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  for (int length = 40; length < 90; length++) {
    Sample sample = {plan_builder_new(arena), arena, 0};
    CodeBuilder *code = code_builder_new(sample.builder, PLAN_NONE);
    uint32_t yes = plan_build_constant(sample.builder, (PlanConstant){.type = TYPE_OF(BOOL), .as.boolean = true});
    uint32_t marks[100];
    code_emit_index(code, OPCODE_CONST, yes);
    for (int i = 0; i < length; i++) {
      marks[i] = code_emit_jump(code, i % 2 ? OPCODE_AND : OPCODE_OR);
      code_emit_index(code, OPCODE_CONST, yes);
    }
    for (int i = 0; i < length; i++) code_bind(code, marks[i]);
    uint32_t index = code_finish(code, TYPE_OF(BOOL));
    const PlanCode *made = &plan_build_plan(sample.builder)->codes[index];
    assert_int_equal(made->stack, 1);
    assert_int_equal(made->result, TYPE_OF(BOOL));
    Plan *plan = NULL;
    Error error = {0};
    assert_int_equal(plan_build_finish(sample.builder, &plan, &error), STATUS_OK);
  }
  arena_free(arena);
}

static void test_builder_failures(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Error error = {0};
  Plan *plan = NULL;
  Sample sample = {plan_builder_new(arena), arena, 0};
  CodeBuilder *code = code_builder_new(sample.builder, PLAN_NONE);
  code_emit_index(code, OPCODE_COL, 0);
  code_finish(code, TYPE_OF(INT));
  assert_int_equal(plan_build_finish(sample.builder, &plan, &error), STATUS_BAD_PLAN);
  assert_string_equal(error.code, "N8069");

  Sample other = {plan_builder_new(arena), arena, 0};
  code = code_builder_new(other.builder, PLAN_NONE);
  code_emit(code, OPCODE_NOW);
  code_finish(code, TYPE_OF(INT));
  assert_int_equal(plan_build_finish(other.builder, &plan, &error), STATUS_BAD_PLAN);
  assert_string_equal(error.code, "N8068");

  Sample third = {plan_builder_new(arena), arena, 0};
  sample_node(&third, STAGEID_FROM_LIBRARY_TRACKS, NULL, 0, NULL, 0);
  assert_int_equal(plan_build_finish(third.builder, &plan, &error), STATUS_BAD_PLAN);
  assert_string_equal(error.code, "N8047");
  arena_free(arena);
}

static char *disassembled(const Plan *plan) {
  FILE *file = tmpfile();
  assert_non_null(file);
  plan_disassemble(plan, file);
  long length = ftell(file);
  char *text = calloc(1, (size_t)length + 1);
  rewind(file);
  assert_int_equal(fread(text, 1, (size_t)length, file), (size_t)length);
  fclose(file);
  return text;
}

static void test_disassembly(void **state) {
  (void)state;
  static const char *const lines[] = {
      "\nsection META\n",
      "\nmodule \"lib/x.nrd\" 0707070707070707070707070707070707070707070707070707070707070707\nmodule \"std.y\" 00000000",
      "\nsection STRS\ns0 \"b\"\ns1 \"a\"\n",
      "\nc2 list[text] c0 c1\n",
      "\nc3 bool true\n",
      "\nc4 time -1 ; 1969-12-31T23:59:59.999Z\n",
      " percent 3fd0000000000000 ; 0.25\n",
      " date 2024-02-29\n",
      "\np1 s5 list[text] none none ; \"names\"\n",
      "\neffect read file ",
      "\ndeterminism clock\n",
      "\nsection NODE\nn0 ",
      " plain ; from file.csv\n",
      " inserted ; enrich\n",
      "\n  in n5\n  in n7\n  arg 0 input 1 ; stream\n",
      " desc ; key\n",
      "\nsection SUBG\n",
      "\nsection CODE\nk0 r2 bool 2\n  0000 const ",
      " and 0009\n",
      "\nd1 n11 d0\n",
      "\nsection DBUG\nname \"sample.nrd\"\nspan n0 1 3\n",
      "\nsection DOCS\ndoc \"A plan with \\\"everything\\\".\\n\"\n",
  };
  Arena *arena = arena_new(0);
  Plan *plan = loaded(arena, encoded_sample(arena));
  char *text = disassembled(plan), hex[2 * SHA256_SIZE + 1];
  digest_hex(&plan->id, SHA256_SIZE, hex);
  assert_memory_equal(text, "plan ", 5);
  assert_memory_equal(text + 5, hex, 2 * SHA256_SIZE);
  assert_int_equal(text[5 + 2 * SHA256_SIZE], '\n');
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    if (!strstr(text, lines[i])) print_error("not there: %s\n%s", lines[i], text);
    assert_non_null(strstr(text, lines[i]));
  }
  free(text);
  arena_free(arena);
}

static void test_hostile_text_is_escaped(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Plan *plan = loaded(arena, encoded_sample(arena));
  plan->strings[0] = TEXT_LITERAL("\x1b[2J\xe2\x80\xae\t\xc2\x9b\\");
  char *text = disassembled(plan);
  assert_non_null(strstr(text, "s0 \"\\u001b[2J\\u202e\\t\\u009b\\\\\"\n"));
  assert_null(strchr(text, '\x1b'));
  free(text);
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_round_trip),
      cmocka_unit_test(test_content),
      cmocka_unit_test(test_effects),
      cmocka_unit_test(test_determinism),
      cmocka_unit_test(test_identity_of_plans),
      cmocka_unit_test(test_long_jumps),
      cmocka_unit_test(test_builder_failures),
      cmocka_unit_test(test_disassembly),
      cmocka_unit_test(test_hostile_text_is_escaped),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
