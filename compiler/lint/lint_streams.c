/* Streams that are combined with themselves. */
#include "compiler/lint/lint_int.h"

enum { DEPTH_LOOKED_AT = 32 };

static bool same_arg(const NodeArg *a, const NodeArg *b) {
  if (a->param != b->param || a->kind != b->kind || a->descending != b->descending || a->input != b->input || a->function != b->function) return false;
  if (!text_equal(a->name, b->name) || !text_equal(a->word, b->word) || !a->value != !b->value) return false;
  return !a->value || typed_same(a->value, b->value);
}

/* A write between two reads may have changed what the second finds. */
static bool written_between(const Lint *lint, const Node *a, const Node *b) {
  uint32_t first = a->place < b->place ? a->place : b->place, last = a->place < b->place ? b->place : a->place;
  for (uint32_t i = first; i < last; i++)
    if (stage_def(lint->graph->nodes.items[i]->stage)->effect == EFFECT_WRITE) return true;
  return false;
}

/* The same rows, because the same stages make them of the same source. Chance may differ from stage to stage. */
static bool same_rows(const Lint *lint, const Node *a, const Node *b, int depth) {
  if (a == b) return true;
  bool source = stage_def(a->stage)->inputs == INPUTS_NONE;
  if (depth == DEPTH_LOOKED_AT || a->stage != b->stage || a->input_count != b->input_count || a->arg_count != b->arg_count) return false;
  if (source ? written_between(lint, a, b) : !(lint_traits(a->stage) & REPEATABLE)) return false;
  for (size_t i = 0; i < a->arg_count; i++)
    if (!same_arg(&a->args[i], &b->args[i])) return false;
  for (size_t i = 0; i < a->input_count; i++)
    if (!same_rows(lint, a->inputs[i], b->inputs[i], depth + 1)) return false;
  return true;
}

void lint_streams(Lint *lint, const Node *node) {
  const char *effect = node->stage == STAGEID_EXCEPT      ? "leaves nothing but rows without an identity"
                       : node->stage == STAGEID_INTERSECT ? "leaves every row that has an identity"
                       : node->stage == STAGEID_UNION     ? "only does what `unique` would"
                                                          : NULL;
  if (!effect) return;
  for (size_t i = 1; i < node->input_count; i++) {
    if (!same_rows(lint, node->inputs[0], node->inputs[i], 0)) continue;
    if (node->stage == STAGEID_INTERSECT && node->input_count > 2) continue;
    if (node->stage == STAGEID_UNION && node->input_count > 2) effect = "gets the same rows again";
    Diag *diag = diag_report(lint->diags, DIAG_SAME_STREAM, node->span, "`%s` with the same stream %s", stage_def(node->stage)->name, effect);
    if (node->inputs[0] == node->inputs[i]) diag_label(lint->diags, diag, node->inputs[0]->span, "both are this");
    return;
  }
}
