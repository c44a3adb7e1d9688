/* import_judge.h: what a record says, and whether that can be kept. */
#ifndef NARADA_CONNECTORS_IMPORT_IMPORT_JUDGE_H
#define NARADA_CONNECTORS_IMPORT_IMPORT_JUDGE_H

#include "connectors/import/import_record.h"
#include "store/store.h"

typedef struct ImportItem {
  Text reason; /* why it cannot be kept; empty = it can */
  PlayKind kind;
  Text title, artist, album;            /* artist: the show or book of an episode or chapter */
  Text *artists;                        /* all of them, the first of which is `artist`; NULL = it is the only one that is known */
  size_t artist_count;
  Text spotify_id, isrc, mbid;          /* in their one spelling; empty = not known */
  int64_t ms_played, duration_ms;       /* -1 = not known */
  bool has_time;
  Instant time; /* of a play when it began, of a like or entry when it was made */
} ImportItem;

/* Texts are borrowed from the record or in `arena`. `zone`: of times in tables that do not say it; NULL = UTC. */
void import_judge(Arena *arena, const ImportFormat *format, const ImportRecord *record, const Zone *zone, ImportItem *out);

#endif
