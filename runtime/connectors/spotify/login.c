#include "connectors/spotify/login.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/random.h"
#include "connectors/spotify/login_int.h"

enum { TOKEN_MOST = 4096, EXPIRES_S = 3600, EXPIRES_MOST_S = 7 * 24 * 3600 };

/* ---- where a login ends ---- */

static bool begins(Text text, const char *with) {
  size_t length = strlen(with);
  return text.length >= length && strncasecmp(text.bytes, with, length) == 0;
}

static Status wrong_redirect(Text uri, const char *why, Error *error) {
  return fail(error, STATUS_USAGE, "", "the redirect URI `" TEXT_FORMAT "` %s; as in %s", TEXT_ARG(uri), why, SPOTIFY_REDIRECT);
}

/* `rest` begins behind the host. */
static Status read_place(Arena *arena, Text rest, SpotifyRedirect *out, Error *error) {
  if (rest.length && rest.bytes[0] == ':') {
    size_t end = 1;
    while (end < rest.length && rest.bytes[end] >= '0' && rest.bytes[end] <= '9' && end < 7) out->port = out->port * 10 + (rest.bytes[end++] - '0');
    if (end == 1 || out->port < 1 || out->port > 65535) return wrong_redirect(out->uri, "has no port from 1 to 65535 behind its colon", error);
    rest.bytes += end;
    rest.length -= end;
  }
  if (rest.length == 0 || rest.bytes[0] != '/') return wrong_redirect(out->uri, "has no path", error);
  out->path = text_copy(arena, rest).bytes;
  out->listens = true;
  return STATUS_OK;
}

Status spotify_redirect_read(Arena *arena, Text uri, SpotifyRedirect *out, Error *error) {
  *out = (SpotifyRedirect){.uri = text_copy(arena, uri), .path = ""};
  for (size_t i = 0; i < uri.length; i++)
    if ((unsigned char)uri.bytes[i] <= 0x20 || (unsigned char)uri.bytes[i] >= 0x7f || strchr("?#\"<>\\^`{|}", uri.bytes[i]))
      return wrong_redirect(uri, "holds what no such address may hold", error);
  if (begins(uri, "http://127.0.0.1")) return read_place(arena, (Text){uri.bytes + 16, uri.length - 16}, out, error);
  if (begins(uri, "http://localhost")) return wrong_redirect(uri, "says localhost, which Spotify refuses: 127.0.0.1 is the same machine", error);
  if (begins(uri, "https://") || begins(uri, "http://[::1]")) return STATUS_OK; /* somebody else's page, or one we do not listen at */
  return wrong_redirect(uri, "is neither https nor http://127.0.0.1, which is all that Spotify sends a browser to", error);
}

Text spotify_redirect_at(Arena *arena, const SpotifyRedirect *redirect, int port) {
  return text_of(arena_format(arena, "http://127.0.0.1:%d%s", port, redirect->path));
}

/* ---- a login ---- */

static Text all_scopes(Arena *arena) {
  TextBuilder b = {.arena = arena};
  for (size_t i = 0; scope_def(i); i++)
    if (scope_def(i)->service == SERVICE_SPOTIFY) text_append_format(&b, "%s%s", b.length ? " " : "", scope_def(i)->name);
  return text_built(&b);
}

Status spotify_login_begin(Arena *arena, const Http *http, Text client_id, Text redirect, SpotifyAttempt *out, Error *error) {
  uint8_t random[2][OAUTH_RANDOM];
  Status status = random_unguessable(random, sizeof random, error);
  if (status) return status;
  out->client_id = text_copy(arena, client_id);
  out->redirect = text_copy(arena, redirect);
  out->state = base64url(arena, random[0], OAUTH_RANDOM);
  out->verifier = pkce_verifier(arena, random[1]);
  const HttpParam params[] = {
      {"client_id", out->client_id},
      {"redirect_uri", out->redirect},
      {"state", out->state},
      {"scope", all_scopes(arena)},
      {"code_challenge", pkce_challenge(arena, out->verifier)},
  };
  out->address = http_address(http, arena, ENDPOINT_SPOTIFY_AUTHORIZE, params, sizeof params / sizeof *params);
  return STATUS_OK;
}

/* RFC 6749, appendix A: printable, and no space. */
static bool is_token(Text text) {
  for (size_t i = 0; i < text.length; i++)
    if (text.bytes[i] <= 0x20 || text.bytes[i] >= 0x7f) return false;
  return text.length > 0 && text.length <= TOKEN_MOST;
}

Status spotify_login_code(const OAuthReturn *returned, Text *code, Error *error) {
  *code = returned->code;
  if (text_is(returned->error, "access_denied")) return fail(error, STATUS_REFUSED, "", "the page was left without agreeing: there is no login");
  if (returned->error.length)
    return fail(error, STATUS_FAILED, "", "Spotify gave no login: %.*s", (int)(returned->error.length > 100 ? 100 : returned->error.length), returned->error.bytes);
  return is_token(*code) ? STATUS_OK : fail(error, STATUS_FAILED, "", "the address holds no code of a login");
}

static bool is_around(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '"' || c == '\'' || c == '<' || c == '>';
}

