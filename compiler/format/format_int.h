/* format_int.h: what the files of the formatter share. Private to compiler/format/. */
#ifndef NARADA_COMPILER_FORMAT_INT_H
#define NARADA_COMPILER_FORMAT_INT_H

#include "compiler/format/layout.h"
#include "compiler/syntax/token.h"

typedef struct Formatter {
  Arena *arena;
  const Source *source;
  const Token *tokens; /* of a source that parses: balanced and without faults */
  Layout layout;
  bool own_filter; /* the program has a stage of that name */
  size_t statement; /* the first token of the one being laid out */
} Formatter;

/* ---- format_comment.c ---- */

typedef struct Comment {
  Text text;       /* with its `#`, without blanks at its end */
  bool beside;     /* stands behind something on its line */
  bool indented;   /* a line of its own that does not begin in the first column */
  bool after_empty; /* an empty line stands before it */
} Comment;

/* What stands between two tokens, [at, end): comments, and nothing else that matters. */
typedef struct Gap {
  const char *at, *end;
  bool line_begun; /* nothing stands before `at` on its line */
  bool empty_line; /* an empty line ended before `at` */
  bool newline;    /* a line ended before `at` since the gap or the last comment began */
} Gap;
Gap gap_between(const Source *source, uint32_t start, uint32_t end);
/* The next comment; false at the end, and then `newline` and `empty_line` tell of what was behind the last one. */
bool gap_next(Gap *gap, Comment *out);
/* Does a line end in the gap? */
bool gap_has_newline(const Source *source, uint32_t start, uint32_t end);
/* Are the comments of both the same, in the same order? */
bool comments_same(const Source *a, const TokenList *a_tokens, const Source *b, const TokenList *b_tokens);

/* ---- format_pieces.c ---- */

static inline TokenKind kind_at(const Formatter *formatter, size_t token) {
  return (TokenKind)formatter->tokens[token].kind;
}
/* The last token of the text or bracket that begins at `token`, else `token`. */
size_t last_of(const Formatter *formatter, size_t token);
/* The token itself; an interpolated text as a whole. */
void put_token(Formatter *formatter, size_t token);
/* What stands between two tokens that are written one behind the other: comments, else LINE, SOFT, BLANK or (TEXT) nothing. */
void put_between(Formatter *formatter, size_t before, size_t after, LayoutKind kind);
bool has_comment(const Formatter *formatter, size_t before, size_t after);
bool has_newline(const Formatter *formatter, size_t before, size_t after);

/* ---- format_expr.c ---- */
/* Tokens [first, end) as an expression. Lines behind its first are further in, unless it stands `alone` in brackets. */
void lay_out_expr(Formatter *formatter, size_t first, size_t end, bool alone);
/* The round or square bracket that opens at `open`, and all in it. */
void put_bracket(Formatter *formatter, size_t open);
/* `name: type = value` */
void put_formal(Formatter *formatter, size_t first, size_t end);

/* ---- format_stage.c ---- */
/* A pipeline, or stages without a source. It breaks the group around it when it was written over several lines. */
void lay_out_pipeline(Formatter *formatter, size_t first, size_t end);
/* The statement [first, end) without its NEWLINE. */
void put_statement(Formatter *formatter, size_t first, size_t end);

#endif
