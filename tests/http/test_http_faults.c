/* Writes in a storm of faults drawn at random. Whatever happens, the outcome that is told is true: done means done once, refused and failed mean not done, and what
 * may not be done twice never is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "http_rig.h"

#include <cmocka.h>

enum { SERVERS = 6, WRITES = 50, FAULTS_MOST = 4 };

/* What the server does with one attempt. */
static const char *const actions[] = {
    "201",           /* does it and says so */
    "502",           /* does not */
    "502 effect",    /* does, and says it did not */
    "drop",          /* the connection is cut before the effect */
    "lose",          /* and after it */
    "201 cut",       /* in the middle of the answer */
    "429 retry-after=1", "503 retry-after=2", "403", "404",
};

static void one_write(HttpRig *rig, Random *random, bool once, int number) {
  char line[256], place[32], told[1024] = "";
  snprintf(place, sizeof place, "p%d", number);
  Text path = text_of(place);
  for (uint64_t n = random_below(random, FAULTS_MOST); n; n--) {
    const char *action = actions[random_below(random, sizeof actions / sizeof *actions)];
    snprintf(line, sizeof line, "serve %s /playlists/%s/items %s : {\"snapshot_id\":\"s\"}", once ? "POST" : "PUT", place, action);
    assert_true(fake_server_serve(rig->server, line));
    size_t used = strlen(told);
    snprintf(told + used, sizeof told - used, "%s; ", action);
  }
  snprintf(line, sizeof line, "serve %s /playlists/%s/items always 201 : {\"snapshot_id\":\"s\"}", once ? "POST" : "PUT", place);
  assert_true(fake_server_serve(rig->server, line));
  size_t before = fake_server_effects(rig->server);
  HttpRequest request = {.endpoint = once ? ENDPOINT_SPOTIFY_PLAYLIST_ADD : ENDPOINT_SPOTIFY_PLAYLIST_REPLACE, .path = &path, .path_count = 1};
  request.body = TEXT_LITERAL("{\"uris\":[\"u\"]}");
  HttpCall *call = http_submit(rig->http, &request);
  assert_int_equal(http_run(rig->http, &rig->error), STATUS_OK);
  const HttpReply *reply = http_reply(call);
  size_t effects = fake_server_effects(rig->server) - before;
  bool right = reply->outcome == HTTP_DONE ? effects >= 1 : reply->outcome == HTTP_UNCERTAIN ? once : !once || effects == 0;
  if (once && effects > 1) right = false;
  if (!right) fail_msg("after %s the outcome is %d and the effects are %zu", told, reply->outcome, effects);
  http_release(rig->http, call);
}

static void outcomes_are_true(void **state) {
  (void)state;
  Random random = random_seeded(11);
  for (int i = 0; i < SERVERS; i++) {
    HttpRig rig;
    rig_start(&rig);
    rig.options.notice = NULL;
    rig_open(&rig);
    for (int j = 0; j < WRITES; j++) one_write(&rig, &random, random_below(&random, 3) > 0, j);
    rig_stop(&rig);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(outcomes_are_true)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
