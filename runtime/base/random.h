/* random.h: the seeded generator (xoshiro256**, Blackman and Vigna 2018, seeded by splitmix64). Same seed, same numbers, everywhere. */
#ifndef NARADA_BASE_RANDOM_H
#define NARADA_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct Random {
  uint64_t state[4];
} Random;

Random random_seeded(uint64_t seed);
uint64_t random_next(Random *random);
/* Uniform in [0, bound), without bias (Lemire 2019). `bound` must be positive. */
uint64_t random_below(Random *random, uint64_t bound);
double random_unit(Random *random); /* uniform in [0, 1), 53 bits */
/* Exponential with mean 1 (von Neumann 1951): by comparisons alone, so that no machine's logarithm can change it. */
double random_exponential(Random *random);

/* From the system, at most 256 bytes: for what nobody may guess. Never twice the same. */
Status random_unguessable(void *out, size_t length, Error *error);

#endif
