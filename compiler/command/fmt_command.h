/* fmt_command.h: `naradac fmt`. */
#ifndef NARADA_COMPILER_FMT_COMMAND_H
#define NARADA_COMPILER_FMT_COMMAND_H

#include "base/arena.h"

typedef struct FmtOptions {
  bool check; /* writes nothing, names what would change */
  bool diff;  /* writes nothing, shows what would change */
  bool fix;   /* mends what messages know to mend, then formats */
} FmtOptions;

/* Formats files in place; `-` from standard input to standard output, which is also what no file means. A file that does not parse stays as it is. What is
 * wrong goes to standard error at once. `*result` is the exit status: 0 done, 1 a file has mistakes or (check) would change, 3 one could not be read or
 * written. */
void fmt_files(Arena *arena, const char *const *paths, size_t count, FmtOptions options, int *result);

#endif
