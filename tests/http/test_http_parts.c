/* The parts of the client that need no server: the tables, pauses, addresses, limits shared by processes, secrets, strict JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/input.h"
#include "base/json_doc.h"
#include "base/random.h"
#include "connectors/http/cassette.h"
#include "connectors/http/limits.h"
#include "connectors/http/retry_after.h"
#include "http_rig.h"

#include <cmocka.h>

static Arena *arena;
static Error error;

static int set_up(void **state) {
  (void)state;
  arena = arena_new(0);
  return arena ? 0 : -1;
}

static int tear_down(void **state) {
  (void)state;
  arena_free(arena);
  return 0;
}

static void the_table_is_sound(void **state) {
  (void)state;
  for (int i = 0; i < SERVICE_BASE_COUNT; i++) {
    assert_int_equal(url_check_base(text_of(base_def((Base)i)->url), false, "base", &error), STATUS_OK);
    assert_int_equal(base_named(text_of(base_def((Base)i)->name)), i);
  }
  for (int i = 0; i < LIMIT_COUNT; i++) {
    const LimitDef *def = limit_def((LimitId)i);
    assert_true(def->parent == LIMIT_NONE || def->parent < (LimitId)i); /* so that walking up ends */
    assert_true(def->at_once > 0 && (def->calls == 0 || (def->burst > 0 && def->period_ms / def->calls > 0)));
    assert_true(def->parent != LIMIT_NONE || def->calls > 0);
  }
  for (int i = 0; i < ENDPOINT_COUNT; i++) {
    const EndpointDef *def = endpoint_def((Endpoint)i);
    assert_int_equal(endpoint_named(text_of(def->name)), i);
    assert_int_equal(limit_def(def->limit)->service, base_def(def->base)->service);
    const PagesDef *pages = pages_def((Endpoint)i);
    assert_true(!pages->style || (def->repeat == REPEAT && pages->most > 0 && pages->items[0] == '/'));
    assert_true(!pages->style || pages->style == PAGES_CURSOR || pages->total[0] == '/');
    assert_true(pages->style != PAGES_CURSOR || pages->next[0] == '/');
  }
}

/* What explain promises of a service's calls, pages and batches is what the client keeps to. */
static void the_two_tables_agree(void **state) {
  (void)state;
  static const struct {
    const char *name;
    int calls, page, batch, write;
  } connectors[] = {
#define CONNECTOR(id, name, calls, page, batch, write, doc) {name, calls, page, batch, write},
#include "connectors.def"
#undef CONNECTOR
  };
  static const struct {
    LimitId limit;
    Endpoint pages, batch, write; /* ENDPOINT_COUNT: one thing a call */
  } services[SERVICE_COUNT] = {
      [SERVICE_SPOTIFY] = {LIMIT_SPOTIFY, ENDPOINT_SPOTIFY_PLAYLIST_ITEMS, ENDPOINT_COUNT, ENDPOINT_SPOTIFY_PLAYLIST_ADD},
      [SERVICE_LASTFM] = {LIMIT_LASTFM, ENDPOINT_LASTFM_SCROBBLES, ENDPOINT_LASTFM_TRACK, ENDPOINT_LASTFM_SCROBBLE},
      [SERVICE_MUSICBRAINZ] = {LIMIT_MUSICBRAINZ, ENDPOINT_MUSICBRAINZ_SEARCH, ENDPOINT_MUSICBRAINZ_SEARCH, ENDPOINT_COUNT},
      [SERVICE_LISTENBRAINZ] = {LIMIT_LISTENBRAINZ, ENDPOINT_LISTENBRAINZ_LISTENS, ENDPOINT_LISTENBRAINZ_LOOKUP, ENDPOINT_LISTENBRAINZ_SUBMIT},
  };
  int found = 0;
  for (size_t i = 0; i < sizeof connectors / sizeof *connectors; i++) {
    for (int j = 0; j < SERVICE_COUNT; j++) {
      if (strcmp(connectors[i].name, service_def((Service)j)->name) != 0) continue;
      const LimitDef *limit = limit_def(services[j].limit);
      found++;
      assert_int_equal(connectors[i].calls, limit->calls * 60000 / limit->period_ms);
      assert_int_equal(connectors[i].page, pages_def(services[j].pages)->most);
      assert_int_equal(connectors[i].batch, services[j].batch == ENDPOINT_COUNT ? 1 : endpoint_def(services[j].batch)->batch);
      assert_int_equal(connectors[i].write, services[j].write == ENDPOINT_COUNT ? 1 : endpoint_def(services[j].write)->batch);
    }
  }
  assert_int_equal(found, SERVICE_COUNT);
}

