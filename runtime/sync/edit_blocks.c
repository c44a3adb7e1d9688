/* Sorting many blocks: the shorter of two ways. One takes swaps that bring two or three pairs of neighbours together as long as there are any; the other
 * leaves a longest increasing subsequence where it is and moves each other block to its place. */
#include <string.h>

#include "sync/edit_int.h"

typedef struct Blocks {
  Arena *arena;
  uint32_t *order, *place; /* place[order[i]] == i */
  uint32_t *room;
  size_t count;
  Swaps *out;
} Blocks;

static Blocks blocks_new(Arena *arena, const uint32_t *order, size_t count, Swaps *out) {
  Blocks blocks = {.arena = arena, .count = count, .out = out};
  blocks.order = arena_array(arena, count + 1, sizeof *blocks.order);
  blocks.place = arena_array(arena, count + 1, sizeof *blocks.place);
  blocks.room = arena_array(arena, count + 1, sizeof *blocks.room);
  memcpy(blocks.order, order, count * sizeof *order);
  for (size_t i = 0; i < count; i++) blocks.place[order[i]] = (uint32_t)i;
  return blocks;
}

static void swap_blocks(Blocks *blocks, Swap swap) {
  vec_push(blocks->arena, &blocks->out->swaps, swap);
  swap_apply(blocks->order, swap, blocks->room);
  for (size_t i = swap.from; i < swap.to; i++) blocks->place[blocks->order[i]] = (uint32_t)i;
}

/* The block [from, to) goes to the gap before index `gap`, which lies outside of it. */
static Swap move_of(size_t from, size_t to, size_t gap) {
  if (gap < from) return (Swap){(uint32_t)gap, (uint32_t)from, (uint32_t)to};
  return (Swap){(uint32_t)from, (uint32_t)to, (uint32_t)gap};
}

/* ---- pairs ---- */

/* What stands on both sides of the gap before index `gap`, each counted from 1; 0 and count + 1 are the ends. Two belong together if right == left + 1. */
static size_t left_of(const Blocks *blocks, size_t gap) {
  return gap ? blocks->order[gap - 1] + 1 : 0;
}
static size_t right_of(const Blocks *blocks, size_t gap) {
  return gap < blocks->count ? blocks->order[gap] + 1 : blocks->count + 1;
}
static size_t place_of(const Blocks *blocks, size_t number) {
  return blocks->place[number - 1];
}
static bool is_joined(const Blocks *blocks, size_t gap) {
  return right_of(blocks, gap) == left_of(blocks, gap) + 1;
}

typedef struct Best {
  Swap swap;
  unsigned joined;
} Best;

/* Counts the pairs that the move brings together. The callers cut no pair that belongs together. */
static void try_move(const Blocks *blocks, size_t from, size_t to, size_t gap, Best *best) {
  if (from >= to || (gap >= from && gap <= to)) return;
  unsigned joined = (right_of(blocks, from) == left_of(blocks, gap) + 1) + (right_of(blocks, gap) == left_of(blocks, to) + 1) +
                    (right_of(blocks, to) == left_of(blocks, from) + 1);
  if (joined > best->joined) *best = (Best){move_of(from, to, gap), joined};
}

/* The moves into one gap that can join two pairs or more. */
static void try_gap(const Blocks *blocks, size_t gap, Best *best) {
  size_t left = left_of(blocks, gap), right = right_of(blocks, gap);
  if (right == left + 1) return;
  size_t begin = left < blocks->count ? place_of(blocks, left + 1) : SIZE_MAX;
  size_t end = right > 1 ? place_of(blocks, right - 1) + 1 : SIZE_MAX;
  if (begin != SIZE_MAX && end != SIZE_MAX) try_move(blocks, begin, end, gap, best);
  if (begin != SIZE_MAX && left_of(blocks, begin) < blocks->count) try_move(blocks, begin, place_of(blocks, left_of(blocks, begin) + 1), gap, best);
  if (end != SIZE_MAX && right_of(blocks, end) > 1) try_move(blocks, place_of(blocks, right_of(blocks, end) - 1) + 1, end, gap, best);
}

/* Into the first gap, what belongs behind its left side, as far as it belongs together. */
static Swap any_join(const Blocks *blocks) {
  size_t gap = 0;
  while (is_joined(blocks, gap)) gap++;
  size_t from = place_of(blocks, left_of(blocks, gap) + 1), to = from + 1;
  while (is_joined(blocks, to)) to++;
  return move_of(from, to, gap);
}

static bool is_sorted(const Blocks *blocks) {
  for (size_t i = 0; i < blocks->count; i++)
    if (blocks->order[i] != i) return false;
  return true;
}

static void sort_by_pairs(Blocks *blocks) {
  while (!is_sorted(blocks)) {
    Best best = {.joined = 1};
    for (size_t gap = 0; gap <= blocks->count && best.joined < 3; gap++) try_gap(blocks, gap, &best);
    swap_blocks(blocks, best.joined > 1 ? best.swap : any_join(blocks));
  }
}

/* ---- a longest increasing subsequence ---- */

/* Sets the bit of each block in it. Fredman 1975, O(n log n). */
static bool *increasing(Arena *arena, const uint32_t *order, size_t count) {
  bool *stays = arena_array(arena, count + 1, sizeof *stays);
  uint32_t *tails = arena_array(arena, count + 1, sizeof *tails), *before = arena_array(arena, count + 1, sizeof *before);
  size_t length = 0;
  for (size_t i = 0; i < count; i++) {
    size_t low = 0, high = length;
    while (low < high) {
      size_t half = (low + high) / 2;
      if (order[tails[half]] < order[i]) low = half + 1;
      else high = half;
    }
    tails[low] = (uint32_t)i;
    before[i] = low ? tails[low - 1] : UINT32_MAX;
    if (low == length) length++;
  }
  for (uint32_t i = length ? tails[length - 1] : UINT32_MAX; i != UINT32_MAX; i = before[i]) stays[order[i]] = true;
  return stays;
}

static void sort_by_moves(Blocks *blocks) {
  bool *stays = increasing(blocks->arena, blocks->order, blocks->count);
  for (size_t block = 0; block < blocks->count; block++) {
    if (stays[block]) continue;
    size_t from = blocks->place[block], gap = block ? blocks->place[block - 1] + 1 : 0;
    if (from == gap) continue;
    size_t to = from + 1;
    while (to < blocks->count && blocks->order[to] == blocks->order[to - 1] + 1 && !stays[blocks->order[to]]) to++;
    swap_blocks(blocks, move_of(from, to, gap));
  }
}

void sort_blocks(Arena *arena, const uint32_t *order, size_t count, Swaps *out) {
  Swaps by_pairs = {0}, by_moves = {0};
  Blocks pairs = blocks_new(arena, order, count, &by_pairs), moves = blocks_new(arena, order, count, &by_moves);
  sort_by_pairs(&pairs);
  sort_by_moves(&moves);
  *out = by_moves.swaps.count <= by_pairs.swaps.count ? by_moves : by_pairs;
}
