/* The greedy algorithm of Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), with its trace kept. */
#include "compiler/format/line_diff.h"

#include <string.h>

#include "base/vec.h"

enum { CONTEXT = 3, MAX_DIFFERENCES = 1000 };

typedef struct Lines {
  Text *items; /* with their newline */
  uint64_t *hashes;
  bool *changed; /* removed, or added */
  size_t count;
} Lines;

static Lines split(Arena *arena, Text text) {
  size_t count = text.length && text.bytes[text.length - 1] != '\n';
  for (size_t i = 0; i < text.length; i++) count += text.bytes[i] == '\n';
  Lines lines = {arena_array(arena, count, sizeof(Text)), arena_array(arena, count, sizeof(uint64_t)), arena_array(arena, count, sizeof(bool)), count};
  const char *at = text.bytes, *limit = text.bytes + text.length;
  for (size_t i = 0; i < count; i++) {
    const char *end = memchr(at, '\n', (size_t)(limit - at));
    end = end ? end + 1 : limit;
    lines.items[i] = (Text){at, (size_t)(end - at)};
    lines.hashes[i] = hash_bytes(at, (size_t)(end - at), 0);
    at = end;
  }
  return lines;
}

static bool same(const Lines *a, size_t i, const Lines *b, size_t k) {
  return a->hashes[i] == b->hashes[k] && text_equal(a->items[i], b->items[k]);
}

/* The part of both between what they begin and end with in common. */
typedef struct Middle {
  const Lines *a, *b;
  size_t first, a_count, b_count;
} Middle;

/* How far down diagonal `diagonal` (lines of a less lines of b) one comes with one more difference than `before` allows. */
static int32_t furthest(const int32_t *before, int32_t diagonal, int32_t differences) {
  bool down = diagonal == -differences || (diagonal != differences && before[diagonal - 1] < before[diagonal + 1]);
  return down ? before[diagonal + 1] : before[diagonal - 1] + 1;
}

static int32_t slide(const Middle *middle, int32_t at, int32_t diagonal) {
  while ((size_t)at < middle->a_count && (size_t)(at - diagonal) < middle->b_count &&
         same(middle->a, middle->first + (size_t)at, middle->b, middle->first + (size_t)(at - diagonal)))
    at++;
  return at;
}

/* Marks what changed, from the end backwards: trace[d] is what was reached with d differences, from diagonal -d - 1 on. */
static void mark(const Middle *middle, int32_t *const *trace, int32_t differences) {
  int32_t x = (int32_t)middle->a_count, y = (int32_t)middle->b_count;
  for (int32_t d = differences; d > 0; d--) {
    const int32_t *before = trace[d - 1] + d;
    int32_t diagonal = x - y;
    bool down = diagonal == -d || (diagonal != d && before[diagonal - 1] < before[diagonal + 1]);
    x = down ? before[diagonal + 1] : before[diagonal - 1];
    y = x - (down ? diagonal + 1 : diagonal - 1);
    if (down)
      middle->b->changed[middle->first + (size_t)y] = true;
    else
      middle->a->changed[middle->first + (size_t)x] = true;
  }
}

static void compare(Arena *arena, const Middle *middle) {
  int32_t *trace[MAX_DIFFERENCES];
  for (int32_t d = 0; d < MAX_DIFFERENCES; d++) {
    trace[d] = arena_array(arena, (size_t)d * 2 + 3, sizeof(int32_t));
    int32_t *reached = trace[d] + d + 1;
    reached[-d - 1] = reached[d + 1] = -1;
    for (int32_t diagonal = -d; diagonal <= d; diagonal += 2) {
      int32_t x = d == 0 ? 0 : furthest(trace[d - 1] + d, diagonal, d);
      int32_t y = x - diagonal;
      if (x < 0 || y < 0 || (size_t)x > middle->a_count || (size_t)y > middle->b_count) {
        reached[diagonal] = -2;
        continue;
      }
      reached[diagonal] = slide(middle, x, diagonal);
      if ((size_t)reached[diagonal] == middle->a_count && (size_t)(reached[diagonal] - diagonal) == middle->b_count) {
        mark(middle, trace, d);
        return;
      }
    }
  }
  memset(middle->a->changed + middle->first, true, middle->a_count);
  memset(middle->b->changed + middle->first, true, middle->b_count);
}

