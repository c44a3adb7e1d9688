/* The exact search: iterative deepening (Korf 1985) with a bound that never says too much. */
#include <string.h>

#include "sync/edit_int.h"

typedef struct Search {
  uint32_t wanted[SEARCH_MOST_PIECES];
  size_t count;
  bool distinct;
  Swap path[SEARCH_MOST_PIECES];
  size_t depth;
  size_t *budget; /* states that may still be looked at */
} Search;

/* Bafna and Pevzner, theorem 2.3: a swap adds at most two odd cycles to the graph of the permutation, and the sorted one has count + 1. */
static size_t cycle_bound(const uint32_t *pieces, size_t count) {
  uint32_t place[SEARCH_MOST_PIECES + 1];
  for (size_t i = 0; i < count; i++) place[pieces[i]] = (uint32_t)i;
  place[count] = (uint32_t)count;
  bool seen[SEARCH_MOST_PIECES + 1] = {false};
  size_t odd = 0;
  for (size_t start = 0; start <= count; start++) {
    size_t length = 0;
    for (size_t edge = start; !seen[edge]; length++) {
      seen[edge] = true;
      edge = edge == 0 ? place[0] : place[pieces[edge - 1] + 1];
    }
    odd += length & 1;
  }
  return (count + 1 - odd + 1) / 2;
}

/* A swap changes three pairs of neighbours. */
static size_t neighbour_bound(const Search *search, const uint32_t *pieces) {
  size_t count = search->count, missing = 0;
  bool used[SEARCH_MOST_PIECES + 1] = {false};
  for (size_t i = 0; i <= count; i++) {
    uint32_t left = i ? pieces[i - 1] : UINT32_MAX, right = i < count ? pieces[i] : UINT32_MAX;
    size_t k = 0;
    for (; k <= count; k++) {
      if (used[k]) continue;
      if ((k ? search->wanted[k - 1] : UINT32_MAX) == left && (k < count ? search->wanted[k] : UINT32_MAX) == right) break;
    }
    if (k <= count) used[k] = true;
    else missing++;
  }
  return (missing + 2) / 3;
}

static size_t bound(const Search *search, const uint32_t *pieces) {
  return search->distinct ? cycle_bound(pieces, search->count) : neighbour_bound(search, pieces);
}

void swap_apply(uint32_t *pieces, Swap swap, uint32_t *room) {
  size_t left = swap.middle - swap.from, right = swap.to - swap.middle;
  memcpy(room, pieces + swap.from, left * sizeof *pieces);
  memmove(pieces + swap.from, pieces + swap.middle, right * sizeof *pieces);
  memcpy(pieces + swap.from + right, room, left * sizeof *pieces);
}

/* Christie (1998): with distinct pieces some shortest way never parts neighbours that belong together. */
static bool may_cut(const Search *search, const uint32_t *pieces, size_t at) {
  if (!search->distinct) return true;
  size_t left = at ? pieces[at - 1] + 1 : 0, right = at < search->count ? pieces[at] : search->count;
  return left != right;
}

static bool descend(Search *search, const uint32_t *pieces, size_t left) {
  if (memcmp(pieces, search->wanted, search->count * sizeof *pieces) == 0) return true;
  if (*search->budget == 0 || left == 0) return false;
  --*search->budget;
  if (bound(search, pieces) > left) return false;
  for (uint32_t from = 0; from < search->count; from++) {
    if (!may_cut(search, pieces, from)) continue;
    for (uint32_t middle = from + 1; middle < search->count; middle++) {
      if (!may_cut(search, pieces, middle)) continue;
      for (uint32_t to = middle + 1; to <= search->count; to++) {
        if (!may_cut(search, pieces, to)) continue;
        uint32_t next[SEARCH_MOST_PIECES], room[SEARCH_MOST_PIECES];
        memcpy(next, pieces, search->count * sizeof *pieces);
        search->path[search->depth] = (Swap){from, middle, to};
        swap_apply(next, search->path[search->depth], room);
        search->depth++;
        if (descend(search, next, left - 1)) return true;
        search->depth--;
      }
    }
  }
  return false;
}

bool search_swaps(Arena *arena, const uint32_t *pieces, const uint32_t *wanted, size_t count, size_t most, size_t *budget, Swaps *out) {
  if (count > SEARCH_MOST_PIECES) return false;
  Search search = {.count = count, .distinct = true, .budget = budget};
  memcpy(search.wanted, wanted, count * sizeof *wanted);
  for (size_t i = 0; i < count; i++) search.distinct = search.distinct && wanted[i] == i;
  if (most > SEARCH_MOST_PIECES) most = SEARCH_MOST_PIECES;
  for (size_t depth = bound(&search, pieces); depth <= most; depth++) {
    if (descend(&search, pieces, depth)) {
      for (size_t i = 0; i < search.depth; i++) vec_push(arena, &out->swaps, search.path[i]);
      return true;
    }
    if (*budget == 0) return false;
  }
  return false;
}
