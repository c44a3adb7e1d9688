/* map.h: a hash map from 64-bit integers to 32-bit values, in an arena. Text keys go through TextPool first. */
#ifndef NARADA_BASE_MAP_H
#define NARADA_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

typedef struct IntMap IntMap;

IntMap *int_map_new(Arena *arena, size_t expected);
/* The value of `key`, or `otherwise`. */
uint32_t int_map_get(const IntMap *map, int64_t key, uint32_t otherwise);
/* Stores `value` if the key is new; returns the value now there. `*added` (may be NULL) tells which. */
uint32_t int_map_add(IntMap *map, int64_t key, uint32_t value, bool *added);
void int_map_set(IntMap *map, int64_t key, uint32_t value);
size_t int_map_count(const IntMap *map);

#endif
