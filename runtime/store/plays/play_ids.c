#include "store/plays/play_ids.h"

#include <string.h>

enum { FIRST_SLOTS = 1 << 12, MOST_SLOTS = 1 << 20 };

typedef struct Slot {
  uint64_t a;
  uint32_t b;
  int32_t id; /* 0 = free */
} Slot;

struct PlayIds {
  Arena *arena;
  Slot *slots;
  size_t size; /* a power of two */
  size_t count;
};

IdKey id_key(Hash128 hash) {
  return (IdKey){hash.low, (uint32_t)hash.high};
}

PlayIds *play_ids_new(Arena *arena) {
  PlayIds *ids = arena_alloc(arena, sizeof *ids);
  ids->arena = arena;
  ids->size = FIRST_SLOTS;
  ids->slots = arena_table(arena, ids->size, sizeof *ids->slots);
  return ids;
}

/* Its own slot, or the free one where it belongs. */
static Slot *slot_of(const PlayIds *ids, IdKey key) {
  size_t at = key.a & (ids->size - 1);
  while (ids->slots[at].id && !(ids->slots[at].a == key.a && ids->slots[at].b == key.b)) at = (at + 1) & (ids->size - 1);
  return &ids->slots[at];
}

void play_ids_prefetch(const PlayIds *ids, IdKey key) {
  __builtin_prefetch(&ids->slots[key.a & (ids->size - 1)]);
}

int32_t play_ids_get(const PlayIds *ids, IdKey key) {
  return slot_of(ids, key)->id;
}

static void grow(PlayIds *ids) {
  Slot *old = ids->slots;
  size_t old_size = ids->size;
  ids->size *= 2;
  ids->slots = arena_table(ids->arena, ids->size, sizeof *ids->slots);
  for (size_t i = 0; i < old_size; i++) {
    if (old[i].id) *slot_of(ids, (IdKey){old[i].a, old[i].b}) = old[i];
  }
  arena_release(ids->arena, old, old_size * sizeof *old);
}

bool play_ids_put(PlayIds *ids, IdKey key, int32_t id) {
  Slot *slot = slot_of(ids, key);
  bool kept = true;
  if (!slot->id) {
    if (ids->count >= ids->size / 4 * 3) {
      kept = ids->size < MOST_SLOTS;
      if (kept)
        grow(ids);
      else
        play_ids_clear(ids);
      slot = slot_of(ids, key);
    }
    ids->count++;
  }
  *slot = (Slot){key.a, key.b, id};
  return kept;
}

void play_ids_clear(PlayIds *ids) {
  memset(ids->slots, 0, ids->size * sizeof *ids->slots);
  ids->count = 0;
}
