#include "stages/groups.h"

#include "engine/distinct.h"

size_t groups_key_count(const StageCall *call, const char *keys) {
  size_t count = 0;
  while (call_arg(call, keys, count)) count++;
  return count;
}

/* Numbers a row by its value of the first key: from 1 by first appearance, as the values are. A missing key is a value of its own, and the values that appear
 * after it are one further. */
static uint32_t number_first(uint32_t *missing, const Distinct *values, uint32_t value) {
  if (!value && !*missing) *missing = distinct_count(values) + 1;
  return value ? value + (*missing && value >= *missing) : *missing;
}

/* Narrows the groups by one more key: rows stay together if they agreed so far and agree in it. A missing key is a
 * value of its own. */
static void split_groups(StageCall *call, const PlanArg *key, bool first, uint32_t *groups) {
  const Batch *input = call->inputs[0];
  Expression expression = vm_bind(call->run, key->index, input);
  Distinct *values = distinct_new(call->run, expression.code->result);
  DistinctPairs *pairs = first ? NULL : distinct_pairs_new(call->run);
  uint32_t missing = 0;
  Column column;
  bool is_column = vm_is_column(&expression, &column); /* most keys are, and need no evaluation */
  for (size_t i = 0; i < input->selected; i++) {
    size_t row = batch_row(input, i);
    VmResult result = is_column ? (VmResult){.value = column.values[row], .missing = column_is_missing(&column, row)} : vm_evaluate(&expression, row);
    uint32_t value = result.missing ? 0 : distinct_id(values, result.value);
    groups[i] = first ? number_first(&missing, values, value) : distinct_pair(pairs, groups[i], value);
  }
}

Groups groups_find(StageCall *call, const char *keys) {
  Arena *arena = call->run->arena;
  const Batch *input = call->inputs[0];
  size_t key_count = groups_key_count(call, keys);
  Groups groups = {.of = arena_array(arena, input->selected, sizeof(uint32_t))};
  groups.first = arena_array(arena, input->selected, sizeof(uint32_t));
  for (size_t i = 0; i < key_count; i++) split_groups(call, call_arg(call, keys, i), i == 0, groups.of);
  if (key_count == 0) {
    groups.count = 1; /* all rows are one group, even where there is none */
    return groups;
  }
  for (size_t i = 0; i < input->selected; i++) {
    groups.of[i]--;
    if (groups.of[i] == groups.count) groups.first[groups.count++] = (uint32_t)batch_row(input, i);
  }
  return groups;
}
