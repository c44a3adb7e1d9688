/* edit_int.h: what the files of the edit script share. Private to runtime/sync/edit_*.c. */
#ifndef NARADA_SYNC_EDIT_INT_H
#define NARADA_SYNC_EDIT_INT_H

#include <stdint.h>

#include "sync/edit_script.h"

#define ABSENT UINT32_MAX

/* The work on two lists whose keys are numbered from 0. */
typedef struct Planner {
  Arena *arena;
  EditLimits limits;
  EditScript *script;
  const EntryKey *names; /* by number */
  size_t key_count;
  uint32_t *is, *wanted; /* numbers */
  size_t is_count, wanted_count;
  uint32_t *source; /* of each wanted entry: index in `is`, or ABSENT */
  size_t budget;    /* of the exact search */
} Planner;

/* The neighbours [from, middle) and [middle, to) change places: what a block move does, seen from both sides. */
typedef struct Swap {
  uint32_t from, middle, to;
} Swap;
typedef struct Swaps {
  VEC(Swap) swaps;
} Swaps;

/* ---- edit_pieces.c ---- */
/* Where more entries of a key are wanted than are there, any of them may be the one that is there. */
typedef enum MatchFrom { MATCH_FROM_START, MATCH_FROM_END, MATCH_WAYS } MatchFrom;

/* The wanted list cut into pieces: entries that are there and stand together already, or that are new and come together. */
typedef struct Pieces {
  uint32_t *start; /* index in the wanted list; one more than there are pieces */
  bool *is_new;
  uint32_t *symbol; /* equal ones may stand for each other */
  size_t count;
  uint32_t *order; /* those that are there, as they stand */
  size_t there;
} Pieces;

size_t *count_keys(const Planner *planner, const uint32_t *list, size_t count); /* by number */
/* Fills planner->source. Once nothing is there that is not wanted, all that is there is matched. */
void match_entries(Planner *planner, MatchFrom from);
/* `kept` leaves the new entries out, so that what only they part stays one piece. `single` = a piece for each entry. */
Pieces *cut_pieces(const Planner *planner, bool kept, bool single);

/* ---- edit_search.c ---- */
enum { SEARCH_MOST_PIECES = 10 };

/* The fewest swaps that bring `pieces` to `wanted`, an ordering of the same symbols, of which several may be equal. False if there are too many pieces, if
 * `most` swaps do not suffice, or when the budget of states to look at, which it draws on, is used up. */
bool search_swaps(Arena *arena, const uint32_t *pieces, const uint32_t *wanted, size_t count, size_t most, size_t *budget, Swaps *out);

/* ---- edit_blocks.c ---- */
/* Few swaps that bring `order`, a permutation of 0..count-1, to 0, 1, 2, ... */
void sort_blocks(Arena *arena, const uint32_t *order, size_t count, Swaps *out);

/* `room` is for as many pieces as the swap spans. */
void swap_apply(uint32_t *pieces, Swap swap, uint32_t *room);

#endif
