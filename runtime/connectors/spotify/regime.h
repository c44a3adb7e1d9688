/* regime.h: what Spotify lets this application do, found out as it shows and remembered.
 *
 * Applications differ: one with extended quota, or in development mode from before February 2026, reads tracks fifty at a time and searches fifty rows at a
 * time; one in development mode made since then gets 403 for the first and 400 above ten rows. Each is a capability of its own, since Spotify changes them one
 * by one. What was seen stands in the file `spotify-app <client id>` beside the credentials, for all accounts of the application, and is believed for thirty
 * days. A refusal because of too many calls says nothing about any of them. */
#ifndef NARADA_SPOTIFY_REGIME_H
#define NARADA_SPOTIFY_REGIME_H

#include "connectors/http/credentials.h"
#include "connectors/http/http.h"

typedef enum SpotifyKnown { SPOTIFY_UNKNOWN, SPOTIFY_CAN, SPOTIFY_CANNOT } SpotifyKnown;

typedef struct SpotifyRegime SpotifyRegime;

/* Reads what is remembered of the account's application; nothing of another client id, and nothing older than thirty days. A file that cannot be read is as
 * none: it is found out again. `account` and `credentials` are borrowed. Arena. */
SpotifyRegime *spotify_regime_open(Arena *arena, Credentials *credentials, const char *account, Instant now);
SpotifyKnown spotify_regime(const SpotifyRegime *regime, Capability capability);
/* When it was seen; 0 = it was not. */
Instant spotify_regime_seen(const SpotifyRegime *regime, Capability capability);
/* Kept if it is news; a file that cannot be written costs nothing but finding it out again. */
void spotify_regime_learn(SpotifyRegime *regime, Capability capability, bool can);
/* What an ended call tells, if anything: a batch read or a search of `rows` rows that was done or refused. False: it tells nothing. */
bool spotify_regime_heed(SpotifyRegime *regime, const HttpCall *call, int rows);
/* How a profile tells it (GET /me), where `scopes` allow it to. */
bool spotify_regime_of_profile(SpotifyRegime *regime, const JsonNode *profile, Text scopes);
/* Things or rows that one call may name, by CAPABILITY in stdlib/services.def: the smaller number until the larger is known to be allowed. */
int spotify_regime_most(const SpotifyRegime *regime, Capability capability);
/* Removes what is remembered of the application. */
Status spotify_regime_forget(SpotifyRegime *regime, Error *error);
/* Finds out, with two calls, what is not known yet. A failure that tells nothing leaves it so. */
Status spotify_regime_probe(SpotifyRegime *regime, Http *http, Error *error);
/* "development mode", "extended quota, or development mode from before February 2026", or "not known yet". */
const char *spotify_regime_name(const SpotifyRegime *regime);

#endif
