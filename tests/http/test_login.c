/* Logging in to Spotify and renewing the login: the page on this machine, what is pasted, what is kept when, and who renews. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "connectors/http/loopback.h"
#include "connectors/spotify/login.h"
#include "http_rig.h"

#include <cmocka.h>

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define HOUR INT64_C(3600000)

typedef struct Login {
  HttpRig rig;
  Credentials *credentials;
} Login;

static int set_up(void **state) {
  Login *login = calloc(1, sizeof *login);
  rig_start(&login->rig);
  rig_open(&login->rig);
  strcat(login->rig.folder, "/c");
  if (credentials_open(login->rig.arena, login->rig.folder, &login->credentials, &login->rig.error)) return -1;
  *state = login;
  return 0;
}

static int tear_down(void **state) {
  Login *login = *state;
  login->rig.folder[strlen(login->rig.folder) - 2] = '\0';
  rig_stop(&login->rig);
  free(login);
  return 0;
}

static void store(Login *login, const char *name, const char *value) {
  assert_int_equal(credentials_save(login->credentials, SERVICE_SPOTIFY, "", &(CredentialValue){name, text_of(value)}, 1, &login->rig.error), STATUS_OK);
}

static const char *stored(Login *login, const char *name) {
  Credentials *fresh;
  Secret value;
  assert_int_equal(credentials_open(login->rig.arena, login->rig.folder, &fresh, &login->rig.error), STATUS_OK);
  assert_int_equal(credentials_read(fresh, SERVICE_SPOTIFY, "", &name, 1, &value, &login->rig.error), STATUS_OK);
  return text_copy(login->rig.arena, secret_reveal(value)).bytes;
}

/* As a login left it; the access token ends in `ms`. */
static void log_in(Login *login, int64_t ms) {
  store(login, "client_id", "client-1");
  store(login, "access_token", "access-1");
  store(login, "refresh_token", "refresh-1");
  store(login, "authorized_at", "2026-05-01T12:00:00Z");
  store(login, "expires_at", instant_format(login->rig.arena, RIG_NOW + ms).bytes);
}

static void serve(Login *login, const char *line) {
  assert_true(fake_server_serve(login->rig.server, line));
}

static const char *ask(Login *login, SpotifyTokens *tokens, const char *refused) {
  Text token;
  memset(&login->rig.error, 0, sizeof login->rig.error);
  if (spotify_token(tokens, login->rig.http, text_of(refused), &token, &login->rig.error)) return login->rig.error.message;
  return text_copy(login->rig.arena, token).bytes;
}

static SpotifyTokens *another_process(Login *login) {
  Credentials *credentials;
  assert_int_equal(credentials_open(login->rig.arena, login->rig.folder, &credentials, &login->rig.error), STATUS_OK);
  return spotify_tokens_new(login->rig.arena, credentials, "");
}

#define RENEWED "serve POST /api/token 200 : {\"access_token\":\"access-2\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"refresh_token\":\"refresh-2\",\"scope\":\"user-top-read\"}"
#define REFUSED "serve POST /api/token 400 : {\"error\":\"invalid_grant\",\"error_description\":\"Refresh token revoked\"}"

/* ---- the page on this machine ---- */

