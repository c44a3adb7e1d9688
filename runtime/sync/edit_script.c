#include "sync/edit_script.h"

#include <stdlib.h>
#include <string.h>

#include "sync/edit_int.h"

/* States of the exact search: some tens of milliseconds at most. */
enum { SEARCH_BUDGET = 400000 };

/* ---- numbering ---- */

static int compare_keys(const void *a, const void *b) {
  EntryKey x = *(const EntryKey *)a, y = *(const EntryKey *)b;
  return (x > y) - (x < y);
}

static uint32_t *number_keys(Planner *planner, EntryList list) {
  uint32_t *numbers = arena_array(planner->arena, list.count + 1, sizeof *numbers);
  for (size_t i = 0; i < list.count; i++) {
    const EntryKey *found = bsearch(&list.keys[i], planner->names, planner->key_count, sizeof *planner->names, compare_keys);
    numbers[i] = (uint32_t)(found - planner->names);
  }
  return numbers;
}

static void number_lists(Planner *planner, EntryList is, EntryList wanted) {
  EntryKey *names = arena_array(planner->arena, is.count + wanted.count + 1, sizeof *names);
  if (is.count) memcpy(names, is.keys, is.count * sizeof *names);
  if (wanted.count) memcpy(names + is.count, wanted.keys, wanted.count * sizeof *names);
  qsort(names, is.count + wanted.count, sizeof *names, compare_keys);
  for (size_t i = 0; i < is.count + wanted.count; i++)
    if (i == 0 || names[i] != names[planner->key_count - 1]) names[planner->key_count++] = names[i];
  planner->names = names;
  planner->is = number_keys(planner, is);
  planner->is_count = is.count;
  planner->wanted = number_keys(planner, wanted);
  planner->wanted_count = wanted.count;
}

/* ---- removing ---- */

static void edit_keys(Planner *planner, EditKind kind, const EntryKey *keys, size_t count, size_t at, size_t most) {
  for (size_t done = 0; done < count; done += most) {
    size_t some = count - done < most ? count - done : most;
    vec_push(planner->arena, &planner->script->edits, (Edit){.kind = kind, .keys = keys + done, .count = some, .at = kind == EDIT_INSERT ? at + done : 0});
  }
}

/* Every key of which there are more entries than are wanted. */
static void remove_surplus(Planner *planner) {
  size_t *have = count_keys(planner, planner->is, planner->is_count), *want = count_keys(planner, planner->wanted, planner->wanted_count);
  bool *told = arena_array(planner->arena, planner->key_count + 1, sizeof *told);
  VEC(EntryKey) gone = {0};
  size_t left = 0;
  for (size_t i = 0; i < planner->is_count; i++) {
    uint32_t key = planner->is[i];
    if (have[key] <= want[key]) {
      planner->is[left++] = key;
      continue;
    }
    if (told[key]) continue;
    told[key] = true;
    vec_push(planner->arena, &gone, planner->names[key]);
    planner->script->removed += have[key] - want[key];
    planner->script->reinserted += want[key];
  }
  planner->is_count = left;
  edit_keys(planner, EDIT_REMOVE, gone.items, gone.count, 0, planner->limits.remove_most);
}

/* ---- ways ---- */

/* New pieces go in together before the piece that stands at `at`; then swaps order everything. */
typedef struct Way {
  bool found;
  size_t calls;
  const Pieces *pieces;
  uint32_t *inserted; /* the new pieces, in the order in which they go in */
  size_t inserted_count;
  size_t at;
  Swaps swaps;
  bool at_places; /* the new entries go in last, each run where it belongs; `pieces` are those that are there */
  const uint32_t *source; /* of each wanted entry, see Planner */
  size_t wanted_count;
} Way;

static size_t piece_length(const Pieces *pieces, uint32_t piece) {
  return pieces->start[piece + 1] - pieces->start[piece];
}

static size_t calls_for(size_t entries, size_t most) {
  return (entries + most - 1) / most;
}

static uint32_t *order_with(Arena *arena, const Pieces *pieces, const Way *way) {
  uint32_t *order = arena_array(arena, pieces->count + 1, sizeof *order);
  memcpy(order, pieces->order, way->at * sizeof *order);
  if (way->inserted_count) memcpy(order + way->at, way->inserted, way->inserted_count * sizeof *order);
  memcpy(order + way->at + way->inserted_count, pieces->order + way->at, (pieces->there - way->at) * sizeof *order);
  return order;
}

static void try_search(Planner *planner, const Pieces *pieces, const uint32_t *inserted, size_t inserted_count, size_t at, size_t insert_calls, Way *best) {
  if (best->found && best->calls <= insert_calls) return;
  Way way = {.found = true, .pieces = pieces, .inserted = (uint32_t *)inserted, .inserted_count = inserted_count, .at = at};
  const uint32_t *order = order_with(planner->arena, pieces, &way);
  uint32_t symbols[SEARCH_MOST_PIECES];
  for (size_t i = 0; i < pieces->count; i++) symbols[i] = pieces->symbol[order[i]];
  size_t most = best->found ? best->calls - insert_calls - 1 : SEARCH_MOST_PIECES;
  if (!search_swaps(planner->arena, symbols, pieces->symbol, pieces->count, most, &planner->budget, &way.swaps)) return;
  way.calls = insert_calls + way.swaps.swaps.count;
  way.inserted = arena_array(planner->arena, inserted_count + 1, sizeof *way.inserted);
  if (inserted_count) memcpy(way.inserted, inserted, inserted_count * sizeof *inserted);
  *best = way;
}

