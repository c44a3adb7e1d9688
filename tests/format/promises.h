/* promises.h: what the formatter and the fixes promise about every program. */
#ifndef NARADA_TESTS_FORMAT_PROMISES_H
#define NARADA_TESTS_FORMAT_PROMISES_H

#include "base/arena.h"
#include "base/text.h"

/* Formatted it has the same tree, comments and plan, and formatting it again changes nothing. NULL if so, else what is wrong (arena). A program that does not parse
 * keeps every promise; `*parses` tells. */
const char *format_breaks(Arena *arena, Text program, bool *parses);

/* What was mended needs no mending, unless the rounds were over; there are fewer mistakes of syntax, or as many and no more in all. */
const char *fix_breaks(Arena *arena, Text program);

#endif
