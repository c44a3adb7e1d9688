/* engine_rig.h: a small plan, its run and hand-made batches, for the tests of the engine and its stages. */
#ifndef NARADA_TESTS_ENGINE_RIG_H
#define NARADA_TESTS_ENGINE_RIG_H

#include "engine/stage.h"
#include "plan/build.h"
#include "plan/opcode.h"

typedef struct Rig {
  Arena *arena;
  PlanBuilder *builder;
  uint32_t schema; /* of the rows of `source` */
  uint32_t source; /* a node that gives rows of that schema */
  Run *run;        /* after rig_start */
} Rig;

/* Rows of `kind` with columns spelled "name:letter name:letter", letters as in functions.def; all may be missing. */
Rig rig_new(RowKind kind, const char *columns);
void rig_free(Rig *rig);
/* Finishes the plan and makes the run at 2024-06-15T12:00:00Z in UTC with seed 1. No node may be added afterwards. */
void rig_start(Rig *rig);

uint32_t rig_int(Rig *rig, int64_t value); /* constants */
uint32_t rig_percent(Rig *rig, double value);
uint32_t rig_constant(Rig *rig, Type type, int64_t integer, double number, const char *text);
/* Code that is one column of the source. */
uint32_t rig_column(Rig *rig, uint32_t column);
PlanArg rig_arg(Rig *rig, StageId stage, const char *param, PlanArgKind kind, uint32_t index);
/* A node of that stage on `input_count` times the source. */
uint32_t rig_node(Rig *rig, StageId stage, uint32_t input_count, const PlanArg *args, uint32_t arg_count);

Batch *rig_batch(Rig *rig, size_t rows);
void rig_set_int(Batch *batch, size_t column, size_t row, int64_t value);
void rig_set_number(Batch *batch, size_t column, size_t row, double value);
void rig_set_text(Rig *rig, Batch *batch, size_t column, size_t row, const char *value);
void rig_set_missing(Rig *rig, Batch *batch, size_t column, size_t row);

/* Runs the node's stage on these inputs, after call_check. */
Status rig_try(Rig *rig, uint32_t node, StageRun *stage, const Batch *const *inputs, uint32_t count, const Batch **out,
               Error *error);
/* The same, on one or two inputs; it must succeed. */
const Batch *rig_run(Rig *rig, uint32_t node, StageRun *stage, const Batch *input);
const Batch *rig_run2(Rig *rig, uint32_t node, StageRun *stage, const Batch *a, const Batch *b);

/* The values of a column in stream order as text, blank-separated, "-" where missing; in the rig's arena. */
const char *rig_show(Rig *rig, const Batch *batch, size_t column);

#endif
