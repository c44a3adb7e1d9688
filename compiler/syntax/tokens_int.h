/* tokens_int.h: what the files that cut a source into tokens share. Private to compiler/syntax/tokens.c and token_text.c. */
#ifndef NARADA_COMPILER_TOKENS_INT_H
#define NARADA_COMPILER_TOKENS_INT_H

#include "compiler/syntax/lex.h"
#include "compiler/syntax/parse.h"

typedef struct Cutter {
  Arena *arena;
  const Source *source;
  const char *at, *limit;
  TokenList list;
  /* Indices of the open brackets. A hole in a text is two of them, and a text may open at the deepest place. */
  uint32_t open[PARSE_MAX_NESTING + 2 * TOKEN_MAX_HOLES];
  size_t open_count;
  size_t holes;
  uint32_t line;            /* of `at`, from 1 */
  uint32_t token_line;      /* of the last token */
  bool line_ended;          /* a line ended since the last token */
  size_t owed[TOKEN_COUNT]; /* closing brackets that were put in early; the real ones are dropped silently */
} Cutter;

/* ---- tokens.c ---- */
uint32_t token_offset(const Cutter *cutter, const char *at);
Token *token_add(Cutter *cutter, TokenKind kind, TokenFault fault, const char *start, const char *end);
/* A fault of which nothing is kept; a run of the same is one. */
void token_add_fault(Cutter *cutter, TokenKind kind, TokenFault fault, const char *start, const char *end);
void open_bracket(Cutter *cutter, TokenKind kind, const char *start, const char *end);
/* Closes the innermost bracket with a token of its own kind. */
Token *close_bracket(Cutter *cutter, TokenFault fault, const char *start, const char *end);

/* ---- token_text.c ---- */
/* From behind the opening quote, or behind the `}` of a hole, to the closing quote or the next hole. `quote` is where the text began; `opened` says
 * whether its TEXT_OPEN is already there. */
void cut_text(Cutter *cutter, const char *quote, bool opened);
/* A text in single quotes, from behind the first of them. */
void cut_raw_text(Cutter *cutter, const char *quote);
void cut_comment(Cutter *cutter, const Lexeme *lexeme);
/* The end of the line of `at`, without its newline. */
const char *line_limit(const Cutter *cutter, const char *at);

#endif
