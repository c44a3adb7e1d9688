#include "cli/setup/setup.h"
#include "cli/store_option.h"
#include "connectors/lastfm/login.h"
#include "connectors/listenbrainz/token.h"
#include "connectors/musicbrainz/contact.h"

enum { POLL_MS = 1000, POLL_MOST_MS = 5000, WAIT_MS = 600000, LASTFM_KEY = 32 };

/* ---- Last.fm ---- */

static Status check_key(Text value, Error *error) {
  bool good = value.length == LASTFM_KEY;
  for (size_t i = 0; i < value.length; i++) good = good && ((value.bytes[i] >= '0' && value.bytes[i] <= '9') || (value.bytes[i] >= 'a' && value.bytes[i] <= 'f'));
  return good ? STATUS_OK : fail(error, STATUS_USAGE, "", "it has %d digits and letters from a to f", LASTFM_KEY);
}

static Status wait_for_page(Setup *setup, Http *http, const LastfmKeys *keys, Text *session_key, Text *user, Error *error) {
  Text token, address;
  HttpClock clock = http_system_clock();
  Status status = lastfm_login_begin(setup->arena, http, keys, &token, &address, error);
  if (status != STATUS_OK) return status;
  setup_say("\nOpen this page in any browser, log in and allow access:\n\n%s\n\nWaiting for it.", address.bytes);
  for (int waited = 0, wait = POLL_MS; waited < WAIT_MS; waited += wait) {
    bool done;
    status = lastfm_login_ask(setup->arena, http, keys, token, &done, session_key, user, error);
    if (status != STATUS_OK || done) return status;
    clock.wait(clock.context, wait);
    if (wait < POLL_MOST_MS) wait += POLL_MS;
  }
  return fail(error, STATUS_BUSY, "", "nobody allowed access within %d minutes; `narada setup lastfm` begins again", WAIT_MS / 60000);
}

Status setup_lastfm(Setup *setup, Error *error) {
  static const SetupQuestion key = {SERVICE_LASTFM, "api_key", "API key", true, false, check_key};
  static const SetupQuestion secret = {SERVICE_LASTFM, "shared_secret", "Shared secret (empty: Narada only reads)", true, true, check_key};
  static const SetupQuestion who = {SERVICE_LASTFM, "user", "User name", false, false, NULL};
  LastfmKeys keys;
  Http *http;
  Text session_key = TEXT_LITERAL(""), user, name;
  int64_t scrobbles;
  setup_say(
      "Last.fm\n"
      "  1. Open %s and log in.\n"
      "  2. Any name and description; the callback URL stays empty.\n"
      "  3. Copy API key and shared secret. They are not shown while you paste them.\n",
      place_url(PLACE_LASTFM_ACCOUNT));
  Status status = setup_ask(setup, &key, &keys.api_key, error);
  if (status == STATUS_OK) status = setup_ask(setup, &secret, &keys.shared_secret, error);
  if (status == STATUS_OK) status = services_http(setup->services, &http, error);
  if (status == STATUS_OK && keys.shared_secret.length) status = wait_for_page(setup, http, &keys, &session_key, &user, error);
  else if (status == STATUS_OK) status = setup_ask(setup, &who, &user, error);
  if (status == STATUS_OK) status = lastfm_user_check(setup->arena, http, keys.api_key, user, &name, &scrobbles, error);
  if (status != STATUS_OK) return status;
  const CredentialValue values[] = {{"api_key", keys.api_key}, {"shared_secret", keys.shared_secret}, {"session_key", session_key}, {"user", name}};
  status = setup_save(setup, SERVICE_LASTFM, values, 4, error);
  if (status != STATUS_OK) return status;
  setup_say("%s " TEXT_FORMAT "%s%s.", session_key.length ? "Logged in as" : "Reads the scrobbles of", TEXT_ARG(name), scrobbles < 0 ? "" : ", ",
            scrobbles < 0 ? "" : words_of_many(setup->arena, scrobbles, "scrobble"));
  return STATUS_OK;
}

/* ---- ListenBrainz ---- */

static Status check_token(Text value, Error *error) {
  for (size_t i = 0; i < value.length; i++)
    if (value.bytes[i] == ' ' || (unsigned char)value.bytes[i] >= 0x7f) return fail(error, STATUS_USAGE, "", "a user token holds no spaces, and letters of ASCII only");
  return STATUS_OK;
}

Status setup_listenbrainz(Setup *setup, Error *error) {
  static const SetupQuestion question = {SERVICE_LISTENBRAINZ, "token", "User token", true, false, check_token};
  Http *http;
  Text token, user;
  setup_say(
      "ListenBrainz\n"
      "  1. Open %s and log in.\n"
      "  2. Copy the user token. It is not shown while you paste it.\n",
      place_url(PLACE_LISTENBRAINZ_SETTINGS));
  Status status = setup_ask(setup, &question, &token, error);
  if (status == STATUS_OK) status = services_http_with(setup->services, token, TEXT_LITERAL(""), &http, error);
  if (status == STATUS_OK) status = listenbrainz_token_check(setup->arena, http, &user, error);
  if (status != STATUS_OK) return status;
  const CredentialValue values[] = {{"token", token}, {"user", user}};
  status = setup_save(setup, SERVICE_LISTENBRAINZ, values, 2, error);
  if (status == STATUS_OK) setup_say("Logged in as " TEXT_FORMAT ".", TEXT_ARG(user));
  return status;
}

/* ---- MusicBrainz ---- */

Status setup_musicbrainz(Setup *setup, Error *error) {
  static const SetupQuestion question = {SERVICE_MUSICBRAINZ, "contact", "Contact", false, false, musicbrainz_contact_read};
  Http *http;
  Text contact;
  setup_say(
      "MusicBrainz\n"
      "It needs no account, but asks every program how to reach who runs it: a mail address or the address of a page of yours. It goes into the name by which\n"
      "Narada introduces itself to the services, and nowhere else.\n");
  Status status = setup_ask(setup, &question, &contact, error);
  if (status == STATUS_OK) status = services_http_with(setup->services, TEXT_LITERAL(""), contact, &http, error);
  if (status == STATUS_OK) status = musicbrainz_contact_check(setup->arena, http, error);
  if (status == STATUS_OK) status = setup_save(setup, SERVICE_MUSICBRAINZ, &(CredentialValue){"contact", contact}, 1, error);
  if (status == STATUS_OK) setup_say("MusicBrainz answers.");
  return status;
}
