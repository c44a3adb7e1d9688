/* The formatter's promises, over every program of the repository: the same tree, the same plan, every comment; and formatting again changes nothing. What the
 * layout looks like is tests/format. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/input.h"
#include "compiler/format/format.h"
#include "compiler/format/line_diff.h"
#include "format/promises.h"

#include <cmocka.h> /* last: it has a macro `fail` */

static Status format(Arena *arena, Text path, Text text, Text *out, Error *error) {
  SourceSet sources = {.arena = arena};
  DiagList diags = {.arena = arena, .sources = &sources};
  return format_source(arena, &sources, source_add(&sources, path, text), &diags, out, error);
}

/* Returns how many there are. */
static size_t for_each_program(const char *folder, void (*visit)(Text path, Text text)) {
  DIR *directory = opendir(folder);
  size_t count = 0;
  if (!directory) return 0;
  for (struct dirent *entry; (entry = readdir(directory));) {
    size_t length = strlen(entry->d_name);
    if (length < 4 || strcmp(entry->d_name + length - 4, ".nrd") != 0) continue;
    Arena *arena = arena_new(0);
    Error error = {0};
    Text text;
    const char *path = arena_format(arena, "%s/%s", folder, entry->d_name);
    assert_int_equal(file_read_all(arena, path, SOURCE_MAX_BYTES, &text, &error), STATUS_OK);
    visit(text_of(path), text);
    count++;
    arena_free(arena);
  }
  closedir(directory);
  return count;
}

static bool keeps_promises(Text path, Text text) {
  Arena *arena = arena_new(0);
  bool parses;
  const char *wrong = format_breaks(arena, text, &parses);
  if (wrong) fail_msg(TEXT_FORMAT ": %s", TEXT_ARG(path), wrong);
  arena_free(arena);
  return parses;
}

static void must_format(Text path, Text text) {
  if (!keeps_promises(path, text)) fail_msg(TEXT_FORMAT ": does not parse", TEXT_ARG(path));
}

static void may_format(Text path, Text text) {
  keeps_promises(path, text);
}

static void every_program_stays_the_same(void **state) {
  (void)state;
  assert_true(for_each_program("examples", must_format) > 5);
  assert_true(for_each_program("tests/lang", must_format) > 20);
  assert_true(for_each_program("tests/format", must_format) > 5);
  for_each_program("stdlib", must_format);
  assert_true(for_each_program("tests/errors/program", may_format) > 20);
  assert_true(for_each_program("tests/errors/syntax", may_format) > 20);
  for_each_program("tests/fix", may_format);
}

/* A program squeezed and stretched has the layout of the one it came from. */
static void blanks_do_not_matter(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Error error = {0};
  Text wide, narrow;
  assert_int_equal(format(arena, text_of("a"), text_of("from  library . played |keep( plays>1 )and  -plays< - 1|sort plays   desc ,artist|show\r\n\r\n"), &wide, &error), STATUS_OK);
  assert_int_equal(format(arena, text_of("a"), text_of("from library.played|keep (plays>1)and-plays< -1|sort plays desc,artist|show"), &narrow, &error), STATUS_OK);
  assert_string_equal(wide.bytes, "from library.played | keep (plays > 1) and -plays < -1 | sort plays desc, artist | show\n");
  assert_string_equal(narrow.bytes, wide.bytes);
  arena_free(arena);
}

static void nothing_stays_nothing(void **state) {
  (void)state;
  static const char *const programs[] = {"", "\n\n", "\xEF\xBB\xBF", "# only\n\n\n\n# comments  \n\n", "#"};
  static const char *const expected[] = {"", "", "", "# only\n\n# comments\n", "#\n"};
  for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
    Arena *arena = arena_new(0);
    Error error = {0};
    Text out;
    assert_int_equal(format(arena, text_of("a"), text_of(programs[i]), &out, &error), STATUS_OK);
    assert_string_equal(out.bytes, expected[i]);
    arena_free(arena);
  }
}

static void mistakes_are_told_and_nothing_is_formatted(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  SourceSet sources = {.arena = arena};
  DiagList diags = {.arena = arena, .sources = &sources};
  Error error = {0};
  Text out;
  uint32_t source = source_add(&sources, text_of("a.nrd"), text_of("from library.played | keep plays = 3 | show"));
  assert_int_equal(format_source(arena, &sources, source, &diags, &out, &error), STATUS_USAGE);
  assert_int_equal(diags.errors, 1);
  assert_non_null(strstr(error.message, "a.nrd"));
  arena_free(arena);
}

static void fix_program(Text path, Text text) {
  Arena *arena = arena_new(0);
  const char *wrong = fix_breaks(arena, text);
  if (wrong) fail_msg(TEXT_FORMAT ": %s", TEXT_ARG(path), wrong);
  arena_free(arena);
}

