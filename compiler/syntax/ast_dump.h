/* ast_dump.h: a tree as s-expressions, one statement a line; for tests and for looking. */
#ifndef NARADA_COMPILER_AST_DUMP_H
#define NARADA_COMPILER_AST_DUMP_H

#include "compiler/syntax/ast.h"

/* Arena, NUL-terminated; without spans. The form may change with the tree. */
Text ast_dump(Arena *arena, const Unit *unit);

#endif
