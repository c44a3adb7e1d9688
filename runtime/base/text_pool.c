#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/text.h"
#include "base/vec.h"

/* Bytes of texts lie one after another in slabs, the entries say where, and an open-addressed table finds them:
 *
 *   slots[hash & mask, +1, ...]  ->  entries[id]  ->  bytes, NUL
 *
 * Entry n is text n, so an id needs no search. */
typedef struct Entry {
  const char *bytes;
  uint32_t length;
} Entry;

typedef struct Slot {
  uint32_t hash;
  uint32_t id_plus_one; /* 0 = free */
} Slot;

/* A run has several pools, and most stay small. */
enum { FIRST_SLAB = 512, LAST_SLAB = 256 << 10, FIRST_SLOTS = 64 };

struct TextPool {
  Arena *arena;
  VEC(Entry) entries;
  Slot *slots;
  size_t slot_count; /* a power of two */
  char *slab;        /* free room */
  size_t slab_left, slab_size;
};

uint64_t hash_bytes(const void *bytes, size_t length, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes, length, seed);
}

Hash128 hash_bytes_128(const void *bytes, size_t length) {
  XXH128_hash_t hash = XXH3_128bits(bytes, length);
  return (Hash128){hash.low64, hash.high64};
}

/* One after the other, for what does not fit into SHORT_TEXTS. */
static Hash128 hash_each(const Text *texts, size_t count) {
  Hash128 all = {0, 0};
  for (size_t i = 0; i < count; i++) {
    XXH128_hash_t hash = XXH3_128bits_withSeed(texts[i].bytes, texts[i].length, all.low);
    all = (Hash128){hash.low64, all.high * 31 + hash.high64};
  }
  return all;
}

Hash128 hash_texts_128(const Text *texts, size_t count) {
  enum { SHORT_TEXTS = 256 };
  char joined[SHORT_TEXTS];
  size_t length = count; /* of each text its length as a byte, then their bytes */
  for (size_t i = 0; i < count; i++) {
    if (length + texts[i].length >= sizeof joined) return hash_each(texts, count);
    joined[i] = (char)texts[i].length;
    if (texts[i].length) memcpy(joined + length, texts[i].bytes, texts[i].length);
    length += texts[i].length;
  }
  return hash_bytes_128(joined, length);
}

TextPool *text_pool_new(Arena *arena) {
  TextPool *pool = arena_alloc(arena, sizeof *pool);
  pool->arena = arena;
  pool->slab_size = FIRST_SLAB;
  pool->slot_count = FIRST_SLOTS;
  pool->slots = arena_table(arena, FIRST_SLOTS, sizeof *pool->slots);
  text_intern(pool, (Text){"", 0});
  return pool;
}

/* The slot that holds the text, or the free one where it belongs. */
static Slot *find_slot(const TextPool *pool, Text text, uint32_t hash) {
  size_t mask = pool->slot_count - 1;
  for (size_t i = hash & mask;; i = (i + 1) & mask) {
    Slot *slot = &pool->slots[i];
    if (slot->id_plus_one == 0) return slot;
    if (slot->hash != hash) continue;
    const Entry *entry = &pool->entries.items[slot->id_plus_one - 1];
    if (entry->length == text.length && memcmp(entry->bytes, text.bytes, text.length) == 0) return slot;
  }
}

static void double_slots(TextPool *pool) {
  size_t old_count = pool->slot_count;
  Slot *old = pool->slots;
  Slot *slots = arena_table(pool->arena, old_count * 2, sizeof *slots);
  size_t mask = old_count * 2 - 1;
  for (size_t i = 0; i < old_count; i++) {
    if (old[i].id_plus_one == 0) continue;
    size_t at = old[i].hash & mask;
    while (slots[at].id_plus_one) at = (at + 1) & mask;
    slots[at] = old[i];
  }
  pool->slots = slots;
  pool->slot_count = old_count * 2;
  arena_release(pool->arena, old, old_count * sizeof *old);
}

static const char *store_bytes(TextPool *pool, Text text) {
  size_t size = text.length + 1;
  if (size > pool->slab_left) {
    if (size > pool->slab_size / 4) return arena_copy(pool->arena, text.bytes, text.length);
    pool->slab = arena_alloc(pool->arena, pool->slab_size);
    pool->slab_left = pool->slab_size;
    if (pool->slab_size < LAST_SLAB) pool->slab_size *= 2;
  }
  char *bytes = pool->slab;
  memcpy(bytes, text.bytes, text.length);
  bytes[text.length] = '\0';
  pool->slab += size;
  pool->slab_left -= size;
  return bytes;
}

static uint32_t hash_text(Text text) {
  return (uint32_t)XXH3_64bits(text.bytes, text.length);
}

TextId text_intern(TextPool *pool, Text text) {
  if (!text.bytes) text.bytes = "";
  uint32_t hash = hash_text(text);
  Slot *slot = find_slot(pool, text, hash);
  if (slot->id_plus_one) return slot->id_plus_one - 1;
  if (text.length >= UINT32_MAX || pool->entries.count >= UINT32_MAX - 1) {
    arena_array(pool->arena, SIZE_MAX, 2); /* more than a pool can hold counts as exhaustion, does not return */
  }
  /* Everything that can fail comes before the first change that shows. */
  if ((pool->entries.count + 1) * 3 > pool->slot_count * 2) {
    double_slots(pool);
    slot = find_slot(pool, text, hash);
  }
  vec_reserve(pool->arena, &pool->entries, 1);
  const char *bytes = store_bytes(pool, text);
  TextId id = (TextId)pool->entries.count;
  pool->entries.items[pool->entries.count++] = (Entry){bytes, (uint32_t)text.length};
  *slot = (Slot){hash, id + 1};
  return id;
}

TextId text_interned(const TextPool *pool, Text text) {
  if (!text.bytes) text.bytes = "";
  const Slot *slot = find_slot(pool, text, hash_text(text));
  return slot->id_plus_one ? slot->id_plus_one - 1 : UINT32_MAX;
}

Text text_at(const TextPool *pool, TextId id) {
  const Entry *entry = &pool->entries.items[id];
  return (Text){entry->bytes, entry->length};
}

size_t text_pool_count(const TextPool *pool) {
  return pool->entries.count;
}
