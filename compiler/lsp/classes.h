/* classes.h: what each word of a document is to the eye. */
#ifndef NARADA_COMPILER_LSP_CLASSES_H
#define NARADA_COMPILER_LSP_CLASSES_H

#include "compiler/lsp/document.h"

/* Bits, in the order of class_modifier_name. */
enum {
  MODIFIER_DECLARATION = 1,
  MODIFIER_READONLY = 2,
  MODIFIER_DOCUMENTATION = 4,
  MODIFIER_LIBRARY = 8, /* a word of the language, not of the program */
  MODIFIER_COUNT = 4,
};
const char *class_modifier_name(int bit); /* 0 to MODIFIER_COUNT - 1: "declaration", ... */

typedef enum WordClass {
  CLASS_NONE,
#define CLASS(id, token, modifiers, scope, group) CLASS_##id,
#include "grammar/classes.def"
#undef CLASS
  CLASS_COUNT
} WordClass;
const char *class_token_type(WordClass class); /* "keyword"; several classes may share one */

typedef struct ClassedWord {
  uint32_t start, end; /* in the text; on one line, not empty */
  uint8_t class;       /* WordClass */
  uint8_t modifiers;
} ClassedWord;
typedef VEC(ClassedWord) ClassedWords;

/* Every word of a document with a graph that is of some class, in order; none overlap. Arena. */
ClassedWords classes_of(Arena *arena, const Document *document);

#endif
