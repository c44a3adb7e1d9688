#include <string.h>

#include "compiler/lower/optimise.h"
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

static unsigned providers_of(const Typed *typed) {
  unsigned providers = 0;
  if (typed->kind == TYPED_COLUMN && typed->column.field != FIELD_COUNT) providers |= 1u << field_def(typed->column.field)->provider;
  for (size_t i = 0; i < typed->operand_count; i++)
    if (typed->operands[i]) providers |= providers_of(typed->operands[i]);
  return providers;
}

/* What it costs to know an expression's columns of one row: nothing of what the row has, little in the store, and of a service the milliseconds that its
 * rate and its batches come to. */
enum { OF_ROW = 0, OF_TRACK = 1, OF_HISTORY = 2, OF_SERVICE = 3 };

static uint32_t price_of(const Typed *typed) {
  unsigned providers = providers_of(typed);
  uint32_t price = providers & 1u << PROVIDER_LIBRARY ? OF_HISTORY : providers & 1u << PROVIDER_TRACK ? OF_TRACK : OF_ROW;
  for (int provider = PROVIDER_LIBRARY + 1; provider < PROVIDER_COUNT; provider++) {
    if (!(providers & 1u << provider)) continue;
    const ConnectorDef *service = connector_def(provider_connector((Provider)provider));
    price += OF_SERVICE + 60000u / ((uint32_t)service->calls * service->batch);
  }
  return price;
}

/* ---- splitting ---- */

typedef VEC(Node *) Filters;
typedef VEC(Typed *) Parts;

/* `keep a and b` is `keep a | keep b`, `drop a or b` is `drop a | drop b`. */
static void collect_parts(Arena *arena, Typed *condition, TypedKind joint, Parts *parts) {
  bool written = condition->kind == joint && condition->operand_count == 2 && condition->operands[0]->span.end != condition->span.end; /* not `in` */
  if (written) {
    collect_parts(arena, condition->operands[0], joint, parts);
    collect_parts(arena, condition->operands[1], joint, parts);
    return;
  }
  vec_push(arena, parts, condition);
}

static Typed *joined(Arena *arena, TypedKind kind, int opcode, Typed *a, Typed *b) {
  Typed *typed = arena_alloc(arena, sizeof *typed);
  *typed = (Typed){.kind = kind, .opcode = opcode, .type = TYPE_OF(BOOL), .span = a->span, .operand_count = b ? 2 : 1, .joined = true};
  typed->operands = arena_array(arena, 2, sizeof *typed->operands);
  typed->operands[0] = a;
  typed->operands[1] = b;
  return typed;
}

/* The parts of one price as one condition, in the order written; NULL when there are none. `*next` is the next higher price there is. */
static Typed *parts_priced(Arena *arena, const Parts *parts, TypedKind joint, uint32_t price, uint32_t *next) {
  Typed *condition = NULL;
  *next = UINT32_MAX;
  for (size_t i = 0; i < parts->count; i++) {
    uint32_t own = price_of(parts->items[i]);
    if (own > price && own < *next) *next = own;
    if (own == price) condition = condition ? joined(arena, joint, 0, condition, parts->items[i]) : parts->items[i];
  }
  return condition;
}

static void set_condition(Arena *arena, Node *filter, Typed *condition) {
  NodeArg *arg = arena_array(arena, 1, sizeof *arg);
  *arg = filter->args[0];
  arg->value = condition;
  filter->args = arg;
}

/* A filter of its own for each price, the cheapest first; `filter` itself becomes the last. */
static void split_filter(Graph *graph, Node *filter, Filters *filters) {
  Arena *arena = graph->arena;
  TypedKind joint = filter->stage == STAGEID_KEEP ? TYPED_AND : TYPED_OR;
  Parts parts = {0};
  collect_parts(arena, filter->args[0].value, joint, &parts);
  bool conditions = true;
  for (size_t i = 0; i < parts.count; i++) conditions = conditions && parts.items[i]->type == TYPE_OF(BOOL);
  uint32_t price = 0, next;
  for (; conditions; price = next) {
    Typed *condition = parts_priced(arena, &parts, joint, price, &next);
    if (!condition) continue;
    if (next == UINT32_MAX) {
      set_condition(arena, filter, condition);
      break;
    }
    Node *own = arena_alloc(arena, sizeof *own);
    *own = *filter;
    set_condition(arena, own, condition);
    own->inputs = arena_array(arena, 1, sizeof *own->inputs);
    own->inputs[0] = filter->inputs[0];
    own->type = filter->inputs[0]->type;
    own->users = 1;
    filter->inputs[0] = own;
    vec_push(arena, filters, own);
  }
  vec_push(arena, filters, filter);
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
    case STAGEID_DROP: return is_filter(before) && price_of(condition) < price_of(before->args[0].value);
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

static bool reads_track_facts(const Typed *typed) {
  if (typed->kind == TYPED_COLUMN && typed->column.field != FIELD_COUNT && field_def(typed->column.field)->provider == PROVIDER_TRACK) return true;
  for (size_t i = 0; i < typed->operand_count; i++)
    if (typed->operands[i] && reads_track_facts(typed->operands[i])) return true;
  return false;
}

/* Whether rows come from the store (1), from elsewhere (2), or from both (3). */
static unsigned origins_of(Node *node) {
  if (stage_def(node->stage)->inputs == INPUTS_NONE) return stage_def(node->stage)->connector == CONNECTOR_LIBRARY ? 1 : 2;
  if (!node->origins)
    for (size_t i = 0; i < node->input_count; i++) node->origins |= (uint8_t)origins_of(node->inputs[i]);
  return node->origins;
}

/* Each stream of a `concat` that nothing else reads filtered by itself. What a file does not say of a track is filled in from the store where streams
 * of both meet, so there a filter on facts of tracks stays behind. */
static bool passes_concat(const Node *filter, Node *before) {
  if (before->stage != STAGEID_CONCAT || before->users != 1 || before->per != filter->per) return false;
  if (reads_named(filter->args[0].value, NULL)) return false;
  if (reads_track_facts(filter->args[0].value) && origins_of(before) == 3) return false;
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

/* Only what a source of the store knows itself: facts of tracks, of plays what was observed, and of what was played the figures. */
static bool source_knows(StageId source, const Typed *typed) {
  if (typed->kind == TYPED_COLUMN) {
    FieldId field = typed->column.field;
    if (field == FIELD_COUNT || field == FIELD_ADDED || field == FIELD_POSITION || typed->column.window) return false;
    if (field_def(field)->provider > PROVIDER_TRACK && !stage_gives(source, field)) return false;
  }
  for (size_t i = 0; i < typed->operand_count; i++)
    if (typed->operands[i] && !source_knows(source, typed->operands[i])) return false;
  return true;
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
    if (param != SIZE_MAX && filter->args[0].value->type == TYPE_OF(BOOL) && source_knows(source->stage, filter->args[0].value)) give_to_source(graph, filter, source, param);
  }
}
