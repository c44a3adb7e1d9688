/* token.h: what the lexer hands to the parser. Bad input is tokens too, so that one path reports everything. */
#ifndef NARADA_COMPILER_TOKEN_H
#define NARADA_COMPILER_TOKEN_H

#include "base/digest.h"
#include "base/vec.h"
#include "compiler/source/source.h"

typedef enum TokenKind {
  TOKEN_NONE, /* the end of the file for the grammar; in a token list: only a fault, not a part of the program */
#define TOKEN(name, text, group) TOKEN_##name,
#include "grammar/tokens.def"
#undef TOKEN
  TOKEN_COUNT
} TokenKind;

typedef enum TokenGroup {
  GROUP_LAYOUT,
  GROUP_NAME,
  GROUP_LITERAL,
  GROUP_KEYWORD,
  GROUP_WORD,
  GROUP_OPERATOR,
  GROUP_PUNCTUATION,
  GROUP_FAULT,
} TokenGroup;

const char *token_text(TokenKind kind); /* from tokens.def */
TokenGroup token_group(TokenKind kind);

/* Why a token is not as it should be. */
typedef enum TokenFault {
  FAULT_NONE,
  FAULT_NOT_UTF8,
  FAULT_NUL,
  FAULT_CHARACTER, /* a sign the language does not use */
  FAULT_INVISIBLE, /* a blank that is neither space nor tab */
  FAULT_SMART_QUOTE,
  FAULT_FOREIGN, /* an operator of another language; the token's kind is what was meant */
  FAULT_SEMICOLON,
  FAULT_NUMBER, /* digits and letters that are no number, percentage or duration */
  FAULT_TEXT_UNCLOSED,
  FAULT_HOLE_UNCLOSED, /* `{` inside a text */
  FAULT_HOLE_NESTING,
  FAULT_UNCLOSED, /* a closing bracket that is not there; `related` is where the bracket was opened */
  FAULT_STRAY,    /* a closing bracket that closes nothing */
  FAULT_MISMATCH, /* a closing bracket of the wrong kind; `related` as above */
  FAULT_NESTING,
} TokenFault;

typedef struct Token {
  uint8_t kind;        /* TokenKind */
  uint8_t fault;       /* TokenFault */
  uint32_t start, end; /* byte offsets in the source */
  uint32_t related;    /* byte offset of the opening bracket or quote, where the fault has one */
  uint32_t match;      /* index of the other bracket, for brackets; 0 = none */
  uint32_t enclosing;  /* index of the innermost open bracket around this token; 0 = none */
} Token;

typedef struct DocLine {
  uint32_t start, end; /* without the marks */
  uint32_t line;
  bool trailing; /* stands behind something on its line */
} DocLine;

/* Brackets are balanced: what the program leaves open is closed by faulty tokens. The first token is a NEWLINE of no
 * length, so index 0 is never a bracket; the last is a TOKEN_NONE without a fault. */
typedef struct TokenList {
  VEC(Token) tokens;
  VEC(DocLine) docs;
  VEC(DocLine) comments; /* the others */
} TokenList;

/* At most this many texts inside texts: "a {"b {c}"}" is two. */
enum { TOKEN_MAX_HOLES = 4, TOKEN_MAX_HOLE_BYTES = 1024 };

/* Cuts a source into tokens; arena. */
TokenList token_list(Arena *arena, const Source *source);
/* What is written, whatever its layout: SHA-256 of the tokens but commas and line ends, one a line. Comments do not count, and `filter` is `keep`, so that
 * `naradac fmt` keeps it. */
Digest source_digest(Arena *arena, const Source *source);

#endif
