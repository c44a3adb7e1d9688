/* login.h: the login to Spotify: Authorization Code with PKCE (RFC 7636, RFC 8252) in the person's browser; access tokens of an hour, renewed as they end.
 *
 * A refresh token is good for one renewal, which gives the next one, and dies six months after the person logged in, however often it was renewed. So a
 * renewal is on disk before anything is done with it, and one process renews at a time. Kept in the account's file of credentials.h:
 *   client_id redirect_uri access_token expires_at refresh_token scopes authorized_at user_id refused_at */
#ifndef NARADA_SPOTIFY_LOGIN_H
#define NARADA_SPOTIFY_LOGIN_H

#include "connectors/http/credentials.h"
#include "connectors/http/http.h"
#include "connectors/http/signing.h"

/* What is registered with the application. Spotify takes any port for a loopback address that was registered without one. */
#define SPOTIFY_REDIRECT "http://127.0.0.1/callback"

/* Where a login ends: the address as Spotify knows it, and where to listen for it. */
typedef struct SpotifyRedirect {
  Text uri;
  const char *path;
  int port;     /* 0: none is given */
  bool listens; /* a program here can wait at it; else the address has to be pasted */
} SpotifyRedirect;

/* Refuses what Spotify refuses: http to anything but this machine by its number, `localhost`. Arena. */
Status spotify_redirect_read(Arena *arena, Text uri, SpotifyRedirect *out, Error *error);
/* The same address with a port. Arena. */
Text spotify_redirect_at(Arena *arena, const SpotifyRedirect *redirect, int port);

/* A login that has begun. Texts live in the arena it was begun in. */
typedef struct SpotifyAttempt {
  Text client_id, redirect, state, verifier;
  Text address; /* the page to open */
} SpotifyAttempt;

/* `redirect` with the port. Arena. */
Status spotify_login_begin(Arena *arena, const Http *http, Text client_id, Text redirect, SpotifyAttempt *out, Error *error);
/* The code that came back, or what the person pasted: the whole address, or the code alone. STATUS_REFUSED where Spotify says that there is no login. Arena. */
Status spotify_login_code(const OAuthReturn *returned, Text *code, Error *error);
Status spotify_login_pasted(Arena *arena, const SpotifyAttempt *attempt, Text pasted, Text *code, Error *error);
/* Exchanges the code for tokens and stores them, in the place of those of an older login. */
Status spotify_login_finish(Arena *arena, Http *http, Credentials *credentials, const char *account, const SpotifyAttempt *attempt, Text code, Error *error);

/* What is known of a login without asking Spotify; no secrets. */
typedef struct SpotifyLogin {
  Text client_id, redirect, scopes, user_id; /* "" = unknown */
  bool logged_in;                            /* there is a refresh token */
  Instant authorized_at, ends_at;            /* 0 = unknown */
  Instant refused_at;                        /* Spotify refused the refresh token then; 0 = it did not */
} SpotifyLogin;
Status spotify_login_read(Arena *arena, Credentials *credentials, const char *account, SpotifyLogin *out, Error *error);
/* Six months later, by the calendar in UTC. */
Instant spotify_login_end(Instant authorized_at);
/* From a month before its end: one line that says so and what to do, else "". Arena. */
Text spotify_login_warning(Arena *arena, const SpotifyLogin *login, Instant now);

/* The access token of one account, for the calls of a run. */
typedef struct SpotifyTokens SpotifyTokens;
/* Both are borrowed. Arena. */
SpotifyTokens *spotify_tokens_new(Arena *arena, Credentials *credentials, const char *account);
/* As HttpToken asks for spotify.api; `http` makes the renewal. STATUS_LOGIN: a person has to log in. A login that Spotify refused is kept, marked, and tried
 * again after an hour, since an outage has refused good ones. */
Status spotify_token(SpotifyTokens *tokens, Http *http, Text refused, Text *out, Error *error);
/* A line once that the login in use ends soon, else "". */
Text spotify_tokens_warning(SpotifyTokens *tokens, Arena *arena, Instant now);

#endif
