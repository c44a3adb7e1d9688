/* Constructors of expressions. They keep the height of every tree bounded, so that whoever walks one may recurse. */
#include <string.h>

#include "compiler/syntax/parse_int.h"

const char *operator_text(Operator op) {
  switch (op) {
    case OP_NONE:
      return "";
    case OP_OR:
      return "or";
    case OP_AND:
      return "and";
    case OP_NOT:
      return "not";
    case OP_EQ:
      return "==";
    case OP_NE:
      return "!=";
    case OP_LT:
      return "<";
    case OP_LE:
      return "<=";
    case OP_GT:
      return ">";
    case OP_GE:
      return ">=";
    case OP_IN:
      return "in";
    case OP_NOT_IN:
      return "not in";
    case OP_IS:
      return "is";
    case OP_IS_NOT:
      return "is not";
    case OP_ELSE:
      return "??";
    case OP_ADD:
      return "+";
    case OP_SUB:
      return "-";
    case OP_MUL:
      return "*";
    case OP_DIV:
      return "/";
    case OP_NEGATE:
      return "-";
  }
  return "";
}

Expr *expr_new(Parse *parse, ExprKind kind, Span span) {
  Expr *expr = arena_alloc(parse->arena, sizeof *expr);
  expr->kind = kind;
  expr->span = span;
  expr->height = 1;
  return expr;
}

Expr *expr_bad(Parse *parse, const Token *first, const Token *last) {
  return expr_new(parse, EXPR_BAD, span_join(parse_span(parse, first), parse_span(parse, last)));
}

/* `expr` now stands over `child`. Too high a tree is told once and loses what it holds. */
static void raise_over(Parse *parse, Expr *expr, const Expr *child) {
  if (!child || expr->kind == EXPR_BAD) return;
  if (child->height >= PARSE_MAX_HEIGHT) {
    parse_too_deep(parse, expr->op_span.end > expr->op_span.start ? expr->op_span : expr->span);
    *expr = (Expr){.kind = EXPR_BAD, .span = expr->span, .height = 1};
  } else if (child->height >= expr->height) {
    expr->height = (uint16_t)(child->height + 1);
  }
}

Expr *expr_unary(Parse *parse, Operator op, const Token *sign, Expr *right) {
  Expr *expr = expr_new(parse, EXPR_UNARY, span_join(parse_span(parse, sign), right->span));
  expr->op = op;
  expr->op_span = parse_span(parse, sign);
  expr->right = right;
  raise_over(parse, expr, right);
  return expr;
}

/* Comparisons. */

static bool is_comparison(Operator op) {
  return op >= OP_EQ && op <= OP_IS_NOT;
}

static bool same_direction(Operator first, Operator second) {
  bool up = first == OP_LT || first == OP_LE, down = first == OP_GT || first == OP_GE;
  return (up && (second == OP_LT || second == OP_LE)) || (down && (second == OP_GT || second == OP_GE));
}

/* `x == null` as a whole becomes `x is missing`, so `right` says that the operand stands behind the operator. */
static void check_null(Parse *parse, Expr *operand, Operator op, Span op_span, bool right) {
  static const char *const words[] = {"null", "nil", "none", "None", "NULL", "undefined"};
  if (operand->kind != EXPR_NAME || operand->path.count != 1) return;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (!text_is(operand->path.text, words[i])) continue;
    Diag *diag = diag_report(parse->diags, DIAG_FOREIGN_MISSING, operand->span, "`%s` is `missing` here", words[i]);
    diag_fix(parse->diags, diag, TEXT_LITERAL("missing"));
    if (op == OP_EQ || op == OP_NE) {
      diag_hint(parse->diags, diag, "test with `is%s missing`", op == OP_NE ? " not" : "");
      if (right) diag_fix_at(parse->diags, diag, span_join(op_span, operand->span), text_of(op == OP_NE ? "is not missing" : "is missing"));
    } else {
      diag_hint(parse->diags, diag, "write `missing`");
    }
    *operand = (Expr){.kind = EXPR_BAD, .span = operand->span, .height = 1};
    return;
  }
}

static Expr *chain_error(Parse *parse, Expr *left, Span op_span, Expr *expr) {
  Diag *diag = diag_report(parse->diags, DIAG_CHAINED_COMPARISON, op_span, "comparisons do not chain");
  diag_label(parse->diags, diag, left->op_span, "the first comparison");
  diag_hint(parse->diags, diag, "join them with `and`, or put one in round brackets");
  *expr = (Expr){.kind = EXPR_BAD, .span = expr->span, .height = 1};
  return expr;
}

