/* The client against the fake server: every file of tests/http/cases is a script of the server, calls, and what is expected of both.
 *
 *   # what the case shows
 *   option NAME NUMBER        as in HttpOptions
 *   serve ...                 see fake_server.h
 *   refresh TOKEN             what a refused token is replaced by
 *   call ENDPOINT [path=VALUE] [NAME=VALUE ...] [body=REST OF THE LINE]
 *   pages ENDPOINT [path=VALUE] [size=N] [most=N] [from=CURSOR] [NAME=VALUE ...]   reads a list; rows are known by their "n", those with "now" stand outside of the count
 *   record | replay           another client, which keeps its exchanges in a folder, or plays them from there
 *   exchanges                 shows what is in the folder
 *   run                       until all calls have ended
 *   new                       another client on the same limits' file, as a later run has it
 *   later MS                  the clock moves
 *   bytes | sorted            how requests are shown: with all headers; by their bytes, for calls side by side
 *   expect
 *   ...
 *
 * BLESS=1 writes what happens after `expect`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/folder.h"
#include "base/input.h"
#include "base/vec.h"
#include "connectors/http/pager.h"
#include "http_rig.h"

#include <cmocka.h>

#define CASES "tests/http/cases"

/* A list being read. */
typedef struct List {
  Arena *arena;
  Pager *pager;
  VEC(int64_t) rows;
} List;

typedef struct CaseRun {
  HttpRig rig;
  TextBuilder out;
  VEC(HttpCall *) calls;
  VEC(List *) lists;
  bool bytes, sorted;
} CaseRun;

static void set_option(HttpOptions *options, const char *name, long value) {
  if (strcmp(name, "longest_wait") == 0) options->longest_wait_ms = value;
  else if (strcmp(name, "attempts") == 0) options->attempts = (int)value;
  else if (strcmp(name, "body_most") == 0) options->body_most = (size_t)value;
  else if (strcmp(name, "attempt_ms") == 0) options->attempt_ms = value;
  else if (strcmp(name, "at_once") == 0) options->at_once = (int)value;
  else if (strcmp(name, "total_ms") == 0) options->total_ms = value;
  else if (strcmp(name, "slowest") == 0) options->slowest = (int)value;
  else if (strcmp(name, "slow_seconds") == 0) options->slow_seconds = (int)value;
  else fail_msg("no option %s", name);
}

typedef struct Words {
  HttpParam params[64];
  Text path[4];
  HttpRequest request;
  int size;
  int64_t most;
  Text cursor;
} Words;

static void read_words(CaseRun *run, char *line, Words *out) {
  Arena *arena = run->rig.arena;
  *out = (Words){.request = {.params = out->params, .path = out->path}};
  char *body = strstr(line, " body="), *rest = NULL;
  if (body) {
    *body = '\0';
    out->request.body = text_of(body + 6);
  }
  const char *word = strtok_r(line, " ", &rest);
  out->request.endpoint = endpoint_named(text_of(word));
  if (out->request.endpoint == ENDPOINT_COUNT) fail_msg("no endpoint %s", word);
  while ((word = strtok_r(NULL, " ", &rest)) != NULL) {
    const char *equals = strchr(word, '=');
    assert_non_null(equals);
    const char *name = arena_copy(arena, word, (size_t)(equals - word));
    if (strcmp(name, "path") == 0) out->path[out->request.path_count++] = text_of(equals + 1);
    else if (strcmp(name, "size") == 0) out->size = atoi(equals + 1);
    else if (strcmp(name, "most") == 0) out->most = atoi(equals + 1);
    else if (strcmp(name, "from") == 0) out->cursor = text_of(equals + 1);
    else out->params[out->request.param_count++] = (HttpParam){name, text_of(equals + 1)};
  }
}

static void add_call(CaseRun *run, char *line) {
  Words words;
  read_words(run, line, &words);
  HttpCall *call = http_submit(run->rig.http, &words.request);
  vec_push(run->rig.arena, &run->calls, call);
}

static Status keep_rows(void *context, const JsonNode *rows, size_t count, int64_t position, Error *error) {
  List *list = context;
  (void)position;
  for (size_t i = 0; i < count; i++) {
    int64_t n = -1;
    if (!json_whole(json_get(&rows[i], "n"), &n)) return (fail)(error, STATUS_FAILED, "", "row %zu of a page has no n", i + 1);
    vec_push(list->arena, &list->rows, n);
  }
  return STATUS_OK;
}

static void forget_rows(void *context) {
  ((List *)context)->rows.count = 0;
}

static bool is_playing(void *context, const JsonNode *row) {
  (void)context;
  return json_get(row, "now") != NULL;
}

