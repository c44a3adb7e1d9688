/* Memory, errors, text, maps, random numbers, digests, input and output. */
#include "base/digest.h"
#include "base/input.h"
#include "base/map.h"
#include "base/random.h"
#include "base/tag.h"
#include "base/text.h"
#include "base/vec.h"

#include <errno.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static Arena *arena;
static Error error;
static char folder[] = "/tmp/narada-base-XXXXXX";

static int set_up(void **state) {
  (void)state;
  arena = arena_new(0);
  return arena && mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state) {
  (void)state;
  arena_free(arena);
  return rmdir(folder); /* fails when a test left something, a temporary file above all */
}

static void assert_message(const char *part) {
  if (!strstr(error.message, part)) fail_msg("\"%s\" is not in \"%s\"", part, error.message);
}

/* --- error --- */

static void errors_hold_what_and_where(void **state) {
  (void)state;
  assert_int_equal((fail)(&error, STATUS_REFUSED, "N8003", "%s:%d: no", "a.nrd", 7), STATUS_REFUSED);
  assert_string_equal(error.code, "N8003");
  assert_string_equal(error.message, "a.nrd:7: no");
  assert_int_equal(fail_context(&error, "while %s", "reading"), STATUS_REFUSED);
  assert_string_equal(error.message, "while reading: a.nrd:7: no");
  assert_int_equal((fail)(&error, STATUS_FAILED, NULL, "again: %s", error.message), STATUS_FAILED);
  assert_string_equal(error.message, "again: while reading: a.nrd:7: no");
  assert_string_equal(error.code, "");
  assert_int_equal((fail)(NULL, STATUS_BUSY, "", "nobody listens"), STATUS_BUSY);
  assert_int_equal(fail_context(NULL, "nor here"), STATUS_FAILED);
}

static void messages_cannot_act_on_a_terminal(void **state) {
  (void)state;
  (fail)(&error, STATUS_FAILED, "", "a\x1b[31m\n\x7f\xC2\x9B\xE2\x80\xAE\xFF\xC3\xA9");
  assert_string_equal(error.message, "a\\x1b[31m\\x0a\\x7f\\x9b\\u{202E}\\xff\xC3\xA9");
  (fail)(&error, STATUS_FAILED, "", "%s", "b");
  fail_context(&error, "\r");
  assert_string_equal(error.message, "\\x0d: b");
}

static void long_messages_are_cut_between_characters(void **state) {
  (void)state;
  TextBuilder builder = {.arena = arena};
  for (int i = 0; i < 3000; i++) text_append(&builder, TEXT_LITERAL("\xE2\x82\xAC"));
  for (int shift = 0; shift < 4; shift++) {
    (fail)(&error, STATUS_FAILED, "", "%.*s" TEXT_FORMAT, shift, "xxx", TEXT_ARG(text_built(&builder)));
    size_t length = strlen(error.message);
    assert_true(length < ERROR_MESSAGE_SIZE && length >= ERROR_MESSAGE_SIZE - 4);
    assert_int_equal(text_invalid_at(text_of(error.message)), length);
    assert_null(strchr(error.message, '\\'));
    fail_context(&error, "ctx");
    assert_int_equal(text_invalid_at(text_of(error.message)), strlen(error.message));
    assert_memory_equal(error.message, "ctx: ", 5);
  }
  memset(builder.bytes, '\n', builder.length);
  (fail)(&error, STATUS_FAILED, "", "%s", builder.bytes);
  assert_int_equal(strlen(error.message) % 4, 0); /* whole escapes */
}

/* --- arena --- */

static void blocks_are_zeroed_aligned_and_apart(void **state) {
  (void)state;
  static const size_t sizes[] = {0, 1, 7, 16, 100, 4096, 16384, 16385, 65535, 65536, 70000, 1 << 20};
  Arena *own = arena_new(0);
  char *blocks[12];
  for (size_t i = 0; i < 12; i++) {
    blocks[i] = arena_alloc(own, sizes[i]);
    assert_int_equal((uintptr_t)blocks[i] % alignof(max_align_t), 0);
    for (size_t j = 0; j < sizes[i]; j++) assert_int_equal(blocks[i][j], 0);
    memset(blocks[i], (int)i + 1, sizes[i]);
  }
  for (size_t i = 0; i < 12; i++) {
    for (size_t j = 0; j < sizes[i]; j++) assert_int_equal(blocks[i][j], (int)i + 1);
    for (size_t j = 0; j < i; j++) assert_ptr_not_equal(blocks[i], blocks[j]);
  }
  assert_true(arena_used(own) >= 70000 + (1 << 20));
  arena_free(own);
  arena_free(NULL);
}

static void growing_keeps_contents_and_zeroes_the_rest(void **state) {
  (void)state;
  Arena *own = arena_new(0);
  size_t size = 3;
  unsigned char *block = arena_grow(own, NULL, 0, size);
  memset(block, 0xAA, size);
  for (int step = 0; size < 600000; step++) {
    size_t larger = size * 2 + (size_t)(step % 3);
    if (step % 2) memset(arena_alloc(own, 24), 0xEE, 24); /* so that some growths cannot happen in place */
    block = arena_grow(own, block, size, larger);
    for (size_t i = 0; i < larger; i++) assert_int_equal(block[i], i < size ? 0xAA : 0);
    memset(block, 0xAA, larger);
    size = larger;
  }
  assert_ptr_equal(arena_grow(own, block, size, size), block);
  size_t used = arena_used(own);
  arena_release(own, block, size);
  assert_int_equal(arena_used(own), used - size);
  arena_release(own, NULL, 70000);
  arena_free(own);
}

