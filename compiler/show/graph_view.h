/* graph_view.h: a program as a picture: `naradac graph`. */
#ifndef NARADA_COMPILER_GRAPH_VIEW_H
#define NARADA_COMPILER_GRAPH_VIEW_H

#include "compiler/compile.h"

typedef enum GraphFormat { GRAPH_DOT, GRAPH_MERMAID, GRAPH_JSON, GRAPH_FORMAT_COUNT } GraphFormat;
/* "dot", "mermaid", "json". */
const char *graph_format_name(GraphFormat format);

/* The steps of the program and the streams between them. Steps the compiler inserted are dashed, sources and what else reads, and destinations, say so.
 *
 * JSON, the same for the same program; a later version may add members:
 *   {"program": "x.nrd", "plan": "64 digits",
 *    "nodes": [{"id": 0, "stage": "from library.played", "text": "from library.played within: 90d", "line": 3, "inserted": false, "group": null,
 *               "effect": {"kind": "read", "connector": "library", "resource": "*"}, "rows": "tracks", "columns": ["title", "plays(90d)"]}],
 *    "edges": [{"from": 0, "to": 1, "rows": "tracks"}]}
 * `text` is what the program says (a node that was inserted names its columns in `columns`), `line` 0 where there is none; `group` is the id of the `per`
 * node whose groups the node sees; `effect` is null where there is none, its `resource` the constant name of what is read or written, "*" for all or a
 * computed one. Nodes stand in the order of the plan. */
void graph_write(const Compiled *compiled, const SourceSet *sources, GraphFormat format, FILE *out);

#endif
