/* The reader slides a buffer over the input:
 *
 *   buffer ....... keep ....... cursor ....... limit  NUL x 8
 *                  |            |              |
 *                  |            next byte      end of what was read; the NULs stop every scan without a length test
 *                  what a refill must not lose: the token, or the undecoded part of a string
 *
 * Strings hold no raw newline, so lines are counted between tokens only. */
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { FIRST_BUFFER = 64 << 10, PADDING = JSON_PADDING, TOKEN_MAX = JSON_MAX_STRING + 64, SHOWN_MAX = 24 };

/* What may come next. */
typedef enum State {
  STATE_DOCUMENT, /* the one value of a document */
  STATE_VALUE,    /* after a colon, or after a comma in an array */
  STATE_FIRST_VALUE,
  STATE_FIRST_KEY,
  STATE_KEY,
  STATE_COLON,
  STATE_COMMA, /* or the end of the container */
  STATE_DONE,
} State;

/* JsonToken's scalars and brackets, and what only the reader sees. */
typedef enum Lexeme {
  LEXEME_COMMA = JSON_NULL + 1,
  LEXEME_COLON,
  LEXEME_QUOTE,
  LEXEME_BAD_NUMBER,
  LEXEME_OTHER,
} Lexeme;

struct JsonReader {
  Arena *arena;
  Input *input;
  unsigned char *buffer, *keep, *cursor, *limit, *marker;
  size_t capacity; /* without the padding */
  uint64_t base;   /* offset of buffer[0] in the input */
  uint64_t line, line_start, document_line;
  uint64_t first_line; /* of the document at hand */
  uint64_t token_start, token_end, fault; /* offsets in the input */
  bool started, at_end, too_long, lines, strict_lines, mends_strings;
  bool malformed; /* what failed is the document and not the input */
  State state;
  uint32_t depth;
  uint64_t objects; /* bit n: the container at depth n + 1 is an object */
  JsonToken token;
  Text text;
  int64_t integer;
  double number;
  char *decoded; /* a string with escapes, JSON_MAX_STRING at most */
  size_t decoded_length, decoded_capacity;
  Status failed;
  Error error;
};

JsonReader *json_reader_new(Arena *arena, Input *input) {
  JsonReader *reader = arena_alloc(arena, sizeof *reader);
  reader->arena = arena;
  reader->input = input;
  reader->capacity = FIRST_BUFFER;
  reader->buffer = arena_alloc(arena, FIRST_BUFFER + PADDING);
  reader->keep = reader->cursor = reader->limit = reader->marker = reader->buffer;
  reader->line = 1;
  return reader;
}

JsonReader *json_reader_in_place(Arena *arena, char *bytes, size_t length, const char *name) {
  JsonReader *reader = arena_alloc(arena, sizeof *reader);
  reader->arena = arena;
  reader->input = input_of_text(arena, TEXT_LITERAL(""), name);
  reader->capacity = length;
  reader->buffer = (unsigned char *)bytes;
  reader->keep = reader->cursor = reader->marker = reader->buffer;
  reader->limit = reader->buffer + length;
  reader->at_end = true;
  reader->line = 1;
  return reader;
}

void json_reader_lines(JsonReader *reader) {
  reader->lines = true;
}

void json_reader_strict_lines(JsonReader *reader) {
  reader->lines = reader->strict_lines = true;
}

void json_reader_mend_strings(JsonReader *reader) {
  reader->mends_strings = true;
}

static uint64_t offset_of(const JsonReader *reader, const unsigned char *at) {
  return reader->base + (uint64_t)(at - reader->buffer);
}

/* Ends the reader with a message about the byte `at`. */
NARADA_PRINTF(4, 5)
static Status broken(JsonReader *reader, const unsigned char *at, Error *error, const char *format, ...) {
  if (!reader->failed) {
    va_list arguments;
    va_start(arguments, format);
    reader->failed = fail_with(&reader->error, STATUS_FAILED, "", format, arguments);
    va_end(arguments);
    reader->malformed = true;
    reader->fault = offset_of(reader, at);
    fail_context(&reader->error, "%s:%llu:%llu", reader->input->name, (unsigned long long)reader->line,
                 (unsigned long long)(offset_of(reader, at) - reader->line_start + 1));
  }
  if (error) *error = reader->error;
  return reader->failed;
}

