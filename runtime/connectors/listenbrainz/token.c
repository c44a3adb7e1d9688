#include "connectors/listenbrainz/token.h"

Status listenbrainz_token_check(Arena *arena, Http *http, Text *user, Error *error) {
  JsonDoc doc;
  Status status = http_ask(http, &(HttpRequest){.endpoint = ENDPOINT_LISTENBRAINZ_VALIDATE}, arena, &doc, error);
  if (!status) {
    const JsonNode *valid = json_get(doc.root, "valid");
    *user = json_get_text(doc.root, "user_name");
    if (!valid || valid->kind != JSON_TRUE) status = fail(error, STATUS_LOGIN, "", "ListenBrainz does not know this token");
    else if (!user->length) status = fail(error, STATUS_FAILED, "", "ListenBrainz: `listenbrainz.validate` was answered without a user");
  }
  return status;
}
