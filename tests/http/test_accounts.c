/* What setting up the services is made of: what Spotify lets an application do, Last.fm's login, ListenBrainz's token, MusicBrainz's contact. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connectors/lastfm/login.h"
#include "connectors/listenbrainz/token.h"
#include "connectors/musicbrainz/contact.h"
#include "connectors/spotify/profile.h"
#include "http_rig.h"

#include <cmocka.h>

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define DAY INT64_C(86400000)

typedef struct Place {
  HttpRig rig;
  Credentials *credentials;
} Place;

static int set_up(void **state) {
  Place *place = calloc(1, sizeof *place);
  rig_start(&place->rig);
  rig_open(&place->rig);
  if (credentials_open(place->rig.arena, arena_format(place->rig.arena, "%s/c", place->rig.folder), &place->credentials, &place->rig.error)) return -1;
  *state = place;
  return 0;
}

static int tear_down(void **state) {
  Place *place = *state;
  rig_stop(&place->rig);
  free(place);
  return 0;
}

static void serve(Place *place, const char *line) {
  assert_true(fake_server_serve(place->rig.server, line));
}

/* ---- what Spotify lets an application do ---- */

static SpotifyRegime *regime_of(Place *place, const char *client_id, Instant now) {
  assert_int_equal(credentials_save(place->credentials, SERVICE_SPOTIFY, "", &(CredentialValue){"client_id", text_of(client_id)}, 1, &place->rig.error), STATUS_OK);
  return spotify_regime_open(place->rig.arena, place->credentials, "", now);
}

#define FORBIDDEN "serve GET /tracks 403 : {\"error\":{\"status\":403,\"message\":\"Forbidden\"}}"
#define NARROW "serve GET /search 400 : {\"error\":{\"status\":400,\"message\":\"Invalid limit\"}}"

static void what_is_found_out_is_remembered(void **state) {
  Place *place = *state;
  SpotifyRegime *regime = regime_of(place, "client-1", RIG_NOW);
  assert_int_equal(spotify_regime(regime, CAPABILITY_SPOTIFY_BATCH_READS), SPOTIFY_UNKNOWN);
  assert_int_equal(spotify_regime_most(regime, CAPABILITY_SPOTIFY_WIDE_SEARCH), 10);
  assert_string_equal(spotify_regime_name(regime), "not known yet");
  serve(place, NARROW);
  serve(place, FORBIDDEN);
  assert_int_equal(spotify_regime_probe(regime, place->rig.http, &place->rig.error), STATUS_OK);
  assert_int_equal(spotify_regime_probe(regime, place->rig.http, &place->rig.error), STATUS_OK);
  assert_int_equal(fake_server_count(place->rig.server), 2);
  char *requests = fake_server_requests(place->rig.server, false, false);
  assert_non_null(strstr(requests, "GET /search?type=track&q=year%3A1959&limit=11 HTTP/1.1"));
  free(requests);
  regime = regime_of(place, "client-1", RIG_NOW + 30 * DAY);
  assert_int_equal(spotify_regime(regime, CAPABILITY_SPOTIFY_BATCH_READS), SPOTIFY_CANNOT);
  assert_int_equal(spotify_regime(regime, CAPABILITY_SPOTIFY_WIDE_SEARCH), SPOTIFY_CANNOT);
  assert_int_equal(spotify_regime(regime, CAPABILITY_SPOTIFY_FULL_PROFILE), SPOTIFY_UNKNOWN);
  assert_true(spotify_regime_seen(regime, CAPABILITY_SPOTIFY_BATCH_READS) == RIG_NOW);
  assert_int_equal(spotify_regime_most(regime, CAPABILITY_SPOTIFY_BATCH_READS), 1);
  assert_string_equal(spotify_regime_name(regime), "development mode");
  /* Of another application it says nothing, and after a month neither of this one. */
  assert_int_equal(spotify_regime(regime_of(place, "client-2", RIG_NOW), CAPABILITY_SPOTIFY_BATCH_READS), SPOTIFY_UNKNOWN);
  assert_int_equal(spotify_regime(regime_of(place, "client-1", RIG_NOW + 30 * DAY + 1), CAPABILITY_SPOTIFY_BATCH_READS), SPOTIFY_UNKNOWN);
}

