/* parse.h: from text to a tree. */
#ifndef NARADA_COMPILER_PARSE_H
#define NARADA_COMPILER_PARSE_H

#include "compiler/syntax/ast.h"
#include "compiler/source/diag.h"
#include "compiler/syntax/token.h"

enum { PARSE_MAX_NESTING = 64 }; /* brackets, blocks, operators: a tree no deeper than this times a small constant */

/* Parses one source. Always returns a tree; what could not be read is in `diags` (N1 codes) and stands as BAD nodes.
 * Reports every error of the file once, without cascades. */
Unit *parse_unit(Arena *arena, uint32_t source, DiagList *diags);

/* What could follow a text: for completion. */
typedef struct Expected {
  bool can[TOKEN_COUNT];
  TokenList list;
  size_t last; /* index of the last token of the text itself; 0 if there is none */
} Expected;
/* False if a mistake stands before the end, so that nothing is known. The mistakes are told in `diags`. */
bool parse_expected(Arena *arena, uint32_t source, DiagList *diags, Expected *out);

#endif
