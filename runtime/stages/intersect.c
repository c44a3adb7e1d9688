#include "stages/membership.h"

Status stage_run_INTERSECT(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  const Batch *first = call->inputs[0];
  Membership found = membership_find(call);
  uint32_t *selection = arena_array(call->run->arena, first->selected, sizeof *selection);
  size_t kept = 0;
  for (size_t i = 0; i < first->selected; i++) {
    uint32_t identity = found.identities[i];
    if (identity == 0) call->report->dropped_missing++;
    if (identity && found.streams[identity] == call->input_count - 1) selection[kept++] = (uint32_t)batch_row(first, i);
  }
  *out = batch_select(call->run->arena, first, selection, kept);
  return STATUS_OK;
}
