/* signing.h: what calls and logins prove themselves with. Pure functions: the same input, the same text. */
#ifndef NARADA_HTTP_SIGNING_H
#define NARADA_HTTP_SIGNING_H

#include "connectors/http/url.h"

/* Last.fm's api_sig (last.fm/api/authspec): MD5 in hexadecimal of all parameters but `format` and `callback`, sorted by name bytewise, name and value put
 * together as they are, then the shared secret. `fixed` are the parameters of the endpoint's row ("method=track.love&format=json"). Arena. */
Text lastfm_signature(Arena *arena, const char *fixed, const HttpParam *params, size_t count, Text shared_secret);

enum { OAUTH_RANDOM = 32, OAUTH_TEXT = 43 }; /* 256 bits, and their length as base64url without padding */

/* RFC 4648, 5, without padding; arena. */
Text base64url(Arena *arena, const void *bytes, size_t length);
/* RFC 7636: the verifier is base64url of 32 random bytes, the challenge that of its SHA-256 (method S256). */
Text pkce_verifier(Arena *arena, const uint8_t random[OAUTH_RANDOM]);
Text pkce_challenge(Arena *arena, Text verifier);

/* What a service sent the browser back with. */
typedef struct OAuthReturn {
  Text code;  /* "" = none */
  Text error; /* such as access_denied; "" = none */
} OAuthReturn;
/* Reads what follows `?` in the address of the page, or the whole address as a person pastes it. False if its state, compared in constant time, is not
 * `state`, or if a parameter stands there twice: then it is none of ours and means nothing. */
bool oauth_read_return(Arena *arena, Text query, Text state, OAuthReturn *out);

#endif
