/* A seeded slice of tests/fuzz/fuzz_workflow.c: workflows, smart playlists and programs of others whose parts were exchanged give programs or messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/folder.h"
#include "base/input.h"
#include "base/random.h"

#include <cmocka.h> /* last: it has a macro `fail` */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { MUTATIONS = 4000, MAX_BYTES = 12000 };

/* What stands between two commas, colons or brackets, brackets in pairs: the parts that are exchanged. */
typedef struct Part {
  size_t start, end;
} Part;
typedef VEC(Part) Parts;

static bool is_edge(char c) {
  return strchr("{}[],:", c) != NULL;
}

static Parts parts_of(Arena *arena, Text text) {
  Parts parts = {0};
  for (size_t at = 0; at < text.length; at++) {
    if (at > 0 && !is_edge(text.bytes[at - 1])) continue;
    size_t end = at, depth = 0;
    bool quoted = false;
    for (; end < text.length; end++) {
      char c = text.bytes[end];
      if (c == '"' && (end == 0 || text.bytes[end - 1] != '\\')) quoted = !quoted;
      if (quoted) continue;
      if (depth == 0 && is_edge(c) && !(end == at && (c == '{' || c == '['))) break;
      if (c == '{' || c == '[') depth++;
      if ((c == '}' || c == ']') && --depth == 0 && ++end) break;
    }
    if (end > at) vec_push(arena, &parts, (Part){at, end});
  }
  return parts;
}

static Text exchanged(Arena *arena, Random *random, Text text, Text with) {
  static const char *const values[] = {"null", "true", "-1", "0", "1e9", "\"\"", "[]", "{}", "\"all\"", "3.5", "99999999999999999999", "\"\\u0000\"", "[[]]", "\"main\""};
  Parts here = parts_of(arena, text), there = parts_of(arena, with);
  if (!here.count || !there.count) return text;
  Part out = here.items[random_below(random, here.count)], in = there.items[random_below(random, there.count)];
  Text piece = {with.bytes + in.start, in.end - in.start};
  if (random_below(random, 3) == 0) piece = text_of(values[random_below(random, sizeof values / sizeof *values)]);
  TextBuilder result = {.arena = arena};
  text_append(&result, (Text){text.bytes, out.start});
  text_append(&result, piece);
  text_append(&result, (Text){text.bytes + out.end, text.length - out.end});
  return text_built(&result);
}

static void mutated_workflows_are_answered(void **state) {
  Arena *arena = arena_new(0);
  PathList paths = {0};
  VEC(Text) texts = {0};
  Error error = {0};
  (void)state;
  assert_int_equal(folder_list(arena, "tests/errors/workflow", &paths, &error), STATUS_OK);
  for (size_t i = 0; i < paths.count; i++) {
    Text text;
    if (!path_ends_with(paths.items[i], ".json") && !path_ends_with(paths.items[i], ".nsp")) continue;
    assert_int_equal(file_read_all(arena, paths.items[i], 1 << 20, &text, &error), STATUS_OK);
    if (text.length > 1 && text.length < MAX_BYTES) vec_push(arena, &texts, text);
  }
  assert_true(texts.count > 10);
  Random random = random_seeded(20);
  for (int i = 0; i < MUTATIONS; i++) {
    Arena *scratch = arena_new(0);
    Text text = texts.items[random_below(&random, texts.count)];
    for (uint64_t times = 1 + random_below(&random, 3); times > 0; times--) {
      Text with = random_below(&random, 2) ? text : texts.items[random_below(&random, texts.count)];
      text = exchanged(scratch, &random, text, with);
    }
    LLVMFuzzerTestOneInput((const uint8_t *)text.bytes, text.length);
    arena_free(scratch);
  }
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(mutated_workflows_are_answered)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
