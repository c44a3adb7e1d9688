/* token.h: the user token of ListenBrainz, by which it knows its user. */
#ifndef NARADA_LISTENBRAINZ_TOKEN_H
#define NARADA_LISTENBRAINZ_TOKEN_H

#include "connectors/http/http.h"

/* Whose token the client sends. STATUS_LOGIN: nobody's. Arena. */
Status listenbrainz_token_check(Arena *arena, Http *http, Text *user, Error *error);

#endif
