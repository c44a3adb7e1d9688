#include "stages/order.h"

/* A stable sort by the last key, then by the one before it, and so on to the first, orders by all of them. */
Status stage_run_SORT(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  size_t count = call->inputs[0]->selected;
  uint32_t *positions = arena_array(call->run->arena, count, sizeof *positions);
  for (size_t i = 0; i < count; i++) positions[i] = (uint32_t)i;
  size_t key_count = 0;
  while (call_arg(call, "key", key_count)) key_count++;
  for (size_t i = key_count; i-- > 0;) {
    const PlanArg *key = call_arg(call, "key", i);
    OrderKeys keys = order_keys(call, key, key->descending);
    order_sort(call, &keys, positions, count);
    order_free(call, &keys);
  }
  *out = order_select(call, positions, count);
  return STATUS_OK;
}
