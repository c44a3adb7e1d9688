#include "stages/chance.h"

#include <string.h>

static bool is_random(const StageDef *def) {
  for (unsigned i = 0; i < def->param_count; i++)
    if (strcmp(def->params[i].name, "seed") == 0) return true;
  return false;
}

/* Counted among the random stages only, so that the numbers stay the same whatever else the plan was made to do. */
static uint64_t chance_number(const StageCall *call) {
  uint64_t number = 1;
  for (uint32_t node = 0; node < call->node; node++) number += is_random(plan_stage(call->run->plan, node));
  return number;
}

Random chance_of(const StageCall *call) {
  if (call_given(call, "seed")) return random_seeded((uint64_t)call_int(call, "seed", 0) + call->group * CHANCE_GROUP);
  /* random_seeded spreads neighbouring seeds; a multiple of the golden ratio keeps stages of neighbouring run seeds
   * apart. */
  Random of_run = random_seeded(call->run->seed);
  return random_seeded(random_next(&of_run) + UINT64_C(0x9E3779B97F4A7C15) * chance_number(call) + call->group * CHANCE_GROUP);
}