static void a_vector_grows(void **state) {
  (void)state;
  VEC(int) numbers = {0};
  for (int i = 0; i < 50000; i++) vec_push(arena, &numbers, i * 3);
  assert_int_equal(numbers.count, 50000);
  for (int i = 0; i < 50000; i++) assert_int_equal(numbers.items[i], i * 3);
}

static void copies_and_formats_end_in_nul(void **state) {
  (void)state;
  assert_string_equal(arena_copy(arena, "abcdef", 3), "abc");
  assert_string_equal(arena_copy(arena, NULL, 0), "");
  assert_string_equal(arena_format(arena, "%d-%s", 5, "x"), "5-x");
  assert_int_equal(strlen(arena_format(arena, "%70000d", 1)), 70000);
}

static int released[8], release_count;

static void note_release(void *object) {
  released[release_count++ % 8] = *(int *)object;
}

typedef struct Hungry {
  Arena *arena;
  size_t size;
  int rounds;
} Hungry;

static Status eat(void *context, Error *out_error) {
  (void)out_error;
  static int first = 1, second = 2;
  Hungry *hungry = context;
  arena_defer(hungry->arena, note_release, &first);
  arena_defer(hungry->arena, note_release, &second);
  for (int i = 0; i < hungry->rounds; i++) memset(arena_alloc(hungry->arena, hungry->size), 1, hungry->size);
  return STATUS_OK;
}

static void the_limit_ends_the_body_and_releases_run(void **state) {
  (void)state;
  static const size_t sizes[] = {16, 1000, 65536, 300000};
  for (size_t i = 0; i < 4; i++) {
    release_count = 0;
    Arena *own = arena_new(1 << 20);
    Hungry hungry = {own, sizes[i], 1 << 20};
    assert_int_equal(arena_protect(own, eat, &hungry, &error), STATUS_FAILED);
    assert_message("limit of 1048576 bytes");
    assert_true(arena_used(own) <= 1 << 20);
    assert_int_equal(release_count, 0);
    arena_free(own);
    assert_int_equal(release_count, 2);
    assert_int_equal(released[0], 2); /* last first */
    assert_int_equal(released[1], 1);
  }
}

static Status overflow(void *context, Error *out_error) {
  (void)out_error;
  arena_array(context, SIZE_MAX / 2, 3);
  return STATUS_OK;
}

static Status huge(void *context, Error *out_error) {
  (void)out_error;
  arena_alloc(context, SIZE_MAX - 8);
  return STATUS_OK;
}

static Status grow_huge(void *context, Error *out_error) {
  (void)out_error;
  arena_grow(context, arena_alloc(context, 70000), 70000, SIZE_MAX - 8);
  return STATUS_OK;
}

static void impossible_sizes_are_exhaustion(void **state) {
  (void)state;
  Arena *own = arena_new(0);
  assert_int_equal(arena_protect(own, overflow, own, &error), STATUS_FAILED);
  assert_message("memory ran out");
  assert_int_equal(arena_protect(own, huge, own, NULL), STATUS_FAILED);
  assert_int_equal(arena_protect(own, grow_huge, own, &error), STATUS_FAILED);
  assert_non_null(arena_alloc(own, 100)); /* the arena is still good */
  arena_free(own);
}

static Status inner(void *context, Error *out_error) {
  Hungry *hungry = context;
  Status status = arena_protect(hungry->arena, eat, hungry, out_error);
  if (status != STATUS_FAILED) return STATUS_USAGE;
  arena_alloc(hungry->arena, 1 << 21); /* ends this body, not the one that is over */
  return STATUS_OK;
}

static Status say_partial(void *context, Error *out_error) {
  (void)context;
  return (fail)(out_error, STATUS_PARTIAL, "", "some");
}

static void protection_nests(void **state) {
  (void)state;
  Arena *own = arena_new(1 << 20);
  Hungry hungry = {own, 5000, 1000};
  error.message[0] = '\0';
  assert_int_equal(arena_protect(own, inner, &hungry, &error), STATUS_FAILED);
  assert_message("2097152 bytes more");
  assert_int_equal(arena_protect(own, say_partial, NULL, &error), STATUS_PARTIAL);
  assert_string_equal(error.message, "some");
  arena_free(own);
}

static Status work(void *context, Error *out_error) {
  Arena *own = context;
  TextPool *pool = text_pool_new(own);
  IntMap *map = int_map_new(own, 0);
  TextBuilder builder = {.arena = own};
  static int mark = 9;
  arena_defer(own, note_release, &mark);
  for (int i = 0; i < 400; i++) {
    text_append_format(&builder, "text %d;", i);
    text_intern(pool, text_built(&builder));
    int_map_set(map, i, (uint32_t)i);
  }
  Input *input;
  Text text;
  Status status = input_open(own, "/dev/null", &input, out_error);
  if (!status) status = file_read_all(own, "/dev/null", 10, &text, out_error);
  return status;
}

static void every_allocation_may_fail_once(void **state) {
  (void)state;
  unsigned long n = 1;
  for (Status status = STATUS_FAILED; status; n++) {
    release_count = 0;
    Arena *own = arena_new(0);
    arena_test_fail_at(n);
    status = arena_protect(own, work, own, &error);
    arena_test_fail_at(0);
    if (status) assert_message("memory ran out");
    arena_free(own);
    assert_true(release_count <= 1 && (status || release_count == 1));
  }
  assert_true(n > 20);
  /* Descriptors were all closed: the next one has the lowest number again. */
  int descriptor = dup(0);
  assert_true(descriptor < 20);
  close(descriptor);
}

