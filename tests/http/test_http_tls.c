/* HTTP/2 over TLS, against a server that nobody here wrote: Node's. Skipped where node or openssl is absent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/input.h"
#include "base/json_doc.h"
#include "connectors/http/http.h"

#include <cmocka.h>

enum { CALLS = 12 };

static Arena *arena;
static char folder[] = "/tmp/narada-tls-XXXXXX";
static pid_t server;
static const char *base;
static Error error;

static const char *path_of(const char *name) {
  return arena_format(arena, "%s/%s", folder, name);
}

static pid_t start(char *const *words) {
  pid_t pid = fork();
  if (pid == 0) {
    if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr)) _exit(126);
    execvp(words[0], words);
    _exit(127);
  }
  return pid;
}

static bool make_certificate(void) {
  char *words[] = {(char[]){"openssl"}, (char[]){"req"}, (char[]){"-x509"}, (char[]){"-newkey"}, (char[]){"ec"}, (char[]){"-pkeyopt"}, (char[]){"ec_paramgen_curve:prime256v1"},
                   (char[]){"-nodes"}, (char[]){"-subj"}, (char[]){"/CN=narada test"}, (char[]){"-addext"}, (char[]){"subjectAltName=IP:127.0.0.1"}, (char[]){"-days"}, (char[]){"2"},
                   (char[]){"-keyout"}, (char *)path_of("key"), (char[]){"-out"}, (char *)path_of("cert"), NULL};
  int how = 0;
  pid_t pid = start(words);
  return pid > 0 && waitpid(pid, &how, 0) == pid && WIFEXITED(how) && WEXITSTATUS(how) == 0;
}

/* False: node is not there. */
static bool start_server(void) {
  char *words[] = {(char[]){"node"}, (char[]){"tests/http/h2_server.mjs"}, (char *)path_of("key"), (char *)path_of("cert"), (char *)path_of("port"), NULL};
  server = start(words);
  for (int tries = 0; tries < 400 && server > 0; tries++) {
    Text port;
    if (waitpid(server, NULL, WNOHANG) == server) break;
    if (file_read_all(arena, path_of("port"), 16, &port, NULL) == STATUS_OK) {
      base = arena_format(arena, "https://127.0.0.1:" TEXT_FORMAT, TEXT_ARG(port));
      return true;
    }
    usleep(25000);
  }
  server = 0;
  return false;
}

static int set_up(void **state) {
  (void)state;
  arena = arena_new(0);
  return arena && mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state) {
  (void)state;
  if (server > 0) {
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
  }
  static const char *const names[] = {"key", "cert", "port"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) unlink(path_of(names[i]));
  rmdir(folder);
  arena_free(arena);
  return 0;
}

static Status token(void *context, Base which, Text refused, Text *out, Error *why) {
  (void)context;
  (void)which;
  if (refused.length) return (fail)(why, STATUS_LOGIN, "", "refused");
  *out = TEXT_LITERAL("t");
  return STATUS_OK;
}

static Http *open_http(const char *ca, const char *path) {
  Http *http;
  HttpOptions options = {.user_agent = "narada-test", .ca = ca, .token = token};
  options.bases[BASE_LISTENBRAINZ_API] = arena_format(arena, "%s%s", base, path);
  assert_int_equal(http_open(arena, &options, &http, &error), STATUS_OK);
  return http;
}

static int64_t number_of(const HttpCall *call, const char *key) {
  JsonDoc doc;
  int64_t number = -1;
  assert_int_equal(http_json(call, arena, &doc, &error), STATUS_OK);
  assert_true(json_whole(json_get(doc.root, key), &number));
  return number;
}

static void calls_share_a_connection(void **state) {
  (void)state;
  if (!make_certificate() || !start_server()) {
    puts("skipped: openssl or node is absent");
    skip();
  }
  Http *http = open_http(path_of("cert"), "");
  HttpRequest request = {.endpoint = ENDPOINT_LISTENBRAINZ_VALIDATE};
  HttpCall *calls[CALLS];
  for (int i = 0; i < CALLS; i++) calls[i] = http_submit(http, &request);
  assert_int_equal(http_run(http, &error), STATUS_OK);
  int64_t most = 0;
  for (int i = 0; i < CALLS; i++) {
    const HttpReply *reply = http_reply(calls[i]);
    assert_string_equal(reply->outcome == HTTP_DONE ? "" : reply->error.message, "");
    JsonDoc doc;
    assert_int_equal(http_json(calls[i], arena, &doc, &error), STATUS_OK);
    assert_true(text_is(json_get_text(doc.root, "version"), "2.0"));
    assert_int_equal(number_of(calls[i], "connections"), 1);
    if (number_of(calls[i], "most") > most) most = number_of(calls[i], "most");
  }
  assert_true(most > 1 && most <= limit_def(LIMIT_LISTENBRAINZ)->at_once);
}

static void a_stranger_is_not_believed(void **state) {
  (void)state;
  if (!base) skip();
  Http *http = open_http(NULL, "");
  HttpCall *call = http_submit(http, &(HttpRequest){.endpoint = ENDPOINT_LISTENBRAINZ_VALIDATE});
  assert_int_equal(http_wait(http, call, &error), STATUS_OK);
  assert_int_equal(http_reply(call)->outcome, HTTP_FAILED);
  assert_int_equal(http_reply(call)->attempts, 1);
  assert_non_null(strstr(http_reply(call)->error.message, "certificate"));
}

static void nobody_is_sent_elsewhere(void **state) {
  (void)state;
  if (!base) skip();
  Http *http = open_http(path_of("cert"), "/moved");
  HttpCall *call = http_submit(http, &(HttpRequest){.endpoint = ENDPOINT_LISTENBRAINZ_VALIDATE});
  assert_int_equal(http_wait(http, call, &error), STATUS_OK);
  assert_int_not_equal(http_reply(call)->outcome, HTTP_DONE);
  assert_int_equal(http_reply(call)->status, 302);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(calls_share_a_connection),
      cmocka_unit_test(a_stranger_is_not_believed),
      cmocka_unit_test(nobody_is_sent_elsewhere),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
