#include "engine/lists.h"

#include <string.h>

#include "base/vec.h"

struct ListPool {
  Arena *arena;
  VEC(ListItems) lists;
  VEC(RangeEnds) ranges;
};

ListPool *list_pool_new(Arena *arena) {
  ListPool *pool = arena_alloc(arena, sizeof *pool);
  pool->arena = arena;
  return pool;
}

Value list_add(ListPool *pool, const Value *items, uint32_t count) {
  Value *copy = arena_array(pool->arena, count, sizeof *copy);
  if (count) memcpy(copy, items, count * sizeof *copy);
  vec_push(pool->arena, &pool->lists, (ListItems){copy, count});
  return (Value){.integer = (int64_t)pool->lists.count - 1};
}

ListItems list_items(const ListPool *pool, Value list) {
  return pool->lists.items[list.integer];
}

Value range_add(ListPool *pool, RangeEnds ends) {
  vec_push(pool->arena, &pool->ranges, ends);
  return (Value){.integer = (int64_t)pool->ranges.count - 1};
}

RangeEnds range_ends(const ListPool *pool, Value range) {
  return pool->ranges.items[range.integer];
}
