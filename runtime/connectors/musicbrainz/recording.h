/* recording.h: a recording as MusicBrainz tells of it, in a search or on its own. */
#ifndef NARADA_MUSICBRAINZ_RECORDING_H
#define NARADA_MUSICBRAINZ_RECORDING_H

#include "base/clock.h"
#include "base/json_doc.h"
#include "base/track_ids.h"

typedef struct Recording {
  char mbid[MBID_LENGTH + 1];
  Text title;        /* borrowed from the reply */
  int64_t length_ms; /* 0 = not known */
  bool has_released;
  Date released;     /* its first release, to the day at most */
  const JsonNode *node;
} Recording;

/* False: it is no recording. The first release is what MusicBrainz says, else the earliest of the releases listed. */
bool recording_read(const JsonNode *node, Recording *out);
/* `isrc` in its one spelling. Servers have given ISRCs as texts and as objects. */
bool recording_has_isrc(const Recording *recording, const char *isrc);
/* Whether the artist is one of those credited, or all of them as one text. `folded` by text_fold. */
bool recording_is_by(const Recording *recording, Arena *arena, Text folded);

#endif
