#include "compiler/lint/lint_int.h"

/* What a stage does to rows. A stage that is not here is not reasoned across. */
unsigned lint_traits(StageId stage) {
  static const uint8_t traits[STAGEID_COUNT] = {
      [STAGEID_KEEP] = ROWS_SUBSET | ORDER_UNREAD | REPEATABLE,
      [STAGEID_DROP] = ROWS_SUBSET | ORDER_UNREAD | REPEATABLE,
      [STAGEID_ADD] = ROWS_SUBSET | ORDER_UNREAD | REPEATABLE,
      [STAGEID_UNIQUE] = ROWS_SUBSET | REPEATABLE,
      [STAGEID_TRACKS] = ROWS_SUBSET | REPEATABLE,
      [STAGEID_SORT] = ROWS_SUBSET | REPEATABLE,
      [STAGEID_REVERSE] = ROWS_SUBSET | REPEATABLE,
      [STAGEID_SHUFFLE] = ROWS_SUBSET,
      [STAGEID_SPACE_OUT] = ROWS_SUBSET | REPEATABLE,
      [STAGEID_TAKE] = ROWS_SUBSET | REPEATABLE,
      [STAGEID_SKIP] = ROWS_SUBSET | REPEATABLE,
      [STAGEID_LAST] = ROWS_SUBSET | REPEATABLE,
      [STAGEID_TOP] = ROWS_SUBSET | REPEATABLE,
      [STAGEID_SAMPLE] = ROWS_SUBSET,
      [STAGEID_INTERSECT] = ROWS_SUBSET,
      [STAGEID_EXCEPT] = ROWS_SUBSET,
      [STAGEID_TALLY] = REPEATABLE,
      [STAGEID_PER] = ROWS_SUBSET,
      [STAGEID_PER_END] = ROWS_SUBSET,
      [STAGEID_SHOW] = ROWS_SUBSET,
      [STAGEID_TO_FILE_CSV] = ROWS_SUBSET,
      [STAGEID_TO_FILE_JSON] = ROWS_SUBSET,
      [STAGEID_TO_FILE_JSONL] = ROWS_SUBSET,
      [STAGEID_TO_FILE_M3U] = ROWS_SUBSET,
  };
  return traits[stage];
}

const NodeArg *lint_arg(const Node *node, const char *param) {
  for (size_t i = 0; i < node->arg_count; i++)
    if (text_is(text_of(stage_def(node->stage)->params[node->args[i].param].name), param)) return &node->args[i];
  return NULL;
}

static bool is_key(const NodeArg *arg) {
  return arg->kind == NODE_KEY || arg->kind == NODE_ROW || arg->kind == NODE_WORD;
}

static bool same_key(const NodeArg *a, const NodeArg *b) {
  if (!a->value || !b->value) return !a->value && !b->value && text_equal(a->word, b->word);
  return typed_same(a->value, b->value);
}

bool lint_keys_within(const Node *a, const Node *b) {
  for (size_t i = 0; i < a->arg_count; i++) {
    bool found = false;
    for (size_t k = 0; k < b->arg_count && !found && is_key(&a->args[i]); k++) found = is_key(&b->args[k]) && same_key(&a->args[i], &b->args[k]);
    if (is_key(&a->args[i]) && !found) return false;
  }
  return true;
}

/* Random is every stage with a parameter `seed`. */
static void lint_chance(Lint *lint, const Node *node) {
  const StageDef *def = stage_def(node->stage);
  bool random = false;
  for (size_t i = 0; i < def->param_count; i++) random = random || text_is(text_of(def->params[i].name), "seed");
  if (!random || lint_arg(node, "seed")) return;
  Diag *diag = diag_report(lint->diags, DIAG_UNSEEDED, node->span, "without a seed this changes from day to day");
  diag_hint(lint->diags, diag, "add `seed: 1` to keep it");
}

static void find_readers(Lint *lint) {
  size_t count = lint->graph->nodes.count;
  unsigned *readers = arena_array(lint->arena, count + 1, sizeof *readers);
  for (size_t i = 0; i < count; i++) lint->graph->nodes.items[i]->place = (uint32_t)i;
  for (size_t i = 0; i < count; i++) {
    Node *node = lint->graph->nodes.items[i];
    for (size_t n = 0; node->used && n < node->input_count; n++) {
      uint32_t at = node->inputs[n]->place;
      lint->reader[at] = readers[at]++ ? NULL : node;
    }
  }
}

static void drop_warnings(DiagList *diags) {
  size_t kept = 0;
  for (size_t i = 0; i < diags->count; i++)
    if (diag_info(diags->items[i]->code)->severity == SEVERITY_ERROR) diags->items[kept++] = diags->items[i];
  diags->count = kept;
}

void lint_graph(Graph *graph) {
  static void (*const lints[])(Lint *, const Node *) = {lint_condition, lint_values, lint_amounts, lint_order, lint_streams, lint_chance};
  if (graph->diags->errors) {
    drop_warnings(graph->diags);
    return;
  }
  size_t count = graph->nodes.count;
  Lint lint = {.graph = graph, .arena = graph->arena, .diags = graph->diags};
  lint.facts = arena_array(lint.arena, count + 1, sizeof *lint.facts);
  lint.reader = arena_array(lint.arena, count + 1, sizeof *lint.reader);
  find_readers(&lint);
  for (size_t i = 0; i < count; i++) {
    const Node *node = graph->nodes.items[i];
    if (!node->used) continue;
    if (node->input_count && (lint_traits(node->stage) & ROWS_SUBSET)) lint.facts[i] = lint.facts[node->inputs[0]->place];
    for (size_t n = 0; n < sizeof lints / sizeof *lints; n++) lints[n](&lint, node);
  }
  lint_allow(graph->diags);
}
