/* Whichever allocation fails, calls and lists end with a message, and everything is given back (the leak checker of the sanitized build looks on). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connectors/http/pager.h"
#include "http_rig.h"

#include <cmocka.h>

enum { ALLOCATIONS_MOST = 5000 };

typedef struct Round {
  HttpRig *rig;
  size_t rows;
  bool whole;
} Round;

static Status count_rows(void *context, const JsonNode *rows, size_t count, int64_t position, Error *error) {
  (void)rows, (void)position, (void)error;
  ((Round *)context)->rows += count;
  return STATUS_OK;
}

static void forget(void *context) {
  ((Round *)context)->rows = 0;
}

static Status play_round(void *context, Error *error) {
  Round *round = context;
  HttpRig *rig = round->rig;
  Http *http;
  Status status = http_open(rig->arena, &rig->options, &http, error);
  if (status) return status;
  HttpCall *refused = http_submit(http, &(HttpRequest){.endpoint = ENDPOINT_SPOTIFY_PROFILE});
  PagesRequest request = {.request = {.endpoint = ENDPOINT_SPOTIFY_SAVED_TRACKS}, .size = 2, .page = count_rows, .again = forget, .context = round};
  Pager *pager = pages_start(http, rig->arena, &request);
  status = http_run(http, error);
  const PagesResult *result = pages_result(pager);
  round->whole = !status && result && result->complete && http_reply(refused)->outcome == HTTP_REFUSED;
  if (!status && result && result->outcome != HTTP_DONE) status = (fail)(error, STATUS_FAILED, "", "%s", result->error.message);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  HttpRig rig;
  rig_start(&rig);
  fake_server_serve(rig.server, "serve GET /me always 403 : {\"error\":{\"status\":403,\"message\":\"no\"}}");
  fake_server_serve(rig.server, "serve GET /me/tracks always list=5");
  rig.options.notice = NULL;
  rig.options.limits_path = arena_format(rig.arena, "%s/limits", rig.folder);
  Arena *outer = rig.arena;
  unsigned long n = 1;
  int failed = 0;
  bool whole = false;
  for (; n < ALLOCATIONS_MOST && !whole; n++) {
    Error error = {0};
    Round round = {.rig = &rig};
    rig.arena = arena_new(0);
    arena_test_fail_at(n);
    Status status = arena_protect(rig.arena, play_round, &round, &error);
    whole = round.whole && status == STATUS_OK;
    arena_test_fail_at(0);
    if (status != STATUS_OK) {
      assert_true(error.message[0] != '\0');
      failed++;
    }
    if (whole) assert_int_equal(round.rows, 5);
    arena_free(rig.arena);
  }
  assert_true(whole);
  assert_true(failed > 20);
  rig.arena = outer;
  rig_stop(&rig);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
