/* The client against the fake server: every file of tests/http/cases is a script of the server, calls, and what is expected of both.
 *
 *   # what the case shows
 *   option NAME NUMBER        longest_wait, attempts, body_most, attempt_ms, at_once, slowest
 *   serve ...                 see fake_server.h
 *   refresh TOKEN             what a refused token is replaced by
 *   call ENDPOINT [path=VALUE] [NAME=VALUE ...] [body=REST OF THE LINE]
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
#include "http_rig.h"

#include <cmocka.h>

#define CASES "tests/http/cases"

typedef struct CaseRun {
  HttpRig rig;
  TextBuilder out;
  VEC(HttpCall *) calls;
  bool bytes, sorted;
} CaseRun;

static void set_option(HttpOptions *options, const char *name, long value) {
  if (strcmp(name, "longest_wait") == 0) options->longest_wait_ms = value;
  else if (strcmp(name, "attempts") == 0) options->attempts = (int)value;
  else if (strcmp(name, "body_most") == 0) options->body_most = (size_t)value;
  else if (strcmp(name, "attempt_ms") == 0) options->attempt_ms = value;
  else if (strcmp(name, "at_once") == 0) options->at_once = (int)value;
  else fail_msg("no option %s", name);
}

static void add_call(CaseRun *run, char *words) {
  Arena *arena = run->rig.arena;
  HttpParam params[64];
  Text path[4];
  HttpRequest request = {.params = params, .path = path};
  char *body = strstr(words, " body="), *rest = NULL;
  if (body) {
    *body = '\0';
    request.body = text_of(body + 6);
  }
  const char *word = strtok_r(words, " ", &rest);
  request.endpoint = endpoint_named(text_of(word));
  if (request.endpoint == ENDPOINT_COUNT) fail_msg("no endpoint %s", word);
  while ((word = strtok_r(NULL, " ", &rest)) != NULL) {
    const char *equals = strchr(word, '=');
    assert_non_null(equals);
    const char *name = arena_copy(arena, word, (size_t)(equals - word));
    if (strcmp(name, "path") == 0) path[request.path_count++] = text_of(equals + 1);
    else params[request.param_count++] = (HttpParam){name, text_of(equals + 1)};
  }
  HttpCall *call = http_submit(run->rig.http, &request);
  vec_push(arena, &run->calls, call);
}

static void end_calls(CaseRun *run) {
  Error error;
  if (http_run(run->rig.http, &error)) text_append_format(&run->out, "run: %s\n", error.message);
  for (size_t i = 0; i < run->calls.count; i++) {
    text_append_format(&run->out, TEXT_FORMAT "\n", TEXT_ARG(rig_outcome(&run->rig, run->calls.items[i])));
    http_release(run->rig.http, run->calls.items[i]);
  }
  run->calls.count = 0;
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

/* The port is another every time. */
static Text without_port(Arena *arena, Text text, int port) {
  TextBuilder b = {.arena = arena};
  char number[16];
  int length = snprintf(number, sizeof number, "%d", port);
  for (size_t i = 0; i < text.length; i++) {
    if (i && !strncmp(text.bytes + i, number, (size_t)length) && (text.bytes[i - 1] == ':' || !strncmp(text.bytes + i - 5, "port ", 5))) {
      text_append(&b, TEXT_LITERAL("PORT"));
      i += (size_t)length - 1;
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
  got = without_port(arena, got, fake_server_port(run.rig.server));
  bool same = mark && text_is(got, mark + 8);
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
