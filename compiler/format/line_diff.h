/* line_diff.h: what is different between two texts, as a unified diff. */
#ifndef NARADA_COMPILER_LINE_DIFF_H
#define NARADA_COMPILER_LINE_DIFF_H

#include "base/text.h"

/* With three lines of context, as `diff -u` writes it; `name` stands in both heads, so that `patch` takes it. Empty if the texts are equal. Arena. The shortest
 * possible up to 1000 lines of difference; beyond that the lines in between are replaced as a whole. */
Text line_diff(Arena *arena, Text name, Text before, Text after);

#endif
