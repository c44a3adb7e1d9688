#include "connectors/library/library.h"

const PlanArg *library_where(const StageCall *call) {
  return call_arg(call, "where", 0);
}

const Batch *library_keep_where(StageCall *call, const Batch *batch) {
  const PlanArg *where = library_where(call);
  if (!where) return batch;
  Expression condition = vm_bind(call->run, where->index, batch);
  uint32_t *selection = arena_array(call->run->arena, batch->selected, sizeof *selection);
  size_t kept = vm_filter(&condition, true, selection, &call->report->dropped_missing);
  return batch_select(call->run->arena, batch, selection, kept);
}
