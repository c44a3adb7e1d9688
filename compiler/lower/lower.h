/* lower.h: writes a checked program, with its columns demanded, as a plan. */
#ifndef NARADA_COMPILER_LOWER_H
#define NARADA_COMPILER_LOWER_H

#include "compiler/check/graph.h"
#include "plan/build.h"

/* `plan` is not encoded yet. Fails only for what exceeds a limit of the plan. */
Status lower_graph(Graph *graph, const SourceSet *sources, Plan **plan, Error *error);

/* ---- lower_expr.c ---- */
typedef struct Lowering {
  Graph *graph;
  PlanBuilder *builder;
  const SourceSet *sources;
} Lowering;

uint32_t lower_literal(Lowering *lowering, const Literal *literal);
/* The flag that a TYPED_PARAM reads. */
uint32_t lower_param(const Lowering *lowering, const Typed *use);
PlanWindow lower_window(Lowering *lowering, const Typed *window);
/* The expression as code on rows of `schema` (PLAN_NONE = no row). With `tally`, as a result of that node, whose row is (keys, aggregates). */
uint32_t lower_code(Lowering *lowering, const Typed *typed, uint32_t schema, const Node *tally);

#endif