static void fixes_do_no_harm(void **state) {
  (void)state;
  static const char *const folders[] = {"tests/errors/program", "tests/errors/syntax", "tests/fix", "tests/lang"};
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) for_each_program(folders[i], fix_program);
}

/* Deterministic pseudo-random line lists: a diff, applied, gives the other text. */
static Text lines_of(Arena *arena, unsigned *seed, size_t count, unsigned kinds) {
  TextBuilder out = {.arena = arena};
  for (size_t i = 0; i < count; i++) {
    *seed = *seed * 1103515245u + 12345u;
    text_append_format(&out, "%u\n", (*seed >> 16) % kinds);
  }
  if (*seed & 0x20000 && out.length) out.length--;
  return text_built(&out);
}

static Text next_line(Text *text) {
  const char *end = memchr(text->bytes, '\n', text->length);
  size_t length = end ? (size_t)(end - text->bytes) + 1 : text->length;
  Text line = {text->bytes, length};
  *text = (Text){text->bytes + length, text->length - length};
  return line;
}

static Text patched(Arena *arena, Text before, Text diff) {
  TextBuilder out = {.arena = arena};
  size_t line_number = 1;
  next_line(&diff);
  next_line(&diff);
  while (diff.length) {
    Text line = next_line(&diff);
    if (line.bytes[0] == '@') {
      size_t first = strtoul(line.bytes + 4, NULL, 10);
      bool none = strstr(line.bytes, ",0 +") && strstr(line.bytes, ",0 +") < line.bytes + line.length;
      for (; line_number < first + none; line_number++) text_append(&out, next_line(&before));
      continue;
    }
    Text content = {line.bytes + 1, line.length - 1};
    if (diff.length && diff.bytes[0] == '\\') {
      content.length--;
      next_line(&diff);
    }
    if (line.bytes[0] != '+') {
      Text here = next_line(&before);
      assert_true(text_equal(here, content));
      line_number++;
    }
    if (line.bytes[0] != '-') text_append(&out, content);
  }
  text_append(&out, before);
  return text_built(&out);
}

static void assert_text_equal(Text expected, Text actual) {
  if (!text_equal(expected, actual)) fail_msg(TEXT_FORMAT "\nis\n" TEXT_FORMAT, TEXT_ARG(expected), TEXT_ARG(actual));
}

static void a_diff_makes_one_text_the_other(void **state) {
  (void)state;
  unsigned seed = 7;
  for (int i = 0; i < 3000; i++) {
    Arena *arena = arena_new(0);
    Text before = lines_of(arena, &seed, (size_t)(i % 23), 3 + (unsigned)i % 9), after = lines_of(arena, &seed, (size_t)(i / 7 % 29), 3 + (unsigned)i % 9);
    Text diff = line_diff(arena, text_of("x"), before, after);
    if (text_equal(before, after))
      assert_int_equal(diff.length, 0);
    else
      assert_text_equal(after, patched(arena, before, diff));
    arena_free(arena);
  }
  Arena *arena = arena_new(0);
  Text before = lines_of(arena, &seed, 3000, 1000000), after = lines_of(arena, &seed, 3000, 1000000); /* more than are looked for */
  assert_text_equal(after, patched(arena, before, line_diff(arena, text_of("x"), before, after)));
  arena_free(arena);
}

/* Twice the program takes about twice the time: the second of two runs may not be four times the first. */
static void time_is_linear(void **state) {
  (void)state;
  double seconds[2];
  for (int round = 0; round < 2; round++) {
    Arena *arena = arena_new(0);
    TextBuilder program = {.arena = arena};
    for (int i = 0; i < (round ? 8000 : 4000); i++)
      text_append_format(&program, "let l%d = from library.played | keep plays > %d and (artist in [\"a\", \"b\"] or title == \"{artist} x\") | take %d # c\n", i, i, i);
    Text out;
    Error error = {0};
    clock_t start = clock();
    assert_int_equal(format(arena, text_of("big"), text_built(&program), &out, &error), STATUS_OK);
    seconds[round] = (double)(clock() - start) / CLOCKS_PER_SEC;
    arena_free(arena);
  }
  assert_true(seconds[1] < 4 * seconds[0] + 0.05);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_program_stays_the_same),
      cmocka_unit_test(blanks_do_not_matter),
      cmocka_unit_test(nothing_stays_nothing),
      cmocka_unit_test(mistakes_are_told_and_nothing_is_formatted),
      cmocka_unit_test(fixes_do_no_harm),
      cmocka_unit_test(a_diff_makes_one_text_the_other),
      cmocka_unit_test(time_is_linear),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
