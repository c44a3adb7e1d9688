#include "store/playlist_keys.h"

#include <string.h>

static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
enum { BASE = 36, PLACES = 7, SPACING = BASE * BASE };

static int digit_of(char c) {
  const char *at = memchr(digits, c, BASE);
  return at ? (int)(at - digits) : -1;
}

/* 'a' and seven digits; `number` is below 36^7. */
static Text make_key(Arena *arena, uint64_t number) {
  char key[1 + PLACES];
  key[0] = 'a';
  for (int i = PLACES; i >= 1; i--) {
    key[i] = digits[number % BASE];
    number /= BASE;
  }
  return text_copy(arena, (Text){key, sizeof key});
}

void playlist_keys_fresh(Arena *arena, Text *out, size_t count) {
  uint64_t all = 1;
  for (int i = 0; i < PLACES; i++) all *= BASE;
  uint64_t spacing = count && all / count < SPACING ? all / count : SPACING;
  for (size_t i = 0; i < count; i++) out[i] = make_key(arena, i * spacing);
}

/* A key well between both: the digits they share, then the middle of the first two that differ; where these are
 * neighbours, the lower one and a middle above the rest of `low`. */
static bool middle(Arena *arena, Text low, Text high, Text *out) {
  char key[PLAYLIST_KEY_MAX];
  bool bounded = high.length != 0;
  for (size_t i = 0; i < sizeof key; i++) {
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

/* Appending: the next free multiple of the spacing, so that a playlist that only grows keeps short keys. */
static bool after(Arena *arena, Text low, Text *out, size_t count) {
  if (low.length < 1 + PLACES || low.bytes[0] != 'a') return false;
  uint64_t number = 0, all = 1;
  for (int i = 1; i <= PLACES; i++) {
    int digit = digit_of(low.bytes[i]);
    if (digit < 0) return false;
    number = number * BASE + (uint64_t)digit;
    all *= BASE;
  }
  number = (number / SPACING + 1) * SPACING;
  if (count > (all - 1) / SPACING || number > all - 1 - (count - 1) * SPACING) return false;
  for (size_t i = 0; i < count; i++) out[i] = make_key(arena, number + i * SPACING);
  return true;
}

bool playlist_keys_between(Arena *arena, Text low, Text high, Text *out, size_t count) {
  if (!count) return true;
  if (!high.length && after(arena, low, out, count)) return true;
  /* The middle one first, then each half: the depth is the logarithm of the count. */
  size_t half = count / 2;
  return middle(arena, low, high, &out[half]) && playlist_keys_between(arena, low, out[half], out, half) &&
         playlist_keys_between(arena, out[half], high, out + half + 1, count - half - 1);
}
