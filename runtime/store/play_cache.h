/* play_cache.h: a bounded memory from 128-bit keys to ids. It forgets; whoever asks can always look up in the store. */
#ifndef NARADA_STORE_PLAY_CACHE_H
#define NARADA_STORE_PLAY_CACHE_H

#include "base/arena.h"
#include "base/text.h"

/* Two independent 64-bit hashes of a text stand for it: an accidental equality of both is out of reach. */
typedef struct CacheKey {
  uint64_t a, b;
} CacheKey;

typedef struct PlayCache PlayCache;

CacheKey cache_key(Text text);

/* Room for `sets` (a power of two) times 4 ids of 24 bytes. */
PlayCache *play_cache_new(Arena *arena, size_t sets);
/* The value, or 0. */
int64_t play_cache_get(const PlayCache *cache, CacheKey key);
/* Keeps the value; the oldest of its set gives way. */
void play_cache_put(PlayCache *cache, CacheKey key, int64_t value);
void play_cache_clear(PlayCache *cache);

#endif
