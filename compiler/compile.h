/* compile.h: from a program's text to a verified plan. */
#ifndef NARADA_COMPILER_COMPILE_H
#define NARADA_COMPILER_COMPILE_H

#include "compiler/diag.h"
#include "plan/plan.h"

/* Compiles one source. STATUS_USAGE with everything in `diags` if it does not compile; `error` then says how many errors. `*bytes` is the encoded plan
 * (arena), `*plan` the same bytes loaded and verified again. `diags` may hold warnings also on success. */
Status compile_source(Arena *arena, SourceSet *sources, uint32_t source, DiagList *diags, Text *bytes, Plan **plan, Error *error);

/* Parses and checks only. */
void compile_check(Arena *arena, SourceSet *sources, uint32_t source, DiagList *diags);

#endif
