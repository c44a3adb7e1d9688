#include "plan/plan_int.h"

#include <stdlib.h>
#include <string.h>

Provider node_provider(const Plan *plan, const PlanNode *node) {
  const StageDef *stage = stage_def((StageId)plan->imports[node->stage].id);
  for (unsigned i = 0; i < stage->param_count; i++) {
    const PlanArg *arg = stage->params[i].kind == PARAM_PROVIDER ? node_arg(node, i) : NULL;
    for (int provider = 0; arg && arg->kind == ARG_WORD && provider < PROVIDER_COUNT; provider++) {
      if (text_is(plan_string(plan, arg->index), provider_name((Provider)provider))) return (Provider)provider;
    }
  }
  return PROVIDER_COUNT;
}

/* The connector a node reads or writes, or CONNECTOR_COUNT. */
static ConnectorId node_connector(const Plan *plan, const PlanNode *node) {
  const StageDef *stage = stage_def((StageId)plan->imports[node->stage].id);
  if (stage->effect == EFFECT_NONE) return CONNECTOR_COUNT;
  if (stage->output != OUTPUT_ENRICH) return stage->connector;
  Provider provider = node_provider(plan, node);
  return provider == PROVIDER_COUNT ? CONNECTOR_COUNT : provider_connector(provider);
}

/* The string that names what the node reads or writes; PLAN_NONE = computed, or all of it. */
static PlanString node_resource(const Plan *plan, const PlanNode *node) {
  const StageDef *stage = stage_def((StageId)plan->imports[node->stage].id);
  for (unsigned i = 0; i < stage->param_count; i++) {
    if (!(stage->params[i].flags & PARAM_RESOURCE)) continue;
    const PlanArg *arg = node_arg(node, i);
    bool constant = arg && arg->kind == ARG_CONSTANT && type_is_text(plan->constants[arg->index].type);
    if (constant) return plan->constants[arg->index].as.text;
  }
  return PLAN_NONE;
}

NodeEffect plan_node_effect(const Plan *plan, uint32_t node) {
  ConnectorId connector = node_connector(plan, &plan->nodes[node]);
  if (connector == CONNECTOR_COUNT) return (NodeEffect){EFFECT_NONE, CONNECTOR_COUNT, TEXT_LITERAL("*")};
  PlanString resource = node_resource(plan, &plan->nodes[node]);
  return (NodeEffect){plan_stage(plan, node)->effect, connector, resource == PLAN_NONE ? TEXT_LITERAL("*") : plan_string(plan, resource)};
}

typedef struct Sortable {
  PlanEffect effect;
  Text resource;
} Sortable;

static int compare_effects(const void *a, const void *b) {
  const Sortable *x = a, *y = b;
  if (x->effect.connector != y->effect.connector) return x->effect.connector < y->effect.connector ? -1 : 1;
  if (x->effect.effect != y->effect.effect) return x->effect.effect < y->effect.effect ? -1 : 1;
  return x->effect.resource == y->effect.resource ? 0 : text_compare(x->resource, y->resource);
}

static PlanString find_star(const Plan *plan) {
  for (uint32_t i = 0; i < plan->string_count; i++) {
    if (text_is(plan->strings[i], "*")) return i;
  }
  return PLAN_NONE;
}

Status plan_infer_effects(const Plan *plan, Arena *arena, PlanEffect **out, uint32_t *count, Error *error) {
  Sortable *all = arena_array(arena, plan->node_count, sizeof *all);
  PlanString star = find_star(plan);
  size_t used = 0;
  for (uint32_t i = 0; i < plan->node_count; i++) {
    const PlanNode *node = &plan->nodes[i];
    ConnectorId connector = node_connector(plan, node);
    if (connector == CONNECTOR_COUNT) continue;
    PlanString resource = node_resource(plan, node);
    if (resource == PLAN_NONE) resource = star;
    if (resource == PLAN_NONE)
      return refuse(error, FAULT_PLAN_EFFECTS, "the plan has no string `*`, which the effect of node %u needs", i);
    all[used++] = (Sortable){{connector, plan_stage(plan, i)->effect, resource}, plan_string(plan, resource)};
  }
  if (used) qsort(all, used, sizeof *all, compare_effects);
  PlanEffect *effects = arena_array(arena, used, sizeof *effects);
  *count = 0;
  for (size_t i = 0; i < used; i++) {
    if (i == 0 || compare_effects(&all[i - 1], &all[i]) != 0) effects[(*count)++] = all[i].effect;
  }
  *out = effects;
  return STATUS_OK;
}

