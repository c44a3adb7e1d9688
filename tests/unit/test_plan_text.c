/* The text of a plan and its bytes are the same plan: disasm and asm are exact inverses, and a bad text is refused where it is bad. */
#include "compiler/compile.h"
#include "base/random.h"
#include "plan/plan.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/unit/plan_refusal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What disasm shows of the plan in `bytes`; arena. */
static Text shown(Arena *arena, Text bytes) {
  Error error = {0};
  Plan *plan = NULL;
  char *text = NULL;
  size_t length = 0;
  assert_int_equal(plan_load(arena, bytes.bytes, bytes.length, &plan, &error), STATUS_OK);
  FILE *out = open_memstream(&text, &length);
  assert_non_null(out);
  plan_disassemble(plan, out);
  fclose(out);
  Text copy = text_copy(arena, (Text){text, length});
  free(text);
  return copy;
}

static void expect_same_again(Text bytes, const char *what) {
  Arena *arena = arena_new(0);
  Error error = {0};
  Text text = shown(arena, bytes), again = {0};
  Status status = plan_assemble(arena, text, what, &again, &error);
  if (status != STATUS_OK) print_error("%s\n", error.message);
  assert_int_equal(status, STATUS_OK);
  if (!text_equal(bytes, again)) print_error("%s: not the same bytes\n", what);
  assert_true(text_equal(bytes, again));
  arena_free(arena);
}

/* ---- every program there is ---- */

static int same_programs(const char *pattern) {
  glob_t found;
  int compiled = 0;
  assert_int_equal(glob(pattern, 0, NULL, &found), 0);
  for (size_t i = 0; i < found.gl_pathc; i++) {
    Arena *arena = arena_new(0);
    SourceSet sources = {.arena = arena};
    DiagList diags = {.arena = arena, .sources = &sources};
    Error error = {0};
    Compiled program;
    uint32_t source;
    assert_int_equal(source_read(&sources, found.gl_pathv[i], &source, &error), STATUS_OK);
    if (compile_source(arena, &sources, source, &diags, &program, &error) == STATUS_OK) {
      expect_same_again(program.bytes, found.gl_pathv[i]);
      compiled++;
    }
    arena_free(arena);
  }
  globfree(&found);
  return compiled;
}

static void test_programs(void **state) {
  (void)state;
  assert_true(same_programs("examples/*.nrd") >= 9);
  assert_true(same_programs("tests/lang/*.nrd") >= 50);
}

/* ---- every kind of plan ---- */

static void test_sample(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Plan *plan = sample(arena);
  expect_same_again(encoded(arena, plan), "sample");
  plan->source_name = TEXT_LITERAL("a \"b\" \\ \n\t\r\x7f \xe2\x80\xae \xf0\x9f\x8e\xb5.nrd");
  plan->doc = TEXT_LITERAL("first\nsecond ; no comment");
  expect_same_again(encoded(arena, plan), "names");
  plan->spans = NULL;
  expect_same_again(encoded(arena, plan), "no spans");
  plan->source_name = (Text){"", 0};
  plan->doc = (Text){"", 0};
  expect_same_again(encoded(arena, plan), "stripped");
  arena_free(arena);
}

/* A newer minor version may bring sections that this one does not know: they stay, and the version too. */
static void test_newer(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Plan *plan = sample(arena);
  PlanExtra extras[] = {{0x20, TEXT_LITERAL("between")},
                        {SECTION_SRCE, TEXT_LITERAL("from library.tracks | show\n and more than thirty-two bytes")},
                        {SECTION_NOTE, {"", 0}},
                        {UINT32_MAX, TEXT_LITERAL("\0\xff")}};
  plan->extras = extras;
  plan->extra_count = sizeof extras / sizeof *extras;
  plan->minor = 7;
  Text bytes = encoded(arena, plan);
  assert_non_null(strstr(shown(arena, bytes).bytes, "\nformat 1 7\n"));
  assert_non_null(strstr(shown(arena, bytes).bytes, "\nsection 4294967295\nbytes 00ff\n"));
  expect_same_again(bytes, "newer");
  arena_free(arena);
}

