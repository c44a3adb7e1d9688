#include <inttypes.h>
#include <stdlib.h>

#include "cli/setup/doctor.h"
#include "cli/store_option.h"
#include "connectors/lastfm/login.h"
#include "connectors/listenbrainz/token.h"
#include "connectors/musicbrainz/contact.h"
#include "connectors/services/accounts.h"
#include "connectors/spotify/login.h"
#include "connectors/spotify/profile.h"

enum { SKEW_NOTE_MS = 5000, SKEW_PROBLEM_MS = 60000 };

static const char *setup_of(Doctor *doctor, Service service) {
  return arena_format(doctor->arena, "narada setup %s", service_def(service)->name);
}

/* Whether the service was away: its calls were tried again since this was asked last. What is refused at once is refused again later. */
static bool was_away(Doctor *doctor) {
  Http *http;
  if (services_http(doctor->services, &http, NULL) != STATUS_OK) return false;
  uint64_t before = doctor->retries;
  doctor->retries = http_counts(http).retries;
  return doctor->retries > before;
}

/* What a failure asks of a person. */
static void fails(Doctor *doctor, Service service, Status status, const Error *error) {
  const char *next = NULL; /* the message says it */
  bool away = was_away(doctor);
  if (status == STATUS_LOGIN) next = setup_of(doctor, service);
  else if (status == STATUS_BUSY) next = "nothing: what waits goes on by itself";
  else if (status != STATUS_REFUSED) next = away ? arena_format(doctor->arena, "try again later; if it stays so, `%s`", setup_of(doctor, service)) : setup_of(doctor, service);
  doctor_finds(doctor, status == STATUS_BUSY ? FINDING_NOTE : FINDING_PROBLEM, service_def(service)->doc, next, "%s", error->message);
}

/* ---- Spotify ---- */

static void tell_scopes(Doctor *doctor, const SpotifyLogin *login) {
  TextBuilder lacking = {.arena = doctor->arena};
  for (size_t i = 0; scope_def(i); i++) {
    const ScopeDef *scope = scope_def(i);
    if (scope->service != SERVICE_SPOTIFY || scope_granted(login->scopes, text_of(scope->name))) continue;
    text_append_format(&lacking, "%s%s (%s)", lacking.length ? "; " : "", scope->doc, scope->name);
  }
  if (!login->scopes.length) doctor_finds(doctor, FINDING_NOTE, "Spotify", "narada setup spotify", "it is not known what the login allows");
  else if (lacking.length) doctor_finds(doctor, FINDING_NOTE, "Spotify", "narada setup spotify", "the login does not allow: %s", text_built(&lacking).bytes);
  else doctor_finds(doctor, FINDING_OK, "Spotify", NULL, "the login allows all that Narada does");
}

static void tell_regime(Doctor *doctor, const SpotifyRegime *regime) {
  static const char *const words[] = {"not tried yet", "yes", "no"};
  TextBuilder b = {.arena = doctor->arena};
  for (int i = 0; i < CAPABILITY_COUNT; i++) {
    SpotifyKnown known = spotify_regime(regime, (Capability)i);
    const CapabilityDef *def = capability_def((Capability)i);
    text_append_format(&b, "; %s: %s", def->doc, words[known]);
    if (known != SPOTIFY_UNKNOWN && spotify_regime_most(regime, (Capability)i) > 1) text_append_format(&b, " (%d)", spotify_regime_most(regime, (Capability)i));
  }
  doctor_finds(doctor, FINDING_OK, "Spotify", NULL, "the application: %s%s", spotify_regime_name(regime), text_built(&b).bytes);
}

static Status try_spotify(Doctor *doctor, Http *http, Error *error) {
  Credentials *credentials;
  SpotifyRegime *regime;
  SpotifyLogin login;
  SpotifyProfile profile;
  Error unknown;
  Status status = services_credentials(doctor->services, &credentials, error);
  if (status == STATUS_OK) status = services_regime(doctor->services, &regime, error);
  if (status == STATUS_OK) status = spotify_login_read(doctor->arena, credentials, services_account(doctor->services, SERVICE_SPOTIFY), &login, error);
  if (status == STATUS_OK && !doctor->offline) status = spotify_profile(doctor->arena, http, regime, login.scopes, &profile, error);
  if (status != STATUS_OK) return status;
  if (!doctor->offline) spotify_regime_probe(regime, http, &unknown);
  tell_scopes(doctor, &login);
  tell_regime(doctor, regime);
  return STATUS_OK;
}

/* ---- the others ---- */

static Status try_lastfm(Doctor *doctor, Http *http, Error *error) {
  static const char *const names[] = {"api_key", "user", "shared_secret", "session_key"};
  Credentials *credentials;
  Secret values[4];
  Text name;
  int64_t scrobbles;
  Status status = services_credentials(doctor->services, &credentials, error);
  if (status == STATUS_OK) status = credentials_read(credentials, SERVICE_LASTFM, services_account(doctor->services, SERVICE_LASTFM), names, 4, values, error);
  if (status != STATUS_OK) return status;
  LastfmKeys keys = {secret_reveal(values[0]), secret_reveal(values[2])};
  Text session = secret_reveal(values[3]);
  if (session.length && keys.shared_secret.length) status = lastfm_session_check(doctor->arena, http, &keys, session, error);
  if (status == STATUS_OK) status = lastfm_user_check(doctor->arena, http, keys.api_key, secret_reveal(values[1]), &name, &scrobbles, error);
  return status;
}