static void a_request_is_read_or_refused(void **state) {
  (void)state;
  static const struct {
    const char *bytes;
    int status;
    const char *query;
  } cases[] = {
      {"GET /callback?code=a&state=b HTTP/1.1\r\nHost: 127.0.0.1:81\r\n\r\n", 200, "code=a&state=b"},
      {"GET /callback HTTP/1.0\r\nhost:127.0.0.1:81 \r\nX: y\r\n\r\n", 200, ""},
      {"GET /callback?code=a HTTP/1.1\r\nHost: 127.0.0.1:81\r\n", 0, ""},
      {"", 0, ""},
      {"GET /callback?code=a HTTP/1.1\r\nHost: 127.0.0.1:82\r\n\r\n", 421, ""},
      {"GET /callback?code=a HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421, ""},
      {"GET /callback?code=a HTTP/1.1\r\n\r\n", 421, ""},
      {"GET /callback?code=a HTTP/1.1\r\nHost: 127.0.0.1:81\r\nHost: 127.0.0.1:81\r\n\r\n", 421, ""},
      {"POST /callback?code=a HTTP/1.1\r\nHost: 127.0.0.1:81\r\n\r\n", 405, ""},
      {"GET /callback/x HTTP/1.1\r\nHost: 127.0.0.1:81\r\n\r\n", 404, ""},
      {"GET /favicon.ico HTTP/1.1\r\nHost: 127.0.0.1:81\r\n\r\n", 404, ""},
      {"GET http://127.0.0.1:81/callback HTTP/1.1\r\nHost: 127.0.0.1:81\r\n\r\n", 404, ""},
      {"GET /callback?code=a b HTTP/1.1\r\nHost: 127.0.0.1:81\r\n\r\n", 400, ""},
      {"GET /callback?code=\x01 HTTP/1.1\r\nHost: 127.0.0.1:81\r\n\r\n", 400, ""},
      {"GET /callback HTTP/2.0\r\nHost: 127.0.0.1:81\r\n\r\n", 400, ""},
      {"GET\r\n\r\n", 400, ""},
      {"\r\n\r\n", 400, ""},
      {"GET /callback\r\nHost: 127.0.0.1:81\r\n\r\n", 400, ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    /* From a block of exactly its size, so that a sanitizer sees a step too far; and cut off anywhere, it is never more than it is. */
    size_t length = strlen(cases[i].bytes);
    for (size_t cut = 0; cut <= length; cut++) {
      char *bytes = malloc(cut ? cut : 1);
      Text query;
      memcpy(bytes, cases[i].bytes, cut);
      int status = loopback_read((Text){bytes, cut}, "127.0.0.1:81", "/callback", &query);
      if (cut < length) assert_int_equal(status, 0);
      else assert_int_equal(status, cases[i].status);
      if (cut == length) assert_true(text_is(query, cases[i].query));
      free(bytes);
    }
  }
  char *large = malloc(LOOPBACK_REQUEST_MOST);
  Text query;
  memset(large, 'x', LOOPBACK_REQUEST_MOST);
  assert_int_equal(loopback_read((Text){large, LOOPBACK_REQUEST_MOST}, "127.0.0.1:81", "/callback", &query), 431);
  free(large);
}

typedef struct Browser {
  int port;
  const char *const *targets; /* "" = connects and says nothing */
  size_t count;
  char answers[8][1200];
} Browser;

static void *browse(void *context) {
  Browser *browser = context;
  int silent[8];
  size_t silents = 0;
  for (size_t i = 0; i < browser->count; i++) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)browser->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int file = socket(AF_INET, SOCK_STREAM, 0);
    char request[512];
    size_t used = 0;
    if (connect(file, (struct sockaddr *)&address, sizeof address) != 0) break;
    if (!browser->targets[i][0]) {
      silent[silents++] = file;
      continue;
    }
    int length = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", browser->targets[i], browser->port);
    if (write(file, request, 10) != 10 || write(file, request + 10, (size_t)length - 10) != length - 10) break;
    for (ssize_t got = 1; got > 0 && used < sizeof browser->answers[i] - 1; used += got > 0 ? (size_t)got : 0)
      got = read(file, browser->answers[i] + used, sizeof browser->answers[i] - 1 - used);
    close(file);
  }
  while (silents) close(silent[--silents]);
  return NULL;
}

static void only_the_return_of_this_login_ends_the_wait(void **state) {
  Login *login = *state;
  static const char *const targets[] = {"", "", "/", "/callback?code=theirs&state=guess", "/callback?state=mine", "/callback?code=ours&state=mine"};
  Loopback *loopback;
  OAuthReturn back;
  pthread_t thread;
  assert_int_equal(loopback_open(login->rig.arena, 0, &loopback, &login->rig.error), STATUS_OK);
  Browser browser = {.port = loopback_port(loopback), .targets = targets, .count = 6};
  assert_int_equal(pthread_create(&thread, NULL, browse, &browser), 0);
  assert_int_equal(loopback_wait(loopback, "/callback", TEXT_LITERAL("mine"), 5000, &back, &login->rig.error), STATUS_OK);
  pthread_join(thread, NULL);
  assert_true(text_is(back.code, "ours"));
  assert_non_null(strstr(browser.answers[2], "404 Not Found"));
  assert_non_null(strstr(browser.answers[3], "not the login that Narada waits for"));
  assert_non_null(strstr(browser.answers[4], "not the login that Narada waits for"));
  assert_non_null(strstr(browser.answers[5], "Narada goes on in the terminal"));
  for (int i = 2; i < 6; i++) {
    assert_null(strstr(browser.answers[i], "ours"));
    assert_null(strstr(browser.answers[i], "theirs"));
    assert_non_null(strstr(browser.answers[i], "Content-Security-Policy: default-src 'none'"));
  }
}

