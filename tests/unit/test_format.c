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
#include "compiler/ast_dump.h"
#include "compiler/compile.h"
#include "compiler/fix.h"
#include "compiler/format.h"
#include "compiler/line_diff.h"
#include "compiler/parse.h"

#include <cmocka.h> /* last: it has a macro `fail` */

typedef struct Program {
  Arena *arena;
  SourceSet sources;
  DiagList diags;
  uint32_t source;
} Program;

static Program program_of(Arena *arena, Text path, Text text) {
  Program program = {.arena = arena, .sources = {.arena = arena}};
  program.source = source_add(&program.sources, path, text);
  program.diags = (DiagList){.arena = arena};
  return program;
}

static Status format(Arena *arena, Text path, Text text, Text *out, Error *error) {
  Program program = program_of(arena, path, text);
  program.diags.sources = &program.sources;
  return format_source(arena, &program.sources, program.source, &program.diags, out, error);
}

/* Of the plan but for the hash of the source, which stands in every plan; empty if the program does not compile. */
static Text plan_id(Arena *arena, Text path, Text text) {
  Program program = program_of(arena, path, text);
  program.diags.sources = &program.sources;
  Compiled compiled;
  Error error = {0};
  if (compile_source(arena, &program.sources, program.source, &program.diags, &compiled, &error) != STATUS_OK) return TEXT_LITERAL("");
  memset(&compiled.plan->source, 0, sizeof compiled.plan->source);
  Text bytes;
  assert_int_equal(plan_encode(arena, compiled.plan, &bytes, &error), STATUS_OK);
  return text_copy(arena, (Text){(const char *)&compiled.plan->id, sizeof compiled.plan->id});
}

/* `filter` and `keep` are one stage, and the tree keeps the word that was written. */
static Text tree(Arena *arena, Text path, Text text) {
  Program program = program_of(arena, path, text);
  program.diags.sources = &program.sources;
  Text dump = ast_dump(arena, parse_unit(arena, program.source, &program.diags));
  TextBuilder out = {.arena = arena};
  for (size_t i = 0; i < dump.length;) {
    bool filter = dump.length - i >= 8 && memcmp(dump.bytes + i, "(filter ", 8) == 0;
    text_append(&out, filter ? TEXT_LITERAL("(keep ") : (Text){dump.bytes + i, 1});
    i += filter ? 8 : 1;
  }
  return text_built(&out);
}

static void assert_same(Text path, const char *what, Text expected, Text actual) {
  if (text_equal(expected, actual)) return;
  fail_msg(TEXT_FORMAT ": %s\n" TEXT_FORMAT "\nbecame\n" TEXT_FORMAT, TEXT_ARG(path), what, TEXT_ARG(expected), TEXT_ARG(actual));
}

/* Returns whether the program parses, and so was formatted. */
static bool check_program(Text path, Text text) {
  Arena *arena = arena_new(0);
  Text once, twice;
  Error error = {0};
  Status status = format(arena, path, text, &once, &error);
  if (status == STATUS_FAILED) fail_msg("%s", error.message);
  if (status == STATUS_OK) {
    if (format(arena, path, once, &twice, &error) != STATUS_OK) fail_msg(TEXT_FORMAT ": formatted, it does not parse", TEXT_ARG(path));
    assert_same(path, "formatting again changes", once, twice);
    assert_same(path, "the tree", tree(arena, path, text), tree(arena, path, once));
    if (!text_equal(plan_id(arena, path, text), plan_id(arena, path, once))) fail_msg(TEXT_FORMAT ": the plan is another one", TEXT_ARG(path));
  }
  arena_free(arena);
  return status == STATUS_OK;
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

static void must_format(Text path, Text text) {
  if (!check_program(path, text)) fail_msg(TEXT_FORMAT ": does not parse", TEXT_ARG(path));
}

static void may_format(Text path, Text text) {
  check_program(path, text);
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
  Program program = program_of(arena, text_of("a.nrd"), text_of("from library.played | keep plays = 3 | show"));
  program.diags.sources = &program.sources;
  Error error = {0};
  Text out;
  assert_int_equal(format_source(arena, &program.sources, program.source, &program.diags, &out, &error), STATUS_USAGE);
  assert_int_equal(program.diags.errors, 1);
  assert_non_null(strstr(error.message, "a.nrd"));
  arena_free(arena);
}

/* Wherever the mistakes are: what was mended needs no mending, and there are fewer mistakes of syntax, or as many and no more in all. */
static void fix_program(Text path, Text text) {
  Arena *arena = arena_new(0);
  FixResult fixed = fix_text(arena, path, text), again = fix_text(arena, path, fixed.text);
  if (again.changes.count) fail_msg(TEXT_FORMAT ": %zu more fixes after all were applied", TEXT_ARG(path), again.changes.count);
  Program before = program_of(arena, path, text), after = program_of(arena, path, fixed.text);
  before.diags.sources = &before.sources;
  after.diags.sources = &after.sources;
  parse_unit(arena, before.source, &before.diags);
  parse_unit(arena, after.source, &after.diags);
  assert_true(after.diags.errors <= before.diags.errors);
  if (after.diags.errors == before.diags.errors) {
    compile_check(arena, &before.sources, before.source, &before.diags);
    assert_true(fixed.errors <= before.diags.errors);
  }
  assert_true((fixed.changes.count == 0) == text_equal(text, fixed.text));
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
      assert_same(text_of("x"), "patched", after, patched(arena, before, diff));
    arena_free(arena);
  }
  Arena *arena = arena_new(0);
  Text before = lines_of(arena, &seed, 3000, 1000000), after = lines_of(arena, &seed, 3000, 1000000); /* more than are looked for */
  assert_same(text_of("x"), "patched", after, patched(arena, before, line_diff(arena, text_of("x"), before, after)));
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
