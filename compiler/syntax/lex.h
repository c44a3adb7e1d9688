/* lex.h: the scanner generated from grammar/nrd.re. It knows words and signs; lines and brackets are compiler/syntax/tokens.c.
 */
#ifndef NARADA_COMPILER_LEX_H
#define NARADA_COMPILER_LEX_H

#include "compiler/syntax/token.h"

/* Kinds of a lexeme beyond TokenKind. */
enum {
  LEX_END = TOKEN_COUNT,
  LEX_BLANK,
  LEX_LINE_END,
  LEX_COMMENT,   /* # and what follows on its line, which the caller skips */
  LEX_DOC,       /* ## likewise */
  LEX_QUOTE,     /* " */
  LEX_RAW_QUOTE, /* ' */
  LEX_SEMICOLON,
  LEX_PIECE,  /* inside a text: plain characters or an escape */
  LEX_HOLE,   /* inside a text: { */
  LEX_IGNORE, /* inside a text: a fault to tell, nothing to keep */
};

typedef struct Lexeme {
  int kind; /* TokenKind or one of the above */
  TokenFault fault;
  const char *start, *end;
} Lexeme;

/* The lexeme at `at`; `limit` must point to a NUL byte behind the text. */
Lexeme lex_next(const char *at, const char *limit);
/* The same between the double quotes of a text. */
Lexeme lex_text_next(const char *at, const char *limit);

#endif