static Status only_defer(void *context, Error *out_error) {
  (void)out_error;
  static int mark = 4;
  arena_defer(context, note_release, &mark);
  return STATUS_OK;
}

static void a_defer_that_fails_releases_at_once(void **state) {
  (void)state;
  release_count = 0;
  Arena *own = arena_new(0);
  arena_test_fail_at(1);
  assert_int_equal(arena_protect(own, only_defer, own, &error), STATUS_FAILED);
  assert_int_equal(release_count, 1);
  arena_free(own);
  assert_int_equal(release_count, 1);
}

/* --- text --- */

static void texts_compare_by_code_point(void **state) {
  (void)state;
  assert_true(text_equal(text_of(NULL), TEXT_LITERAL("")));
  assert_true(text_equal((Text){NULL, 0}, TEXT_LITERAL("")));
  assert_true(text_is(TEXT_LITERAL("abc"), "abc"));
  assert_false(text_is(TEXT_LITERAL("abc"), "abcd"));
  assert_true(text_compare(TEXT_LITERAL("a"), TEXT_LITERAL("b")) < 0);
  assert_true(text_compare(TEXT_LITERAL("ab"), TEXT_LITERAL("a")) > 0);
  assert_true(text_compare(TEXT_LITERAL("a"), TEXT_LITERAL("a")) == 0);
  assert_true(text_compare(TEXT_LITERAL("z"), TEXT_LITERAL("\xC3\xA9")) < 0);
  assert_true(text_compare((Text){NULL, 0}, (Text){NULL, 0}) == 0);
  Text copy = text_copy(arena, (Text){"abcdef", 2});
  assert_string_equal(copy.bytes, "ab");
}

static void invalid_text_is_found_where_it_is(void **state) {
  (void)state;
  static const struct {
    const char *bytes;
    size_t length, at;
  } cases[] = {
      {"", 0, 0},
      {"plain ascii of some length", 26, 26},
      {"0123456\0", 8, 7},
      {"01234567\0x", 10, 8},
      {"a\0", 2, 1},
      {"01234567\x80", 9, 8},
      {"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8E\xB5", 9, 9},
      {"\xC0\x80", 2, 0},
      {"\xC1\xBF", 2, 0},
      {"\xE0\x9F\xBF", 3, 0},
      {"\xE0\xA0\x80", 3, 3},
      {"\xED\x9F\xBF", 3, 3},
      {"\xED\xA0\x80", 3, 0},
      {"\xEE\x80\x80", 3, 3},
      {"\xF0\x8F\xBF\xBF", 4, 0},
      {"\xF0\x90\x80\x80", 4, 4},
      {"\xF4\x8F\xBF\xBF", 4, 4},
      {"\xF4\x90\x80\x80", 4, 0},
      {"\xF5\x80\x80\x80", 4, 0},
      {"a\xC3", 2, 1},
      {"a\xE2\x82", 3, 1},
      {"a\xF0\x9F\x8E", 4, 1},
      {"\xE2\x28\xA1", 3, 0},
      {"\xFF", 1, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char *exact = malloc(cases[i].length + !cases[i].length);
    memcpy(exact, cases[i].bytes, cases[i].length);
    size_t at = text_invalid_at((Text){exact, cases[i].length});
    free(exact);
    if (at != cases[i].at) fail_msg("case %zu: %zu", i, at);
  }
}

static void folding_makes_names_comparable(void **state) {
  (void)state;
  static const char *const same[][2] = {
      {"BEYONC\xC3\x89", "beyonc\xC3\xA9"},
      {"e\xCC\x81", "\xC3\x89"}, /* decomposed and composed */
      {"Stra\xC3\x9F"
       "e",
       "STRASSE"},
      {"\xCE\xA3\xCE\x91\xCE\xA3", "\xCF\x83\xCE\xB1\xCF\x82"}, /* final sigma */
      {"ABC xyz 0123456789", "abc XYZ 0123456789"},
      {"", ""},
  };
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    Text a = text_fold(arena, text_of(same[i][0])), b = text_fold(arena, text_of(same[i][1]));
    if (!text_equal(a, b)) fail_msg("%s and %s", a.bytes, b.bytes);
    assert_int_equal(strlen(a.bytes), a.length);
  }
  assert_string_equal(text_fold(arena, TEXT_LITERAL("Caf\xC3\x89")).bytes, "caf\xC3\xA9");
  assert_string_equal(text_fold(arena, TEXT_LITERAL("A\xFF")).bytes, "a\xFF");
  TextBuilder upper = {.arena = arena}, lower = {.arena = arena};
  for (int i = 0; i < 1000; i++) {
    text_append(&upper, TEXT_LITERAL("\xC3\x84X"));
    text_append(&lower, TEXT_LITERAL("\xC3\xA4x"));
    if (i % 50 == 4 || (i > 80 && i < 132)) {
      assert_true(text_equal(text_fold(arena, text_built(&upper)), text_built(&lower)));
    }
  }
}

