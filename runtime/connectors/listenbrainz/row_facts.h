/* row_facts.h: what ListenBrainz is told of a row: its own columns, then what is known of its track. */
#ifndef NARADA_LISTENBRAINZ_ROW_FACTS_H
#define NARADA_LISTENBRAINZ_ROW_FACTS_H

#include "base/track_ids.h"
#include "connectors/library/library.h"

typedef struct RowReader {
  Run *run;
  const Batch *batch;
  size_t title, artist, artists, album, isrc, mbid, spotify_id, duration, service; /* columns; SIZE_MAX = none */
} RowReader;

/* Empty, 0 = not known. Texts live as long as the run, or as the arena given. */
typedef struct RowFacts {
  Text title, artist; /* all artists, ", " between them, where the row has them */
  Text first_artist, album;
  char mbid[MBID_LENGTH + 1], isrc[ISRC_LENGTH + 1];
  Text spotify_id;
  int64_t duration_ms;
  bool on_spotify; /* it was played there */
} RowFacts;

RowReader row_reader(Run *run, const Batch *batch);
Status row_facts(const RowReader *reader, Arena *arena, size_t row, RowFacts *out, Error *error);

#endif
