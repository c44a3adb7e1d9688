/* names.h: invented artists, albums and titles in many scripts. No real artist is meant: every name holds a made-up
 * word. */
#ifndef NARADA_TESTS_HISTORY_NAMES_H
#define NARADA_TESTS_HISTORY_NAMES_H

#include <stddef.h>

#include "base/random.h"

enum { NAME_SIZE = 160 };

/* NUL-terminated UTF-8, shorter than NAME_SIZE; `plain` keeps to Latin letters. */
void name_artist(Random *random, int plain, char *out);
void name_album(Random *random, int plain, char *out);
void name_track(Random *random, int plain, char *out);
void name_show(Random *random, char *out);

#endif
