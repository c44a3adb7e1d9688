#include "stages/chance.h"
#include "stages/order.h"

/* Selection sampling (Knuth, The Art of Computer Programming 2, algorithm 3.4.2 S): every subset of that size is
 * equally likely. */
Status stage_run_SAMPLE(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  size_t rows = call->inputs[0]->selected;
  size_t wanted = call_count(call, "count", rows);
  uint32_t *positions = arena_array(call->run->arena, wanted, sizeof *positions);
  Random random = chance_of(call);
  size_t chosen = 0;
  for (size_t i = 0; i < rows && chosen < wanted; i++) {
    if (random_below(&random, rows - i) < wanted - chosen) positions[chosen++] = (uint32_t)i;
  }
  *out = order_select(call, positions, chosen);
  return STATUS_OK;
}
