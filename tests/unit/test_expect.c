/* Test files: tables, cells, cases, comparisons. Whole runs are in tests/cli/test_*.sh and in examples/. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "expect/rows.h"
#include "expect/value.h"

/* After error.h: its macro fail() would hide ours. */
#include <cmocka.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Reading {
  Arena *arena;
  SourceSet sources;
  DiagList diags;
  Suite *suite;
} Reading;

static Reading *read_suite(const char *text) {
  Arena *arena = arena_new(0);
  Reading *reading = arena_alloc(arena, sizeof *reading);
  reading->arena = reading->sources.arena = reading->diags.arena = arena;
  reading->diags.sources = &reading->sources;
  uint32_t source = source_add(&reading->sources, TEXT_LITERAL("t.expect"), text_of(text));
  reading->suite = suite_read(arena, source, false, &reading->diags);
  return reading;
}

static void assert_text(Text text, const char *expected) {
  if (!text_is(text, expected)) fail_msg("`" TEXT_FORMAT "` is not `%s`", TEXT_ARG(text), expected);
}

/* ---- cells ---- */

static void test_quoting(void **state) {
  (void)state;
  static const char *const texts[] = {"", "plain", " blank", "blank ", "a|b", "\"Heroes\"", "back\\slash", "tab\there", "two\nlines", "cr\r", "a, \"b\"", "ünï", "\\"};
  Arena *arena = arena_new(0);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    for (int in_list = 0; in_list < 2; in_list++) {
      Text cell = cell_quoted(arena, text_of(texts[i]), in_list);
      assert_null(memchr(cell.bytes, '\n', cell.length));
      assert_text(cell_text(arena, cell), texts[i]);
    }
    /* Behind another item of a list, and in a row of a table. */
    Text list = text_of(arena_format(arena, "x, " TEXT_FORMAT, TEXT_ARG(cell_quoted(arena, text_of(texts[i]), true))));
    Text item;
    assert_true(cell_next_item(&list, &item));
    assert_text(item, "x");
    assert_true(cell_next_item(&list, &item));
    assert_text(cell_text(arena, item), texts[i]);
    assert_false(cell_next_item(&list, &item));
    Text quoted = cell_quoted(arena, text_of(texts[i]), false);
    Reading *reading = read_suite(arena_format(arena, "tracks\n| title | album |\n| " TEXT_FORMAT " | z |\nexpect nothing\n", TEXT_ARG(quoted)));
    assert_int_equal(reading->diags.errors, 0);
    assert_text(cell_text(arena, reading->suite->cases.items[0].given.items[0].table.cells[0].text), texts[i]);
    arena_free(reading->arena);
  }
  arena_free(arena);
}

static void check_value(Run *run, Type type, const char *cell, const char *canonical) {
  Value value;
  if (!test_value(run, type, text_of(cell), &value)) fail_msg("`%s` was not read", cell);
  assert_text(test_value_text(run, type, value), canonical);
  assert_true(test_value_fits(run, type, value, text_of(cell)));
  assert_true(test_value_fits(run, type, value, text_of(canonical)));
}

