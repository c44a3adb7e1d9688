/* account.h: what a run knows of the account on Spotify: whose it is, and its playlists. Asked once a run. */
#ifndef NARADA_SPOTIFY_ACCOUNT_H
#define NARADA_SPOTIFY_ACCOUNT_H

#include "connectors/services/services.h"

typedef struct SpotifyPlaylist {
  Text id, name, description, owner, owner_name;
  int64_t size; /* -1 = not told */
  bool own;
  bool writable; /* own, or made together */
} SpotifyPlaylist;

typedef struct SpotifyPlaylists {
  const SpotifyPlaylist *items;
  size_t count;
} SpotifyPlaylists;

/* The id of who is logged in: from the credentials, else the service is asked. */
Status spotify_user(Services *services, Text *out, Error *error);
/* All playlists in the person's library, in its order. Waits for the network the first time. */
Status spotify_playlists(Services *services, SpotifyPlaylists *out, Error *error);
/* Forgets the list, which was changed. */
void spotify_playlists_forget(Services *services);

/* The playlist that a link, URI, id or name means. A name is that of one of the person's own, or, where none is called so and `write` is false, of one they
 * follow: exactly so written, else but for case. `*found` false: it is a name that no playlist has; `error` then holds what to say of it, with the nearest.
 * STATUS_USAGE for a name that several have, with their ids. Of a playlist given by link or id only the id is known. */
Status spotify_find_playlist(Services *services, Text given, bool write, SpotifyPlaylist *out, bool *found, Error *error);

#endif
