/* Statements, pipelines, and stages with their arguments. */
#include "compiler/format/format_int.h"

enum { STAGES_ON_A_LINE = 3 };

static void put_next(Formatter *formatter, size_t token, LayoutKind distance) {
  put_between(formatter, token - 1, token, distance);
  put_token(formatter, token);
}

static size_t path_end(const Formatter *formatter, size_t at) {
  at++;
  while (kind_at(formatter, at) == TOKEN_DOT) at += 2;
  return at;
}

static void put_path(Formatter *formatter, size_t first, size_t end) {
  put_token(formatter, first);
  for (size_t i = first + 1; i < end; i++) put_next(formatter, i, LAYOUT_TEXT);
}

/* The older name of `keep`. */
static bool is_filter(const Formatter *formatter, size_t first, size_t end) {
  const Token *token = &formatter->tokens[first];
  Text text = {formatter->source->text.bytes + token->start, token->end - token->start};
  return end == first + 1 && text_is(text, "filter") && !formatter->own_filter;
}

/* The end of the argument, option or block that begins at `at`. */
static size_t item_end(const Formatter *formatter, size_t at, size_t end) {
  bool label = kind_at(formatter, at) == TOKEN_LABEL;
  if (label) at += 2;
  if (kind_at(formatter, at) == TOKEN_LBRACE) return last_of(formatter, at) + 1;
  while (at < end && kind_at(formatter, at) != TOKEN_COMMA && kind_at(formatter, at) != TOKEN_LABEL && kind_at(formatter, at) != TOKEN_LBRACE)
    at = last_of(formatter, at) + 1;
  return at;
}

static void put_block(Formatter *formatter, size_t open) {
  Layout *layout = &formatter->layout;
  size_t close = formatter->tokens[open].match;
  layout_put(layout, LAYOUT_OPEN);
  if (has_newline(formatter, open, open + 1) || has_newline(formatter, close - 1, close)) layout_break(layout);
  put_token(formatter, open);
  layout_put(layout, LAYOUT_INDENT);
  put_between(formatter, open, open + 1, LAYOUT_LINE);
  lay_out_pipeline(formatter, open + 1, close);
  put_between(formatter, close - 1, close, LAYOUT_TEXT);
  layout_put(layout, LAYOUT_DEDENT);
  layout_put(layout, LAYOUT_LINE);
  put_token(formatter, close);
  layout_put(layout, LAYOUT_CLOSE);
}

static void put_item(Formatter *formatter, size_t first, size_t end) {
  if (kind_at(formatter, first) == TOKEN_LABEL) {
    put_token(formatter, first);
    put_next(formatter, first + 1, LAYOUT_TEXT);
    first += 2;
    put_between(formatter, first - 1, first, LAYOUT_BLANK);
  }
  if (kind_at(formatter, first) == TOKEN_LBRACE)
    put_block(formatter, first);
  else
    lay_out_expr(formatter, first, end, false);
}

/* Arguments, options, blocks and origins, behind `last` if anything is there. An option on the line of what stands before it needs no comma. */
static void put_items(Formatter *formatter, size_t last, size_t at, size_t end) {
  Layout *layout = &formatter->layout;
  bool first = true;
  bool indented = last && has_comment(formatter, last, at);
  if (indented) layout_put(layout, LAYOUT_INDENT);
  while (at < end) {
    bool comma = kind_at(formatter, at) == TOKEN_COMMA;
    if (comma) at++;
    first = first && !comma; /* of origins, the first is `last` */
    bool option = kind_at(formatter, at) == TOKEN_LABEL;
    bool joined = (!comma && !option) || (last && kind_at(formatter, last) == TOKEN_RBRACE);
    if (!first && !joined && !indented) {
      layout_put(layout, LAYOUT_INDENT);
      indented = true;
    }
    if (option && !first && !joined)
      layout_put(layout, LAYOUT_COMMA_IF_BROKEN);
    else if (comma && !option)
      layout_text(layout, TEXT_LITERAL(","), false);
    if (last) put_between(formatter, last, at, joined || first ? LAYOUT_BLANK : LAYOUT_LINE);
    size_t item = item_end(formatter, at, end);
    put_item(formatter, at, item);
    last = item - 1;
    at = item;
    first = false;
  }
  if (indented) layout_put(layout, LAYOUT_DEDENT);
}

