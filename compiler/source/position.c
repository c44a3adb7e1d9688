#include "compiler/source/position.h"

#include "base/utf8.h"

const char *encoding_name(Encoding encoding) {
  static const char *const names[] = {"utf-8", "utf-16", "utf-32"};
  return names[encoding];
}

static bool ends_line(Text text, size_t at) {
  return text.bytes[at] == '\n' || (text.bytes[at] == '\r' && !(at + 1 < text.length && text.bytes[at + 1] == '\n'));
}

Lines lines_of(Arena *arena, Text text, Encoding encoding) {
  Lines lines = {.text = text, .count = 1, .encoding = encoding};
  size_t count = 1;
  for (size_t i = 0; i < text.length; i++) count += ends_line(text, i);
  lines.starts = arena_array(arena, count, sizeof *lines.starts);
  for (size_t i = 0; i < text.length; i++)
    if (ends_line(text, i)) lines.starts[lines.count++] = (uint32_t)i + 1;
  return lines;
}

/* Bytes of the character at `bytes`, and its units; an invalid byte is one of each. */
static size_t step(Encoding encoding, const char *bytes, size_t length, uint32_t *units) {
  uint32_t code_point = 0;
  size_t size = utf8_decode(bytes, length, &code_point);
  if (size == 0) size = 1;
  *units = encoding == ENCODING_UTF8 ? (uint32_t)size : encoding == ENCODING_UTF16 && size == 4 ? 2 : 1;
  return size;
}

uint32_t encoding_length(Encoding encoding, Text text) {
  uint32_t length = 0, units;
  for (size_t at = 0; at < text.length; length += units) at += step(encoding, text.bytes + at, text.length - at, &units);
  return length;
}

/* `at` is where the line begins. */
static uint32_t within_line(Text text, Encoding encoding, size_t at, uint32_t character) {
  uint32_t seen = 0;
  while (at < text.length && text.bytes[at] != '\n' && text.bytes[at] != '\r') {
    uint32_t units;
    size_t size = step(encoding, text.bytes + at, text.length - at, &units);
    if (seen + units > character) break;
    seen += units;
    at += size;
  }
  return (uint32_t)at;
}

uint32_t lines_offset(const Lines *lines, Position position) {
  if (position.line >= lines->count) return (uint32_t)lines->text.length;
  return within_line(lines->text, lines->encoding, lines->starts[position.line], position.character);
}

uint32_t position_offset(Text text, Encoding encoding, Position position) {
  size_t at = 0;
  for (; position.line && at < text.length; at++) position.line -= ends_line(text, at);
  return position.line ? (uint32_t)text.length : within_line(text, encoding, at, position.character);
}

Position lines_position(const Lines *lines, uint32_t offset) {
  if (offset > lines->text.length) offset = (uint32_t)lines->text.length;
  uint32_t low = 0, high = lines->count;
  while (high - low > 1) {
    uint32_t middle = low + (high - low) / 2;
    *(lines->starts[middle] <= offset ? &low : &high) = middle;
  }
  uint32_t start = lines->starts[low];
  return (Position){low, encoding_length(lines->encoding, (Text){lines->text.bytes + start, offset - start})};
}
