/* recording_search.h: recordings by ISRC, id or names, many by one Lucene query, since MusicBrainz takes one call a second.
 *
 * One ISRC may stand on several recordings, even of different songs, and one song be there many times: the one with the wanted title is taken, of these one that
 * is at most ten seconds longer or shorter, of these the one released first. */
#ifndef NARADA_MUSICBRAINZ_RECORDING_SEARCH_H
#define NARADA_MUSICBRAINZ_RECORDING_SEARCH_H

#include "connectors/http/http.h"
#include "connectors/musicbrainz/recording.h"

typedef enum SearchBy { BY_ISRC, BY_MBID, BY_NAMES } SearchBy;

typedef struct RecordingWanted {
  Text title, artist;  /* of BY_NAMES; otherwise the title, if known, helps to choose */
  int64_t length_ms;   /* 0 = not known */
  char isrc[ISRC_LENGTH + 1], mbid[MBID_LENGTH + 1];

  bool asked; /* MusicBrainz has answered; without `found` it knows none */
  bool found;
  bool right_title, right_length;
  bool has_released;
  Date released;
  char found_mbid[MBID_LENGTH + 1]; /* not `mbid` where that was merged into another */
  Text folded_title, folded_artist; /* the search's own */
} RecordingWanted;

/* Answers those of `wanted` that were not asked yet, in order. Fails where the calls do not go through; the rest is then not asked. Texts of its own are in
 * `arena`. */
Status recordings_search(Http *http, Arena *arena, SearchBy by, RecordingWanted *const *wanted, size_t count, Error *error);

#endif
