#include "plan/cost.h"

#include <string.h>

#include "plan/infer.h"
#include "plan/plan_int.h"

static uint64_t source_bound(StageId stage) {
  switch (stage) {
#define BOUND(id, rows) \
  case STAGEID_##id:    \
    return rows;
#include "bounds.def"
#undef BOUND
    default:
      return COST_UNKNOWN;
  }
}

static uint64_t least(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

static uint64_t sum(uint64_t a, uint64_t b) {
  return a == COST_UNKNOWN || b == COST_UNKNOWN || a + b < a ? COST_UNKNOWN : a + b;
}

static const PlanArg *arg_named(const Plan *plan, uint32_t node, const char *name) {
  const StageDef *stage = plan_stage(plan, node);
  for (unsigned i = 0; i < stage->param_count; i++)
    if (strcmp(stage->params[i].name, name) == 0) return node_arg(&plan->nodes[node], i);
  return NULL;
}

/* A constant whole number given for the parameter, or COST_UNKNOWN. */
static uint64_t number(const Plan *plan, uint32_t node, const char *name) {
  const PlanArg *arg = arg_named(plan, node, name);
  if (!arg || arg->kind != ARG_CONSTANT || plan->constants[arg->index].type != TYPE_OF(INT)) return COST_UNKNOWN;
  int64_t value = plan->constants[arg->index].as.integer;
  return value < 0 ? 0 : (uint64_t)value;
}

/* `in` is what comes in by the main stream. A number of rows inside a `per` counts for each group, so it bounds nothing by itself. */
static uint64_t rows_out(const Plan *plan, uint32_t node, const PlanCost *cost, uint64_t in, bool in_group) {
  const PlanNode *planned = &plan->nodes[node];
  StageId stage = (StageId)plan->imports[planned->stage].id;
  const StageDef *def = stage_def(stage);
  uint64_t count = number(plan, node, "count");
  if (def->inputs == INPUTS_NONE) return least(source_bound(stage), number(plan, node, "limit"));
  if (def->output == OUTPUT_UNION) {
    uint64_t all = 0;
    for (uint32_t i = 0; i < planned->input_count; i++) all = sum(all, cost->nodes[planned->inputs[i]].rows);
    return all;
  }
  if (in_group) return in;
  switch (stage) {
    case STAGEID_TAKE:
      return arg_named(plan, node, "per") ? in : least(in, count);
    case STAGEID_TOP:
    case STAGEID_SAMPLE:
    case STAGEID_LAST:
      return least(in, count);
    case STAGEID_SORT:
      return least(in, number(plan, node, "limit"));
    case STAGEID_SKIP:
      return in == COST_UNKNOWN || count == COST_UNKNOWN ? in : in - least(in, count);
    case STAGEID_TALLY:
      return arg_named(plan, node, "key") ? in : 1;
    default:
      return in;
  }
}

/* Which service the node calls, and how many rows one call serves. */
static void find_service(const Plan *plan, uint32_t node, NodeCost *out) {
  const StageDef *def = plan_stage(plan, node);
  out->connector = def->connector;
  if (def->output == OUTPUT_ENRICH) {
    Provider provider = node_provider(plan, &plan->nodes[node]);
    out->connector = provider == PROVIDER_COUNT ? CONNECTOR_COUNT : provider_connector(provider);
  }
  bool file = plan->imports[plan->nodes[node].stage].id == STAGEID_FROM_SPOTIFY_EXPORT;
  if (def->effect == EFFECT_NONE || file || out->connector == CONNECTOR_COUNT || connector_def(out->connector)->calls == 0) {
    out->connector = CONNECTOR_COUNT;
    return;
  }
  const ConnectorDef *connector = connector_def(out->connector);
  out->rows_per_call = def->inputs == INPUTS_NONE ? connector->page : def->effect == EFFECT_WRITE ? connector->write : connector->batch;
}

PlanCost plan_cost(const Plan *plan, Arena *arena) {
  PlanCost cost = {.nodes = arena_array(arena, plan->node_count, sizeof *cost.nodes)};
  PlanGroups groups;
  uint32_t fault;
  if (plan_infer_groups(plan, arena, &groups, &fault, NULL) != STATUS_OK) return cost;
  for (uint32_t node = 0; node < plan->node_count; node++) {
    const PlanNode *planned = &plan->nodes[node];
    NodeCost *own = &cost.nodes[node];
    uint64_t in = planned->input_count ? cost.nodes[planned->inputs[0]].rows : 0;
    own->rows = rows_out(plan, node, &cost, in, groups.of[node] != PLAN_NONE);
    find_service(plan, node, own);
    if (own->connector == CONNECTOR_COUNT) continue;
    uint64_t served = planned->input_count ? in : own->rows;
    own->calls = served == COST_UNKNOWN ? COST_UNKNOWN : served / own->rows_per_call + (served % own->rows_per_call != 0);
    if (planned->input_count == 0 && own->calls == 0) own->calls = 1;
    cost.calls[own->connector] = sum(cost.calls[own->connector], own->calls);
  }
  return cost;
}

uint64_t cost_seconds(ConnectorId connector, uint64_t calls) {
  uint64_t rate = connector_def(connector)->calls;
  return rate == 0 || calls > UINT64_MAX / 60 ? 0 : (calls * 60 + rate - 1) / rate;
}
