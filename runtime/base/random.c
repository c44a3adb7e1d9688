#include "base/random.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <sys/random.h>
#endif

static uint64_t rotate_left(uint64_t x, int by) {
  return (x << by) | (x >> (64 - by));
}

static uint64_t splitmix64(uint64_t *state) {
  uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

Random random_seeded(uint64_t seed) {
  Random random;
  for (int i = 0; i < 4; i++) random.state[i] = splitmix64(&seed);
  return random;
}

uint64_t random_next(Random *random) {
  uint64_t *s = random->state;
  uint64_t result = rotate_left(s[1] * 5, 7) * 9;
  uint64_t t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate_left(s[3], 45);
  return result;
}

/* The 128-bit product as two halves; the standard language has no wider integer. */
static uint64_t multiply(uint64_t a, uint64_t b, uint64_t *low) {
  uint64_t a_low = a & 0xFFFFFFFF, a_high = a >> 32, b_low = b & 0xFFFFFFFF, b_high = b >> 32;
  uint64_t middle = a_high * b_low + ((a_low * b_low) >> 32);
  uint64_t carried = (middle & 0xFFFFFFFF) + a_low * b_high;
  *low = a * b;
  return a_high * b_high + (middle >> 32) + (carried >> 32);
}

uint64_t random_below(Random *random, uint64_t bound) {
  uint64_t low, high = multiply(random_next(random), bound, &low);
  if (low < bound) {
    uint64_t uneven = (0 - bound) % bound; /* 2^64 mod bound: that many products are one too many */
    while (low < uneven) high = multiply(random_next(random), bound, &low);
  }
  return high;
}

double random_unit(Random *random) {
  return (double)(random_next(random) >> 11) * 0x1.0p-53;
}

/* Numbers are drawn while they descend. The first is kept with probability exp(-first), which is how likely the descent
 * is to have odd length; else the result is one more and all is drawn anew. */
double random_exponential(Random *random) {
  for (double whole = 0;; whole++) {
    double first = random_unit(random), last = first;
    bool odd = true;
    for (double next = random_unit(random); next < last; next = random_unit(random)) {
      last = next;
      odd = !odd;
    }
    if (odd) return whole + first;
  }
}

Status random_unguessable(void *out, size_t length, Error *error) {
  if (getentropy(out, length) == 0) return STATUS_OK;
  return fail(error, STATUS_FAILED, "", "the system gives no random numbers: %s", strerror(errno));
}
