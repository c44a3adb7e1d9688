#include "engine/distinct.h"

#include <string.h>

/* Small whole numbers (text ids, track handles, years) index an array, which never has more than DENSE_ROOM places for
 * each value seen: every group of a `per` has sets of its own. The rest goes through a hash map. */
enum { DENSE_MAX = 1 << 24, DENSE_FIRST = 1 << 10, DENSE_ROOM = 64 };

struct Distinct {
  Run *run;
  Type type;
  uint32_t count;
  struct {
    uint32_t *ids; /* 0 = not seen */
    size_t size;
  } dense[2];              /* by value, and by -1 - value */
  IntMap *sparse;          /* made on first use */
  Distinct *items;         /* of lists */
  DistinctPairs *prefixes; /* of lists: a list is its prefix paired with its last item */
};

struct DistinctPairs {
  IntMap *map;
};

DistinctPairs *distinct_pairs_new(Run *run) {
  DistinctPairs *pairs = arena_alloc(run->arena, sizeof *pairs);
  pairs->map = int_map_new(run->arena, 0);
  return pairs;
}

uint32_t distinct_pair(DistinctPairs *pairs, uint32_t a, uint32_t b) {
  int64_t key = (int64_t)((uint64_t)a << 32 | b);
  return int_map_add(pairs->map, key, (uint32_t)int_map_count(pairs->map) + 1, NULL);
}

Distinct *distinct_new(Run *run, Type type) {
  Distinct *distinct = arena_alloc(run->arena, sizeof *distinct);
  distinct->run = run;
  distinct->type = type_required(type);
  if (type_form(type) == FORM_LIST) {
    distinct->items = distinct_new(run, TYPE_MAKE(type_base(type), FORM_ONE));
    distinct->prefixes = distinct_pairs_new(run);
  }
  return distinct;
}

/* The id of a list as a number that stands for its items: 0 for the empty list. */
static int64_t list_number(Distinct *distinct, Value list) {
  ListItems items = list_items(distinct->run->lists, list);
  uint32_t number = 0;
  for (uint32_t i = 0; i < items.count; i++) {
    number = distinct_pair(distinct->prefixes, number, distinct_id(distinct->items, items.items[i]));
  }
  return number;
}

/* A whole number that is equal for equal values. */
static int64_t key_of(Distinct *distinct, Value value) {
  if (distinct->items) return list_number(distinct, value);
  switch (type_base(distinct->type)) {
    case BASE_DURATION:
      return duration_total_ms(value.integer);
    case BASE_FLOAT:
    case BASE_PERCENT:
      return value.number == 0 ? 0 : value.integer; /* both zeros */
    default:
      return value.integer;
  }
}

static bool is_dense(const Distinct *distinct, int side, uint64_t at) {
  if (at < distinct->dense[side].size) return true;
  return at < DENSE_MAX && at < DENSE_FIRST + (uint64_t)DENSE_ROOM * distinct->count;
}

static uint32_t dense_id(Distinct *distinct, int side, size_t at) {
  if (at >= distinct->dense[side].size) {
    size_t old = distinct->dense[side].size, size = old ? old : DENSE_FIRST;
    while (size <= at) size *= 2;
    distinct->dense[side].ids =
        arena_grow(distinct->run->arena, distinct->dense[side].ids, old * sizeof(uint32_t), size * sizeof(uint32_t));
    distinct->dense[side].size = size;
  }
  uint32_t *id = &distinct->dense[side].ids[at];
  if (!*id && distinct->sparse) /* from when there were too few values for the array to reach it */
    *id = int_map_get(distinct->sparse, side ? -1 - (int64_t)at : (int64_t)at, 0);
  if (!*id) *id = ++distinct->count;
  return *id;
}

uint32_t distinct_id(Distinct *distinct, Value value) {
  int64_t key = key_of(distinct, value);
  int side = key < 0;
  uint64_t at = (uint64_t)(side ? -1 - key : key);
  if (is_dense(distinct, side, at)) return dense_id(distinct, side, (size_t)at);
  if (!distinct->sparse) distinct->sparse = int_map_new(distinct->run->arena, 0);
  bool added;
  uint32_t id = int_map_add(distinct->sparse, key, distinct->count + 1, &added);
  distinct->count += added;
  return id;
}

uint32_t distinct_count(const Distinct *distinct) {
  return distinct->count;
}