static Expr *plain_binary(Parse *parse, Operator op, Span op_span, Expr *left, Expr *right) {
  Expr *expr = expr_new(parse, EXPR_BINARY, span_join(left->span, right->span));
  expr->op = op;
  expr->op_span = op_span;
  expr->left = left;
  expr->right = right;
  raise_over(parse, expr, left);
  raise_over(parse, expr, right);
  return expr;
}

Expr *expr_binary(Parse *parse, Operator op, const Token *first, const Token *last, Expr *left, Expr *right) {
  Span op_span = span_join(parse_span(parse, first), parse_span(parse, last));
  bool compares = is_comparison(op);
  if (compares || op == OP_ELSE) {
    check_null(parse, left, op, op_span, false);
    check_null(parse, right, op, op_span, true);
  }
  bool left_compares = !left->parenthesised && (left->chained || is_comparison(left->op));
  if (!compares || !left_compares) return plain_binary(parse, op, op_span, left, right);
  if (left->kind == EXPR_BINARY && !left->chained && same_direction(left->op, op)) {
    Expr *second = plain_binary(parse, op, op_span, left->right, right);
    Expr *both = plain_binary(parse, OP_AND, op_span, left, second);
    both->chained = both->kind == EXPR_BINARY;
    return both;
  }
  return chain_error(parse, left, op_span, expr_new(parse, EXPR_BAD, span_join(left->span, right->span)));
}

Expr *expr_is_missing(Parse *parse, Operator op, Expr *left, const Token *is, const Token *missing) {
  Span last = parse_span(parse, missing);
  Expr *expr = expr_new(parse, EXPR_IS_MISSING, span_join(left->span, last));
  expr->op = op;
  expr->op_span = span_join(parse_span(parse, is), last);
  if (!left->parenthesised && (left->chained || is_comparison(left->op))) {
    return chain_error(parse, left, expr->op_span, expr);
  }
  expr->left = left;
  raise_over(parse, expr, left);
  return expr;
}

/* The rest. */

Expr *expr_range(Parse *parse, Expr *left, const Token *dots, Expr *right) {
  Span span = parse_span(parse, dots);
  if (left) span = span_join(left->span, span);
  if (right) span = span_join(span, right->span);
  Expr *expr = expr_new(parse, EXPR_RANGE, span);
  expr->op_span = parse_span(parse, dots);
  expr->left = left;
  expr->right = right;
  raise_over(parse, expr, left);
  raise_over(parse, expr, right);
  return expr;
}

Expr *expr_ago(Parse *parse, Expr *left, const Token *ago) {
  Expr *expr = expr_new(parse, EXPR_AGO, span_join(left->span, parse_span(parse, ago)));
  expr->op_span = parse_span(parse, ago);
  expr->left = left;
  raise_over(parse, expr, left);
  return expr;
}

Expr *expr_key(Parse *parse, Expr *left, const Token *direction, bool descending) {
  Expr *expr = expr_new(parse, EXPR_KEY, span_join(left->span, parse_span(parse, direction)));
  expr->op_span = parse_span(parse, direction);
  expr->left = left;
  expr->has_direction = true;
  expr->descending = descending;
  raise_over(parse, expr, left);
  return expr;
}

Expr *expr_name(Parse *parse, const Path *path) {
  Expr *expr = expr_new(parse, EXPR_NAME, path->span);
  expr->path = *path;
  return expr;
}

Expr *expr_call(Parse *parse, const Path *path, ExprArgList *args, const Token *close) {
  Expr *expr = expr_new(parse, EXPR_CALL, span_join(path->span, parse_span(parse, close)));
  expr->path = *path;
  if (args) {
    expr->args = args->items;
    expr->arg_count = args->count;
    for (size_t i = 0; i < args->count; i++) raise_over(parse, expr, args->items[i].value);
  }
  return expr;
}

Expr *expr_paren(Parse *parse, const Token *open, Expr *inner, const Token *close) {
  inner->parenthesised = true;
  inner->span = span_join(parse_span(parse, open), parse_span(parse, close));
  return inner;
}

static Expr *with_items(Parse *parse, Expr *expr, ExprList *items) {
  if (!items) return expr;
  expr->items = items->items;
  expr->item_count = items->count;
  for (size_t i = 0; i < items->count; i++) raise_over(parse, expr, items->items[i]);
  return expr;
}

Expr *expr_list(Parse *parse, const Token *open, ExprList *items, const Token *close) {
  Span span = span_join(parse_span(parse, open), parse_span(parse, close));
  return with_items(parse, expr_new(parse, EXPR_LIST, span), items);
}

Expr *expr_text(Parse *parse, const Token *open, ExprList *parts, const Token *close) {
  Span span = span_join(parse_span(parse, open), parse_span(parse, close));
  return with_items(parse, expr_new(parse, EXPR_TEXT, span), parts);
}
