/* track_json.h: the track, episode or local file of a reply of Spotify's, by whatever names and with whatever gaps it comes. */
#ifndef NARADA_SPOTIFY_TRACK_JSON_H
#define NARADA_SPOTIFY_TRACK_JSON_H

#include "base/json_doc.h"
#include "connectors/services/service_rows.h"

enum { SPOTIFY_ARTISTS_MOST = 100, SPOTIFY_ID_LENGTH = 22 };

typedef enum SpotifyThing {
  SPOTIFY_GONE, /* null, or nothing that can be read */
  SPOTIFY_TRACK,
  SPOTIFY_LOCAL, /* a file of the person's own: it has names and no id */
  SPOTIFY_EPISODE,
} SpotifyThing;

/* Texts are borrowed from the reply; empty or -1 = not given. */
typedef struct SpotifyTrack {
  SpotifyThing thing;
  Text id, uri, title, album, released, isrc;
  Text listed_uri; /* what the list itself holds: another than `uri` where the service plays another track in its place */
  Text artists[SPOTIFY_ARTISTS_MOST];
  size_t artist_count;
  int64_t duration_ms, number, popularity;
  bool has_explicit, is_explicit;
} SpotifyTrack;

/* Takes NULL and nodes of any kind. */
void spotify_track_read(const JsonNode *object, SpotifyTrack *out);
/* Of an entry of a playlist, a like or a play: its `item`, or `track` as it was called before. */
const JsonNode *spotify_entry_thing(const JsonNode *entry);
/* "2024-05-01T12:00:00Z"; false: none is given, as with very old entries. */
bool spotify_time(const JsonNode *object, const char *key, Instant *out);
/* Whether the text is an id of Spotify's. */
bool spotify_is_id(Text text);

/* What the track itself says, into the row at hand. */
void spotify_track_row(ServiceRows *rows, const SpotifyTrack *track);

#endif
