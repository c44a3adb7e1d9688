#include <signal.h>
#include <time.h>

#include "connectors/spotify/login.h"
#include "connectors/spotify/login_int.h"

enum {
  GRACE_MS = 1000,           /* that an interruption leaves the answer of a renewal */
  EARLY_MS = 60000,          /* a token is renewed so long before its end: a call takes its time */
  REFUSED_REST_MS = 3600000, /* before a refused login is tried again */
  LIFE_MONTHS = 6,           /* of a login */
  WARN_MONTHS = 5,
  DAY_MS = 86400000,
};

struct SpotifyTokens {
  Arena *arena;
  Credentials *credentials;
  const char *account;
  Text access; /* "" = not read yet */
  Instant expires_at;
  bool warned;
};

/* ---- what is known of a login ---- */

static Instant add_months(Instant instant, int months) {
  int year, month, day;
  int64_t days = instant / DAY_MS, rest = instant % DAY_MS;
  civil_of_days((int32_t)days, &year, &month, &day);
  year += (month - 1 + months) / 12;
  month = (month - 1 + months) % 12 + 1;
  if (day > days_in_month(year, month)) day = days_in_month(year, month);
  return (int64_t)days_of_civil(year, month, day) * DAY_MS + rest;
}

Instant spotify_login_end(Instant authorized_at) {
  return add_months(authorized_at, LIFE_MONTHS);
}

Status spotify_login_read(Arena *arena, Credentials *credentials, const char *account, SpotifyLogin *out, Error *error) {
  static const char *const names[] = {"client_id", "redirect_uri", "scopes", "user_id", "refresh_token", "authorized_at", "refused_at"};
  Secret values[sizeof names / sizeof *names];
  Status status = credentials_read(credentials, SERVICE_SPOTIFY, account, names, sizeof names / sizeof *names, values, error);
  *out = (SpotifyLogin){0};
  if (status) return status;
  Text *const texts[] = {&out->client_id, &out->redirect, &out->scopes, &out->user_id};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) *texts[i] = text_copy(arena, secret_reveal(values[i]));
  out->logged_in = secret_reveal(values[4]).length > 0;
  Instant authorized = spotify_read_instant(secret_reveal(values[5]));
  if (authorized > 0) {
    out->authorized_at = authorized;
    out->ends_at = spotify_login_end(authorized);
  }
  out->refused_at = spotify_read_instant(secret_reveal(values[6]));
  return STATUS_OK;
}

static Text day_of(Arena *arena, Instant instant) {
  Text text = instant_format(arena, instant);
  return (Text){text.bytes, 10};
}

Text spotify_login_warning(Arena *arena, const SpotifyLogin *login, Instant now) {
  if (!login->logged_in || !login->authorized_at || now < add_months(login->authorized_at, WARN_MONTHS)) return TEXT_LITERAL("");
  Text day = day_of(arena, login->ends_at);
  if (now >= login->ends_at)
    return text_of(arena_format(arena, "the login to Spotify ended on " TEXT_FORMAT ", six months after it was made; `narada setup spotify` makes a new one", TEXT_ARG(day)));
  int64_t days = (login->ends_at - now + DAY_MS - 1) / DAY_MS;
  return text_of(arena_format(arena, "the login to Spotify ends on " TEXT_FORMAT ", in %d day%s, six months after it was made; `narada setup spotify` makes a new one", TEXT_ARG(day),
                              (int)days, days == 1 ? "" : "s"));
}

/* ---- renewing ---- */

/* What a renewal needs, of one reading of the file. */
typedef struct Stored {
  Text client_id, access, refresh;
  Instant expires_at, authorized_at, refused_at;
  Instant renewing_at; /* a renewal began then and has not ended; 0 = none */
} Stored;

SpotifyTokens *spotify_tokens_new(Arena *arena, Credentials *credentials, const char *account) {
  SpotifyTokens *tokens = arena_alloc(arena, sizeof *tokens);
  *tokens = (SpotifyTokens){.arena = arena, .credentials = credentials, .account = account};
  return tokens;
}

static Status read_stored(const SpotifyTokens *tokens, Stored *out, Error *error) {
  static const char *const names[] = {"client_id", "access_token", "refresh_token", "expires_at", "authorized_at", "refused_at", "renewing_at"};
  Secret values[sizeof names / sizeof *names];
  Status status = credentials_read(tokens->credentials, SERVICE_SPOTIFY, tokens->account, names, sizeof names / sizeof *names, values, error);
  if (status) return status;
  *out = (Stored){.client_id = secret_reveal(values[0]),
                  .access = secret_reveal(values[1]),
                  .refresh = secret_reveal(values[2]),
                  .expires_at = spotify_read_instant(secret_reveal(values[3])),
                  .authorized_at = spotify_read_instant(secret_reveal(values[4])),
                  .refused_at = spotify_read_instant(secret_reveal(values[5])),
                  .renewing_at = spotify_read_instant(secret_reveal(values[6]))};
  return STATUS_OK;
}

