#include "plan/plan_int.h"

static bool is_stage(const Plan *plan, uint32_t node, StageId id) {
  return plan->imports[plan->nodes[node].stage].id == (uint32_t)id;
}

/* The group whose rows flow out of the node. */
static uint32_t group_behind(const PlanGroups *groups, const Plan *plan, uint32_t node) {
  return is_stage(plan, node, STAGEID_PER) ? node : groups->of[node];
}

static bool is_within(const PlanGroups *groups, uint32_t group, uint32_t outer) {
  while (group != outer && group != PLAN_NONE) group = groups->of[group];
  return group == outer;
}

static Status nests(const PlanGroups *groups, uint32_t node, Error *error) {
  unsigned depth = 0;
  for (uint32_t at = groups->of[node]; at != PLAN_NONE; at = groups->of[at]) depth++;
  if (depth <= PLAN_MAX_GROUPS) return STATUS_OK;
  return refuse(error, FAULT_PLAN_LIMIT, "`per` is nested more than %d deep", PLAN_MAX_GROUPS);
}

/* The innermost group among the inputs; the others' must be around it. */
static Status place_node(PlanGroups *groups, const Plan *plan, uint32_t node, Error *error) {
  const PlanNode *reader = &plan->nodes[node];
  uint32_t innermost = PLAN_NONE;
  for (uint32_t i = 0; i < reader->input_count; i++) {
    uint32_t group = group_behind(groups, plan, reader->inputs[i]);
    bool inner = is_within(groups, group, innermost);
    if (!inner && !is_within(groups, innermost, group))
      return refuse(error, FAULT_PLAN_GROUPS, "`%s` reads the groups of two different `per`", plan_stage(plan, node)->name);
    if (inner) innermost = group;
  }
  groups->of[node] = innermost;
  if (innermost != PLAN_NONE && groups->end[innermost] != PLAN_NONE)
    return refuse(error, FAULT_PLAN_GROUPS, "`%s` reads the groups of node %u behind their end", plan_stage(plan, node)->name, innermost);
  if (!is_stage(plan, node, STAGEID_PER_END)) return nests(groups, node, error);
  if (innermost == PLAN_NONE) return refuse(error, FAULT_PLAN_GROUPS, "the groups that end here never began");
  groups->end[innermost] = node;
  groups->of[node] = groups->of[innermost];
  return STATUS_OK;
}

/* Between the two ends stand only nodes that see the groups, and no destination. */
static Status check_body(const PlanGroups *groups, const Plan *plan, uint32_t entry, Error *error) {
  if (groups->end[entry] == PLAN_NONE) return refuse(error, FAULT_PLAN_GROUPS, "the groups of this `per` never end");
  for (uint32_t node = entry + 1; node < groups->end[entry]; node++) {
    if (!is_within(groups, groups->of[node], entry))
      return refuse(error, FAULT_PLAN_GROUPS, "node %u stands among the groups and does not read them", node);
    if (plan_stage(plan, node)->group == GROUP_DESTINATION)
      return refuse(error, FAULT_PLAN_GROUPS, "destination node %u stands among the groups", node);
  }
  return STATUS_OK;
}

Status plan_infer_groups(const Plan *plan, Arena *arena, PlanGroups *out, uint32_t *fault, Error *error) {
  *out = (PlanGroups){arena_array(arena, plan->node_count, sizeof *out->of), arena_array(arena, plan->node_count, sizeof *out->end)};
  for (uint32_t node = 0; node < plan->node_count; node++) out->end[node] = PLAN_NONE;
  Status status = STATUS_OK;
  for (*fault = 0; *fault < plan->node_count; ++*fault) {
    status = place_node(out, plan, *fault, error);
    if (status != STATUS_OK) return status;
  }
  for (*fault = 0; *fault < plan->node_count; ++*fault) {
    if (!is_stage(plan, *fault, STAGEID_PER)) continue;
    status = check_body(out, plan, *fault, error);
    if (status != STATUS_OK) return status;
  }
  return STATUS_OK;
}
