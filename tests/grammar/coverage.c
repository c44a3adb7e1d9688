/* Which parts of the grammar the programs of the repository use: coverage [--missed] FILE...
 *
 * Counted are the pairs of a state of the parser and a token that the grammar allows there (a shift or a reduction; tokens that would be mistakes are none).
 * A pair is covered when the parser, in that state, is fed that token: what it is only asked, for messages or for going on after a mistake, does not count.
 * `error` is no token, so going on after a mistake counts by the tokens that follow. The tables are those of the compiler (lemon -c), so a state has one
 * entry for every token it takes. Some pairs can never be met, because LALR(1) merges states that differ in what may follow; they count as missed. */
#include <stdio.h>
#include <string.h>

#include "compiler/syntax/parse.h"

void machine_coverage(FILE *missed, unsigned *covered, unsigned *possible);

enum { LEAST_PERCENT = 90 };

typedef struct Coverage {
  Arena *arena;
  int argc;
  char **argv;
} Coverage;

static Status parse_files(void *context, Error *error) {
  const Coverage *coverage = context;
  for (int i = 0; i < coverage->argc; i++) {
    SourceSet sources = {.arena = coverage->arena};
    DiagList diags = {.arena = coverage->arena, .sources = &sources};
    uint32_t source;
    Status status = source_read(&sources, coverage->argv[i], &source, error);
    if (status != STATUS_OK) return status;
    parse_unit(coverage->arena, source, &diags);
  }
  return STATUS_OK;
}

int main(int argc, char **argv) {
  bool missed = argc > 1 && strcmp(argv[1], "--missed") == 0;
  int first = missed ? 2 : 1;
  Coverage coverage = {arena_new(0), argc - first, argv + first};
  Error error = {0};
  if (arena_protect(coverage.arena, parse_files, &coverage, &error) != STATUS_OK) {
    fprintf(stderr, "coverage: %s\n", error.message);
    return 2;
  }
  unsigned covered, possible;
  machine_coverage(missed ? stdout : NULL, &covered, &possible);
  printf("grammar coverage: %u of %u state-token pairs (%u %%), from %d programs\n", covered, possible, covered * 100 / possible, argc - first);
  arena_free(coverage.arena);
  if (covered * 100 >= possible * LEAST_PERCENT) return 0;
  printf("at least %d %% are wanted: tests/grammar holds programs that fill holes, --missed names the holes\n", LEAST_PERCENT);
  return 1;
}