static bool is_usable(Text access, Instant expires_at, Text refused, Instant now) {
  return access.length && !text_equal(access, refused) && now + EARLY_MS < expires_at;
}

static Status no_login(const SpotifyTokens *tokens, const Stored *stored, Error *error) {
  if (*tokens->account)
    return fail(error, STATUS_LOGIN, "", "nobody is logged in to Spotify as the account `%s`; `narada setup spotify --account spotify=%s` does that",
                text_escaped(tokens->arena, text_of(tokens->account)).bytes, tokens->account);
  if (!stored->client_id.length) return fail(error, STATUS_LOGIN, "", "Narada is not connected to Spotify yet; `narada setup spotify` does that");
  return fail(error, STATUS_LOGIN, "", "nobody is logged in to Spotify; `narada setup spotify` does that");
}

static Status refused_login(Arena *arena, const Stored *stored, Instant now, Error *error) {
  if (stored->authorized_at > 0 && now >= spotify_login_end(stored->authorized_at))
    return fail(error, STATUS_LOGIN, "", "the login to Spotify has ended: it was made on " TEXT_FORMAT ", and Spotify ends each after six months; `narada setup spotify` makes a new one",
                TEXT_ARG(day_of(arena, stored->authorized_at)));
  if (stored->renewing_at > 0)
    return fail(error, STATUS_LOGIN, "",
                "Spotify does not accept the stored login any more: a renewal of it was cut off on " TEXT_FORMAT ", before Spotify's answer was on disk, and Spotify takes each refresh token "
                "once; `narada setup spotify` makes a new one",
                TEXT_ARG(day_of(arena, stored->renewing_at)));
  return fail(error, STATUS_LOGIN, "",
              "Spotify does not accept the stored login any more: it was revoked, or another copy of these credentials has renewed it; `narada setup spotify` makes a new one");
}

static Status save(SpotifyTokens *tokens, const CredentialValue *values, size_t count, Error *error) {
  return credentials_save(tokens->credentials, SERVICE_SPOTIFY, tokens->account, values, count, error);
}

static Status keep_grant(SpotifyTokens *tokens, const SpotifyGrant *grant, Error *error) {
  CredentialValue values[6] = {
      {"access_token", grant->access},
      {"expires_at", instant_format(tokens->arena, grant->expires_at)},
      {"refused_at", TEXT_LITERAL("")},
      {"renewing_at", TEXT_LITERAL("")},
  };
  size_t count = 4;
  if (grant->refresh.length) values[count++] = (CredentialValue){"refresh_token", grant->refresh};
  if (grant->scopes.length) values[count++] = (CredentialValue){"scopes", grant->scopes};
  Status status = save(tokens, values, count, error);
  if (status) fail_context(error, "the renewed login to Spotify could not be stored and is lost; `narada setup spotify` makes a new one");
  return status;
}

static Status judge_renewal(SpotifyTokens *tokens, const HttpCall *call, const Stored *stored, Instant now, SpotifyGrant *grant, Error *error) {
  const HttpReply *reply = http_reply(call);
  if (reply->outcome == HTTP_DONE) return spotify_read_grant(call, tokens->arena, now, grant, error);
  if (text_is(reply->code, "invalid_grant")) {
    Error unmarked; /* without the mark the next run asks Spotify once more, and that is all */
    Text cut_off = stored->renewing_at > 0 ? instant_format(tokens->arena, stored->renewing_at) : TEXT_LITERAL("");
    const CredentialValue marks[] = {{"refused_at", instant_format(tokens->arena, now)}, {"access_token", TEXT_LITERAL("")}, {"renewing_at", cut_off}};
    save(tokens, marks, 3, &unmarked);
    return refused_login(tokens->arena, stored, now, error);
  }
  const CredentialValue answered[] = {{"renewing_at", TEXT_LITERAL("")}};
  Error kept;
  if (reply->status) save(tokens, answered, 1, &kept);
  if (error) *error = reply->error;
  fail_context(error, "the access token could not be renewed");
  return reply->error.status ? reply->error.status : STATUS_FAILED;
}

/* ---- an answer that must not be lost ---- */