static void width_counts_columns(void **state) {
  (void)state;
  assert_int_equal(text_width(TEXT_LITERAL("abc")), 3);
  assert_int_equal(text_width(TEXT_LITERAL("\xC3\xA9")), 1);
  assert_int_equal(text_width(TEXT_LITERAL("e\xCC\x81")), 1);
  assert_int_equal(text_width(TEXT_LITERAL("\xE4\xBD\xA0\xE5\xA5\xBD")), 4);
  assert_int_equal(text_width(TEXT_LITERAL("\n")), 4);
  assert_int_equal(text_width(TEXT_LITERAL("\xE2\x80\xAE")), 8);
  assert_int_equal(text_width(TEXT_LITERAL("\xFF")), 4);
  assert_int_equal(text_width((Text){NULL, 0}), 0);
}

static void printed_text_is_harmless(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"plain", "plain"},
      {"", ""},
      {"\x1b]0;title\x07", "\\x1b]0;title\\x07"},
      {"tab\tnew\nline\r", "tab\\x09new\\x0aline\\x0d"},
      {"\xC2\x9B"
       "31m",
       "\\x9b31m"},
      {"\x7F", "\\x7f"},
      {"\xE2\x81\xA6x\xE2\x81\xA9\xE2\x80\x8F\xD8\x9C", "\\u{2066}x\\u{2069}\\u{200F}\\u{061C}"},
      {"\xC3\x28", "\\xc3("},
      {"caf\xC3\xA9 \xF0\x9F\x8E\xB5", "caf\xC3\xA9 \xF0\x9F\x8E\xB5"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Text text = text_of(cases[i][0]);
    assert_string_equal(text_escaped(arena, text).bytes, cases[i][1]);
    FILE *file = tmpfile();
    assert_non_null(file);
    text_print(file, text);
    rewind(file);
    char read[200] = {0};
    size_t length = fread(read, 1, sizeof read - 1, file);
    fclose(file);
    assert_int_equal(length, strlen(cases[i][1]));
    assert_string_equal(read, cases[i][1]);
  }
  assert_string_equal(text_escaped(arena, (Text){"a\0b", 3}).bytes, "a\\x00b");
}

static void distance_counts_edits(void **state) {
  (void)state;
  static const struct {
    const char *a, *b;
    size_t distance;
  } cases[] = {
      {"", "", 0},
      {"abc", "abc", 0},
      {"", "abc", 3},
      {"kitten", "sitting", 3},
      {"tkae", "take", 1},
      {"ab", "ba", 1},
      {"fitler", "filter", 1},
      {"ca", "abc", 3},
      {"caf\xC3\xA9", "cafe", 1},
      {"\xC3\xA9\xC3\xA8", "\xC3\xA8\xC3\xA9", 1},
      {"\xC3\xA9", "\xC3\xA8", 1},
      {"x\xC3\xA9", "x\xC4\xA9", 1}, /* the same last byte, another character */
      {"a\xFF", "a", 1},
      {"aaa", "aa", 1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Text a = text_of(cases[i].a), b = text_of(cases[i].b);
    if (text_distance(a, b) != cases[i].distance) fail_msg("%s %s: %zu", cases[i].a, cases[i].b, text_distance(a, b));
    assert_int_equal(text_distance(b, a), cases[i].distance);
  }
  TextBuilder builder = {.arena = arena};
  for (int i = 0; i < 5000; i++) text_append_char(&builder, (char)('a' + i % 7));
  Text longer = text_built(&builder), moved = text_copy(arena, longer);
  ((char *)(uintptr_t)moved.bytes)[2500] = '!';
  assert_int_equal(text_distance(longer, moved), 1);
  assert_int_equal(text_distance(longer, TEXT_LITERAL("x")), 5000);
  Text reversed = text_copy(arena, longer);
  for (size_t i = 0; i < reversed.length; i++) {
    ((char *)(uintptr_t)reversed.bytes)[i] = longer.bytes[longer.length - 1 - i];
  }
  assert_true(text_distance(longer, reversed) <= 5000);
}

static void the_nearest_candidate_is_near_enough(void **state) {
  (void)state;
  const Text names[] = {TEXT_LITERAL("take"), TEXT_LITERAL("filter"), TEXT_LITERAL("sort"),  TEXT_LITERAL("a"),
                        TEXT_LITERAL("ab"),   TEXT_LITERAL("sorts"),  TEXT_LITERAL("abcdef")};
  const size_t count = sizeof names / sizeof *names;
  assert_int_equal(text_nearest(TEXT_LITERAL("fitler"), names, count), 1);
  assert_int_equal(text_nearest(TEXT_LITERAL("FILTER"), names, count), 1);
  assert_int_equal(text_nearest(TEXT_LITERAL("tke"), names, count), 0);    /* 1 of 4 */
  assert_true(text_nearest(TEXT_LITERAL("tk"), names, count) == SIZE_MAX); /* 2 of 4 */
  assert_int_equal(text_nearest(TEXT_LITERAL("sor"), names, count), 2);    /* 1 to sort, 2 to sorts */
  assert_int_equal(text_nearest(TEXT_LITERAL("sortx"), names, count), 2);  /* a tie: the earlier */
  assert_int_equal(text_nearest(TEXT_LITERAL("xbcdxf"), names, count), 6); /* 2 of 6, exactly a third */
  assert_true(text_nearest(TEXT_LITERAL("xxcdxf"), names, count) == SIZE_MAX);
  assert_true(text_nearest(TEXT_LITERAL("b"), names, count) == SIZE_MAX); /* no guess from one letter */
  assert_int_equal(text_nearest(TEXT_LITERAL("A"), names, count), 3);     /* but the same letter is one */
  assert_true(text_nearest(TEXT_LITERAL("abx"), names, 4) == SIZE_MAX);
  assert_int_equal(text_nearest(TEXT_LITERAL("abx"), names, count), 4); /* 1 of 3 */
  assert_true(text_nearest(TEXT_LITERAL(""), names, count) == SIZE_MAX);
  assert_true(text_nearest(TEXT_LITERAL("take"), names, 0) == SIZE_MAX);
  const Text umlaut[] = {TEXT_LITERAL("\xC3\x84rzte")};
  assert_int_equal(text_nearest(TEXT_LITERAL("\xC3\xA4RZTE"), umlaut, 1), 0);
}

static void integers_are_written_whole(void **state) {
  (void)state;
  static const int64_t numbers[] = {0, 7, -1, 10, 1700000000000, INT64_MAX, INT64_MIN};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    TextBuilder ours = {.arena = arena}, theirs = {.arena = arena};
    text_append_integer(&ours, numbers[i]);
    text_append_format(&theirs, "%lld", (long long)numbers[i]);
    assert_string_equal(ours.bytes, theirs.bytes);
  }
}

