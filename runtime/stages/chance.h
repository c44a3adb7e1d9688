/* chance.h: the random numbers of a stage. */
#ifndef NARADA_STAGES_CHANCE_H
#define NARADA_STAGES_CHANCE_H

#include "engine/stage.h"

/* Keeps the groups of `per` apart; odd, so that no two groups meet. */
#define CHANCE_GROUP UINT64_C(0xD1B54A32D192ED03)

/* From the stage's `seed`, else from the run's seed and the stage's place among the random stages, so that two stages of
 * one run do not draw the same numbers; each group of a `per` draws its own. */
Random chance_of(const StageCall *call);

#endif
