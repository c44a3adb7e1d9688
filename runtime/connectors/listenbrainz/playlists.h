/* playlists.h: playlists on ListenBrainz: which one is meant, and what is in it. Each comes whole, as JSPF, in one reply. */
#ifndef NARADA_LISTENBRAINZ_PLAYLISTS_H
#define NARADA_LISTENBRAINZ_PLAYLISTS_H

#include "connectors/listenbrainz/track_metadata.h"
#include "connectors/services/services.h"

typedef struct ListenbrainzPlaylist {
  Text mbid;
  Text title; /* "" where only its id or link was given */
} ListenbrainzPlaylist;

/* `given`: a link, an id, or the name of a playlist of the user's own; without `own` also of one made for him. `*found` false: no playlist is called so. Two of
 * one name are STATUS_USAGE, with their links. Arena of `services`. */
Status listenbrainz_find_playlist(Services *services, Http *http, Text given, bool own, ListenbrainzPlaylist *out, bool *found, Error *error);

/* Submits; the reply is read by the next. */
HttpCall *listenbrainz_fetch_playlist(Http *http, const Text *mbid);
/* The tracks of the playlist, a JSON array. `doc` lives as `arena` and `call`. */
Status listenbrainz_playlist_tracks(const HttpCall *call, Arena *arena, JsonDoc *doc, const JsonNode **tracks, Error *error);
/* False for an entry without a recording's id. `added` is INSTANT_MIN where it is not said. */
bool listenbrainz_playlist_track(const JsonNode *node, TrackMetadata *out, Instant *added);

#endif
