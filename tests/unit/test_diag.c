/* Diagnostics: collecting, ordering, rendering; and places in a source. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/source/diag.h"

#include <cmocka.h> /* last: it has a macro `fail` */

typedef struct Fixture {
  Arena *arena;
  SourceSet sources;
  DiagList diags;
} Fixture;

static int set_up(void **state) {
  Fixture *fixture = calloc(1, sizeof *fixture);
  if (!fixture) return -1;
  fixture->arena = arena_new(0);
  fixture->sources.arena = fixture->diags.arena = fixture->arena;
  fixture->diags.sources = &fixture->sources;
  *state = fixture;
  return fixture->arena ? 0 : -1;
}

static int tear_down(void **state) {
  Fixture *fixture = *state;
  arena_free(fixture->arena);
  free(fixture);
  return 0;
}

static void assert_rendered(Fixture *fixture, bool colour, const char *expected) {
  FILE *file = tmpfile();
  assert_non_null(file);
  diag_sort(&fixture->diags);
  diag_render(&fixture->diags, file, colour);
  char rendered[8192];
  rewind(file);
  rendered[fread(rendered, 1, sizeof rendered - 1, file)] = '\0';
  fclose(file);
  assert_string_equal(rendered, expected);
}

static void places(void **state) {
  Fixture *fixture = *state;
  uint32_t index = source_add(&fixture->sources, TEXT_LITERAL("a.nrd"), TEXT_LITERAL("ab\r\n\xC3\xA4x\n\nlast"));
  const Source *source = &fixture->sources.items[index];
  assert_int_equal(source->line_count, 4);
  struct {
    uint32_t offset, line, column;
  } cases[] = {{0, 1, 1}, {2, 1, 3}, {4, 2, 1}, {6, 2, 2}, {8, 3, 1}, {9, 4, 1}, {13, 4, 5}, {99, 4, 5}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    SourcePlace place = source_place(source, cases[i].offset);
    assert_int_equal(place.line, cases[i].line);
    assert_int_equal(place.column, cases[i].column);
  }
  assert_true(text_is(source_line(source, 1), "ab"));
  assert_true(text_is(source_line(source, 2), "\xC3\xA4x"));
  assert_true(text_is(source_line(source, 3), ""));
  assert_true(text_is(source_line(source, 4), "last"));
  assert_true(text_is(source_line(source, 0), ""));
  assert_true(text_is(source_line(source, 5), ""));
}

static void reading(void **state) {
  Fixture *fixture = *state;
  Error error;
  uint32_t index = 99;
  assert_int_equal(source_read(&fixture->sources, "tests/errors/syntax/single_equals.nrd", &index, &error), STATUS_OK);
  assert_int_equal(index, 0);
  assert_int_not_equal(source_read(&fixture->sources, "tests/errors/syntax", &index, &error), STATUS_OK);
  assert_int_not_equal(source_read(&fixture->sources, "tests/no such file.nrd", &index, &error), STATUS_OK);
  assert_non_null(strstr(error.message, "no such file.nrd"));
}

static void one_table(void **state) {
  (void)state;
  assert_int_equal(diag_find(TEXT_LITERAL("n1001")) - diag_info((DiagCode)0), DIAG_UNEXPECTED_TOKEN);
  assert_null(diag_find(TEXT_LITERAL("N10010")));
  assert_null(diag_find(TEXT_LITERAL("")));
  for (int a = 0; a < DIAG_COUNT; a++) {
    const DiagInfo *info = diag_info((DiagCode)a);
    assert_int_equal(strlen(info->code), 5);
    assert_true(strlen(info->title) > 0 && strlen(info->explanation) > 0);
    for (int b = a + 1; b < DIAG_COUNT; b++) assert_string_not_equal(info->code, diag_info((DiagCode)b)->code);
  }
}