static void builders_build(void **state) {
  (void)state;
  TextBuilder builder = {.arena = arena};
  assert_string_equal(text_built(&builder).bytes, "");
  text_append(&builder, TEXT_LITERAL(""));
  assert_string_equal(builder.bytes, "");
  text_append_char(&builder, 'x');
  text_append_format(&builder, "%d|%s", 42, "y");
  text_append_code_point(&builder, 0xE9);
  text_append_code_point(&builder, 0x20AC);
  text_append_code_point(&builder, 0x1F3B5);
  text_append_code_point(&builder, 0xD800);
  text_append_code_point(&builder, 0x110000);
  assert_string_equal(text_built(&builder).bytes, "x42|y\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8E\xB5\xEF\xBF\xBD\xEF\xBF\xBD");
  size_t before = builder.length;
  text_append_format(&builder, "%1000d", 7);
  assert_int_equal(builder.length, before + 1000);
  for (int i = 0; i < 100000; i++) text_append_char(&builder, 'z');
  assert_int_equal(builder.length, before + 101000);
  assert_int_equal(strlen(builder.bytes), builder.length);
  /* Lengths around the capacity, where a NUL has to fit too. */
  for (int length = 60; length < 70; length++) {
    TextBuilder exact = {.arena = arena};
    text_append_format(&exact, "%*d", length, 1);
    assert_int_equal(strlen(exact.bytes), length);
    TextBuilder parts = {.arena = arena};
    for (int i = 0; i < length; i++) text_append_format(&parts, "%d", i % 10);
    assert_int_equal(strlen(parts.bytes), length);
  }
}

static void equal_texts_have_equal_ids(void **state) {
  (void)state;
  TextPool *pool = text_pool_new(arena);
  assert_int_equal(text_pool_count(pool), 1);
  assert_int_equal(text_intern(pool, TEXT_LITERAL("")), 0);
  assert_int_equal(text_intern(pool, (Text){NULL, 0}), 0);
  assert_true(text_interned(pool, TEXT_LITERAL("text 5")) == UINT32_MAX);
  for (int round = 0; round < 2; round++) {
    for (int i = 0; i < 100000; i++) {
      char buffer[32];
      int length = snprintf(buffer, sizeof buffer, "text %d", i);
      assert_int_equal(text_intern(pool, (Text){buffer, (size_t)length}), i + 1);
    }
  }
  assert_int_equal(text_pool_count(pool), 100001);
  assert_string_equal(text_at(pool, 6).bytes, "text 5");
  assert_int_equal(text_at(pool, 6).length, 6);
  assert_int_equal(text_interned(pool, TEXT_LITERAL("text 99999")), 100000);
  assert_int_equal(text_interned(pool, (Text){"text 5 and more", 6}), 6);
  const char *kept = text_at(pool, 6).bytes;
  TextBuilder builder = {.arena = arena};
  for (int i = 0; i < 3000; i++) text_append_char(&builder, 'q');
  for (size_t length = 0; length < 3000; length += 7) {
    TextId id = text_intern(pool, (Text){builder.bytes, length});
    assert_int_equal(text_at(pool, id).length, length);
    assert_int_equal(strlen(text_at(pool, id).bytes), length);
  }
  assert_ptr_equal(text_at(pool, 6).bytes, kept);
  TextId with_nul = text_intern(pool, (Text){"a\0b", 3});
  assert_int_not_equal(with_nul, text_intern(pool, TEXT_LITERAL("a")));
  assert_memory_equal(text_at(pool, with_nul).bytes, "a\0b", 4);
}

static void hashes_are_xxh3(void **state) {
  (void)state;
  assert_true(hash_bytes("", 0, 0) == UINT64_C(0x2D06800538D394C2)); /* the reference value of XXH3 */
  assert_true(hash_bytes("abc", 3, 0) != hash_bytes("abc", 3, 1));
  assert_true(hash_bytes("abc", 3, 0) != hash_bytes("abd", 3, 0));
}

/* --- map, random, digest --- */

