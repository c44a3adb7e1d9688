/* sent_row.h: what Last.fm is told of a row: its own columns, then what is known of its track. */
#ifndef NARADA_LASTFM_SENT_ROW_H
#define NARADA_LASTFM_SENT_ROW_H

#include "engine/stage.h"

/* Empty, 0 = not known. Texts live as long as the run. */
typedef struct SentRow {
  Text artist, title, album;
  int64_t duration_ms;
  Instant played_at; /* INSTANT_MIN for rows of tracks */
  int64_t ms_played; /* -1 = not known */
  bool is_spoken;    /* an episode or a chapter */
} SentRow;
Status sent_row_read(const StageCall *call, size_t row, SentRow *out, Error *error);

/* The same for names that Last.fm takes for one; arena. */
Text sent_names_key(Arena *arena, Text artist, Text title);

#endif
