#include "stages/order.h"

/* A stable sort by the last key, then by the one before it, and so on to the first, orders by all of them. Of the first
 * rows alone, those that cannot be among them by the first key are left out before. */
Status stage_run_SORT(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  size_t count = call->inputs[0]->selected, limit = call_count(call, "limit", count);
  uint32_t *positions = arena_array(call->run->arena, count, sizeof *positions);
  for (size_t i = 0; i < count; i++) positions[i] = (uint32_t)i;
  const PlanArg *first = call_arg(call, "key", 0);
  OrderKeys first_keys = order_keys(call, first, first->descending);
  if (limit < count) count = order_candidates(call, &first_keys, positions, count, limit);
  size_t key_count = 1;
  while (call_arg(call, "key", key_count)) key_count++;
  for (size_t i = key_count; i-- > 1;) {
    const PlanArg *key = call_arg(call, "key", i);
    OrderKeys keys = order_keys(call, key, key->descending);
    order_sort(call, &keys, positions, count);
    order_free(call, &keys);
  }
  order_sort(call, &first_keys, positions, count);
  order_free(call, &first_keys);
  *out = order_select(call, positions, limit < count ? limit : count);
  return STATUS_OK;
}
