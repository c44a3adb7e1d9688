#include <string.h>

#include "compiler/optimise.h"
#include "plan/opcode.h"

static bool is_filter(const Node *node) {
  return node->used && (node->stage == STAGEID_KEEP || node->stage == STAGEID_DROP) && node->arg_count == 1 && node->args[0].kind == NODE_ROW;
}

static bool reads_named(const Typed *typed, const Node *add) {
  if (typed->kind == TYPED_COLUMN && typed->column.field == FIELD_COUNT) {
    if (!add) return true;
    for (size_t i = 0; i < add->arg_count; i++)
      if (text_equal(add->args[i].name, typed->column.name)) return true;
  }
  for (size_t i = 0; i < typed->operand_count; i++)
    if (typed->operands[i] && reads_named(typed->operands[i], add)) return true;
  return false;
}

/* How far away the farthest column of an expression is. */
typedef enum Distance { IN_ROW, IN_STORE, IN_HISTORY, IN_NETWORK } Distance;

static Distance distance_of(const Typed *typed) {
  Distance farthest = IN_ROW;
  if (typed->kind == TYPED_COLUMN && typed->column.field != FIELD_COUNT) {
    switch (field_def(typed->column.field)->provider) {
      case PROVIDER_SOURCE: break;
      case PROVIDER_TRACK: farthest = IN_STORE; break;
      case PROVIDER_LIBRARY: farthest = IN_HISTORY; break;
      default: farthest = IN_NETWORK; break;
    }
  }
  for (size_t i = 0; i < typed->operand_count; i++) {
    Distance operand = typed->operands[i] ? distance_of(typed->operands[i]) : IN_ROW;
    if (operand > farthest) farthest = operand;
  }
  return farthest;
}

/* ---- splitting ---- */

typedef VEC(Node *) Filters;

/* `keep a and b` is `keep a | keep b`, `drop a or b` is `drop a | drop b`. Both parts are conditions that are never missing. */
static bool splits(const Node *filter) {
  const Typed *condition = filter->args[0].value;
  TypedKind joint = filter->stage == STAGEID_KEEP ? TYPED_AND : TYPED_OR;
  if (condition->kind != joint || condition->operand_count != 2) return false;
  for (int i = 0; i < 2; i++)
    if (condition->operands[i]->type != TYPE_OF(BOOL)) return false;
  return distance_of(condition->operands[0]) != distance_of(condition->operands[1]);
}

static NodeArg *condition_arg(Arena *arena, const Node *filter, Typed *condition) {
  NodeArg *arg = arena_array(arena, 1, sizeof *arg);
  *arg = filter->args[0];
  arg->value = condition;
  return arg;
}

/* The nearer part in a node of its own before `filter`, which keeps the rest; and so on with both. */
static void split_filter(Graph *graph, Node *filter, Filters *filters) {
  if (splits(filter)) {
    const Typed *condition = filter->args[0].value;
    bool second_nearer = distance_of(condition->operands[1]) < distance_of(condition->operands[0]);
    Node *nearer = arena_alloc(graph->arena, sizeof *nearer);
    *nearer = *filter;
    nearer->args = condition_arg(graph->arena, filter, condition->operands[second_nearer]);
    nearer->inputs = arena_array(graph->arena, 1, sizeof *nearer->inputs);
    nearer->inputs[0] = filter->inputs[0];
    nearer->type = filter->inputs[0]->type;
    nearer->users = 1;
    filter->args = condition_arg(graph->arena, filter, condition->operands[!second_nearer]);
    filter->inputs[0] = nearer;
    split_filter(graph, nearer, filters);
    split_filter(graph, filter, filters);
    return;
  }
  vec_push(graph->arena, filters, filter);
}

/* ---- moving ---- */

static bool filter_passes(const Node *filter, const Node *before) {
  const Typed *condition = filter->args[0].value;
  if (before->users != 1 || node_group(before) != filter->per || before->per != filter->per) return false;
  switch (before->stage) {
    case STAGEID_SORT:
    case STAGEID_REVERSE: return true;
    case STAGEID_ADD: return !reads_named(condition, before);
    case STAGEID_KEEP:
    case STAGEID_DROP: return is_filter(before) && distance_of(condition) < distance_of(before->args[0].value);
    default: return false;
  }
}

/* The filter takes the other's place and the other the filter's: who reads the filter's rows goes on reading the same node. */
static void exchange(Node *filter, Node *before) {
  Node moved = *filter;
  Node **filter_inputs = filter->inputs, **before_inputs = before->inputs;
  uint32_t filter_users = filter->users;
  *filter = *before;
  *before = moved;
  before->moved = before->moved || !is_filter(filter);
  before->inputs = before_inputs;
  before->type = before_inputs[0]->type;
  before->users = 1;
  filter->inputs = filter_inputs;
  filter->type = stage_def(filter->stage)->output == OUTPUT_ADD ? filter->type : before->type;
  filter->users = filter_users;
}