/* Moves what is kept to the front of the buffer, or widens it. False when a token is longer than any may be. */
static bool make_room(JsonReader *reader) {
  size_t dropped = (size_t)(reader->keep - reader->buffer), kept = (size_t)(reader->limit - reader->keep);
  if (kept > TOKEN_MAX) return false;
  size_t cursor = (size_t)(reader->cursor - reader->keep), marker = 0;
  if (reader->marker > reader->keep) marker = (size_t)(reader->marker - reader->keep);
  if (dropped) memmove(reader->buffer, reader->keep, kept);
  if (kept == reader->capacity) {
    size_t capacity = 2 * reader->capacity;
    reader->buffer = arena_grow(reader->arena, reader->buffer, reader->capacity + PADDING, capacity + PADDING);
    reader->capacity = capacity;
  }
  reader->base += dropped;
  reader->keep = reader->buffer;
  reader->cursor = reader->buffer + cursor;
  reader->marker = reader->buffer + marker;
  reader->limit = reader->buffer + kept;
  return true;
}

/* Reads on. False at the end, when the token is too long, or when reading failed, which `failed` then holds. */
static bool fill(JsonReader *reader) {
  if (reader->at_end || reader->failed) return false;
  if (!make_room(reader)) {
    reader->too_long = true;
    return false;
  }
  size_t room = reader->capacity - (size_t)(reader->limit - reader->buffer), got = 0;
  reader->failed = reader->input->read(reader->input, reader->limit, room, &got, &reader->error);
  if (reader->failed) got = 0;
  reader->at_end = got == 0;
  reader->limit += got;
  memset(reader->limit, 0, PADDING);
  return got > 0;
}

/* Past a byte order mark. */
static void start(JsonReader *reader) {
  reader->started = true;
  while (reader->limit - reader->buffer < 3 && fill(reader)) continue;
  if (reader->limit - reader->buffer >= 3 && memcmp(reader->buffer, "\xEF\xBB\xBF", 3) == 0) {
    reader->cursor += 3;
    reader->line_start = 3;
  }
}

static unsigned char *skip_space(JsonReader *reader, unsigned char *cursor) {
  for (;;) {
    while (memcmp(cursor, "    ", 4) == 0) cursor += 4; /* indentation; the padding ends it */
    while (*cursor == ' ') cursor++;
    if (*cursor > ' ') return cursor;
    if (*cursor == '\n') {
      cursor++;
      reader->line++;
      reader->line_start = offset_of(reader, cursor);
    } else if (*cursor == '\t' || *cursor == '\r') {
      cursor++;
    } else if (cursor == reader->limit) {
      reader->keep = reader->cursor = cursor;
      bool more = fill(reader);
      cursor = reader->cursor;
      if (!more) return cursor;
    } else {
      return cursor;
    }
  }
}

