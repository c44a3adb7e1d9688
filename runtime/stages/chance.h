/* chance.h: the random numbers of a stage. */
#ifndef NARADA_STAGES_CHANCE_H
#define NARADA_STAGES_CHANCE_H

#include "engine/stage.h"

/* From the stage's `seed`, else from the run's seed and the node, so that two stages of one run do not draw the same
 * numbers. */
Random chance_of(const StageCall *call);

#endif
