/* build_int.h: the builder's inside. Private to build.c and code_build.c. */
#ifndef NARADA_PLAN_BUILD_INT_H
#define NARADA_PLAN_BUILD_INT_H

#include "base/vec.h"
#include "plan/plan_int.h"

/* The vectors own what the plan points to; the plan is brought up to date with every item. */
struct PlanBuilder {
  Arena *arena;
  Plan plan;
  Error failure; /* the first; told by plan_build_finish */
  Infer *infer;
  CodeScratch *scratch;
  VEC(Text) strings;
  VEC(PlanConstant) constants;
  VEC(PlanImport) imports;
  VEC(PlanSchema) schemas;
  VEC(PlanParam) params;
  VEC(PlanNode) nodes;
  VEC(PlanSpan) spans;
  VEC(PlanCode) codes;
  VEC(PlanSink) sinks;
  Interner *string_keys, *constant_keys, *import_keys, *schema_keys, *param_keys, *code_keys;
};

/* Remembers the first failure. */
void builder_fault(PlanBuilder *builder, Error error);
/* `code.bytes` must be in the builder's arena. */
uint32_t builder_add_code(PlanBuilder *builder, PlanCode code);

#endif