/* The next lexeme, from `keep` to `cursor`; of a string only its opening quote. */
static inline int scan(JsonReader *reader) {
  unsigned char *cursor = reader->keep = skip_space(reader, reader->cursor);
  bool more;
#define FILL() (reader->cursor = cursor, more = fill(reader), cursor = reader->cursor, !more)
#define FOUND(lexeme) return reader->cursor = cursor, (int)(lexeme)
  /*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = cursor;
    re2c:define:YYLIMIT = reader->limit;
    re2c:define:YYMARKER = reader->marker;
    re2c:define:YYFILL = FILL;
    re2c:yyfill:enable = 1;
    re2c:eof = 0;

    digit    = [0-9];
    hex      = [0-9a-fA-F];
    integer  = "-"? ("0" | [1-9] digit*);
    fraction = "." digit+;
    exponent = [eE] [-+]? digit+;
    tail     = [\x80-\xBF];
    wide     = [\xC2-\xDF] tail
             | "\xE0" [\xA0-\xBF] tail | [\xE1-\xEC\xEE\xEF] tail tail | "\xED" [\x80-\x9F] tail
             | "\xF0" [\x90-\xBF] tail tail | [\xF1-\xF3] tail tail tail | "\xF4" [\x80-\x8F] tail tail;

    "{"      { FOUND(JSON_OBJECT); }
    "}"      { FOUND(JSON_OBJECT_END); }
    "["      { FOUND(JSON_ARRAY); }
    "]"      { FOUND(JSON_ARRAY_END); }
    ","      { FOUND(LEXEME_COMMA); }
    ":"      { FOUND(LEXEME_COLON); }
    ["]      { FOUND(LEXEME_QUOTE); }
    "true"   { FOUND(JSON_TRUE); }
    "false"  { FOUND(JSON_FALSE); }
    "null"   { FOUND(JSON_NULL); }
    integer  { FOUND(JSON_INTEGER); }
    integer fraction? exponent?             { FOUND(JSON_NUMBER); }
    [-0-9] [-+.0-9a-zA-Z]*                  { FOUND(LEXEME_BAD_NUMBER); }
    [a-zA-Z_] [a-zA-Z0-9_]* | wide          { FOUND(LEXEME_OTHER); }
    $        { FOUND(JSON_END); }
    *        { FOUND(LEXEME_OTHER); }
  */
#undef FOUND
}

/* Whether the input ended before the character or escape at `at` was whole. */
static bool cut_off(const JsonReader *reader, const unsigned char *at) {
  size_t left = (size_t)(reader->limit - at), whole = 1;
  if (!reader->at_end) return false;
  if (*at == '\\') {
    whole = left > 1 && at[1] == 'u' ? 6 : 2;
    for (size_t i = 2; i < left && i < whole; i++) {
      if (!memchr("0123456789abcdefABCDEF", at[i], 22)) return false;
    }
  } else if (*at >= 0xC2 && *at <= 0xF4) {
    whole = *at < 0xE0 ? 2 : *at < 0xF0 ? 3 : 4;
    for (size_t i = 1; i < left && i < whole; i++) {
      if ((at[i] & 0xC0) != 0x80) return false;
    }
  }
  return left < whole;
}

static Status string_too_long(JsonReader *reader, Error *error) {
  return broken(reader, reader->keep, error, "a string is longer than the limit of %d bytes", JSON_MAX_STRING);
}

static Status bad_escape(JsonReader *reader, const unsigned char *at, Error *error) {
  if (at[1] != 'u') {
    return broken(reader, at, error,
                  "an unknown escape in a string; JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX");
  }
  for (int i = 2; i < 6; i++) {
    if (!at[i] || !memchr("0123456789abcdefABCDEF", at[i], 22)) {
      return broken(reader, at, error, "\\u in a string needs four hexadecimal digits");
    }
  }
  if (memcmp(at, "\\u0000", 6) == 0) return broken(reader, at, error, "a string holds the character NUL (\\u0000)");
  return broken(reader, at, error, "%.6s is half of a surrogate pair without the other half", (const char *)at);
}

/* Why the string cannot go on at `at`. */
static Status bad_string(JsonReader *reader, const unsigned char *at, Error *error) {
  if (reader->too_long) return string_too_long(reader, error);
  if (reader->failed || at == reader->limit || cut_off(reader, at)) {
    return broken(reader, at, error, "the file ends in the middle of a string; it is incomplete");
  }
  if (*at == '\\') return bad_escape(reader, at, error);
  if (*at == '\n' || *at == '\r') {
    return broken(reader, at, error, "a string does not end on its line; a quote is missing");
  }
  if (*at < 0x20) {
    return broken(reader, at, error, "a string holds the control character 0x%02x; it must be written \\u%04x", *at,
                  *at);
  }
  return broken(reader, at, error, "a string holds the byte 0x%02x, which is not valid UTF-8 (at byte offset %llu)",
                *at, (unsigned long long)offset_of(reader, at));
}

