/* The JSON reader: what it accepts, what it refuses and where, and that the size of a read never shows. */
#include "base/json.h"
#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static Arena *arena;
static Error error;

static int set_up(void **state) {
  (void)state;
  arena = arena_new(0);
  return arena ? 0 : -1;
}

static int tear_down(void **state) {
  (void)state;
  arena_free(arena);
  return 0;
}

/* Gives at most `most` bytes a read, 0 = as many as wanted, and fails at `fail_at`. */
typedef struct SlowInput {
  Input input;
  Text rest;
  size_t most, read_so_far, fail_at;
} SlowInput;

static Status read_slowly(Input *input, void *buffer, size_t size, size_t *got, Error *out_error) {
  SlowInput *slow = input->context;
  if (slow->fail_at && slow->read_so_far >= slow->fail_at) {
    return (fail)(out_error, STATUS_FAILED, "", "t.json: the disk went away");
  }
  *got = slow->rest.length < size ? slow->rest.length : size;
  if (slow->most && *got > slow->most) *got = slow->most;
  if (*got) memcpy(buffer, slow->rest.bytes, *got);
  slow->rest.bytes += *got;
  slow->rest.length -= *got;
  slow->read_so_far += *got;
  return STATUS_OK;
}

static SlowInput *slow_input(Arena *in, Text text, size_t most) {
  SlowInput *slow = arena_alloc(in, sizeof *slow);
  slow->input = (Input){read_slowly, slow, "t.json"};
  slow->rest = text;
  slow->most = most;
  return slow;
}

/* All tokens as one line of text, the error last. */
static Text transcript_in(Arena *in, Text text, size_t most, bool lines) {
  JsonReader *reader = json_reader_new(in, &slow_input(in, text, most)->input);
  if (lines) json_reader_lines(reader);
  TextBuilder out = {.arena = in};
  JsonToken token, last = JSON_NULL;
  for (;;) {
    if (json_next(reader, &token, &error)) {
      text_append_format(&out, "! %s", error.message);
      break;
    }
    if (token == JSON_END && (!lines || last == JSON_END)) break;
    last = token;
    switch (token) {
      case JSON_END:
        text_append(&out, TEXT_LITERAL("; "));
        break;
      case JSON_OBJECT:
        text_append(&out, TEXT_LITERAL("{ "));
        break;
      case JSON_OBJECT_END:
        text_append(&out, TEXT_LITERAL("} "));
        break;
      case JSON_ARRAY:
        text_append(&out, TEXT_LITERAL("[ "));
        break;
      case JSON_ARRAY_END:
        text_append(&out, TEXT_LITERAL("] "));
        break;
      case JSON_KEY:
        text_append_format(&out, TEXT_FORMAT ": ", TEXT_ARG(json_text(reader)));
        break;
      case JSON_STRING:
        text_append_format(&out, "'" TEXT_FORMAT "' ", TEXT_ARG(json_text(reader)));
        break;
      case JSON_INTEGER:
        text_append_format(&out, "%lld ", (long long)json_integer(reader));
        break;
      case JSON_NUMBER:
        text_append_format(&out, "~%.17g ", json_number(reader));
        break;
      case JSON_TRUE:
        text_append(&out, TEXT_LITERAL("true "));
        break;
      case JSON_FALSE:
        text_append(&out, TEXT_LITERAL("false "));
        break;
      case JSON_NULL:
        text_append(&out, TEXT_LITERAL("null "));
        break;
    }
  }
  return text_built(&out);
}

static const char *transcript(const char *json) {
  return transcript_in(arena, text_of(json), 0, false).bytes;
}

