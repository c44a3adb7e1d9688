/* The parser: trees of good programs, spans, documentation, limits. Messages of bad programs are tests/errors/syntax.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/syntax/ast_dump.h"
#include "compiler/syntax/parse.h"
#include "compiler/syntax/token.h"

#include <cmocka.h> /* last: it has a macro `fail` */

typedef struct Fixture {
  Arena *arena;
  SourceSet sources;
  DiagList diags;
  Unit *unit;
} Fixture;

static void parse_bytes(Fixture *fixture, Text program) {
  memset(fixture, 0, sizeof *fixture);
  fixture->arena = arena_new(0);
  assert_non_null(fixture->arena);
  fixture->sources.arena = fixture->diags.arena = fixture->arena;
  fixture->diags.sources = &fixture->sources;
  uint32_t source = source_add(&fixture->sources, TEXT_LITERAL("test.nrd"), program);
  fixture->unit = parse_unit(fixture->arena, source, &fixture->diags);
}

static void parse(Fixture *fixture, const char *program) {
  parse_bytes(fixture, text_of(program));
}

static void assert_tree(const char *program, const char *expected) {
  Fixture fixture;
  parse(&fixture, program);
  if (fixture.diags.count) diag_render(&fixture.diags, stderr, false);
  assert_int_equal(fixture.diags.count, 0);
  assert_string_equal(ast_dump(fixture.arena, fixture.unit).bytes, expected);
  arena_free(fixture.arena);
}

/* Exactly one message, of this code. */
static void assert_one(Text program, DiagCode code) {
  Fixture fixture;
  parse_bytes(&fixture, program);
  assert_int_equal(fixture.diags.count, 1);
  assert_int_equal(fixture.diags.errors, 1);
  assert_string_equal(diag_info(fixture.diags.items[0]->code)->code, diag_info(code)->code);
  FILE *out = fopen("/dev/null", "w");
  assert_non_null(out);
  diag_render(&fixture.diags, out, true);
  fclose(out);
  arena_free(fixture.arena);
}

static void programs_of_the_design(void **state) {
  (void)state;
  assert_tree(
      "param playlist: text = \"Glowy\"          ## name, link or id\n"
      "from spotify.playlist playlist\n| sort lastfm.plays desc\n"
      "| to spotify.playlist \"{playlist}, most played first\"\n",
      "(param playlist:text (text \"Glowy\") ## \"name, link or id\")\n"
      "(run (from (spotify.playlist playlist) (sort (desc lastfm.plays)) "
      "(to spotify.playlist (text playlist \", most played first\"))))\n");
  assert_tree(
      "stage fresh(n: int, within: duration = 90d) =\n  keep released > within ago\n  | take n\n"
      "let radar = from spotify.playlist \"Release Radar\"\n"
      "let indie = from spotify.playlist \"Pollen\" | fresh 10\n"
      "let heard = from spotify.playlist \"Interesting 25\"\n"
      "from radar, indie\n| concat\n| unique\n| except heard\n| sort lastfm.global_plays desc\n"
      "| to spotify.playlist \"Latest\" mode: replace\n",
      "(stage fresh (n:int within:duration=90d) (keep (> released (ago within))) (take n))\n"
      "(let radar (from (spotify.playlist (text \"Release Radar\"))))\n"
      "(let indie (from (spotify.playlist (text \"Pollen\")) (fresh 10)))\n"
      "(let heard (from (spotify.playlist (text \"Interesting 25\"))))\n"
      "(run (from radar indie (concat) (unique) (except heard) (sort (desc lastfm.global_plays)) "
      "(to spotify.playlist (text \"Latest\") mode:replace)))\n");
  assert_tree(
      "from spotify.likes since: checkpoint | to library.likes          # likes sync, import half\n"
      "from library.likes | except { from lastfm.loved } | to lastfm.loved\n",
      "(run (from (spotify.likes since:checkpoint) (to library.likes)))\n"
      "(run (from library.likes (except {(from lastfm.loved)}) (to lastfm.loved)))\n");
  assert_tree(
      "param export: path\nfrom spotify.export export\n| resolve min_confidence: 70% unresolved: keep\n"
      "| to library.plays\n",
      "(param export:path)\n"
      "(run (from (spotify.export export) (resolve min_confidence:70% unresolved:keep) (to library.plays)))\n");
  assert_tree(
      "from library.liked\n| keep plays >= 5 and last_played < 6mo ago\n| sort plays desc\n| take 30\n"
      "| to file.m3u \"forgotten.m3u\"\n",
      "(run (from library.liked (keep (and (>= plays 5) (< last_played (ago 6mo)))) (sort (desc plays)) (take 30) "
      "(to file.m3u (text \"forgotten.m3u\"))))\n");
  assert_tree(
      "from spotify.playlist \"Everything\" | per artist { sort plays desc | take 2 } | take 100 | show\n",
      "(run (from (spotify.playlist (text \"Everything\")) (per artist {(sort (desc plays)) (take 2)}) (take 100) "
      "(show)))\n");
  assert_tree(
      "from library.plays | keep played_at in @2025\n"
      "| tally artist plays: count() minutes: sum(ms_played) / 1min\n| top 20 by: minutes | show\n",
      "(run (from library.plays (keep (in played_at @2025)) "
      "(tally artist plays:(call count) minutes:(/ (call sum ms_played) 1min)) (top 20 by:minutes) (show)))\n");
}