/* Runs of new pieces can go in in any order; there are few when the search is for it. */
enum { SEARCH_MOST_RUNS = 4 };

typedef struct Arranging {
  Planner *planner;
  const Pieces *pieces;
  uint32_t runs[SEARCH_MOST_PIECES][2]; /* first piece, pieces */
  size_t run_count;
  size_t insert_calls;
  uint32_t inserted[SEARCH_MOST_PIECES];
  Way *best;
} Arranging;

static void arrange(Arranging *arranging, unsigned used, size_t filled) {
  const Pieces *pieces = arranging->pieces;
  if (filled == pieces->count - pieces->there) {
    for (size_t at = 0; at <= (filled ? pieces->there : 0); at++)
      try_search(arranging->planner, pieces, arranging->inserted, filled, at, arranging->insert_calls, arranging->best);
    return;
  }
  for (unsigned run = 0; run < arranging->run_count; run++) {
    if (used & 1U << run) continue;
    for (uint32_t i = 0; i < arranging->runs[run][1]; i++) arranging->inserted[filled + i] = arranging->runs[run][0] + i;
    arrange(arranging, used | 1U << run, filled + arranging->runs[run][1]);
  }
}

static void search_ways(Planner *planner, const Pieces *pieces, size_t insert_calls, Way *best) {
  if (pieces->count > SEARCH_MOST_PIECES) return;
  Arranging arranging = {.planner = planner, .pieces = pieces, .insert_calls = insert_calls, .best = best};
  for (uint32_t i = 0; i < pieces->count; i++) {
    if (!pieces->is_new[i]) continue;
    if (i && pieces->is_new[i - 1]) arranging.runs[arranging.run_count - 1][1]++;
    else {
      arranging.runs[arranging.run_count][0] = i;
      arranging.runs[arranging.run_count++][1] = 1;
    }
  }
  if (arranging.run_count <= SEARCH_MOST_RUNS) arrange(&arranging, 0, 0);
}

/* All new pieces where the first of them belongs, then everything sorted. */
static void sort_way(const Planner *planner, const Pieces *pieces, size_t insert_calls, Way *best) {
  Way way = {.found = true, .pieces = pieces};
  way.inserted = arena_array(planner->arena, pieces->count + 1, sizeof *way.inserted);
  for (uint32_t i = 0; i < pieces->count; i++)
    if (pieces->is_new[i]) way.inserted[way.inserted_count++] = i;
  if (way.inserted_count && way.inserted[0])
    while (pieces->order[way.at++] != way.inserted[0] - 1) continue;
  sort_blocks(planner->arena, order_with(planner->arena, pieces, &way), pieces->count, &way.swaps);
  way.calls = insert_calls + way.swaps.swaps.count;
  if (!best->found || way.calls < best->calls) *best = way;
}

/* ---- writing the calls ---- */

static EntryKey *new_keys(const Planner *planner, const Way *way, size_t *count) {
  EntryKey *keys = arena_array(planner->arena, planner->wanted_count + 1, sizeof *keys);
  *count = 0;
  for (size_t i = 0; i < way->inserted_count; i++)
    for (size_t k = way->pieces->start[way->inserted[i]]; k < way->pieces->start[way->inserted[i] + 1]; k++) keys[(*count)++] = planner->names[planner->wanted[k]];
  return keys;
}

/* The shorter of the two neighbours moves. */
static void write_swaps(Planner *planner, const Way *way, uint32_t *order) {
  const Pieces *pieces = way->pieces;
  uint32_t *room = arena_array(planner->arena, pieces->count + 1, sizeof *room);
  for (size_t i = 0; i < way->swaps.swaps.count; i++) {
    Swap swap = way->swaps.swaps.items[i];
    size_t at[3] = {0};
    for (size_t k = 0; k < swap.to; k++)
      for (size_t n = 0; n < 3; n++)
        if (k < (n == 0 ? swap.from : n == 1 ? swap.middle : swap.to)) at[n] += piece_length(pieces, order[k]);
    Edit edit = {.kind = EDIT_MOVE, .at = at[0], .count = at[1] - at[0], .before = at[2]};
    if (at[2] - at[1] < at[1] - at[0]) edit = (Edit){.kind = EDIT_MOVE, .at = at[1], .count = at[2] - at[1], .before = at[0]};
    vec_push(planner->arena, &planner->script->edits, edit);
    planner->script->moves++;
    swap_apply(order, swap, room);
  }
}