static void test_every_flipped_bit(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Text bytes = encoded(arena, sample(arena));
  uint8_t *copy = malloc(bytes.length);
  unsigned loaded = 0;
  for (size_t bit = 0; bit < bytes.length * 8; bit++) {
    Arena *own = arena_new(0);
    Error error = {0};
    Plan *plan = NULL;
    memcpy(copy, bytes.bytes, bytes.length);
    copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
    plan_repair(copy, bytes.length);
    if (plan_load(own, copy, bytes.length, &plan, &error) == STATUS_OK) {
      expect_same_again((Text){(char *)copy, bytes.length}, "flipped");
      loaded++;
    }
    arena_free(own);
  }
  assert_true(loaded > 100);
  free(copy);
  arena_free(arena);
}

/* ---- what may be left out ---- */

static Text replaced(Arena *arena, Text text, const char *old, const char *new) {
  const char *at = strstr(text.bytes, old);
  if (!at) print_error("the sample has no `%s`\n", old);
  assert_non_null(at);
  return text_of(arena_format(arena, "%.*s%s%s", (int)(at - text.bytes), text.bytes, new, at + strlen(old)));
}

/* `text` without the digits behind the first `word`. */
static Text without_digits(Arena *arena, Text text, const char *word, size_t digits) {
  const char *at = strstr(text.bytes, word);
  assert_non_null(at);
  at += strlen(word);
  return text_of(arena_format(arena, "%.*s%s", (int)(at - text.bytes), text.bytes, at + digits));
}

static void test_left_out(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Error error = {0};
  Text bytes = encoded(arena, sample(arena)), text = shown(arena, bytes), again = {0};
  text = without_digits(arena, text, "plan ", 64);
  text = without_digits(arena, text, "catalogue ", 64);
  text = without_digits(arena, text, "i4 stage s12 ", 16);
  text = without_digits(arena, text, "i0 field s8 ", 16);
  assert_int_equal(plan_assemble(arena, text, "t", &again, &error), STATUS_OK);
  assert_true(text_equal(bytes, again));
  arena_free(arena);
}

/* ---- what is wrong where ---- */

typedef struct TextCase {
  const char *old, *new, *code, *message;
} TextCase;

