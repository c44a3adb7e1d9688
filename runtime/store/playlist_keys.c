#include "store/playlist_keys.h"

#include <string.h>

static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
enum { BASE = 36, PLACES = 8, SPACING = BASE * BASE, FIRST_APART = 4 };

static int digit_of(char c) {
  const char *at = memchr(digits, c, BASE);
  return at ? (int)(at - digits) : -1;
}

/* All eight digits. */
static Text make_key(Arena *arena, uint64_t number) {
  char key[PLACES];
  for (int i = PLACES - 1; i >= 0; i--) {
    key[i] = digits[number % BASE];
    number /= BASE;
  }
  return text_copy(arena, (Text){key, sizeof key});
}

static uint64_t power(int exponent) {
  uint64_t out = 1;
  while (exponent-- > 0) out *= BASE;
  return out;
}

void playlist_keys_fresh(Arena *arena, Text *out, size_t count) {
  uint64_t all = power(PLACES - 1), first = 10 * all; /* "a0000000": room before it too */
  uint64_t spacing = count && all / count < SPACING ? all / count : SPACING;
  for (size_t i = 0; i < count; i++) out[i] = make_key(arena, first + i * spacing);
}

/* A key well between both: the digits they share, then the middle of the first two that differ; where these are
 * neighbours, the lower one and a middle above the rest of `low`. */
static bool middle(Arena *arena, Text low, Text high, size_t longest, Text *out) {
  char key[PLAYLIST_KEY_MAX];
  bool bounded = high.length != 0;
  for (size_t i = 0; i < longest; i++) {
    int from = i < low.length ? digit_of(low.bytes[i]) : 0;
    int to = !bounded ? BASE : i < high.length ? digit_of(high.bytes[i]) : 0;
    if (from < 0 || to < 0 || from > to) return false;
    key[i] = digits[from];
    if (to - from >= 2) {
      key[i] = digits[(from + to) / 2];
      *out = text_copy(arena, (Text){key, i + 1});
      return true;
    }
    if (to - from == 1) bounded = false;
  }
  return false;
}

/* The first eight digits as a number. */
static bool number_of(Text key, uint64_t *out) {
  *out = 0;
  for (size_t i = 0; i < PLACES; i++) {
    int digit = i < key.length ? digit_of(key.bytes[i]) : 0;
    if (digit < 0) return false;
    *out = *out * BASE + (uint64_t)digit;
  }
  return true;
}

/* At an end of the list: the next free multiples of the spacing, so that a list that only grows there keeps short keys. */
static bool after(Arena *arena, Text low, Text *out, size_t count) {
  uint64_t number, last = power(PLACES) - 1;
  if (!number_of(low, &number)) return false;
  number = (number / SPACING + 1) * SPACING;
  if (count > last / SPACING || number > last - (count - 1) * SPACING) return false;
  for (size_t i = 0; i < count; i++) out[i] = make_key(arena, number + i * SPACING);
  return true;
}

static bool before(Arena *arena, Text high, Text *out, size_t count) {
  uint64_t number;
  if (!number_of(high, &number) || number <= SPACING) return false;
  number = (number - 1) / SPACING * SPACING;
  if (number / SPACING <= count) return false;
  for (size_t i = 0; i < count; i++) out[i] = make_key(arena, number - (count - 1 - i) * SPACING);
  return true;
}

static bool between(Arena *arena, Text low, Text high, size_t longest, Text *out, size_t count) {
  if (!count) return true;
  /* The middle one first, then each half: the depth is the logarithm of the count. */
  size_t half = count / 2;
  return middle(arena, low, high, longest, &out[half]) && between(arena, low, out[half], longest, out, half) &&
         between(arena, out[half], high, longest, out + half + 1, count - half - 1);
}

bool playlist_keys_between(Arena *arena, Text low, Text high, size_t longest, Text *out, size_t count) {
  if (!count) return true;
  if (!high.length && low.length && after(arena, low, out, count)) return true;
  if (!low.length && high.length && before(arena, high, out, count)) return true;
  return between(arena, low, high, longest, out, count);
}

/* ---- a whole list ---- */

/* A run of places without a key: [from, to). */
typedef struct Gap {
  size_t from, to;
} Gap;

static Gap next_gap(const bool *settled, size_t count, size_t from) {
  while (from < count && settled[from]) from++;
  size_t to = from;
  while (to < count && !settled[to]) to++;
  return (Gap){from, to};
}

static bool fill_gap(Arena *arena, Text *keys, Gap gap, size_t count, size_t longest) {
  Text low = gap.from ? keys[gap.from - 1] : (Text){"", 0};
  Text high = gap.to < count ? keys[gap.to] : (Text){"", 0};
  if (low.length || high.length) return playlist_keys_between(arena, low, high, longest, keys + gap.from, gap.to - gap.from);
  playlist_keys_fresh(arena, keys + gap.from, gap.to - gap.from); /* nothing to keep clear of */
  return true;
}

/* Takes the keys of the neighbours too, twice as many each time, until what lies between the next two has room. At the latest that is
 * the whole list. What lies before the gap has keys already, old or new, and is only looked at. */
static Gap move_apart(Arena *arena, Text *keys, bool *settled, Gap gap, size_t count) {
  for (size_t more = FIRST_APART;; more *= 2) {
    Gap wide = {gap.from > more ? gap.from - more : 0, gap.to + more < count ? gap.to + more : count};
    while (wide.to < count && !settled[wide.to]) wide.to++; /* not into the middle of the next gap */
    Text *made = arena_array(arena, wide.to - wide.from, sizeof *made);
    memcpy(made, keys + wide.from, (wide.to - wide.from) * sizeof *made);
    if (fill_gap(arena, keys, wide, count, PLAYLIST_KEY_ROOMY)) {
      for (size_t i = wide.from; i < wide.to; i++) settled[i] = false;
      return wide;
    }
    memcpy(keys + wide.from, made, (wide.to - wide.from) * sizeof *made);
  }
}

void playlist_keys_assign(Arena *arena, Text *keys, bool *settled, size_t count) {
  for (Gap gap = next_gap(settled, count, 0); gap.from < count; gap = next_gap(settled, count, gap.to)) {
    if (!fill_gap(arena, keys, gap, count, PLAYLIST_KEY_MAX)) gap = move_apart(arena, keys, settled, gap, count);
  }
}