static Verdict verdict_of(Service service, int status, const char *code) {
  return service_verdict(service, status, text_of(code))->verdict;
}

static void refusals_mean_what_the_table_says(void **state) {
  (void)state;
  assert_int_equal(verdict_of(SERVICE_SPOTIFY, 200, ""), VERDICT_DONE);
  assert_int_equal(verdict_of(SERVICE_SPOTIFY, 201, ""), VERDICT_DONE);
  assert_int_equal(verdict_of(SERVICE_SPOTIFY, 429, ""), VERDICT_SLOWER);
  assert_int_equal(verdict_of(SERVICE_SPOTIFY, 429, "QUOTA_EXCEEDED"), VERDICT_QUOTA);
  assert_int_equal(verdict_of(SERVICE_SPOTIFY, 401, ""), VERDICT_TOKEN);
  assert_int_equal(verdict_of(SERVICE_SPOTIFY, 418, ""), VERDICT_INVALID);
  assert_int_equal(verdict_of(SERVICE_LASTFM, 200, "9"), VERDICT_LOGIN);
  assert_int_equal(verdict_of(SERVICE_LASTFM, 429, "29"), VERDICT_SLOWER);
  assert_int_equal(verdict_of(SERVICE_LASTFM, 404, "6"), VERDICT_ABSENT);
  assert_int_equal(verdict_of(SERVICE_LASTFM, 200, "6"), VERDICT_INVALID);
  assert_int_equal(verdict_of(SERVICE_LASTFM, 400, ""), VERDICT_RETRY);
  assert_int_equal(verdict_of(SERVICE_MUSICBRAINZ, 503, ""), VERDICT_SLOWER);
  assert_int_equal(verdict_of(SERVICE_MUSICBRAINZ, 400, ""), VERDICT_INVALID);
  assert_int_equal(verdict_of(SERVICE_LISTENBRAINZ, 502, ""), VERDICT_RETRY);
}

static int64_t pause_of(const char *value, const char *date) {
  return retry_after(text_of(value), text_of(date), RIG_NOW);
}

static void pauses_are_read_in_every_form(void **state) {
  (void)state;
  assert_int_equal(pause_of("3", ""), 3000);
  assert_int_equal(pause_of("0", ""), 0);
  assert_int_equal(pause_of("0.5", ""), 1000);
  assert_int_equal(pause_of("48925", ""), 48925000);
  assert_int_equal(pause_of("1000000000", ""), RETRY_AFTER_MOST);
  assert_int_equal(pause_of("99999999999999999999999999", ""), RETRY_AFTER_MOST);
  assert_int_equal(pause_of("Mon, 01 Jun 2026 12:00:09 GMT", ""), 9000);
  assert_int_equal(pause_of("Mon, 01 Jun 2026 11:00:00 GMT", ""), 0);
  assert_int_equal(pause_of("Monday, 01-Jun-26 12:00:09 GMT", ""), 9000);
  assert_int_equal(pause_of("Mon Jun  1 12:00:09 2026", ""), 9000);
  /* This machine's clock is an hour behind the service's. */
  assert_int_equal(pause_of("Mon, 01 Jun 2026 13:00:09 GMT", "Mon, 01 Jun 2026 13:00:00 GMT"), 9000);
  static const char *const none[] = {"", "soon", "-1", "3 s", "Mon, 31 Feb 2026 12:00:09 GMT", "Mon, 01 Jun 2026 25:00:09 GMT", "Mon, 01 Jun 2026 12:00:09 CET", "."};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) assert_int_equal(pause_of(none[i], ""), -1);
}

