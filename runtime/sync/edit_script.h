/* edit_script.h: from a list as it is to the list as wanted, in few calls.
 *
 * A service keeps an ordered list and takes three kinds of call: remove every entry of some keys, insert entries at a place, move a block. An entry that is
 * wanted and there is never removed, so that it keeps when it was added. The one exception is a key of which fewer entries are wanted than are there: a
 * service that removes by key takes them all, and what stays is inserted again.
 *
 * Ordering a list with block moves is sorting by transpositions: Bafna and Pevzner, "Sorting by transpositions" (SIAM J. Discrete Math. 11, 1998), from which
 * the bound of the exact search is; finding the least number is NP-hard (Bulteau, Fertin, Rusu 2012). Lists that differ in few places are solved exactly;
 * others by the better of two ways that are near. */
#ifndef NARADA_SYNC_EDIT_SCRIPT_H
#define NARADA_SYNC_EDIT_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

/* Entries of equal keys are the same thing: a track's URI, interned. */
typedef uint32_t EntryKey;

typedef struct EntryList {
  const EntryKey *keys;
  size_t count;
} EntryList;

typedef struct EditLimits {
  size_t insert_most; /* entries one call can insert; at least 1 */
  size_t remove_most; /* keys one call can remove; at least 1 */
} EditLimits;

typedef enum EditKind { EDIT_REMOVE, EDIT_INSERT, EDIT_MOVE } EditKind;

/* One call. Indices count from 0 in the list as it is before the call. */
typedef struct Edit {
  EditKind kind;
  const EntryKey *keys; /* REMOVE: all entries of these go, each key once. INSERT: the new entries, in order */
  size_t count;         /* of keys; MOVE: length of the block */
  size_t at;            /* INSERT: the first new entry's index. MOVE: the first entry of the block */
  size_t before;        /* MOVE: the block goes before the entry at this index, or to the end; outside of it */
} Edit;

typedef struct EditScript {
  VEC(Edit) edits;  /* to be applied in order */
  size_t removed;   /* entries that are there and not wanted */
  size_t inserted;  /* entries that are wanted and not there */
  size_t reinserted; /* entries that stay but lose when they were added, see above */
  size_t moves;     /* calls that move */
} EditScript;

/* The same lists give the same script. The lists are borrowed until the script was used; memory from the arena. */
void edit_script_plan(Arena *arena, EntryList is, EntryList wanted, EditLimits limits, EditScript *out);
/* What a service makes of the edits. False for an edit that does not fit the list. */
bool edit_script_apply(Arena *arena, EntryList is, const EditScript *script, EntryList *out);

#endif
