#include "stages/filter.h"

const Batch *filter_rows(StageCall *call, bool wanted) {
  Arena *arena = call->run->arena;
  const Batch *input = call->inputs[0];
  Expression condition = vm_bind(call->run, call_arg(call, "condition", 0)->index, input);
  uint32_t *selection = arena_array(arena, input->selected, sizeof *selection);
  size_t kept = vm_filter(&condition, wanted, selection, &call->report->dropped_missing);
  return batch_select(arena, input, selection, kept);
}
