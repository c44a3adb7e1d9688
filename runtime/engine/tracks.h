/* tracks.h: which rows of a run are the same track, whether they come from the store or from a file. */
#ifndef NARADA_ENGINE_TRACKS_H
#define NARADA_ENGINE_TRACKS_H

#include "engine/run.h"

/* What a row from outside the store says of its track. Empty = not known. */
typedef struct TrackClues {
  Text spotify_id;
  Text isrc;
  Text mbid;
  Text title;
  Text artist; /* the first */
  Text album;
  int64_t duration_ms; /* 0 = not known */
} TrackClues;

TrackRegistry *track_registry_new(Run *run);

/* The handle of these clues. If the plan uses the library, the store's track with that Spotify id, else MBID, else the one track with that ISRC,
 * else the one track with that artist and title (folded). Otherwise a handle of this run (< 0), equal for equal keys: the first known of Spotify id, MBID,
 * ISRC, else folded artist and title; 0 if nothing is known. */
Status track_identify(TrackRegistry *registry, const TrackClues *clues, TrackHandle *out, Error *error);
/* What is known of a track: what its rows said of it, as far as the plan deals with web services, and what the store says. For 0, and a handle of the run
 * without clues, everything is empty. Texts live as long as the run. */
Status track_clues(TrackRegistry *registry, TrackHandle track, TrackClues *out, Error *error);

#endif
