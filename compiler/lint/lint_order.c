/* Orders that are lost, stages that undo or repeat each other, and rows taken before they are sorted. */
#include "compiler/lint/lint_int.h"

/* The stage before `node` that the stages between leave as it was: they choose rows one by one, and nobody else reads theirs. */
static const Node *order_before(const Lint *lint, const Node *node) {
  const Node *reader = node;
  for (const Node *at = node->inputs[0]; lint->reader[at->place] == reader; at = at->inputs[0]) {
    if (!(lint_traits(at->stage) & ORDER_UNREAD)) return at;
    reader = at;
  }
  return NULL;
}

static void report_lost(Lint *lint, const Node *lost, const Node *by, const char *what) {
  if (lost->expansion != by->expansion) return;
  Diag *diag = diag_report(lint->diags, DIAG_ORDER_LOST, lost->span, "this order is lost");
  diag_hint(lint->diags, diag, "it leaves no trace");
  diag_label(lint->diags, diag, by->span, "%s", what);
}

static void lint_shuffle(Lint *lint, const Node *node) {
  const Node *before = order_before(lint, node);
  bool orders = before && (before->stage == STAGEID_SORT || before->stage == STAGEID_REVERSE || before->stage == STAGEID_SHUFFLE);
  if (node->arg_count == 0 && orders) report_lost(lint, before, node, "this puts the rows in random order");
}

static void lint_sort(Lint *lint, const Node *node) {
  const Node *before = order_before(lint, node);
  if (before && before->stage == STAGEID_SORT && lint_keys_within(before, node))
    report_lost(lint, before, node, node->stage == STAGEID_TOP ? "this sorts by the same key" : "this sorts by the same keys again");
}

static void lint_reverse(Lint *lint, const Node *node) {
  const Node *before = order_before(lint, node);
  if (!before || before->stage != STAGEID_REVERSE || before->expansion != node->expansion) return;
  Diag *diag = diag_report(lint->diags, DIAG_REVERSED_TWICE, node->span, "this undoes the `reverse` before it");
  diag_label(lint->diags, diag, before->span, "reversed here");
}

/* After `tracks` a track is there once, and after `union` each identity. */
static bool makes_unique(const Node *before, const Node *unique) {
  bool by_track = unique->arg_count == 0 || (unique->args[0].kind == NODE_WORD && text_is(unique->args[0].word, "track"));
  if (before->stage == STAGEID_TRACKS) return by_track;
  if (before->stage != STAGEID_UNIQUE && before->stage != STAGEID_UNION) return false;
  const NodeArg *by = lint_arg(before, "by");
  bool other_by_track = !by || (by->kind == NODE_WORD && text_is(by->word, "track"));
  if (by_track || other_by_track) return by_track && other_by_track;
  return lint_keys_within(before, unique) && lint_keys_within(unique, before);
}

static void lint_unique(Lint *lint, const Node *node) {
  for (const Node *at = node->inputs[0];; at = at->inputs[0]) {
    if (makes_unique(at, node) && at->expansion == node->expansion && node_group(at) == node_group(node)) {
      Diag *diag = diag_report(lint->diags, DIAG_UNIQUE_TWICE, node->span, "this drops no row");
      diag_label(lint->diags, diag, at->span, "each is there once since here");
      return;
    }
    if (!at->input_count || !(lint_traits(at->stage) & ROWS_SUBSET) || at->stage == STAGEID_TRACKS) return;
  }
}

/* Only where the order of the source is surely not what was meant. */
static void lint_take(Lint *lint, const Node *node) {
  const Node *take = node->inputs[0];
  if (take->stage != STAGEID_TAKE || take->expansion != node->expansion || take->arg_count != 1 || lint->reader[take->place] != node) return;
  const Node *source = take->inputs[0];
  while (source->input_count == 1 && (lint_traits(source->stage) & ORDER_UNREAD)) source = source->inputs[0];
  if (source->stage != STAGEID_FROM_LIBRARY_TRACKS && source->stage != STAGEID_FROM_LIBRARY_PLAYED) return;
  Diag *diag = diag_report(lint->diags, DIAG_TAKE_BEFORE_SORT, take->span, "this takes the first tracks that the store saw, not the first of the order below");
  diag_hint(lint->diags, diag, "put it behind `%s`", stage_def(node->stage)->name);
  diag_label(lint->diags, diag, node->span, "sorted only here");
}

void lint_order(Lint *lint, const Node *node) {
  switch (node->stage) {
    case STAGEID_SHUFFLE: lint_shuffle(lint, node); break;
    case STAGEID_SORT:
    case STAGEID_TOP:
      lint_sort(lint, node);
      lint_take(lint, node);
      break;
    case STAGEID_REVERSE: lint_reverse(lint, node); break;
    case STAGEID_UNIQUE: lint_unique(lint, node); break;
    default: break;
  }
}
