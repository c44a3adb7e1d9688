/* format.h: a program in its one layout. */
#ifndef NARADA_COMPILER_FORMAT_H
#define NARADA_COMPILER_FORMAT_H

#include "compiler/source/diag.h"

enum { FORMAT_COLUMNS = 100 };

/* The source laid out anew: `*out` is in the arena, NUL-terminated, and parses to the same tree with the same comments. Formatting it again changes nothing.
 * STATUS_USAGE, with the mistakes in `diags`, if it does not parse; STATUS_FAILED with N9001 if the result would not be the same program, which is a mistake of
 * ours. Time and memory are linear in the length of the source. */
Status format_source(Arena *arena, SourceSet *sources, uint32_t source, DiagList *diags, Text *out, Error *error);

#endif