/* Each stream of a `concat` that nothing else reads filtered by itself. */
static bool passes_concat(const Node *filter, const Node *before) {
  if (before->stage != STAGEID_CONCAT || before->users != 1 || before->per != filter->per) return false;
  if (reads_named(filter->args[0].value, NULL)) return false;
  for (size_t i = 0; i < before->input_count; i++) {
    const Node *input = before->inputs[i];
    if (input->users != 1 || node_group(input) != filter->per) return false;
  }
  return true;
}

static void filter_each(Graph *graph, Node *filter, Node *concat, Filters *filters) {
  for (size_t i = 0; i < concat->input_count; i++) {
    Node *own = arena_alloc(graph->arena, sizeof *own);
    *own = *filter;
    own->inputs = arena_array(graph->arena, 1, sizeof *own->inputs);
    own->inputs[0] = concat->inputs[i];
    own->type = concat->inputs[i]->type;
    own->users = 1;
    own->moved = true;
    concat->inputs[i] = own;
    vec_push(graph->arena, filters, own);
  }
  uint32_t users = filter->users;
  *filter = *concat;
  filter->users = users;
  concat->used = false;
}

static Node *move_up(Node *filter) {
  while (is_filter(filter) && filter_passes(filter, filter->inputs[0])) {
    Node *before = filter->inputs[0];
    exchange(filter, before);
    filter = before;
  }
  return filter;
}

void move_filters(Graph *graph) {
  Filters filters = {0};
  for (size_t i = 0; i < graph->nodes.count; i++)
    if (is_filter(graph->nodes.items[i])) split_filter(graph, graph->nodes.items[i], &filters);
  for (size_t i = 0; i < filters.count; i++) {
    Node *filter = move_up(filters.items[i]);
    if (is_filter(filter) && passes_concat(filter, filter->inputs[0])) filter_each(graph, filter, filter->inputs[0], &filters);
  }
}

/* ---- into the store ---- */

static size_t where_param(StageId stage) {
  const StageDef *def = stage_def(stage);
  for (size_t i = 0; i < def->param_count; i++)
    if (strcmp(def->params[i].name, "where") == 0 && (def->params[i].flags & PARAM_HIDDEN)) return i;
  return SIZE_MAX;
}

/* Only what a source of the store knows itself: facts of tracks, and of plays what was observed. */
static bool source_knows(const Typed *typed) {
  if (distance_of(typed) > IN_STORE || reads_named(typed, NULL)) return false;
  if (typed->kind == TYPED_COLUMN && (typed->column.window || typed->column.field == FIELD_ADDED || typed->column.field == FIELD_POSITION)) return false;
  for (size_t i = 0; i < typed->operand_count; i++)
    if (typed->operands[i] && !source_knows(typed->operands[i])) return false;
  return true;
}

static Typed *joined(Arena *arena, TypedKind kind, int opcode, Typed *a, Typed *b) {
  Typed *typed = arena_alloc(arena, sizeof *typed);
  *typed = (Typed){.kind = kind, .opcode = opcode, .type = TYPE_OF(BOOL), .span = a->span, .operand_count = b ? 2 : 1};
  typed->operands = arena_array(arena, 2, sizeof *typed->operands);
  typed->operands[0] = a;
  typed->operands[1] = b;
  return typed;
}

static void give_to_source(Graph *graph, Node *filter, Node *source, size_t param) {
  Arena *arena = graph->arena;
  Typed *condition = filter->args[0].value;
  if (filter->stage == STAGEID_DROP) condition = joined(arena, TYPED_OP, OPCODE_NOT, condition, NULL);
  size_t last = source->arg_count;
  if (last && source->args[last - 1].param == param) {
    condition = joined(arena, TYPED_AND, 0, source->args[--last].value, condition);
  } else {
    NodeArg *args = arena_array(arena, last + 1, sizeof *args);
    if (last) memcpy(args, source->args, last * sizeof *args);
    source->args = args;
    source->arg_count = last + 1;
  }
  source->args[last] = (NodeArg){.param = (uint8_t)param, .kind = NODE_ROW, .value = condition, .span = filter->args[0].span};
  uint32_t users = filter->users;
  *filter = *source;
  filter->users = users;
  source->used = false;
}

void push_filters_down(Graph *graph) {
  for (size_t i = 0; i < graph->nodes.count; i++) {
    Node *filter = graph->nodes.items[i];
    if (!is_filter(filter) || filter->per || filter->inputs[0]->users != 1) continue;
    Node *source = filter->inputs[0];
    size_t param = stage_def(source->stage)->inputs == INPUTS_NONE ? where_param(source->stage) : SIZE_MAX;
    if (param != SIZE_MAX && filter->args[0].value->type == TYPE_OF(BOOL) && source_knows(filter->args[0].value)) give_to_source(graph, filter, source, param);
  }
}