Status spotify_login_pasted(Arena *arena, const SpotifyAttempt *attempt, Text pasted, Text *code, Error *error) {
  OAuthReturn returned;
  while (pasted.length && is_around(pasted.bytes[0])) pasted.bytes++, pasted.length--;
  while (pasted.length && is_around(pasted.bytes[pasted.length - 1])) pasted.length--;
  *code = (Text){0};
  if (pasted.length == 0) return fail(error, STATUS_USAGE, "", "nothing was pasted; the address that the browser ends at is wanted");
  const char *mark = memchr(pasted.bytes, '?', pasted.length);
  if (!mark && is_token(pasted) && !memchr(pasted.bytes, ':', pasted.length) && !memchr(pasted.bytes, '=', pasted.length)) {
    *code = text_copy(arena, pasted);
    return STATUS_OK;
  }
  if (strstr(text_copy(arena, pasted).bytes, "response_type="))
    return fail(error, STATUS_USAGE, "", "this is the address to open; wanted is the one that the browser ends at after you agreed, with `code=` in it");
  if (!oauth_read_return(arena, pasted, attempt->state, &returned))
    return fail(error, STATUS_USAGE, "", "this is no answer to this login: the `state` in it is not the one that was asked with; open the address above once more");
  return spotify_login_code(&returned, code, error);
}

/* ---- tokens ---- */

Instant spotify_read_instant(Text text) {
  Instant instant = 0;
  JsonNode seconds = {.kind = JSON_STRING, .text = text};
  if (json_whole(&seconds, &instant) && instant > 0 && instant < INSTANT_MAX / 1000) return instant * 1000; /* as `date +%s` tells it */
  return text.length && instant_parse(text, (Zone){"UTC"}, &instant, NULL) == STATUS_OK ? instant : 0;
}

Status spotify_read_grant(const HttpCall *call, Arena *arena, Instant now, SpotifyGrant *out, Error *error) {
  JsonDoc doc;
  int64_t seconds = EXPIRES_S;
  *out = (SpotifyGrant){0};
  Status status = http_json(call, arena, &doc, error);
  if (status) return status;
  out->access = json_get_text(doc.root, "access_token");
  out->refresh = json_get_text(doc.root, "refresh_token");
  out->scopes = json_get_text(doc.root, "scope");
  Text type = json_get_text(doc.root, "token_type");
  if (!is_token(out->access) || (out->refresh.length && !is_token(out->refresh)))
    return fail(error, STATUS_FAILED, "", "Spotify: `%s` was answered without a usable token", endpoint_def(http_endpoint(call))->name);
  if (type.length && !(type.length == 6 && strncasecmp(type.bytes, "Bearer", 6) == 0))
    return fail(error, STATUS_FAILED, "", "Spotify: `%s` gave a token of a kind that Narada does not know", endpoint_def(http_endpoint(call))->name);
  const JsonNode *lives = json_get(doc.root, "expires_in");
  if (lives && (!json_whole(lives, &seconds) || seconds < 1 || seconds > EXPIRES_MOST_S)) seconds = EXPIRES_S;
  out->expires_at = now + seconds * 1000;
  return STATUS_OK;
}

Status spotify_login_finish(Arena *arena, Http *http, Credentials *credentials, const char *account, const SpotifyAttempt *attempt, Text code, Error *error) {
  const HttpParam params[] = {
      {"code", code},
      {"redirect_uri", attempt->redirect},
      {"client_id", attempt->client_id},
      {"code_verifier", attempt->verifier},
  };
  HttpCall *call = http_submit(http, &(HttpRequest){.endpoint = ENDPOINT_SPOTIFY_LOGIN, .params = params, .param_count = sizeof params / sizeof *params});
  Status status = http_wait(http, call, error);
  if (status) return status;
  const HttpReply *reply = http_reply(call);
  SpotifyGrant grant;
  Instant now = http_now(http);
  if (reply->outcome == HTTP_DONE) {
    status = spotify_read_grant(call, arena, now, &grant, error);
  } else {
    if (error) *error = reply->error;
    status = reply->error.status;
    if (text_is(reply->code, "invalid_grant"))
      status = fail(error, STATUS_FAILED, "", "Spotify does not accept the code of this login: it is used up, too old or not from this login; begin again");
  }
  if (!status && !grant.refresh.length) status = fail(error, STATUS_FAILED, "", "Spotify gave no refresh token: the login would end in an hour");
  if (!status) status = credentials_lock(credentials, SERVICE_SPOTIFY, account, SPOTIFY_LOCK_MS, error);
  if (!status) {
    const CredentialValue values[] = {
        {"client_id", attempt->client_id},
        {"access_token", grant.access},
        {"expires_at", instant_format(arena, grant.expires_at)},
        {"refresh_token", grant.refresh},
        {"scopes", grant.scopes},
        {"authorized_at", instant_format(arena, now)},
        {"user_id", TEXT_LITERAL("")},
        {"refused_at", TEXT_LITERAL("")},
    };
    status = credentials_save(credentials, SERVICE_SPOTIFY, account, values, sizeof values / sizeof *values, error);
    credentials_unlock(credentials);
  }
  http_release(http, call);
  return status;
}
