/* The two ends of a `per`: which nodes stand between them, and what is refused. */
#include "plan/infer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* A plan drawn as text, one letter a node: s source, ( per, ) per.end, k keep, c concat, o show; each reads the node before it unless a digit behind
 * the letter names another one; concat reads both. Only stages and inputs matter to groups. */
static Plan *drawn(Arena *arena, const char *drawing) {
  static const struct {
    char letter;
    StageId stage;
  } letters[] = {{'s', STAGEID_FROM_LIBRARY_TRACKS}, {'(', STAGEID_PER}, {')', STAGEID_PER_END}, {'k', STAGEID_KEEP}, {'c', STAGEID_CONCAT}, {'o', STAGEID_SHOW}};
  Plan *plan = arena_alloc(arena, sizeof *plan);
  plan->imports = arena_array(arena, sizeof letters / sizeof *letters, sizeof *plan->imports);
  plan->nodes = arena_array(arena, PLAN_MAX_NODES, sizeof *plan->nodes);
  for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) plan->imports[i].id = letters[i].stage;
  for (const char *at = drawing; *at;) {
    PlanNode *node = &plan->nodes[plan->node_count];
    while (letters[node->stage].letter != *at) node->stage++;
    node->inputs = arena_array(arena, 2, sizeof *node->inputs);
    if (*at != 's') node->inputs[node->input_count++] = plan->node_count - 1;
    at++;
    if (*at >= '0' && *at <= '9') node->inputs[node->stage == 4 ? node->input_count++ : 0] = (uint32_t)(*at++ - '0');
    plan->node_count++;
  }
  return plan;
}

static void expect(const char *drawing, const char *refused) {
  Arena *arena = arena_new(0);
  Plan *plan = drawn(arena, drawing);
  PlanGroups groups;
  uint32_t fault = 0;
  Error error = {0};
  Status status = plan_infer_groups(plan, arena, &groups, &fault, &error);
  if (!refused && status != STATUS_OK) print_error("%s: %s\n", drawing, error.message);
  if (!refused) {
    assert_int_equal(status, STATUS_OK);
  } else {
    if (status == STATUS_OK || !strstr(error.message, refused)) print_error("%s: wanted %s, got %s\n", drawing, refused, error.message);
    assert_int_equal(status, STATUS_BAD_PLAN);
    assert_non_null(strstr(error.message, refused));
    assert_string_equal(error.code, *refused ? "N8091" : "N8020"); /* without a text: too deep */
  }
  arena_free(arena);
}

static void test_fitting(void **state) {
  (void)state;
  expect("so", NULL);
  expect("s(k)o", NULL);
  expect("s()o", NULL); /* what goes in comes out */
  expect("s(k(k)k)ko", NULL);
  expect("s(k)(k)o", NULL);
  expect("ss(c0)o", NULL); /* a stream from outside */
  expect("s(kc1)o", NULL); /* two streams of one group */
  expect("s(k(c1))o", NULL); /* an outer group's rows in an inner one */
}

static void test_refused(void **state) {
  (void)state;
  expect("s(ko", "never end");
  expect("s(k", "never end");
  expect("sk)o", "never began");
  expect("s(k))o", "never began");
  expect("s(k)k2o", "behind their end");
  expect("s(k)o2", "behind their end");
  expect("s(k)c2o", "behind their end");
  expect("s(ko)2o", "destination node 3 stands among");
  expect("s(sk1)o", "does not read them");
  expect("s(kk0)2o", "does not read them");
  expect("s(k(0kc2)4)o", "two different");
}

static void test_depth(void **state) {
  (void)state;
  char drawing[2 * PLAN_MAX_GROUPS + 8] = "s";
  for (int i = 0; i < PLAN_MAX_GROUPS; i++) drawing[1 + i] = '(';
  for (int i = 0; i < PLAN_MAX_GROUPS; i++) drawing[1 + PLAN_MAX_GROUPS + i] = ')';
  drawing[1 + 2 * PLAN_MAX_GROUPS] = 'o';
  expect(drawing, NULL);
  drawing[1 + PLAN_MAX_GROUPS] = '(';
  drawing[2 + PLAN_MAX_GROUPS] = 'k';
  expect(drawing, "");
}

static void test_places(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Plan *plan = drawn(arena, "s(k(k)k)ko");
  PlanGroups groups;
  uint32_t fault;
  assert_int_equal(plan_infer_groups(plan, arena, &groups, &fault, NULL), STATUS_OK);
  uint32_t outside = PLAN_NONE;
  uint32_t of[] = {outside, outside, 1, 1, 3, 1, 1, outside, outside, outside};
  for (uint32_t i = 0; i < plan->node_count; i++) assert_int_equal(groups.of[i], of[i]);
  assert_int_equal(groups.end[1], 7);
  assert_int_equal(groups.end[3], 5);
  assert_int_equal(groups.end[0], PLAN_NONE);
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fitting),
      cmocka_unit_test(test_refused),
      cmocka_unit_test(test_depth),
      cmocka_unit_test(test_places),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
