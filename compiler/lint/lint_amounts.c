/* Stages that leave nothing or everything, because of the number they are given or of the numbers before them. */
#include <inttypes.h>

#include "compiler/lint/lint_int.h"

/* The number or share that is known when compiling; false for a parameter, or for what a use of a stage gave. */
static bool known_amount(const Node *node, int64_t *count, bool *whole_share) {
  const NodeArg *arg = lint_arg(node, "count");
  if (!arg || arg->kind != NODE_SCALAR || arg->value->kind != TYPED_CONSTANT || arg->value->formal) return false;
  bool share = arg->value->type == TYPE_OF(PERCENT);
  double number = arg->value->literal.number;
  *whole_share = share && number >= 1;
  *count = !share ? arg->value->literal.integer : number <= 0 ? 0 : INT64_MAX;
  return true;
}

static bool limits_rows(StageId stage) {
  return stage == STAGEID_TAKE || stage == STAGEID_LAST || stage == STAGEID_TOP || stage == STAGEID_SAMPLE;
}

/* A `take` or the like with more than a number (per:, while:) leaves another number of rows than that. */
static bool is_plain(const Node *node) {
  for (size_t i = 0; i < node->arg_count; i++) {
    Text name = text_of(stage_def(node->stage)->params[node->args[i].param].name);
    if (!text_is(name, "count") && !text_is(name, "by") && !text_is(name, "seed")) return false;
  }
  return true;
}

/* The stage before `node` that lets at most `*most` rows through, through stages that add none; NULL if there is none. */
static const Node *bounded_by(const Node *node, int64_t *most) {
  for (const Node *at = node->input_count ? node->inputs[0] : NULL; at; at = at->input_count ? at->inputs[0] : NULL) {
    bool share;
    if (limits_rows(at->stage) && is_plain(at) && known_amount(at, most, &share) && *most < INT64_MAX) return at;
    if (at->stage == STAGEID_TALLY && !lint_arg(at, "key")) {
      *most = 1;
      return at;
    }
    if (!(lint_traits(at->stage) & ROWS_SUBSET) || at->stage == STAGEID_PER_END) return NULL;
  }
  return NULL;
}

void lint_amounts(Lint *lint, const Node *node) {
  int64_t count, most;
  bool whole_share;
  bool skips = node->stage == STAGEID_SKIP;
  if ((!skips && !limits_rows(node->stage)) || !is_plain(node) || !known_amount(node, &count, &whole_share)) return;
  DiagList *diags = lint->diags;
  Text written = span_text(diags->sources, lint_arg(node, "count")->span);
  const char *name = stage_def(node->stage)->name;
  if (count == 0 && !skips) {
    diag_report(diags, DIAG_TAKES_NOTHING, node->span, "`%s " TEXT_FORMAT "` leaves no row", name, TEXT_ARG(written));
    return;
  }
  if ((count == 0 && skips) || whole_share) {
    diag_report(diags, DIAG_TAKES_ALL, node->span, "`%s " TEXT_FORMAT "` leaves every row", name, TEXT_ARG(written));
    return;
  }
  if (lint_arg(node, "count")->value->type == TYPE_OF(PERCENT)) return; /* a share of few rows is fewer */
  const Node *bound = bounded_by(node, &most);
  bool idle = node->stage == STAGEID_TAKE || node->stage == STAGEID_LAST; /* `top` sorts, and `sample` without enough rows is rarely written so */
  if (!bound || most > count || most == 0 || (!skips && !idle) || bound->expansion != node->expansion) return;
  Diag *diag = diag_report(diags, skips ? DIAG_TAKES_NOTHING : DIAG_TAKES_ALL, node->span, "at most %" PRId64 " row%s arrive%s, so `%s " TEXT_FORMAT "` leaves %s", most,
                           most == 1 ? "" : "s", most == 1 ? "s" : "", name, TEXT_ARG(written), skips ? "none" : "all");
  diag_label(diags, diag, bound->span, "because of this");
}