static const TextCase text_cases[] = {
    {"plan ", "plane ", "N8072", "t:1:1: here stands `plan ...`"},
    {"plan ", "plan 0", "N8077", "t:1:6: `0"},
    {"plan ", "; not a plan ", "N8072", "t:2:1: here stands `plan ...`"},
    {"format 1 0", "format 2 0", "N8003", "t:2:8: this Narada writes plans of format 1"},
    {"format 1 0", "format 1", "N8073", "t:2:9: the line ends and the minor number is missing"},
    {"format 1 0", "format 1 00", "N8077", "t:2:10: `00` is not the minor number, which is a whole number from 0 to 65535"},
    {"format 1 0", "format 1 65536", "N8077", "t:2:10: `65536` is not"},
    {"level 1", "level 2", "N8004", "t:3:1: there is no language level 2"},
    {"section META", "section STRS", "N8071", "t:5:1: here stands `section META`"},
    {"source ", "source 123 ", "N8077", "t:7:8: `123` is not the source's hash, which is 64 hexadecimal digits in lower case"},
    {"module \"lib", "modul \"lib", "N8071", "t:8:1: here stands `section STRS`"},
    {"module \"lib/x.nrd\"", "module lib/x.nrd", "N8078", "t:8:8: the module's name is missing; it is a text in double quotes"},
    {"module \"lib/x.nrd\" ", "module \"lib/x.nrd\" 0", "N8077", "t:8:20: "},
    {"module \"lib/x.nrd\"", "module \"std.y\"", "N8022", "the same module"},
    {"\nsection STRS\n", "\nsection STRS now\n", "N8074", "t:11:14: `now` stands behind the end of this line; a comment begins with `;`"},
    {"\ns1 ", "\ns2 ", "N8072", "t:13:1: here stands `s1`, or the next section"},
    {"\ns1 ", "\n  s1 ", "N8072", "t:13:3: an indented line has no item above that it could belong to"},
    {"\ns0 \"", "\ns0 '", "N8078", "t:12:4: the string is missing; it is a text in double quotes"},
    {"\ns0 \"", "\ns0 \"\\q", "N8078", "t:12:5: this is no escape"},
    {"\ns0 \"", "\ns0 \"\\u0000", "N8078", "t:12:5: this is no escape"},
    {"\ns0 \"", "\ns0 \"\\ud800", "N8078", "t:12:5: this is no escape"},
    {"\ns0 \"", "\ns0 \"\xff", "N8078", "t:12:5: the string is not UTF-8 without NUL here"},
    {"\ns0 \"", "\ns0 \"a\" \"", "N8074", "t:12:8: "},
    {"\ns0 \"", "\ns0 \"a\"b\"", "N8074", "t:12:7: a blank belongs behind the string"},
    {"\ns0 \"", "\ns0 \"\xc3\xa4\n\"", "N8078", "t:12:4: the string is not closed on its line"},
    {"\nsection IMPT", "\ncx bool\nsection IMPT", "N8072", "or the next section"},
    {"stage s", "stagecoach s", "N8075", "`stagecoach` is no kind of import; there are stage, field, function, connector"},
    {"stage s12", "stage c0", "N8076", "`c0` stands where a reference such as s0 belongs"},
    {"stage s12", "stage s00", "N8076", "`s00` stands where"},
    {"stage s12", "stage s4294967295", "N8076", "`s4294967295` stands where"},
    {"function s25 ", "function s25 ; ", "N8073", "the signature is missing; it tells functions of one name apart"},
    {"arg 0 const c10", "arg 0 const c10 of k1", "N8074", "only an aggregate has an argument `of` a code"},
    {"date 2024-02-29", "date 2024-2-29", "N8077", "this is no date; one is written 2024, 2024-03 or 2024-03-05"},
    {"int 20\n", "int 9223372036854775808\n", "N8077", "is not the value, which is a whole number from -9223372036854775808 to 9223372036854775807"},
    {"int 20\n", "int -0\n", "N8077", "`-0` is not the value"},
    {"\n  col ", "\n  column ", "N8072", "here stands `col`, or a line that is not indented"},
    {" text? none", " txt? none", "N8075", "there is no type `txt?`; there are bool int float"},
    {" text? none", " list[text? none", "N8075", "there is no type `list[text?`"},
    {"section EFCT", "section EFFECT", "N8071", "here stands `section EFCT`"},
    {"determinism ", "determinate ", "N8072", "here stands `effect`, or the next section"},
    {"determinism ", "determinism very", "N8075", "is no class of determinism; there are pure, clock, network, unseeded"},
    {"\n  in n0", "\n  on n0", "N8072", "here stands `in` or `arg`, or a line that is not indented"},
    {"section CODE", "n0\nsection CODE", "N8071", "section SUBG is empty in this version"},
    {"\n  0000 ", "\n  0001 ", "N8079", "this instruction stands at 0000 of its code"},
    {"\n  0000 ", "\n  zero ", "N8077", "`zero` is not the place of an instruction"},
    {"\n  0000 ", "\n  0000 go ", "N8075", "there is no instruction `go`"},
    {" and 0009", " and 0006", "N8079", "a jump leads forward"},
    {" desc", " asc", "N8074", "`asc` stands behind the end of this line"},
    {"section DBUG", "section SINK", "N8077", "`SINK` is not a section, DBUG, DOCS, SRCE, NOTE or its number"},
    {"section DBUG", "section 64", "N8071", "write DBUG by its name"},
    {"section DBUG", "section 3", "N8071", "write CONS by its name"},
    {"section DBUG", "section NOTE\nbytes 0", "N8077", "bytes are pairs"},
    {"section DBUG", "section NOTE\nsection DBUG", "N8071", "sections stand in the order of their numbers"},
    {"span n0", "span n1", "N8072", "here stands the span of n0"},
    {"span n0", "span n0 4 4\nspan n0", "N8072", "here stands the span of n1"},
    {"name \"", "name \"\"\nsection NOTE ; \"", "N8059", "section DBUG says nothing; leave it out"},
    /* What the verifier finds is told by the line of its item. */
    {"format 1 0", "format 1 1", "", ""},
    {" plain ; from file.csv", " inserted ; from file.csv", "N8080", "t:1:1: the plan below has the id "},
    {"d0 n", "d0 n9999 none ; ", "N8023", ":1: section SINK, sink 0: refers to node 9999"},
};