static void a_map_keeps_what_it_was_given(void **state) {
  (void)state;
  IntMap *map = int_map_new(arena, 0);
  bool added;
  assert_int_equal(int_map_get(map, 5, 99), 99);
  assert_int_equal(int_map_add(map, 5, 0, &added), 0);
  assert_true(added);
  assert_int_equal(int_map_add(map, 5, 8, &added), 0);
  assert_false(added);
  int_map_set(map, 5, UINT32_MAX);
  assert_true(int_map_get(map, 5, 1) == UINT32_MAX);
  static const int64_t extremes[] = {0, -1, INT64_MIN, INT64_MAX};
  for (uint32_t i = 0; i < 4; i++) int_map_set(map, extremes[i], i);
  for (uint32_t i = 0; i < 4; i++) assert_int_equal(int_map_get(map, extremes[i], 77), i);
  for (int64_t i = 10; i < 200000; i++) int_map_add(map, i * 4096, (uint32_t)i, NULL);
  for (int64_t i = 10; i < 200000; i++) assert_int_equal(int_map_get(map, i * 4096, 0), i);
  assert_int_equal(int_map_get(map, 4097, 3), 3);
  assert_int_equal(int_map_count(map), 199990 + 5);
  IntMap *sized = int_map_new(arena, 100000);
  size_t used = arena_used(arena);
  for (int64_t i = 0; i < 100000; i++) int_map_set(sized, -i, 1);
  assert_int_equal(arena_used(arena), used); /* `expected` holds: no growth */
}

static void random_numbers_are_reproducible_and_fair(void **state) {
  (void)state;
  /* splitmix64 of seed 0 begins with e220a8397b1dcdaf (Vigna's reference program). */
  Random random = random_seeded(0);
  assert_true(random.state[0] == UINT64_C(0xE220A8397B1DCDAF));
  assert_true(random.state[1] == UINT64_C(0x6E789E6AA1B965F4));
  Random known = {{1, 2, 3, 4}}; /* xoshiro256** of that state: 11520, 0, 1509978240 */
  assert_true(random_next(&known) == 11520);
  assert_true(random_next(&known) == 0);
  assert_true(random_next(&known) == 1509978240);
  size_t counts[7] = {0};
  for (int i = 0; i < 70000; i++) {
    uint64_t n = random_below(&random, 7);
    assert_true(n < 7);
    counts[n]++;
    double unit = random_unit(&random);
    assert_true(unit >= 0 && unit < 1);
  }
  for (int i = 0; i < 7; i++) assert_in_range(counts[i], 9500, 10500);
  for (int i = 0; i < 100; i++) assert_true(random_below(&random, 1) == 0);
  uint64_t bound = UINT64_C(0xC000000000000001); /* a quarter of all products is refused */
  size_t high = 0;
  for (int i = 0; i < 30000; i++) {
    uint64_t n = random_below(&random, bound);
    assert_true(n < bound);
    high += n >= UINT64_C(0x8000000000000000);
  }
  assert_in_range(high, 9500, 10500);
}

static void digests_match_the_standards(void **state) {
  (void)state;
  char hex[2 * SHA256_SIZE + 1];
  Digest digest = sha256("abc", 3);
  digest_hex(&digest, SHA256_SIZE, hex);
  assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  digest_hex(&digest, 4, hex);
  assert_string_equal(hex, "ba7816bf");
  Digest empty = sha256(NULL, 0);
  digest_hex(&empty, SHA256_SIZE, hex);
  assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  DigestPart parts[] = {{"a", 1}, {NULL, 0}, {"bc", 2}};
  Digest joined = sha256_parts(parts, 3);
  assert_memory_equal(joined.bytes, digest.bytes, SHA256_SIZE);
  assert_int_equal(crc32_of("123456789", 9), 0xCBF43926);
  assert_int_equal(crc32_of(NULL, 0), 0);
}

/* --- input and output --- */

static const char *path_of(const char *name) {
  return arena_format(arena, "%s/%s", folder, name);
}

static void put(const char *path, const char *content) {
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fputs(content, file);
  assert_int_equal(fclose(file), 0);
}

static const char *content_of(const char *path) {
  Text text;
  if (file_read_all(arena, path, 1 << 24, &text, &error)) fail_msg("%s", error.message);
  return text.bytes;
}

static void files_are_read_or_say_why_not(void **state) {
  (void)state;
  const char *path = path_of("in");
  put(path, "hello");
  Input *input;
  char buffer[3];
  size_t got;
  assert_int_equal(input_open(arena, path, &input, &error), STATUS_OK);
  assert_string_equal(input->name, path);
  assert_int_equal(input->read(input, buffer, 3, &got, &error), STATUS_OK);
  assert_int_equal(got, 3);
  assert_int_equal(input->read(input, buffer, 3, &got, &error), STATUS_OK);
  assert_int_equal(got, 2);
  assert_int_equal(input->read(input, buffer, 3, &got, &error), STATUS_OK);
  assert_int_equal(got, 0);
  input_close(input);
  input_close(input);
  assert_int_equal(input->read(input, buffer, 3, &got, &error), STATUS_FAILED);
  assert_message(path);

  assert_int_equal(input_open(arena, path_of("none"), &input, &error), STATUS_FAILED);
  assert_message("/none: there is no such file");
  assert_int_equal(input_open(arena, path_of("in/x"), &input, &error), STATUS_FAILED);
  assert_message("not a folder");
  assert_int_equal(input_open(arena, folder, &input, &error), STATUS_FAILED);
  assert_message("is a folder");
  if (getuid() != 0) {
    chmod(path, 0);
    assert_int_equal(input_open(arena, path, &input, &error), STATUS_FAILED);
    assert_message("may not be read");
  }
  unlink(path);
}

