#include "cli/ask.h"
#include "cli/setup/setup.h"
#include "connectors/http/loopback.h"
#include "connectors/spotify/login.h"
#include "connectors/spotify/profile.h"

enum { CLIENT_ID = 32, BROWSER_MS = 300000 };

static Status check_client_id(Text value, Error *error) {
  bool good = value.length == CLIENT_ID;
  for (size_t i = 0; i < value.length; i++) good = good && ((value.bytes[i] >= '0' && value.bytes[i] <= '9') || (value.bytes[i] >= 'a' && value.bytes[i] <= 'f'));
  return good ? STATUS_OK : fail(error, STATUS_USAGE, "", "a client id has %d digits and letters from a to f; it stands on the application's page", CLIENT_ID);
}

static Status choose_redirect(Setup *setup, SpotifyRedirect *out, Error *error) {
  Secret stored;
  bool found;
  Status status = services_secret(setup->services, SERVICE_SPOTIFY, "redirect_uri", &stored, &found, error);
  if (status != STATUS_OK) return status;
  Text uri = setup->redirect ? text_of(setup->redirect) : secret_reveal(stored).length ? secret_reveal(stored) : TEXT_LITERAL(SPOTIFY_REDIRECT);
  status = spotify_redirect_read(setup->arena, uri, out, error);
  if (status == STATUS_OK && !out->listens && !setup->paste)
    return fail(error, STATUS_USAGE, "", "nobody here can wait at %s; with --paste you copy the address that the browser ends at", out->uri.bytes);
  return status;
}

static void explain(const SpotifyRedirect *redirect) {
  setup_say(
      "Spotify\n"
      "Narada uses an application of your own, which costs nothing; its owner needs Spotify Premium.\n"
      "  1. Open %s and log in.\n"
      "  2. Create app: any name and description; under `Which API` tick Web API.\n"
      "  3. Redirect URI, letter for letter (never localhost): %s\n"
      "  4. If you listen with another account than the owner's: Settings, User Management, add it.\n"
      "  5. Copy the Client ID. The client secret is not needed.\n",
      place_url(PLACE_SPOTIFY_DASHBOARD), redirect->uri.bytes);
}

/* ---- the browser ---- */

static Status wait_for_browser(Loopback *loopback, const SpotifyRedirect *redirect, const SpotifyAttempt *attempt, Text *code, Error *error) {
  OAuthReturn returned;
  setup_say("\nOpen this page in the browser on this machine, and agree:\n\n%s\n\nWaiting for it. Where the browser is on another machine: Ctrl-C, then `narada setup spotify --paste`.",
            attempt->address.bytes);
  Status status = loopback_wait(loopback, redirect->path, attempt->state, BROWSER_MS, &returned, error);
  if (status == STATUS_OK) return spotify_login_code(&returned, code, error);
  if (status == STATUS_BUSY)
    return fail(error, STATUS_BUSY, "", "nobody came back from the browser within %d minutes; `narada setup spotify` begins again, with --paste if the browser is on another machine",
                BROWSER_MS / 60000);
  return status;
}

static Status ask_for_paste(Setup *setup, const SpotifyAttempt *attempt, Text *code, Error *error) {
  Text pasted;
  setup_say(
      "\nOpen this page in any browser, and agree:\n\n%s\n\nThe browser then goes to a page that cannot be shown, or that is not yours. Copy its whole address, which has `code=` in it, and\n"
      "paste it here; it is not shown.",
      attempt->address.bytes);
  for (int tries = 0;; tries++) {
    Status status = ask_line(setup->arena, "Address: ", true, &pasted, error);
    if (status == STATUS_OK) status = spotify_login_pasted(setup->arena, attempt, pasted, code, error);
    if (status != STATUS_USAGE || !ask_terminal() || tries == 2) return status;
    setup_say("%s", error->message);
  }
}

