#include "connectors/listenbrainz/user.h"

#include "connectors/listenbrainz/token.h"
#include "connectors/services/services_int.h"

Status listenbrainz_user(Services *services, Http *http, Text *out, Error *error) {
  Secret secret;
  bool found = false;
  Status status = services_want(services, SERVICE_LISTENBRAINZ, "token", &secret, error);
  if (status == STATUS_OK) status = services_secret(services, SERVICE_LISTENBRAINZ, "user", &secret, &found, error);
  if (status != STATUS_OK) return status;
  if (!found && !services->listenbrainz_user.length) status = listenbrainz_token_check(services->arena, http, &services->listenbrainz_user, error);
  *out = found ? secret_reveal(secret) : services->listenbrainz_user;
  return status;
}
