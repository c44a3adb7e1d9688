/* write_examples FOLDER: the examples of the reference as programs 001.nrd, 002.nrd, ... Prints a line for each: "run 001 from file.csv", or "compile" for one
 * that needs a service. */
#include <stdio.h>
#include <string.h>

#include "base/input.h"
#include "compiler/compile.h"
#include "compiler/show/reference.h"

typedef struct Writing {
  Arena *arena;
  const char *folder;
} Writing;

static bool needs_service(const Plan *plan) {
  for (uint32_t i = 0; i < plan->effect_count; i++)
    if (connector_def(plan->effects[i].connector)->calls || plan->effects[i].connector == CONNECTOR_SPOTIFY) return true;
  return false;
}

static Status write_one(Writing *writing, const Example *example, size_t number, Error *error) {
  Arena *arena = writing->arena;
  SourceSet sources = {.arena = arena};
  DiagList diags = {.arena = arena, .sources = &sources};
  Compiled compiled;
  Output *output;
  Text program = text_of(arena_format(arena, "%s\n", example->program));
  uint32_t source = source_add(&sources, TEXT_LITERAL("example.nrd"), program);
  Status status = compile_source(arena, &sources, source, &diags, &compiled, error);
  if (status == STATUS_OK) status = output_create(arena, arena_format(arena, "%s/%03zu.nrd", writing->folder, number), &output, error);
  if (status == STATUS_OK) status = output_write(output, program, error);
  if (status == STATUS_OK) status = output_commit(output, error);
  if (status == STATUS_OK) printf("%s %03zu %s\n", needs_service(compiled.plan) ? "compile" : "run", number, example->name);
  return status;
}

static Status write_all(void *context, Error *error) {
  size_t count;
  const Example *examples = reference_examples(&count);
  Status status = STATUS_OK;
  for (size_t i = 0; i < count && status == STATUS_OK; i++) status = write_one(context, &examples[i], i + 1, error);
  return status;
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  Writing writing = {arena_new(0), argv[1]};
  Error error = {0};
  Status status = arena_protect(writing.arena, write_all, &writing, &error);
  if (status != STATUS_OK) fprintf(stderr, "%s\n", error.message);
  arena_free(writing.arena);
  return (int)status;
}
