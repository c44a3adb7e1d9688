#include "plan/plan_int.h"

#include "base/vec.h"

typedef struct Key {
  Text bytes;
  uint64_t hash;
} Key;

/* Open addressing with linear probing, at most two thirds full; a slot holds a number + 1, 0 = free. */
struct Interner {
  Arena *arena;
  VEC(Key) keys;
  uint32_t *slots;
  size_t slot_count; /* a power of two */
};

Interner *interner_new(Arena *arena) {
  Interner *interner = arena_alloc(arena, sizeof *interner);
  interner->arena = arena;
  interner->slot_count = 16;
  interner->slots = arena_array(arena, interner->slot_count, sizeof *interner->slots);
  return interner;
}

static size_t slot_of(const Interner *interner, Text key, uint64_t hash) {
  size_t mask = interner->slot_count - 1;
  for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
    if (interner->slots[i] == 0) return i;
    const Key *other = &interner->keys.items[interner->slots[i] - 1];
    if (other->hash == hash && text_equal(other->bytes, key)) return i;
  }
}

static void double_slots(Interner *interner) {
  arena_release(interner->arena, interner->slots, interner->slot_count * sizeof *interner->slots);
  interner->slot_count *= 2;
  interner->slots = arena_array(interner->arena, interner->slot_count, sizeof *interner->slots);
  size_t mask = interner->slot_count - 1;
  for (size_t k = 0; k < interner->keys.count; k++) {
    size_t i = (size_t)interner->keys.items[k].hash & mask;
    while (interner->slots[i]) i = (i + 1) & mask;
    interner->slots[i] = (uint32_t)k + 1;
  }
}

uint32_t interner_add(Interner *interner, Text key, bool *added) {
  uint64_t hash = hash_bytes(key.bytes, key.length, 0);
  size_t slot = slot_of(interner, key, hash);
  *added = interner->slots[slot] == 0;
  if (!*added) return interner->slots[slot] - 1;
  if ((interner->keys.count + 1) * 3 > interner->slot_count * 2) {
    double_slots(interner);
    slot = slot_of(interner, key, hash);
  }
  vec_push(interner->arena, &interner->keys, (Key){key, hash});
  interner->slots[slot] = (uint32_t)interner->keys.count;
  return (uint32_t)interner->keys.count - 1;
}

uint32_t interner_find(const Interner *interner, Text key) {
  uint32_t found = interner->slots[slot_of(interner, key, hash_bytes(key.bytes, key.length, 0))];
  return found ? found - 1 : PLAN_NONE;
}
