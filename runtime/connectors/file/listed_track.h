/* listed_track.h: what a playlist file says of a track, and the formats of such files. */
#ifndef NARADA_CONNECTORS_FILE_LISTED_TRACK_H
#define NARADA_CONNECTORS_FILE_LISTED_TRACK_H

#include "base/clock.h"
#include "base/text.h"

/* Empty texts and numbers below 1 are not known. Borrowed. */
typedef struct ListedTrack {
  Text title, artist, album, isrc, mbid, spotify_id;
  const Text *artists; /* all of them */
  uint32_t artist_count;
  int64_t duration_ms, number; /* on its album */
  bool has_added;
  Instant added; /* to the list */
} ListedTrack;

/* A format: what goes before the tracks, for each of them, and behind them. `scratch` is emptied and used. */
typedef struct ListedFormat {
  const char *extension; /* ".m3u8" */
  void (*begin)(TextBuilder *out, Text name, Text description); /* of the playlist; may be empty */
  void (*track)(TextBuilder *out, TextBuilder *scratch, const ListedTrack *track, bool first);
  void (*end)(TextBuilder *out, bool empty);
} ListedFormat;
extern const ListedFormat listed_m3u, listed_xspf, listed_jspf;

/* The first artist, else all of `artists`; calls `append` for each piece of text. */
void listed_append_artist(TextBuilder *builder, void (*append)(TextBuilder *builder, Text text), const ListedTrack *track);

#endif
