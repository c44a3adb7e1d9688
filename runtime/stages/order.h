/* order.h: the order of rows by keys, for sort and top. */
#ifndef NARADA_STAGES_ORDER_H
#define NARADA_STAGES_ORDER_H

#include "engine/stage.h"

/* A key of each row of a stream as a number that orders as the key does; descending keys are turned round. */
typedef struct OrderKeys {
  uint64_t *ranks;  /* by position; 0 where missing */
  uint8_t *missing; /* by position; NULL = none is */
  size_t count;
} OrderKeys;

/* Evaluates the key once for each row. Give back with order_free. */
OrderKeys order_keys(StageCall *call, const PlanArg *key, bool descending);
void order_free(StageCall *call, OrderKeys *keys);

/* Reorders `positions` (each below keys->count) by the key: stable, missing keys last. Uses up the ranks. */
void order_sort(StageCall *call, OrderKeys *keys, uint32_t *positions, size_t count);

/* Keeps those of `positions` (in their order) that can be among the first `limit` once sorted by the key: a missing key
 * only if there are not enough others. Returns how many stay, at least min(limit, count). */
size_t order_candidates(StageCall *call, const OrderKeys *keys, uint32_t *positions, size_t count, size_t limit);

/* Row indices of the input at these positions, as the selection of a new batch. Positions may be overwritten and kept.
 */
const Batch *order_select(StageCall *call, uint32_t *positions, size_t count);

#endif