static void operators_bind_as_written(void **state) {
  (void)state;
  assert_tree("let a = x or y and not z == 1", "(let a (or x (and y (not (== z 1)))))\n");
  assert_tree("let a = 1 + 2 * 3 - 4 / 5", "(let a (- (+ 1 (* 2 3)) (/ 4 5)))\n");
  assert_tree("let a = - x * 2", "(let a (* (- x) 2))\n");
  assert_tree("let a = x < 1y - 2d ago", "(let a (< x (- 1y (ago 2d))))\n");
  assert_tree("let a = x ?? 0 > y", "(let a (> (?? x 0) y))\n");
  assert_tree("let a = x in 1 + 1..2 * 3", "(let a (in x (range (+ 1 1) (* 2 3))))\n");
  assert_tree("let a = x in ..5", "(let a (in x (range _ 5)))\n");
  assert_tree("let a = x in @2024.. and y", "(let a (and (in x (range @2024 _)) y))\n");
  assert_tree("let a = x not in [1, 2,] or y is not missing",
              "(let a (or (not in x (list 1 2)) (is-not-missing y)))\n");
  assert_tree("let a = not x is missing", "(let a (not (is-missing x)))\n");
  assert_tree("let a = 1 < x <= 3 and y", "(let a (and (chain (< 1 x) (<= x 3)) y))\n");
  assert_tree("let a = (1 < x) == (y > 3 > 2)", "(let a (== (< 1 x) (chain (> y 3) (> 3 2))))\n");
  assert_tree("let a = (1 < x < 3) == true", "(let a (== (chain (< 1 x) (< x 3)) true))\n");
}

static void literals(void **state) {
  (void)state;
  assert_tree("let a = [5_000, 0.25, 20%, 0.5%, true, false, missing, 90d, @2024-03-05T20:00Z]",
              "(let a (list 5000 0.25 20% 0.5% true false missing 90d @2024-03-05T20:00Z))\n");
  assert_tree("let a = \"\" \nlet b = ''\nlet c = 'C:\\{x}'",
              "(let a (text))\n(let b (raw))\n(let c (raw \"C:\\{x}\"))\n");
  assert_tree("let a = \"\\\"\\\\\\{\\}\\u{e9}\"", "(let a (text \"\"\\{}\xC3\xA9\"))\n");
  assert_tree("let a = \"{a}{\"<{b(\"c\")}>\"}.\"",
              "(let a (text a (text \"<\" (call b (text \"c\")) \">\") \".\"))\n");
  assert_tree("let a = 9223372036854775807", "(let a 9223372036854775807)\n");
}