static void collecting(void **state) {
  Fixture *fixture = *state;
  DiagList *diags = &fixture->diags;
  diag_report(diags, DIAG_UNEXPECTED_TOKEN, (Span){0, 5, 6}, "second");
  diag_report(diags, DIAG_UNEXPECTED_TOKEN, (Span){0, 1, 2}, "first");
  diag_report(diags, DIAG_UNEXPECTED_END, (Span){0, 5, 6}, "third");
  Diag *again = diag_report(diags, DIAG_UNEXPECTED_TOKEN, (Span){0, 5, 6}, "second again");
  diag_hint(diags, again, "lost");
  assert_int_equal(diags->count, 3);
  assert_int_equal(diags->errors, 3);
  diag_sort(diags);
  assert_true(text_is(diags->items[0]->message, "first"));
  assert_true(text_is(diags->items[1]->message, "second"));
  assert_true(text_is(diags->items[2]->message, "third"));
  for (uint32_t i = 0; i < 2 * DIAG_MAX; i++) {
    assert_non_null(diag_report(diags, DIAG_UNEXPECTED_TOKEN, (Span){0, 10 + i, 11 + i}, "%u", i));
  }
  assert_int_equal(diags->count, DIAG_MAX);
  assert_true(diags->full);
}

static void rendering(void **state) {
  Fixture *fixture = *state;
  DiagList *diags = &fixture->diags;
  source_add(&fixture->sources, TEXT_LITERAL("a\x1b.nrd"),
             TEXT_LITERAL("one\n\ttwo \xE6\x9D\xB1 x\n\n4\n5\n6\n7\n8\n9\nten \x1b[2J ten"));
  source_add(&fixture->sources, TEXT_LITERAL("b.nrd"), TEXT_LITERAL("other"));
  Diag *diag = diag_report(diags, DIAG_UNEXPECTED_TOKEN, (Span){0, 13, 14}, "message %d", 1);
  diag_hint(diags, diag, "hint");
  diag_label(diags, diag, (Span){0, 0, 3}, "before");
  diag_label(diags, diag, (Span){0, 5, 8}, "same line");
  diag_label(diags, diag, (Span){0, 37, 40}, "far");
  diag_label(diags, diag, (Span){1, 0, 5}, "elsewhere");
  diag_note(diags, diag, "a note");
  diag_note(diags, diag, "another");
  diag_report(diags, DIAG_UNEXPECTED_END, (Span){0, 15, 15}, "an empty line");
  diag_report(diags, DIAG_UNEXPECTED_END, (Span){0, 40, 40}, "the end of the file");
  assert_rendered(fixture, false,
                  "error[N1001]: message 1\n"
                  "   ┌─ a\\x1b.nrd:2:8\n"
                  " 1 │ one\n"
                  "   │ --- before\n"
                  " 2 │     two 東 x\n"
                  "   │     --- same line\n"
                  "   │            ^ hint\n"
                  "   ·\n"
                  "10 │ ten \\x1b[2J ten\n"
                  "   │             --- far\n"
                  "   ├─ b.nrd:1:1\n"
                  " 1 │ other\n"
                  "   │ ----- elsewhere\n"
                  "   = a note\n"
                  "   = another\n"
                  "\n"
                  "error[N1002]: an empty line\n"
                  "  ┌─ a\\x1b.nrd:3:1\n"
                  "3 │\n"
                  "  │ ^\n"
                  "\n"
                  "error[N1002]: the end of the file\n"
                  "   ┌─ a\\x1b.nrd:10:13\n"
                  "10 │ ten \\x1b[2J ten\n"
                  "   │                ^\n");
}

static void colours(void **state) {
  Fixture *fixture = *state;
  source_add(&fixture->sources, TEXT_LITERAL("a.nrd"), TEXT_LITERAL("x"));
  diag_report(&fixture->diags, DIAG_UNEXPECTED_TOKEN, (Span){0, 0, 1}, "m");
  assert_rendered(fixture, true,
                  "\033[1;31merror[N1001]\033[0m\033[1m: m\033[0m\n"
                  "\033[34m  ┌─ \033[0ma.nrd:1:1\n"
                  "\033[34m1 │\033[0m x\n"
                  "\033[34m  │\033[0m \033[1;31m^\033[0m\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(places, set_up, tear_down),
      cmocka_unit_test_setup_teardown(reading, set_up, tear_down),
      cmocka_unit_test_setup_teardown(one_table, set_up, tear_down),
      cmocka_unit_test_setup_teardown(collecting, set_up, tear_down),
      cmocka_unit_test_setup_teardown(rendering, set_up, tear_down),
      cmocka_unit_test_setup_teardown(colours, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
