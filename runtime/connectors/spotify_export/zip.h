/* zip.h: reads the members of a zip in order. libarchive does the work and is loaded when the first zip is opened.
 *
 * Refused: more than ZIP_MAX_ENTRIES entries, a name that leads outside (absolute or with ".."), links, contents that
 * unpack to more than ZIP_MAX_RATIO times the zip's size or ZIP_MAX_BYTES in all. */
#ifndef NARADA_CONNECTORS_SPOTIFY_ZIP_H
#define NARADA_CONNECTORS_SPOTIFY_ZIP_H

#include "base/input.h"

enum { ZIP_MAX_ENTRIES = 1000, ZIP_MAX_RATIO = 200 };
#define ZIP_MAX_BYTES (UINT64_C(4) << 30)
/* So small a zip may unpack to this in spite of the ratio. */
#define ZIP_FREE_BYTES (UINT64_C(1) << 20)

typedef struct Zip Zip;

/* Whether the file begins as a zip does; false for what cannot be read. */
bool zip_is(const char *path);
/* Closed with the arena, or by zip_close. `path` is borrowed. */
Status zip_open(Arena *arena, const char *path, Zip **out, Error *error);
void zip_close(Zip *zip);
/* The next regular file; `*found` is false at the end. `name` is borrowed until the next call. */
Status zip_next(Zip *zip, Text *name, bool *found, Error *error);
/* The contents of the entry zip_next gave. `name` is for messages; borrowed. */
Input *zip_input(Zip *zip, const char *name);

#endif
