#include "connectors/listenbrainz/user.h"

#include "connectors/listenbrainz/token.h"

Status listenbrainz_user(Services *services, Http *http, Text *out, Error *error) {
  Secret secret;
  bool found = false;
  Status status = services_want(services, SERVICE_LISTENBRAINZ, "token", &secret, error);
  if (status == STATUS_OK) status = services_secret(services, SERVICE_LISTENBRAINZ, "user", &secret, &found, error);
  if (status != STATUS_OK) return status;
  if (!found) return listenbrainz_token_check(services_arena(services), http, out, error);
  *out = secret_reveal(secret);
  return STATUS_OK;
}
