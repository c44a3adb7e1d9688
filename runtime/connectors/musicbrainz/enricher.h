/* enricher.h: when recordings were first released, by MusicBrainz. */
#ifndef NARADA_MUSICBRAINZ_ENRICHER_H
#define NARADA_MUSICBRAINZ_ENRICHER_H

#include "connectors/services/enrich_ask.h"

/* By MusicBrainz id or ISRC, else by the names: through ListenBrainz' lookup, which is faster, where there is a token for it, then by a search of MusicBrainz. */
extern const Enricher musicbrainz_enricher;

#endif
