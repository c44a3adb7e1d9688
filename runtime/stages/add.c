#include <string.h>

#include "engine/stage.h"

/* Computes a column for the rows of the stream; all named expressions see the input's row. */
static Column compute_column(StageCall *call, const PlanArg *arg, Type type) {
  Arena *arena = call->run->arena;
  const Batch *input = call->inputs[0];
  Expression expression = vm_bind(call->run, arg->index, input);
  Value *values = arena_array(arena, input->row_count, sizeof *values);
  uint8_t *missing = NULL;
  for (size_t i = 0; i < input->selected; i++) {
    size_t row = batch_row(input, i);
    VmResult result = vm_evaluate(&expression, row);
    values[row] = result.value;
    if (!result.missing) continue;
    if (!missing) missing = arena_array(arena, input->row_count, 1);
    missing[row] = 1;
  }
  return (Column){type, values, missing};
}

Status stage_run_ADD(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  Arena *arena = call->run->arena;
  const Batch *input = call->inputs[0];
  Batch *batch = batch_select(arena, input, input->selection, input->selected);
  uint32_t old = input->schema->column_count, all = call->schema->column_count;
  batch->schema = call->schema;
  batch->columns = arena_array(arena, all, sizeof *batch->columns);
  memcpy(batch->columns, input->columns, old * sizeof *batch->columns);
  for (uint32_t i = old; i < all; i++) {
    batch->columns[i] = compute_column(call, call_arg(call, "name", i - old), call->schema->columns[i].type);
  }
  *out = batch;
  return STATUS_OK;
}
