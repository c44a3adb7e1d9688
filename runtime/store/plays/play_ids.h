/* play_ids.h: ids by 96 bits of hash of what they stand for. Private to runtime/store.
 *
 * It forgets nothing until it is full; then it forgets everything and goes on. An accidental equality of two keys is out
 * of reach: one in 10^17 among a million. */
#ifndef NARADA_STORE_PLAY_IDS_H
#define NARADA_STORE_PLAY_IDS_H

#include "base/arena.h"
#include "base/text.h"

typedef struct IdKey {
  uint64_t a;
  uint32_t b;
} IdKey;
IdKey id_key(Hash128 hash);

typedef struct PlayIds PlayIds;
/* At most this many ids are kept, in 16 MiB. */
enum { PLAY_IDS_MAX = 3 << 18 };
PlayIds *play_ids_new(Arena *arena);
/* Has what play_ids_get() will look at fetched into the caches. */
void play_ids_prefetch(const PlayIds *ids, IdKey key);
/* 0 = not known. */
int32_t play_ids_get(const PlayIds *ids, IdKey key);
/* Keeps the id in place of what the key had; false if everything else was forgotten for it. Not 0. */
bool play_ids_put(PlayIds *ids, IdKey key, int32_t id);
void play_ids_clear(PlayIds *ids);

#endif
