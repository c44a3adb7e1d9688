/* import_front.h: looks at a file's beginning without taking it, and turns old encodings into UTF-8. */
#ifndef NARADA_CONNECTORS_IMPORT_IMPORT_FRONT_H
#define NARADA_CONNECTORS_IMPORT_IMPORT_FRONT_H

#include "base/input.h"

/* Reads up to `most` bytes into *front (arena); *out gives them again and then the rest. */
Status input_with_front(Arena *arena, Input *input, size_t most, Text *front, Input **out, Error *error);

/* What is in `front` (borrowed), and then what `behind` gives. */
Input *input_before(Arena *arena, Text front, Input *behind);

/* UTF-16 begins with a byte order mark, or with two characters of ASCII: of each the other byte is NUL. */
bool text_is_utf16(Text front, bool *little_endian);

/* UTF-16, as Excel, PowerShell and Last.fm tools on Windows write it, comes out as UTF-8. With
 * `windows`, so does Windows-1252 (and with it Latin-1), which is what text is taken for whose `front` is not UTF-8; it is
 * all of the text if `whole`. What is UTF-8 comes as it is, a byte in it that is none as Windows-1252. */
Input *input_decoded(Arena *arena, Input *input, Text front, bool whole, bool windows);

#endif
