/* program.h: random programs of the language, made from the tables of stdlib, so that a new stage, field or function is used without a word
 * here. The same seed and options give the same program everywhere, as long as the tables are the same. */
#ifndef NARADA_TESTS_GENERATE_PROGRAM_H
#define NARADA_TESTS_GENERATE_PROGRAM_H

#include "base/random.h"
#include "plan/catalogue.h"

/* What the programs made so far contain; add up over many. */
typedef struct ProgramUse {
  uint64_t stages[STAGEID_COUNT];
  uint64_t params[STAGEID_COUNT][STAGE_MAX_PARAMS];
  uint64_t fields[FIELD_COUNT];
  uint64_t windows[FIELD_COUNT]; /* the field with a window */
  uint64_t functions[FUNCTION_ID_COUNT];
} ProgramUse;

/* Which sources a program has. */
typedef enum ProgramOrigin { ORIGIN_ANY, ORIGIN_STORE, ORIGIN_FILES } ProgramOrigin;

typedef struct ProgramOptions {
  unsigned size; /* about how many stages a pipeline has: 1 and more */
  bool local;    /* only what runs without a network on the store and the files of library.h; each result is written */
  ProgramOrigin origin;
} ProgramOptions;

/* A program that should compile (arena, NUL-terminated). `use` may be NULL. */
Text generate_program(Arena *arena, uint64_t seed, ProgramOptions options, ProgramUse *use);

/* A program that follows the grammar and nothing else: names, types and arguments are arbitrary. */
Text generate_sentence(Arena *arena, uint64_t seed);

/* `program` with `count` random changes: tokens deleted, doubled, exchanged and replaced, bytes changed, lines joined, the end cut off, brackets
 * taken away (arena, NUL-terminated). */
Text mutate_program(Arena *arena, Text program, uint64_t seed, unsigned count);

/* Prints what `use` lacks, one line each, and returns how many lines. With `local` only what needs no network counts. */
size_t program_use_gaps(const ProgramUse *use, bool local, FILE *out);
/* Whether a stage runs without a network. */
bool stage_is_local(StageId id);

/* The seed of the `index`-th program of a campaign: neighbours have nothing in common. */
uint64_t program_seed(uint64_t campaign, uint64_t index);

#endif