static void an_application_of_before_may_more(void **state) {
  Place *place = *state;
  SpotifyRegime *regime = regime_of(place, "client-1", RIG_NOW);
  SpotifyProfile profile;
  serve(place, "serve GET /search 200 : {\"tracks\":{\"items\":[]}}");
  serve(place, "serve GET /tracks 200 : {\"tracks\":[null,null]}");
  serve(place, "serve GET /me 200 : {\"id\":\"ada\",\"display_name\":null,\"country\":\"DE\"}");
  assert_int_equal(spotify_regime_probe(regime, place->rig.http, &place->rig.error), STATUS_OK);
  assert_int_equal(spotify_profile(place->rig.arena, place->rig.http, regime, TEXT_LITERAL(""), &profile, &place->rig.error), STATUS_OK);
  assert_true(text_is(profile.user_id, "ada") && profile.name.length == 0);
  assert_int_equal(spotify_regime_most(regime, CAPABILITY_SPOTIFY_WIDE_SEARCH), 50);
  assert_int_equal(spotify_regime_most(regime, CAPABILITY_SPOTIFY_BATCH_READS), 50);
  assert_int_equal(spotify_regime(regime, CAPABILITY_SPOTIFY_FULL_PROFILE), SPOTIFY_CAN);
  assert_non_null(strstr(spotify_regime_name(regime), "extended quota"));
  /* What Spotify takes away later is noticed when it is met. */
  serve(place, FORBIDDEN);
  HttpCall *call = http_submit(place->rig.http, &(HttpRequest){.endpoint = ENDPOINT_SPOTIFY_TRACKS, .params = &(HttpParam){"ids", TEXT_LITERAL("a,b")}, .param_count = 1});
  http_wait(place->rig.http, call, &place->rig.error);
  assert_true(spotify_regime_heed(regime, call, 0));
  assert_int_equal(spotify_regime(regime_of(place, "client-1", RIG_NOW), CAPABILITY_SPOTIFY_BATCH_READS), SPOTIFY_CANNOT);
  assert_string_equal(spotify_regime_name(regime), "partly restricted");
}

static void other_refusals_say_nothing_of_an_application(void **state) {
  Place *place = *state;
  static const char *const replies[] = {
      "serve GET /search 400 : {\"error\":{\"status\":400,\"message\":\"No search query\"}}",
      "serve GET /search 403 : {\"error\":{\"status\":403,\"message\":\"Check settings on developer.spotify.com/dashboard, the user may not be registered.\"}}",
      "serve GET /search retry-after=86400 429 : {\"error\":{\"status\":429,\"message\":\"too many\",\"reason\":\"QUOTA_EXCEEDED\"}}",
  };
  for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
    SpotifyRegime *regime = regime_of(place, "client-1", RIG_NOW);
    serve(place, replies[i]);
    assert_int_not_equal(spotify_regime_probe(regime, place->rig.http, &place->rig.error), STATUS_OK);
    assert_int_equal(spotify_regime(regime, CAPABILITY_SPOTIFY_WIDE_SEARCH), SPOTIFY_UNKNOWN);
  }
  assert_non_null(service_hint(SERVICE_SPOTIFY, 403, TEXT_LITERAL("the user may not be registered.")));
  assert_null(service_hint(SERVICE_SPOTIFY, 404, TEXT_LITERAL("the user may not be registered.")));
  /* A profile without country says something only where the login may see it. */
  SpotifyRegime *regime = regime_of(place, "client-1", RIG_NOW);
  SpotifyProfile profile;
  serve(place, "serve GET /me x2 200 : {\"id\":\"ada\",\"display_name\":\"Ada\"}");
  assert_int_equal(spotify_profile(place->rig.arena, place->rig.http, regime, TEXT_LITERAL("user-top-read"), &profile, &place->rig.error), STATUS_OK);
  assert_int_equal(spotify_regime(regime, CAPABILITY_SPOTIFY_FULL_PROFILE), SPOTIFY_UNKNOWN);
  assert_int_equal(spotify_profile(place->rig.arena, place->rig.http, regime, TEXT_LITERAL("user-top-read user-read-private"), &profile, &place->rig.error), STATUS_OK);
  assert_int_equal(spotify_regime(regime, CAPABILITY_SPOTIFY_FULL_PROFILE), SPOTIFY_CANNOT);
}

/* A file that somebody wrote into is no worse than none. */
static void a_damaged_memory_is_none(void **state) {
  Place *place = *state;
  static const char *const values[] = {"yes", "yes ", "maybe 2026-06-01T12:00:00Z", "yes soon", "yes 2026-06-01T12:00:00Zx", "no 1970-01-01T00:00:00Z"};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    regime_of(place, "client-1", RIG_NOW);
    assert_int_equal(credentials_save(place->credentials, SERVICE_SPOTIFY, "app client-1", &(CredentialValue){"batch_reads", text_of(values[i])}, 1, &place->rig.error), STATUS_OK);
    assert_int_equal(spotify_regime(regime_of(place, "client-1", RIG_NOW), CAPABILITY_SPOTIFY_BATCH_READS), SPOTIFY_UNKNOWN);
  }
}

/* ---- Last.fm ---- */

static const LastfmKeys keys = {{"YOUR_API_KEY", 12}, {"YOUR_SECRET", 11}};

