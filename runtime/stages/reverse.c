#include "stages/order.h"

Status stage_run_REVERSE(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  size_t count = call->inputs[0]->selected;
  uint32_t *positions = arena_array(call->run->arena, count, sizeof *positions);
  for (size_t i = 0; i < count; i++) positions[i] = (uint32_t)(count - 1 - i);
  *out = order_select(call, positions, count);
  return STATUS_OK;
}
