/* playlist_keys.h: keys that order the entries of a playlist bytewise, with always room for one between two.
 *
 * A key is a number between 0 and 1 in base 36 (digits 0-9 a-z) without its "0.": "a0000000" < "a0000000i" <
 * "a0000001". Bounds, held by tests: no key is longer than PLAYLIST_KEY_MAX; a million random moves in a list of 300 change one key
 * each and leave keys of 16 on average at most; moves to whichever place suits least change fewer than two keys each on average. */
#ifndef NARADA_STORE_PLAYLIST_KEYS_H
#define NARADA_STORE_PLAYLIST_KEYS_H

#include "base/text.h"

enum {
  PLAYLIST_KEY_MAX = 64,  /* a key that would be longer is a sign of many moves to one place: its neighbours move apart */
  PLAYLIST_KEY_ROOMY = 16 /* at most so long are the keys of those that moved apart */
};

/* `count` keys, evenly spaced so that later entries find room: "a0000000", "a0000100", ... */
void playlist_keys_fresh(Arena *arena, Text *out, size_t count);
/* `count` keys above `low` and below `high`, ascending; an empty bound is open. False when there is no room for keys of at most
 * `longest` digits. */
bool playlist_keys_between(Arena *arena, Text low, Text high, size_t longest, Text *out, size_t count);
/* The keys of a whole list. Places that are `settled` have theirs, in ascending order; the others get one, a new entry or one that
 * moved. Where there is no room, neighbours give up their keys: `settled` is then false for them too, and for no more than need be. */
void playlist_keys_assign(Arena *arena, Text *keys, bool *settled, size_t count);

#endif
