/* list_name.h: what a playlist file calls its playlist. */
#ifndef NARADA_CONNECTORS_IMPORT_LIST_NAME_H
#define NARADA_CONNECTORS_IMPORT_LIST_NAME_H

#include "base/text.h"

/* The title of a list as a name: of one line and without control characters or blanks around it; arena. */
Text list_name(Arena *arena, Text title);
/* #PLAYLIST: of an M3U that begins like this; empty when there is none. */
Text list_name_m3u(Arena *arena, Text front);

#endif
