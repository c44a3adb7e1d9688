/* enricher.h: how often you listened to a track, and whether you love it, by ListenBrainz. */
#ifndef NARADA_LISTENBRAINZ_ENRICHER_H
#define NARADA_LISTENBRAINZ_ENRICHER_H

#include "connectors/services/enrich_ask.h"

/* Whole lists are read, so that a thousand tracks cost no more than one. */
extern const Enricher listenbrainz_enricher;

#endif
