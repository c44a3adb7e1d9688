/* references.h: what a person writes to say which playlist, album or artist: a link, a URI, an id, or a name. */
#ifndef NARADA_SPOTIFY_REFERENCES_H
#define NARADA_SPOTIFY_REFERENCES_H

#include "base/text.h"

typedef struct SpotifyReference {
  Text id; /* borrowed from what was given; "" = it is a name */
} SpotifyReference;

/* `kind`: "playlist", "album", "artist", "track". STATUS_USAGE for the link of something else, a short link, a link without an id. 22 letters and digits are
 * an id. */
Status spotify_reference(Text given, const char *kind, SpotifyReference *out, Error *error);
/* Where only an id will do: a name is STATUS_USAGE too. */
Status spotify_reference_id(Text given, const char *kind, Text *id, Error *error);

#endif
