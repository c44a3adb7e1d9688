/* check_paths.h: which files `naradac check` looks at. */
#ifndef NARADA_COMPILER_CHECK_PATHS_H
#define NARADA_COMPILER_CHECK_PATHS_H

#include "base/arena.h"
#include "base/vec.h"

typedef struct CheckPath {
  const char *path;
  const char *fault; /* why it cannot be read; NULL = nothing known against it */
  bool found;        /* by looking into a folder: what turns out to be no program is passed over */
} CheckPath;
typedef VEC(CheckPath) CheckPaths;

/* Appends the operand itself or, of a folder, every .nrd, .nsp and .json file below it, folder by folder in the order of bytes. What begins with a dot and
 * `node_modules` is left out, links to folders are not followed, and a .json too long to be a workflow is none. NULL is the current folder. Arena. */
void check_paths_find(Arena *arena, const char *operand, CheckPaths *out);

#endif
