/* Every way the bytes of a plan can be wrong, made once each and refused with its own code; and damage of every kind.
 */
#include "plan/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/unit/plan_refusal.h"

enum { ENTRY_SIZE = 24 };

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

static void patch_directory(const char *code, const char *message, uint32_t section, size_t at, uint64_t value,
                            size_t size) {
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
    parts[i] = (Part){(uint32_t)plan_get(entry, 4),
                      (uint32_t)plan_get(entry + 4, 4),
                      {bytes.bytes + plan_get(entry + 8, 8), plan_get(entry + 16, 8)}};
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

#define RAW(code, section, bytes, message) \
  {                                        \
    code, message, SECTION_##section, {    \
      bytes, sizeof(bytes) - 1             \
    }                                      \
  }
#define ZEROES_32 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

static const RawCase raw_cases[] = {
    RAW("N8017", SUBG, "\x80\0", "shortest"),
    RAW("N8017", SUBG, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", "64 bits"),
    RAW("N8018", SUBG, "", "ends"),
    RAW("N8018", SUBG, "\xff", "ends"),
    RAW("N8019", SUBG, "\0\0", "1 bytes stand behind"),
    RAW("N8057", SUBG, "\1", "no sub-plans"),
    RAW("N8058", META, "\2" ZEROES_32 ZEROES_32 "\0", "levels"),
    RAW("N8058", META, "\1" ZEROES_32 ZEROES_32 "\1\0" ZEROES_32, "module 0 has no name"),
    RAW("N8022", META, "\1" ZEROES_32 ZEROES_32 "\2\1m" ZEROES_32 "\1m" ZEROES_32, "the same module"),
    RAW("N8021", META, "\1" ZEROES_32 ZEROES_32 "\1\1\xff" ZEROES_32, "the name of the module"),
    RAW("N8020", META, "\1" ZEROES_32 ZEROES_32 "\x41" ZEROES_32, "65 modules"),
    RAW("N8018", META, "\1" ZEROES_32 ZEROES_32 "\1\1m", "1 modules are announced, more than the section has room for"),
    RAW("N8019", META, "\1" ZEROES_32 ZEROES_32 "\0\0", "behind"),
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
    RAW("N8059", DBUG, "\0\x11\xff\xff\xff\xff\x1f\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        "span 0"),
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

/* ---- damage ---- */

static void test_truncation(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  Text bytes = encoded(arena, sample(arena));
  expect_refused((Text){bytes.bytes, 0}, "N8001", "");
  for (size_t length = 1; length < bytes.length; length++)
    expect_refused((Text){bytes.bytes, length}, "N8002", "cut off");
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
      cmocka_unit_test(test_header),   cmocka_unit_test(test_directory),  cmocka_unit_test(test_sections),
      cmocka_unit_test(test_contents), cmocka_unit_test(test_truncation), cmocka_unit_test(test_every_flipped_bit),
      cmocka_unit_test(test_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
