/* utf8.h: one character at a time, for the files of this folder. */
#ifndef NARADA_BASE_UTF8_H
#define NARADA_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

enum { UTF8_MAX = 4, UTF8_ESCAPE_SIZE = 16 };

/* Length of the well-formed character that begins at `bytes` and its code point; 0 if there is none (overlong,
 * surrogate, above U+10FFFF, truncated, `length` 0). NUL is well-formed here. */
size_t utf8_decode(const char *bytes, size_t length, uint32_t *code_point);
/* Writes the code point (U+FFFD for one that UTF-8 cannot hold) and returns its length. */
size_t utf8_encode(uint32_t code_point, char out[UTF8_MAX]);
/* Bytes of the unit at `bytes` (a character or one invalid byte; `length` is at least 1). `escape` becomes the text
 * that stands for it where it must not act on a terminal or a log, or "" if it may appear as it is. */
size_t utf8_escape(const char *bytes, size_t length, char escape[UTF8_ESCAPE_SIZE]);
/* Marks that change the direction of the text around them. */
int utf8_is_bidi_control(uint32_t code_point);

#endif
