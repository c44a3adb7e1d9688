/* graph_view_int.h: what the formats of `naradac graph` show. */
#ifndef NARADA_COMPILER_GRAPH_VIEW_INT_H
#define NARADA_COMPILER_GRAPH_VIEW_INT_H

#include "compiler/check/graph.h"
#include "compiler/show/graph_view.h"

typedef struct ViewNode {
  uint32_t id;
  const char *prefix, *stage; /* "from ", "library.played" */
  Text text;                  /* as written */
  uint32_t line;              /* 0 = none */
  uint32_t group;             /* the `per` node, or PLAN_NONE */
  bool inserted;
  StageEffect effect;
  ConnectorId connector;
  Text resource;
} ViewNode;

typedef struct View {
  Arena *arena;
  const Plan *plan;
  ViewNode *nodes; /* one for each of the plan */
} View;

View *view_of(const Compiled *compiled, const SourceSet *sources);

#endif