static void add_list(CaseRun *run, char *line) {
  Words words;
  read_words(run, line, &words);
  List *list = arena_alloc(run->rig.arena, sizeof *list);
  list->arena = run->rig.arena;
  PagesRequest request = {.request = words.request, .size = words.size, .most = words.most, .cursor = words.cursor};
  request.page = keep_rows;
  request.again = forget_rows;
  request.extra = is_playing;
  request.context = list;
  list->pager = pages_start(run->rig.http, run->rig.arena, &request);
  vec_push(run->rig.arena, &run->lists, list);
}

static void show_list(CaseRun *run, const List *list) {
  static const char *const names[] = {"done", "refused", "parked", "failed", "uncertain"};
  const PagesResult *result = pages_result(list->pager);
  TextBuilder *out = &run->out;
  text_append_format(out, "list: %s, %s, %lld of %lld rows, readings %d", names[result->outcome], result->complete ? "complete" : "not complete", (long long)result->rows,
                     (long long)result->total, result->readings);
  if (result->doubt.length) text_append_format(out, ", doubt: " TEXT_FORMAT, TEXT_ARG(result->doubt));
  if (result->outcome != HTTP_DONE) text_append_format(out, ", exit %d, %s", result->error.status, result->error.message);
  text_append_format(out, "\nrows:");
  for (size_t i = 0, end; i < list->rows.count; i = end) {
    for (end = i + 1; end < list->rows.count && list->rows.items[end] == list->rows.items[end - 1] + 1;) end++;
    text_append_format(out, " %lld", (long long)list->rows.items[i]);
    if (end > i + 1) text_append_format(out, "-%lld", (long long)list->rows.items[end - 1]);
  }
  text_append_char(out, '\n');
}

static void end_calls(CaseRun *run) {
  Error error;
  if (http_run(run->rig.http, &error)) text_append_format(&run->out, "run: %s\n", error.message);
  for (size_t i = 0; i < run->calls.count; i++) {
    const HttpReply *reply = http_reply(run->calls.items[i]);
    if (reply->outcome != HTTP_DONE && strstr(reply->error.message, "canary")) fail_msg("a message holds a secret: %s", reply->error.message);
    text_append_format(&run->out, TEXT_FORMAT "\n", TEXT_ARG(rig_outcome(&run->rig, run->calls.items[i])));
    http_release(run->rig.http, run->calls.items[i]);
  }
  run->calls.count = 0;
  for (size_t i = 0; i < run->lists.count; i++) show_list(run, run->lists.items[i]);
  run->lists.count = 0;
}

static void open_cassette(CaseRun *run, bool replay) {
  const char *folder = arena_format(run->rig.arena, "%s/cassette", run->rig.folder);
  run->rig.options.record = replay ? NULL : folder;
  run->rig.options.replay = replay ? folder : NULL;
  rig_open(&run->rig);
}

/* The exchanges kept, each with its name, in the order of their names. */
static void show_cassette(CaseRun *run) {
  PathList paths = {0};
  Error error;
  const char *folder = arena_format(run->rig.arena, "%s/cassette", run->rig.folder);
  assert_int_equal(folder_list(run->rig.arena, folder, &paths, &error), STATUS_OK);
  for (size_t i = 0; i < paths.count; i++) {
    Text text;
    assert_int_equal(file_read_all(run->rig.arena, paths.items[i], 1 << 20, &text, &error), STATUS_OK);
    text_append_format(&run->out, "--- %s\n" TEXT_FORMAT "\n", paths.items[i] + strlen(folder) + 1, TEXT_ARG(text));
  }
}

static void do_line(CaseRun *run, char *line) {
  HttpRig *rig = &run->rig;
  char name[64];
  long value;
  if (line[0] == '#' || !line[0]) return;
  if (strncmp(line, "serve ", 6) == 0) {
    if (!fake_server_serve(rig->server, line)) fail_msg("not understood: %s", line);
    return;
  }
  if (sscanf(line, "option %63s %ld", name, &value) == 2) {
    set_option(&rig->options, name, value);
  } else if (sscanf(line, "later %ld", &value) == 1) {
    rig->passed += value;
  } else if (strncmp(line, "refresh ", 8) == 0) {
    rig->next_token = text_copy(rig->arena, text_of(line + 8));
  } else if (strncmp(line, "call ", 5) == 0) {
    if (!rig->http) rig_open(rig);
    add_call(run, line + 5);
  } else if (strncmp(line, "pages ", 6) == 0) {
    if (!rig->http) rig_open(rig);
    add_list(run, line + 6);
  } else if (strcmp(line, "record") == 0 || strcmp(line, "replay") == 0) {
    open_cassette(run, line[2] == 'p');
  } else if (strcmp(line, "exchanges") == 0) {
    show_cassette(run);
  } else if (strcmp(line, "run") == 0) {
    end_calls(run);
  } else if (strcmp(line, "new") == 0) {
    rig_open(rig);
  } else if (strcmp(line, "bytes") == 0) {
    run->bytes = true;
  } else if (strcmp(line, "sorted") == 0) {
    run->sorted = true;
  } else {
    fail_msg("not understood: %s", line);
  }
}

