/* Tests for missing, and values instead of it, where nothing is ever missing. */
#include "compiler/lint/lint_int.h"
#include "plan/opcode.h"

/* What a use of a stage gave it, and columns that its rows happen to have, may be missing in another use. */
static bool varies(const Node *node, const Typed *typed) {
  if (typed->formal) return true;
  if (typed->kind == TYPED_COLUMN && typed->column.field == FIELD_COUNT) return node->expansion != 0;
  for (size_t i = 0; i < typed->operand_count; i++)
    if (typed->operands[i] && varies(node, typed->operands[i])) return true;
  return false;
}

static void look_at(Lint *lint, const Node *node, const Typed *typed) {
  DiagList *diags = lint->diags;
  bool negated = typed->kind == TYPED_OP && typed->opcode == OPCODE_NOT && typed->operands[0]->span.end == typed->span.end &&
                 typed->operands[0]->span.start == typed->span.start; /* `is not missing` */
  if (negated) typed = typed->operands[0];
  bool tests = typed->kind == TYPED_OP && typed->opcode == OPCODE_IS_MISSING, supplies = typed->kind == TYPED_OP && typed->opcode == OPCODE_ELSE_VAL;
  const Typed *value = tests || supplies ? typed->operands[0] : NULL;
  if (value && !typed_may_be_missing(value) && !varies(node, value)) {
    Text written = span_text(diags->sources, value->span);
    Diag *diag = diag_report(diags, tests ? DIAG_NEVER_MISSING : DIAG_ELSE_IDLE, typed->span, "`" TEXT_FORMAT "` is never missing", TEXT_ARG(written));
    if (supplies) {
      diag_hint(diags, diag, "write `" TEXT_FORMAT "`", TEXT_ARG(written));
      diag_fix(diags, diag, written);
    } else if (type_required(value->type) == TYPE_OF(INT) && value->kind == TYPED_COLUMN) {
      diag_hint(diags, diag, "compare it, as in `" TEXT_FORMAT " %s 0`", TEXT_ARG(written), negated ? ">" : "==");
    }
  }
  for (size_t i = 0; i < typed->operand_count; i++)
    if (typed->operands[i]) look_at(lint, node, typed->operands[i]);
}

void lint_values(Lint *lint, const Node *node) {
  for (size_t i = 0; i < node->arg_count; i++)
    if (node->args[i].value) look_at(lint, node, node->args[i].value);
}
