/* enricher.h: the columns that Spotify knows: whether a track is liked, and how popular it is. */
#ifndef NARADA_SPOTIFY_ENRICHER_H
#define NARADA_SPOTIFY_ENRICHER_H

#include "connectors/services/enrich_ask.h"

extern const Enricher spotify_enricher;

#endif
