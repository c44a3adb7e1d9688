/* lint.h: what is allowed but surely not meant. One walk over the checked graph; each lint is a warning with a code of its own (N6). */
#ifndef NARADA_COMPILER_LINT_H
#define NARADA_COMPILER_LINT_H

#include "compiler/check/graph.h"

/* Adds warnings to `graph->diags`, and takes away those that a comment `# allow N6007` on their line, or alone on the line above, allows. Says nothing
 * if there are errors, and takes all warnings away: what follows from a mistake is no news. Call once, before demand_columns. */
void lint_graph(Graph *graph);

#endif
