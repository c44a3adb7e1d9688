#include "stages/groups.h"
#include "stages/slice.h"

/* How many rows come before the first for which the condition is not true. */
static size_t count_while(StageCall *call) {
  const Batch *input = call->inputs[0];
  Expression condition = vm_bind(call->run, call_arg(call, "while", 0)->index, input);
  for (size_t i = 0; i < input->selected; i++) {
    VmResult result = vm_evaluate(&condition, batch_row(input, i));
    if (!result.missing && result.value.integer) continue;
    call->report->dropped_missing += result.missing || result.met_missing;
    return i;
  }
  return input->selected;
}

static const Batch *take_per_key(StageCall *call) {
  Arena *arena = call->run->arena;
  const Batch *input = call->inputs[0];
  Groups groups = groups_find(call, "per");
  RowCount count = call_row_count(call, "count");
  size_t *left = arena_array(arena, groups.count, sizeof *left);
  for (size_t i = 0; i < input->selected; i++) left[groups.of[i]]++;
  for (size_t group = 0; group < groups.count; group++) left[group] = row_count_of(count, left[group]);
  uint32_t *selection = arena_array(arena, input->selected, sizeof *selection);
  size_t kept = 0;
  for (size_t i = 0; i < input->selected; i++) {
    if (left[groups.of[i]] == 0) continue;
    left[groups.of[i]]--;
    selection[kept++] = (uint32_t)batch_row(input, i);
  }
  arena_release(arena, left, groups.count * sizeof *left);
  return batch_select(arena, input, selection, kept);
}

Status stage_run_TAKE(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  if (call_given(call, "while")) {
    *out = slice_rows(call, 0, count_while(call));
  } else if (call_given(call, "per")) {
    *out = take_per_key(call);
  } else {
    *out = slice_rows(call, 0, call_count(call, "count", call->inputs[0]->selected));
  }
  return STATUS_OK;
}
