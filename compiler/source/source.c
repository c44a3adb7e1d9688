#include "compiler/source/source.h"

#include <errno.h>
#include <string.h>

#include "base/input.h"
#include "base/vec.h"
#include "compiler/check/std_module.h"

uint32_t source_add(SourceSet *sources, Text path, Text text) {
  Source source = {.path = text_copy(sources->arena, path), .text = text_copy(sources->arena, text)};
  size_t lines = 1;
  for (size_t i = 0; i < text.length; i++) lines += text.bytes[i] == '\n';
  source.line_starts = arena_array(sources->arena, lines, sizeof *source.line_starts);
  source.line_count = 1;
  for (size_t i = 0; i < text.length; i++) {
    if (text.bytes[i] == '\n') source.line_starts[source.line_count++] = (uint32_t)i + 1;
  }
  vec_push(sources->arena, sources, source);
  return (uint32_t)(sources->count - 1);
}

/* Standard input has no length to ask for, so it is read up to one byte more than is allowed. */
static Status read_standard_input(Arena *arena, Text *out, Error *error) {
  size_t length = 0, capacity = SOURCE_MAX_BYTES + 1;
  char *bytes = arena_alloc(arena, capacity + 1);
  while (length < capacity) {
    size_t got = fread(bytes + length, 1, capacity - length, stdin);
    if (got == 0) break;
    length += got;
  }
  if (ferror(stdin)) return fail(error, STATUS_FAILED, "", "cannot read standard input: %s", strerror(errno));
  if (length > SOURCE_MAX_BYTES) {
    return fail(error, STATUS_FAILED, "", "standard input is longer than %d bytes, the most a program may have",
                SOURCE_MAX_BYTES);
  }
  *out = (Text){bytes, length};
  return STATUS_OK;
}

static Status read_library(SourceSet *sources, const char *path, uint32_t *out, Error *error) {
  Text name = text_of(path + strlen("std."));
  const StdModule *module = std_module_find(name);
  if (module) {
    *out = source_add(sources, text_of(path), (Text){module->text, module->length});
    return STATUS_OK;
  }
  Text near = std_module_nearest(sources->arena, name);
  if (near.length) return fail(error, STATUS_USAGE, "", "the library has no program %s; did you mean std." TEXT_FORMAT "?", path, TEXT_ARG(near));
  return fail(error, STATUS_USAGE, "", "the library has no program %s; `naradac explain std` lists them; the file of that name is ./%s", path, path);
}

const KeptSource *source_kept(const SourceSet *sources, Text path) {
  for (size_t i = 0; i < sources->kept_count; i++)
    if (text_equal(sources->kept[i].path, path)) return &sources->kept[i];
  return NULL;
}

Status source_read(SourceSet *sources, const char *path, uint32_t *out, Error *error) {
  const KeptSource *kept = source_kept(sources, text_of(path));
  if (kept) {
    *out = source_add(sources, kept->path, kept->text);
    return STATUS_OK;
  }
  if (std_is_name(path)) return read_library(sources, path, out, error);
  Text text;
  bool standard = strcmp(path, "-") == 0;
  Status status = standard ? read_standard_input(sources->arena, &text, error)
                           : file_read_all(sources->arena, path, SOURCE_MAX_BYTES, &text, error);
  if (status == STATUS_OK) *out = source_add(sources, text_of(standard ? "<stdin>" : path), text);
  return status;
}

/* Index of the line that holds the offset, from 0. */
static uint32_t line_index(const Source *source, uint32_t offset) {
  uint32_t low = 0, high = source->line_count;
  while (high - low > 1) {
    uint32_t middle = low + (high - low) / 2;
    if (source->line_starts[middle] <= offset)
      low = middle;
    else
      high = middle;
  }
  return low;
}

SourcePlace source_place(const Source *source, uint32_t offset) {
  if (offset > source->text.length) offset = (uint32_t)source->text.length;
  uint32_t line = line_index(source, offset);
  uint32_t column = 1;
  for (uint32_t i = source->line_starts[line]; i < offset; i++) {
    column += ((unsigned char)source->text.bytes[i] & 0xC0) != 0x80;
  }
  return (SourcePlace){line + 1, column};
}

Text source_line(const Source *source, uint32_t line) {
  if (line == 0 || line > source->line_count) return TEXT_LITERAL("");
  uint32_t start = source->line_starts[line - 1];
  uint32_t end = line < source->line_count ? source->line_starts[line] - 1 : (uint32_t)source->text.length;
  if (line < source->line_count && end > start && source->text.bytes[end - 1] == '\r') end--;
  return (Text){source->text.bytes + start, end - start};
}

Text span_text(const SourceSet *sources, Span span) {
  return (Text){sources->items[span.source].text.bytes + span.start, span.end - span.start};
}

Span span_start(Span span) {
  return (Span){span.source, span.start, span.start};
}

Span span_end(Span span) {
  return (Span){span.source, span.end, span.end};
}

Span span_join(Span first, Span last) {
  Span span = first;
  if (last.start < span.start) span.start = last.start;
  if (last.end > span.end) span.end = last.end;
  return span;
}

void source_map(SourceSet *sources, uint32_t source, uint32_t start, uint32_t end, Span span) {
  Source *made = &sources->items[source];
  if (made->origin_count == made->origin_capacity) {
    size_t capacity = made->origin_capacity ? 2 * made->origin_capacity : 16, size = sizeof *made->origins;
    made->origins = arena_grow(sources->arena, made->origins, made->origin_capacity * size, capacity * size);
    made->origin_capacity = capacity;
  }
  sources->items[span.source].made_into = true;
  made->origins[made->origin_count++] = (SourceOrigin){start, end, span};
}

/* The narrowest that covers the span; else the nearest that begins before it. */
Span source_origin(const SourceSet *sources, Span span) {
  if (span.source >= sources->count) return span;
  const Source *made = &sources->items[span.source];
  const SourceOrigin *best = NULL;
  bool covers = false;
  for (size_t i = 0; i < made->origin_count; i++) {
    const SourceOrigin *origin = &made->origins[i];
    if (origin->start > span.start) continue;
    bool whole = origin->end >= span.end;
    bool better = !best || (whole && !covers) || (whole == covers && (whole ? origin->end - origin->start < best->end - best->start : origin->start > best->start));
    if (better) best = origin;
    covers = covers || whole;
  }
  if (!best) return made->origin_count ? made->origins[0].span : span;
  return best->span;
}

void source_point(SourceSet *sources, Span span, Text pointer) {
  Source *source = &sources->items[span.source];
  if (source->pointer_count == source->pointer_capacity) {
    size_t capacity = source->pointer_capacity ? 2 * source->pointer_capacity : 64, size = sizeof *source->pointers;
    source->pointers = arena_grow(sources->arena, source->pointers, source->pointer_capacity * size, capacity * size);
    source->pointer_capacity = capacity;
  }
  source->pointers[source->pointer_count++] = (SourcePointer){span.start, span.end, pointer};
}

Text source_pointer(const SourceSet *sources, Span span) {
  if (span.source >= sources->count) return (Text){"", 0};
  const Source *source = &sources->items[span.source];
  const SourcePointer *best = NULL;
  for (size_t i = 0; i < source->pointer_count; i++) {
    const SourcePointer *pointer = &source->pointers[i];
    if (pointer->start > span.start || pointer->end < span.end) continue;
    if (!best || pointer->end - pointer->start <= best->end - best->start) best = pointer;
  }
  return best ? best->pointer : (Text){"", 0};
}