static void whole_files_have_a_limit(void **state) {
  (void)state;
  const char *path = path_of("in");
  Text text;
  put(path, "hello");
  assert_int_equal(file_read_all(arena, path, 5, &text, &error), STATUS_OK);
  assert_true(text_is(text, "hello"));
  assert_int_equal(text.bytes[5], '\0');
  assert_int_equal(file_read_all(arena, path, 4, &text, &error), STATUS_FAILED);
  assert_message("longer than the limit of 4 bytes");
  put(path, "");
  assert_int_equal(file_read_all(arena, path, 0, &text, &error), STATUS_OK);
  assert_int_equal(text.length, 0);
  assert_int_equal(file_read_all(arena, "/dev/zero", 100000, &text, &error), STATUS_FAILED);
  assert_message("limit of 100000 bytes");
  assert_int_equal(file_read_all(arena, folder, 100, &text, &error), STATUS_FAILED);
  unlink(path);
}

static void text_is_an_input(void **state) {
  (void)state;
  Input *input = input_of_text(arena, TEXT_LITERAL("abcd"), "memory");
  char buffer[8];
  size_t got;
  assert_int_equal(input->read(input, buffer, 3, &got, &error), STATUS_OK);
  assert_int_equal(got, 3);
  assert_int_equal(input->read(input, buffer, 3, &got, &error), STATUS_OK);
  assert_int_equal(got, 1);
  assert_int_equal(buffer[0], 'd');
  assert_int_equal(input->read(input, buffer, 3, &got, &error), STATUS_OK);
  assert_int_equal(got, 0);
  input_close(input);
}

static void a_file_appears_when_complete(void **state) {
  (void)state;
  const char *path = path_of("out");
  Arena *own = arena_new(0);
  Output *output;
  mode_t mask = umask(027);
  assert_int_equal(output_create(own, path, &output, &error), STATUS_OK);
  umask(mask);
  TextBuilder big = {.arena = own};
  for (int i = 0; i < 100000; i++) text_append_char(&big, (char)('a' + i % 26));
  assert_int_equal(output_write(output, TEXT_LITERAL("head "), &error), STATUS_OK);
  assert_int_equal(output_write(output, text_built(&big), &error), STATUS_OK);
  for (int i = 0; i < 100000; i++) assert_int_equal(output_write(output, (Text){big.bytes + i, 1}, &error), STATUS_OK);
  assert_int_equal(access(path, F_OK), -1);
  assert_int_equal(output_commit(output, &error), STATUS_OK);
  assert_int_equal(output_commit(output, &error), STATUS_FAILED);
  assert_int_equal(output_write(output, TEXT_LITERAL("x"), &error), STATUS_FAILED);
  const char *content = content_of(path);
  assert_int_equal(strlen(content), 200005);
  assert_memory_equal(content + 5, big.bytes, 100000);
  assert_memory_equal(content + 100005, big.bytes, 100000);
  struct stat about;
  assert_int_equal(stat(path, &about), 0);
  assert_int_equal(about.st_mode & 0777, 0640);
  arena_free(own);
  assert_int_equal(access(path, F_OK), 0);
  unlink(path);
}

static void an_output_given_up_changes_nothing(void **state) {
  (void)state;
  const char *path = path_of("out");
  put(path, "old");
  Arena *own = arena_new(0);
  Output *output;
  assert_int_equal(output_create(own, path, &output, &error), STATUS_OK);
  assert_int_equal(output_write(output, TEXT_LITERAL("new"), &error), STATUS_OK);
  arena_free(own);
  assert_string_equal(content_of(path), "old");
  unlink(path); /* the folder must be empty then; tear_down looks */
}

static void a_replaced_file_keeps_its_mode_and_its_link(void **state) {
  (void)state;
  const char *path = path_of("real"), *link_path = path_of("link");
  put(path, "old");
  chmod(path, 0600);
  assert_int_equal(symlink("real", link_path), 0);
  Arena *own = arena_new(0);
  Output *output;
  assert_int_equal(output_create(own, link_path, &output, &error), STATUS_OK);
  assert_int_equal(output_write(output, TEXT_LITERAL("new"), &error), STATUS_OK);
  assert_int_equal(output_commit(output, &error), STATUS_OK);
  arena_free(own);
  assert_string_equal(content_of(path), "new");
  struct stat about;
  assert_int_equal(lstat(link_path, &about), 0);
  assert_true(S_ISLNK(about.st_mode));
  assert_int_equal(stat(path, &about), 0);
  assert_int_equal(about.st_mode & 0777, 0600);
  unlink(path);
  assert_int_equal(output_create(arena, link_path, &output, &error), STATUS_FAILED);
  assert_message("not there");
  unlink(link_path);
}

static void impossible_targets_say_what_would_be_right(void **state) {
  (void)state;
  Output *output;
  assert_int_equal(output_create(arena, path_of("none/out"), &output, &error), STATUS_FAILED);
  assert_message("there is no folder");
  assert_message("create it first");
  assert_int_equal(output_create(arena, folder, &output, &error), STATUS_FAILED);
  assert_message("it is a folder; name a file in it");
  assert_int_equal(output_create(arena, path_of("none/"), &output, &error), STATUS_FAILED);
  assert_message("it is a folder");
  assert_int_equal(output_create(arena, "", &output, &error), STATUS_FAILED);
  if (getuid() != 0) {
    const char *path = path_of("out");
    put(path, "old");
    chmod(path, 0400);
    assert_int_equal(output_create(arena, path, &output, &error), STATUS_FAILED);
    assert_message("may not change it");
    unlink(path);
    chmod(folder, 0500);
    assert_int_equal(output_create(arena, path, &output, &error), STATUS_FAILED);
    assert_message("may not write in the folder");
    chmod(folder, 0700);
  }
}

