#include "compiler/check/check_args_int.h"

#include "plan/opcode.h"

Typed *args_check_key(ArgsCheck *check, const Expr *expr) {
  Typed *value = check_expr(check->checker, expr, check->place);
  if (value->kind == TYPED_BAD || type_is_comparable(value->type)) return value;
  Diag *diag = diag_report(check->checker->diags, DIAG_WRONG_ARGUMENT, value->span, "%s has no order and cannot be a key",
                           type_name(check->checker->arena, type_required(value->type)).bytes);
  if (type_form(value->type) == FORM_LIST && expr->kind == EXPR_NAME && text_is(expr->path.text, "artists")) {
    diag_hint(check->checker->diags, diag, "did you mean `artist`, the first of them?");
    diag_fix_at(check->checker->diags, diag, expr->span, TEXT_LITERAL("artist"));
  }
  return typed_bad(check->checker, value->span);
}

static bool name_is_taken(ArgsCheck *check, Text name, Span span, bool fields_too) {
  const StreamType *row = check->place.row;
  bool taken = false;
  if (fields_too) {
    FieldId field = field_find(name);
    taken = row->kind < ROWS_ANY && field != FIELD_COUNT;
    for (size_t i = 0; i < row->named_count; i++) taken = taken || text_equal(row->named[i].name, name);
  }
  for (size_t i = 0; i < check->args.count; i++)
    taken = taken || (check->args.items[i].kind != NODE_AGGREGATE && text_equal(check->args.items[i].name, name));
  if (!taken) return false;
  Diag *diag = diag_report(check->checker->diags, DIAG_ALREADY_A_COLUMN, span, "there is already a column `" TEXT_FORMAT "`", TEXT_ARG(name));
  diag_hint(check->checker->diags, diag, "choose another name");
  return true;
}

/* What a row counts in a weighted choice. */
void args_check_weight(ArgsCheck *check, size_t index, const Expr *expr) {
  Typed *value = check_expr(check->checker, expr, check->place);
  Type type = type_required(value->type);
  if (value->kind == TYPED_BAD) return;
  if (type == TYPE_OF(INT) || type == TYPE_OF(FLOAT) || type == TYPE_OF(PERCENT)) {
    args_add(check, index, (NodeArg){.kind = NODE_ROW, .value = value, .span = expr->span});
    return;
  }
  Diag *diag = args_wrong_type(check, &check->def->params[index], value, "a number");
  if (type == TYPE_OF(DURATION))
    diag_hint(check->checker->diags, diag, "divide it: `" TEXT_FORMAT " / 1min`", TEXT_ARG(span_text(check->checker->diags->sources, expr->span)));
}

void args_check_sort_key(ArgsCheck *check, size_t index, const Expr *expr) {
  const Expr *inner = expr->kind == EXPR_KEY ? expr->left : expr;
  Typed *value = args_check_key(check, inner);
  if (value->kind == TYPED_BAD) return;
  NodeArg arg = {.kind = NODE_KEY, .value = value, .span = expr->span, .descending = expr->kind == EXPR_KEY && expr->descending};
  if (expr->kind == EXPR_KEY && check->node->stage != STAGEID_SORT) {
    Diag *diag = diag_report(check->checker->diags, DIAG_DIRECTION_MISPLACED, expr->span, "a key of `%s` has no direction", check->def->name);
    diag_fix_at(check->checker->diags, diag, expr->op_span, TEXT_LITERAL(""));
    return;
  }
  if (check->def->output == OUTPUT_TALLY) {
    if (value->kind != TYPED_COLUMN || value->column.window) {
      Diag *diag = diag_report(check->checker->diags, DIAG_NEEDS_NAME, expr->span, "this key needs a name");
      Text written = span_text(check->checker->diags->sources, expr->span);
      Text name = expr->kind == EXPR_CALL ? expr->path.text : TEXT_LITERAL("key");
      diag_hint(check->checker->diags, diag, "write `" TEXT_FORMAT ": " TEXT_FORMAT "`", TEXT_ARG(name), TEXT_ARG(written));
      bool computed = expr->kind == EXPR_CALL && expr->path.count == 1 && value->kind != TYPED_COLUMN;
      if (computed) diag_fix_at(check->checker->diags, diag, span_start(expr->span), text_of(arena_format(check->checker->arena, TEXT_FORMAT ": ", TEXT_ARG(name))));
      return;
    }
    arg.name = value->column.name;
    if (name_is_taken(check, arg.name, expr->span, false)) return;
  }
  args_add(check, index, arg);
}

