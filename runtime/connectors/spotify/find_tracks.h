/* find_tracks.h: tracks on Spotify for rows that come from elsewhere: by their ISRC, else by artist and title.
 *
 * A search is one call a row, so what was found is kept in the store for half a year and what was not for a week, and one run looks for BOUND_SPOTIFY_SOUGHT rows at
 * most. What is found has the row's ISRC, or its artist and its title (see track_names.h), and where both lengths are known they differ by ten seconds at most. */
#ifndef NARADA_SPOTIFY_FIND_TRACKS_H
#define NARADA_SPOTIFY_FIND_TRACKS_H

#include "connectors/services/services.h"
#include "engine/tracks.h"

typedef enum SpotifySought {
  SOUGHT_FOUND,
  SOUGHT_NOWHERE, /* Spotify has no such track */
  SOUGHT_UNNAMED, /* there is neither an ISRC nor artist and title to look for */
  SOUGHT_LATER,   /* more rows than a run looks for */
} SpotifySought;

typedef struct SpotifyWanted {
  TrackClues clues;
  SpotifySought outcome; /* set by the search, with `id` if it was found */
  Text id;
} SpotifyWanted;

/* Waits. A search that fails or is parked fails it all, for a row that could not be looked for is not one that Spotify does not have; what was found until then is
 * kept. Texts are the run's. */
Status spotify_find_tracks(Run *run, Services *services, SpotifyWanted *wanted, size_t count, Error *error);

/* What a destination tells of its rows without an id; `where` begins the line. */
void spotify_tell_sought(Run *run, uint32_t node, const char *where, const SpotifyWanted *wanted, size_t count);

#endif
