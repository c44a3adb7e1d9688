/* Every way a plan can be wrong, made once each and refused with its own code. */
#include "plan/plan.h"
#include "tests/plan_repair.h"
#include "tests/unit/plan_sample.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

enum { ENTRY_SIZE = 24 };

static Plan *sample(Arena *arena) {
  Error error = {0};
  Plan *plan = sample_plan(arena, &error);
  assert_non_null(plan);
  return plan;
}

static Text encoded(Arena *arena, Plan *plan) {
  Error error = {0};
  Text bytes = {0};
  assert_int_equal(plan_encode(arena, plan, &bytes, &error), STATUS_OK);
  return bytes;
}

static void expect_refused(Text bytes, const char *code, const char *message) {
  Arena *arena = arena_new(0);
  Error error = {0};
  Plan *plan = NULL;
  uint8_t *exact = malloc(bytes.length ? bytes.length : 1); /* so that a sanitizer sees a read beyond the end */
  memcpy(exact, bytes.bytes, bytes.length);
  Status status = plan_load(arena, exact, bytes.length, &plan, &error);
  if (status != STATUS_BAD_PLAN || strcmp(error.code, code) != 0 || !strstr(error.message, message)) {
    print_error("wanted %s %s, got %d %s %s\n", code, message, (int)status, error.code, error.message);
  }
  assert_int_equal(status, STATUS_BAD_PLAN);
  assert_int_equal(error.status, STATUS_BAD_PLAN);
  assert_string_equal(error.code, code);
  assert_non_null(strstr(error.message, message));
  assert_null(plan);
  free(exact);
  arena_free(arena);
}

/* ---- the header ---- */

static void patch(const char *code, const char *message, size_t at, uint64_t value, size_t size, bool checksum) {
  Arena *arena = arena_new(0);
  Text bytes = encoded(arena, sample(arena));
  uint8_t *copy = (uint8_t *)text_copy(arena, bytes).bytes;
  plan_put(copy + at, value, size);
  if (checksum) plan_repair_checksum(copy, bytes.length);
  expect_refused((Text){(char *)copy, bytes.length}, code, message);
  arena_free(arena);
}

static void test_header(void **state) {
  (void)state;
  expect_refused(TEXT_LITERAL(""), "N8001", "this is not a Narada plan");
  expect_refused(TEXT_LITERAL("from library.liked | show\n"), "N8001", "this is not a Narada plan");
  patch("N8001", "not a Narada plan", 0, 0x88, 1, true);
  patch("N8001", "not a Narada plan", 4, 0x0A, 1, true);
  patch("N8003", "made by a newer Narada: format 2; this one reads 1; compile it again from its source", 8, 2, 2, true);
  patch("N8003", "no plan format 0", 8, 0, 2, true);
  patch("N8004", "language level 2", 12, 2, 2, true);
  patch("N8004", "language level 0", 12, 0, 2, true);
  patch("N8005", "unknown flags", 14, 1, 2, true);
  patch("N8002", "cut off", 16, 1 << 20, 8, true);
  patch("N8006", "and says 64", 16, 64, 8, true);
  patch("N8008", "larger", 16, UINT64_C(1) << 40, 8, true);
  patch("N8007", "altered", 40, 0x5555, 8, false);
  patch("N8007", "altered", 28, 0, 4, false);
  patch("N8009", "65 sections", 24, 65, 4, true);
  patch("N8009", "4294967295 sections", 24, UINT32_MAX, 4, true);
  patch("N8011", "the sections end at byte 64", 24, 0, 4, true);
  patch("N8016", "plan id", 32, 0, 8, true);
}

/* ---- the directory ---- */

static void patch_directory(const char *code, const char *message, uint32_t section, size_t at, uint64_t value, size_t size) {
  patch(code, message, PLAN_HEADER_SIZE + section * (size_t)ENTRY_SIZE + at, value, size, true);
}

static void test_directory(void **state) {
  (void)state;
  patch_directory("N8010", "must ascend", 1, 0, SECTION_META, 4);
  patch_directory("N8010", "must ascend", 2, 0, SECTION_META, 4);
  patch_directory("N8015", "must be critical", 0, 4, 0, 4);
  patch_directory("N8015", "must not be critical", 11, 4, 1, 4);
  patch_directory("N8015", "unknown flags", 0, 4, 3, 4);
  patch_directory("N8013", "it matters", 11, 0, 0x30 | UINT64_C(1) << 32, 8);
  patch_directory("N8011", "belongs at", 0, 8, 64, 8);
  patch_directory("N8011", "belongs at", 3, 8, UINT64_MAX, 8);
  patch_directory("N8011", "belongs at", 3, 16, UINT64_MAX, 8);
  patch_directory("N8011", "belongs at", 1, 16, 8, 8);
  patch_directory("N8011", "sections end", 12, 16, 0, 8);
}

typedef struct Part {
  uint32_t id, flags;
  Text content;
} Part;

static uint32_t split(Text bytes, Part *parts) {
  const uint8_t *from = (const uint8_t *)bytes.bytes;
  uint32_t count = (uint32_t)plan_get(from + 24, 4);
  for (uint32_t i = 0; i < count; i++) {
    const uint8_t *entry = from + PLAN_HEADER_SIZE + i * (size_t)ENTRY_SIZE;
    parts[i] = (Part){(uint32_t)plan_get(entry, 4), (uint32_t)plan_get(entry + 4, 4), {bytes.bytes + plan_get(entry + 8, 8), plan_get(entry + 16, 8)}};
  }
  return count;
}