void args_check_identity(ArgsCheck *check, size_t index, const Expr *expr) {
  Text word = args_bare_word(expr);
  RowKind kind = check->place.row->kind;
  bool fixed = (kind == ROWS_TRACK || kind == ROWS_PLAY) && args_in_words(check->def->params[index].words, word) && word.length;
  if (fixed) {
    args_add(check, index, (NodeArg){.kind = NODE_WORD, .word = word, .span = expr->span});
    return;
  }
  Typed *value = args_check_key(check, expr);
  if (value->kind != TYPED_BAD) args_add(check, index, (NodeArg){.kind = NODE_ROW, .value = value, .span = expr->span});
}

/* Gives each aggregate of a result an entry of its own, once, and reports fields outside of them. True if there is any. */
static bool collect_aggregates(ArgsCheck *check, size_t index, Typed *typed, const Typed **stray) {
  if (typed->kind == TYPED_AGGREGATE) {
    Typed *operand = typed->operand_count ? typed->operands[0] : NULL;
    args_add(check, index, (NodeArg){.kind = NODE_AGGREGATE, .function = typed->function, .value = operand, .span = typed->span});
    typed->aggregate = UINT32_MAX; /* numbered once all are known */
    return true;
  }
  if (typed->kind == TYPED_COLUMN) {
    for (size_t i = 0; i < check->args.count; i++) {
      const NodeArg *key = &check->args.items[i];
      if (key->kind == NODE_KEY && key->value->kind == TYPED_COLUMN && column_same(&key->value->column, &typed->column)) return false;
    }
    *stray = typed;
  }
  bool any = false;
  for (size_t i = 0; i < typed->operand_count; i++)
    if (typed->operands[i]) any = collect_aggregates(check, index, typed->operands[i], stray) || any;
  return any;
}

void args_check_result(ArgsCheck *check, size_t index, const Arg *arg) {
  Place place = check->place;
  place.aggregates = true;
  Typed *value = check_expr(check->checker, arg->value, place);
  if (value->kind == TYPED_BAD || name_is_taken(check, arg->name, arg->name_span, false)) return;
  const Typed *stray = NULL;
  bool aggregated = collect_aggregates(check, index, value, &stray);
  if (!aggregated && stray && value->kind != TYPED_COLUMN) { /* a computed key with a name */
    if (!type_is_comparable(value->type)) {
      diag_report(check->checker->diags, DIAG_WRONG_ARGUMENT, value->span, "%s has no order and cannot be a key",
                  type_name(check->checker->arena, type_required(value->type)).bytes);
      return;
    }
    args_add(check, 0, (NodeArg){.kind = NODE_KEY, .name = arg->name, .value = value, .span = arg->span});
    check->computed_keys++;
    return;
  }
  if (stray) {
    Diag *diag = diag_report(check->checker->diags, DIAG_NEEDS_AGGREGATE, stray->span, "a group has many values of `" TEXT_FORMAT "`",
                             TEXT_ARG(stray->column.name));
    if (text_is(arg->name, "by"))
      diag_hint(check->checker->diags, diag, "a key stands without a name: `tally " TEXT_FORMAT " plays: count()`", TEXT_ARG(stray->column.name));
    else
      diag_hint(check->checker->diags, diag, "put it into an aggregate, as in `max(" TEXT_FORMAT ")`", TEXT_ARG(stray->column.name));
    return;
  }
  if (!type_is_comparable(value->type)) {
    args_wrong_type(check, &check->def->params[index], value, "a single value");
    return;
  }
  args_add(check, index, (NodeArg){.kind = NODE_RESULT, .name = arg->name, .value = value, .span = arg->span});
}

void args_check_named(ArgsCheck *check, size_t index, const Arg *arg) {
  Typed *value = check_expr(check->checker, arg->value, check->place);
  if (value->kind == TYPED_BAD) return;
  if (type_base(value->type) == BASE_MISSING || type_form(value->type) == FORM_RANGE) {
    args_wrong_type(check, &check->def->params[index], value, "a value with a type");
    return;
  }
  if (name_is_taken(check, arg->name, arg->name_span, true)) return;
  args_add(check, index, (NodeArg){.kind = NODE_ROW, .name = arg->name, .value = value, .span = arg->span});
}
