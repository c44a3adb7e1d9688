/* login_int.h: what logging in and renewing share. */
#ifndef NARADA_SPOTIFY_LOGIN_INT_H
#define NARADA_SPOTIFY_LOGIN_INT_H

#include "connectors/spotify/login.h"

enum { SPOTIFY_LOCK_MS = 120000 }; /* as long as another process may take to renew */

/* A reply of the token endpoint. Texts borrowed from the arena it was read in. */
typedef struct SpotifyGrant {
  Text access, refresh, scopes; /* refresh, scopes: "" = not told, they stay */
  Instant expires_at;
} SpotifyGrant;

Status spotify_read_grant(const HttpCall *call, Arena *arena, Instant now, SpotifyGrant *out, Error *error);
/* "" is 0; what cannot be read too. */
Instant spotify_read_instant(Text text);

#endif
