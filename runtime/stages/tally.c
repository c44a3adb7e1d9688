#include "plan/infer.h"
#include "stages/aggregate.h"
#include "stages/groups.h"

static void set_value(Arena *arena, Batch *batch, size_t column, size_t row, Value value, bool missing) {
  if (missing) {
    batch_missing(arena, batch, column)[row] = 1;
  } else {
    batch_values(batch, column)[row] = value;
  }
}

static void fill_key(StageCall *call, Batch *batch, size_t column, const Groups *groups) {
  Expression expression = vm_bind(call->run, call_arg(call, "key", column)->index, call->inputs[0]);
  for (size_t group = 0; group < groups->count; group++) {
    VmResult result = vm_evaluate(&expression, groups->first[group]);
    set_value(call->run->arena, batch, column, group, result.value, result.missing);
  }
}

static void fill_aggregate(StageCall *call, Batch *batch, size_t column, const PlanArg *arg, const Groups *groups) {
  Arena *arena = call->run->arena;
  const Batch *input = call->inputs[0];
  FunctionId function = (FunctionId)call->run->plan->imports[arg->index].id;
  Aggregate *states = arena_array(arena, groups->count, sizeof *states);
  Expression expression = {0};
  if (arg->code != PLAN_NONE) expression = vm_bind(call->run, arg->code, input);
  for (size_t i = 0; i < input->selected; i++) {
    Aggregate *state = &states[groups->of[i]];
    if (arg->code == PLAN_NONE) {
      state->count++;
      continue;
    }
    VmResult result = vm_evaluate(&expression, batch_row(input, i));
    if (!result.missing) aggregate_add(call->run, function, state, result.value);
  }
  for (size_t group = 0; group < groups->count; group++) {
    Value value = {0};
    bool present = aggregate_result(function, &states[group], &value);
    set_value(arena, batch, column, group, value, !present);
  }
  arena_release(arena, states, groups->count * sizeof *states);
}

static Status make_aggregates(StageCall *call, const Groups *groups, Batch **out, Error *error) {
  Arena *arena = call->run->arena;
  PlanSchema *schema = arena_alloc(arena, sizeof *schema);
  Status status = plan_aggregate_schema(call->run->plan, arena, call->node, schema, error);
  if (status) return status;
  Batch *batch = batch_new(arena, schema, groups->count, false);
  size_t column = 0, keys = groups_key_count(call, "key");
  for (; column < keys; column++) fill_key(call, batch, column, groups);
  for (size_t i = 0; call_arg(call, "name", i); i++) {
    const PlanArg *arg = call_arg(call, "name", i);
    if (arg->kind == ARG_AGGREGATE) fill_aggregate(call, batch, column++, arg, groups);
  }
  *out = batch;
  return STATUS_OK;
}

static void fill_result(StageCall *call, Batch *batch, size_t column, const PlanArg *arg, const Batch *aggregates) {
  Expression expression = vm_bind(call->run, arg->index, aggregates);
  for (size_t group = 0; group < batch->row_count; group++) {
    VmResult result = vm_evaluate(&expression, group);
    set_value(call->run->arena, batch, column, group, result.value, result.missing);
  }
}

Status stage_run_TALLY(StageCall *call, const Batch **out, Error *error) {
  Groups groups = groups_find(call, "key");
  Batch *aggregates;
  Status status = make_aggregates(call, &groups, &aggregates, error);
  if (status) return status;
  Batch *batch = batch_new(call->run->arena, call->schema, groups.count, false);
  size_t column = 0, keys = groups_key_count(call, "key");
  for (; column < keys; column++) {
    batch->columns[column].values = aggregates->columns[column].values;
    batch->columns[column].missing = aggregates->columns[column].missing;
  }
  for (size_t i = 0; call_arg(call, "name", i); i++) {
    const PlanArg *arg = call_arg(call, "name", i);
    if (arg->kind == ARG_RESULT) fill_result(call, batch, column++, arg, aggregates);
  }
  *out = batch;
  return STATUS_OK;
}
