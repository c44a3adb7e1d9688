/* track_entry.h: a track as Last.fm's lists have it. */
#ifndef NARADA_LASTFM_TRACK_ENTRY_H
#define NARADA_LASTFM_TRACK_ENTRY_H

#include "connectors/http/pager.h"

/* Empty, 0 and INSTANT_MIN = not said. The ids that Last.fm calls mbid are left alone: some are of recordings, some of tracks on a release. */
typedef struct TrackEntry {
  Text title, artist, album; /* borrowed from the reply */
  int64_t plays;
  Instant at;       /* when it was scrobbled or loved */
  bool is_playing;  /* is heard just now: no scrobble yet, and not counted among the rows of its page */
} TrackEntry;
void track_entry_read(const JsonNode *node, TrackEntry *out);
/* For pagers: the entry that stands outside of the count. */
bool track_entry_is_playing(void *context, const JsonNode *node);
/* Last.fm has given the list of somebody else now and then: STATUS_FAILED unless `@attr` of the list at `pointer` names `user`. */
Status track_entries_check_user(const JsonNode *reply, const char *pointer, Text user, Error *error);

#endif