static void lastfm_is_asked_until_access_is_allowed(void **state) {
  Place *place = *state;
  Text token, address, session, user;
  bool done;
  serve(place, "serve GET /?method=auth.getToken 200 : {\"token\":\"YOUR_REQUESTED_TOKEN\"}");
  serve(place, "serve GET /?method=auth.getSession 403 : {\"error\":14,\"message\":\"Unauthorized Token - This token has not been authorized\"}");
  serve(place, "serve GET /?method=auth.getSession lose");
  serve(place, "serve GET /?method=auth.getSession 200 : {\"session\":{\"subscriber\":0,\"name\":\"ada\",\"key\":\"SESSION\"}}");
  assert_int_equal(lastfm_login_begin(place->rig.arena, place->rig.http, &keys, &token, &address, &place->rig.error), STATUS_OK);
  assert_non_null(strstr(address.bytes, "/api/auth/?api_key=YOUR_API_KEY&token=YOUR_REQUESTED_TOKEN"));
  for (int i = 0; i < 3; i++) {
    assert_int_equal(lastfm_login_ask(place->rig.arena, place->rig.http, &keys, token, &done, &session, &user, &place->rig.error), STATUS_OK);
    assert_int_equal(done, i == 2);
  }
  assert_true(text_is(session, "SESSION") && text_is(user, "ada"));
  char *requests = fake_server_requests(place->rig.server, false, false);
  assert_non_null(strstr(requests, "api_sig=94539006de89b3c6b3c030bb1e52b9c4"));
  free(requests);
}

static void lastfm_refusals_are_told_apart(void **state) {
  Place *place = *state;
  Text token, address, session, user;
  bool done;
  static const struct {
    const char *reply, *message;
    Status status;
  } cases[] = {
      {"serve GET / 403 : {\"error\":15,\"message\":\"expired\"}", "begin again", STATUS_LOGIN},
      {"serve GET / 403 : {\"error\":4,\"message\":\"Invalid token\"}", "begin again", STATUS_LOGIN},
      {"serve GET / 403 : {\"error\":10,\"message\":\"Invalid API key\"}", "does not know this API key", STATUS_FAILED},
      {"serve GET / 403 : {\"error\":13,\"message\":\"Invalid method signature\"}", "the shared secret does not belong to the API key", STATUS_FAILED},
      {"serve GET / 200 : {\"session\":{\"name\":\"ada\"}}", "without a session", STATUS_FAILED},
      {"serve GET / 200 : {\"session\":[]}", "without a session", STATUS_FAILED},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    serve(place, cases[i].reply);
    assert_int_equal(lastfm_login_ask(place->rig.arena, place->rig.http, &keys, TEXT_LITERAL("t"), &done, &session, &user, &place->rig.error), cases[i].status);
    assert_non_null(strstr(place->rig.error.message, cases[i].message));
    assert_false(done);
  }
  serve(place, "serve GET / 200 : {\"token\":\"\"}");
  assert_int_equal(lastfm_login_begin(place->rig.arena, place->rig.http, &keys, &token, &address, &place->rig.error), STATUS_FAILED);
}

static void a_session_is_tried(void **state) {
  Place *place = *state;
  serve(place, "serve GET /?method=user.getInfo 200 : {\"user\":{\"name\":\"Ada\"}}");
  assert_int_equal(lastfm_session_check(place->rig.arena, place->rig.http, &keys, TEXT_LITERAL("SESSION"), &place->rig.error), STATUS_OK);
  char *requests = fake_server_requests(place->rig.server, false, false);
  assert_non_null(strstr(requests, "GET /?method=user.getInfo&format=json&api_key=YOUR_API_KEY&sk=SESSION&api_sig="));
  free(requests);
  serve(place, "serve GET / 403 : {\"error\":9,\"message\":\"Invalid session key\"}");
  assert_int_equal(lastfm_session_check(place->rig.arena, place->rig.http, &keys, TEXT_LITERAL("SESSION"), &place->rig.error), STATUS_LOGIN);
}

static void a_lastfm_user_is_looked_up(void **state) {
  Place *place = *state;
  Text name;
  int64_t scrobbles;
  serve(place, "serve GET /?method=user.getInfo 200 : {\"user\":{\"name\":\"Ada\",\"playcount\":\"5432\"}}");
  assert_int_equal(lastfm_user_check(place->rig.arena, place->rig.http, keys.api_key, TEXT_LITERAL("ada"), &name, &scrobbles, &place->rig.error), STATUS_OK);
  assert_true(text_is(name, "Ada") && scrobbles == 5432);
  serve(place, "serve GET / 404 : {\"error\":6,\"message\":\"User not found\"}");
  assert_int_equal(lastfm_user_check(place->rig.arena, place->rig.http, keys.api_key, TEXT_LITERAL("nobody"), &name, &scrobbles, &place->rig.error), STATUS_FAILED);
}