static bool uses_network(const Plan *plan, uint32_t node) {
  switch (node_connector(plan, &plan->nodes[node])) {
    case CONNECTOR_SPOTIFY: /* an export is a file */
      return plan->imports[plan->nodes[node].stage].id != STAGEID_FROM_SPOTIFY_EXPORT;
    case CONNECTOR_LASTFM:
    case CONNECTOR_MUSICBRAINZ:
    case CONNECTOR_LISTENBRAINZ:
      return true;
    default:
      return false;
  }
}

/* Random, and not told the seed. */
static bool is_unseeded(const Plan *plan, uint32_t node) {
  const StageDef *stage = plan_stage(plan, node);
  for (unsigned i = 0; i < stage->param_count; i++) {
    if (strcmp(stage->params[i].name, "seed") == 0) return node_arg(&plan->nodes[node], i) == NULL;
  }
  return false;
}

Type arg_scalar_type(const Plan *plan, const PlanArg *arg) {
  switch (arg->kind) {
    case ARG_CONSTANT:
      return plan->constants[arg->index].type;
    case ARG_PARAM:
      return plan->params[arg->index].type;
    case ARG_SCALAR:
      return plan->codes[arg->index].result;
    default:
      return TYPE_OF(MISSING);
  }
}

/* A window of so much time up to now. */
static bool has_moving_window(const Plan *plan, uint32_t node) {
  const StageDef *stage = plan_stage(plan, node);
  for (uint32_t i = 0; i < plan->nodes[node].arg_count; i++) {
    const PlanArg *arg = &plan->nodes[node].args[i];
    bool window = arg->param < stage->param_count && stage->params[arg->param].kind == PARAM_WINDOW;
    if (window && type_required(arg_scalar_type(plan, arg)) == TYPE_OF(DURATION)) return true;
  }
  return false;
}

static bool has_moving_column(const Plan *plan, const PlanSchema *schema) {
  for (uint32_t i = 0; i < schema->column_count; i++) {
    PlanWindow window = schema->columns[i].window;
    if (window.kind == WINDOW_CONSTANT && plan->constants[window.index].type == TYPE_OF(DURATION)) return true;
    if (window.kind == WINDOW_PARAM && plan->params[window.index].type == TYPE_OF(DURATION)) return true;
  }
  return false;
}

static bool reads_clock(const PlanCode *code) {
  Instruction instruction;
  for (uint32_t at = 0; at < code->length && code_next(code, &at, &instruction, NULL) == STATUS_OK;) {
    if (instruction.opcode == OPCODE_NOW || instruction.opcode == OPCODE_AGO) return true;
  }
  return false;
}

static bool uses_clock(const Plan *plan) {
  for (uint32_t i = 0; i < plan->schema_count; i++) {
    if (has_moving_column(plan, &plan->schemas[i])) return true;
  }
  for (uint32_t i = 0; i < plan->code_count; i++) {
    if (reads_clock(&plan->codes[i])) return true;
  }
  for (uint32_t i = 0; i < plan->node_count; i++) {
    if (has_moving_window(plan, i)) return true;
  }
  return false;
}

Determinism plan_infer_determinism(const Plan *plan) {
  bool network = false, unseeded = false;
  for (uint32_t i = 0; i < plan->node_count; i++) {
    network = network || uses_network(plan, i);
    unseeded = unseeded || is_unseeded(plan, i);
  }
  if (unseeded) return DETERMINISM_UNSEEDED;
  if (network) return DETERMINISM_NETWORK;
  return uses_clock(plan) ? DETERMINISM_CLOCK : DETERMINISM_PURE;
}
