/* plan_command.h: the commands of naradac that look at plans and make them from text. */
#ifndef NARADA_COMPILER_PLAN_COMMAND_H
#define NARADA_COMPILER_PLAN_COMMAND_H

#include "plan/plan.h"

/* Loads the plan in the file. */
Status plan_read(Arena *arena, const char *path, Plan **out, Error *error);
/* `naradac asm`: the plan whose text is in `path`, verified and then written to `out`. */
Status asm_file(Arena *arena, const char *path, const char *out, Error *error);

#endif