static void test_errors(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Text text = shown(arena, encoded(arena, sample(arena)));
  for (size_t i = 0; i < sizeof text_cases / sizeof *text_cases; i++) {
    const TextCase *wrong = &text_cases[i];
    Error error = {0};
    Text bytes = {0};
    Status status = plan_assemble(arena, replaced(arena, text, wrong->old, wrong->new), "t", &bytes, &error);
    bool wanted = strcmp(error.code, wrong->code) == 0 && strstr(error.message, wrong->message) && status == (*wrong->code ? STATUS_BAD_PLAN : STATUS_OK);
    if (!wanted) print_error("`%s` for `%s`: wanted %s %s, got %s %s\n", wrong->new, wrong->old, wrong->code, wrong->message, error.code, error.message);
    assert_true(wanted);
  }
  arena_free(arena);
}

/* A text may end anywhere: it is refused with a place, at a line that it has. */
static void test_cut_off(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Text text = shown(arena, encoded(arena, sample(arena)));
  size_t sinks = (size_t)(strstr(text.bytes, "\nsection SINK") - text.bytes);
  for (size_t length = 0; length < sinks; length++) {
    Arena *own = arena_new(0);
    Error error = {0};
    Text bytes = {0};
    assert_int_equal(plan_assemble(own, (Text){text.bytes, length}, "t", &bytes, &error), STATUS_BAD_PLAN);
    assert_memory_equal(error.message, "t:", 2);
    arena_free(own);
  }
  arena_free(arena);
}

/* A seeded slice of tests/fuzz/fuzz_asm.c. */
static void test_mutations(void **state) {
  (void)state;
  enum { MUTATIONS = 3000, MOST = 64 };
  Arena *arena = arena_new(0);
  Text text = shown(arena, encoded(arena, sample(arena)));
  Random random = random_seeded(1);
  uint8_t *copy = malloc(text.length + MOST);
  for (int i = 0; i < MUTATIONS; i++) {
    size_t length = text.length, at = (size_t)random_below(&random, length);
    memcpy(copy, text.bytes, length);
    if (random_below(&random, 2)) {
      copy[at] = "0123456789abcnone \n;\"-[]?"[random_below(&random, 25)];
    } else {
      size_t from = (size_t)random_below(&random, length), count = (size_t)random_below(&random, MOST);
      if (count > length - from) count = length - from;
      memmove(copy + at + count, copy + at, length - at);
      memcpy(copy + at, text.bytes + from, count);
      length += count;
    }
    LLVMFuzzerTestOneInput(copy, length);
  }
  free(copy);
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_programs), cmocka_unit_test(test_sample), cmocka_unit_test(test_newer),   cmocka_unit_test(test_every_flipped_bit),
      cmocka_unit_test(test_left_out), cmocka_unit_test(test_errors), cmocka_unit_test(test_cut_off), cmocka_unit_test(test_mutations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