static void stages_and_arguments(void **state) {
  (void)state;
  assert_tree("from a, { from b | take 1 }, c.d | concat", "(run (from a (from b (take 1)) c.d (concat)))\n");
  assert_tree("from f x, y limit: 3, by: z | show", "(run (from (f x y limit:3 by:z) (show)))\n");
  assert_tree("from a | mix b, { from c } weights: [1, 2] | take while: x < 3",
              "(run (from a (mix b {(from c)} weights:(list 1 2)) (take while:(< x 3))))\n");
  assert_tree("from a | except { from b } by: isrc, strict: true",
              "(run (from a (except {(from b)} by:isrc strict:true)))\n");
  assert_tree("from a | sort plays desc, title asc, album", "(run (from a (sort (desc plays) (asc title) album)))\n");
  assert_tree("from a | per x { keep y | per z { take 1 } }", "(run (from a (per x {(keep y) (per z {(take 1)})})))\n");
  assert_tree("from a | add era: year(released, in_zone: 'UTC') / 10",
              "(run (from a (add era:(/ (call year released in_zone:(raw \"UTC\")) 10))))\n");
  assert_tree("stage s = from a | take 1\nstage t(xs: list[text]) = to file.csv xs\nuse std.mixes\nuse 'a.nrd' as b\n",
              "(stage s () (from a (take 1)))\n(stage t (xs:list[text]) (to file.csv xs))\n(use std.mixes)\n(use b "
              "\"a.nrd\")\n");
}

static void words_are_names_elsewhere(void **state) {
  (void)state;
  assert_tree("let param = stage + use * as - asc", "(let param (- (+ stage (* use as)) asc))\n");
  assert_tree("from use | sort desc desc, asc | add stage: param as: desc",
              "(run (from use (sort (desc desc) asc) (add stage:param as:desc)))\n");
  assert_tree("let narada = narada", "(let narada narada)\n");
}

static void lines(void **state) {
  (void)state;
  assert_tree(
      "\xEF\xBB\xBF#!/usr/bin/env narada-run\nnarada 1\n\nfrom a\n\n# between\n   | take 1 # after\n\n| show\n\nlet b "
      "=\r\n  1 +\r\n  2\r\n",
      "(level 1)\n(run (from a (take 1) (show)))\n(let b (+ 1 2))\n");
  assert_tree("from a | keep (x\n and\n\n y) | per b {\n take 1\n | take 2\n }\nlet c = [1,\n2]",
              "(run (from a (keep (and x y)) (per b {(take 1) (take 2)})))\n(let c (list 1 2))\n");
  assert_tree("", "");
  assert_tree("\n\n  \t\n# only this", "");
}

static void documentation(void **state) {
  (void)state;
  assert_tree(
      "## The file.\n## Two lines.\n\n## About a.\n##   more\nlet a = 1 ## not this\n# plain\nparam b: int ## about "
      "b\n",
      "## \"The file.\\x0aTwo lines.\"\n(let a 1 ## \"About a.\\x0a  more\")\n(param b:int ## \"about b\")\n");
  assert_tree("## Of the statement.\nfrom a | show", "(run (from a (show)) ## \"Of the statement.\")\n");
  assert_tree("## Alone.", "## \"Alone.\"\n");
}

