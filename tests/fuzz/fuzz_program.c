/* Arbitrary bytes through the whole compiler; what compiles must load again. */
#include <stdlib.h>
#include <string.h>

#include "compiler/compile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Case {
  Arena *arena;
  Text text;
} Case;

static Status compile_case(void *context, Error *error) {
  Case *program = context;
  SourceSet sources = {.arena = program->arena};
  DiagList diags = {.arena = program->arena, .sources = &sources};
  uint32_t source = source_add(&sources, TEXT_LITERAL("fuzz.nrd"), text_copy(program->arena, program->text));
  Compiled compiled;
  Status status = compile_source(program->arena, &sources, source, &diags, &compiled, error);
  if (strcmp(error->code, "N9001") == 0) abort(); /* the compiler contradicts its own verifier */
  return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Case program = {arena_new((size_t)256 << 20), {(const char *)data, size}};
  Error error = {0};
  arena_protect(program.arena, compile_case, &program, &error);
  arena_free(program.arena);
  return 0;
}