/* Puts bytes behind the decoded part of a string. False when that gets too long. */
static bool decode_piece(JsonReader *reader, const void *bytes, size_t length) {
  if (length > JSON_MAX_STRING - reader->decoded_length) return false;
  size_t needed = reader->decoded_length + length;
  if (needed > reader->decoded_capacity) {
    size_t capacity = reader->decoded_capacity ? reader->decoded_capacity : 1024;
    while (capacity < needed) capacity *= 2;
    reader->decoded = arena_grow(reader->arena, reader->decoded, reader->decoded_capacity, capacity);
    reader->decoded_capacity = capacity;
  }
  if (length) memcpy(reader->decoded + reader->decoded_length, bytes, length);
  reader->decoded_length = needed;
  return true;
}

static uint32_t hex_value(const unsigned char *digits) {
  uint32_t value = 0;
  for (int i = 0; i < 4; i++) {
    uint32_t digit = digits[i] <= '9' ? digits[i] - (uint32_t)'0' : (digits[i] | 0x20u) - 'a' + 10;
    value = value << 4 | digit;
  }
  return value;
}

/* The code point of the whole escape at `at`, surrogate pairs included; 0 for what no string may hold. */
static uint32_t escape_value(const unsigned char *at, size_t length) {
  switch (at[1]) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'u': break;
    default: return at[1];
  }
  uint32_t value = hex_value(at + 2);
  if (length == 12) return 0x10000 + ((value - 0xD800) << 10) + (hex_value(at + 8) - 0xDC00);
  return value >= 0xD800 && value <= 0xDFFF ? 0 : value;
}

/* To the first byte that is a quote, a backslash, a control character or not ASCII, eight at a time. A borrow can mark
 * a byte wrongly only above the first one marked rightly, and the padding stops the last word. */
static inline unsigned char *skip_plain(unsigned char *cursor) {
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  const uint64_t ones = UINT64_C(0x0101010101010101);
  for (;; cursor += 8) {
    uint64_t word;
    memcpy(&word, cursor, 8);
    uint64_t quote = (word ^ ones * '"') - ones, backslash = (word ^ ones * '\\') - ones, control = word - ones * ' ';
    uint64_t special = (quote | backslash | control | word) & ones * 0x80;
    if (special) return cursor + __builtin_ctzll(special) / 8;
  }
#else
  while (*cursor >= ' ' && *cursor < 0x80 && *cursor != '"' && *cursor != '\\') cursor++;
  return cursor;
#endif
}

/* Replaces the escape of `length` bytes before the cursor. STATUS_OK, or why it cannot be. */
static Status decode_escape(JsonReader *reader, unsigned char *escape, size_t length, Error *error) {
  char bytes[UTF8_MAX];
  uint32_t value = escape_value(escape, length);
  if (value == 0 && reader->mends_strings) value = 0xFFFD;
  if (value == 0) return bad_string(reader, escape, error);
  bool fits = decode_piece(reader, reader->keep, (size_t)(escape - reader->keep)) &&
              decode_piece(reader, bytes, utf8_encode(value, bytes));
  if (!fits) return string_too_long(reader, error);
  reader->keep = escape + length;
  return STATUS_OK;
}

/* Sets `text` and moves the cursor behind the closing quote at `end`. */
static Status end_string(JsonReader *reader, unsigned char *end, bool decoded, Error *error) {
  size_t length = (size_t)(end - reader->keep);
  reader->cursor = end + 1;
  if (!decoded) {
    if (length > JSON_MAX_STRING) return string_too_long(reader, error);
    reader->text = (Text){(const char *)reader->keep, length};
    return STATUS_OK;
  }
  if (!decode_piece(reader, reader->keep, length)) return string_too_long(reader, error);
  reader->text = (Text){reader->decoded, reader->decoded_length};
  return STATUS_OK;
}

