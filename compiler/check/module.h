/* module.h: the files of one program: the program itself, what it uses, and what they use in turn. */
#ifndef NARADA_COMPILER_MODULE_H
#define NARADA_COMPILER_MODULE_H

#include "base/vec.h"
#include "compiler/syntax/ast.h"
#include "compiler/source/diag.h"

enum {
  PROGRAM_MAX_MODULES = 64, /* files besides the program itself; also what a plan can name */
  PROGRAM_MAX_DEPTH = 16,   /* of modules using modules */
};

typedef struct Module Module;

/* One `use`. */
typedef struct ModuleUse {
  Text alias; /* the name before the dot; empty if there is none, which was told */
  Span alias_span;
  Span span;
  Module *module; /* NULL: it cannot be used, which was told */
} ModuleUse;

struct Module {
  const Unit *unit;
  Text name;   /* in the plan: "std.hidden_gems", or the path relative to the program's folder; empty for the program itself */
  Text prefix; /* of its parameters' flags: "gems.", "mix.gems."; empty for the program itself */
  ModuleUse *uses; /* in the order written */
  size_t use_count;
  const Module *user; /* who used it first; NULL for the program itself */
  Span use_span;      /* where */
  /* While loading. */
  Text folder; /* before the paths in its `use`s; empty or ending in '/' */
  Text key;    /* the same for the same file */
  unsigned depth;
  bool from_library;
  bool open;
};

/* Arena. */
typedef struct Program {
  VEC(Module *) modules; /* the program first, then in the order in which they were found */
} Program;

/* Parses the source and everything it uses. What cannot be used is told in `diags`. */
Program *program_load(Arena *arena, uint32_t source, DiagList *diags);
/* Adds to every message about a module where the program uses it. */
void program_label_uses(const Program *program, DiagList *diags);

#endif