static void documents_become_tokens(void **state) {
  (void)state;
  assert_string_equal(transcript("{}"), "{ } ");
  assert_string_equal(transcript(" [ ] \r\n\t"), "[ ] ");
  assert_string_equal(transcript("{\"a\":1,\"b\" : [true,false,null,\"x\"]}"), "{ a: 1 b: [ true false null 'x' ] } ");
  assert_string_equal(transcript("{\"a\" \n : {\"b\":{}}, \"\":[[],[]]}"), "{ a: { b: { } } : [ [ ] [ ] ] } ");
  assert_string_equal(transcript("null"), "null ");
  assert_string_equal(transcript("\"top\""), "'top' ");
  assert_string_equal(transcript("17"), "17 ");
  assert_string_equal(transcript("\xEF\xBB\xBF[1]"), "[ 1 ] ");
}

static void numbers_keep_their_value(void **state) {
  (void)state;
  assert_string_equal(transcript("[0,-0,9223372036854775807,-9223372036854775808]"),
                      "[ 0 0 9223372036854775807 -9223372036854775808 ] ");
  assert_string_equal(transcript("[9223372036854775808,-9223372036854775809]"),
                      "[ ~9.2233720368547758e+18 ~-9.2233720368547758e+18 ] ");
  assert_string_equal(transcript("[99999999999999999999999]"), "[ ~9.9999999999999992e+22 ] ");
  assert_string_equal(transcript("[1.5,1e3,-2.5E-2,0.0,1E+2]"), "[ ~1.5 ~1000 ~-0.025000000000000001 ~0 ~100 ] ");
  assert_string_equal(transcript("[1e999]"), "[ ! t.json:1:2: the number 1e999 is too large");
  static const char *const wrong[] = {"01",   "-",     "+1",  ".5",    "1.",  "1e",       "1e+",
                                      "0x10", "1.2.3", "--1", "1_000", "NaN", "Infinity", "-Infinity"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    const char *text = transcript(arena_format(arena, "[%s]", wrong[i]));
    if (!strstr(text, "! t.json:1:")) fail_msg("%s was accepted: %s", wrong[i], text);
  }
  char digits[200];
  memset(digits, '1', sizeof digits);
  assert_null(strchr(transcript_in(arena, (Text){digits, JSON_MAX_NUMBER}, 0, false).bytes, '!'));
  assert_non_null(
      strstr(transcript_in(arena, (Text){digits, JSON_MAX_NUMBER + 1}, 0, false).bytes, "limit of 64 bytes"));
}

static void half_pairs_and_nul_can_be_mended(void **state) {
  (void)state;
  static const char *const wanted[] = {"a\xEF\xBF\xBD", "\xEF\xBF\xBD\xF0\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBDz", "\xEF\xBF\xBD"};
  JsonReader *reader = json_reader_new(arena, input_of_text(arena, text_of("[\"a\\ud800\",\"\\udc00\\ud800\\udc00\",\"\\ud800\\ud800z\",\"\\u0000\"]"), "pairs"));
  json_reader_mend_strings(reader);
  JsonToken token;
  assert_int_equal(json_next(reader, &token, &error), STATUS_OK);
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    assert_int_equal(json_next(reader, &token, &error), STATUS_OK);
    assert_true(text_is(json_text(reader), wanted[i]));
  }
}

