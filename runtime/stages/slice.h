/* slice.h: consecutive rows of a stream, for take, skip and last. */
#ifndef NARADA_STAGES_SLICE_H
#define NARADA_STAGES_SLICE_H

#include "engine/stage.h"

/* `count` rows from the position `start`; both are within the stream. */
const Batch *slice_rows(StageCall *call, size_t start, size_t count);

#endif