static void waiting_ends_and_a_port_has_one_listener(void **state) {
  Login *login = *state;
  Loopback *loopback, *second;
  OAuthReturn back;
  assert_int_equal(loopback_open(login->rig.arena, 0, &loopback, &login->rig.error), STATUS_OK);
  assert_int_equal(loopback_open(login->rig.arena, loopback_port(loopback), &second, &login->rig.error), STATUS_FAILED);
  assert_non_null(strstr(login->rig.error.message, "another program listens there already"));
  assert_int_equal(loopback_wait(loopback, "/callback", TEXT_LITERAL("mine"), 30, &back, &login->rig.error), STATUS_BUSY);
  static const char *const denied[] = {"/callback?error=access_denied&state=mine"};
  Browser browser = {.port = loopback_port(loopback), .targets = denied, .count = 1};
  pthread_t thread;
  Text code;
  assert_int_equal(pthread_create(&thread, NULL, browse, &browser), 0);
  assert_int_equal(loopback_wait(loopback, "/callback", TEXT_LITERAL("mine"), 5000, &back, &login->rig.error), STATUS_OK);
  pthread_join(thread, NULL);
  assert_int_equal(spotify_login_code(&back, &code, &login->rig.error), STATUS_REFUSED);
  loopback_close(loopback);
  assert_int_equal(loopback_open(login->rig.arena, browser.port, &second, &login->rig.error), STATUS_OK);
}

/* ---- logging in ---- */