static void test_values(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Run run = {.arena = arena, .texts = text_pool_new(arena), .lists = list_pool_new(arena)};
  Error error;
  assert_int_equal(zone_use("Europe/Berlin", &run.options.zone, &error), STATUS_OK);
  check_value(&run, TYPE_OF(INT), "-12", "-12");
  check_value(&run, TYPE_OF(BOOL), "true", "yes");
  check_value(&run, TYPE_OF(BOOL), "no", "no");
  check_value(&run, TYPE_OF(FLOAT), "0.5", "0.50");
  check_value(&run, TYPE_OF(PERCENT), "20%", "20%");
  check_value(&run, TYPE_OF(PERCENT), "0.2", "20%");
  check_value(&run, TYPE_OF(DURATION), "3:20", "3min20s");
  check_value(&run, TYPE_OF(DURATION), "200000", "3min20s");
  check_value(&run, TYPE_OF(DATE), "2024-03", "2024-03");
  check_value(&run, TYPE_OF(TIME), "2024-07-05T20:00", "2024-07-05T18:00Z");
  check_value(&run, TYPE_OF(TIME), "2024-07-05", "2024-07-04T22:00Z");
  check_value(&run, TYPE_OF(TIME), "2024-07-05T20:00:01.500Z", "2024-07-05T20:00:01.500Z");
  check_value(&run, TYPE_LIST_OF(TEXT), "A, \"B, C\",D", "A, \"B, C\", D");
  check_value(&run, TYPE_LIST_OF(TEXT), "[]", "[]");
  check_value(&run, TYPE_LIST_OF(INT), "1, 2", "1, 2");
  Value third = {.number = 1.0 / 3};
  assert_true(test_value_fits(&run, TYPE_OF(FLOAT), third, TEXT_LITERAL("0.33")));
  assert_true(test_value_fits(&run, TYPE_OF(FLOAT), third, TEXT_LITERAL("0.333")));
  assert_false(test_value_fits(&run, TYPE_OF(FLOAT), third, TEXT_LITERAL("0.34")));
  Value value;
  assert_false(test_value(&run, TYPE_OF(INT), TEXT_LITERAL("1.5"), &value));
  assert_false(test_value(&run, TYPE_OF(PERCENT), TEXT_LITERAL("x%"), &value));
  assert_false(test_value(&run, TYPE_LIST_OF(TEXT), TEXT_LITERAL("a,,b"), &value));
  arena_free(arena);
}

/* ---- tables ---- */

static void test_table_format(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Text names[] = {TEXT_LITERAL("title"), TEXT_LITERAL("n")};
  Text cells[] = {TEXT_LITERAL("日本"), TEXT_LITERAL("5"), TEXT_LITERAL("é"), TEXT_LITERAL("12")};
  bool right[] = {false, true};
  assert_text(table_format(arena, names, 2, cells, 2, right, true), "| title |  n |\n|-------|----|\n| 日本  |  5 |\n| é     | 12 |");
  assert_text(table_format(arena, names, 2, NULL, 0, NULL, false), "| title | n |");
  arena_free(arena);
}

/* ---- cases ---- */

static void test_common_and_own(void **state) {
  (void)state;
  Reading *reading = read_suite(
      "now 2024-01-01\nparam a = 1\nparam b = \"x y\"\ntracks\n| title |\n| A |\nplaylist \"p\"\n| track |\n| A |\n"
      "case \"one\"\nexpect nothing\n"
      "case \"two\"\nnow 2025-01-01\nyes\nparam a = 2\nplaylist \"p\"\n| track |\nexpect nothing\n");
  assert_int_equal(reading->diags.errors, 0);
  assert_int_equal(reading->suite->cases.count, 2);
  const TestCase *one = &reading->suite->cases.items[0], *two = &reading->suite->cases.items[1];
  assert_text(one->now.text, "2024-01-01");
  assert_text(two->now.text, "2025-01-01");
  assert_false(one->consent);
  assert_true(two->consent);
  assert_int_equal(one->params.count, 2);
  assert_int_equal(two->params.count, 2);
  assert_text(two->params.items[0].value, "2");
  assert_text(two->params.items[1].value, "x y");
  assert_int_equal(two->given.count, 2);
  assert_int_equal(one->given.items[1].table.row_count, 1);
  assert_int_equal(two->given.items[1].table.row_count, 0);
  arena_free(reading->arena);
}

static void test_limits(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  TextBuilder text = {.arena = arena};
  text_append(&text, TEXT_LITERAL("tracks\n| title |\n"));
  for (int i = 0; i <= TEST_MAX_ROWS; i++) text_append(&text, TEXT_LITERAL("| A |\n"));
  text_append(&text, TEXT_LITERAL("expect show\n|"));
  for (int i = 0; i <= TEST_MAX_COLUMNS; i++) text_append_format(&text, " c%d |", i);
  text_append_char(&text, '\n');
  Reading *reading = read_suite(text_built(&text).bytes);
  assert_int_equal(reading->diags.errors, 2);
  arena_free(reading->arena);
  arena_free(arena);
}

