/* resolve.h: from a row to the store's track that it means, by one tier after another.
 *
 * A tier says which track a row is and how sure it is of that, 0 to 100. The first tier that is sure enough decides; a
 * tier that finds nothing, or is not sure enough, leaves the row to the next. */
#ifndef NARADA_CONNECTORS_LIBRARY_RESOLVE_H
#define NARADA_CONNECTORS_LIBRARY_RESOLVE_H

#include "connectors/library/library.h"

typedef struct Match {
  int64_t track;  /* 0 = none */
  int confidence; /* 0 to 100 */
} Match;

typedef Status ResolveRow(void *tier, size_t row, Match *out, Error *error);
typedef struct ResolveTier {
  ResolveRow *resolve;
  void *tier;
} ResolveTier;

/* Ids that the store knows: the service's own id has the confidence of its mapping, or 100; a MusicBrainz id 95; an ISRC
 * that one track has 95, less one for each second, begun, beyond the first by which the lengths differ, 85 if a length
 * is not known, and 50 if they differ by more than ten seconds: an ISRC may stand on two recordings. */
ResolveTier resolve_by_ids(Run *run, Store *store, const Batch *batch);

#endif
