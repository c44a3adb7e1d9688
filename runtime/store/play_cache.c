#include "store/play_cache.h"

#include <string.h>

enum { WAYS = 4 };

typedef struct Entry {
  CacheKey key;
  int64_t value; /* 0 = free */
} Entry;

struct PlayCache {
  size_t sets;
  Entry *entries; /* WAYS of each set beside each other, newest first */
};

CacheKey cache_key(Text text) {
  return (CacheKey){hash_bytes(text.bytes, text.length, UINT64_C(0x9E3779B97F4A7C15)),
                    hash_bytes(text.bytes, text.length, UINT64_C(0xC2B2AE3D27D4EB4F))};
}

PlayCache *play_cache_new(Arena *arena, size_t sets) {
  PlayCache *cache = arena_alloc(arena, sizeof *cache);
  cache->sets = sets;
  cache->entries = arena_array(arena, sets * WAYS, sizeof *cache->entries);
  return cache;
}

static Entry *set_of(const PlayCache *cache, CacheKey key) {
  return &cache->entries[(key.a & (cache->sets - 1)) * WAYS];
}

int64_t play_cache_get(const PlayCache *cache, CacheKey key) {
  const Entry *set = set_of(cache, key);
  for (size_t i = 0; i < WAYS; i++) {
    if (set[i].key.a == key.a && set[i].key.b == key.b) return set[i].value;
  }
  return 0;
}

void play_cache_put(PlayCache *cache, CacheKey key, int64_t value) {
  Entry *set = set_of(cache, key);
  size_t at = 0;
  while (at < WAYS - 1 && !(set[at].key.a == key.a && set[at].key.b == key.b)) at++;
  memmove(set + 1, set, at * sizeof *set);
  set[0] = (Entry){key, value};
}

void play_cache_clear(PlayCache *cache) {
  memset(cache->entries, 0, cache->sets * WAYS * sizeof *cache->entries);
}
