#include "engine/stage.h"

Status stage_run_UNIQUE(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  Arena *arena = call->run->arena;
  const Batch *input = call->inputs[0];
  IdentitySet *identities = identity_set_new(call);
  uint32_t *selection = arena_array(arena, input->selected, sizeof *selection);
  uint32_t seen = 0; /* identities are numbered by first appearance: a number beyond this one is new */
  size_t kept = 0;
  for (size_t i = 0; i < input->selected; i++) {
    size_t row = batch_row(input, i);
    uint32_t identity = identity_of(identities, input, row);
    if (identity && identity <= seen) continue;
    if (identity) seen = identity;
    selection[kept++] = (uint32_t)row;
  }
  *out = batch_select(arena, input, selection, kept);
  return STATUS_OK;
}
