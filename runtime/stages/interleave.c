#include "engine/stage.h"

Status stage_run_INTERLEAVE(StageCall *call, const Batch **out, Error *error) {
  Status status = gather_check(call, error);
  if (status) return status;
  size_t rows = 0, longest = 0;
  for (uint32_t i = 0; i < call->input_count; i++) {
    rows += call->inputs[i]->selected;
    if (call->inputs[i]->selected > longest) longest = call->inputs[i]->selected;
  }
  RowRef *order = arena_array(call->run->arena, rows, sizeof *order);
  size_t next = 0;
  for (size_t position = 0; position < longest; position++) {
    for (uint32_t i = 0; i < call->input_count; i++) {
      if (position < call->inputs[i]->selected) order[next++] = (RowRef){i, (uint32_t)position};
    }
  }
  *out = batch_gather(call, order, rows);
  arena_release(call->run->arena, order, rows * sizeof *order);
  return STATUS_OK;
}
