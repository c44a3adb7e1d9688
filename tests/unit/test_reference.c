/* The reference says everything there is, and its examples are programs. */
#include "compiler/compile.h"
#include "compiler/show/reference.h"
#include "compiler/syntax/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void expect_example(ExampleKind kind, const char *name) {
  if (!reference_example(kind, name)) print_error("stdlib/examples.def has no example for `%s`\n", name);
  assert_non_null(reference_example(kind, name));
}

static void test_everything_has_an_example(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  for (int id = 0; id < STAGEID_COUNT; id++)
    if (stage_is_written((StageId)id)) expect_example(EXAMPLE_STAGE, arena_format(arena, "%s%s", stage_prefix((StageId)id), stage_def((StageId)id)->name));
  for (int id = 0; id < FUNCTION_ID_COUNT; id++) expect_example(EXAMPLE_FUNCTION, function_def((FunctionId)id)->name);
  for (int id = 0; id < FIELD_COUNT; id++) expect_example(EXAMPLE_FIELDS, provider_name(field_def((FieldId)id)->provider));
  arena_free(arena);
}

/* Whether the plan imports what the example is for. */
static bool shows(const Plan *plan, const Example *example) {
  for (uint32_t i = 0; i < plan->import_count; i++) {
    const PlanImport *import = &plan->imports[i];
    bool named = text_is(plan_string(plan, import->name), example->name);
    if (example->kind == EXAMPLE_STAGE && import->kind == IMPORT_STAGE && named) return true;
    if (example->kind == EXAMPLE_FUNCTION && import->kind == IMPORT_FUNCTION && named) return true;
    if (example->kind == EXAMPLE_FIELDS && import->kind == IMPORT_FIELD &&
        strcmp(provider_name(field_def((FieldId)import->id)->provider), example->name) == 0)
      return true;
  }
  return false;
}

static void test_examples_compile(void **state) {
  (void)state;
  size_t count;
  const Example *examples = reference_examples(&count);
  for (size_t i = 0; i < count; i++) {
    Arena *arena = arena_new(0);
    SourceSet sources = {.arena = arena};
    DiagList diags = {.arena = arena, .sources = &sources};
    Error error = {0};
    Compiled compiled = {0};
    uint32_t source = source_add(&sources, TEXT_LITERAL("example.nrd"), text_of(examples[i].program));
    /* As written: a `take` behind a `sort` is otherwise a part of it. */
    Status status = compile_source_with(arena, &sources, source, (CompileOptions){.naive = true}, &diags, &compiled, &error);
    if (status != STATUS_OK || diags.count) diag_render(&diags, stderr, false);
    if (status != STATUS_OK || diags.count) print_error("the example for `%s`\n", examples[i].name);
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(diags.count, 0);
    if (!shows(compiled.plan, &examples[i])) print_error("the example for `%s` does not use it\n", examples[i].name);
    assert_true(shows(compiled.plan, &examples[i]));
    arena_free(arena);
  }
}

static void test_every_operator(void **state) {
  (void)state;
  static const int listed[] = {
#define OPERATOR(token, form, doc) TOKEN_##token,
#include "operators.def"
#undef OPERATOR
  };
  size_t operators = 0;
#define COUNT_OPERATOR 1
#define COUNT_LAYOUT 0
#define COUNT_NAME 0
#define COUNT_LITERAL 0
#define COUNT_KEYWORD 0
#define COUNT_WORD 0
#define COUNT_PUNCTUATION 0
#define COUNT_FAULT 0
#define TOKEN(name, text, group) operators += COUNT_##group;
#include "grammar/tokens.def"
#undef TOKEN
  assert_int_equal(operators, sizeof listed / sizeof *listed);
  for (size_t i = 0; i < operators; i++)
    for (size_t k = 0; k < i; k++) assert_true(listed[i] != listed[k]);
}

static char *written(bool (*one)(Arena *arena, Text name, FILE *out), Text name) {
  Arena *arena = arena_new(0);
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);
  assert_non_null(out);
  if (one) {
    assert_true(one(arena, name, out));
  } else {
    reference_write(arena, out);
  }
  fclose(out);
  arena_free(arena);
  return text;
}

static void expect_in(const char *text, const char *part) {
  if (!strstr(text, part)) print_error("the reference lacks %s\n", part);
  assert_non_null(strstr(text, part));
}

/* Every row of every table is there. */
static void test_whole(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  char *text = written(NULL, (Text){"", 0});
  for (int id = 0; id < STAGEID_COUNT; id++)
    if (stage_is_written((StageId)id)) expect_in(text, arena_format(arena, "\n#### %s%s\n", stage_prefix((StageId)id), stage_def((StageId)id)->name));
  for (int id = 0; id < FIELD_COUNT; id++) expect_in(text, arena_format(arena, "\n| `%s` | ", field_def((FieldId)id)->name));
  for (int id = 0; id < FUNCTION_ID_COUNT; id++) expect_in(text, arena_format(arena, "\n#### %s\n", function_def((FunctionId)id)->name));
  for (int code = 0; code < DIAG_COUNT; code++) {
    const DiagInfo *info = diag_info((DiagCode)code);
    expect_in(text, arena_format(arena, "\n#### %s: %s\n", info->code, info->title));
    assert_true(strlen(info->explanation) > 10);
    free(written(reference_write_name, text_of(info->code)));
  }
  free(text);
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_everything_has_an_example), cmocka_unit_test(test_examples_compile), cmocka_unit_test(test_every_operator), cmocka_unit_test(test_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
