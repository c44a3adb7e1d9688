#include "stages/chance.h"

Random chance_of(const StageCall *call) {
  if (call_given(call, "seed")) return random_seeded((uint64_t)call_int(call, "seed", 0));
  /* random_seeded spreads neighbouring seeds; a multiple of the golden ratio keeps nodes of neighbouring run seeds
   * apart. */
  Random of_run = random_seeded(call->run->seed);
  return random_seeded(random_next(&of_run) + UINT64_C(0x9E3779B97F4A7C15) * ((uint64_t)call->node + 1));
}