/* ---- comparing ---- */

static void test_lines(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  assert_text(lines_show(arena, TEXT_LITERAL("a\nb\nc\nd\n"), TEXT_LITERAL("a\nx\nc\nd\ne\n")), "      a\n    - b\n    + x\n      c\n      d\n    + e\n");
  assert_text(lines_show(arena, TEXT_LITERAL(""), TEXT_LITERAL("a\n")), "    + a\n");
  assert_text(lines_show(arena, TEXT_LITERAL("a\na\nb\n"), TEXT_LITERAL("a\nb\n")), "      a\n    - a\n      b\n");
  arena_free(arena);
}

/* A comparison too large for the table of all pairs shows one side after the other, and ends. */
static void test_many_lines(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  TextBuilder a = {.arena = arena}, b = {.arena = arena};
  for (int i = 0; i < 2000; i++) {
    text_append_format(&a, "a%d\n", i);
    text_append_format(&b, "b%d\n", i);
  }
  Text shown = lines_show(arena, text_built(&a), text_built(&b));
  size_t lines = 0;
  for (size_t i = 0; i < shown.length; i++) lines += shown.bytes[i] == '\n';
  assert_int_equal(lines, 4000);
  arena_free(arena);
}

/* ---- fuzzing ---- */

static const char sample[] =
    "now 2026-06-01T12:00Z\nzone UTC\nseed 7\nparam n = 2\ntracks\n| id | title | artist | artists | duration | lastfm.plays | liked_at |\n"
    "| a | Alpha | Ann | Ann, \"B, C\" | 3:20 | 4 | 2024-01-01 |\n| b | \"Be|ta\" | Ben | | | | |\nplays\n| track | played_at | times |\n| a | 2026-05-01 | 3 |\n"
    "likes\n| track |\n| b |\nplaylist \"x\"\n| track | added |\n| a | 2026-01-01 |\nfrom spotify.playlist \"y\"\n| track |\n| a |\n| b |\nvalues\n| track | lastfm.plays |\n| b | 9 |\n"
    "file \"w\"\n> title,artist\n> Q,R\ncase \"c\"\nyes\nexpect show\n| title | plays |\n| Alpha | 3 |\nexpect to file.csv \"z\"\n| title | lastfm.plays |\n| Alpha | 4 |\n"
    "expect playlist \"x\"\n| title |\n| Beta |\nexpect file \"z\"\n> nothing\nexpect notice \"made\"\nexpect error N2004\nexpect exit 3\nexpect nothing show\n";

static void test_mutations(void **state) {
  (void)state;
  Random random = random_seeded(1050);
  for (int round = 0; round < 300; round++) {
    size_t size = sizeof sample - 1;
    uint8_t *data = malloc(size);
    memcpy(data, sample, size);
    for (uint64_t edits = round ? 1 + random_below(&random, 6) : 0; edits > 0; edits--) {
      size_t at = random_below(&random, size);
      if (random_below(&random, 2)) data[at] = (uint8_t) "|\">\n#= 9aZ\\,"[random_below(&random, 12)];
      else if (at + 40 < size) memmove(data + at, data + at + random_below(&random, 40), size - at - 40);
    }
    assert_int_equal(LLVMFuzzerTestOneInput(data, size), 0);
    free(data);
  }
}

/* Every allocation of reading and of a run fails once; the sanitizer build sees what would be lost. */
static void test_exhaustion(void **state) {
  (void)state;
  for (unsigned long n = 1; n <= 4000; n += n < 200 ? 1 : 13) {
    arena_test_fail_at(n);
    assert_int_equal(LLVMFuzzerTestOneInput((const uint8_t *)sample, sizeof sample - 1), 0);
  }
  arena_test_fail_at(0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_quoting),      cmocka_unit_test(test_values), cmocka_unit_test(test_table_format), cmocka_unit_test(test_common_and_own),
      cmocka_unit_test(test_limits),       cmocka_unit_test(test_lines),  cmocka_unit_test(test_many_lines),   cmocka_unit_test(test_mutations),
      cmocka_unit_test(test_exhaustion),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
