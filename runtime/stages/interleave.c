#include "engine/stage.h"

/* Rounds of so many rows of each stream. */
static void take_turns(const StageCall *call, RowRef *order, size_t rows) {
  ListItems weights = call_list(call, "weights");
  size_t taken[PLAN_MAX_INPUTS] = {0};
  for (size_t next = 0; next < rows;) {
    for (uint32_t i = 0; i < call->input_count; i++) {
      int64_t turns = weights.count ? weights.items[i].integer : 1;
      for (; turns > 0 && taken[i] < call->inputs[i]->selected; turns--) order[next++] = (RowRef){i, (uint32_t)taken[i]++};
    }
  }
}

Status stage_run_INTERLEAVE(StageCall *call, const Batch **out, Error *error) {
  Status status = gather_check(call, error);
  if (status) return status;
  size_t rows = 0;
  for (uint32_t i = 0; i < call->input_count; i++) rows += call->inputs[i]->selected;
  RowRef *order = arena_array(call->run->arena, rows, sizeof *order);
  take_turns(call, order, rows);
  *out = batch_gather(call, order, rows);
  arena_release(call->run->arena, order, rows * sizeof *order);
  return STATUS_OK;
}
