/* login.h: access to Last.fm (last.fm/api/desktopauth): the key and shared secret of an API account, and a session that its owner allows in the browser. The
 * session lives until it is revoked on Last.fm's page of applications. */
#ifndef NARADA_LASTFM_LOGIN_H
#define NARADA_LASTFM_LOGIN_H

#include "connectors/http/http.h"

typedef struct LastfmKeys {
  Text api_key, shared_secret;
} LastfmKeys;

/* A token, good for an hour, and the page on which its owner allows what it asks for. Shows that key and secret belong together. Arena. */
Status lastfm_login_begin(Arena *arena, Http *http, const LastfmKeys *keys, Text *token, Text *address, Error *error);
/* Whether that has been done. `*done` false: not yet, ask again in some seconds. Arena. */
Status lastfm_login_ask(Arena *arena, Http *http, const LastfmKeys *keys, Text token, bool *done, Text *session_key, Text *user, Error *error);
/* Whether Last.fm still takes the session. */
Status lastfm_session_check(Arena *arena, Http *http, const LastfmKeys *keys, Text session_key, Error *error);
/* Whether the key may read and the user is there; `*scrobbles` -1: Last.fm does not say. Arena. */
Status lastfm_user_check(Arena *arena, Http *http, Text api_key, Text user, Text *name, int64_t *scrobbles, Error *error);

#endif
