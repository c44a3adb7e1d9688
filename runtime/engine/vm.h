/* vm.h: evaluates the expression code of a verified plan. */
#ifndef NARADA_ENGINE_VM_H
#define NARADA_ENGINE_VM_H

#include "engine/run.h"

typedef struct VmProgram VmProgram;

/* An expression bound to a batch: its columns are looked up, its constant parts computed once. A column that the batch
 * lacks is missing. */
typedef struct Expression {
  Run *run;
  const PlanCode *code;
  const Batch *batch; /* NULL for code without a row */
  const VmProgram *program;
} Expression;

Expression vm_bind(Run *run, uint32_t code, const Batch *batch);

typedef struct VmResult {
  Value value;
  bool missing;
  bool met_missing; /* a comparison or a condition met a missing value on the way */
} VmResult;

/* `row` is an index into the batch's columns, not a position of the selection. Cannot fail: the verifier proved it. New
 * texts and lists are interned in the run (their arena may be exhausted, which ends the run through arena_protect). */
VmResult vm_evaluate(const Expression *expression, size_t row);

/* Whether the expression is nothing but a column of its batch, which `out` then is: for loops that can do without
 * evaluating. */
bool vm_is_column(const Expression *expression, Column *out);

/* The rows of the expression's batch, in stream order, for which the condition is `wanted`: `out` has room for
 * batch->selected row indices. Returns how many there are. `*dropped_missing` grows by the other rows whose evaluation
 * met a missing value. A missing condition is false. */
size_t vm_filter(const Expression *condition, bool wanted, uint32_t *out, uint64_t *dropped_missing);

/* Three-way comparison of two values of one comparable type, missing excluded. Text by code point. */
int vm_compare(const Run *run, Type type, Value a, Value b);
/* The canonical text of a value, as `{x}` in a text gives it: 3, 0.5, 20%, true, 2024-03-05T20:00:00Z, 90d, "a, b" for
 * lists. */
Text vm_text(Run *run, Type type, Value value);

#endif
