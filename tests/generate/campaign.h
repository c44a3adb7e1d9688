/* campaign.h: many generated programs, each of which must keep a promise. A campaign runs in child processes, so that a crash is a finding like
 * any other: it is told with its seed and index, and with the program made as small as deleting makes it. */
#ifndef NARADA_TESTS_GENERATE_CAMPAIGN_H
#define NARADA_TESTS_GENERATE_CAMPAIGN_H

#include "base/arena.h"
#include "base/text.h"

enum { CAMPAIGN_REASON = 400 };

typedef struct Campaign {
  const char *name;
  const char *unit;      /* what is counted: "programs" */
  size_t shared_size;    /* bytes that all processes share, zeroed: counters */
  uint64_t chunk;        /* programs of one child */
  /* The program of this seed. */
  Text (*make)(Arena *arena, uint64_t seed, void *shared);
  /* Whether the promise is kept; else `why` says what is wrong. Runs in a child. */
  bool (*holds)(Text program, uint64_t seed, void *shared, char why[CAMPAIGN_REASON]);
  /* Prints what was counted and returns whether it is as it should be; `full` unless a single program was asked for. NULL = nothing to say. */
  bool (*summary)(const void *shared, uint64_t count);
} Campaign;

/* `--seed N --from N --count N [--progress N] [--print]`. Exit status 0 without a finding, 1 with one, 2 for wrong usage. */
int campaign_main(const Campaign *campaign, int argc, char **argv);

#endif