static void append_line(TextBuilder *out, char sign, Text line) {
  text_append_char(out, sign);
  text_append(out, line);
  if (line.bytes[line.length - 1] != '\n') text_append(out, TEXT_LITERAL("\n\\ No newline at end of file\n"));
}

static void append_range(TextBuilder *out, char sign, size_t first, size_t count) {
  text_append_format(out, "%c%zu", sign, count ? first + 1 : first);
  if (count != 1) text_append_format(out, ",%zu", count);
}

/* Lines of a and b at which one stands. */
typedef struct Place {
  size_t a, b;
} Place;

static bool changes_at(const Lines *a, const Lines *b, Place at) {
  return (at.a < a->count && a->changed[at.a]) || (at.b < b->count && b->changed[at.b]);
}

/* The end of the hunk that begins with a change at `at`. */
static Place hunk_end(const Lines *a, const Lines *b, Place at) {
  size_t kept = 0;
  while ((at.a < a->count || at.b < b->count) && kept <= (size_t)2 * CONTEXT) {
    if (changes_at(a, b, at)) {
      kept = 0;
      while (at.a < a->count && a->changed[at.a]) at.a++;
      while (at.b < b->count && b->changed[at.b]) at.b++;
    } else {
      kept++;
      at.a++;
      at.b++;
    }
  }
  size_t extra = kept > CONTEXT ? kept - CONTEXT : 0;
  return (Place){at.a - extra, at.b - extra};
}

static void append_hunk(TextBuilder *out, const Lines *a, const Lines *b, Place from, Place to) {
  text_append(out, TEXT_LITERAL("@@ "));
  append_range(out, '-', from.a, to.a - from.a);
  text_append_char(out, ' ');
  append_range(out, '+', from.b, to.b - from.b);
  text_append(out, TEXT_LITERAL(" @@\n"));
  while (from.a < to.a || from.b < to.b) {
    if (!changes_at(a, b, from)) {
      append_line(out, ' ', a->items[from.a]);
      from.a++;
      from.b++;
      continue;
    }
    while (from.a < to.a && a->changed[from.a]) append_line(out, '-', a->items[from.a++]);
    while (from.b < to.b && b->changed[from.b]) append_line(out, '+', b->items[from.b++]);
  }
}

Text line_diff(Arena *arena, Text name, Text before, Text after) {
  if (text_equal(before, after)) return TEXT_LITERAL("");
  Lines a = split(arena, before), b = split(arena, after);
  size_t first = 0, last = 0;
  while (first < a.count && first < b.count && same(&a, first, &b, first)) first++;
  while (last < a.count - first && last < b.count - first && same(&a, a.count - 1 - last, &b, b.count - 1 - last)) last++;
  compare(arena, &(Middle){&a, &b, first, a.count - first - last, b.count - first - last});
  TextBuilder out = {.arena = arena};
  text_append_format(&out, "--- " TEXT_FORMAT "\n+++ " TEXT_FORMAT "\n", TEXT_ARG(name), TEXT_ARG(name));
  Place at = {0, 0};
  while (at.a < a.count || at.b < b.count) {
    if (!changes_at(&a, &b, at)) {
      at.a++;
      at.b++;
      continue;
    }
    size_t lead = at.a < CONTEXT ? at.a : CONTEXT;
    if (lead > at.b) lead = at.b;
    Place end = hunk_end(&a, &b, at);
    append_hunk(&out, &a, &b, (Place){at.a - lead, at.b - lead}, end);
    at = end;
  }
  return text_built(&out);
}