/* ---- ListenBrainz, MusicBrainz ---- */

static void a_listenbrainz_token_has_a_user(void **state) {
  Place *place = *state;
  Text user;
  serve(place, "serve GET /1/validate-token 200 : {\"code\":200,\"message\":\"Token valid.\",\"valid\":true,\"user_name\":\"ada\"}");
  assert_int_equal(listenbrainz_token_check(place->rig.arena, place->rig.http, &user, &place->rig.error), STATUS_OK);
  assert_true(text_is(user, "ada"));
  serve(place, "serve GET /1/validate-token 200 : {\"code\":200,\"message\":\"Token invalid.\",\"valid\":false}");
  assert_int_equal(listenbrainz_token_check(place->rig.arena, place->rig.http, &user, &place->rig.error), STATUS_LOGIN);
  serve(place, "serve GET /1/validate-token 401 : {\"code\":401,\"error\":\"Invalid authorization token.\"}");
  assert_int_equal(listenbrainz_token_check(place->rig.arena, place->rig.http, &user, &place->rig.error), STATUS_LOGIN);
}

static void a_contact_can_be_reached(void **state) {
  Place *place = *state;
  static const char *const good[] = {"me@example.org", "https://example.org/~me", "http://x.y"};
  static const char *const wrong[] = {"", "me", "@x", "me@", "me at example.org", "me@example.org (me)", "https://", "m\xc3\xa9@example.org", "a@b\r\nX-Evil:1"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_int_equal(musicbrainz_contact_read(text_of(good[i]), &place->rig.error), STATUS_OK);
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_int_equal(musicbrainz_contact_read(text_of(wrong[i]), &place->rig.error), STATUS_USAGE);
  serve(place, "serve GET /recording 200 : {\"created\":\"x\",\"count\":0,\"offset\":0,\"recordings\":[]}");
  assert_int_equal(musicbrainz_contact_check(place->rig.arena, place->rig.http, &place->rig.error), STATUS_OK);
  serve(place, "serve GET /recording 403 : {\"error\":\"forbidden\"}");
  assert_int_equal(musicbrainz_contact_check(place->rig.arena, place->rig.http, &place->rig.error), STATUS_FAILED);
}

/* ---- what everybody says of themselves ---- */

static void clocks_and_pauses_are_known(void **state) {
  Place *place = *state;
  int64_t ahead;
  assert_false(http_clock_ahead(place->rig.http, &ahead));
  serve(place, "serve GET /me date=Mon,+01+Jun+2026+11:55:00+GMT 200 : {\"id\":\"ada\"}");
  serve(place, "serve GET /me 200 : {\"id\":\"ada\"}");
  serve(place, "serve GET /me date=soon 200 : {\"id\":\"ada\"}");
  serve(place, "serve GET /me date=Mon,+01+Jun+2026+12:00:00+GMT retry-after=7200 429 : {\"error\":{\"status\":429,\"message\":\"x\"}}");
  SpotifyProfile profile;
  for (int i = 0; i < 2; i++) {
    assert_int_equal(spotify_profile(place->rig.arena, place->rig.http, NULL, TEXT_LITERAL(""), &profile, &place->rig.error), STATUS_OK);
    assert_true(http_clock_ahead(place->rig.http, &ahead));
    assert_int_equal(ahead, 300000);
  }
  assert_int_equal(spotify_profile(place->rig.arena, place->rig.http, NULL, TEXT_LITERAL(""), &profile, &place->rig.error), STATUS_OK);
  assert_false(http_clock_ahead(place->rig.http, &ahead));
  assert_true(http_closed_until(place->rig.http, LIMIT_SPOTIFY) <= RIG_NOW + place->rig.passed);
  assert_int_equal(spotify_profile(place->rig.arena, place->rig.http, NULL, TEXT_LITERAL(""), &profile, &place->rig.error), STATUS_BUSY);
  assert_true(http_closed_until(place->rig.http, LIMIT_SPOTIFY) == RIG_NOW + place->rig.passed + 7200000);
  assert_true(http_closed_until(place->rig.http, LIMIT_LASTFM) <= RIG_NOW + place->rig.passed);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(what_is_found_out_is_remembered),
      TEST(an_application_of_before_may_more),
      TEST(other_refusals_say_nothing_of_an_application),
      TEST(a_damaged_memory_is_none),
      TEST(lastfm_is_asked_until_access_is_allowed),
      TEST(lastfm_refusals_are_told_apart),
      TEST(a_session_is_tried),
      TEST(a_lastfm_user_is_looked_up),
      TEST(a_listenbrainz_token_has_a_user),
      TEST(a_contact_can_be_reached),
      TEST(clocks_and_pauses_are_known),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