/* `path arguments`, `to path arguments`, or the origins of a pipeline. */
static void put_stage(Formatter *formatter, size_t first, size_t end, bool may_be_filter) {
  Layout *layout = &formatter->layout;
  layout_put(layout, LAYOUT_OPEN);
  size_t at = first;
  if (kind_at(formatter, at) == TOKEN_TO) {
    put_token(formatter, at++);
    put_between(formatter, at - 1, at, LAYOUT_BLANK);
    may_be_filter = false;
  }
  size_t last = 0;
  if (kind_at(formatter, at) != TOKEN_LBRACE) {
    size_t name_end = path_end(formatter, at);
    if (may_be_filter && is_filter(formatter, at, name_end))
      layout_text(layout, TEXT_LITERAL("keep"), true);
    else
      put_path(formatter, at, name_end);
    at = name_end;
    last = name_end - 1;
  }
  if (at < end) put_items(formatter, last, at, end);
  layout_put(layout, LAYOUT_CLOSE);
}

static size_t pipe_or(const Formatter *formatter, size_t at, size_t end) {
  while (at < end && kind_at(formatter, at) != TOKEN_PIPE) at = last_of(formatter, at) + 1;
  return at;
}

void lay_out_pipeline(Formatter *formatter, size_t first, size_t end) {
  Layout *layout = &formatter->layout;
  bool source = kind_at(formatter, first) == TOKEN_FROM;
  size_t stages = source ? 0 : 1, at = pipe_or(formatter, first, end);
  if (source) {
    put_token(formatter, first++);
    put_between(formatter, first - 1, first, LAYOUT_BLANK);
  }
  put_stage(formatter, first, at, !source);
  while (at < end) {
    size_t pipe = at;
    if (has_newline(formatter, pipe - 1, pipe) || has_newline(formatter, pipe, pipe + 1) || ++stages > STAGES_ON_A_LINE) layout_break(layout);
    put_between(formatter, pipe - 1, pipe + 1, LAYOUT_LINE);
    put_token(formatter, pipe);
    layout_put(layout, LAYOUT_BLANK);
    layout_put(layout, LAYOUT_INDENT);
    at = pipe_or(formatter, pipe + 1, end);
    put_stage(formatter, pipe + 1, at, true);
    layout_put(layout, LAYOUT_DEDENT);
  }
}

/* What stands behind the `=` of a `let` or `stage`. */
static void put_body(Formatter *formatter, size_t equals, size_t end, bool stages) {
  Layout *layout = &formatter->layout;
  size_t first = equals + 1;
  if (!stages && kind_at(formatter, first) != TOKEN_FROM) {
    put_between(formatter, equals, first, LAYOUT_BLANK);
    lay_out_expr(formatter, first, end, false);
    return;
  }
  bool several = stages || pipe_or(formatter, first, end) < end;
  layout_put(layout, LAYOUT_OPEN);
  if (several && has_newline(formatter, equals, first)) layout_break(layout);
  layout_put(layout, LAYOUT_INDENT);
  put_between(formatter, equals, first, several ? LAYOUT_LINE : LAYOUT_BLANK);
  lay_out_pipeline(formatter, first, end);
  layout_put(layout, LAYOUT_DEDENT);
  layout_put(layout, LAYOUT_CLOSE);
}

static void put_definition(Formatter *formatter, size_t first, size_t end) {
  bool stage = kind_at(formatter, first) == TOKEN_STAGE;
  size_t at = first + 2;
  put_token(formatter, first);
  put_next(formatter, first + 1, LAYOUT_BLANK);
  if (kind_at(formatter, at) == TOKEN_LPAREN) {
    put_between(formatter, at - 1, at, LAYOUT_TEXT);
    put_bracket(formatter, at);
    at = last_of(formatter, at) + 1;
  }
  put_next(formatter, at, LAYOUT_BLANK);
  put_body(formatter, at, end, stage);
}

void put_statement(Formatter *formatter, size_t first, size_t end) {
  formatter->statement = first;
  Layout *layout = &formatter->layout;
  switch (kind_at(formatter, first)) {
    case TOKEN_FROM:
      layout_put(layout, LAYOUT_OPEN);
      lay_out_pipeline(formatter, first, end);
      layout_put(layout, LAYOUT_CLOSE);
      break;
    case TOKEN_LET:
    case TOKEN_STAGE:
      put_definition(formatter, first, end);
      break;
    case TOKEN_PARAM:
      put_token(formatter, first);
      put_between(formatter, first, first + 1, LAYOUT_BLANK);
      put_formal(formatter, first + 1, end);
      break;
    default: /* `use` and the level */
      put_token(formatter, first);
      for (size_t i = first + 1; i < end; i++) {
        bool dotted = kind_at(formatter, i) == TOKEN_DOT || kind_at(formatter, i - 1) == TOKEN_DOT;
        put_next(formatter, i, dotted ? LAYOUT_TEXT : LAYOUT_BLANK);
      }
      break;
  }
}
