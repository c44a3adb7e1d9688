/* track_links.h: the ids of a track in an address: the identifiers and locations of playlist files.
 *
 *   spotify:track:ID  https://open.spotify.com/track/ID    Spotify's id, 22 letters and digits
 *   https://musicbrainz.org/recording/UUID                 MusicBrainz recording id
 *   isrc:CODE  urn:isrc:CODE                               ISRC; hyphens do not count, letters become upper case
 * Schemes and hosts count in any case (RFC 3986). */
#ifndef NARADA_CONNECTORS_FILE_TRACK_LINKS_H
#define NARADA_CONNECTORS_FILE_TRACK_LINKS_H

#include "base/track_ids.h"

typedef enum TrackLinkKind { LINK_OTHER, LINK_SPOTIFY, LINK_MBID, LINK_ISRC } TrackLinkKind;

typedef struct TrackLink {
  TrackLinkKind kind;
  char id[MBID_LENGTH + 1]; /* in its one spelling; empty for LINK_OTHER */
} TrackLink;

TrackLink track_link(Text address);

/* The address that names the id, appended. False, and nothing appended, if the text is no such id: then it could break
 * out of its place. */
bool track_link_append(TextBuilder *builder, TrackLinkKind kind, Text id);

#endif
