/* Single tokens and what stands between them. */
#include "compiler/format/format_int.h"

size_t last_of(const Formatter *formatter, size_t token) {
  size_t match = formatter->tokens[token].match;
  return match > token ? match : token;
}

/* Closing brackets and pipes may begin a line in the first column; what else does is the beginning of a statement. */
static bool hangs(TokenKind kind) {
  return kind != TOKEN_RPAREN && kind != TOKEN_RBRACKET && kind != TOKEN_RBRACE && kind != TOKEN_PIPE;
}

void put_token(Formatter *formatter, size_t token) {
  bool is_text = kind_at(formatter, token) == TOKEN_TEXT_OPEN;
  uint32_t start = formatter->tokens[token].start;
  uint32_t end = formatter->tokens[is_text ? last_of(formatter, token) : token].end;
  Text text = {formatter->source->text.bytes + start, end - start};
  layout_text(&formatter->layout, text, token != formatter->statement && hangs(kind_at(formatter, token)));
}

static Gap gap_of(const Formatter *formatter, size_t before, size_t after) {
  return gap_between(formatter->source, formatter->tokens[before].end, formatter->tokens[after].start);
}

bool has_comment(const Formatter *formatter, size_t before, size_t after) {
  Gap gap = gap_of(formatter, before, after);
  Comment comment;
  return gap_next(&gap, &comment);
}

bool has_newline(const Formatter *formatter, size_t before, size_t after) {
  return gap_has_newline(formatter->source, formatter->tokens[before].end, formatter->tokens[after].start);
}

void put_between(Formatter *formatter, size_t before, size_t after, LayoutKind kind) {
  Layout *layout = &formatter->layout;
  Gap gap = gap_of(formatter, before, after);
  Comment comment;
  bool any = false, hang = hangs(kind_at(formatter, after)) && kind_at(formatter, after - 1) != TOKEN_PIPE;
  while (gap_next(&gap, &comment)) {
    any = true;
    if (!comment.beside) layout_put(layout, LAYOUT_HARD);
    layout_comment(layout, (LayoutOp){.text = comment.text, .trailing = comment.beside, .hang = hang});
    layout_put(layout, LAYOUT_HARD);
  }
  if (!any && kind != LAYOUT_TEXT) layout_put(layout, kind);
}
