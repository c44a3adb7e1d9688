/* infer.h: what follows from a node's stage and arguments. The compiler builds plans with it, the verifier recomputes with it. */
#ifndef NARADA_PLAN_INFER_H
#define NARADA_PLAN_INFER_H

#include "plan/plan.h"

/* The rows a node gives, from its stage, its arguments and its inputs' schemas (arena):
 *   SAME        the first input's columns;
 *   UNION       the columns of all inputs in order of first appearance, by name, field and window; a column that an input lacks becomes optional.
 *               Inputs must agree in row kind, and equal columns in type; anonymous rows must have the same columns;
 *   ADD         the input, then one column for each named expression (a new name; the type of its code);
 *   TALLY       kind ANY; the keys' columns, then one for each result;
 *   ENRICH      the input, then the columns of its ARG_COLUMNS that are not there yet; one that is there becomes as optional as the field is;
 *   a source    the kind the stage says and the columns of its ARG_COLUMNS;
 *   OUTPUT_TRACKS on plays (`tracks`): the columns that exist on tracks, without play fields.
 * A failure is STATUS_BAD_PLAN with an N8 code. */
Status plan_infer_schema(const Plan *plan, Arena *arena, uint32_t node, PlanSchema *out, Error *error);
bool plan_schema_equal(const PlanSchema *a, const PlanSchema *b);

/* The (keys..., aggregates...) row that a tally's result codes see (arena): aggregates are named "#0", "#1", ... */
Status plan_aggregate_schema(const Plan *plan, Arena *arena, uint32_t node, PlanSchema *out, Error *error);

/* Which rows are seen group by group. A `per` node and its `per.end` are the two ends of a run of nodes that the engine executes once for each group;
 * the ends themselves stand outside of it. */
typedef struct PlanGroups {
  uint32_t *of;  /* by node: the innermost `per` node around it, or PLAN_NONE */
  uint32_t *end; /* by node: of a `per` node its `per.end`, else PLAN_NONE */
} PlanGroups;
/* Fails with N8091 (or N8020 if nested too deeply) and the node in `*fault`. */
Status plan_infer_groups(const Plan *plan, Arena *arena, PlanGroups *out, uint32_t *fault, Error *error);

/* What one node reads or writes; EFFECT_NONE and CONNECTOR_COUNT if nothing. The resource is "*" where it is computed, or all. */
typedef struct NodeEffect {
  StageEffect effect;
  ConnectorId connector;
  Text resource;
} NodeEffect;
NodeEffect plan_node_effect(const Plan *plan, uint32_t node);

/* All effects of the nodes, sorted, once each (arena). A resource is the constant text of the PARAM_RESOURCE argument, else "*".
 * An enrich node reads its provider's connector. Strings are looked up among the plan's; the compiler interns them first. */
Status plan_infer_effects(const Plan *plan, Arena *arena, PlanEffect **out, uint32_t *count, Error *error);
Determinism plan_infer_determinism(const Plan *plan);

#endif
