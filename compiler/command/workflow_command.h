/* workflow_command.h: JSON workflows in and out of naradac. */
#ifndef NARADA_COMPILER_WORKFLOW_COMMAND_H
#define NARADA_COMPILER_WORKFLOW_COMMAND_H

#include "base/arena.h"
#include "base/error.h"

/* `naradac import`: the workflow in `path` as a program, to `out`, or to standard output where that is NULL. Messages go to standard error. */
Status workflow_import_file(Arena *arena, const char *path, const char *out, Error *error);
/* `naradac export`: the program in `path` as a workflow; STATUS_USAGE, and nothing written, if it cannot be said. With `defaults` numbers that are parameters
 * are what they are without a flag. */
Status workflow_export_file(Arena *arena, const char *path, const char *out, bool defaults, Error *error);

#endif
