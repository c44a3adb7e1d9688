/* fix.h: the fixes that messages carry, applied to a program's text. */
#ifndef NARADA_COMPILER_FIX_H
#define NARADA_COMPILER_FIX_H

#include "base/vec.h"
#include "compiler/source/diag.h"

enum { FIX_MAX_ROUNDS = 10 };

typedef struct FixChange {
  DiagCode code;
  uint32_t line; /* in the text as it was when this was applied */
  Text before, after;
} FixChange;

typedef struct FixResult {
  Text text; /* equal to the original if nothing was fixed; NUL-terminated */
  VEC(FixChange) changes;
  size_t errors; /* that are left */
  int rounds;    /* that changed something */
} FixResult;

/* Applies every fix of every message about `text`, checks again, and so on until no fix is left or FIX_MAX_ROUNDS are over. Where two overlap, the first counts
 * and the other waits for the next round. A fix after which the program has more mistakes of syntax, or as many and more mistakes in all, is not kept. Arena. */
FixResult fix_text(Arena *arena, Text path, Text text);

#endif
