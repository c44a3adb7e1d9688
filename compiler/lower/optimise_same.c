#include <string.h>

#include "compiler/lower/optimise.h"

/* ---- equality ---- */

static bool same_end(const Literal *a, const Literal *b);

static bool same_literal(const Literal *a, const Literal *b) {
  if (a->type != b->type) return false;
  switch (type_form(a->type)) {
    case FORM_LIST:
      if (a->item_count != b->item_count) return false;
      for (size_t i = 0; i < a->item_count; i++)
        if (!same_literal(&a->items[i], &b->items[i])) return false;
      return true;
    case FORM_RANGE: return same_end(a->low, b->low) && same_end(a->high, b->high);
    default: break;
  }
  switch (type_base(a->type)) {
    case BASE_BOOL: return a->boolean == b->boolean;
    case BASE_INT: return a->integer == b->integer;
    case BASE_FLOAT:
    case BASE_PERCENT: return memcmp(&a->number, &b->number, sizeof a->number) == 0;
    case BASE_DATE: return memcmp(&a->date, &b->date, sizeof a->date) == 0;
    case BASE_TIME: return a->time == b->time;
    case BASE_DURATION: return a->duration.months == b->duration.months && a->duration.ms == b->duration.ms;
    default: return text_equal(a->text, b->text);
  }
}

static bool same_end(const Literal *a, const Literal *b) {
  return !a || !b ? a == b : same_literal(a, b);
}

bool typed_same(const Typed *a, const Typed *b) {
  if (!a || !b) return a == b;
  if (a->kind != b->kind || a->type != b->type || a->operand_count != b->operand_count) return false;
  for (size_t i = 0; i < a->operand_count; i++)
    if (!typed_same(a->operands[i], b->operands[i])) return false;
  switch (a->kind) {
    case TYPED_CONSTANT: return same_literal(&a->literal, &b->literal);
    case TYPED_PARAM: return a->param == b->param;
    case TYPED_COLUMN: return column_same(&a->column, &b->column);
    case TYPED_OP: return a->opcode == b->opcode;
    case TYPED_CALL:
    case TYPED_AGGREGATE: return a->function == b->function;
    case TYPED_BAD: return false;
    default: return true;
  }
}

static bool same_arg(const NodeArg *a, const NodeArg *b) {
  return a->param == b->param && a->kind == b->kind && a->descending == b->descending && a->input == b->input && text_equal(a->name, b->name) &&
         text_equal(a->word, b->word) && (a->kind != NODE_AGGREGATE || a->function == b->function) && typed_same(a->value, b->value);
}

static bool same_node(const Node *a, const Node *b) {
  if (a->stage != b->stage || a->epoch != b->epoch || a->input_count != b->input_count || a->arg_count != b->arg_count) return false;
  for (size_t i = 0; i < a->input_count; i++)
    if (a->inputs[i] != b->inputs[i]) return false;
  for (size_t i = 0; i < a->arg_count; i++)
    if (!same_arg(&a->args[i], &b->args[i])) return false;
  return true;
}

/* ---- which nodes may be one ---- */

static bool is_unseeded(const Node *node) {
  const StageDef *def = stage_def(node->stage);
  for (size_t i = 0; i < def->param_count; i++) {
    if (strcmp(def->params[i].name, "seed") != 0) continue;
    for (size_t a = 0; a < node->arg_count; a++)
      if (node->args[a].param == i) return false;
    return true;
  }
  return false;
}

/* What happens inside a `per` belongs to its braces, and a destination writes each time it is written. */
static bool may_merge(const Node *node) {
  bool group = node->per || node->stage == STAGEID_PER || node->stage == STAGEID_PER_END;
  return node->used && !group && stage_def(node->stage)->group != GROUP_DESTINATION && !is_unseeded(node);
}

/* How many writes stand before a node that reads what they may have written. */
static void number_epochs(Graph *graph) {
  unsigned written = 0;
  for (size_t i = 0; i < graph->nodes.count; i++) {
    Node *node = graph->nodes.items[i];
    StageEffect effect = stage_def(node->stage)->effect;
    if (node->used && effect == EFFECT_WRITE) written++;
    node->epoch = effect == EFFECT_READ ? written : 0;
  }
}

/* Equal nodes have equal marks. */
static uint64_t mark_of(const Node *node) {
  uint64_t mark = (uint64_t)node->stage * 31 + node->epoch * 131 + node->arg_count;
  for (size_t i = 0; i < node->input_count; i++) mark = mark * UINT64_C(0x9E3779B97F4A7C15) + node->inputs[i]->number;
  return mark * UINT64_C(0x9E3779B97F4A7C15);
}

void merge_equal_nodes(Graph *graph) {
  size_t size = 16;
  while (size < graph->nodes.count * 2) size *= 2;
  Node **buckets = arena_array(graph->arena, size, sizeof *buckets);
  number_epochs(graph);
  for (size_t i = 0; i < graph->nodes.count; i++) {
    Node *node = graph->nodes.items[i];
    node->number = (uint32_t)i;
    for (size_t n = 0; n < node->input_count; n++)
      if (node->inputs[n]->equal) node->inputs[n] = node->inputs[n]->equal;
    if (!may_merge(node)) continue;
    Node **bucket = &buckets[mark_of(node) >> 32 & (size - 1)];
    for (Node *other = *bucket; other && !node->equal; other = other->next_in_bucket)
      if (same_node(other, node)) node->equal = other;
    if (node->equal) {
      node->used = false;
    } else {
      node->next_in_bucket = *bucket;
      *bucket = node;
    }
  }
}