static Text joined(Arena *arena, Text header, const Part *parts, uint32_t count) {
  size_t size = PLAN_HEADER_SIZE + count * (size_t)ENTRY_SIZE, at = size;
  for (uint32_t i = 0; i < count; i++) size += (parts[i].content.length + 7) / 8 * 8;
  uint8_t *bytes = arena_alloc(arena, size);
  memcpy(bytes, header.bytes, PLAN_HEADER_SIZE);
  plan_put(bytes + 24, count, 4);
  for (uint32_t i = 0; i < count; i++) {
    uint8_t *entry = bytes + PLAN_HEADER_SIZE + i * (size_t)ENTRY_SIZE;
    plan_put(entry, parts[i].id, 4);
    plan_put(entry + 4, parts[i].flags, 4);
    plan_put(entry + 8, at, 8);
    plan_put(entry + 16, parts[i].content.length, 8);
    if (parts[i].content.length) memcpy(bytes + at, parts[i].content.bytes, parts[i].content.length);
    at += (parts[i].content.length + 7) / 8 * 8;
  }
  plan_repair(bytes, size);
  return (Text){(char *)bytes, size};
}

static void test_sections(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Part parts[20];
  Text bytes = encoded(arena, sample(arena));
  uint32_t count = split(bytes, parts);
  Error error = {0};
  Plan *plan = NULL;
  Text same = joined(arena, bytes, parts, count);
  assert_memory_equal(same.bytes, bytes.bytes, bytes.length);
  /* An unknown section that does not matter is skipped, and so is one for notes. */
  parts[count] = (Part){SECTION_NOTE, 0, TEXT_LITERAL("\xff\xfe")};
  parts[count + 1] = (Part){0x7FFF, 0, TEXT_LITERAL("abc")};
  Text longer = joined(arena, bytes, parts, count + 2);
  assert_int_equal(plan_load(arena, longer.bytes, longer.length, &plan, &error), STATUS_OK);
  parts[count + 1].flags = 1;
  expect_refused(joined(arena, bytes, parts, count + 2), "N8013", "section section (32767)");
  for (uint32_t gone = 0; gone < SECTION_SINK; gone++) {
    Part fewer[20];
    for (uint32_t i = 0; i < count; i++) fewer[i < gone ? i : i ? i - 1 : 0] = parts[i];
    expect_refused(joined(arena, bytes, fewer, count - 1), "N8014", "is missing");
  }
  /* Padding hides nothing. */
  for (uint32_t i = 0; i < count; i++) {
    if (parts[i].content.length % 8 == 0) continue;
    char *copy = (char *)(uintptr_t)text_copy(arena, bytes).bytes;
    copy[parts[i].content.bytes + parts[i].content.length - bytes.bytes] = 1;
    plan_repair_checksum((uint8_t *)copy, bytes.length);
    expect_refused((Text){copy, bytes.length}, "N8012", "padding");
  }
  arena_free(arena);
}

/* ---- the content of sections, byte by byte ---- */

typedef struct RawCase {
  const char *code, *message;
  uint32_t section;
  Text content;
} RawCase;

#define RAW(code, section, bytes, message) {code, message, SECTION_##section, {bytes, sizeof(bytes) - 1}}
#define ZEROES_32 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