/* Signals that end the process wait while a renewal is under way, for its answer is worth the login. */
typedef struct Held {
  sigset_t old;
  const HttpCall *call;
  int64_t since; /* ms; when a signal was seen to wait, 0 = none was */
} Held;

static int64_t monotonic_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void hold_signals(Held *held) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  sigprocmask(SIG_BLOCK, &set, &held->old);
}

static bool is_waiting(const Held *held, int signal, const sigset_t *pending) {
  return sigismember(pending, signal) == 1 && sigismember(&held->old, signal) == 0;
}

/* Whether the answer is there, or somebody wants the process to end and has waited for it long enough. */
static bool is_answered(const void *context) {
  Held *held = (Held *)(uintptr_t)context;
  sigset_t pending;
  if (http_reply(held->call)) return true;
  sigpending(&pending);
  if (!is_waiting(held, SIGINT, &pending) && !is_waiting(held, SIGTERM, &pending) && !is_waiting(held, SIGHUP, &pending)) return false;
  if (!held->since) held->since = monotonic_ms();
  return monotonic_ms() - held->since >= GRACE_MS;
}

/* The lock is held. That a renewal begins is on disk before it does, so that one that was cut off is known as such, and a disk that is full or read-only is
 * noticed before the old refresh token is used up. */
static Status renew(SpotifyTokens *tokens, Http *http, const Stored *stored, Error *error) {
  Instant now = http_now(http);
  if (stored->refused_at > 0 && now >= stored->refused_at && now < stored->refused_at + REFUSED_REST_MS) return refused_login(tokens->arena, stored, now, error);
  const CredentialValue begun[] = {{"renewing_at", instant_format(tokens->arena, stored->renewing_at > 0 ? stored->renewing_at : now)}};
  Status status = save(tokens, begun, 1, error);
  if (status) return status;
  const HttpParam params[] = {{"refresh_token", stored->refresh}, {"client_id", stored->client_id}};
  Held held = {.since = 0};
  hold_signals(&held);
  HttpCall *call = http_submit(http, &(HttpRequest){.endpoint = ENDPOINT_SPOTIFY_REFRESH, .params = params, .param_count = 2});
  held.call = call;
  SpotifyGrant grant;
  status = http_run_until(http, is_answered, &held, error);
  if (!status && !http_reply(call)) status = fail(error, STATUS_FAILED, "", "the access token was not renewed: interrupted");
  if (!status) status = judge_renewal(tokens, call, stored, http_now(http), &grant, error);
  if (!status) status = keep_grant(tokens, &grant, error);
  sigprocmask(SIG_SETMASK, &held.old, NULL);
  if (!status) {
    tokens->access = text_copy(tokens->arena, grant.access);
    tokens->expires_at = grant.expires_at;
  }
  http_release(http, call);
  return status;
}

/* What is stored, if that may still be used. */
static Status take_stored(SpotifyTokens *tokens, Text refused, Instant now, Stored *stored, bool *taken, Error *error) {
  Status status = read_stored(tokens, stored, error);
  *taken = !status && is_usable(stored->access, stored->expires_at, refused, now);
  if (*taken) {
    tokens->access = stored->access;
    tokens->expires_at = stored->expires_at;
  }
  return status;
}

Status spotify_token(SpotifyTokens *tokens, Http *http, Text refused, Text *out, Error *error) {
  Stored stored;
  bool taken = is_usable(tokens->access, tokens->expires_at, refused, http_now(http));
  Status status = STATUS_OK;
  if (!taken) status = take_stored(tokens, refused, http_now(http), &stored, &taken, error);
  if (!status && !taken && !stored.refresh.length) status = no_login(tokens, &stored, error);
  if (!status && !taken) {
    status = credentials_lock(tokens->credentials, SERVICE_SPOTIFY, tokens->account, SPOTIFY_LOCK_MS, error);
    if (status) return status;
    status = take_stored(tokens, refused, http_now(http), &stored, &taken, error);
    if (!status && !taken) status = stored.refresh.length ? renew(tokens, http, &stored, error) : no_login(tokens, &stored, error);
    credentials_unlock(tokens->credentials);
  }
  *out = status ? TEXT_LITERAL("") : tokens->access;
  return status;
}

Text spotify_tokens_warning(SpotifyTokens *tokens, Arena *arena, Instant now) {
  SpotifyLogin login;
  if (tokens->warned || !tokens->access.length || spotify_login_read(arena, tokens->credentials, tokens->account, &login, NULL)) return TEXT_LITERAL("");
  tokens->warned = true;
  return spotify_login_warning(arena, &login, now);
}
