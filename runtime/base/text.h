/* text.h: UTF-8 text as bytes and length, building it, printing it safely, and interning it. */
#ifndef NARADA_BASE_TEXT_H
#define NARADA_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"

/* Borrowed bytes; not NUL-terminated unless its maker says so. */
typedef struct Text {
  const char *bytes;
  size_t length;
} Text;

#define TEXT_LITERAL(literal) ((Text){(literal), sizeof(literal) - 1})
#define TEXT_FORMAT "%.*s"
#define TEXT_ARG(text) (int)(text).length, (text).bytes

Text text_of(const char *string); /* NULL gives the empty text */
Text text_copy(Arena *arena, Text text); /* arena, NUL-terminated */
bool text_equal(Text a, Text b);
bool text_is(Text a, const char *string);
/* <0, 0, >0 by Unicode code point, which in UTF-8 is byte order. */
int text_compare(Text a, Text b);
/* Offset of the first byte that is not valid UTF-8 (overlong, surrogate, > U+10FFFF, truncated) or is NUL;
 * `length` if there is none. */
size_t text_invalid_at(Text text);
/* Simple case folding and canonical composition (NFC), by utf8proc; arena. For comparing names. */
Text text_fold(Arena *arena, Text text);
/* Number of terminal columns, by utf8proc's widths; control characters count as their escapes. */
size_t text_width(Text text);

/* Writes text so that nothing in it can act on a terminal: C0, C1, DEL and bidirectional controls appear as
 * \xNN or \u{NNNN}, invalid bytes as \xNN. Every terminal output of stored or foreign text goes through here. */
void text_print(FILE *out, Text text);
/* Each line of `text` so, with a newline at its end. */
void text_print_lines(FILE *out, Text text);
/* The same into the arena. */
Text text_escaped(Arena *arena, Text text);

/* Damerau-Levenshtein distance in code points (adjacent transposition = 1), as optimal string alignment: no part is
 * edited twice. Where more than 512 code points differ it is the upper bound, the longer length. */
size_t text_distance(Text a, Text b);
/* The candidate nearest to `wrong` by distance if that is at most a third of the longer length and not a guess
 * from one letter; the earliest candidate wins ties. Case-insensitive equality counts as distance 0.
 * Returns its index or SIZE_MAX. */
size_t text_nearest(Text wrong, const Text *candidates, size_t count);

/* A text being put together in an arena. Zero-initialise all but `arena`. Always NUL-terminated once written to. */
typedef struct TextBuilder {
  Arena *arena;
  char *bytes;
  size_t length;
  size_t capacity;
} TextBuilder;

void text_append(TextBuilder *builder, Text text);
void text_append_char(TextBuilder *builder, char c);
void text_append_format(TextBuilder *builder, const char *format, ...) NARADA_PRINTF(2, 3);
/* The number in decimal digits. */
void text_append_integer(TextBuilder *builder, int64_t number);
/* A share as people write it, 0.2 as 20%: the noise of the multiplication by 100 is rounded off. */
void text_append_percent(TextBuilder *builder, double share);
/* The code point as UTF-8. */
void text_append_code_point(TextBuilder *builder, uint32_t code_point);
Text text_built(const TextBuilder *builder);

/* Interned texts of one run: equal texts have equal ids. Id 0 is the empty text. At most 2^32-2 texts. */
typedef struct TextPool TextPool;
typedef uint32_t TextId;

TextPool *text_pool_new(Arena *arena);
TextId text_intern(TextPool *pool, Text text);
/* The id of a text that is already there, or UINT32_MAX. */
TextId text_interned(const TextPool *pool, Text text);
Text text_at(const TextPool *pool, TextId id); /* borrowed from the pool, NUL-terminated */
size_t text_pool_count(const TextPool *pool);

/* 64-bit hash (XXH3). Never visible in an output: no result may depend on hash order. */
uint64_t hash_bytes(const void *bytes, size_t length, uint64_t seed);
typedef struct Hash128 {
  uint64_t low, high;
} Hash128;
Hash128 hash_bytes_128(const void *bytes, size_t length);
/* Of the texts and of where each ends. */
Hash128 hash_texts_128(const Text *texts, size_t count);

#endif
