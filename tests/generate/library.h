/* library.h: a small random library, made to hit edges: shared names, ties, repeated plays, unknown values, instants on the borders of windows. */
#ifndef NARADA_TESTS_GENERATE_LIBRARY_H
#define NARADA_TESTS_GENERATE_LIBRARY_H

#include "store/store.h"

/* The moment at which generated programs run: 2024-06-15T12:00:00Z. */
#define LIBRARY_NOW INT64_C(1718452800000)

/* Fills an empty store with 0 to 60 tracks, 0 to 400 plays, likes, tags, ratings and the playlists `Mix`, `Morning` and `Empty`. Some libraries are
 * empty. The same seed gives the same library. */
Status generate_library(Store *store, uint64_t seed, Error *error);

#endif
