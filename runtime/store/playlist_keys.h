/* playlist_keys.h: keys that order the entries of a playlist bytewise, with always room for one between two.
 *
 * A key is a number between 0 and 1 in base 36 (digits 0-9 a-z) without its "0.": "a0000000" < "a0000000i" <
 * "a0000001". */
#ifndef NARADA_STORE_PLAYLIST_KEYS_H
#define NARADA_STORE_PLAYLIST_KEYS_H

#include "base/text.h"

/* A longer one is a sign of thousands of moves to one place: then the playlist gets new keys. */
enum { PLAYLIST_KEY_MAX = 40 };

/* `count` keys, evenly spaced so that later entries find room: "a0000000", "a0000100", ... */
void playlist_keys_fresh(Arena *arena, Text *out, size_t count);
/* `count` keys above `low` and below `high`, ascending; an empty bound is open. False when there is no room under
 * PLAYLIST_KEY_MAX. */
bool playlist_keys_between(Arena *arena, Text low, Text high, Text *out, size_t count);

#endif