static void a_full_disk_is_told(void **state) {
  (void)state;
  struct stat about;
  if (stat("/dev/full", &about) != 0) skip();
  Output *output;
  assert_int_equal(output_create(arena, "/dev/full", &output, &error), STATUS_OK);
  assert_int_equal(output_write(output, TEXT_LITERAL("small"), &error), STATUS_OK); /* buffered */
  assert_int_equal(output_commit(output, &error), STATUS_FAILED);
  assert_message("/dev/full: writing failed, the disk is full");
  TextBuilder big = {.arena = arena};
  for (int i = 0; i < 100000; i++) text_append_char(&big, 'x');
  assert_int_equal(output_create(arena, "/dev/full", &output, &error), STATUS_OK);
  assert_int_equal(output_write(output, text_built(&big), &error), STATUS_FAILED);
  assert_message("the disk is full");
  assert_int_equal(output_commit(output, &error), STATUS_FAILED);
  assert_int_equal(stat("/dev/full", &about), 0);
  assert_true(S_ISCHR(about.st_mode));
}

static void a_long_name_still_has_a_temporary(void **state) {
  (void)state;
  char name[256];
  memset(name, 'n', 255);
  name[255] = '\0';
  const char *path = path_of(name);
  Output *output;
  assert_int_equal(output_create(arena, path, &output, &error), STATUS_OK);
  assert_int_equal(output_commit(output, &error), STATUS_OK);
  assert_string_equal(content_of(path), "");
  unlink(path);
}

static void test_tags(void **state) {
  (void)state;
  static const char *const good[][2] = {
      {"mood:chill", "mood:chill"},       {"Mood:  Chill", "mood:chill"}, {"  Road \t Trip ", "road trip"},
      {"mood : a : b", "mood:a : b"},     {"a-b_c 9", "a-b_c 9"},         {"a::b", "a::b"},
      {"mood:\nlate night", "mood:late night"}, {"x", "x"}};
  static const char *const bad[] = {"", "  ", ":x", "x:", " : ", "x : ", "\xC3\xA9", "a,b", "a.b", "a\x01", "#a"};
  char out[TAG_MAX_LENGTH];
  size_t length;
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    assert_true(tag_normalise(text_of(good[i][0]), out, &length));
    assert_true(text_is((Text){out, length}, good[i][1]));
    char again[TAG_MAX_LENGTH];
    size_t same;
    assert_true(tag_normalise((Text){out, length}, again, &same));
    assert_true(text_equal((Text){again, same}, (Text){out, length}));
  }
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) assert_false(tag_normalise(text_of(bad[i]), out, &length));
  char longest[TAG_MAX_LENGTH + 2];
  memset(longest, 'a', sizeof longest);
  assert_true(tag_normalise((Text){longest, TAG_MAX_LENGTH}, out, &length));
  assert_false(tag_normalise((Text){longest, TAG_MAX_LENGTH + 1}, out, &length));
  longest[0] = ' '; /* does not count */
  assert_true(tag_normalise((Text){longest, TAG_MAX_LENGTH + 1}, out, &length));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_tags),
      cmocka_unit_test(errors_hold_what_and_where),
      cmocka_unit_test(messages_cannot_act_on_a_terminal),
      cmocka_unit_test(long_messages_are_cut_between_characters),
      cmocka_unit_test(blocks_are_zeroed_aligned_and_apart),
      cmocka_unit_test(growing_keeps_contents_and_zeroes_the_rest),
      cmocka_unit_test(a_vector_grows),
      cmocka_unit_test(copies_and_formats_end_in_nul),
      cmocka_unit_test(the_limit_ends_the_body_and_releases_run),
      cmocka_unit_test(impossible_sizes_are_exhaustion),
      cmocka_unit_test(protection_nests),
      cmocka_unit_test(every_allocation_may_fail_once),
      cmocka_unit_test(a_defer_that_fails_releases_at_once),
      cmocka_unit_test(texts_compare_by_code_point),
      cmocka_unit_test(invalid_text_is_found_where_it_is),
      cmocka_unit_test(folding_makes_names_comparable),
      cmocka_unit_test(width_counts_columns),
      cmocka_unit_test(printed_text_is_harmless),
      cmocka_unit_test(distance_counts_edits),
      cmocka_unit_test(the_nearest_candidate_is_near_enough),
      cmocka_unit_test(integers_are_written_whole),
      cmocka_unit_test(builders_build),
      cmocka_unit_test(equal_texts_have_equal_ids),
      cmocka_unit_test(hashes_are_xxh3),
      cmocka_unit_test(a_map_keeps_what_it_was_given),
      cmocka_unit_test(random_numbers_are_reproducible_and_fair),
      cmocka_unit_test(digests_match_the_standards),
      cmocka_unit_test(files_are_read_or_say_why_not),
      cmocka_unit_test(whole_files_have_a_limit),
      cmocka_unit_test(text_is_an_input),
      cmocka_unit_test(a_file_appears_when_complete),
      cmocka_unit_test(an_output_given_up_changes_nothing),
      cmocka_unit_test(a_replaced_file_keeps_its_mode_and_its_link),
      cmocka_unit_test(impossible_targets_say_what_would_be_right),
      cmocka_unit_test(a_full_disk_is_told),
      cmocka_unit_test(a_long_name_still_has_a_temporary),
  };
  return cmocka_run_group_tests_name("base", tests, set_up, tear_down);
}
