/* names.h: the names that a program defines, and where it uses them. */
#ifndef NARADA_COMPILER_LSP_NAMES_H
#define NARADA_COMPILER_LSP_NAMES_H

#include "compiler/lsp/document.h"

typedef VEC(Span) SpanList;

/* Whether the place in the document is in, or right behind, the name of a definition or of a use of one. */
bool names_at(const Document *document, uint32_t offset, Span *name, Span *definition);
/* Where the document uses the definition, in its order, each place once; with `declaration` also where it is defined. Arena. */
SpanList names_uses(Arena *arena, const Document *document, Span definition, bool declaration);

#endif
