#include "engine/stage.h"

/* The rows that are the first of their identity, over all streams; a row whose identity is missing stays, as in unique.
 */
Status stage_run_UNION(StageCall *call, const Batch **out, Error *error) {
  Status status = gather_check(call, error);
  if (status) return status;
  size_t rows = 0, kept = 0;
  for (uint32_t i = 0; i < call->input_count; i++) rows += call->inputs[i]->selected;
  IdentitySet *identities = identity_set_new(call);
  RowRef *order = arena_array(call->run->arena, rows, sizeof *order);
  uint32_t seen = 0; /* identities are numbered by first appearance: a number beyond this one is new */
  for (uint32_t i = 0; i < call->input_count; i++) {
    const Batch *input = call->inputs[i];
    for (size_t position = 0; position < input->selected; position++) {
      uint32_t identity = identity_of(identities, input, batch_row(input, position));
      if (identity && identity <= seen) continue;
      if (identity) seen = identity;
      order[kept++] = (RowRef){i, (uint32_t)position};
    }
  }
  *out = batch_gather(call, order, kept);
  arena_release(call->run->arena, order, rows * sizeof *order);
  return STATUS_OK;
}
