/* enricher.h: lastfm.plays, lastfm.global_plays, lastfm.listeners, lastfm.loved: one track.getInfo with the user's name for each track. */
#ifndef NARADA_LASTFM_ENRICHER_H
#define NARADA_LASTFM_ENRICHER_H

#include "connectors/services/enrich_ask.h"

extern const Enricher lastfm_enricher;

#endif
