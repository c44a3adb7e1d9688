/* complete_place.h: where in a program something is being written. */
#ifndef NARADA_COMPILER_LSP_COMPLETE_PLACE_H
#define NARADA_COMPILER_LSP_COMPLETE_PLACE_H

#include "compiler/lsp/document.h"
#include "compiler/syntax/parse.h"

typedef struct CompletePlace {
  uint32_t start;    /* of the word that is being written, which may be empty */
  uint32_t end;      /* what is completed replaces [start, end) */
  Expected expected; /* before it */
  TokenKind previous;
  bool in_from;      /* the source of a pipeline is being written, or its arguments */
  bool in_brackets;  /* within ( or [ of an argument */
  bool at_name;      /* the name of the stage, source or destination itself */
  StageId stage;     /* whose arguments are written; STAGEID_COUNT = none, or one of the program */
  Text stage_name;
  Text option;       /* whose value is written; empty = none */
  size_t positional; /* how many positionals stand before */
  size_t first;      /* index of the token behind the name: the arguments */
  bool has_row;      /* rows arrive here */
  StreamType row;    /* which; ROWS_KIND_COUNT = not known */
} CompletePlace;

/* False if nothing can be said: in a comment, a text, or behind a mistake. Arena. */
bool complete_place(Arena *arena, const Document *document, uint32_t offset, CompletePlace *out);

/* The same for a plain text in double quotes that is being written: what stands before its quote, and [start, end) within the quotes; `closed` tells whether it
 * has its second one. False outside of such a text. */
bool complete_place_in_text(Arena *arena, const Document *document, uint32_t offset, CompletePlace *out, bool *closed);

#endif
