/* Generated programs through the formatter and the fixes, which must keep their promises (tests/format/promises.h) whatever the program is. */
#include <inttypes.h>
#include <stdlib.h>

#include "campaign.h"
#include "format/promises.h"
#include "program.h"

typedef struct Counts {
  uint64_t formatted, refused;
} Counts;

static Text make(Arena *arena, uint64_t seed, void *shared) {
  (void)shared;
  unsigned sort = (unsigned)(seed % 4);
  if (sort == 0) return generate_sentence(arena, seed);
  Text program = generate_program(arena, seed, (ProgramOptions){.size = seed / 4 % 8 == 0 ? 4 : 1}, NULL);
  return sort == 1 ? program : mutate_program(arena, program, seed ^ 1, 1 + (unsigned)(seed / 32 % 3));
}

typedef struct Trial {
  Arena *arena;
  Text program;
  Counts *counts;
  const char *wrong;
} Trial;

static Status try_program(void *context, Error *error) {
  Trial *trial = context;
  (void)error;
  bool parses;
  trial->wrong = format_breaks(trial->arena, trial->program, &parses);
  *(parses ? &trial->counts->formatted : &trial->counts->refused) += 1;
  if (!trial->wrong) trial->wrong = fix_breaks(trial->arena, trial->program);
  return STATUS_OK;
}

static bool holds(Text program, uint64_t seed, void *shared, char why[CAMPAIGN_REASON]) {
  (void)seed;
  Trial trial = {.arena = arena_new((size_t)1 << 30), .program = program, .counts = shared};
  Error error = {0};
  Status status = arena_protect(trial.arena, try_program, &trial, &error);
  const char *wrong = status == STATUS_OK ? trial.wrong : error.message;
  if (wrong) snprintf(why, CAMPAIGN_REASON, "%.*s", CAMPAIGN_REASON - 1, wrong);
  arena_free(trial.arena);
  return !wrong;
}

static bool summary(const void *shared, uint64_t count) {
  const Counts *counts = shared;
  printf("%" PRIu64 " formatted, %" PRIu64 " do not parse\n", counts->formatted, counts->refused);
  return count < 1000 || (counts->formatted * 4 > count && counts->refused > 0);
}

int main(int argc, char **argv) {
  static const Campaign campaign = {"narada-campaign-format", "programs", sizeof(Counts), 5000, make, holds, summary};
  return campaign_main(&campaign, argc, argv);
}