/* The parts of a string that skip_plain() stops at. */
static Status read_special(JsonReader *reader, unsigned char *cursor, Error *error) {
  bool more, decoded = false;
  reader->decoded_length = 0;
  for (;;) {
    cursor = skip_plain(cursor);
    size_t begin = (size_t)(cursor - reader->keep); /* a refill moves `keep` with the bytes */
    /*!re2c
      high  = "\\u" [dD] [89abAB] hex{2};
      low   = "\\u" [dD] [c-fC-F] hex{2};

      ["]                                   { return end_string(reader, cursor - 1, decoded, error); }
      wide+                                 { continue; }
      [\x20-\x7F] \ ["\\]                   { continue; }
      "\\" ["\\/bfnrt] | "\\u" hex{4} | high low {
        unsigned char *escape = reader->keep + begin;
        Status status = decode_escape(reader, escape, (size_t)(cursor - escape), error);
        if (status) return status;
        decoded = true;
        continue;
      }
      $                                     { return bad_string(reader, cursor, error); }
      *                                     { return bad_string(reader, cursor - 1, error); }
    */
  }
}
#undef FILL

/* From behind the opening quote. Most strings have nothing special and lie whole in the buffer. */
static Status read_string(JsonReader *reader, Error *error) {
  reader->keep = reader->cursor;
  unsigned char *end = skip_plain(reader->cursor);
  size_t length = (size_t)(end - reader->keep);
  if (*end != '"' || length > JSON_MAX_STRING) return read_special(reader, end, error);
  reader->text = (Text){(const char *)reader->keep, length};
  reader->cursor = end + 1;
  return STATUS_OK;
}

static Status number_too_long(JsonReader *reader, Error *error) {
  return broken(reader, reader->keep, error, "a number is longer than the limit of %d bytes", JSON_MAX_NUMBER);
}

static Status read_double(JsonReader *reader, Error *error) {
  char digits[JSON_MAX_NUMBER + 1];
  memcpy(digits, reader->text.bytes, reader->text.length);
  digits[reader->text.length] = '\0';
  reader->number = strtod(digits, NULL);
  reader->token = JSON_NUMBER;
  if (reader->number - reader->number == 0) return STATUS_OK;
  return broken(reader, reader->keep, error, "the number %s is too large", digits);
}

/* The digits between `keep` and `cursor`. */
static Status read_number(JsonReader *reader, bool integer, Error *error) {
  reader->text = (Text){(const char *)reader->keep, (size_t)(reader->cursor - reader->keep)};
  if (reader->text.length > JSON_MAX_NUMBER) return number_too_long(reader, error);
  if (!integer) return read_double(reader, error);
  const unsigned char *at = reader->keep;
  bool negative = *at == '-';
  uint64_t value = 0, most = negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX;
  for (at += negative; at < reader->cursor; at++) {
    uint64_t digit = (uint64_t)*at - '0';
    if (value > most / 10 || value * 10 > most - digit) return read_double(reader, error);
    value = value * 10 + digit;
  }
  reader->integer = negative ? (int64_t)(0 - value) : (int64_t)value;
  reader->number = (double)reader->integer;
  reader->token = JSON_INTEGER;
  return STATUS_OK;
}

static bool in_object(const JsonReader *reader) {
  return reader->depth && (reader->objects >> (reader->depth - 1) & 1);
}

static const char *expected(const JsonReader *reader) {
  switch (reader->state) {
    case STATE_DOCUMENT:
    case STATE_VALUE: return "a value";
    case STATE_FIRST_VALUE: return "a value or ]";
    case STATE_FIRST_KEY: return "a key in quotes or }";
    case STATE_KEY: return "a key in quotes";
    case STATE_COLON: return "a colon after the key";
    case STATE_COMMA: return in_object(reader) ? "a comma or }" : "a comma or ]";
    case STATE_DONE: break;
  }
  return reader->lines ? "a new line before the next document" : "the end of the file after the document";
}