static Status base_status(const char *url, bool loopback) {
  return url_check_base(text_of(url), loopback, "spotify.api", &error);
}

static void only_safe_addresses_are_taken(void **state) {
  (void)state;
  static const char *const good[] = {"https://api.example.org", "https://api.example.org:8443/v1", "HTTPS://api.example.org/a%20b", "https://[2001:db8::1]/x"};
  static const char *const local[] = {"http://127.0.0.1:4010", "http://127.1.2.3", "http://[::1]:80/v1", "http://localhost:1/"};
  static const char *const bad[] = {"",
                                    "ftp://x.org",
                                    "http://api.example.org",
                                    "http://127.0.0.1.example.org",
                                    "http://127.1",
                                    "http://127.0.0.1@evil.example",
                                    "http://localhost.evil.example",
                                    "https://user:word@api.example.org",
                                    "https://",
                                    "https://:80",
                                    "https://api.example.org:",
                                    "https://api.example.org:99999999",
                                    "https://api.example.org?x=1",
                                    "https://api.example.org#x",
                                    "https://api.example.org/\r\nX: y",
                                    "https://[::1"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_int_equal(base_status(good[i], false), STATUS_OK);
  for (size_t i = 0; i < sizeof local / sizeof *local; i++) {
    assert_int_equal(base_status(local[i], true), STATUS_OK);
    assert_int_equal(base_status(local[i], false), STATUS_USAGE);
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_int_equal(base_status(bad[i], true), STATUS_USAGE);
}

static void another_address_is_given_by_name(void **state) {
  (void)state;
  HttpOptions options = {.loopback = true};
  Http *http;
  assert_int_equal(http_set_base(&options, arena, TEXT_LITERAL("lastfm.api=http://127.0.0.1:4011/2.0/"), &error), STATUS_OK);
  assert_string_equal(options.bases[BASE_LASTFM_API], "http://127.0.0.1:4011/2.0/");
  assert_int_equal(http_set_base(&options, arena, TEXT_LITERAL("lastfm.apo=x"), &error), STATUS_USAGE);
  assert_string_equal(error.message, "no service address is called `lastfm.apo`; did you mean `lastfm.api`?");
  assert_int_equal(http_set_base(&options, arena, TEXT_LITERAL("zzzzz=x"), &error), STATUS_USAGE);
  assert_int_equal(http_set_base(&options, arena, TEXT_LITERAL("lastfm.api"), &error), STATUS_USAGE);
  assert_int_equal(http_open(arena, &options, &http, &error), STATUS_OK);
  HttpParam params[] = {{"api_key", TEXT_LITERAL("k")}, {"token", TEXT_LITERAL("t/1")}};
  assert_string_equal(http_address(http, arena, ENDPOINT_LASTFM_AUTHORIZE, params, 2).bytes, "https://www.last.fm/api/auth/?api_key=k&token=t%2F1");
  options.loopback = false;
  assert_int_equal(http_open(arena, &options, &http, &error), STATUS_USAGE);
  options = (HttpOptions){.limits_path = "/nowhere/at/all.limits"};
  assert_int_equal(http_open(arena, &options, &http, &error), STATUS_FAILED);
  assert_non_null(strstr(error.message, "/nowhere/at/all.limits: cannot be opened for writing"));
  assert_string_equal(http_limits_path(arena, "/a/narada.db"), "/a/narada.db.limits");
}

typedef struct Shared {
  char folder[64], path[80];
} Shared;

static void make_shared(Shared *shared) {
  snprintf(shared->folder, sizeof shared->folder, "/tmp/narada-limits-XXXXXX");
  assert_non_null(mkdtemp(shared->folder));
  snprintf(shared->path, sizeof shared->path, "%s/limits", shared->folder);
}

static void remove_shared(const Shared *shared) {
  unlink(shared->path);
  rmdir(shared->folder);
}

static Limits *open_limits(const char *path) {
  Limits *limits;
  assert_int_equal(limits_open(arena, path, NULL, &limits, &error), STATUS_OK);
  return limits;
}

static Instant taken(Limits *limits, LimitId limit, Instant now) {
  Instant at;
  bool has;
  assert_int_equal(limits_take(limits, limit, now, INT64_C(86400000), &at, &has, &error), STATUS_OK);
  return at - now;
}

static void slots_of_many_processes_do_not_overlap(void **state) {
  (void)state;
  enum { PROCESSES = 4, SLOTS = 50 };
  Shared shared;
  make_shared(&shared);
  int pipes[2];
  assert_int_equal(pipe(pipes), 0);
  for (int i = 0; i < PROCESSES; i++) {
    if (fork() != 0) continue;
    Limits *limits = open_limits(shared.path);
    for (int j = 0; j < SLOTS; j++) {
      Instant at;
      bool has;
      if (limits_take(limits, LIMIT_MUSICBRAINZ, RIG_NOW, INT64_C(86400000), &at, &has, &error) || !has) _exit(1);
      if (write(pipes[1], &at, sizeof at) != sizeof at) _exit(1);
    }
    _exit(0);
  }
  close(pipes[1]);
  bool seen[PROCESSES * SLOTS] = {0};
  Instant at;
  while (read(pipes[0], &at, sizeof at) == sizeof at) {
    int64_t slot = (at - RIG_NOW) / 1000;
    assert_int_equal((at - RIG_NOW) % 1000, 0);
    assert_in_range(slot, 0, PROCESSES * SLOTS - 1);
    assert_false(seen[slot]);
    seen[slot] = true;
  }
  close(pipes[0]);
  for (int i = 0; i < PROCESSES; i++) {
    int status;
    wait(&status);
    assert_int_equal(status, 0);
  }
  for (int i = 0; i < PROCESSES * SLOTS; i++) assert_true(seen[i]);
  remove_shared(&shared);
}

static void a_burst_is_free_and_then_the_rate_counts(void **state) {
  (void)state;
  Limits *limits = open_limits(NULL);
  for (int i = 0; i < 5; i++) assert_int_equal(taken(limits, LIMIT_LASTFM, RIG_NOW), 0);
  assert_int_equal(taken(limits, LIMIT_LASTFM_WRITE, RIG_NOW), 200); /* the parent counts */
  assert_int_equal(taken(limits, LIMIT_LASTFM, RIG_NOW), 400);
  assert_int_equal(taken(limits, LIMIT_LASTFM, RIG_NOW + 10000), 0);
}

static void a_closed_service_stays_closed_for_the_next_process(void **state) {
  (void)state;
  Shared shared;
  make_shared(&shared);
  Instant at;
  assert_int_equal(limits_close(open_limits(shared.path), LIMIT_SPOTIFY_CATALOGUE, RIG_NOW + 48925000, RIG_NOW, &error), STATUS_OK);
  Limits *limits = open_limits(shared.path);
  assert_int_equal(taken(limits, LIMIT_SPOTIFY_CATALOGUE, RIG_NOW + 1000), 48924000);
  assert_int_equal(taken(limits, LIMIT_SPOTIFY_SEARCH, RIG_NOW + 1000), 0);
  assert_int_equal(limits_close(limits, LIMIT_SPOTIFY_CATALOGUE, RIG_NOW + 5, RIG_NOW + 1000, &error), STATUS_OK);
  assert_int_equal(limits_closed_until(limits, LIMIT_SPOTIFY_CATALOGUE, RIG_NOW + 1000, &at, &error), STATUS_OK);
  assert_int_equal(at, RIG_NOW + 48925000);
  struct stat about;
  assert_int_equal(stat(shared.path, &about), 0);
  assert_int_equal(about.st_mode & 0777, 0600);
  remove_shared(&shared);
}

static void a_clock_set_back_makes_nobody_wait_longer(void **state) {
  (void)state;
  Shared shared;
  make_shared(&shared);
  Instant day = INT64_C(86400000);
  assert_int_equal(taken(open_limits(shared.path), LIMIT_MUSICBRAINZ, RIG_NOW + day), 0);
  assert_int_equal(limits_close(open_limits(shared.path), LIMIT_SPOTIFY, RIG_NOW + day + 60000, RIG_NOW + day, &error), STATUS_OK);
  assert_int_equal(taken(open_limits(shared.path), LIMIT_MUSICBRAINZ, RIG_NOW), 1000);
  assert_int_equal(taken(open_limits(shared.path), LIMIT_SPOTIFY, RIG_NOW), 60000);
  remove_shared(&shared);
}

static void a_damaged_file_begins_anew(void **state) {
  (void)state;
  static const char *const texts[] = {"", "nonsense", "narada limits 1 x\n", "narada limits 1 5\nmusicbrainz\nspotify 1\n\xff\xfe 1 2\n",
                                      "narada limits 1 5\nmusicbrainz 999999999999999999 0\n"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    Shared shared;
    make_shared(&shared);
    FILE *file = fopen(shared.path, "w");
    fputs(texts[i], file);
    fclose(file);
    assert_int_equal(taken(open_limits(shared.path), LIMIT_MUSICBRAINZ, RIG_NOW), 0);
    assert_int_equal(taken(open_limits(shared.path), LIMIT_MUSICBRAINZ, RIG_NOW), 1000);
    remove_shared(&shared);
  }
}

static void secrets_are_replaced_and_all_else_stays(void **state) {
  (void)state;
  assert_string_equal(redact_params(arena, TEXT_LITERAL("/x?limit=50&api_key=CANARY&API_SIG=CANARY&sk=CANARY&q=a")).bytes,
                      "/x?limit=50&api_key=(secret)&API_SIG=(secret)&sk=(secret)&q=a");
  assert_string_equal(redact_params(arena, TEXT_LITERAL("code=CANARY&grant_type=authorization_code&code_verifier=CANARY&empty=&")).bytes,
                      "code=(secret)&grant_type=authorization_code&code_verifier=(secret)&empty=&");
  assert_string_equal(redact_json(arena, TEXT_LITERAL("{ \"access_token\" : \"CANARY\",\"a\":{\"refresh_token\":\"CA\\u004eARY\"}, \"code\":\"5\",\"n\":1.50}"), SECRET_GIVEN).bytes,
                      "{ \"access_token\" : \"(secret)\",\"a\":{\"refresh_token\":\"(secret)\"}, \"code\":\"5\",\"n\":1.50}");
  assert_string_equal(redact_json(arena, TEXT_LITERAL("{\"session\":{\"name\":\"n\",\"key\":\"CANARY\"}}"), SECRET_GIVEN).bytes,
                      "{\"session\":{\"name\":\"n\",\"key\":\"(secret)\"}}");
}

static void replies_are_read_strictly(void **state) {
  (void)state;
  static const struct {
    const char *text, *message;
  } bad[] = {
      {"{\"a\":1,\"b\":2,\"a\":3}", "r:1: the key \"a\" stands twice in one object"},
      {"{\"a\":1} x", NULL},
      {"{\"a\":\"\xff\"}", NULL},
      {"[1e999]", NULL},
      {"{\"a\":", NULL},
      {"", NULL},
      {"{\"a\":\"\\u0000\"}", NULL},
      {"<html>", NULL},
  };
  JsonDoc doc;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    error.message[0] = '\0';
    assert_int_equal(json_doc_read(arena, text_of(bad[i].text), "r", &doc, &error), STATUS_FAILED);
    assert_null(doc.root);
    if (bad[i].message) assert_string_equal(error.message, bad[i].message);
    assert_true(strlen(error.message) > 0);
  }
  TextBuilder deep = {.arena = arena};
  for (int i = 0; i < 65; i++) text_append_char(&deep, '[');
  for (int i = 0; i < 65; i++) text_append_char(&deep, ']');
  assert_int_equal(json_doc_read(arena, text_built(&deep), "r", &doc, &error), STATUS_FAILED);
  assert_int_equal(json_doc_read(arena, (Text){deep.bytes + 1, 128}, "r", &doc, &error), STATUS_OK);
}

/* Some of these share the bit by which keys are told apart first; and an escape is another spelling of the same key. */
static void keys_are_compared_by_all_their_letters(void **state) {
  (void)state;
  TextBuilder some = {.arena = arena};
  JsonDoc doc;
  text_append(&some, TEXT_LITERAL("{\"\":0"));
  for (int i = 0; i < 60; i++) text_append_format(&some, ",\"k%02dk\":%d", i, i);
  size_t before = some.length;
  text_append_char(&some, '}');
  assert_int_equal(json_doc_read(arena, text_built(&some), "r", &doc, &error), STATUS_OK);
  assert_int_equal(doc.root->count, 61);
  for (int i = 0; i < 60; i++) {
    some.length = before;
    text_append_format(&some, ",\"\\u006b%02dk\":1}", i);
    assert_int_equal(json_doc_read(arena, text_built(&some), "r", &doc, &error), STATUS_FAILED);
  }
}

static void equal_lists_have_equal_prints(void **state) {
  (void)state;
  static const char *const texts[] = {"{\"at\":1,\"l\":[{\"a\":\"x\"},2]}", "{ \"at\":22, \"l\":[{\"a\":\"x\"},2] }", "{\"at\":1,\"l\":[{\"a\":\"y\"},2]}", "{\"at\":1,\"l\":[]}"};
  uint64_t prints[4];
  for (int i = 0; i < 4; i++) {
    JsonDoc doc;
    assert_int_equal(json_doc_read(arena, text_of(texts[i]), "r", &doc, &error), STATUS_OK);
    prints[i] = json_print(json_get(doc.root, "l"));
    assert_int_equal(json_print(json_get(doc.root, "at")), 0);
  }
  assert_true(prints[0] == prints[1] && prints[0] != prints[2] && prints[0] != prints[3]);
}

/* 40,000 keys in one object: each with each would be 800 million comparisons. */
static void many_keys_are_compared_without_a_square(void **state) {
  (void)state;
  TextBuilder many = {.arena = arena};
  text_append_char(&many, '{');
  for (int i = 0; i < 40000; i++) text_append_format(&many, "\"key%d\":%d,", i, i);
  size_t before = many.length;
  text_append(&many, TEXT_LITERAL("\"last\":0}"));
  JsonDoc doc;
  assert_int_equal(json_doc_read(arena, text_built(&many), "r", &doc, &error), STATUS_OK);
  assert_int_equal(doc.root->count, 40001);
  many.length = before;
  text_append(&many, TEXT_LITERAL("\"key7\":0}"));
  assert_int_equal(json_doc_read(arena, text_built(&many), "r", &doc, &error), STATUS_FAILED);
}

static void replies_are_found_their_way_in(void **state) {
  (void)state;
  JsonDoc doc;
  Text text = TEXT_LITERAL("{\"a\":{\"@attr\":{\"total\":\"250\"}},\"l\":[{\"t\":5},{\"t\":9007199254740993}],\"s\":\"x\",\"e\":{}}");
  int64_t whole;
  assert_int_equal(json_doc_read(arena, text, "r", &doc, &error), STATUS_OK);
  assert_true(json_whole(json_at(doc.root, TEXT_LITERAL("/a/@attr/total")), &whole));
  assert_int_equal(whole, 250);
  assert_true(json_whole(json_at(doc.root, TEXT_LITERAL("/l/-1/t")), &whole));
  assert_int_equal(whole, INT64_C(9007199254740993));
  assert_null(json_at(doc.root, TEXT_LITERAL("/l/2")));
  assert_null(json_at(doc.root, TEXT_LITERAL("/e/-1")));
  assert_null(json_at(doc.root, TEXT_LITERAL("/s/x")));
  assert_ptr_equal(json_at(doc.root, TEXT_LITERAL("")), doc.root);
  assert_false(json_whole(json_at(doc.root, TEXT_LITERAL("/s")), &whole));
  assert_string_equal(json_get_text(doc.root, "s").bytes, "x");
  assert_int_equal(json_get_text(doc.root, "l").length, 0);
}

/* ---- hostile bytes: a slice of tests/fuzz/fuzz_http.c ---- */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void damaged_texts_do_no_harm(void **state) {
  (void)state;
  static const char *const samples[] = {
      "0{\"error\":{\"status\":429,\"reason\":\"QUOTA_EXCEEDED\"},\"access_token\":\"a\",\"session\":{\"key\":\"\\u00e9\",\"x\":[1,2.5e3,null]}}",
      "1Mon, 01 Jun 2026 12:00:09 GMT",
      "2https://[2001:db8::1]:8443/v1/%20",
      "3http://127.0.0.1:8765/callback?code=a%2Bb&state=state#x",
      "4/x?limit=50&api_key=CANARY&sk=a&{\"token\":\"b\"}",
  };
  static const char alphabet[] = "{}[]\",:\\%=&?#/@. 0-9aeT\xFF\xC3\x80\x00";
  Random random = random_seeded(5);
  for (int trial = 0; trial < 10000; trial++) {
    const char *sample = samples[trial % 5];
    size_t size = strlen(sample);
    uint8_t *data = malloc(size); /* of its exact size, so that a read beyond the end is seen */
    memcpy(data, sample, size);
    data[0] = (uint8_t)(trial % 5 + (trial & 64 ? 40 : 0));
    for (uint64_t n = random_below(&random, 5); n; n--) data[1 + random_below(&random, size - 1)] = (uint8_t)alphabet[random_below(&random, sizeof alphabet)];
    if (random_below(&random, 4) == 0) {
      size = 1 + random_below(&random, size);
      data = realloc(data, size);
    }
    assert_int_equal(LLVMFuzzerTestOneInput(data, size), 0);
    free(data);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(the_table_is_sound, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_two_tables_agree, set_up, tear_down),
      cmocka_unit_test_setup_teardown(refusals_mean_what_the_table_says, set_up, tear_down),
      cmocka_unit_test_setup_teardown(pauses_are_read_in_every_form, set_up, tear_down),
      cmocka_unit_test_setup_teardown(only_safe_addresses_are_taken, set_up, tear_down),
      cmocka_unit_test_setup_teardown(another_address_is_given_by_name, set_up, tear_down),
      cmocka_unit_test_setup_teardown(slots_of_many_processes_do_not_overlap, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_burst_is_free_and_then_the_rate_counts, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_closed_service_stays_closed_for_the_next_process, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_clock_set_back_makes_nobody_wait_longer, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_damaged_file_begins_anew, set_up, tear_down),
      cmocka_unit_test_setup_teardown(secrets_are_replaced_and_all_else_stays, set_up, tear_down),
      cmocka_unit_test_setup_teardown(replies_are_read_strictly, set_up, tear_down),
      cmocka_unit_test_setup_teardown(keys_are_compared_by_all_their_letters, set_up, tear_down),
      cmocka_unit_test_setup_teardown(equal_lists_have_equal_prints, set_up, tear_down),
      cmocka_unit_test_setup_teardown(many_keys_are_compared_without_a_square, set_up, tear_down),
      cmocka_unit_test_setup_teardown(replies_are_found_their_way_in, set_up, tear_down),
      cmocka_unit_test(damaged_texts_do_no_harm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