static Status log_in(Setup *setup, const SpotifyRedirect *redirect, Text client_id, Error *error) {
  Loopback *loopback = NULL;
  Http *http;
  SpotifyAttempt attempt;
  Text uri = redirect->uri, code;
  Status status = services_http(setup->services, &http, error);
  if (status == STATUS_OK && !setup->paste) {
    status = loopback_open(setup->arena, redirect->port, &loopback, error);
    if (status == STATUS_OK) uri = spotify_redirect_at(setup->arena, redirect, loopback_port(loopback));
  }
  if (status == STATUS_OK) status = spotify_login_begin(setup->arena, http, client_id, uri, &attempt, error);
  if (status != STATUS_OK) return status;
  status = loopback ? wait_for_browser(loopback, redirect, &attempt, &code, error) : ask_for_paste(setup, &attempt, &code, error);
  if (loopback) loopback_close(loopback);
  if (status == STATUS_OK)
    status = spotify_login_finish(setup->arena, http, setup->credentials, services_account(setup->services, SERVICE_SPOTIFY), &attempt, code, error);
  return status;
}

/* ---- what came of it ---- */

static void say_scopes(const SpotifyLogin *login) {
  for (size_t i = 0; scope_def(i); i++) {
    const ScopeDef *scope = scope_def(i);
    if (scope->service == SERVICE_SPOTIFY && !scope_granted(login->scopes, text_of(scope->name))) setup_say("Not allowed: %s (%s)", scope->doc, scope->name);
  }
}

static void say_regime(const SpotifyRegime *regime) {
  int read = spotify_regime_most(regime, CAPABILITY_SPOTIFY_BATCH_READS), rows = spotify_regime_most(regime, CAPABILITY_SPOTIFY_WIDE_SEARCH);
  setup_say("The application: %s. Tracks are read %d at a time, searches give %d rows a call.", spotify_regime_name(regime), read, rows);
}

static Status try_login(Setup *setup, const SpotifyRedirect *redirect, Error *error) {
  const char *account = services_account(setup->services, SERVICE_SPOTIFY);
  SpotifyLogin login;
  SpotifyProfile profile;
  SpotifyRegime *regime = NULL;
  Http *http;
  Error probed;
  Status status = services_http(setup->services, &http, error);
  if (status == STATUS_OK) status = services_regime(setup->services, &regime, error);
  if (status == STATUS_OK) status = spotify_login_read(setup->arena, setup->credentials, account, &login, error);
  if (status == STATUS_OK) status = spotify_profile(setup->arena, http, regime, login.scopes, &profile, error);
  if (status != STATUS_OK) {
    setup_say("The login is stored, but does not work.");
    return status;
  }
  const CredentialValue values[] = {{"user_id", profile.user_id}, {"redirect_uri", redirect->uri}};
  status = setup_save(setup, SERVICE_SPOTIFY, values, 2, error);
  if (status != STATUS_OK) return status;
  setup_say("Logged in as " TEXT_FORMAT ", until " TEXT_FORMAT ": Spotify ends each login after six months.", TEXT_ARG(profile.name.length ? profile.name : profile.user_id), 10,
            instant_format(setup->arena, login.ends_at).bytes);
  say_scopes(&login);
  if (spotify_regime_probe(regime, http, &probed) == STATUS_OK) say_regime(regime);
  else setup_say("What the application may do is found out later: %s", probed.message);
  return STATUS_OK;
}

Status setup_spotify(Setup *setup, Error *error) {
  static const SetupQuestion question = {SERVICE_SPOTIFY, "client_id", "Client ID", false, false, check_client_id};
  SpotifyRedirect redirect;
  Text client_id;
  Status status = choose_redirect(setup, &redirect, error);
  if (status != STATUS_OK) return status;
  explain(&redirect);
  status = setup_ask(setup, &question, &client_id, error);
  if (status == STATUS_OK) status = log_in(setup, &redirect, client_id, error);
  return status == STATUS_OK ? try_login(setup, &redirect, error) : status;
}
