/* plan_refusal.h: the sample plan, spoiled, and what loading it must say. Included last, after cmocka. */
#ifndef NARADA_TESTS_PLAN_REFUSAL_H
#define NARADA_TESTS_PLAN_REFUSAL_H

#include "tests/plan_repair.h"
#include "tests/unit/plan_sample.h"

static inline Plan *sample(Arena *arena) {
  Error error = {0};
  Plan *plan = sample_plan(arena, &error);
  assert_non_null(plan);
  return plan;
}

static inline Text encoded(Arena *arena, Plan *plan) {
  Error error = {0};
  Text bytes = {0};
  assert_int_equal(plan_encode(arena, plan, &bytes, &error), STATUS_OK);
  return bytes;
}

static inline void expect_refused(Text bytes, const char *code, const char *message) {
  Arena *arena = arena_new(0);
  Error error = {0};
  Plan *plan = NULL;
  uint8_t *exact = malloc(bytes.length ? bytes.length : 1); /* so that a sanitizer sees a read beyond the end */
  memcpy(exact, bytes.bytes, bytes.length);
  Status status = plan_load(arena, exact, bytes.length, &plan, &error);
  if (status != STATUS_BAD_PLAN || strcmp(error.code, code) != 0 || !strstr(error.message, message)) {
    print_error("wanted %s %s, got %d %s %s\n", code, message, (int)status, error.code, error.message);
  }
  assert_int_equal(status, STATUS_BAD_PLAN);
  assert_int_equal(error.status, STATUS_BAD_PLAN);
  assert_string_equal(error.code, code);
  assert_non_null(strstr(error.message, message));
  assert_null(plan);
  free(exact);
  arena_free(arena);
}

/* ---- finding things in it ---- */

static inline PlanNode *at_node(Plan *plan, uint32_t node) {
  return &plan->nodes[node];
}

static inline PlanArg *at_arg(Plan *plan, uint32_t node, uint32_t arg) {
  return &plan->nodes[node].args[arg];
}

static inline PlanSchema *at_schema(Plan *plan, uint32_t node) {
  return &plan->schemas[plan->nodes[node].schema];
}

static inline PlanImport *at_import(Plan *plan, uint32_t node) {
  return &plan->imports[plan->nodes[node].stage];
}

static inline uint32_t find_string(const Plan *plan, const char *text) {
  for (uint32_t i = 0; i < plan->string_count; i++) {
    if (text_is(plan->strings[i], text)) return i;
  }
  assert_true(false);
  return 0;
}

static inline uint32_t find_constant(const Plan *plan, Type type) {
  for (uint32_t i = 0; i < plan->constant_count; i++) {
    if (plan->constants[i].type == type) return i;
  }
  assert_true(false);
  return 0;
}

static inline uint32_t find_import_named(const Plan *plan, PlanImportKind kind, const char *name) {
  for (uint32_t i = 0; i < plan->import_count; i++) {
    if (plan->imports[i].kind == kind && text_is(plan->strings[plan->imports[i].name], name)) return i;
  }
  assert_true(false);
  return 0;
}

typedef struct PlanCase {
  const char *code, *message;
  void (*change)(Plan *plan);
} PlanCase;

/* Spoils a fresh sample in each way. */
static inline void expect_each_refused(const PlanCase *cases, size_t count) {
  for (size_t c = 0; c < count; c++) {
    Arena *arena = arena_new(0);
    Plan *plan = sample(arena);
    cases[c].change(plan);
    expect_refused(encoded(arena, plan), cases[c].code, cases[c].message);
    arena_free(arena);
  }
}

#endif
