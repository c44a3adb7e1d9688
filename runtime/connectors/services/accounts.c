#include "connectors/services/accounts.h"

#include "connectors/spotify/login.h"

const char *account_state_name(AccountState state) {
  static const char *const names[] = {"none", "ready", "reads", "ending", "refused"};
  return names[state];
}

static Text day_of(Arena *arena, Instant instant) {
  Text text = instant_format(arena, instant);
  return (Text){text.bytes, 10};
}

static void state_is(Account *out, AccountState state, const char *says) {
  out->state = state;
  out->says = text_of(says);
}

static Status read_spotify(Services *services, Credentials *credentials, Account *out, Error *error) {
  Arena *arena = services_arena(services);
  Instant now = services_now(services);
  SpotifyLogin login;
  Status status = spotify_login_read(arena, credentials, services_account(services, SERVICE_SPOTIFY), &login, error);
  if (status != STATUS_OK || !login.client_id.length) return status;
  Text warning = spotify_login_warning(arena, &login, now);
  const char *user = login.user_id.length ? login.user_id.bytes : "somebody";
  out->user = login.user_id;
  out->ends = login.ends_at;
  if (!login.logged_in) {
    state_is(out, ACCOUNT_REFUSED, "an application, but nobody is logged in; `narada setup spotify` does that");
  } else if (login.refused_at) {
    Text day = day_of(arena, login.refused_at);
    state_is(out, ACCOUNT_REFUSED, arena_format(arena, "the login was refused on " TEXT_FORMAT "; `narada setup spotify` makes a new one", TEXT_ARG(day)));
  } else if (warning.length) {
    state_is(out, now >= login.ends_at ? ACCOUNT_REFUSED : ACCOUNT_ENDING, warning.bytes);
  } else if (login.ends_at) {
    Text day = day_of(arena, login.ends_at);
    state_is(out, ACCOUNT_READY, arena_format(arena, "logged in as %s, until " TEXT_FORMAT, user, TEXT_ARG(day)));
  } else {
    state_is(out, ACCOUNT_READY, arena_format(arena, "logged in as %s", user));
  }
  return STATUS_OK;
}

static Status read_lastfm(Services *services, Credentials *credentials, Account *out, Error *error) {
  static const char *const names[] = {"user", "api_key", "session_key", "shared_secret"};
  Arena *arena = services_arena(services);
  Secret values[4];
  Status status = credentials_read(credentials, SERVICE_LASTFM, services_account(services, SERVICE_LASTFM), names, 4, values, error);
  if (status != STATUS_OK || !secret_reveal(values[1]).length) return status;
  out->user = text_copy(arena, secret_reveal(values[0]));
  if (!out->user.length)
    state_is(out, ACCOUNT_REFUSED, "a key, but no user; `narada setup lastfm` asks for the rest");
  else if (secret_reveal(values[2]).length && secret_reveal(values[3]).length)
    state_is(out, ACCOUNT_READY, arena_format(arena, "logged in as %s", out->user.bytes));
  else
    state_is(out, ACCOUNT_READS, arena_format(arena, "reads what %s played; `narada setup lastfm` with the shared secret lets it write too", out->user.bytes));
  return STATUS_OK;
}

/* One value is all there is to it. */
static Status read_one(Services *services, Credentials *credentials, Service service, const char *needed, const char *shown, const char *says, Account *out, Error *error) {
  const char *const names[] = {needed, shown};
  Arena *arena = services_arena(services);
  Secret values[2];
  Status status = credentials_read(credentials, service, services_account(services, service), names, 2, values, error);
  if (status != STATUS_OK || !secret_reveal(values[0]).length) return status;
  out->user = text_copy(arena, secret_reveal(values[1]));
  state_is(out, ACCOUNT_READY, arena_format(arena, "%s %s", says, out->user.length ? out->user.bytes : "somebody"));
  return STATUS_OK;
}

Status account_read(Services *services, Service service, Account *out, Error *error) {
  Credentials *credentials;
  const ServiceDef *def = service_def(service);
  *out = (Account){.user = TEXT_LITERAL("")};
  out->says = text_of(arena_format(services_arena(services), "not set up; `narada setup %s`", def->name));
  Status status = services_credentials(services, &credentials, error);
  if (status != STATUS_OK) return status;
  switch (service) {
    case SERVICE_SPOTIFY: return read_spotify(services, credentials, out, error);
    case SERVICE_LASTFM: return read_lastfm(services, credentials, out, error);
    case SERVICE_LISTENBRAINZ: return read_one(services, credentials, service, "token", "user", "logged in as", out, error);
    case SERVICE_MUSICBRAINZ: return read_one(services, credentials, service, "contact", "contact", "introduces itself with", out, error);
    default: return STATUS_OK;
  }
}
