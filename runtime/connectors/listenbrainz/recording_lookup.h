/* recording_lookup.h: MusicBrainz ids of recordings by their names, from ListenBrainz: fifty a call, at many times MusicBrainz's own rate.
 *
 * What is found is remembered in the store for a month, and that nothing was found for a week: the mapping grows. */
#ifndef NARADA_LISTENBRAINZ_RECORDING_LOOKUP_H
#define NARADA_LISTENBRAINZ_RECORDING_LOOKUP_H

#include "base/track_ids.h"
#include "connectors/services/services.h"

typedef enum LookupAnswer { LOOKUP_OPEN, LOOKUP_FOUND, LOOKUP_UNKNOWN } LookupAnswer;

typedef struct RecordingLookup {
  Text title, artist, album; /* album may be empty */
  LookupAnswer answer;       /* LOOKUP_OPEN: it could not be asked */
  char mbid[MBID_LENGTH + 1];
} RecordingLookup;

/* Answers those that are open and have a title and an artist. A failure leaves the rest open: STATUS_BUSY when ListenBrainz sends the run away for long. `run`
 * may be NULL. */
Status listenbrainz_lookup(Services *services, const Run *run, RecordingLookup *lookups, size_t count, Error *error);

#endif
