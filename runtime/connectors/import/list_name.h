/* list_name.h: what a playlist file calls its playlist, as far as its beginning tells. */
#ifndef NARADA_CONNECTORS_IMPORT_LIST_NAME_H
#define NARADA_CONNECTORS_IMPORT_LIST_NAME_H

#include "base/text.h"

/* #PLAYLIST: of an M3U, the title of an XSPF; empty when there is none. Of one line and without control characters; arena. */
Text list_name_m3u(Arena *arena, Text front);
Text list_name_xspf(Arena *arena, Text front);

#endif
