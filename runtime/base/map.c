#include "base/map.h"

/* Open addressing with linear probing; a slot is 16 bytes, four to a cache line. */
typedef struct Slot {
  int64_t key;
  uint32_t value;
  uint32_t taken;
} Slot;

struct IntMap {
  Arena *arena;
  Slot *slots;
  size_t slot_count; /* a power of two */
  size_t count;
};

/* Keys are often small consecutive numbers: the finaliser of splitmix64 spreads them. */
static size_t spread(int64_t key) {
  uint64_t x = (uint64_t)key;
  x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
  return (size_t)(x ^ (x >> 31));
}

IntMap *int_map_new(Arena *arena, size_t expected) {
  IntMap *map = arena_alloc(arena, sizeof *map);
  map->arena = arena;
  map->slot_count = 16;
  while (map->slot_count / 3 * 2 < expected && map->slot_count <= SIZE_MAX / 4) map->slot_count *= 2;
  map->slots = arena_table(arena, map->slot_count, sizeof *map->slots);
  return map;
}

static Slot *find_slot(const IntMap *map, int64_t key) {
  size_t mask = map->slot_count - 1;
  size_t i = spread(key) & mask;
  while (map->slots[i].taken && map->slots[i].key != key) i = (i + 1) & mask;
  return &map->slots[i];
}

static void double_slots(IntMap *map) {
  Slot *old = map->slots;
  size_t old_count = map->slot_count;
  map->slots = arena_table(map->arena, old_count * 2, sizeof *old);
  map->slot_count = old_count * 2;
  for (size_t i = 0; i < old_count; i++) {
    if (old[i].taken) *find_slot(map, old[i].key) = old[i];
  }
  arena_release(map->arena, old, old_count * sizeof *old);
}

uint32_t int_map_get(const IntMap *map, int64_t key, uint32_t otherwise) {
  const Slot *slot = find_slot(map, key);
  return slot->taken ? slot->value : otherwise;
}

uint32_t int_map_add(IntMap *map, int64_t key, uint32_t value, bool *added) {
  Slot *slot = find_slot(map, key);
  if (added) *added = !slot->taken;
  if (slot->taken) return slot->value;
  if ((map->count + 1) * 3 > map->slot_count * 2) {
    double_slots(map);
    slot = find_slot(map, key);
  }
  *slot = (Slot){key, value, 1};
  map->count++;
  return value;
}

void int_map_set(IntMap *map, int64_t key, uint32_t value) {
  bool added;
  int_map_add(map, key, value, &added);
  if (!added) find_slot(map, key)->value = value;
}

size_t int_map_count(const IntMap *map) {
  return map->count;
}
