/* profile.h: who is logged in to Spotify. */
#ifndef NARADA_SPOTIFY_PROFILE_H
#define NARADA_SPOTIFY_PROFILE_H

#include "connectors/spotify/regime.h"

typedef struct SpotifyProfile {
  Text user_id, name; /* name "": none is set */
} SpotifyProfile;

/* GET /me, which is also how a login is tried. `regime` learns from it where the `scopes` of the login allow; may be NULL. Arena. */
Status spotify_profile(Arena *arena, Http *http, SpotifyRegime *regime, Text scopes, SpotifyProfile *out, Error *error);

#endif
