/* track_metadata.h: what a listen or a piece of feedback on ListenBrainz says of its track. */
#ifndef NARADA_LISTENBRAINZ_TRACK_METADATA_H
#define NARADA_LISTENBRAINZ_TRACK_METADATA_H

#include "base/json_doc.h"
#include "base/track_ids.h"
#include "connectors/services/service_rows.h"

enum { CREDITED_MOST = 32 };

/* Empty, 0 = not said. Texts are borrowed from the reply. */
typedef struct TrackMetadata {
  Text title, artist, album; /* `artist` as it was submitted: perhaps several in one text */
  Text artists[CREDITED_MOST];
  size_t artist_count;
  char mbid[MBID_LENGTH + 1], isrc[ISRC_LENGTH + 1], spotify_id[MBID_LENGTH + 1];
  int64_t duration_ms, played_ms;
  Text player;
  bool on_spotify; /* it was played there */
} TrackMetadata;

/* `node` is `track_metadata`, of any form. What ListenBrainz mapped the names to is believed before what a player claimed. */
void track_metadata_read(const JsonNode *node, TrackMetadata *out);
/* Sets the fields that a listen and a loved track have in common. */
void track_metadata_rows(ServiceRows *rows, const TrackMetadata *metadata);

#endif
