/* Which wanted entry is which of those that are there, and what stands together already. */
#include "sync/edit_int.h"

size_t *count_keys(const Planner *planner, const uint32_t *list, size_t count) {
  size_t *counts = arena_array(planner->arena, planner->key_count + 1, sizeof *counts);
  for (size_t i = 0; i < count; i++) counts[list[i]]++;
  return counts;
}

/* ---- which is which: Heckel, "A technique for isolating differences between files" (CACM 21, 1978) ---- */

typedef struct Matching {
  Planner *planner;
  uint32_t *first, *next; /* the entries of a key in `is` as a chain, plus 1 */
  bool *taken;            /* of `is` */
} Matching;

static void match(Matching *matching, size_t at, size_t there) {
  matching->planner->source[at] = (uint32_t)there;
  matching->taken[there] = true;
}

/* The entry beside one that is matched, if it is beside it there too. */
static void match_beside(Matching *matching, size_t at, size_t step) {
  Planner *planner = matching->planner;
  size_t beside = at - step;
  if (planner->source[at] != ABSENT || beside >= planner->wanted_count || planner->source[beside] == ABSENT) return;
  size_t there = planner->source[beside] + step;
  if (there < planner->is_count && !matching->taken[there] && planner->is[there] == planner->wanted[at]) match(matching, at, there);
}

static void match_any(Matching *matching, size_t at) {
  Planner *planner = matching->planner;
  uint32_t *first = &matching->first[planner->wanted[at]];
  while (*first && matching->taken[*first - 1]) *first = matching->next[*first - 1];
  if (planner->source[at] == ABSENT && *first) match(matching, at, *first - 1);
}

static void chain(Matching *matching, size_t i) {
  uint32_t *first = &matching->first[matching->planner->is[i]];
  matching->next[i] = *first;
  *first = (uint32_t)i + 1;
}

void match_entries(Planner *planner, MatchFrom from) {
  Arena *arena = planner->arena;
  size_t count = planner->wanted_count, is_count = planner->is_count;
  size_t *have = count_keys(planner, planner->is, is_count), *want = count_keys(planner, planner->wanted, count);
  Matching matching = {.planner = planner};
  matching.first = arena_array(arena, planner->key_count + 1, sizeof *matching.first);
  matching.next = arena_array(arena, is_count + 1, sizeof *matching.next);
  matching.taken = arena_array(arena, is_count + 1, sizeof *matching.taken);
  planner->source = arena_array(arena, count + 1, sizeof *planner->source);
  for (size_t i = 0; i < is_count; i++) chain(&matching, from == MATCH_FROM_START ? is_count - 1 - i : i);
  for (size_t i = 0; i < count; i++) {
    planner->source[i] = ABSENT;
    uint32_t key = planner->wanted[i];
    if (have[key] == 1 && want[key] == 1) match(&matching, i, matching.first[key] - 1);
  }
  for (size_t i = 1; i < count; i++) match_beside(&matching, i, 1);
  for (size_t i = count; i-- > 1;) match_beside(&matching, i - 1, SIZE_MAX);
  for (size_t i = 0; i < count; i++) {
    size_t at = from == MATCH_FROM_START ? i : count - 1 - i;
    match_beside(&matching, at, from == MATCH_FROM_START ? 1 : SIZE_MAX);
    match_any(&matching, at);
  }
}

/* ---- pieces ---- */

Pieces *cut_pieces(const Planner *planner, bool kept, bool single) {
  Arena *arena = planner->arena;
  Pieces *pieces = arena_alloc(arena, sizeof *pieces);
  size_t room = planner->wanted_count + 1;
  pieces->start = arena_array(arena, room, sizeof *pieces->start);
  pieces->is_new = arena_array(arena, room, sizeof *pieces->is_new);
  pieces->symbol = arena_array(arena, room, sizeof *pieces->symbol);
  pieces->order = arena_array(arena, room, sizeof *pieces->order);
  uint32_t *piece_at = arena_array(arena, planner->is_count + 1, sizeof *piece_at); /* that begins at an entry of `is`, plus 1 */
  uint32_t last = ABSENT, at = 0;
  bool last_new = false, any = false;
  for (size_t i = 0; i < planner->wanted_count; i++) {
    uint32_t source = planner->source[i];
    bool is_new = source == ABSENT;
    if (is_new && kept) continue;
    bool together = any && last_new == is_new && (is_new || source == last + 1);
    if (!together || single) {
      pieces->start[pieces->count] = at;
      pieces->is_new[pieces->count] = is_new;
      pieces->symbol[pieces->count] = single ? planner->wanted[i] : (uint32_t)pieces->count;
      if (!is_new) piece_at[source] = (uint32_t)pieces->count + 1;
      pieces->count++;
    }
    any = true;
    last_new = is_new;
    last = source;
    at++;
  }
  pieces->start[pieces->count] = at;
  for (size_t i = 0; i < planner->is_count; i++)
    if (piece_at[i]) pieces->order[pieces->there++] = piece_at[i] - 1;
  return pieces;
}
