#include "stages/chance.h"
#include "stages/order.h"

/* Fisher-Yates, from the end (Durstenfeld 1964). */
Status stage_run_SHUFFLE(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  size_t count = call->inputs[0]->selected;
  uint32_t *positions = arena_array(call->run->arena, count, sizeof *positions);
  for (size_t i = 0; i < count; i++) positions[i] = (uint32_t)i;
  Random random = chance_of(call);
  for (size_t i = count; i > 1; i--) {
    size_t other = (size_t)random_below(&random, i);
    uint32_t swap = positions[i - 1];
    positions[i - 1] = positions[other];
    positions[other] = swap;
  }
  *out = order_select(call, positions, count);
  return STATUS_OK;
}
