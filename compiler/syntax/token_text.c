/* Texts with their holes, and comments. */
#include <string.h>

#include "compiler/syntax/tokens_int.h"

const char *line_limit(const Cutter *cutter, const char *at) {
  const char *end = memchr(at, '\n', (size_t)(cutter->limit - at));
  return end ? end : cutter->limit;
}

/* The end of the line, or of what a hole that begins at `at` may hold: a long line of holes is not searched for each.
 */
static const char *hole_limit(const Cutter *cutter, const char *at) {
  size_t length = (size_t)(cutter->limit - at);
  if (length > TOKEN_MAX_HOLE_BYTES) length = TOKEN_MAX_HOLE_BYTES;
  const char *end = memchr(at, '\n', length);
  return end ? end : at + length;
}

/* Deeper than is allowed, so that the hole that is one too many is told as such. */
enum { SCAN_MAX_HOLES = 2 * TOKEN_MAX_HOLES };

static const char *hole_end(const char *at, const char *limit, size_t depth);

/* The closing quote of the text whose contents begin at `at`, or NULL. */
static const char *text_end(const char *at, const char *limit, size_t depth) {
  for (; at && at < limit; at++) {
    if (*at == '"') return at;
    if (*at == '\\')
      at++;
    else if (*at == '{')
      at = depth == SCAN_MAX_HOLES ? NULL : hole_end(at + 1, limit, depth + 1);
    if (!at) break;
  }
  return NULL;
}

/* The closing brace of the hole whose contents begin at `at`, or NULL. */
static const char *hole_end(const char *at, const char *limit, size_t depth) {
  for (; at && at < limit; at++) {
    if (*at == '}') return at;
    if (*at == '{') return NULL;
    if (*at == '\'')
      at = memchr(at + 1, '\'', (size_t)(limit - at - 1));
    else if (*at == '"')
      at = text_end(at + 1, limit, depth);
    if (!at) break;
  }
  return NULL;
}

static void add_piece(Cutter *cutter, const char *start, const char *end) {
  if (start < end) token_add(cutter, TOKEN_TEXT_PIECE, FAULT_NONE, start, end);
}

void cut_text(Cutter *cutter, const char *quote, bool opened) {
  const char *start = cutter->at, *bad_hole = NULL;
  TokenFault hole_fault = FAULT_NONE;
  for (;;) {
    Lexeme lexeme = lex_text_next(cutter->at, cutter->limit);
    if (lexeme.kind == LEX_LINE_END || lexeme.kind == LEX_END) {
      if (opened) {
        add_piece(cutter, start, cutter->at);
        close_bracket(cutter, FAULT_TEXT_UNCLOSED, cutter->at, cutter->at);
      } else {
        token_add(cutter, TOKEN_BAD_VALUE, FAULT_TEXT_UNCLOSED, quote, cutter->at)->related = token_offset(cutter, quote);
      }
      return;
    }
    cutter->at = lexeme.end;
    if (lexeme.kind == LEX_IGNORE) {
      token_add_fault(cutter, TOKEN_NONE, lexeme.fault, lexeme.start, lexeme.end);
    } else if (lexeme.kind == LEX_QUOTE) {
      if (bad_hole) token_add(cutter, TOKEN_NONE, hole_fault, bad_hole, bad_hole + 1);
      if (opened) {
        add_piece(cutter, start, lexeme.start);
        close_bracket(cutter, FAULT_NONE, lexeme.start, lexeme.end);
      } else {
        token_add(cutter, TOKEN_TEXT, FAULT_NONE, quote, lexeme.end);
      }
      return;
    } else if (lexeme.kind == LEX_HOLE && !bad_hole) {
      const char *limit = hole_limit(cutter, lexeme.end);
      bool too_deep = cutter->holes == TOKEN_MAX_HOLES;
      if (too_deep || !hole_end(lexeme.end, limit, cutter->holes + 1)) {
        bad_hole = lexeme.start;
        hole_fault = too_deep ? FAULT_HOLE_NESTING : FAULT_HOLE_UNCLOSED;
        continue;
      }
      if (!opened) open_bracket(cutter, TOKEN_TEXT_OPEN, quote, quote + 1);
      add_piece(cutter, start, lexeme.start);
      open_bracket(cutter, TOKEN_HOLE_OPEN, lexeme.start, lexeme.end);
      return;
    }
  }
}

/* Tells bytes that are not text in what is otherwise taken as it is: single-quoted texts and comments. */
static void check_bytes(Cutter *cutter, const char *start, const char *end) {
  size_t at = text_invalid_at((Text){start, (size_t)(end - start)});
  if (start + at == end) return;
  token_add_fault(cutter, TOKEN_NONE, start[at] == '\0' ? FAULT_NUL : FAULT_NOT_UTF8, start + at, start + at + 1);
}

static const char *without_return(const char *start, const char *end) {
  return end > start && end[-1] == '\r' ? end - 1 : end;
}

void cut_raw_text(Cutter *cutter, const char *quote) {
  const char *end = cutter->at;
  while (end < cutter->limit && *end != '\'' && *end != '\n') end++;
  if (end < cutter->limit && *end == '\'') {
    check_bytes(cutter, cutter->at, end);
    cutter->at = end + 1;
    token_add(cutter, TOKEN_TEXT, FAULT_NONE, quote, cutter->at);
  } else {
    cutter->at = without_return(cutter->at, end);
    token_add(cutter, TOKEN_BAD_VALUE, FAULT_TEXT_UNCLOSED, quote, cutter->at)->related = token_offset(cutter, quote);
  }
}

void cut_comment(Cutter *cutter, const Lexeme *lexeme) {
  const char *end = line_limit(cutter, lexeme->end);
  cutter->at = end;
  end = without_return(lexeme->end, end);
  check_bytes(cutter, lexeme->end, end);
  const char *start = lexeme->end;
  if (start < end && *start == ' ') start++;
  while (end > start && (end[-1] == ' ' || end[-1] == '\t')) end--;
  bool trailing = cutter->list.tokens.count > 1 && cutter->token_line == cutter->line;
  DocLine doc = {token_offset(cutter, start), token_offset(cutter, end), cutter->line, trailing};
  if (lexeme->kind == LEX_DOC)
    vec_push(cutter->arena, &cutter->list.docs, doc);
  else
    vec_push(cutter->arena, &cutter->list.comments, doc);
}
