#include "compiler/check/check_int.h"

static const NamedColumn *named_column(const StreamType *type, Text name) {
  for (size_t i = 0; i < type->named_count; i++)
    if (text_equal(type->named[i].name, name)) return &type->named[i];
  return NULL;
}

/* What rows are compared by is written for the first stream and must mean the same in the others. Fields are on all rows of a kind; a column that
 * `add` or `tally` made may be elsewhere, or of another type. Reports the first that is; true if there is none. */
static bool check_columns(Checker *checker, const Node *node, const Typed *typed) {
  for (size_t i = 0; i < typed->operand_count; i++)
    if (typed->operands[i] && !check_columns(checker, node, typed->operands[i])) return false;
  if (typed->kind != TYPED_COLUMN || typed->column.field != FIELD_COUNT) return true;
  for (size_t i = 1; i < node->input_count; i++) {
    const NamedColumn *there = named_column(&node->inputs[i]->type, typed->column.name);
    if (there && type_required(there->type) == type_required(typed->column.type)) continue;
    const char *name = stage_def(node->stage)->name;
    Diag *diag = diag_report(checker->diags, DIAG_NOT_COMPARABLE, typed->span, "`%s` cannot compare by `" TEXT_FORMAT "`: stream %zu %s", name,
                             TEXT_ARG(typed->column.name), i + 1, there ? "has it with another type" : "has no such column");
    if (there)
      diag_label(checker->diags, diag, node->inputs[i]->span, "here it is %s", type_name(checker->arena, type_required(there->type)).bytes);
    else
      diag_label(checker->diags, diag, node->inputs[i]->span, "this stream lacks it");
    diag_hint(checker->diags, diag, "compare by what all streams have, or `add` it there too");
    return false;
  }
  return true;
}

/* Rows of `tally` without `by:` are compared whole. */
static void check_whole_rows(Checker *checker, const Node *node) {
  const StreamType *first = &node->inputs[0]->type;
  for (size_t i = 1; i < node->input_count; i++) {
    const StreamType *other = &node->inputs[i]->type;
    const NamedColumn *differing = NULL;
    for (size_t c = 0; c < first->named_count + other->named_count && !differing; c++) {
      bool mine = c < first->named_count;
      const NamedColumn *column = mine ? &first->named[c] : &other->named[c - first->named_count];
      const NamedColumn *there = named_column(mine ? other : first, column->name);
      if (!there || type_required(there->type) != type_required(column->type)) differing = column;
    }
    if (!differing) continue;
    Diag *diag = diag_report(checker->diags, DIAG_NOT_COMPARABLE, node->span, "`%s` compares whole rows, and the streams differ in the column `" TEXT_FORMAT "`",
                             stage_def(node->stage)->name, TEXT_ARG(differing->name));
    diag_hint(checker->diags, diag, "say by what with `by:`, or give all of them the same columns");
    return;
  }
}

void check_identity_inputs(Checker *checker, const Node *node) {
  const StageDef *def = stage_def(node->stage);
  bool compares = false, given = false;
  for (size_t i = 0; i < def->param_count; i++) compares = compares || def->params[i].kind == PARAM_IDENTITY;
  for (size_t i = 0; i < node->input_count; i++)
    if (!node->inputs[i] || node->inputs[i]->type.kind != node->inputs[0]->type.kind || node->inputs[i]->type.kind == ROWS_KIND_COUNT) return;
  for (size_t i = 0; compares && i < node->arg_count; i++) {
    const NodeArg *arg = &node->args[i];
    if (def->params[arg->param].kind != PARAM_IDENTITY) continue;
    given = true;
    if (arg->kind == NODE_ROW) check_columns(checker, node, arg->value);
  }
  bool united = def->output == OUTPUT_UNION; /* whose columns are compared in any case */
  if (compares && !given && !united && node->inputs[0]->type.kind == ROWS_ANY) check_whole_rows(checker, node);
}
