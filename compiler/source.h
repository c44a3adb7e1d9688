/* source.h: the text of one program file and where things stand in it. */
#ifndef NARADA_COMPILER_SOURCE_H
#define NARADA_COMPILER_SOURCE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

enum { SOURCE_MAX_BYTES = 1 << 20 };

/* Byte offsets into a source: [start, end). */
typedef struct Span {
  uint32_t source; /* index into SourceSet */
  uint32_t start, end;
} Span;

typedef struct Source {
  Text path; /* as the user named it; used in messages and made relative for the plan */
  Text text; /* NUL-terminated */
  uint32_t *line_starts;
  uint32_t line_count;
} Source;

typedef struct SourceSet {
  Arena *arena;
  Source *items;
  size_t count, capacity;
} SourceSet;

/* Takes text that is already in memory; `*out` is its index. */
uint32_t source_add(SourceSet *sources, Text path, Text text);
/* Reads a file; `-` is standard input. Fails for what cannot be read, is a folder or is longer than SOURCE_MAX_BYTES. */
Status source_read(SourceSet *sources, const char *path, uint32_t *out, Error *error);

typedef struct SourcePlace {
  uint32_t line, column; /* both from 1; the column counts code points */
} SourcePlace;
SourcePlace source_place(const Source *source, uint32_t offset);
Text source_line(const Source *source, uint32_t line); /* without its newline */
Text span_text(const SourceSet *sources, Span span);
Span span_join(Span first, Span last);
/* The empty spans before and behind it: places for an insertion. */
Span span_start(Span span);
Span span_end(Span span);

#endif
