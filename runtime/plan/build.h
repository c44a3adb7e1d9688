/* build.h: putting a plan together. Used by the compiler; everything is interned, so equal programs give equal plans. */
#ifndef NARADA_PLAN_BUILD_H
#define NARADA_PLAN_BUILD_H

#include "plan/infer.h"

typedef struct PlanBuilder PlanBuilder;

/* The plan begins with this version's language level and catalogue; source, source_name and doc are the caller's to set on plan_build_plan(). */
PlanBuilder *plan_builder_new(Arena *arena);
/* Each returns the index; equal content is stored once (strings, constants, imports, schemas, codes). */
PlanString plan_build_string(PlanBuilder *builder, Text text);
uint32_t plan_build_constant(PlanBuilder *builder, PlanConstant constant); /* list items and range ends are built first */
uint32_t plan_build_stage(PlanBuilder *builder, StageId stage);
uint32_t plan_build_field(PlanBuilder *builder, FieldId field);
uint32_t plan_build_function(PlanBuilder *builder, FunctionId function);
uint32_t plan_build_schema(PlanBuilder *builder, PlanSchema schema);
uint32_t plan_build_param(PlanBuilder *builder, PlanParam param);
/* The schema that the results of a `tally` node see, from the inputs and the ARG_ROW and ARG_AGGREGATE arguments that `node` has so far. */
uint32_t plan_build_aggregate_row(PlanBuilder *builder, const PlanNode *node);
/* Copies inputs and args; infers and sets the schema. A failure is told by plan_build_finish; the schema then has no columns. */
uint32_t plan_build_node(PlanBuilder *builder, PlanNode node, PlanSpan span);
void plan_build_sink(PlanBuilder *builder, uint32_t node, uint32_t after);

/* An expression being written. */
typedef struct CodeBuilder CodeBuilder;
CodeBuilder *code_builder_new(PlanBuilder *builder, uint32_t schema);
void code_emit(CodeBuilder *code, int opcode);                     /* no immediate */
void code_emit_index(CodeBuilder *code, int opcode, uint32_t index); /* constant, parameter, column, count, function, type */
/* A forward jump: returns a mark to be bound later. */
uint32_t code_emit_jump(CodeBuilder *code, int opcode);
void code_bind(CodeBuilder *code, uint32_t mark); /* the jump lands here */
/* Appends `ret`, checks the code as the verifier will, and stores it with its stack height. Of `result` only the type counts: whether it is optional
 * follows from the code (a column that may be missing, an overflow, a division by zero); the stored code tells. */
uint32_t code_finish(CodeBuilder *code, Type result);

/* Infers effects and determinism, and gives the plan; plan_encode makes its bytes. Fails with the first thing that any plan_build_ or code_ function
 * could not do. */
Status plan_build_finish(PlanBuilder *builder, Plan **out, Error *error);
Plan *plan_build_plan(PlanBuilder *builder); /* the plan so far, to look at */

#endif
