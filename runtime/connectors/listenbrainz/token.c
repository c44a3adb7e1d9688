#include "connectors/listenbrainz/token.h"

Status listenbrainz_token_check(Arena *arena, Http *http, Text *user, Error *error) {
  JsonDoc doc;
  HttpCall *call = http_submit(http, &(HttpRequest){.endpoint = ENDPOINT_LISTENBRAINZ_VALIDATE});
  Status status = http_wait(http, call, error);
  if (status) return status;
  const HttpReply *reply = http_reply(call);
  if (reply->outcome != HTTP_DONE) {
    if (error) *error = reply->error;
    status = reply->error.status ? reply->error.status : STATUS_FAILED;
  }
  if (!status) status = http_json(call, arena, &doc, error);
  if (!status) {
    const JsonNode *valid = json_get(doc.root, "valid");
    *user = json_get_text(doc.root, "user_name");
    if (!valid || valid->kind != JSON_TRUE) status = fail(error, STATUS_LOGIN, "", "ListenBrainz does not know this token");
    else if (!user->length) status = fail(error, STATUS_FAILED, "", "ListenBrainz: `listenbrainz.validate` was answered without a user");
  }
  http_release(http, call);
  return status;
}
