/* reader.h: bounded reading of a section. The first failure sticks: later reads give zeroes, and the caller looks at
 * `status` once an item. Private to runtime/plan. */
#ifndef NARADA_PLAN_READER_H
#define NARADA_PLAN_READER_H

#include "plan/plan_int.h"

typedef struct Reader {
  const uint8_t *bytes;
  size_t at, length;
  uint32_t base; /* offset of bytes[0] in the file */
  Status status;
  Error *error;
} Reader;

Status reader_fault(Reader *reader, PlanFault fault, const char *format, ...) NARADA_PRINTF(3, 4);
uint32_t reader_offset(const Reader *reader); /* in the file */
uint8_t read_byte(Reader *reader);
uint64_t read_fixed(Reader *reader, size_t bytes); /* little-endian, at most 8 */
uint64_t read_varint(Reader *reader);              /* only the shortest form */
int64_t read_signed(Reader *reader);
/* Valid UTF-8 without NUL, at most `limit` bytes; borrowed. */
Text read_text(Reader *reader, size_t limit, const char *what);
/* A number of items of at least `least` bytes each: within `limit` and within what is left, so it may be allocated for.
 */
uint32_t read_count(Reader *reader, uint32_t limit, size_t least, const char *what);
/* A reference to one of `count` items. */
uint32_t read_index(Reader *reader, uint32_t count, const char *what);
/* The same, or PLAN_NONE. */
uint32_t read_optional(Reader *reader, uint32_t count, const char *what);
/* A byte that tells kinds apart, below `count`. */
unsigned read_kind(Reader *reader, unsigned count, const char *what);
Type read_type(Reader *reader);
/* Everything must have been read. */
Status reader_end(Reader *reader);

#endif
