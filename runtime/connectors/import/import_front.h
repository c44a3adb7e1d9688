/* import_front.h: looks at a file's beginning without taking it, and turns old encodings into UTF-8. */
#ifndef NARADA_CONNECTORS_IMPORT_IMPORT_FRONT_H
#define NARADA_CONNECTORS_IMPORT_IMPORT_FRONT_H

#include "base/input.h"

/* Reads up to `most` bytes into *front (arena); *out gives them again and then the rest. */
Status input_with_front(Arena *arena, Input *input, size_t most, Text *front, Input **out, Error *error);

/* UTF-16 that begins with a byte order mark, as Excel and Last.fm tools on Windows write it, comes out as UTF-8. With
 * `windows`, so does Windows-1252 (and with it Latin-1), which is what text is taken for whose `front` is not UTF-8; it is
 * all of the text if `whole`. What is UTF-8 comes as it is. */
Input *input_decoded(Arena *arena, Input *input, Text front, bool whole, bool windows);

#endif
