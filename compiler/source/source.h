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

/* Where a part of a text that was made from another one came from. */
typedef struct SourceOrigin {
  uint32_t start, end; /* in the text made */
  Span span;           /* in the text it was made from */
} SourceOrigin;

/* The JSON pointer (RFC 6901) of a value and where it stands. */
typedef struct SourcePointer {
  uint32_t start, end;
  Text pointer;
} SourcePointer;

typedef struct Source {
  Text path; /* as the user named it; used in messages and made relative for the plan */
  Text text; /* NUL-terminated */
  uint32_t *line_starts;
  uint32_t line_count;
  SourceOrigin *origins; /* of a text made from another one, in the order added; messages are told there */
  size_t origin_count, origin_capacity;
  SourcePointer *pointers; /* of JSON: values and keys */
  size_t pointer_count, pointer_capacity;
  bool made_into; /* another text was made from it */
} Source;

/* A text that stands in for the file of that path. */
typedef struct KeptSource {
  Text path, text;
} KeptSource;

typedef struct SourceSet {
  Arena *arena;
  const KeptSource *kept; /* looked at before files; borrowed */
  size_t kept_count;
  Source *items;
  size_t count, capacity;
} SourceSet;

/* The text kept for a path, or NULL. */
const KeptSource *source_kept(const SourceSet *sources, Text path);
/* Takes text that is already in memory; `*out` is its index. */
uint32_t source_add(SourceSet *sources, Text path, Text text);
/* Reads a file; `-` is standard input, `std.NAME` a program of the library. Fails for what cannot be read, is a folder or is longer than SOURCE_MAX_BYTES. */
Status source_read(SourceSet *sources, const char *path, uint32_t *out, Error *error);

/* [start, end) of `source` stands for `span`. */
void source_map(SourceSet *sources, uint32_t source, uint32_t start, uint32_t end, Span span);
/* The place a message about `span` is told at: itself, or what its text was made from. */
Span source_origin(const SourceSet *sources, Span span);

void source_point(SourceSet *sources, Span span, Text pointer);
/* The pointer of the narrowest value around the span; the empty text where there is none, or it is the whole. */
Text source_pointer(const SourceSet *sources, Span span);

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
