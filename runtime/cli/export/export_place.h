/* export_place.h: the folder that an export is made in, and what one that was killed left there. */
#ifndef NARADA_CLI_EXPORT_PLACE_H
#define NARADA_CLI_EXPORT_PLACE_H

#include "base/arena.h"
#include "base/text.h"

/* Lies in the folder while an export is made there, and names its files: a first line for people, then a name a line, each before its file is. */
#define EXPORT_NOTE "unfinished-export.txt"

typedef struct ExportPlace ExportPlace;

/* A folder that is new or empty (but for hidden files), or that holds nothing but what an export left that was killed, which is removed. Anything else is refused, and
 * so is a folder that another export is at work in. Unless export_place_finish is reached, all that was made is removed with the arena. */
Status export_place_open(Arena *arena, const char *folder, ExportPlace **out, Error *error);
/* A file of this name, a path in the folder, is about to be made. */
Status export_place_note(ExportPlace *place, Text name, Error *error);
/* The export is whole. */
Status export_place_finish(ExportPlace *place, Error *error);

#endif
