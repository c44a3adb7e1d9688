#include "stages/chance.h"

#include <string.h>

/* Whether the node draws, and was not told the seed. */
static bool is_unseeded(const Plan *plan, uint32_t node) {
  const StageDef *def = plan_stage(plan, node);
  for (uint8_t i = 0; i < def->param_count; i++) {
    if (strcmp(def->params[i].name, "seed") != 0) continue;
    for (uint32_t a = 0; a < plan->nodes[node].arg_count; a++)
      if (plan->nodes[node].args[a].param == i) return false;
    return true;
  }
  return false;
}

/* Counted among the unseeded stages only: the compiler keeps these and their order, whatever else it makes of a program. */
static uint64_t chance_number(const StageCall *call) {
  uint64_t number = 1;
  for (uint32_t node = 0; node < call->node; node++) number += is_unseeded(call->run->plan, node);
  return number;
}

Random chance_of(const StageCall *call) {
  if (call_given(call, "seed")) return random_seeded((uint64_t)call_int(call, "seed", 0) + call->group * CHANCE_GROUP);
  /* random_seeded spreads neighbouring seeds; a multiple of the golden ratio keeps stages of neighbouring run seeds
   * apart. */
  Random of_run = random_seeded(call->run->seed);
  return random_seeded(random_next(&of_run) + UINT64_C(0x9E3779B97F4A7C15) * chance_number(call) + call->group * CHANCE_GROUP);
}
