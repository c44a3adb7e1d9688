#include "connectors/lastfm/call.h"

#include "connectors/http/signing.h"

static Status want(Services *services, const char *name, Text *out, Error *error) {
  Secret secret;
  Status status = services_want(services, SERVICE_LASTFM, name, &secret, error);
  if (status == STATUS_OK) *out = secret_reveal(secret);
  return status;
}

Status lastfm_account(Services *services, bool writes, LastfmAccount *out, Error *error) {
  *out = (LastfmAccount){{0}, {0}, {0}, {0}};
  Status status = want(services, "api_key", &out->api_key, error);
  if (status == STATUS_OK) status = want(services, "user", &out->user, error);
  if (status == STATUS_OK && writes) status = want(services, "shared_secret", &out->shared_secret, error);
  if (status == STATUS_OK && writes) status = want(services, "session_key", &out->session_key, error);
  return status;
}

HttpCall *lastfm_submit(Http *http, Arena *arena, const LastfmAccount *account, Endpoint endpoint, HttpParam *params, size_t count,
                        void (*done)(void *context, HttpCall *call), void *context) {
  const EndpointDef *def = endpoint_def(endpoint);
  params[count++] = (HttpParam){"api_key", account->api_key};
  if (def->body == FORM_BODY) {
    params[count++] = (HttpParam){"sk", account->session_key};
    params[count] = (HttpParam){"api_sig", lastfm_signature(arena, def->fixed, params, count, account->shared_secret)};
    count++;
  }
  return http_submit(http, &(HttpRequest){.endpoint = endpoint, .params = params, .param_count = count, .done = done, .context = context});
}

bool lastfm_knows_not(const HttpReply *reply) {
  return reply->outcome == HTTP_REFUSED && (text_is(reply->code, "6") || text_is(reply->code, "7"));
}