static void write_way(Planner *planner, const Way *way) {
  size_t at = 0, count = 0;
  for (size_t i = 0; i < way->at; i++) at += piece_length(way->pieces, way->pieces->order[i]);
  EntryKey *keys = new_keys(planner, way, &count);
  edit_keys(planner, EDIT_INSERT, keys, count, at, planner->limits.insert_most);
  write_swaps(planner, way, order_with(planner->arena, way->pieces, way));
}

/* The new entries with `from` first, up to the end of the run. */
static size_t run_end(const Way *way, size_t from) {
  while (from < way->wanted_count && way->source[from] == ABSENT) from++;
  return from;
}

static size_t calls_at_places(const Planner *planner) {
  size_t calls = 0;
  const Way way = {.source = planner->source, .wanted_count = planner->wanted_count};
  for (size_t i = 0; i < planner->wanted_count;) {
    size_t end = run_end(&way, i);
    calls += calls_for(end - i, planner->limits.insert_most);
    i = end + 1;
  }
  return calls;
}

/* Each run of new entries at its place, once what is there is in order. */
static void write_at_places(Planner *planner, const Way *way) {
  EntryKey *keys = arena_array(planner->arena, way->wanted_count + 1, sizeof *keys);
  for (size_t i = 0; i < way->wanted_count; i++) keys[i] = planner->names[planner->wanted[i]];
  for (size_t i = 0; i < way->wanted_count;) {
    size_t end = run_end(way, i);
    edit_keys(planner, EDIT_INSERT, keys + i, end - i, i, planner->limits.insert_most);
    i = end + 1;
  }
}

static void try_ways(Planner *planner, size_t fresh, Way *best) {
  size_t place_calls = calls_at_places(planner), insert_calls = calls_for(fresh, planner->limits.insert_most);
  Way in_order = {0}, together = {0};
  Pieces *kept = cut_pieces(planner, true, false), *all = cut_pieces(planner, false, false);
  sort_way(planner, kept, 0, &in_order);
  search_ways(planner, kept, 0, &in_order);
  in_order.calls += place_calls;
  in_order.at_places = true;
  if (fresh) {
    sort_way(planner, all, insert_calls, &together);
    search_ways(planner, all, insert_calls, &together);
  }
  search_ways(planner, cut_pieces(planner, false, true), insert_calls, &together);
  if (together.found && together.calls < in_order.calls) in_order = together;
  in_order.source = planner->source;
  in_order.wanted_count = planner->wanted_count;
  if (!best->found || in_order.calls < best->calls) *best = in_order;
}

void edit_script_plan(Arena *arena, EntryList is, EntryList wanted, EditLimits limits, EditScript *out) {
  *out = (EditScript){0};
  Planner planner = {.arena = arena, .limits = limits, .script = out, .budget = SEARCH_BUDGET};
  number_lists(&planner, is, wanted);
  remove_surplus(&planner);
  size_t fresh = planner.wanted_count - planner.is_count;
  out->inserted = fresh - out->reinserted;
  Way best = {0};
  for (int from = 0; from < MATCH_WAYS; from++) {
    match_entries(&planner, (MatchFrom)from);
    try_ways(&planner, fresh, &best);
  }
  write_way(&planner, &best);
  if (best.at_places) write_at_places(&planner, &best);
}

/* ---- what a service does ---- */

static bool apply_one(EntryKey *list, size_t *count, const Edit *edit, EntryKey *room) {
  size_t left = 0;
  switch (edit->kind) {
    case EDIT_REMOVE:
      for (size_t i = 0; i < *count; i++) {
        bool gone = false;
        for (size_t k = 0; k < edit->count && !gone; k++) gone = edit->keys[k] == list[i];
        if (!gone) list[left++] = list[i];
      }
      *count = left;
      return true;
    case EDIT_INSERT:
      if (edit->at > *count) return false;
      memmove(list + edit->at + edit->count, list + edit->at, (*count - edit->at) * sizeof *list);
      memcpy(list + edit->at, edit->keys, edit->count * sizeof *list);
      *count += edit->count;
      return true;
    case EDIT_MOVE: {
      size_t end = edit->at + edit->count;
      if (!edit->count || end > *count || edit->before > *count || (edit->before >= edit->at && edit->before <= end)) return false;
      Swap swap = edit->before < edit->at ? (Swap){(uint32_t)edit->before, (uint32_t)edit->at, (uint32_t)end}
                                          : (Swap){(uint32_t)edit->at, (uint32_t)end, (uint32_t)edit->before};
      swap_apply(list, swap, room);
      return true;
    }
  }
  return false;
}

bool edit_script_apply(Arena *arena, EntryList is, const EditScript *script, EntryList *out) {
  size_t most = is.count, count = is.count;
  for (size_t i = 0; i < script->edits.count; i++)
    if (script->edits.items[i].kind == EDIT_INSERT) most += script->edits.items[i].count;
  EntryKey *list = arena_array(arena, most + 1, sizeof *list), *room = arena_array(arena, most + 1, sizeof *room);
  if (is.count) memcpy(list, is.keys, is.count * sizeof *list);
  for (size_t i = 0; i < script->edits.count; i++)
    if (!apply_one(list, &count, &script->edits.items[i], room)) return false;
  *out = (EntryList){list, count};
  return true;
}
