/* Expressions: which tokens stand close together, and at which operators a long one is broken: the weakest first. */
#include "compiler/format/format_int.h"

/* How weakly an operator binds; a line may end behind it. Open ranges, `is missing`, `ago` and what stands before its operand do not end a line. */
typedef enum Strength { STRENGTH_OR, STRENGTH_AND, STRENGTH_COMPARISON, STRENGTH_ELSE, STRENGTH_SUM, STRENGTH_PRODUCT, STRENGTH_NONE } Strength;

static bool is_name(TokenKind kind) {
  return kind == TOKEN_NAME || token_group(kind) == GROUP_WORD;
}

static bool ends_operand(TokenKind kind) {
  return is_name(kind) || token_group(kind) == GROUP_LITERAL || kind == TOKEN_RPAREN || kind == TOKEN_RBRACKET || kind == TOKEN_TEXT_CLOSE ||
         kind == TOKEN_AGO;
}

static bool begins_operand(TokenKind kind) {
  if (kind == TOKEN_ASC || kind == TOKEN_DESC) return false;
  return is_name(kind) || token_group(kind) == GROUP_LITERAL || kind == TOKEN_LPAREN || kind == TOKEN_LBRACKET || kind == TOKEN_MINUS;
}

static Strength strength_at(const Formatter *formatter, size_t first, size_t token) {
  switch (kind_at(formatter, token)) {
    case TOKEN_OR:
      return STRENGTH_OR;
    case TOKEN_AND:
      return STRENGTH_AND;
    case TOKEN_EQ:
    case TOKEN_NE:
    case TOKEN_LT:
    case TOKEN_LE:
    case TOKEN_GT:
    case TOKEN_GE:
    case TOKEN_IN:
      return STRENGTH_COMPARISON;
    case TOKEN_ELSE:
      return STRENGTH_ELSE;
    case TOKEN_PLUS:
      return STRENGTH_SUM;
    case TOKEN_MINUS:
      return token > first && ends_operand(kind_at(formatter, token - 1)) ? STRENGTH_SUM : STRENGTH_NONE;
    case TOKEN_STAR:
    case TOKEN_SLASH:
      return STRENGTH_PRODUCT;
    default:
      return STRENGTH_NONE;
  }
}

static Strength weakest(const Formatter *formatter, size_t first, size_t end) {
  Strength found = STRENGTH_NONE;
  for (size_t i = first; i < end; i = last_of(formatter, i) + 1) {
    Strength strength = strength_at(formatter, first, i);
    if (strength < found) found = strength;
  }
  return found;
}

static LayoutKind distance(TokenKind before, TokenKind after) {
  if (before == TOKEN_DOT || after == TOKEN_DOT || after == TOKEN_COLON || before == TOKEN_MINUS) return LAYOUT_TEXT;
  if (after == TOKEN_LPAREN && is_name(before)) return LAYOUT_TEXT;
  if (after == TOKEN_DOTDOT) return ends_operand(before) ? LAYOUT_TEXT : LAYOUT_BLANK;
  if (before == TOKEN_DOTDOT) return begins_operand(after) ? LAYOUT_TEXT : LAYOUT_BLANK;
  return LAYOUT_BLANK;
}

/* Operands and what belongs to them. */
static void put_operand(Formatter *formatter, size_t first, size_t end) {
  for (size_t i = first; i < end; i = last_of(formatter, i) + 1) {
    TokenKind kind = kind_at(formatter, i);
    if (i > first) put_between(formatter, i - 1, i, distance(kind_at(formatter, i - 1), kind));
    if (kind == TOKEN_LPAREN || kind == TOKEN_LBRACKET)
      put_bracket(formatter, i);
    else
      put_token(formatter, i);
  }
}

/* A list or round bracket as a whole stays on the line of its operator: it has lines of its own. */
static bool is_bracket(const Formatter *formatter, size_t first, size_t end) {
  TokenKind kind = kind_at(formatter, first);
  return (kind == TOKEN_LPAREN || kind == TOKEN_LBRACKET) && last_of(formatter, first) + 1 == end;
}

static size_t operand_end(const Formatter *formatter, size_t first, size_t at, size_t end, Strength strength) {
  for (; at < end; at = last_of(formatter, at) + 1)
    if (strength_at(formatter, first, at) == strength) break;
  return at;
}

