/* user.h: whose listens and feedback are read. */
#ifndef NARADA_LISTENBRAINZ_USER_H
#define NARADA_LISTENBRAINZ_USER_H

#include "connectors/services/services.h"

/* The user's name: of the credentials, else whose the token is. STATUS_LOGIN without a token. Borrowed from `services`. */
Status listenbrainz_user(Services *services, Http *http, Text *out, Error *error);

#endif
