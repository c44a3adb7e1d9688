#include "compiler/show/graph_view_int.h"

#include "compiler/show/node_text.h"
#include "plan/infer.h"

static ViewNode view_node(const Compiled *compiled, const SourceSet *sources, const Node *node) {
  Arena *arena = compiled->graph->arena;
  ViewNode view = {.id = node->plan_index, .stage = stage_def(node->stage)->name, .prefix = stage_prefix(node->stage), .inserted = node->inserted};
  view.text = node_text(arena, sources, node);
  if (!node->inserted && node->span.end > node->span.start)
    view.line = source_place(&sources->items[node->span.source], node->span.start).line;
  NodeEffect effect = plan_node_effect(compiled->plan, node->plan_index);
  view.effect = effect.effect;
  view.connector = effect.connector;
  view.resource = effect.resource;
  return view;
}

View *view_of(const Compiled *compiled, const SourceSet *sources) {
  const Plan *plan = compiled->plan;
  Arena *arena = compiled->graph->arena;
  View *view = arena_alloc(arena, sizeof *view);
  PlanGroups groups;
  uint32_t fault;
  Error error = {0};
  view->arena = arena;
  view->plan = plan;
  view->nodes = arena_array(arena, plan->node_count, sizeof *view->nodes);
  for (size_t i = 0; i < compiled->graph->nodes.count; i++) {
    const Node *node = compiled->graph->nodes.items[i];
    view->nodes[node->plan_index] = view_node(compiled, sources, node);
  }
  if (plan_infer_groups(plan, arena, &groups, &fault, &error) != STATUS_OK) return view; /* a plan that was compiled has sound groups */
  for (uint32_t i = 0; i < plan->node_count; i++) view->nodes[i].group = groups.of[i];
  return view;
}