static Status try_one(Doctor *doctor, Service service, Http *http, Error *error) {
  Text user;
  switch (service) {
    case SERVICE_SPOTIFY: return try_spotify(doctor, http, error);
    case SERVICE_LASTFM: return try_lastfm(doctor, http, error);
    case SERVICE_LISTENBRAINZ: return listenbrainz_token_check(doctor->arena, http, &user, error);
    case SERVICE_MUSICBRAINZ: return musicbrainz_contact_check(doctor->arena, http, error);
    default: return STATUS_OK;
  }
}

static void look_at(Doctor *doctor, Service service) {
  Account account;
  Error error = {0};
  Http *http = NULL;
  const char *name = service_def(service)->doc;
  Status status = account_read(doctor->services, service, &account, &error);
  if (status == STATUS_OK && account.state == ACCOUNT_NONE) {
    doctor_finds(doctor, FINDING_NONE, name, NULL, "%s", account.says.bytes);
    return;
  }
  /* A login that Spotify refused is tried again: an outage has refused good ones. */
  if (status == STATUS_OK && account.state == ACCOUNT_REFUSED && (doctor->offline || service != SERVICE_SPOTIFY)) {
    doctor_finds(doctor, FINDING_PROBLEM, name, setup_of(doctor, service), "%s", account.says.bytes);
    return;
  }
  if (status == STATUS_OK && !doctor->offline) status = services_http(doctor->services, &http, &error);
  uint64_t before = http ? http_counts(http).received : 0;
  size_t found = doctor->findings.count;
  if (status == STATUS_OK && (!doctor->offline || service == SERVICE_SPOTIFY)) status = try_one(doctor, service, http, &error);
  if (http) {
    doctor->asked++;
    doctor->answered += http_counts(http).received > before;
  }
  if (status == STATUS_OK) status = account_read(doctor->services, service, &account, &error);
  if (status != STATUS_OK) {
    fails(doctor, service, status, &error);
    return;
  }
  /* The verdict goes before what it is made of. */
  doctor_finds(doctor, account.state == ACCOUNT_ENDING ? FINDING_NOTE : FINDING_OK, name, NULL, "%s", account.says.bytes);
  Finding verdict = doctor->findings.items[doctor->findings.count - 1];
  for (size_t i = doctor->findings.count - 1; i > found; i--) doctor->findings.items[i] = doctor->findings.items[i - 1];
  doctor->findings.items[found] = verdict;
}

static void look_at_pauses(Doctor *doctor, const Http *http) {
  for (int i = 0; i < LIMIT_COUNT; i++) {
    const LimitDef *limit = limit_def((LimitId)i);
    Instant until = http_closed_until(http, (LimitId)i);
    if (until <= http_now(http) || (limit->parent != LIMIT_NONE && until == http_closed_until(http, limit->parent))) continue;
    doctor_finds(doctor, FINDING_NOTE, service_def(limit->service)->doc, "nothing: what waits goes on then", "has asked for a pause until " TEXT_FORMAT " (`%s`)",
                 TEXT_ARG(instant_format(doctor->arena, until)), limit->name);
  }
}

static void look_at_clock(Doctor *doctor, const Http *http) {
  int64_t ahead;
  if (!http_clock_ahead(http, &ahead)) return;
  const char *by = words_of_ms(doctor->arena, llabs(ahead));
  if (llabs(ahead) <= SKEW_NOTE_MS)
    doctor_finds(doctor, FINDING_OK, "clock", NULL, "agrees with the services'");
  else
    doctor_finds(doctor, llabs(ahead) > SKEW_PROBLEM_MS ? FINDING_PROBLEM : FINDING_NOTE, "clock", "set this machine's clock by the network, as with `timedatectl set-ntp true`",
                 "is %s %s the services': plays get wrong times, and logins seem to end at the wrong moment", by, ahead > 0 ? "ahead of" : "behind");
}

void doctor_services(Doctor *doctor) {
  Http *http;
  for (int i = 0; i < SERVICE_COUNT; i++) look_at(doctor, (Service)i);
  if (doctor->offline) {
    doctor_finds(doctor, FINDING_NOTE, "network", NULL, "no service was asked, as --offline says");
    return;
  }
  if (!doctor->asked || services_http(doctor->services, &http, NULL) != STATUS_OK) return;
  if (!doctor->answered)
    doctor_finds(doctor, FINDING_PROBLEM, "network", "is this machine online? `narada doctor --offline` looks at the rest", "no service answers");
  look_at_pauses(doctor, http);
  look_at_clock(doctor, http);
}
