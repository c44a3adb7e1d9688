#include "compiler/lower/optimise.h"

#include <string.h>

void count_users(Graph *graph) {
  for (size_t i = 0; i < graph->nodes.count; i++) graph->nodes.items[i]->users = 0;
  for (size_t i = 0; i < graph->nodes.count; i++) {
    Node *node = graph->nodes.items[i];
    for (size_t n = 0; node->used && n < node->input_count; n++) node->inputs[n]->users++;
  }
}

static uint8_t param_named(StageId stage, const char *name) {
  const StageDef *def = stage_def(stage);
  uint8_t i = 0;
  while (i < def->param_count && strcmp(def->params[i].name, name) != 0) i++;
  return i;
}

/* The one number of rows that `take` was told, or NULL: for a share, a condition or groups all rows must be sorted first. */
static const NodeArg *limit_of(const Node *take) {
  if (take->stage != STAGEID_TAKE || take->arg_count != 1 || take->args[0].kind != NODE_SCALAR) return NULL;
  const NodeArg *count = &take->args[0];
  bool number = strcmp(stage_def(STAGEID_TAKE)->params[count->param].name, "count") == 0 && type_required(count->value->type) == TYPE_OF(INT);
  return number ? count : NULL;
}

static bool is_limited(const Node *sort) {
  return sort->arg_count && sort->args[sort->arg_count - 1].param == param_named(STAGEID_SORT, "limit");
}

/* `take` becomes the sort, which stops at its number; the sort before it is no longer read. */
static void limit_sorts(Graph *graph) {
  for (size_t i = 0; i < graph->nodes.count; i++) {
    Node *take = graph->nodes.items[i];
    const NodeArg *count = take->used ? limit_of(take) : NULL;
    if (!count) continue;
    Node *sort = take->inputs[0];
    if (sort->stage != STAGEID_SORT || sort->users != 1 || is_limited(sort)) continue;
    NodeArg *args = arena_array(graph->arena, sort->arg_count + 1, sizeof *args);
    memcpy(args, sort->args, sort->arg_count * sizeof *args);
    args[sort->arg_count] = *count;
    args[sort->arg_count].param = param_named(STAGEID_SORT, "limit");
    Span until = take->span;
    *take = *sort;
    take->args = args;
    take->arg_count = sort->arg_count + 1;
    take->limited_by = until;
    sort->used = false;
    sort->users = 0;
  }
}

/* Inputs before their users again, everything else in the order it had. */
static void add_ordered(Graph *graph, Node *node) {
  if (node->ordered) return;
  node->ordered = true;
  for (size_t i = 0; i < node->input_count; i++) add_ordered(graph, node->inputs[i]);
  vec_push(graph->arena, &graph->nodes, node);
}

static void order_nodes(Graph *graph) {
  size_t count = graph->nodes.count;
  Node **nodes = arena_array(graph->arena, count + 1, sizeof *nodes);
  if (count) memcpy(nodes, graph->nodes.items, count * sizeof *nodes);
  graph->nodes.count = 0;
  for (size_t i = 0; i < count; i++) nodes[i]->ordered = false;
  for (size_t i = 0; i < count; i++)
    if (nodes[i]->used) add_ordered(graph, nodes[i]);
}

void optimise_graph(Graph *graph) {
  merge_equal_nodes(graph);
  count_users(graph);
  move_filters(graph);
  order_nodes(graph);
  limit_sorts(graph);
  push_filters_down(graph);
  order_nodes(graph);
}
