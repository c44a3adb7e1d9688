/* position.h: places in a text as editors and reports count them: lines, and units of the agreed encoding within a line. */
#ifndef NARADA_COMPILER_POSITION_H
#define NARADA_COMPILER_POSITION_H

#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

typedef enum Encoding { ENCODING_UTF8, ENCODING_UTF16, ENCODING_UTF32, ENCODING_COUNT } Encoding;
const char *encoding_name(Encoding encoding); /* "utf-8", "utf-16", "utf-32" */

typedef struct Position {
  uint32_t line, character; /* both from 0 */
} Position;

/* Where the lines of a text begin. A line ends with \n, \r\n or \r. */
typedef struct Lines {
  Text text;
  uint32_t *starts;
  uint32_t count;
  Encoding encoding;
} Lines;

Lines lines_of(Arena *arena, Text text, Encoding encoding);
/* Beyond the end of a line is its end, beyond the last line the end of the text; never within a character. */
uint32_t lines_offset(const Lines *lines, Position position);
/* The same without an index, for a text that is being changed. */
uint32_t position_offset(Text text, Encoding encoding, Position position);
/* Beyond the text is its end. */
Position lines_position(const Lines *lines, uint32_t offset);
/* How many units of the encoding `text` has. */
uint32_t encoding_length(Encoding encoding, Text text);

#endif
