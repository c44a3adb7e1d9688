/* call.h: calls of Last.fm on behalf of an account. Reads carry the key of the application; what needs the account is signed. */
#ifndef NARADA_LASTFM_CALL_H
#define NARADA_LASTFM_CALL_H

#include "connectors/services/services.h"

typedef struct LastfmAccount {
  Text api_key, user;
  Text shared_secret, session_key; /* only with `writes` */
} LastfmAccount;

/* From the account's file. STATUS_LOGIN with the command that sets what is missing. */
Status lastfm_account(Services *services, bool writes, LastfmAccount *out, Error *error);
/* Submits with `params` and the account's key; a FORM_BODY endpoint is signed. `params` has room for LASTFM_OWN_PARAMS more. */
enum { LASTFM_OWN_PARAMS = 3 };
HttpCall *lastfm_submit(Http *http, Arena *arena, const LastfmAccount *account, Endpoint endpoint, HttpParam *params, size_t count,
                        void (*done)(void *context, HttpCall *call), void *context);
/* Whether a refusal says that Last.fm does not know the track or the user. */
bool lastfm_knows_not(const HttpReply *reply);

#endif
