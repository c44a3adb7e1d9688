/* json.h: a strict streaming JSON reader (RFC 8259) with flat memory, and JSON text writing.
 *
 * Stricter than most: valid UTF-8 only, no duplicate keys within reach of its caller (the caller sees each key), no
 * trailing bytes, no NUL in strings, numbers of at most 64 bytes, strings of at most 1 MiB, depth of at most 64. */
#ifndef NARADA_BASE_JSON_H
#define NARADA_BASE_JSON_H

#include "base/input.h"

enum { JSON_MAX_DEPTH = 64, JSON_MAX_STRING = 1 << 20, JSON_MAX_NUMBER = 64, JSON_PADDING = 8 };

typedef enum JsonToken {
  JSON_END, /* end of input, after a complete document */
  JSON_OBJECT,
  JSON_OBJECT_END,
  JSON_ARRAY,
  JSON_ARRAY_END,
  JSON_KEY, /* `text` is the key; its colon is already read */
  JSON_STRING,
  JSON_INTEGER, /* `integer` holds it; one that does not fit 64 bits is a JSON_NUMBER */
  JSON_NUMBER,  /* `number` holds it, finite; `text` its digits */
  JSON_TRUE,
  JSON_FALSE,
  JSON_NULL,
} JsonToken;

typedef struct JsonReader JsonReader;

JsonReader *json_reader_new(Arena *arena, Input *input);
/* Over a whole text that is at hand, without a copy: `length` bytes and JSON_PADDING zeros behind them, which stay where they are as long as the reader is used.
 * json_text() of a string without escapes then points into them for good; the byte behind it is its closing quote, which the reader needs no more. */
JsonReader *json_reader_in_place(Arena *arena, char *bytes, size_t length, const char *name);
/* Many documents one after another (JSON Lines): after each, JSON_END is returned once, then the next begins;
 * the second JSON_END in a row is the end of input. Call before the first json_next. */
void json_reader_lines(JsonReader *reader);
/* The same where no document goes on in the next line. */
void json_reader_strict_lines(JsonReader *reader);
/* Half of a surrogate pair, as programs write that cut a text in the middle of a pair, and \u0000 are read as U+FFFD. Else they are errors. */
void json_reader_mend_strings(JsonReader *reader);
/* After json_next failed in such an input: goes on with the document of the next line. False where there is none, and where reading itself failed; then
 * the reader still only fails. */
bool json_next_line(JsonReader *reader);
/* The array whose rows are read: what tells where one begins. */
typedef struct JsonRowArray {
  uint32_t depth; /* json_depth() within the array */
  Text first_key; /* of a row, raw; empty is any, for rows that hold no objects */
  bool flat;      /* rows hold no arrays of objects: a bracket behind a brace ends the array */
} JsonRowArray;
/* After json_next failed in a row: goes on with the next one, or with the array's end where that is all there is. A row is an object after a comma or another object's
 * brace that begins with the key; a valid string can look like that at its end at most. False where there is neither, as in a file that was cut off, where no
 * document goes on in the next line, and where reading itself failed; then the reader still only fails. */
bool json_next_row(JsonReader *reader, JsonRowArray rows);

/* The next token, or a failed status whose message holds name, line and column. After a failure the reader only fails. */
Status json_next(JsonReader *reader, JsonToken *out, Error *error);
/* Of the last token. Decoded (escapes resolved); borrowed until the next json_next. */
Text json_text(const JsonReader *reader);
int64_t json_integer(const JsonReader *reader);
double json_number(const JsonReader *reader);
uint64_t json_line(const JsonReader *reader);   /* 1-based line where the last token began */
uint64_t json_first_line(const JsonReader *reader); /* 1-based line where the document at hand began */
uint64_t json_start(const JsonReader *reader); /* of the last token in the input, in bytes: [start, stop) */
uint64_t json_stop(const JsonReader *reader);
uint64_t json_fault(const JsonReader *reader); /* after a failure: the byte that it is about */
uint32_t json_depth(const JsonReader *reader);  /* open containers after the last token */
/* Skips the value that begins with the last token (a container whole, a scalar nothing; after a key, its value). */
Status json_skip(JsonReader *reader, Error *error);

/* Appends a JSON string literal with its quotes; control characters, U+2028/9 and bidirectional controls are escaped. */
void json_append_string(TextBuilder *builder, Text text);
/* JSON that a library wrote, with what it left as it was escaped as json_append_string does. */
void json_append_harmless(TextBuilder *builder, Text json);
/* The shortest decimal that reads back to the same double; NaN and infinities are written as null. */
void json_append_number(TextBuilder *builder, double number);

#endif