static void redirects_are_those_that_spotify_takes(void **state) {
  Login *login = *state;
  static const struct {
    const char *uri, *message;
    int port;
    bool listens;
  } cases[] = {
      {SPOTIFY_REDIRECT, NULL, 0, true},
      {"http://127.0.0.1:8888/", NULL, 8888, true},
      {"http://[::1]:8888/callback", NULL, 0, false},
      {"https://example.org/callback", NULL, 0, false},
      {"http://localhost:8888/callback", "127.0.0.1 is the same machine", 0, false},
      {"http://example.org/callback", "neither https nor", 0, false},
      {"http://127.0.0.1", "has no path", 0, false},
      {"http://127.0.0.1.example.org/", "has no path", 0, false},
      {"http://127.0.0.1:/x", "no port", 0, false},
      {"http://127.0.0.1:70000/x", "no port", 0, false},
      {"http://127.0.0.1/x?y", "may hold", 0, false},
      {"http://127.0.0.1/x y", "may hold", 0, false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    SpotifyRedirect redirect;
    Status status = spotify_redirect_read(login->rig.arena, text_of(cases[i].uri), &redirect, &login->rig.error);
    if (cases[i].message) {
      assert_int_equal(status, STATUS_USAGE);
      assert_non_null(strstr(login->rig.error.message, cases[i].message));
    } else {
      assert_int_equal(status, STATUS_OK);
      assert_int_equal(redirect.port, cases[i].port);
      assert_int_equal(redirect.listens, cases[i].listens);
    }
  }
}

static SpotifyAttempt begin(Login *login) {
  SpotifyAttempt attempt;
  assert_int_equal(spotify_login_begin(login->rig.arena, login->rig.http, TEXT_LITERAL("client-1"), TEXT_LITERAL("http://127.0.0.1:8765/callback"), &attempt, &login->rig.error),
                   STATUS_OK);
  return attempt;
}

static void the_address_asks_for_what_is_needed(void **state) {
  Login *login = *state;
  SpotifyAttempt first = begin(login), second = begin(login);
  Arena *arena = login->rig.arena;
  assert_false(text_equal(first.state, second.state));
  assert_false(text_equal(first.verifier, second.verifier));
  assert_int_equal(first.state.length, OAUTH_TEXT);
  assert_non_null(strstr(first.address.bytes, "/authorize?response_type=code&code_challenge_method=S256&client_id=client-1&redirect_uri=http%3A%2F%2F127.0.0.1%3A8765%2Fcallback&state="));
  assert_non_null(strstr(first.address.bytes, arena_format(arena, "&state=%s&", first.state.bytes)));
  assert_non_null(strstr(first.address.bytes, arena_format(arena, "&code_challenge=%s", pkce_challenge(arena, first.verifier).bytes)));
  assert_null(strstr(first.address.bytes, first.verifier.bytes));
  /* Each scope that a call needs is asked for. */
  for (int i = 0; i < ENDPOINT_COUNT; i++) {
    TextBuilder all = {.arena = arena};
    for (size_t scope = 0; scope_def(scope); scope++) text_append_format(&all, "%s ", scope_def(scope)->name);
    assert_true(scopes_suffice((Endpoint)i, text_built(&all)));
    if (endpoint_def((Endpoint)i)->scopes[0]) assert_false(scopes_suffice((Endpoint)i, TEXT_LITERAL("")));
  }
  assert_true(scopes_suffice(ENDPOINT_SPOTIFY_PLAYLIST_ADD, TEXT_LITERAL("user-top-read playlist-modify-private")));
  assert_false(scopes_suffice(ENDPOINT_SPOTIFY_PLAYLIST_ADD, TEXT_LITERAL("playlist-modify-privat playlist-modify")));
}

static void what_is_pasted_is_understood(void **state) {
  Login *login = *state;
  SpotifyAttempt attempt = begin(login);
  Arena *arena = login->rig.arena;
  const char *own = attempt.state.bytes;
  const struct {
    const char *pasted, *code, *message;
  } cases[] = {
      {arena_format(arena, "http://127.0.0.1:8765/callback?code=AQ-x%%2Dy&state=%s", own), "AQ-x-y", NULL},
      {arena_format(arena, "  '127.0.0.1:8765/callback?state=%s&code=AQ'\r\n", own), "AQ", NULL},
      {arena_format(arena, "code=AQ&state=%s", own), "AQ", NULL},
      {" AQ-x_y.z ", "AQ-x_y.z", NULL},
      {"", NULL, "nothing was pasted"},
      {"  \n", NULL, "nothing was pasted"},
      {"http://127.0.0.1:8765/callback?code=AQ&state=other", NULL, "is not the one that was asked with"},
      {"http://127.0.0.1:8765/callback?code=AQ", NULL, "is not the one that was asked with"},
      {attempt.address.bytes, NULL, "this is the address to open"},
      {arena_format(arena, "http://127.0.0.1/callback?error=access_denied&state=%s", own), NULL, "without agreeing"},
      {arena_format(arena, "http://127.0.0.1/callback?error=server_error&state=%s", own), NULL, "Spotify gave no login: server_error"},
      {arena_format(arena, "http://127.0.0.1/callback?state=%s", own), NULL, "holds no code"},
      {"two words", NULL, "is not the one that was asked with"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Text code;
    Status status = spotify_login_pasted(arena, &attempt, text_of(cases[i].pasted), &code, &login->rig.error);
    if (cases[i].code) {
      assert_int_equal(status, STATUS_OK);
      assert_string_equal(code.bytes, cases[i].code);
    } else {
      assert_int_not_equal(status, STATUS_OK);
      assert_non_null(strstr(login->rig.error.message, cases[i].message));
    }
  }
}

static Status finish(Login *login, const char *reply) {
  SpotifyAttempt attempt = begin(login);
  serve(login, reply);
  return spotify_login_finish(login->rig.arena, login->rig.http, login->credentials, "", &attempt, TEXT_LITERAL("the-code"), &login->rig.error);
}

static void a_code_becomes_a_login(void **state) {
  Login *login = *state;
  store(login, "refused_at", "2026-01-01T00:00:00Z");
  store(login, "redirect_uri", SPOTIFY_REDIRECT);
  assert_int_equal(finish(login, RENEWED), STATUS_OK);
  char *requests = fake_server_requests(login->rig.server, false, false);
  assert_non_null(strstr(requests, "POST /api/token HTTP/1.1"));
  assert_non_null(strstr(requests, "grant_type=authorization_code&code=the-code&redirect_uri=http%3A%2F%2F127.0.0.1%3A8765%2Fcallback&client_id=client-1&code_verifier="));
  free(requests);
  assert_string_equal(stored(login, "access_token"), "access-2");
  assert_string_equal(stored(login, "refresh_token"), "refresh-2");
  assert_string_equal(stored(login, "expires_at"), "2026-06-01T13:00:00Z");
  assert_string_equal(stored(login, "authorized_at"), "2026-06-01T12:00:00Z");
  assert_string_equal(stored(login, "scopes"), "user-top-read");
  assert_string_equal(stored(login, "refused_at"), "");
  assert_string_equal(stored(login, "redirect_uri"), SPOTIFY_REDIRECT);
}

static void what_is_no_login_changes_nothing(void **state) {
  Login *login = *state;
  static const struct {
    const char *reply, *message;
  } cases[] = {
      {REFUSED, "does not accept the code of this login"},
      {"serve POST /api/token 200 : {\"access_token\":\"access-2\",\"token_type\":\"Bearer\",\"expires_in\":3600}", "no refresh token"},
      {"serve POST /api/token 200 : {\"token_type\":\"Bearer\"}", "without a usable token"},
      {"serve POST /api/token 200 : {\"access_token\":\"two words\",\"refresh_token\":\"r\"}", "without a usable token"},
      {"serve POST /api/token 200 : {\"access_token\":\"a\",\"refresh_token\":\"r\",\"token_type\":\"mac\"}", "a kind that Narada does not know"},
      {"serve POST /api/token 200 : <html>", "spotify.login"},
      {"serve POST /api/token 400 : {\"error\":\"invalid_client\"}", "does not know this client id"},
      {"serve POST /api/token lose", "may or may not have been done"},
  };
  log_in(login, HOUR);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_not_equal(finish(login, cases[i].reply), STATUS_OK);
    assert_non_null(strstr(login->rig.error.message, cases[i].message));
    assert_null(strstr(login->rig.error.message, "the-code"));
    assert_string_equal(stored(login, "refresh_token"), "refresh-1");
  }
}

/* ---- renewing ---- */

static void a_token_is_used_as_long_as_it_lives(void **state) {
  Login *login = *state;
  SpotifyTokens *tokens = another_process(login);
  log_in(login, HOUR);
  assert_string_equal(ask(login, tokens, ""), "access-1");
  assert_string_equal(ask(login, tokens, ""), "access-1");
  assert_int_equal(fake_server_count(login->rig.server), 0);
  serve(login, RENEWED);
  login->rig.passed += HOUR - 59000; /* it would end during the call */
  assert_string_equal(ask(login, tokens, ""), "access-2");
  assert_string_equal(stored(login, "refresh_token"), "refresh-2");
  assert_string_equal(stored(login, "access_token"), "access-2");
  assert_string_equal(stored(login, "scopes"), "user-top-read");
  assert_string_equal(stored(login, "authorized_at"), "2026-05-01T12:00:00Z");
  char *requests = fake_server_requests(login->rig.server, false, false);
  assert_non_null(strstr(requests, "grant_type=refresh_token&refresh_token=refresh-1&client_id=client-1"));
  free(requests);
}

static void a_reply_without_refresh_token_keeps_the_old(void **state) {
  Login *login = *state;
  log_in(login, 0);
  serve(login, "serve POST /api/token 200 : {\"access_token\":\"access-2\",\"token_type\":\"bearer\",\"expires_in\":\"1800\"}");
  assert_string_equal(ask(login, another_process(login), ""), "access-2");
  assert_string_equal(stored(login, "refresh_token"), "refresh-1");
  assert_string_equal(stored(login, "expires_at"), "2026-06-01T12:30:00Z");
}

static void what_another_process_renewed_is_taken(void **state) {
  Login *login = *state;
  SpotifyTokens *first = another_process(login), *second = another_process(login);
  log_in(login, HOUR);
  assert_string_equal(ask(login, first, ""), "access-1");
  assert_string_equal(ask(login, second, ""), "access-1");
  serve(login, RENEWED);
  assert_string_equal(ask(login, first, "access-1"), "access-2");
  assert_string_equal(ask(login, second, "access-1"), "access-2");
  assert_int_equal(fake_server_count(login->rig.server), 1);
}

/* Six processes whose tokens all end now: one call. */
static void processes_side_by_side_renew_once(void **state) {
  Login *login = *state;
  pid_t children[6];
  log_in(login, 0);
  serve(login, "serve POST /api/token delay=150 200 : {\"access_token\":\"access-2\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"refresh_token\":\"refresh-2\"}");
  for (int i = 0; i < 6; i++) {
    children[i] = fork();
    if (children[i] == 0) _exit(strcmp(ask(login, another_process(login), ""), "access-2") != 0);
  }
  for (int i = 0; i < 6; i++) {
    int result;
    waitpid(children[i], &result, 0);
    assert_true(WIFEXITED(result) && WEXITSTATUS(result) == 0);
  }
  assert_int_equal(fake_server_count(login->rig.server), 1);
  assert_string_equal(stored(login, "refresh_token"), "refresh-2");
}

/* A process that renews, and how it ends when it is sent a signal meanwhile. */
static int renew_interrupted(Login *login, const char *line, int signal) {
  int result = 0;
  serve(login, line);
  pid_t child = fork();
  if (child == 0) {
    ask(login, another_process(login), "");
    _exit(0);
  }
  for (int i = 0; i < 500 && fake_server_count(login->rig.server) == 0; i++) nanosleep(&(struct timespec){0, 4000000}, NULL);
  nanosleep(&(struct timespec){0, 50000000}, NULL);
  kill(child, signal);
  waitpid(child, &result, 0);
  return WIFSIGNALED(result) ? WTERMSIG(result) : 0;
}

/* The old refresh token is used up when the answer comes: it is on disk before the process ends. */
static void an_interruption_waits_for_the_answer(void **state) {
  Login *login = *state;
  log_in(login, 0);
  assert_int_equal(renew_interrupted(login, "serve POST /api/token delay=700 200 : {\"access_token\":\"access-2\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"refresh_token\":\"refresh-2\"}", SIGTERM), SIGTERM);
  assert_string_equal(stored(login, "refresh_token"), "refresh-2");
  assert_string_equal(stored(login, "renewing_at"), "");
}

static void an_interruption_does_not_wait_for_long(void **state) {
  Login *login = *state;
  struct timespec begun, ended;
  log_in(login, 0);
  clock_gettime(CLOCK_MONOTONIC, &begun);
  assert_int_equal(renew_interrupted(login, "serve POST /api/token delay=3000 200 : {}", SIGINT), SIGINT);
  clock_gettime(CLOCK_MONOTONIC, &ended);
  assert_true((ended.tv_sec - begun.tv_sec) * 1000 + (ended.tv_nsec - begun.tv_nsec) / 1000000 < 2950);
  assert_string_equal(stored(login, "refresh_token"), "refresh-1");
}

static void a_renewal_that_was_cut_off_is_told_as_such(void **state) {
  Login *login = *state;
  log_in(login, 0);
  assert_int_equal(renew_interrupted(login, "serve POST /api/token delay=900 200 : {}", SIGKILL), SIGKILL);
  assert_string_equal(stored(login, "refresh_token"), "refresh-1");
  serve(login, REFUSED);
  const char *said = ask(login, another_process(login), "");
  assert_non_null(strstr(said, "a renewal of it was cut off on 2026-06-01, before Spotify's answer was on disk"));
  assert_non_null(strstr(said, "`narada setup spotify`"));
  /* Where Spotify still takes it, nothing has happened. */
  login->rig.passed += HOUR;
  serve(login, RENEWED);
  assert_string_equal(ask(login, another_process(login), ""), "access-2");
  assert_string_equal(stored(login, "renewing_at"), "");
}

static void a_refused_login_is_marked_and_kept(void **state) {
  Login *login = *state;
  SpotifyTokens *tokens = another_process(login);
  SpotifyLogin known;
  log_in(login, 0);
  serve(login, REFUSED);
  assert_non_null(strstr(ask(login, tokens, ""), "`narada setup spotify`"));
  assert_int_equal(login->rig.error.status, STATUS_LOGIN);
  assert_string_equal(stored(login, "refresh_token"), "refresh-1");
  assert_int_equal(spotify_login_read(login->rig.arena, login->credentials, "", &known, &login->rig.error), STATUS_OK);
  assert_true(known.logged_in && known.refused_at == RIG_NOW);
  /* Spotify is left alone for an hour, then asked again: an outage has refused good logins. */
  assert_non_null(strstr(ask(login, another_process(login), ""), "does not accept the stored login"));
  assert_int_equal(fake_server_count(login->rig.server), 1);
  login->rig.passed += HOUR;
  serve(login, RENEWED);
  assert_string_equal(ask(login, tokens, ""), "access-2");
  assert_string_equal(stored(login, "refused_at"), "");
}

static void an_aged_login_is_told_as_such(void **state) {
  Login *login = *state;
  log_in(login, 0);
  store(login, "authorized_at", "2025-11-30T10:00:00Z");
  serve(login, REFUSED);
  assert_non_null(strstr(ask(login, another_process(login), ""), "made on 2025-11-30, and Spotify ends each after six months"));
}

static void passing_faults_lose_nothing(void **state) {
  Login *login = *state;
  SpotifyTokens *tokens = another_process(login);
  log_in(login, 0);
  serve(login, "serve POST /api/token x2 503 : down");
  serve(login, RENEWED);
  assert_string_equal(ask(login, tokens, ""), "access-2");
  log_in(login, 0);
  serve(login, "serve POST /api/token x5 500 : down");
  assert_non_null(strstr(ask(login, another_process(login), ""), "the access token could not be renewed: Spotify: `spotify.refresh` failed (5 attempts)"));
  assert_int_equal(login->rig.error.status, STATUS_FAILED);
  assert_string_equal(stored(login, "refresh_token"), "refresh-1");
  assert_string_equal(stored(login, "refused_at"), "");
}

static Status token_of(void *context, Base base, Text refused, Text *out, Error *error) {
  Login *login = context;
  (void)base;
  return spotify_token(another_process(login), login->rig.http, refused, out, error);
}

/* A call whose token cannot be renewed just now has failed; nobody is told to log in. */
static void a_call_tells_a_fault_from_a_refused_login(void **state) {
  Login *login = *state;
  login->rig.options.token = token_of;
  login->rig.options.token_context = login;
  rig_open(&login->rig);
  static const struct {
    const char *reply;
    Verdict verdict;
    Status status;
    HttpOutcome outcome;
  } cases[] = {{"serve POST /api/token x5 500 : down", VERDICT_RETRY, STATUS_FAILED, HTTP_FAILED}, {REFUSED, VERDICT_LOGIN, STATUS_LOGIN, HTTP_REFUSED}};
  for (size_t i = 0; i < 2; i++) {
    log_in(login, 0);
    serve(login, cases[i].reply);
    HttpCall *call = http_submit(login->rig.http, &(HttpRequest){.endpoint = ENDPOINT_SPOTIFY_PROFILE});
    assert_int_equal(http_wait(login->rig.http, call, &login->rig.error), STATUS_OK);
    assert_int_equal(http_reply(call)->outcome, cases[i].outcome);
    assert_int_equal(http_reply(call)->verdict, cases[i].verdict);
    assert_int_equal(http_reply(call)->error.status, cases[i].status);
  }
  log_in(login, 0);
  store(login, "refused_at", "");
  serve(login, RENEWED);
  serve(login, "serve GET /me 200 token=access-2 : {\"id\":\"ada\"}");
  HttpCall *call = http_submit(login->rig.http, &(HttpRequest){.endpoint = ENDPOINT_SPOTIFY_PROFILE});
  assert_int_equal(http_wait(login->rig.http, call, &login->rig.error), STATUS_OK);
  assert_int_equal(http_reply(call)->outcome, HTTP_DONE);
  assert_string_equal(stored(login, "refresh_token"), "refresh-2");
}

/* Where nothing can be stored, the refresh token is not used up. */
static void nothing_is_renewed_that_cannot_be_kept(void **state) {
  Login *login = *state;
  if (geteuid() == 0) { /* may write anywhere: a folder where the temporary file would be is in the way */
    log_in(login, 0);
    assert_int_equal(mkdir(arena_format(login->rig.arena, "%s/spotify-default.new-%ld", login->rig.folder, (long)getpid()), 0700), 0);
  } else {
    log_in(login, 0);
    chmod(login->rig.folder, 0500);
  }
  assert_non_null(strstr(ask(login, another_process(login), ""), "cannot be"));
  assert_int_equal(fake_server_count(login->rig.server), 0);
  chmod(login->rig.folder, 0700);
}

static void without_a_login_the_command_is_told(void **state) {
  Login *login = *state;
  SpotifyTokens *tokens = another_process(login);
  assert_non_null(strstr(ask(login, tokens, ""), "not connected to Spotify yet; `narada setup spotify`"));
  assert_int_equal(login->rig.error.status, STATUS_LOGIN);
  store(login, "client_id", "client-1");
  assert_non_null(strstr(ask(login, tokens, ""), "nobody is logged in"));
  /* A token alone, as another program may have got it, is used while it lives. */
  store(login, "access_token", "access-1");
  store(login, "expires_at", "4102444800");
  assert_string_equal(ask(login, tokens, ""), "access-1");
  assert_non_null(strstr(ask(login, tokens, "access-1"), "nobody is logged in"));
  assert_int_equal(fake_server_count(login->rig.server), 0);
}

static void the_end_of_a_login_is_told_a_month_before(void **state) {
  Login *login = *state;
  static const struct {
    const char *made, *now, *line;
  } cases[] = {
      {"2026-01-10T12:00:00Z", "2026-06-10T11:59:59Z", NULL},
      {"2026-01-10T12:00:00Z", "2026-06-10T12:00:00Z", "ends on 2026-07-10, in 30 days"},
      {"2026-01-10T12:00:00Z", "2026-07-10T11:00:00Z", "in 1 day,"},
      {"2026-01-10T12:00:00Z", "2026-07-10T12:00:00Z", "ended on 2026-07-10"},
      {"2025-08-31T12:00:00Z", "2026-02-20T00:00:00Z", "ends on 2026-02-28"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    SpotifyLogin known;
    Instant now;
    log_in(login, HOUR);
    store(login, "authorized_at", cases[i].made);
    assert_int_equal(instant_parse(text_of(cases[i].now), (Zone){"UTC"}, &now, NULL), STATUS_OK);
    assert_int_equal(spotify_login_read(login->rig.arena, login->credentials, "", &known, &login->rig.error), STATUS_OK);
    Text line = spotify_login_warning(login->rig.arena, &known, now);
    if (cases[i].line) assert_non_null(strstr(line.bytes, cases[i].line));
    else assert_int_equal(line.length, 0);
  }
  SpotifyTokens *tokens = another_process(login);
  assert_int_equal(spotify_tokens_warning(tokens, login->rig.arena, INSTANT_MAX).length, 0); /* not in use */
  ask(login, tokens, "");
  assert_true(spotify_tokens_warning(tokens, login->rig.arena, INSTANT_MAX).length > 0);
  assert_int_equal(spotify_tokens_warning(tokens, login->rig.arena, INSTANT_MAX).length, 0); /* once */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_request_is_read_or_refused),
      TEST(only_the_return_of_this_login_ends_the_wait),
      TEST(waiting_ends_and_a_port_has_one_listener),
      TEST(redirects_are_those_that_spotify_takes),
      TEST(the_address_asks_for_what_is_needed),
      TEST(what_is_pasted_is_understood),
      TEST(a_code_becomes_a_login),
      TEST(what_is_no_login_changes_nothing),
      TEST(a_token_is_used_as_long_as_it_lives),
      TEST(a_reply_without_refresh_token_keeps_the_old),
      TEST(what_another_process_renewed_is_taken),
      TEST(processes_side_by_side_renew_once),
      TEST(an_interruption_waits_for_the_answer),
      TEST(an_interruption_does_not_wait_for_long),
      TEST(a_renewal_that_was_cut_off_is_told_as_such),
      TEST(a_refused_login_is_marked_and_kept),
      TEST(an_aged_login_is_told_as_such),
      TEST(passing_faults_lose_nothing),
      TEST(a_call_tells_a_fault_from_a_refused_login),
      TEST(nothing_is_renewed_that_cannot_be_kept),
      TEST(without_a_login_the_command_is_told),
      TEST(the_end_of_a_login_is_told_a_month_before),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
