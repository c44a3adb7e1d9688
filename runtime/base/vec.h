/* vec.h: a growing array in an arena. VEC(int) numbers; vec_push(arena, &numbers, 7); numbers.items[0]. */
#ifndef NARADA_BASE_VEC_H
#define NARADA_BASE_VEC_H

#include "base/arena.h"

#define VEC(Type)    \
  struct {           \
    Type *items;     \
    size_t count;    \
    size_t capacity; \
  }

/* Makes room for one more item and returns nothing; the pointer may move. */
#define vec_reserve(arena, vec, extra)                                                                       \
  do {                                                                                                       \
    if ((vec)->count + (extra) > (vec)->capacity) {                                                          \
      size_t vec_new_ = (vec)->capacity ? (vec)->capacity * 2 : sizeof *(vec)->items > 32 ? 2 : 8;           \
      while (vec_new_ < (vec)->count + (extra)) vec_new_ *= 2;                                               \
      (vec)->items = arena_grow((arena), (vec)->items, (vec)->capacity * sizeof *(vec)->items,               \
                                vec_new_ * sizeof *(vec)->items);                                            \
      (vec)->capacity = vec_new_;                                                                            \
    }                                                                                                        \
  } while (0)

#define vec_push(arena, vec, ...)                      \
  do {                                                 \
    vec_reserve((arena), (vec), 1);                    \
    (vec)->items[(vec)->count++] = (__VA_ARGS__);      \
  } while (0)

#endif