/* The end of the input where something was missing. */
static Status ended(JsonReader *reader, Error *error) {
  if (reader->state == STATE_DOCUMENT && !reader->failed) {
    reader->failed =
        fail(&reader->error, STATUS_FAILED, "", "%s: is empty; a JSON document was expected", reader->input->name);
  }
  return broken(reader, reader->limit, error, "the file ends in the middle of %s; it is incomplete",
                in_object(reader) ? "an object" : "an array");
}

/* A lexeme that may not stand here. */
static Status unexpected(JsonReader *reader, int lexeme, Error *error) {
  if (lexeme == JSON_END || reader->failed) return ended(reader, error);
  size_t length = (size_t)(reader->cursor - reader->keep);
  bool word = lexeme == LEXEME_BAD_NUMBER || lexeme == LEXEME_OTHER;
  if (word && length && reader->at_end && reader->cursor == reader->limit && reader->depth) return ended(reader, error);
  if (lexeme == LEXEME_BAD_NUMBER) {
    if (length > JSON_MAX_NUMBER) return number_too_long(reader, error);
    return broken(reader, reader->keep, error, "%.*s is not a JSON number", (int)length, (const char *)reader->keep);
  }
  if (*reader->keep == 0) return broken(reader, reader->keep, error, "expected %s, found a NUL byte", expected(reader));
  if (length > SHOWN_MAX) length = SHOWN_MAX;
  return broken(reader, reader->keep, error, "expected %s, found %.*s", expected(reader), (int)length,
                (const char *)reader->keep);
}

static bool wants_value(const JsonReader *reader) {
  return reader->state <= STATE_FIRST_VALUE;
}

static void value_ended(JsonReader *reader) {
  reader->state = reader->depth ? STATE_COMMA : STATE_DONE;
  if (!reader->depth) reader->document_line = reader->line;
}

static Status open_container(JsonReader *reader, bool object, Error *error) {
  if (reader->depth == JSON_MAX_DEPTH) {
    return broken(reader, reader->keep, error, "is nested deeper than the limit of %d levels", JSON_MAX_DEPTH);
  }
  uint64_t bit = UINT64_C(1) << reader->depth++;
  reader->objects = object ? reader->objects | bit : reader->objects & ~bit;
  reader->state = object ? STATE_FIRST_KEY : STATE_FIRST_VALUE;
  reader->token = object ? JSON_OBJECT : JSON_ARRAY;
  return STATUS_OK;
}

static Status close_container(JsonReader *reader, int lexeme, Error *error) {
  bool object = lexeme == JSON_OBJECT_END;
  State empty = object ? STATE_FIRST_KEY : STATE_FIRST_VALUE;
  bool fits = reader->state == empty || (reader->state == STATE_COMMA && in_object(reader) == object);
  if (!fits) return unexpected(reader, lexeme, error);
  reader->depth--;
  reader->token = (JsonToken)lexeme;
  value_ended(reader);
  return STATUS_OK;
}

static Status read_key_or_string(JsonReader *reader, Error *error) {
  bool key = reader->state == STATE_FIRST_KEY || reader->state == STATE_KEY;
  if (!key && !wants_value(reader)) return unexpected(reader, LEXEME_QUOTE, error);
  Status status = read_string(reader, error);
  if (status) return status;
  reader->token = key ? JSON_KEY : JSON_STRING;
  reader->token_end = offset_of(reader, reader->cursor);
  if (!key) {
    value_ended(reader);
  } else if (*reader->cursor == ':') {
    reader->cursor++;
    reader->state = STATE_VALUE;
  } else {
    reader->state = STATE_COLON; /* a refill would move the key, so the colon is read with what follows */
  }
  return STATUS_OK;
}

/* After a document: its end, told once, or what should not be there. */
static Status end_document(JsonReader *reader, int lexeme, Error *error) {
  if (lexeme != JSON_END) {
    if (!reader->lines || reader->line == reader->document_line) return unexpected(reader, lexeme, error);
    reader->cursor = reader->keep;
    reader->state = STATE_DOCUMENT;
  }
  reader->token = JSON_END;
  return STATUS_OK;
}

