/* workflow.h: JSON workflows as Narada programs. A workflow is read, checked as a graph of tasks, and written as the source of a program; whoever compiles
 * that source sees messages at the places of the JSON. */
#ifndef NARADA_COMPILER_WORKFLOW_H
#define NARADA_COMPILER_WORKFLOW_H

#include "compiler/workflow/json_tree.h"

/* Whether the source is to be read as JSON: its name ends in .json or .nsp, or the first character that is no blank is `{`, which begins no program. */
bool workflow_is(const SourceSet *sources, uint32_t source);
/* Whether a JSON file that nobody called a workflow is one, perhaps with mistakes. The arena is for scratch. */
bool workflow_seems(Arena *arena, Text text);

/* The program that a workflow says, as a new source whose places are those of the JSON. Its text is laid out as `naradac fmt` would. Everything wrong is in
 * `diags`; false if the workflow cannot be said. */
bool workflow_read(Arena *arena, SourceSet *sources, uint32_t source, DiagList *diags, uint32_t *program);

#endif
