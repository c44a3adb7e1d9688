#include "connectors/lastfm/login.h"

#include "connectors/http/signing.h"

enum { NAME_MOST = 64, KEY_MOST = 64 };

/* The call with one more parameter unless that is empty, signed. */
static Status call_signed(Arena *arena, Http *http, Endpoint endpoint, const LastfmKeys *keys, const char *name, Text value, HttpCall **out, Error *error) {
  HttpParam params[3] = {{"api_key", keys->api_key}};
  size_t count = 1;
  if (value.length) params[count++] = (HttpParam){name, value};
  params[count] = (HttpParam){"api_sig", lastfm_signature(arena, endpoint_def(endpoint)->fixed, params, count, keys->shared_secret)};
  *out = http_submit(http, &(HttpRequest){.endpoint = endpoint, .params = params, .param_count = count + 1});
  return http_wait(http, *out, error);
}

static bool is_word(Text text, size_t most) {
  for (size_t i = 0; i < text.length; i++)
    if (text.bytes[i] <= 0x20 || text.bytes[i] >= 0x7f) return false;
  return text.length > 0 && text.length <= most;
}

Status lastfm_login_begin(Arena *arena, Http *http, const LastfmKeys *keys, Text *token, Text *address, Error *error) {
  HttpCall *call;
  JsonDoc doc;
  Status status = call_signed(arena, http, ENDPOINT_LASTFM_TOKEN, keys, "", TEXT_LITERAL(""), &call, error);
  if (status) return status;
  status = http_judge(http_reply(call), error);
  if (!status) status = http_json(call, arena, &doc, error);
  if (!status) {
    *token = json_get_text(doc.root, "token");
    if (!is_word(*token, KEY_MOST)) status = fail(error, STATUS_FAILED, "", "Last.fm: `lastfm.token` was answered without a token");
  }
  if (!status) {
    const HttpParam params[] = {{"api_key", keys->api_key}, {"token", *token}};
    *address = http_address(http, arena, ENDPOINT_LASTFM_AUTHORIZE, params, 2);
  }
  http_release(http, call);
  return status;
}

static Status read_session(const HttpCall *call, Arena *arena, Text *session_key, Text *user, Error *error) {
  JsonDoc doc;
  Status status = http_json(call, arena, &doc, error);
  if (status) return status;
  const JsonNode *session = json_get(doc.root, "session");
  *session_key = json_get_text(session, "key");
  *user = json_get_text(session, "name");
  if (is_word(*session_key, KEY_MOST) && is_word(*user, NAME_MOST)) return STATUS_OK;
  return fail(error, STATUS_FAILED, "", "Last.fm: `lastfm.session` was answered without a session");
}

Status lastfm_login_ask(Arena *arena, Http *http, const LastfmKeys *keys, Text token, bool *done, Text *session_key, Text *user, Error *error) {
  HttpCall *call;
  *done = false;
  Status status = call_signed(arena, http, ENDPOINT_LASTFM_SESSION, keys, "token", token, &call, error);
  if (status) return status;
  const HttpReply *reply = http_reply(call);
  if (reply->outcome == HTTP_DONE) {
    status = read_session(call, arena, session_key, user, error);
    *done = !status;
  } else if (reply->outcome == HTTP_UNCERTAIN || text_is(reply->code, "14")) {
    /* Not yet; or the answer was lost, and the next one tells what has become of the token. */
  } else if (text_is(reply->code, "15") || text_is(reply->code, "4")) {
    status = fail(error, STATUS_LOGIN, "", "Last.fm has given this login up: it took more than an hour, or was used already; begin again");
  } else {
    status = http_judge(reply, error);
  }
  http_release(http, call);
  return status;
}

/* user.getInfo without a user tells of the session's own. */
Status lastfm_session_check(Arena *arena, Http *http, const LastfmKeys *keys, Text session_key, Error *error) {
  HttpCall *call;
  Status status = call_signed(arena, http, ENDPOINT_LASTFM_USER, keys, "sk", session_key, &call, error);
  if (status) return status;
  status = http_judge(http_reply(call), error);
  http_release(http, call);
  return status;
}

Status lastfm_user_check(Arena *arena, Http *http, Text api_key, Text user, Text *name, int64_t *scrobbles, Error *error) {
  const HttpParam params[] = {{"api_key", api_key}, {"user", user}};
  JsonDoc doc;
  *scrobbles = -1;
  Status status = http_ask(http, &(HttpRequest){.endpoint = ENDPOINT_LASTFM_USER, .params = params, .param_count = 2}, arena, &doc, error);
  if (!status) {
    const JsonNode *found = json_get(doc.root, "user");
    *name = json_get_text(found, "name");
    if (!json_whole(json_get(found, "playcount"), scrobbles)) *scrobbles = -1;
    if (!name->length) status = fail(error, STATUS_FAILED, "", "Last.fm: `lastfm.user` was answered without a user");
  }
  return status;
}
