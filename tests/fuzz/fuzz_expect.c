/* Arbitrary bytes as a test file: reading them, telling what is wrong with them, and running what is not wrong. */
#include "expect/case_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RUN_MAX_BYTES = 4096, RUN_MAX_CASES = 8 };

static const char program_text[] =
    "param n: int = 3\nfrom library.played | sort plays desc | take n | show | to library.playlist \"x\"\n"
    "from spotify.playlist \"y\" | sort lastfm.plays | to file.csv \"z\"\nfrom file.csv \"w\" | tally artist n: count() | show\n";

typedef struct Case {
  Arena *arena;
  Text text;
  FILE *nowhere;
} Case;

static Status read_and_run(void *context, Error *error) {
  Case *fuzz = context;
  SourceSet sources = {.arena = fuzz->arena};
  DiagList diags = {.arena = fuzz->arena, .sources = &sources}, program_diags = diags;
  uint32_t source = source_add(&sources, TEXT_LITERAL("fuzz.expect"), text_copy(fuzz->arena, fuzz->text));
  Suite *suite = suite_read(fuzz->arena, source, fuzz->text.length % 2, &diags);
  diag_render(&diags, fuzz->nowhere, false);
  if (diags.errors || fuzz->text.length > RUN_MAX_BYTES) return STATUS_OK;
  TestProgram program = {.path = TEXT_LITERAL("fuzz.nrd"), .diags = &program_diags};
  Compiled compiled;
  uint32_t code = source_add(&sources, program.path, text_of(program_text));
  program.status = compile_source(fuzz->arena, &sources, code, &program_diags, &compiled, &program.error);
  if (program.status == STATUS_OK) program.plan = compiled.plan;
  Status status = STATUS_OK;
  for (size_t i = 0; i < suite->cases.count && i < RUN_MAX_CASES && status == STATUS_OK; i++) {
    CaseResult result = {.arena = fuzz->arena};
    status = case_run(suite, &suite->cases.items[i], &program, &result, error);
  }
  return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Case fuzz = {arena_new((size_t)256 << 20), {(const char *)data, size}, fopen("/dev/null", "w")};
  Error error = {0};
  if (fuzz.arena && fuzz.nowhere) arena_protect(fuzz.arena, read_and_run, &fuzz, &error);
  arena_free(fuzz.arena);
  if (fuzz.nowhere) fclose(fuzz.nowhere);
  return 0;
}