static Status read_scalar(JsonReader *reader, int lexeme, Error *error) {
  if (!wants_value(reader)) return unexpected(reader, lexeme, error);
  reader->token = (JsonToken)lexeme;
  value_ended(reader);
  if (lexeme == JSON_INTEGER || lexeme == JSON_NUMBER) return read_number(reader, lexeme == JSON_INTEGER, error);
  return STATUS_OK;
}

static Status accept(JsonReader *reader, int lexeme, Error *error) {
  if (reader->failed) return ended(reader, error);
  if (reader->state == STATE_DONE) return end_document(reader, lexeme, error);
  switch (lexeme) {
    case LEXEME_QUOTE: return read_key_or_string(reader, error);
    case JSON_OBJECT:
    case JSON_ARRAY:
      if (!wants_value(reader)) return unexpected(reader, lexeme, error);
      return open_container(reader, lexeme == JSON_OBJECT, error);
    case JSON_OBJECT_END:
    case JSON_ARRAY_END: return close_container(reader, lexeme, error);
    case JSON_INTEGER:
    case JSON_NUMBER:
    case JSON_TRUE:
    case JSON_FALSE:
    case JSON_NULL: return read_scalar(reader, lexeme, error);
    case JSON_END:
      if (!reader->lines || reader->state != STATE_DOCUMENT) return ended(reader, error);
      reader->token = JSON_END;
      return STATUS_OK;
    default: return unexpected(reader, lexeme, error);
  }
}

Status json_next(JsonReader *reader, JsonToken *out, Error *error) {
  if (reader->failed) return ended(reader, error);
  if (!reader->started) start(reader);
  int lexeme;
  for (;;) {
    lexeme = scan(reader);
    if (lexeme == LEXEME_COMMA && reader->state == STATE_COMMA) {
      reader->state = in_object(reader) ? STATE_KEY : STATE_VALUE;
    } else if (lexeme == LEXEME_COLON && reader->state == STATE_COLON) {
      reader->state = STATE_VALUE;
    } else {
      break;
    }
  }
  reader->token_start = offset_of(reader, reader->keep);
  reader->token_end = 0;
  if (reader->state == STATE_DOCUMENT) reader->first_line = reader->line;
  if (reader->strict_lines && reader->depth && reader->line > reader->first_line && !reader->failed && lexeme != JSON_END)
    return broken(reader, reader->keep, error, "the line before ends in the middle of %s", in_object(reader) ? "an object" : "an array");
  Status status = accept(reader, lexeme, error);
  if (!reader->token_end) reader->token_end = offset_of(reader, reader->cursor);
  if (!status) *out = reader->token;
  return status;
}

/* The first byte of the line after the one of `at`, which is in the buffer; NULL at the end. */
static unsigned char *after_line(JsonReader *reader, unsigned char *at) {
  for (;;) {
    unsigned char *end = memchr(at, '\n', (size_t)(reader->limit - at));
    if (end) return end + 1;
    reader->keep = reader->cursor = reader->limit;
    if (!fill(reader)) return NULL;
    at = reader->cursor;
  }
}

uint64_t json_first_line(const JsonReader *reader) {
  return reader->first_line;
}

bool json_next_line(JsonReader *reader) {
  if (!reader->lines || !reader->malformed || reader->fault < reader->base) return false;
  unsigned char *at = reader->buffer + (reader->fault - reader->base);
  if (at >= reader->limit) return false;
  reader->failed = STATUS_OK;
  /* A document that its line cut off is noticed at the first byte of the next. */
  bool next = reader->line > reader->first_line && reader->fault == reader->line_start;
  if (!next) at = after_line(reader, at);
  if (!at) {
    reader->failed = STATUS_FAILED;
    return false;
  }
  if (!next) {
    reader->line++;
    reader->line_start = offset_of(reader, at);
  }
  reader->keep = reader->cursor = at;
  reader->malformed = reader->too_long = false;
  reader->state = STATE_DOCUMENT;
  reader->depth = 0;
  return true;
}