static Text run_case(CaseRun *run, Text script) {
  rig_start(&run->rig);
  run->out.arena = run->rig.arena;
  run->rig.options.limits_path = arena_format(run->rig.arena, "%s/limits", run->rig.folder);
  char *rest = NULL, *copy = arena_copy(run->rig.arena, script.bytes, script.length);
  for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) do_line(run, line);
  if (run->rig.notices.length) text_append(&run->out, text_built(&run->rig.notices));
  if (run->rig.waits.length) text_append_format(&run->out, "waits:%s\n", run->rig.waits.bytes);
  char *requests = fake_server_requests(run->rig.server, run->bytes, run->sorted);
  text_append_format(&run->out, "requests: %zu, effects: %zu\n%s", fake_server_count(run->rig.server), fake_server_effects(run->rig.server), requests);
  free(requests);
  return text_built(&run->out);
}

static void check_file(Arena *arena, const char *path) {
  Text text;
  Error error;
  assert_int_equal(file_read_all(arena, path, 1 << 20, &text, &error), STATUS_OK);
  if (strstr(text.bytes, "canary")) fail_msg("%s holds a secret", path);
}

/* Tokens and keys of the cases are called canary-...: they are sent and nothing else. What services reply is not looked at here. */
static void check_canaries(CaseRun *run) {
  Arena *arena = run->rig.arena;
  PathList paths = {0}, exchanges = {0};
  Error error;
  assert_int_equal(folder_list(arena, run->rig.folder, &paths, &error), STATUS_OK);
  for (size_t i = 0; i < paths.count; i++) {
    if (path_ends_with(paths.items[i], "/cassette")) folder_list(arena, paths.items[i], &exchanges, &error);
    else check_file(arena, paths.items[i]);
  }
  for (size_t i = 0; i < exchanges.count; i++) check_file(arena, exchanges.items[i]);
  if (run->rig.notices.length && strstr(run->rig.notices.bytes, "canary")) fail_msg("a notice holds a secret");
}

/* The port and the folder are others every time. */
static Text without_places(Arena *arena, Text text, int port, const char *folder) {
  TextBuilder b = {.arena = arena};
  char number[16];
  int length = snprintf(number, sizeof number, "%d", port);
  for (size_t i = 0; i < text.length; i++) {
    if (i && !strncmp(text.bytes + i, number, (size_t)length) && (text.bytes[i - 1] == ':' || !strncmp(text.bytes + i - 5, "port ", 5))) {
      text_append(&b, TEXT_LITERAL("PORT"));
      i += (size_t)length - 1;
    } else if (!strncmp(text.bytes + i, folder, strlen(folder))) {
      text_append(&b, TEXT_LITERAL("FOLDER"));
      i += strlen(folder) - 1;
    } else {
      text_append_char(&b, text.bytes[i]);
    }
  }
  return text_built(&b);
}

static bool check_case(const char *path) {
  CaseRun run = {0};
  Error error;
  Arena *arena = arena_new(0);
  Text whole;
  assert_int_equal(file_read_all(arena, path, 1 << 20, &whole, &error), STATUS_OK);
  const char *mark = strstr(whole.bytes, "\nexpect\n");
  Text script = {whole.bytes, mark ? (size_t)(mark - whole.bytes) + 1 : whole.length};
  Text got = run_case(&run, script);
  got = without_places(arena, got, fake_server_port(run.rig.server), run.rig.folder);
  bool same = mark && text_is(got, mark + 8);
  check_canaries(&run);
  if (!same && getenv("BLESS")) {
    Output *output;
    assert_int_equal(output_create(arena, path, &output, &error), STATUS_OK);
    output_write(output, script, &error);
    output_write(output, TEXT_LITERAL("expect\n"), &error);
    output_write(output, got, &error);
    assert_int_equal(output_commit(output, &error), STATUS_OK);
    same = true;
  }
  if (!same) printf("%s: expected\n%s\n--- got\n" TEXT_FORMAT "\n", path, mark ? mark + 8 : "", TEXT_ARG(got));
  rig_stop(&run.rig);
  arena_free(arena);
  return same;
}

static void cases_end_as_written(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  PathList paths = {0};
  Error error;
  size_t wrong = 0;
  assert_int_equal(folder_list(arena, CASES, &paths, &error), STATUS_OK);
  const char *only = getenv("CASE");
  for (size_t i = 0; i < paths.count; i++)
    if (!only || strstr(paths.items[i], only)) wrong += !check_case(paths.items[i]);
  assert_true(paths.count > 0);
  arena_free(arena);
  assert_int_equal(wrong, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(cases_end_as_written)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