static void escapes_are_decoded(void **state) {
  (void)state;
  assert_string_equal(transcript("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), "'\"\\/\b\f\n\r\t' ");
  assert_string_equal(transcript("\"a\\u00e9\\u20AC\\ud83d\\uDE00z\""), "'a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z' ");
  assert_string_equal(transcript("{\"k\\u0065y\":\"\\u0031\"}"), "{ key: '1' } ");
  assert_string_equal(transcript("\"caf\xC3\xA9 \xE4\xBD\xA0\xE5\xA5\xBD \xF0\x9F\x8E\xB5 end\""),
                      "'caf\xC3\xA9 \xE4\xBD\xA0\xE5\xA5\xBD \xF0\x9F\x8E\xB5 end' ");
  assert_string_equal(transcript("\"\x7F\""), "'\x7F' ");
}

static void bad_documents_say_where_and_why(void **state) {
  (void)state;
  static const char *const bad[][2] = {
      {"", "t.json: is empty"},
      {" \n\t ", "t.json: is empty"},
      {"\xEF\xBB\xBF", "t.json: is empty"},
      {"{", "1:2: the file ends in the middle of an object"},
      {"[1,\n2", "2:2: the file ends in the middle of an array"},
      {"[1,", "the file ends in the middle of an array"},
      {"{\"a\"", "the file ends in the middle of an object"},
      {"{\"a\":", "the file ends in the middle of an object"},
      {"[{\"a\":1}", "the file ends in the middle of an array"},
      {"[tru", "the file ends in the middle of an array"},
      {"[1.", "the file ends in the middle of an array"},
      {"[\"abc", "1:6: the file ends in the middle of a string"},
      {"[\"abc\\", "the file ends in the middle of a string"},
      {"[\"abc\\u12", "the file ends in the middle of a string"},
      {"[\"abc\xE2\x82", "the file ends in the middle of a string"},
      {"[1,]", "1:4: expected a value, found ]"},
      {"[,1]", "1:2: expected a value or ], found ,"},
      {"[1 2]", "1:4: expected a comma or ], found 2"},
      {"[1}", "1:3: expected a comma or ], found }"},
      {"{\"a\":1]", "1:7: expected a comma or }, found ]"},
      {"{,}", "1:2: expected a key in quotes or }, found ,"},
      {"{\"a\":1,}", "1:8: expected a key in quotes, found }"},
      {"{a:1}", "1:2: expected a key in quotes or }, found a"},
      {"{\n  1: 2}", "2:3: expected a key in quotes or }, found 1"},
      {"{\"a\" 1}", "1:6: expected a colon after the key, found 1"},
      {"{\"a\",1}", "1:5: expected a colon after the key, found ,"},
      {"{\"a\"::1}", "1:6: expected a value, found :"},
      {"{\"a\":}", "1:6: expected a value, found }"},
      {"[1]:", "1:4: expected the end of the file after the document, found :"},
      {"{} {}", "1:4: expected the end of the file after the document, found {"},
      {"1 1", "1:3: expected the end of the file"},
      {"]", "1:1: expected a value, found ]"},
      {"[truely]", "1:2: expected a value or ], found truely"},
      {"[undefined]", "found undefined"},
      {"['a']", "1:2: expected a value or ], found '"},
      {"[\xC3\xA9]", "found \xC3\xA9"},
      {"[\xFF]", "found \\xff"},
      {"[1/* no */]", "1:3: expected a comma or ], found /"},
      {"[\"a\nb\"]", "1:4: a string does not end on its line"},
      {"[\"a\tb\"]", "1:4: a string holds the control character 0x09; it must be written \\u0009"},
      {"[\"\\x41\"]", "1:3: an unknown escape"},
      {"[\"\\u12G4\"]", "1:3: \\u in a string needs four hexadecimal digits"},
      {"[\"\\u0000\"]", "1:3: a string holds the character NUL"},
      {"[\"\\ud800\"]", "\\ud800 is half of a surrogate pair"},
      {"[\"\\udc00\"]", "\\udc00 is half of a surrogate pair"},
      {"[\"\\ud800\\u0041\"]", "\\ud800 is half of a surrogate pair"},
      {"[\"\\ud800\\ud800\"]", "\\ud800 is half of a surrogate pair"},
      {"[\"ab\xFFz\"]", "1:5: a string holds the byte 0xff, which is not valid UTF-8 (at byte offset 4)"},
      {"[\"\xC0\x80\"]", "0xc0"},
      {"[\"\xED\xA0\x80\"]", "0xed"},
      {"[\"\xE2\x82z\"]", "0xe2"},
      {"[\"\xF5\x80\x80\x80\"]", "0xf5"},
      {"[\"\xF4\x90\x80\x80\"]", "0xf4"},
      {"[\"\x80\"]", "0x80"},
      {"\n\n  [1,\n   x]", "4:4: expected a value, found x"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    const char *whole = transcript(bad[i][0]);
    const char *message = strchr(whole, '!');
    if (!message || !strstr(message, bad[i][1])) fail_msg("%s\n  gave %s\n  not %s", bad[i][0], whole, bad[i][1]);
  }
  assert_non_null(strstr(transcript_in(arena, (Text){"[\"a\0b\"]", 7}, 0, false).bytes, "control character 0x00"));
  assert_non_null(
      strstr(transcript_in(arena, (Text){"[\0]", 3}, 0, false).bytes, "1:2: expected a value or ], found a NUL"));
  assert_non_null(strstr(transcript_in(arena, (Text){"[1]\0", 4}, 0, false).bytes, "1:4: expected the end"));
}

static void a_failed_reader_only_fails(void **state) {
  (void)state;
  JsonReader *reader = json_reader_new(arena, input_of_text(arena, TEXT_LITERAL("[x, 1]"), "t.json"));
  JsonToken token;
  assert_int_equal(json_next(reader, &token, &error), STATUS_OK);
  assert_int_equal(json_next(reader, &token, &error), STATUS_FAILED);
  const char *first = arena_copy(arena, error.message, strlen(error.message));
  assert_int_equal(json_next(reader, &token, &error), STATUS_FAILED);
  assert_string_equal(error.message, first);
  assert_int_equal(json_skip(reader, NULL), STATUS_FAILED);
}

static void depth_is_limited(void **state) {
  (void)state;
  char deep[2 * (JSON_MAX_DEPTH + 1) + 1] = {0};
  memset(deep, '[', JSON_MAX_DEPTH);
  memset(deep + JSON_MAX_DEPTH, ']', JSON_MAX_DEPTH);
  assert_null(strchr(transcript(deep), '!'));
  memset(deep, '[', JSON_MAX_DEPTH + 1);
  assert_non_null(strstr(transcript(deep), "1:65: is nested deeper than the limit of 64 levels"));
  /* Each level remembers what it is. */
  TextBuilder mixed = {.arena = arena};
  for (int i = 0; i < 32; i++) text_append(&mixed, TEXT_LITERAL("[{\"a\":"));
  text_append_char(&mixed, '1');
  for (int i = 0; i < 32; i++) text_append(&mixed, TEXT_LITERAL("}]"));
  assert_null(strchr(transcript(text_built(&mixed).bytes), '!'));
}

/* `[ "xxx…" ]` with `length` bytes in the string, the last `escapes` of them written as \u0078. */
static Text long_string(size_t length, size_t escapes) {
  TextBuilder builder = {.arena = arena};
  text_append(&builder, TEXT_LITERAL("[\""));
  for (size_t i = 0; i < length - escapes; i++) text_append_char(&builder, 'x');
  for (size_t i = 0; i < escapes; i++) text_append(&builder, TEXT_LITERAL("\\u0078"));
  text_append(&builder, TEXT_LITERAL("\"]"));
  return text_built(&builder);
}

static void strings_are_limited(void **state) {
  (void)state;
  for (size_t most = 0; most < 10000; most += 4099) {
    for (size_t escapes = 0; escapes < 3; escapes++) {
      Text right = transcript_in(arena, long_string(JSON_MAX_STRING, escapes), most, false);
      assert_int_equal(right.length, JSON_MAX_STRING + 7);
      const char *wrong = transcript_in(arena, long_string(JSON_MAX_STRING + 1, escapes), most, false).bytes;
      assert_non_null(strstr(wrong, "a string is longer than the limit of 1048576 bytes"));
      wrong = transcript_in(arena, long_string(3 * JSON_MAX_STRING, escapes), most, false).bytes;
      assert_non_null(strstr(wrong, "a string is longer than the limit of 1048576 bytes"));
    }
  }
}

static void memory_stays_flat(void **state) {
  (void)state;
  Arena *small = arena_new(256 << 10);
  TextBuilder big = {.arena = arena};
  text_append_char(&big, '[');
  for (int i = 0; i < 100000; i++) text_append(&big, TEXT_LITERAL("{\"key\\n\": \"value\\t\", \"b\": [1, 2.5]},\n"));
  for (int i = 0; i < 300000; i++) text_append_char(&big, ' ');
  text_append(&big, TEXT_LITERAL("0]"));
  JsonReader *reader = json_reader_new(small, &slow_input(small, text_built(&big), 0)->input);
  size_t used = 0, count = 0;
  JsonToken token;
  for (;; count++) {
    assert_int_equal(json_next(reader, &token, &error), STATUS_OK);
    if (token == JSON_END) break;
    if (count == 1000) used = arena_used(small);
  }
  assert_int_equal(count, 100000 * 9 + 3);
  assert_int_equal(json_line(reader), 100001);
  assert_true(arena_used(small) == used);
  arena_free(small);
}

static void lines_are_documents(void **state) {
  (void)state;
  assert_string_equal(transcript_in(arena, TEXT_LITERAL("{\"a\":1}\n[2]\n\n3\n"), 0, true).bytes,
                      "{ a: 1 } ; [ 2 ] ; 3 ; ");
  assert_string_equal(transcript_in(arena, TEXT_LITERAL("1"), 0, true).bytes, "1 ; ");
  assert_string_equal(transcript_in(arena, TEXT_LITERAL("{\n}\n1\r\n"), 0, true).bytes, "{ } ; 1 ; ");
  JsonReader *reader = json_reader_new(arena, input_of_text(arena, TEXT_LITERAL(" \n"), "t.json"));
  json_reader_lines(reader);
  JsonToken token = JSON_NULL;
  for (int i = 0; i < 3; i++) {
    assert_int_equal(json_next(reader, &token, &error), STATUS_OK);
    assert_int_equal(token, JSON_END);
  }
  assert_non_null(strstr(transcript_in(arena, TEXT_LITERAL("1 2\n"), 0, true).bytes,
                         "1 ! t.json:1:3: expected a new line before the next document, found 2"));
  assert_non_null(
      strstr(transcript_in(arena, TEXT_LITERAL("1\n{\"a\"\n"), 0, true).bytes, "in the middle of an object"));
}

/* The lines whose documents were read to their end, and those that were not. */
static Text read_lines(Text json, size_t most) {
  TextBuilder out = {.arena = arena};
  JsonReader *reader = json_reader_new(arena, &slow_input(arena, json, most)->input);
  json_reader_strict_lines(reader);
  for (JsonToken token = JSON_NULL, last = JSON_NULL;; last = token) {
    if (json_next(reader, &token, &error) != STATUS_OK) {
      text_append_format(&out, "!%d ", (int)json_first_line(reader));
      if (!json_next_line(reader)) break;
      token = JSON_END;
      continue;
    }
    if (token == JSON_END && last == JSON_END) break;
    if (token == JSON_END) text_append_format(&out, "%d ", (int)json_first_line(reader));
  }
  text_append_char(&out, '\0');
  return text_built(&out);
}

static void a_bad_line_leaves_the_others(void **state) {
  (void)state;
  for (size_t most = 1; most < 40; most += 6) {
    assert_string_equal(read_lines(TEXT_LITERAL("{\"a\":1}\nnot json\n{\"a\":2}\n"), most).bytes, "1 !2 3 ");
    assert_string_equal(read_lines(TEXT_LITERAL("{\"a\":1\n{\"a\":2}\n3\n"), most).bytes, "!1 2 3 ");
    assert_string_equal(read_lines(TEXT_LITERAL("{\"a\":\n{\"a\":2}\n[\n\n3\n"), most).bytes, "!1 2 !3 5 ");
    assert_string_equal(read_lines(TEXT_LITERAL("{\"a\":\"x\n{\"a\":2}\n"), most).bytes, "!1 2 ");
    assert_string_equal(read_lines(TEXT_LITERAL("1 2\n\n[\"\xff\"] \n4"), most).bytes, "!1 !3 4 ");
    assert_string_equal(read_lines(TEXT_LITERAL("]\n]\n{}x{}\n1\n"), most).bytes, "!1 !2 !3 4 ");
    assert_string_equal(read_lines(TEXT_LITERAL("1\n{\"a\":\"cut"), most).bytes, "1 !2 ");
    assert_string_equal(read_lines(TEXT_LITERAL("1\nx"), most).bytes, "1 !2 ");
  }
}

static void skip_passes_whole_values(void **state) {
  (void)state;
  Text json = TEXT_LITERAL("{\"a\":{\"x\":[1,{}]},\"b\":[[]],\"c\":\"s\",\n\"d\":5,\"e\":true}");
  JsonReader *reader = json_reader_new(arena, &slow_input(arena, json, 3)->input);
  JsonToken token;
  assert_int_equal(json_next(reader, &token, &error), STATUS_OK);
  static const char *const keys[] = {"a", "b", "c", "d", "e"};
  for (size_t i = 0; i < 5; i++) {
    assert_int_equal(json_next(reader, &token, &error), STATUS_OK);
    assert_int_equal(token, JSON_KEY);
    assert_true(text_is(json_text(reader), keys[i]));
    assert_int_equal(json_depth(reader), 1);
    assert_int_equal(json_line(reader), i < 3 ? 1 : 2);
    assert_int_equal(json_skip(reader, &error), STATUS_OK);
    assert_int_equal(json_depth(reader), 1);
  }
  assert_int_equal(json_next(reader, &token, &error), STATUS_OK);
  assert_int_equal(token, JSON_OBJECT_END);
  assert_int_equal(json_depth(reader), 0);
  assert_int_equal(json_next(reader, &token, &error), STATUS_OK);
  assert_int_equal(token, JSON_END);

  reader = json_reader_new(arena, input_of_text(arena, TEXT_LITERAL("[[1,[2]],3]"), "t.json"));
  json_next(reader, &token, &error);
  json_next(reader, &token, &error);
  assert_int_equal(json_skip(reader, &error), STATUS_OK); /* the inner array */
  json_next(reader, &token, &error);
  assert_int_equal(json_integer(reader), 3);
  assert_int_equal(json_skip(reader, &error), STATUS_OK); /* nothing to skip behind a scalar */
  json_next(reader, &token, &error);
  assert_int_equal(token, JSON_ARRAY_END);

  reader = json_reader_new(arena, input_of_text(arena, TEXT_LITERAL("[[1,[2}]"), "t.json"));
  json_next(reader, &token, &error);
  assert_int_equal(json_skip(reader, &error), STATUS_FAILED);
}

static void read_errors_come_through(void **state) {
  (void)state;
  for (size_t at = 1; at < 12; at++) {
    SlowInput *slow = slow_input(arena, TEXT_LITERAL("{\"abc\": [\"def\", 12345, true]}"), 1);
    slow->fail_at = at;
    JsonReader *reader = json_reader_new(arena, &slow->input);
    JsonToken token;
    Status status;
    int tokens = 0;
    while (!(status = json_next(reader, &token, &error)) && tokens < 20) tokens++;
    assert_int_equal(status, STATUS_FAILED);
    assert_string_equal(error.message, "t.json: the disk went away");
  }
}

static const char sample[] =
    "\xEF\xBB\xBF[\r\n  {\n    \"ts\": \"2023-01-15T20:11:09Z\",\n    \"name\": \"Caf\xC3\xA9 \\u00e9 \\ud83d\\ude00 "
    "\xF0\x9F\x8E\xB5\","
    "\n    \"ms_played\" : 184320, \"x\": -1.25e-3, \"nested\": {\"a\": [[], {}, [1, 2, [3]]], \"\\\"\": \"\\\\\"},\n"
    "    \"t\": true, \"f\": false, \"n\": null, \"big\": 123456789012345678901234567890\n  },\n  0, -7, \"\", "
    "\"\xE4\xBD\xA0\"\n]\n";

static void the_size_of_a_read_never_shows(void **state) {
  (void)state;
  Text document = {sample, sizeof sample - 1};
  Text whole = transcript_in(arena, document, 0, false);
  assert_null(strchr(whole.bytes, '!'));
  for (size_t most = 1; most <= 7; most++) {
    assert_string_equal(transcript_in(arena, document, most, false).bytes, whole.bytes);
  }
  /* Nor in what is said of a file cut off anywhere. */
  for (size_t length = 0; length < document.length - 2; length++) {
    Text cut = {sample, length};
    const char *expected = transcript_in(arena, cut, 0, false).bytes;
    if (!strchr(expected, '!')) fail_msg("cut at %zu was accepted", length);
    for (size_t most = 1; most <= 7; most += 2) {
      assert_string_equal(transcript_in(arena, cut, most, false).bytes, expected);
    }
  }
}

/* Tokens straddle the end of the 64 KiB buffer at every position. */
static void the_buffer_end_never_shows(void **state) {
  (void)state;
  Text document = {sample + 3, sizeof sample - 4};
  Text expected = transcript_in(arena, document, 0, false);
  for (size_t shift = 0; shift < document.length + 2; shift++) {
    Arena *own = arena_new(0);
    TextBuilder padded = {.arena = own};
    for (size_t i = 0; i < (64 << 10) - shift; i++) text_append_char(&padded, ' ');
    text_append(&padded, document);
    assert_string_equal(transcript_in(own, text_built(&padded), 0, false).bytes, expected.bytes);
    arena_free(own);
  }
}

static void mutate(Random *random, char *bytes, size_t *length) {
  static const char alphabet[] = "{}[]:,\"\\u0dD8ctrfalsn-+.eE \n\t\x01\x80\xBF\xC3\xE2\xED\xF0\xFF";
  size_t changes = 1 + (size_t)random_below(random, 4);
  for (size_t i = 0; i < changes && *length; i++) {
    size_t at = (size_t)random_below(random, *length);
    char c = random_below(random, 20) ? alphabet[random_below(random, sizeof alphabet - 1)] : '\0';
    switch (random_below(random, 4)) {
      case 0:
        bytes[at] = c;
        break;
      case 1:
        memmove(bytes + at, bytes + at + 1, *length - at - 1);
        --*length;
        break;
      case 2:
        memmove(bytes + at + 1, bytes + at, *length - at - 1);
        bytes[at] = c;
        break;
      default:
        *length = random_below(random, 8) ? *length : at;
        break;
    }
  }
}

static void mutated_documents_are_read_or_refused(void **state) {
  (void)state;
  Random random = random_seeded(20240305);
  size_t refused = 0;
  for (int round = 0; round < 6000; round++) {
    Arena *own = arena_new(0);
    size_t length = sizeof sample - 1;
    char *bytes = arena_copy(own, sample, length);
    mutate(&random, bytes, &length);
    /* An exact copy, so that a read past the end is seen. */
    Text document = {arena_alloc(own, length), length};
    if (length) memcpy((char *)(uintptr_t)document.bytes, bytes, length);
    Text whole = transcript_in(own, document, 0, round % 2);
    Text pieces = transcript_in(own, document, 1 + (size_t)(round % 7), round % 2);
    if (!text_equal(whole, pieces)) fail_msg("round %d:\n%s\n%s", round, whole.bytes, pieces.bytes);
    assert_int_equal(text_invalid_at(whole), whole.length);
    refused += strchr(whole.bytes, '!') != NULL;
    arena_free(own);
  }
  assert_true(refused > 1000 && refused < 6000);
}

static const char *written(Text text) {
  TextBuilder builder = {.arena = arena};
  json_append_string(&builder, text);
  return text_built(&builder).bytes;
}

static void strings_are_written_safely(void **state) {
  (void)state;
  assert_string_equal(written(TEXT_LITERAL("")), "\"\"");
  assert_string_equal(written(TEXT_LITERAL("a\"b\\c/\b\f\n\r\t\x01\x7F")),
                      "\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u007f\"");
  assert_string_equal(written(TEXT_LITERAL("\xC3\xA9\xF0\x9F\x8E\xB5")), "\"\xC3\xA9\xF0\x9F\x8E\xB5\"");
  assert_string_equal(written(TEXT_LITERAL("\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAE\xC2\x85")),
                      "\"\\u2028\\u2029\\u202e\\u0085\"");
  assert_string_equal(written(TEXT_LITERAL("a\xFF\xC3")), "\"a\xEF\xBF\xBD\xEF\xBF\xBD\"");
  /* What is written reads back. */
  Random random = random_seeded(7);
  for (int round = 0; round < 500; round++) {
    TextBuilder builder = {.arena = arena};
    for (int i = 0; i < 40; i++) {
      uint32_t c = (uint32_t)random_below(&random, random_below(&random, 2) ? 0x300 : 0x110000);
      if (c) text_append_code_point(&builder, c);
    }
    Text text = text_built(&builder);
    JsonReader *reader = json_reader_new(arena, &slow_input(arena, text_of(written(text)), 5)->input);
    JsonToken token;
    assert_int_equal(json_next(reader, &token, &error), STATUS_OK);
    assert_true(text_equal(json_text(reader), text));
  }
}

static const char *number(double value) {
  TextBuilder builder = {.arena = arena};
  json_append_number(&builder, value);
  return text_built(&builder).bytes;
}

static void numbers_are_written_shortest(void **state) {
  (void)state;
  assert_string_equal(number(0), "0");
  assert_string_equal(number(0.1), "0.1");
  assert_string_equal(number(1.0 / 3), "0.3333333333333333");
  assert_string_equal(number(0.1 + 0.2), "0.30000000000000004");
  assert_string_equal(number(-1e300), "-1e+300");
  assert_string_equal(number(123456789), "123456789");
  assert_string_equal(number((double)NAN), "null");
  assert_string_equal(number((double)INFINITY), "null");
  Random random = random_seeded(3);
  for (int round = 0; round < 20000; round++) {
    uint64_t bits = random_next(&random);
    double value;
    memcpy(&value, &bits, sizeof value);
    if (!isfinite(value)) continue;
    assert_true(strtod(number(value), NULL) == value);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(documents_become_tokens),    cmocka_unit_test(numbers_keep_their_value),
      cmocka_unit_test(half_pairs_and_nul_can_be_mended),
      cmocka_unit_test(escapes_are_decoded),        cmocka_unit_test(bad_documents_say_where_and_why),
      cmocka_unit_test(a_failed_reader_only_fails), cmocka_unit_test(depth_is_limited),
      cmocka_unit_test(strings_are_limited),        cmocka_unit_test(memory_stays_flat),
      cmocka_unit_test(lines_are_documents),
      cmocka_unit_test(a_bad_line_leaves_the_others),        cmocka_unit_test(skip_passes_whole_values),
      cmocka_unit_test(read_errors_come_through),   cmocka_unit_test(the_size_of_a_read_never_shows),
      cmocka_unit_test(the_buffer_end_never_shows), cmocka_unit_test(mutated_documents_are_read_or_refused),
      cmocka_unit_test(strings_are_written_safely), cmocka_unit_test(numbers_are_written_shortest),
  };
  return cmocka_run_group_tests_name("json", tests, set_up, tear_down);
}
