/* workflow.h: random JSON workflows, made from the tables of stdlib, so that a new type of task, alias or key is used at once, or missed by the summary. */
#ifndef NARADA_TESTS_GENERATE_WORKFLOW_H
#define NARADA_TESTS_GENERATE_WORKFLOW_H

#include <stdint.h>

#include "base/text.h"
#include "compiler/workflow/workflow_values.h"

enum { WORKFLOW_MAX_KEYS = 256, WORKFLOW_MAX_ALIASES = 64, WORKFLOW_MAX_METRICS = 64 };

/* How values were written that may be written in more ways. */
typedef enum Coercion { BOOL_PLAIN, BOOL_TEXT, NUMBER_PLAIN, NUMBER_TEXT, NUMBER_FLOAT, LIST_PLAIN, LIST_COMMAS, VALUE_NULL, CONNECTOR_EMPTY, CONFIG_ABSENT, CONFIG_NULL, COERCION_COUNT } Coercion;

/* How often each row of the tables was used. */
typedef struct WorkflowUse {
  uint64_t types[NODE_TYPE_COUNT], aliases[WORKFLOW_MAX_ALIASES], keys[WORKFLOW_MAX_KEYS], metrics[WORKFLOW_MAX_METRICS], coercions[COERCION_COUNT], templates;
} WorkflowUse;

/* A workflow without a mistake. `use` may be NULL. */
Text generate_workflow(Arena *arena, uint64_t seed, WorkflowUse *use);
/* The same with `count` random changes of its text. */
Text mutate_workflow(Arena *arena, Text workflow, uint64_t seed, unsigned count);
/* Prints what was never used; the number of such rows. */
unsigned workflow_use_gaps(const WorkflowUse *use);

#endif