static bool is_space(unsigned char byte) {
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* A byte that may be where reading goes on. */
typedef struct Resume {
  unsigned char *at; /* NULL = none */
  uint64_t line, line_start;
} Resume;

static bool resume_at(JsonReader *reader, Resume resume, State state, uint32_t depth) {
  reader->keep = reader->cursor = resume.at;
  reader->line = resume.line;
  reader->line_start = resume.line_start;
  reader->malformed = reader->too_long = false;
  reader->state = state;
  reader->depth = depth;
  reader->objects &= (UINT64_C(1) << (depth - 1)) - 1;
  return true;
}

bool json_next_row(JsonReader *reader, JsonRowArray rows) {
  if (!reader->malformed || reader->strict_lines || reader->fault < reader->base) return false;
  /* A string that lost its quote ends with its line, and may hold the brace that begins the next row. A brace where none may be begins a row, as if a comma were
   * before it. */
  bool in_token = reader->fault != reader->token_start;
  unsigned char *at = in_token ? reader->keep : reader->buffer + (reader->fault - reader->base);
  unsigned char before = in_token ? 0 : ',';
  Resume brace = {0}, bracket = {0}; /* of a row, of the end */
  reader->failed = STATUS_OK;
  for (;; at++) {
    bool at_key = brace.at && *at == '"', any_key = !rows.first_key.length;
    size_t wanted = at_key && !any_key ? rows.first_key.length + 2 : 1;
    if ((size_t)(reader->limit - at) < wanted) {
      unsigned char *keep = brace.at ? brace.at : bracket.at ? bracket.at : at;
      size_t passed = (size_t)(at - keep);
      reader->keep = reader->cursor = keep;
      bool more = fill(reader);
      if (brace.at) brace.at = reader->keep;
      if (bracket.at) bracket.at = reader->keep;
      if (!more) break;
      at = reader->keep + passed - 1; /* the same byte once more */
      continue;
    }
    bool begins = at_key && (any_key || (at[wanted - 1] == '"' && memcmp(at + 1, rows.first_key.bytes, rows.first_key.length) == 0));
    if (begins) return resume_at(reader, brace, STATE_VALUE, rows.depth);
    if (is_space(*at)) {
      if (*at != '\n') continue;
      reader->line++;
      reader->line_start = offset_of(reader, at + 1);
      continue;
    }
    if (bracket.at && rows.flat && (*at == ',' || *at == '}')) break;
    Resume here = {at, reader->line, reader->line_start};
    brace = *at == '{' && (before == ',' || before == '}') ? here : (Resume){0};
    bracket = *at == ']' && (before == '}' || !rows.flat) ? here : (Resume){0};
    before = *at;
  }
  bool ends = bracket.at && (rows.flat || rows.depth == 1) && !reader->failed && !reader->too_long;
  if (ends) return resume_at(reader, bracket, STATE_COMMA, rows.depth);
  reader->failed = STATUS_FAILED;
  return false;
}

Text json_text(const JsonReader *reader) {
  return reader->text;
}

int64_t json_integer(const JsonReader *reader) {
  return reader->integer;
}

double json_number(const JsonReader *reader) {
  return reader->number;
}

uint64_t json_line(const JsonReader *reader) {
  return reader->line;
}

uint64_t json_start(const JsonReader *reader) {
  return reader->token_start;
}

uint64_t json_stop(const JsonReader *reader) {
  return reader->token_end;
}

uint64_t json_fault(const JsonReader *reader) {
  return reader->fault;
}

uint32_t json_depth(const JsonReader *reader) {
  return reader->depth;
}

Status json_skip(JsonReader *reader, Error *error) {
  JsonToken token = reader->token;
  if (token == JSON_KEY) {
    Status status = json_next(reader, &token, error);
    if (status) return status;
  }
  if (token != JSON_OBJECT && token != JSON_ARRAY) return STATUS_OK;
  uint32_t outside = reader->depth - 1;
  while (reader->depth > outside) {
    Status status = json_next(reader, &token, error);
    if (status) return status;
  }
  return STATUS_OK;
}
