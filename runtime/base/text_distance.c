#include <string.h>
#include <utf8proc.h>

#include "base/text.h"
#include "base/utf8.h"

/* What differs between two names is short; beyond this many code points the answer is the upper bound, so that the
 * table stays on the stack and the time bounded. */
enum { DISTANCE_MAX = 512 };

/* The next code point; an invalid byte counts as one of its own, outside Unicode. */
static uint32_t take_point(Text *text) {
  uint32_t c = 0;
  size_t count = utf8_decode(text->bytes, text->length, &c);
  if (count == 0) {
    c = 0x110000u + (unsigned char)text->bytes[0];
    count = 1;
  }
  text->bytes += count;
  text->length -= count;
  return c;
}

static size_t count_points(Text text) {
  size_t count = 0;
  for (; text.length; count++) take_point(&text);
  return count;
}

/* What both begin with changes no distance. */
static void drop_common_prefix(Text *a, Text *b) {
  while (a->length && b->length) {
    Text next_a = *a, next_b = *b;
    if (take_point(&next_a) != take_point(&next_b)) return;
    *a = next_a;
    *b = next_b;
  }
}

/* Nor what both end with. Bytes are dropped and a split character given back. */
static void drop_common_suffix(Text *a, Text *b) {
  size_t same = 0, shorter = a->length < b->length ? a->length : b->length;
  while (same < shorter && a->bytes[a->length - same - 1] == b->bytes[b->length - same - 1]) same++;
  while (same && ((unsigned char)a->bytes[a->length - same] & 0xC0u) == 0x80) same--;
  a->length -= same;
  b->length -= same;
}

static size_t points_of(Text text, uint32_t points[DISTANCE_MAX]) {
  size_t count = 0;
  while (text.length) points[count++] = take_point(&text);
  return count;
}

static size_t least(size_t a, size_t b) {
  return a < b ? a : b;
}

/* Optimal string alignment: three rows of the table, the newest first. */
static size_t align(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count) {
  uint16_t rows[3][DISTANCE_MAX + 1];
  uint16_t *now = rows[0], *last = rows[1], *before = rows[2];
  for (size_t j = 0; j <= b_count; j++) last[j] = (uint16_t)j;
  for (size_t i = 1; i <= a_count; i++) {
    now[0] = (uint16_t)i;
    for (size_t j = 1; j <= b_count; j++) {
      size_t best = least(last[j - 1] + (size_t)(a[i - 1] != b[j - 1]), least(last[j], now[j - 1]) + 1u);
      bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) best = least(best, before[j - 2] + 1u);
      now[j] = (uint16_t)best;
    }
    uint16_t *oldest = before;
    before = last;
    last = now;
    now = oldest;
  }
  return last[b_count];
}

size_t text_distance(Text a, Text b) {
  drop_common_prefix(&a, &b);
  drop_common_suffix(&a, &b);
  size_t a_count = count_points(a), b_count = count_points(b);
  if (a_count == 0 || b_count == 0) return a_count + b_count;
  if (a_count > DISTANCE_MAX || b_count > DISTANCE_MAX) return a_count > b_count ? a_count : b_count;
  uint32_t a_points[DISTANCE_MAX], b_points[DISTANCE_MAX];
  points_of(a, a_points);
  points_of(b, b_points);
  return align(a_points, a_count, b_points, b_count);
}

static uint32_t lower(uint32_t c) {
  return c <= 0x10FFFF ? (uint32_t)utf8proc_tolower((int32_t)c) : c;
}

static bool equal_without_case(Text a, Text b) {
  while (a.length && b.length) {
    if (lower(take_point(&a)) != lower(take_point(&b))) return false;
  }
  return a.length == b.length;
}

size_t text_nearest(Text wrong, const Text *candidates, size_t count) {
  size_t wrong_count = count_points(wrong);
  size_t nearest = SIZE_MAX, nearest_distance = SIZE_MAX;
  for (size_t i = 0; i < count && nearest_distance > 0; i++) {
    size_t candidate_count = count_points(candidates[i]);
    size_t longer = wrong_count > candidate_count ? wrong_count : candidate_count;
    size_t distance = 0;
    if (!equal_without_case(wrong, candidates[i])) {
      if (wrong_count < 2 || candidate_count < 2) continue;
      size_t at_least = longer - least(wrong_count, candidate_count);
      if (at_least * 3 > longer || at_least >= nearest_distance) continue;
      distance = text_distance(wrong, candidates[i]);
      if (distance * 3 > longer) continue;
    }
    if (distance >= nearest_distance) continue;
    nearest = i;
    nearest_distance = distance;
  }
  return nearest;
}
