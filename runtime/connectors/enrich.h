/* enrich.h: what answers for the columns of a provider. */
#ifndef NARADA_CONNECTORS_ENRICH_H
#define NARADA_CONNECTORS_ENRICH_H

#include "engine/stage.h"

/* For a provider that cannot be asked: the columns numbered by `fill` stay missing and the run says so in a notice, once for each stage. */
Status enrich_unanswered(StageCall *call, Provider provider, Batch *batch, const size_t *fill, size_t count);

#endif
