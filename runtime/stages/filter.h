/* filter.h: what keep and drop share. */
#ifndef NARADA_STAGES_FILTER_H
#define NARADA_STAGES_FILTER_H

#include "engine/stage.h"

/* The rows whose `condition` is `wanted`; counts those dropped while a value was missing. */
const Batch *filter_rows(StageCall *call, bool wanted);

#endif
