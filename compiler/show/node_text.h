/* node_text.h: the program's own words for what stands in the graph. */
#ifndef NARADA_COMPILER_NODE_TEXT_H
#define NARADA_COMPILER_NODE_TEXT_H

#include "compiler/check/graph.h"

/* The text of a span on one line: blanks and line breaks in a row are one blank (arena). */
Text span_line(Arena *arena, const SourceSet *sources, Span span);
/* A condition, also one that the optimiser put together (arena). */
Text condition_text(Arena *arena, const SourceSet *sources, const Typed *typed);
/* The stage and its arguments as written, a source with its `from`; "enrich library" for what the compiler inserted (arena). */
Text node_text(Arena *arena, const SourceSet *sources, const Node *node);

#endif
