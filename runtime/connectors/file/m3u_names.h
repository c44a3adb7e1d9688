/* m3u_names.h: what a line of an M3U playlist says of a track. */
#ifndef NARADA_CONNECTORS_FILE_M3U_NAMES_H
#define NARADA_CONNECTORS_FILE_M3U_NAMES_H

#include "base/text.h"

/* The id in spotify:track:ID or https://open.spotify.com/track/ID (a part of `line`), or empty. */
Text m3u_spotify_id(Text line);

/* "Artist - Title" from a path or address: the file's name without folders and the extension of a sound file; percent
 * signs of an address are resolved. A part of `path`, or in the arena. */
Text m3u_path_name(Arena *arena, Text path);

/* Cuts "Artist - Title" at the first " - "; without one, all is the title. */
void m3u_split_name(Text name, Text *artist, Text *title);

/* #EXTINF:123 tvg-id="a,b",Artist - Title. Parts of `line`; `seconds` is the number as written. False if it is no
 * #EXTINF line. */
bool m3u_parse_info(Text line, Text *seconds, Text *name);

#endif
