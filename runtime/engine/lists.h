/* lists.h: lists and ranges of one run, referred to by id from values. Equal lists need not have equal ids. */
#ifndef NARADA_ENGINE_LISTS_H
#define NARADA_ENGINE_LISTS_H

#include "engine/batch.h"

typedef struct ListPool ListPool;

typedef struct ListItems {
  const Value *items; /* borrowed from the pool */
  uint32_t count;
} ListItems;

/* Closed on both sides where set; times are half-open: lo <= t < hi. */
typedef struct RangeEnds {
  bool has_low, has_high;
  Value low, high;
} RangeEnds;

ListPool *list_pool_new(Arena *arena);
Value list_add(ListPool *pool, const Value *items, uint32_t count);
ListItems list_items(const ListPool *pool, Value list);
Value range_add(ListPool *pool, RangeEnds ends);
RangeEnds range_ends(const ListPool *pool, Value range);

#endif