void lay_out_expr(Formatter *formatter, size_t first, size_t end, bool alone) {
  Strength strength = weakest(formatter, first, end);
  if (strength == STRENGTH_NONE) {
    put_operand(formatter, first, end);
    return;
  }
  Layout *layout = &formatter->layout;
  layout_put(layout, LAYOUT_OPEN);
  size_t at = operand_end(formatter, first, first, end, strength);
  lay_out_expr(formatter, first, at, false);
  while (at < end) {
    put_between(formatter, at - 1, at, LAYOUT_BLANK);
    put_token(formatter, at);
    size_t next = at + 1;
    at = operand_end(formatter, first, next, end, strength);
    bool beside = is_bracket(formatter, next, at) && !has_comment(formatter, next - 1, next);
    if (!alone && !beside) layout_put(layout, LAYOUT_INDENT);
    put_between(formatter, next - 1, next, beside ? LAYOUT_BLANK : LAYOUT_LINE);
    lay_out_expr(formatter, next, at, false);
    if (!alone && !beside) layout_put(layout, LAYOUT_DEDENT);
  }
  layout_put(layout, LAYOUT_CLOSE);
}

static size_t type_end(const Formatter *formatter, size_t at) {
  return last_of(formatter, kind_at(formatter, at + 1) == TOKEN_LBRACKET ? at + 1 : at) + 1;
}

void put_formal(Formatter *formatter, size_t first, size_t end) {
  size_t type = first + 2, equals = type_end(formatter, type);
  for (size_t i = first; i < equals; i++) {
    if (i > first) put_between(formatter, i - 1, i, i == type ? LAYOUT_BLANK : LAYOUT_TEXT);
    put_token(formatter, i);
  }
  if (equals == end) return;
  put_between(formatter, equals - 1, equals, LAYOUT_BLANK);
  put_token(formatter, equals);
  put_between(formatter, equals, equals + 1, LAYOUT_BLANK);
  lay_out_expr(formatter, equals + 1, end, false);
}

/* One argument of a call, or one formal of a stage: a formal has a type, and a type has no sign in it that an expression would need. */
static void put_item(Formatter *formatter, size_t first, size_t end, bool formals, bool alone) {
  if (kind_at(formatter, first) != TOKEN_LABEL) {
    lay_out_expr(formatter, first, end, alone);
  } else if (formals) {
    put_formal(formatter, first, end);
  } else {
    put_token(formatter, first);
    put_between(formatter, first, first + 1, LAYOUT_TEXT);
    put_token(formatter, first + 1);
    put_between(formatter, first + 1, first + 2, LAYOUT_BLANK);
    lay_out_expr(formatter, first + 2, end, false);
  }
}

static size_t comma_or(const Formatter *formatter, size_t at, size_t end) {
  while (at < end && kind_at(formatter, at) != TOKEN_COMMA) at = last_of(formatter, at) + 1;
  return at;
}

/* `stage NAME (`: the index of the STAGE token would be two before the bracket. */
static bool holds_formals(const Formatter *formatter, size_t open) {
  return open >= 3 && kind_at(formatter, open - 2) == TOKEN_STAGE && kind_at(formatter, open - 3) == TOKEN_NEWLINE;
}

void put_bracket(Formatter *formatter, size_t open) {
  Layout *layout = &formatter->layout;
  size_t close = formatter->tokens[open].match;
  bool list = kind_at(formatter, open) == TOKEN_LBRACKET, formals = holds_formals(formatter, open);
  layout_put(layout, LAYOUT_OPEN);
  put_token(formatter, open);
  layout_put(layout, LAYOUT_INDENT);
  size_t last = open;
  for (size_t at = open + 1; at < close;) {
    size_t end = comma_or(formatter, at, close);
    bool alone = !list && last == open && end == close;
    if (last != open) layout_text(layout, TEXT_LITERAL(","), false);
    put_between(formatter, last, at, last == open ? LAYOUT_SOFT : LAYOUT_LINE);
    put_item(formatter, at, end, formals, alone);
    last = end - 1;
    at = end + 1;
  }
  if (list && last != open) layout_put(layout, LAYOUT_COMMA_IF_BROKEN);
  put_between(formatter, last, close, LAYOUT_TEXT);
  layout_put(layout, LAYOUT_DEDENT);
  if (last != open) layout_put(layout, LAYOUT_SOFT);
  put_token(formatter, close);
  layout_put(layout, LAYOUT_CLOSE);
}