static void spans_are_exact(void **state) {
  (void)state;
  Fixture fixture;
  parse(&fixture, "from library.liked | keep (plays > 3) and \"{x}\" == y ago | to f . g 1 mode: {take 2}\n");
  assert_int_equal(fixture.diags.count, 0);
  const Pipeline *pipeline = fixture.unit->stmts[0]->pipeline;
  const Stage *keep = pipeline->stages[0], *to = pipeline->stages[1];
  struct {
    Span span;
    const char *text;
  } cases[] = {
      {fixture.unit->stmts[0]->span,
       "from library.liked | keep (plays > 3) and \"{x}\" == y ago | to f . g 1 mode: {take 2}"},
      {keep->span, "keep (plays > 3) and \"{x}\" == y ago"},
      {keep->args[0].value->left->span, "(plays > 3)"},
      {keep->args[0].value->left->op_span, ">"},
      {keep->args[0].value->right->left->span, "\"{x}\""},
      {keep->args[0].value->right->left->items[0]->span, "x"},
      {keep->args[0].value->right->right->span, "y ago"},
      {to->span, "to f . g 1 mode: {take 2}"},
      {to->path.span, "f . g"},
      {to->path.name_spans[1], "g"},
      {to->args[1].name_span, "mode"},
      {to->args[1].block->span, "{take 2}"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Text text = span_text(&fixture.sources, cases[i].span);
    assert_int_equal(text.length, strlen(cases[i].text));
    assert_memory_equal(text.bytes, cases[i].text, text.length);
  }
  assert_true(text_is(to->path.text, "f.g"));
  assert_true(keep->args[0].value->left->parenthesised);
  arena_free(fixture.arena);
}

static void names_survive_mistakes(void **state) {
  (void)state;
  Fixture fixture;
  parse(&fixture, "let a = * 3\nparam b = 3\nparam c: int = /\nstage d(x) = take x\nlet e = from $ | take 3\n");
  assert_int_equal(fixture.diags.count, 5);
  assert_string_equal(ast_dump(fixture.arena, fixture.unit).bytes,
                      "(BAD a)\n(BAD b)\n(param c:int BAD)\n(BAD d)\n(let e (from BAD (take 3)))\n");
  arena_free(fixture.arena);
}

/* `prefix`, `count` times `repeated`, `suffix`. */
static Text repeat(const char *prefix, const char *repeated, size_t count, const char *suffix) {
  size_t unit = strlen(repeated), length = strlen(prefix) + count * unit + strlen(suffix);
  char *bytes = malloc(length + 1);
  assert_non_null(bytes);
  char *at = bytes + strlen(prefix);
  memcpy(bytes, prefix, strlen(prefix));
  for (size_t i = 0; i < count; i++, at += unit) memcpy(at, repeated, unit);
  memcpy(at, suffix, strlen(suffix) + 1);
  return (Text){bytes, length};
}

static void nesting_is_bounded(void **state) {
  (void)state;
  struct {
    const char *prefix, *repeated;
    size_t count;
    const char *suffix;
    DiagCode code;
  } cases[] = {
      {"let a = ", "(", 1000000, "\n", DIAG_TOO_DEEP},
      {"let a = ", "[", 1000000, "\nlet b = 1\n", DIAG_TOO_DEEP},
      {"from a | ", "x {", 300000, "\n", DIAG_TOO_DEEP},
      {"let a = ", "f(", 65, "1\n", DIAG_TOO_DEEP},
      {"let a = ", "not ", 250000, "x\n", DIAG_TOO_DEEP},
      {"let a = ", "- ", 500000, "x\n", DIAG_TOO_DEEP},
      {"let a = 1", " + 1", 250000, "\n", DIAG_TOO_DEEP},
      {"let a = 1", " ?? 1", 200000, "\n", DIAG_TOO_DEEP},
      {"let a = x", " ago", 250000, "\n", DIAG_TOO_DEEP},
      {"let a = x", " or x", 200000, "\n", DIAG_TOO_DEEP},
      {"param a: ", "list[", 1000, "\n", DIAG_TOO_DEEP},
      {"let a = b", ".b", 400000, "\n", DIAG_PATH_TOO_LONG},
      {"let a = ", "1 ", 500000, "\n", DIAG_UNEXPECTED_TOKEN},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Text program = repeat(cases[i].prefix, cases[i].repeated, cases[i].count, cases[i].suffix);
    assert_one(program, cases[i].code);
    free((char *)program.bytes);
  }
}

static void depth_that_is_allowed(void **state) {
  (void)state;
  Text program = repeat("let a = ", "(", PARSE_MAX_NESTING, "1");
  Text closing = repeat(program.bytes, ")", PARSE_MAX_NESTING, "\n");
  Text row = repeat("let a = x", " or x", 500, "\n");
  Fixture fixture;
  parse_bytes(&fixture, closing);
  assert_int_equal(fixture.diags.count, 0);
  arena_free(fixture.arena);
  parse_bytes(&fixture, row);
  assert_int_equal(fixture.diags.count, 0);
  arena_free(fixture.arena);
  free((char *)program.bytes);
  free((char *)closing.bytes);
  free((char *)row.bytes);
}

static void too_many_messages_end_the_parse(void **state) {
  (void)state;
  Text program = repeat("", "let let\n", 100000, "");
  Fixture fixture;
  parse_bytes(&fixture, program);
  assert_int_equal(fixture.diags.count, DIAG_MAX);
  assert_true(fixture.diags.full);
  arena_free(fixture.arena);
  free((char *)program.bytes);
}

static Status parse_protected(void *context, Error *error) {
  (void)error;
  Fixture *fixture = context;
  fixture->sources = (SourceSet){.arena = fixture->arena};
  fixture->diags = (DiagList){.arena = fixture->arena, .sources = &fixture->sources};
  Text program = TEXT_LITERAL(
      "param a: int = 1 ## doc\nfrom b | keep \"{c}\\n\" in [1, d(2)] | per e { take 3 } $ | show\nlet let\n");
  uint32_t source = source_add(&fixture->sources, TEXT_LITERAL("test.nrd"), program);
  fixture->unit = parse_unit(fixture->arena, source, &fixture->diags);
  return STATUS_OK;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  bool passed = false;
  for (unsigned long n = 1; n < 5000 && !passed; n++) {
    Fixture fixture = {.arena = arena_new(0)};
    assert_non_null(fixture.arena);
    Error error;
    arena_test_fail_at(n);
    passed = arena_protect(fixture.arena, parse_protected, &fixture, &error) == STATUS_OK;
    arena_test_fail_at(0);
    arena_free(fixture.arena);
  }
  assert_true(passed);
}

static void tokens_have_their_own_texts(void **state) {
  (void)state;
  for (int a = 1; a < TOKEN_COUNT; a++) {
    TokenGroup group = token_group((TokenKind)a);
    assert_true(strlen(token_text((TokenKind)a)) > 0);
    if (group != GROUP_KEYWORD && group != GROUP_WORD && group != GROUP_OPERATOR) continue;
    for (int b = a + 1; b < TOKEN_COUNT; b++)
      assert_string_not_equal(token_text((TokenKind)a), token_text((TokenKind)b));
    /* What the table calls it is what the lexer takes for it. */
    Arena *arena = arena_new(0);
    SourceSet sources = {.arena = arena};
    uint32_t index =
        source_add(&sources, TEXT_LITERAL("t"), text_of(a == TOKEN_NARADA ? "narada 1" : token_text((TokenKind)a)));
    TokenList list = token_list(arena, &sources.items[index]);
    assert_int_equal(list.tokens.items[1].kind, a);
    arena_free(arena);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(programs_of_the_design),
      cmocka_unit_test(operators_bind_as_written),
      cmocka_unit_test(literals),
      cmocka_unit_test(stages_and_arguments),
      cmocka_unit_test(words_are_names_elsewhere),
      cmocka_unit_test(lines),
      cmocka_unit_test(documentation),
      cmocka_unit_test(spans_are_exact),
      cmocka_unit_test(names_survive_mistakes),
      cmocka_unit_test(nesting_is_bounded),
      cmocka_unit_test(depth_that_is_allowed),
      cmocka_unit_test(too_many_messages_end_the_parse),
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(tokens_have_their_own_texts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
