/* compile.h: from a program's text to a verified plan. */
#ifndef NARADA_COMPILER_COMPILE_H
#define NARADA_COMPILER_COMPILE_H

#include "compiler/source/diag.h"
#include "plan/plan.h"

/* Compiles one source. STATUS_USAGE with everything in `diags` if it does not compile; `error` then says how many errors. `bytes` is the encoded plan
 * (arena), `plan` the same bytes loaded and verified again. `diags` may hold warnings also on success. */
typedef struct Compiled {
  Text bytes;
  Plan *plan;
  const struct Graph *graph; /* for explain */
} Compiled;
/* How a program is compiled; all zero is the way. */
typedef struct CompileOptions {
  bool naive; /* every stage as written, in its place: for comparing */
} CompileOptions;
Status compile_source_with(Arena *arena, SourceSet *sources, uint32_t source, CompileOptions options, DiagList *diags, Compiled *out, Error *error);
Status compile_source(Arena *arena, SourceSet *sources, uint32_t source, DiagList *diags, Compiled *out, Error *error);

/* Parses and checks only. The graph is what could be understood, also if there are mistakes; NULL for a workflow that says no program. */
const struct Graph *compile_check(Arena *arena, SourceSet *sources, uint32_t source, DiagList *diags);
/* The same, and what it would be compiled to: `*out` is all zero where there is nothing, after mistakes or without a destination. */
Status compile_check_plan(Arena *arena, SourceSet *sources, uint32_t source, DiagList *diags, Compiled *out, Error *error);

/* What the program will do, for a person: parameters, steps, why an inserted step is there, effects. */
void explain_program(const Compiled *compiled, const SourceSet *sources, FILE *out);

/* The programs of the library, each with the first line of its text. */
void explain_library(Arena *arena, FILE *out);

#endif
