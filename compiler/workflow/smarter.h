/* smarter.h: programs of SmarterPlaylists, in the three shapes in which they were written, as programs of ours. See stdlib/smarter.def. */
#ifndef NARADA_COMPILER_SMARTER_H
#define NARADA_COMPILER_SMARTER_H

#include "compiler/workflow/workflow_int.h"

/* An object "components" of which some are of a known type, and no "tasks". */
bool smarter_seems(const JsonValue *root);
/* The same, or "main" beside it: whoever names the file wants it to be one. */
bool smarter_is(const JsonValue *root);
bool smarter_read(Workflow *workflow, uint32_t *program);

#endif