static const RawCase raw_cases[] = {
  RAW("N8017", SUBG, "\x80\0", "shortest"),
  RAW("N8017", SUBG, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", "64 bits"),
  RAW("N8018", SUBG, "", "ends"),
  RAW("N8018", SUBG, "\xff", "ends"),
  RAW("N8019", SUBG, "\0\0", "1 bytes stand behind"),
  RAW("N8057", SUBG, "\1", "no sub-plans"),
  RAW("N8058", META, "\2" ZEROES_32 ZEROES_32 "\0", "levels"),
  RAW("N8058", META, "\1" ZEROES_32 ZEROES_32 "\1", "modules"),
  RAW("N8018", META, "\1" ZEROES_32, "ends"),
  /* limits */
  RAW("N8020", STRS, "\x81\x80\x04", "65537 strings"),
  RAW("N8020", STRS, "\1\x81\x80\x04", "65537 bytes"),
  RAW("N8020", CONS, "\x81\x80\x04", "65537 constants"),
  RAW("N8020", CONS, "\1\x12\x81\x20", "4097 items"),
  RAW("N8020", IMPT, "\x81\x08", "1025 imports"),
  RAW("N8020", ROWS, "\x81\x20", "4097 schemas"),
  RAW("N8020", ROWS, "\1\0\x81\2", "257 columns"),
  RAW("N8020", PARM, "\x81\2", "257 parameters"),
  RAW("N8020", EFCT, "\x81\x20", "4097 effects"),
  RAW("N8020", NODE, "\x81\x20", "4097 nodes"),
  RAW("N8020", NODE, "\1\0\0\x41\0\0", "65 inputs"),
  RAW("N8020", NODE, "\1\0\0\0\x81\x08\0", "1025 arguments"),
  RAW("N8020", CODE, "\x81\x80\1", "16385 codes"),
  RAW("N8020", CODE, "\1\0\1\1\x81\x80\x04", "65537 bytes of one code"),
  RAW("N8020", CODE, "\1\0\1\x41\0", "stack of 65"),
  RAW("N8020", SINK, "\x81\x20", "4097 sinks"),
  /* counts beyond what is there: nothing is allocated for them */
  RAW("N8018", STRS, "\xff\x7f", "more than the section has room for"),
  RAW("N8018", CONS, "\xff\x7f\1\1", "more than the section has room for"),
  RAW("N8018", NODE, "\xff\x1f\1\1", "more than the section has room for"),
  RAW("N8018", STRS, "\1\5ab", "section STRS, byte"),
  RAW("N8018", CODE, "\1\0\1\1\7\5", "more than the section has room for"),
  /* texts */
  RAW("N8021", STRS, "\1\1\xff", "string 0: the string is not valid UTF-8"),
  RAW("N8021", STRS, "\1\1\0", "without NUL"),
  RAW("N8022", STRS, "\2\1a\1a", "string 1"),
  /* constants: type byte, then the value */
  RAW("N8022", CONS, "\2\1\1\1\1", "constant 1"),
  RAW("N8025", CONS, "\1\x4f\0", "0x4f"),
  RAW("N8025", CONS, "\1\0\0", "no constant has type 0x00"),
  RAW("N8025", CONS, "\1\x81\0", "no constant has type 0x81"),
  RAW("N8025", CONS, "\1\x25\0", "no constant has type 0x25"),
  RAW("N8026", CONS, "\1\1\2", "0 or 1"),
  RAW("N8026", CONS, "\1\3\0\0\0\0\0\0\xf8\x7f", "not finite"),
  RAW("N8026", CONS, "\1\4\0\0\0\0\0\0\xf0\xff", "not finite"),
  RAW("N8026", CONS, "\1\x08\xe7\x0f\2\x1d\2", "no date of year 2023, month 2, day 29"),
  RAW("N8026", CONS, "\1\x08\0\1\1\0", "no date"),
  RAW("N8026", CONS, "\1\x08\xe7\x0f\2\1\0", "precision 0"),
  RAW("N8026", CONS, "\1\x08\xe7\x0f\1\1\3", "precision 3"),
  RAW("N8026", CONS, "\1\x09\xff\xff\xff\xff\xff\xff\xff\xff\xff\1", "years 1 and 9999"),
  RAW("N8026", CONS, "\1\x0a\xff\xff\xff\xff\xff\1\0", "months"),
  RAW("N8023", CONS, "\1\5\x7f", "string 127"),
  RAW("N8023", CONS, "\1\x12\1\0", "earlier constant 0 of 0"),
  RAW("N8027", CONS, "\2\1\1\x12\1\0", "not of the element type"),
  RAW("N8027", CONS, "\2\1\1\x22\1\0", "not of the element type"),
  RAW("N8027", CONS, "\1\x22\0\0", "open at both ends"),
  RAW("N8024", IMPT, "\1\4\0\0\0\0\0\0\0\0\0", "kind of import 4"),
  RAW("N8023", IMPT, "\1\0\x7f\0\0\0\0\0\0\0\0", "string 127"),
  RAW("N8022", IMPT, "\2\1\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0", "import 1"),
  RAW("N8024", ROWS, "\1\4\0", "kind of rows 4"),
  RAW("N8024", ROWS, "\1\0\1\0\0\1\3", "kind of window 3"),
  RAW("N8023", ROWS, "\1\0\1\x7f\0\1\0", "string 127"),
  RAW("N8023", ROWS, "\1\0\1\0\x7f\1\0", "import 126"),
  RAW("N8025", ROWS, "\1\0\1\0\0\x4f\0", "0x4f"),
  RAW("N8022", ROWS, "\2\0\0\0\0", "schema 1"),
  RAW("N8024", EFCT, "\1\7\1\0\0\0", "connector 7"),
  RAW("N8024", EFCT, "\1\0\3\0\0\0", "kind of effect 3"),
  RAW("N8024", EFCT, "\0\4\0", "determinism 4"),
  RAW("N8058", EFCT, "\0\0\1", "cost terms"),
  RAW("N8024", NODE, "\1\2\0\0\0\0", "unknown flags 0x02"),
  RAW("N8023", NODE, "\1\0\x7f\0\0\0", "import 127"),
  RAW("N8034", NODE, "\1\0\0\1\0\0\0", "node 0: reads node 0"),
  RAW("N8024", NODE, "\1\0\0\0\1\0\x09\0\0\0", "kind of argument 0x09"),
  RAW("N8024", NODE, "\1\0\0\0\1\0\x40\0\0\0", "kind of argument 0x40"),
  RAW("N8023", NODE, "\1\0\0\0\1\0\0\0\xff\xff\xff\xff\x0f\0", "number 4294967295"),
  RAW("N8023", NODE, "\1\0\0\0\0\x7f", "schema 127"),
  RAW("N8025", CODE, "\1\0\x4f\1\0", "0x4f"),
  RAW("N8023", CODE, "\1\x7f\1\1\0", "schema 126"),
  RAW("N8023", SINK, "\1\x7f\0", "node 127"),
  RAW("N8054", SINK, "\1\6\1", "sink 0: waits for sink 0"),
  RAW("N8059", DBUG, "\0\1\1\1", "1 spans"),
  RAW("N8021", DBUG, "\1\xff\0", "name of the source"),
  RAW("N8059", DBUG, "\0\x11\xff\xff\xff\xff\x1f\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "span 0"),
  RAW("N8021", DOCS, "\1\x80", "doc text"),
};

static void test_contents(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Text bytes = encoded(arena, sample(arena));
  for (size_t c = 0; c < sizeof raw_cases / sizeof *raw_cases; c++) {
    Part parts[20];
    uint32_t count = split(bytes, parts);
    for (uint32_t i = 0; i < count; i++) {
      if (parts[i].id == raw_cases[c].section) parts[i].content = raw_cases[c].content;
    }
    Text file = joined(arena, bytes, parts, count);
    expect_refused(file, raw_cases[c].code, raw_cases[c].message);
  }
  arena_free(arena);
}

/* ---- the meaning ---- */

static PlanNode *at_node(Plan *plan, uint32_t node) {
  return &plan->nodes[node];
}

static PlanArg *at_arg(Plan *plan, uint32_t node, uint32_t arg) {
  return &plan->nodes[node].args[arg];
}

static PlanSchema *at_schema(Plan *plan, uint32_t node) {
  return &plan->schemas[plan->nodes[node].schema];
}

static PlanImport *at_import(Plan *plan, uint32_t node) {
  return &plan->imports[plan->nodes[node].stage];
}

static uint32_t find_string(const Plan *plan, const char *text) {
  for (uint32_t i = 0; i < plan->string_count; i++) {
    if (text_is(plan->strings[i], text)) return i;
  }
  assert_true(false);
  return 0;
}

static uint32_t find_constant(const Plan *plan, Type type) {
  for (uint32_t i = 0; i < plan->constant_count; i++) {
    if (plan->constants[i].type == type) return i;
  }
  assert_true(false);
  return 0;
}

static uint32_t find_import_named(const Plan *plan, PlanImportKind kind, const char *name) {
  for (uint32_t i = 0; i < plan->import_count; i++) {
    if (plan->imports[i].kind == kind && text_is(plan->strings[plan->imports[i].name], name)) return i;
  }
  assert_true(false);
  return 0;
}

/* Code of the sample, writable. */
static uint8_t *code_of(Plan *plan, uint32_t code) {
  return (uint8_t *)(uintptr_t)plan->codes[code].bytes;
}

static uint8_t *condition(Plan *plan) {
  return code_of(plan, at_arg(plan, N_KEEP, 0)->index);
}

#define CASE(name) static void name(Plan *plan)
CASE(unknown_stage) { plan->strings[at_import(plan, N_KEEP)->name] = TEXT_LITERAL("keep_some"); }
CASE(source_as_stage) { plan->strings[at_import(plan, N_CSV)->name] = TEXT_LITERAL("file.csv"); }
CASE(unknown_field) { plan->imports[at_schema(plan, N_CSV)->columns[0].field].kind = IMPORT_CONNECTOR; }
CASE(changed_stage) { at_import(plan, N_KEEP)->signature ^= 1; }
CASE(changed_field) { plan->imports[find_import_named(plan, IMPORT_FIELD, "title")].signature ^= 1; }
CASE(changed_function) { plan->imports[find_import_named(plan, IMPORT_FUNCTION, "sum")].signature ^= 1; }
CASE(connector_with_signature) {
  PlanImport *import = &plan->imports[find_import_named(plan, IMPORT_FUNCTION, "lower")];
  import->kind = IMPORT_CONNECTOR;
  import->name = find_string(plan, "library");
}
CASE(column_without_name) { plan->strings[find_string(plan, "score")] = TEXT_LITERAL(""); }
CASE(column_other_name) { at_schema(plan, N_CSV)->columns[0].name = find_string(plan, "n"); }
CASE(column_other_type) { at_schema(plan, N_CSV)->columns[0].type = TYPE_OF(INT) | TYPE_OPTIONAL; }
CASE(column_not_optional) { at_schema(plan, N_CSV)->columns[0].type = TYPE_OF(TEXT); }
CASE(column_wrong_rows) { at_schema(plan, N_CSV)->kind = ROWS_PLAYLIST; }
CASE(column_of_function) { at_schema(plan, N_CSV)->columns[0].field = find_import_named(plan, IMPORT_FUNCTION, "sum"); }
CASE(column_windowed) { at_schema(plan, N_CSV)->columns[0].window = (PlanWindow){WINDOW_CONSTANT, find_constant(plan, TYPE_OF(DURATION))}; }
CASE(column_named_windowed) { at_schema(plan, N_TALLY)->columns[1].window = (PlanWindow){WINDOW_CONSTANT, find_constant(plan, TYPE_OF(DURATION))}; }
CASE(column_range) { at_schema(plan, N_TALLY)->columns[1].type = TYPE_RANGE_OF(INT); }
CASE(column_twice) { at_schema(plan, N_TALLY)->columns[1].name = at_schema(plan, N_TALLY)->columns[0].name; }
CASE(window_of_text) { at_schema(plan, N_ENRICH)->columns[4].window.index = find_constant(plan, TYPE_OF(TEXT)); }
CASE(window_nowhere) { at_schema(plan, N_ENRICH)->columns[4].window = (PlanWindow){WINDOW_PARAM, 99}; }
CASE(window_list_param) { at_schema(plan, N_ENRICH)->columns[4].window = (PlanWindow){WINDOW_PARAM, 1}; }
CASE(param_twice) { plan->params[1].name = plan->params[0].name; }
CASE(param_unnamed) { plan->strings[plan->params[0].name] = TEXT_LITERAL(""); }
CASE(param_type) { plan->params[1].type = TYPE_LIST_OF(PATH); }
CASE(param_optional) { plan->params[1].type |= TYPE_OPTIONAL; }
CASE(param_default) { plan->params[1].default_constant = find_constant(plan, TYPE_OF(TEXT)); }
CASE(stage_is_field) { at_node(plan, N_KEEP)->stage = find_import_named(plan, IMPORT_FIELD, "title"); }
CASE(no_input) { at_node(plan, N_KEEP)->input_count = 0; }
CASE(source_with_input) {
  static uint32_t input[] = {0};
  at_node(plan, N_TRACKS)->inputs = input;
  at_node(plan, N_TRACKS)->input_count = 1;
}
CASE(union_of_one) { at_node(plan, N_UNION)->input_count = 1; }
CASE(later_input) { at_node(plan, N_KEEP)->inputs[0] = N_ADD; }
CASE(tracks_of_tracks) { at_node(plan, N_OF_PLAYS)->inputs[0] = N_TRACKS; }
CASE(likes_of_rows) { at_node(plan, N_LIKES)->inputs[0] = N_TALLY; }
CASE(args_swapped) {
  PlanArg first = *at_arg(plan, N_TOP, 0);
  *at_arg(plan, N_TOP, 0) = *at_arg(plan, N_TOP, 1);
  *at_arg(plan, N_TOP, 1) = first;
}
CASE(arg_unknown) { at_arg(plan, N_KEEP, 0)->param = 1; }
CASE(columns_of_keep) { at_arg(plan, N_KEEP, 0)->param = PLAN_ARG_COLUMNS; }
CASE(arg_twice) { at_arg(plan, N_TOP, 1)->param = 0; }
CASE(columns_twice) {
  at_arg(plan, N_CSV, 1)->param = PLAN_ARG_COLUMNS;
  at_arg(plan, N_CSV, 1)->kind = ARG_COLUMNS;
}
CASE(arg_missing) { at_node(plan, N_TOP)->arg_count = 1; }
CASE(columns_missing) { at_node(plan, N_TRACKS)->arg_count = 0; }
CASE(arg_nowhere) { at_arg(plan, N_TAKE, 0)->index = 9999; }
CASE(arg_code_nowhere) { at_arg(plan, N_TALLY, 2)->code = 9999; }
CASE(value_for_condition) { at_arg(plan, N_KEEP, 0)->kind = ARG_CONSTANT; }
CASE(word_for_value) { *at_arg(plan, N_TAKE, 0) = sample_arg(0, ARG_WORD, 0); }
CASE(value_for_word) { *at_arg(plan, N_PLAYLIST, 1) = sample_arg(1, ARG_CONSTANT, 0); }
CASE(value_for_stream) { *at_arg(plan, N_UNION, 0) = sample_arg(0, ARG_CONSTANT, 0); }
CASE(value_for_result) { at_arg(plan, N_TALLY, 3)->kind = ARG_CONSTANT; }
CASE(value_for_columns) { at_arg(plan, N_TRACKS, 0)->kind = ARG_CONSTANT; }
CASE(condition_is_text) { at_arg(plan, N_KEEP, 0)->index = at_arg(plan, N_SORT, 1)->index; }
CASE(take_text) { at_arg(plan, N_TAKE, 0)->index = find_constant(plan, TYPE_OF(TEXT)); }
CASE(top_percent) { at_arg(plan, N_TOP, 0)->index = find_constant(plan, TYPE_OF(PERCENT)); }
CASE(name_is_list) { at_arg(plan, N_PLAYLIST, 0)->index = 1; }
CASE(within_text) { at_arg(plan, N_PLAYS, 0)->index = find_constant(plan, TYPE_OF(TEXT)); }
CASE(take_too_much) { plan->constants[find_constant(plan, TYPE_OF(PERCENT))].as.number = 1.5; }
CASE(top_negative) { plan->constants[at_arg(plan, N_TOP, 0)->index].as.integer = -1; }
CASE(path_empty) { plan->strings[plan->constants[at_arg(plan, N_CSV, 0)->index].as.text] = TEXT_LITERAL(""); }
CASE(word_wrong) { at_arg(plan, N_PLAYLIST, 1)->index = find_string(plan, "tracks"); }
CASE(word_part) { plan->strings[find_string(plan, "replace")] = TEXT_LITERAL("repl"); }
CASE(provider_wrong) { at_arg(plan, N_ENRICH, 0)->index = find_string(plan, "tracks"); }
CASE(identity_wrong) { at_arg(plan, N_UNION, 1)->index = find_string(plan, "duration"); }
CASE(name_missing) { at_arg(plan, N_ADD, 0)->name = PLAN_NONE; }
CASE(key_name_missing) { at_arg(plan, N_TALLY, 0)->name = PLAN_NONE; }
CASE(name_too_much) { at_arg(plan, N_KEEP, 0)->name = 0; }
CASE(aggregate_named) { at_arg(plan, N_TALLY, 1)->name = 0; }
CASE(direction_of_take) { at_arg(plan, N_TAKE, 0)->descending = true; }
CASE(direction_of_tally) { at_arg(plan, N_TALLY, 0)->descending = true; }
CASE(columns_named) { at_arg(plan, N_TRACKS, 0)->name = 0; }
CASE(stream_is_main) { at_arg(plan, N_UNION, 0)->index = 0; }
CASE(stream_twice) {
  *at_arg(plan, N_UNION, 1) = *at_arg(plan, N_UNION, 0);
}
CASE(source_of_library_field) {
  at_arg(plan, N_TRACKS, 0)->index = at_arg(plan, N_ENRICH, 1)->index;
}
CASE(source_of_plays) { at_arg(plan, N_TRACKS, 0)->index = at_arg(plan, N_PLAYS, 1)->index; }
CASE(source_of_no_field) { at_schema(plan, N_TRACKS)->columns[0].field = PLAN_NONE; }
CASE(source_other_optional) { at_schema(plan, N_PLAYS)->columns[0].type |= TYPE_OPTIONAL; }
CASE(enrich_of_position) { at_arg(plan, N_ENRICH, 1)->index = at_node(plan, N_CSV)->schema; }
CASE(aggregate_is_scalar) { at_arg(plan, N_TALLY, 1)->index = find_import_named(plan, IMPORT_FUNCTION, "lower"); }
CASE(aggregate_without_value) { at_arg(plan, N_TALLY, 2)->code = PLAN_NONE; }
CASE(aggregate_with_value) { at_arg(plan, N_TALLY, 1)->code = at_arg(plan, N_TALLY, 2)->code; }
CASE(aggregate_of_text) { at_arg(plan, N_TALLY, 2)->code = at_arg(plan, N_TALLY, 0)->index; }
CASE(aggregate_after_result) {
  PlanArg last = *at_arg(plan, N_TALLY, 2);
  *at_arg(plan, N_TALLY, 2) = *at_arg(plan, N_TALLY, 3);
  *at_arg(plan, N_TALLY, 3) = last;
}
CASE(tally_without_result) { at_node(plan, N_TALLY)->arg_count = 3; }
CASE(aggregate_name_missing) { plan->strings[find_string(plan, "#1")] = TEXT_LITERAL("#2"); }
CASE(schema_differs) { at_node(plan, N_SHOW)->schema = at_node(plan, N_CSV)->schema; }
CASE(optional_differs) { at_schema(plan, N_UNION)->columns[4].type &= (Type)~TYPE_OPTIONAL; }
CASE(union_of_kinds) { at_node(plan, N_UNION)->inputs[1] = N_CSV; at_arg(plan, N_CSV, 1)->index = find_string(plan, "plays"); }
CASE(identity_lacks_column) {
  plan->strings[find_string(plan, "replace")] = TEXT_LITERAL("isrc");
  at_arg(plan, N_UNION, 1)->index = find_string(plan, "isrc");
}
CASE(node_unused) {
  plan->strings[at_import(plan, N_SHOW)->name] = TEXT_LITERAL("reverse");
  at_import(plan, N_SHOW)->signature = stage_signature(STAGEID_REVERSE);
}
CASE(sink_left_out) { plan->sink_count--; }
CASE(sink_wrong) { plan->sinks[1].node = N_TOP; }
CASE(sink_twice) { plan->sinks[1].node = N_SHOW; }
CASE(sink_too_many) {
  static PlanSink sinks[5];
  memcpy(sinks, plan->sinks, 4 * sizeof *sinks);
  sinks[4] = (PlanSink){N_LIKES, PLAN_NONE};
  plan->sinks = sinks;
  plan->sink_count = 5;
}
CASE(sink_after_itself) { plan->sinks[1].after = 1; }
CASE(effect_hidden) { plan->effect_count--; }
CASE(effect_milder) { plan->effects[1].effect = EFFECT_READ; }
CASE(effect_elsewhere) { plan->effects[2].resource = find_string(plan, "*"); }
CASE(effect_star_missing) { plan->strings[find_string(plan, "*")] = TEXT_LITERAL("+"); }
CASE(determinism_wrong) { plan->determinism = DETERMINISM_PURE; }
/* condition: 0 const c, 2 col 4, 4 lt_i, 5 and 2, 7 col 5, 9 ret */
CASE(code_opcode) { condition(plan)[4] = OPCODE_COUNT; }
CASE(code_without_ret) { condition(plan)[9] = OPCODE_NOT; }
CASE(code_empty) { plan->codes[at_arg(plan, N_KEEP, 0)->index].length = 0; }
CASE(code_cut) { condition(plan)[9] = OPCODE_CONST; }
CASE(code_early_ret) { condition(plan)[7] = OPCODE_NOW; condition(plan)[8] = OPCODE_RET; }
CASE(code_ret_of_two) { condition(plan)[4] = OPCODE_NOW; condition(plan)[5] = OPCODE_NOW; condition(plan)[6] = OPCODE_NOW;}
CASE(code_jump_inside) { condition(plan)[6] = 1; }
CASE(code_jump_out) { condition(plan)[6] = 3; }
CASE(code_jump_nowhere) { condition(plan)[6] = 0; }
CASE(code_join_type) { condition(plan)[8] = 0; }
CASE(code_type) { condition(plan)[3] = 0; }
CASE(code_and_of_text) { condition(plan)[0] = OPCODE_COL; condition(plan)[1] = 0; condition(plan)[2] = OPCODE_COL; condition(plan)[3] = 0; condition(plan)[4] = OPCODE_CONCAT; condition(plan)[5] = 2; condition(plan)[6] = OPCODE_NOT; }
CASE(code_underflow) { condition(plan)[0] = OPCODE_NOT; }
CASE(code_height) { plan->codes[at_arg(plan, N_KEEP, 0)->index].stack = 3; }
CASE(code_result) { plan->codes[at_arg(plan, N_KEEP, 0)->index].result = TYPE_OF(INT); }
CASE(code_result_optional) { plan->codes[at_arg(plan, N_KEEP, 0)->index].result |= TYPE_OPTIONAL; }
CASE(code_varint) { condition(plan)[5] = 0x80; condition(plan)[4] = 0x80; condition(plan)[6] = 0; condition(plan)[3] = 0x80; }
CASE(code_constant) { condition(plan)[1] = 127; }
CASE(code_column) { condition(plan)[3] = 127; }
CASE(code_param) { condition(plan)[0] = OPCODE_PARAM; condition(plan)[1] = 2; }
CASE(code_missing_type) { condition(plan)[0] = OPCODE_MISSING; condition(plan)[1] = 0; }
CASE(code_call_field) { condition(plan)[2] = OPCODE_CALL; condition(plan)[3] = (uint8_t)find_import_named(plan, IMPORT_FIELD, "title"); }
CASE(code_call_aggregate) { condition(plan)[2] = OPCODE_CALL; condition(plan)[3] = (uint8_t)find_import_named(plan, IMPORT_FUNCTION, "count"); }
CASE(code_call_nowhere) { condition(plan)[2] = OPCODE_CALL; condition(plan)[3] = 127; }
CASE(code_call_type) { condition(plan)[2] = OPCODE_CALL; condition(plan)[3] = (uint8_t)find_import_named(plan, IMPORT_FUNCTION, "lower"); }
CASE(code_concat_none) { condition(plan)[2] = OPCODE_CONCAT; condition(plan)[3] = 0; }
CASE(code_concat_many) { condition(plan)[2] = OPCODE_CONCAT; condition(plan)[3] = 9; }
CASE(code_without_row) { plan->codes[at_arg(plan, N_KEEP, 0)->index].schema = PLAN_NONE; }
CASE(code_of_other_rows) { plan->codes[at_arg(plan, N_SORT, 1)->index].schema = at_node(plan, N_TRACKS)->schema; }
CASE(scalar_of_rows) { at_arg(plan, N_TO_CSV, 0)->index = at_arg(plan, N_SORT, 1)->index; }
CASE(result_of_other_rows) { at_arg(plan, N_TALLY, 3)->index = at_arg(plan, N_SORT, 1)->index; }
#undef CASE

typedef struct MeaningCase {
  const char *code, *message;
  void (*change)(Plan *plan);
} MeaningCase;

static const MeaningCase meaning_cases[] = {
  {"N8028", "the stage `keep_some`", unknown_stage},
  {"N8028", "the stage `file.csv`", source_as_stage},
  {"N8028", "the connector `title`", unknown_field},
  {"N8029", "another form of the stage `keep`", changed_stage},
  {"N8029", "another form of the field `title`", changed_field},
  {"N8029", "another form of the function `sum`", changed_function},
  {"N8029", "another form of the connector", connector_with_signature},
  {"N8030", "has no name", column_without_name},
  {"N8030", "another name", column_other_name},
  {"N8030", "another type", column_other_type},
  {"N8030", "may be missing", column_not_optional},
  {"N8030", "no field of these rows", column_wrong_rows},
  {"N8030", "no field", column_of_function},
  {"N8030", "takes no window", column_windowed},
  {"N8030", "takes no window", column_named_windowed},
  {"N8025", "no column has type 0x22", column_range},
  {"N8031", "stands twice", column_twice},
  {"N8032", "column `plays`", window_of_text},
  {"N8023", "window 99", window_nowhere},
  {"N8032", "column `plays`", window_list_param},
  {"N8033", "the same name", param_twice},
  {"N8033", "no name", param_unnamed},
  {"N8033", "type that no parameter has", param_type},
  {"N8033", "type that no parameter has", param_optional},
  {"N8033", "default", param_default},
  {"N8023", "is no stage", stage_is_field},
  {"N8035", "`keep` takes one input and has 0", no_input},
  {"N8035", "takes no input", source_with_input},
  {"N8035", "takes two or more", union_of_one},
  {"N8034", "node 2: reads node 3", later_input},
  {"N8036", "`tracks` does not take tracks", tracks_of_tracks},
  {"N8036", "`library.likes` does not take rows", likes_of_rows},
  {"N8037", "behind one of a later", args_swapped},
  {"N8038", "no parameter 1", arg_unknown},
  {"N8038", "no parameter 255", columns_of_keep},
  {"N8039", "gets `count` twice", arg_twice},
  {"N8039", "gets `columns` twice", columns_twice},
  {"N8040", "`top` needs `by`", arg_missing},
  {"N8047", "not told which columns", columns_missing},
  {"N8023", "number 9999", arg_nowhere},
  {"N8023", "code 9999", arg_code_nowhere},
  {"N8041", "takes an expression on the row", value_for_condition},
  {"N8041", "takes a value", word_for_value},
  {"N8041", "takes a word", value_for_word},
  {"N8041", "takes a stream", value_for_stream},
  {"N8041", "takes aggregates and results", value_for_result},
  {"N8041", "takes a schema", value_for_columns},
  {"N8042", "`condition` of `keep` takes a bool", condition_is_text},
  {"N8042", "takes an int or a percent", take_text},
  {"N8042", "takes an int", top_percent},
  {"N8042", "takes a text", name_is_list},
  {"N8042", "takes a duration, a date or a range", within_text},
  {"N8043", "between 0% and 100%", take_too_much},
  {"N8043", "between 0 and 9223372036854775807", top_negative},
  {"N8043", "empty path", path_empty},
  {"N8044", "one of: update replace append", word_wrong},
  {"N8044", "one of: update replace append", word_part},
  {"N8044", "one of: library", provider_wrong},
  {"N8044", "one of: track artist isrc title", identity_wrong},
  {"N8045", "has no name", name_missing},
  {"N8045", "has no name", key_name_missing},
  {"N8045", "has a name", name_too_much},
  {"N8045", "has a name", aggregate_named},
  {"N8045", "no direction", direction_of_take},
  {"N8045", "no direction", direction_of_tally},
  {"N8045", "no name", columns_named},
  {"N8046", "main input", stream_is_main},
  {"N8046", "are input 1", stream_twice},
  {"N8047", "which comes from library", source_of_library_field},
  {"N8047", "columns of plays and has tracks", source_of_plays},
  {"N8047", "which is no field", source_of_no_field},
  {"N8047", "exactly as the field is", source_other_optional},
  {"N8047", "which comes from source", enrich_of_position},
  {"N8048", "no aggregate", aggregate_is_scalar},
  {"N8048", "wrong number of arguments", aggregate_without_value},
  {"N8048", "wrong number of arguments", aggregate_with_value},
  {"N8048", "wrong type", aggregate_of_text},
  {"N8048", "before the results", aggregate_after_result},
  {"N8048", "no result", tally_without_result},
  {"N8048", "no string `#1`", aggregate_name_missing},
  {"N8049", "is not what `show` gives", schema_differs},
  {"N8049", "is not what `union` gives", optional_differs},
  {"N8047", "columns of tracks and has plays", union_of_kinds},
  {"N8051", "compares rows by isrc, which input 0 lacks", identity_lacks_column},
  {"N8052", "reach no destination", node_unused},
  {"N8053", "node 16 is not listed", sink_left_out},
  {"N8053", "sink 1: names node 10 where destination node 11 belongs", sink_wrong},
  {"N8053", "names node 6", sink_twice},
  {"N8053", "listed already", sink_too_many},
  {"N8054", "waits for sink 1", sink_after_itself},
  {"N8055", "has 4 effects and declares 3", effect_hidden},
  {"N8055", "effect 1: the plan writes `*` of library", effect_milder},
  {"N8055", "reads `in.csv` of file", effect_elsewhere},
  {"N8055", "no string `*`", effect_star_missing},
  {"N8056", "class 0 and is of class 1", determinism_wrong},
  {"N8060", "no instruction", code_opcode},
  {"N8061", "without `ret`", code_without_ret},
  {"N8061", "without `ret`", code_empty},
  {"N8061", "within an instruction", code_cut},
  {"N8062", "goes on after `ret`", code_early_ret},
  {"N8062", "values on the stack", code_ret_of_two},
  {"N8063", "middle of `col`", code_jump_inside},
  {"N8063", "behind the end", code_jump_out},
  {"N8064", "1 values after a jump and 0 without it", code_jump_nowhere},
  {"N8064", "another type", code_join_type},
  {"N8065", "`lt_i` takes int and gets text", code_type},
  {"N8065", "`not` takes bool and gets text", code_and_of_text},
  {"N8066", "`not` takes 1 values", code_underflow},
  {"N8067", "stack of 3 values and needs 2", code_height},
  {"N8068", "states the result int and gives bool", code_result},
  {"N8068", "states the result bool? and gives bool", code_result_optional},
  {"N8017", "shortest form", code_varint},
  {"N8069", "constant 127", code_constant},
  {"N8069", "column 127", code_column},
  {"N8069", "parameter 2 of 2", code_param},
  {"N8069", "type 0", code_missing_type},
  {"N8069", "no function", code_call_field},
  {"N8069", "aggregate `count`", code_call_aggregate},
  {"N8069", "import 127", code_call_nowhere},
  {"N8065", "`call` takes text and gets int", code_call_type},
  {"N8069", "joins no texts", code_concat_none},
  {"N8066", "takes 9 values", code_concat_many},
  {"N8069", "no row", code_without_row},
  {"N8070", "not for the rows of its input", code_of_other_rows},
  {"N8070", "computed once", scalar_of_rows},
  {"N8070", "keys and aggregates", result_of_other_rows},
};

static void test_meanings(void **state) {
  (void)state;
  for (size_t c = 0; c < sizeof meaning_cases / sizeof *meaning_cases; c++) {
    Arena *arena = arena_new(0);
    Plan *plan = sample(arena);
    meaning_cases[c].change(plan);
    expect_refused(encoded(arena, plan), meaning_cases[c].code, meaning_cases[c].message);
    arena_free(arena);
  }
}

/* ---- streams that do not fit together ---- */

/* Two sources of different rows, or two tallies with different columns, into `stage`, then show. */
static void combine(StageId stage, bool tallied, const char *code, const char *message) {
  static const FieldId fields[] = {FIELD_TITLE};
  Arena *arena = arena_new(0);
  Sample made = {plan_builder_new(arena), arena, 0};
  PlanWindow none = {WINDOW_NONE, 0};
  Error error = {0};
  for (uint32_t i = 0; i < 2; i++) {
    bool plays = !tallied && i == 1;
    sample_node(&made, plays ? STAGEID_FROM_LIBRARY_PLAYS : STAGEID_FROM_LIBRARY_TRACKS, NULL, 0,
                SAMPLE_ARGS(sample_arg(PLAN_ARG_COLUMNS, ARG_COLUMNS, sample_schema(&made, plays ? ROWS_PLAY : ROWS_TRACK, fields, 1, none))));
  }
  for (uint32_t i = 0; i < 2; i++) {
    if (!tallied) {
      sample_node(&made, STAGEID_REVERSE, SAMPLE_INPUTS(i), NULL, 0);
      continue;
    }
    PlanArg args[2] = {sample_arg(1, ARG_AGGREGATE, plan_build_function(made.builder, FUNCTION_COUNT))};
    PlanNode tally = {.stage = plan_build_stage(made.builder, STAGEID_TALLY), .inputs = &i, .input_count = 1, .args = args, .arg_count = 1};
    uint32_t row = plan_build_aggregate_row(made.builder, &tally);
    args[1] = sample_named(&made, 1, ARG_RESULT, sample_column(&made, row, 0), i ? "one" : "other");
    sample_node(&made, STAGEID_TALLY, &i, 1, args, 2);
  }
  sample_node(&made, stage, SAMPLE_INPUTS(2, 3), SAMPLE_ARGS(sample_arg(0, ARG_INPUT, 1)));
  sample_node(&made, STAGEID_SHOW, SAMPLE_INPUTS(4), NULL, 0);
  plan_build_sink(made.builder, 5, PLAN_NONE);
  Plan *plan = plan_build_plan(made.builder);
  if (plan_build_finish(made.builder, &plan, &error) == STATUS_OK) {
    expect_refused(encoded(arena, plan), code, message);
  } else {
    if (strcmp(error.code, code) != 0 || !strstr(error.message, message)) print_error("%s %s\n", error.code, error.message);
    assert_string_equal(error.code, code);
    assert_non_null(strstr(error.message, message));
  }
  arena_free(arena);
}

static void test_streams(void **state) {
  (void)state;
  combine(STAGEID_CONCAT, false, "N8050", "input 0 has tracks and input 1 has plays");
  combine(STAGEID_CONCAT, true, "N8050", "is not in every stream");
  combine(STAGEID_EXCEPT, true, "N8051", "compares rows by all columns, which input 1 lacks");
}

/* ---- damage ---- */

static void test_truncation(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Text bytes = encoded(arena, sample(arena));
  expect_refused((Text){bytes.bytes, 0}, "N8001", "");
  for (size_t length = 1; length < bytes.length; length++) expect_refused((Text){bytes.bytes, length}, "N8002", "cut off");
  arena_free(arena);
}

/* Whatever the checksum lets through is refused or is a sound plan. */
static void load_repaired(uint8_t *bytes, size_t length, FILE *nowhere) {
  Arena *arena = arena_new(0);
  Error error = {0};
  Plan *plan = NULL;
  Text again;
  plan_repair(bytes, length);
  Status status = plan_load(arena, bytes, length, &plan, &error);
  if (status == STATUS_OK) {
    plan_disassemble(plan, nowhere);
    assert_int_equal(plan_encode(arena, plan, &again, &error), STATUS_OK);
  } else {
    assert_int_equal(status, STATUS_BAD_PLAN);
    assert_memory_equal(error.code, "N8", 2);
    assert_true(error.message[0] != '\0');
  }
  arena_free(arena);
}

static void test_every_flipped_bit(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Text bytes = encoded(arena, sample(arena));
  FILE *nowhere = fopen("/dev/null", "w");
  assert_non_null(nowhere);
  uint8_t *copy = malloc(bytes.length);
  for (size_t bit = 0; bit < bytes.length * 8; bit++) {
    Arena *own = arena_new(0);
    Error error = {0};
    Plan *plan = NULL;
    memcpy(copy, bytes.bytes, bytes.length);
    copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
    assert_int_equal(plan_load(own, copy, bytes.length, &plan, &error), STATUS_BAD_PLAN);
    arena_free(own);
    load_repaired(copy, bytes.length, nowhere);
  }
  free(copy);
  fclose(nowhere);
  arena_free(arena);
}

/* Memory is bounded by a multiple of the length, whatever the bytes say; and when it runs out, that is told. */
typedef struct Loading {
  Arena *arena;
  Text bytes;
} Loading;

static Status load_under_guard(void *context, Error *error) {
  Loading *loading = context;
  Plan *plan;
  return plan_load(loading->arena, loading->bytes.bytes, loading->bytes.length, &plan, error);
}

static void test_memory(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Loading loading = {arena_new(0), encoded(arena, sample(arena))};
  Error error = {0};
  assert_int_equal(arena_protect(loading.arena, load_under_guard, &loading, &error), STATUS_OK);
  size_t used = arena_used(loading.arena);
  assert_true(used < 64 * loading.bytes.length);
  arena_free(loading.arena);
  for (size_t limit = 64; limit < used; limit += 512) {
    loading.arena = arena_new(limit);
    assert_int_equal(arena_protect(loading.arena, load_under_guard, &loading, &error), STATUS_FAILED);
    arena_free(loading.arena);
  }
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_header),     cmocka_unit_test(test_directory),  cmocka_unit_test(test_sections),
    cmocka_unit_test(test_contents),   cmocka_unit_test(test_meanings),   cmocka_unit_test(test_streams),
    cmocka_unit_test(test_truncation), cmocka_unit_test(test_every_flipped_bit), cmocka_unit_test(test_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
