/* export.h: a program as a JSON workflow, where it can be said in one. What is written is read back by workflow.h as a program that gives the same rows; of a
 * program that was a workflow, as the same program. */
#ifndef NARADA_COMPILER_EXPORT_H
#define NARADA_COMPILER_EXPORT_H

#include "compiler/check/graph.h"

/* The workflow as JSON text, with a newline at its end, for a program that was checked without a mistake and not optimised. `name` is the file's, without
 * folder and ending: the workflow's id. With `defaults` a parameter that no task can hold is what it is without a flag. Everything that cannot be said is in
 * `diags`, each once; false if there is any. Changes the graph. */
bool workflow_export(Arena *arena, Graph *graph, Text name, bool defaults, DiagList *diags, Text *json);

#endif
