#include "base/utf8.h"

#include <stdio.h>

/* The table of well-formed byte sequences of the Unicode Standard (3.9, table 3-7). */
size_t utf8_decode(const char *bytes, size_t length, uint32_t *code_point) {
  if (length == 0) return 0;
  const unsigned char *b = (const unsigned char *)bytes;
  unsigned first = b[0];
  if (first < 0x80) {
    *code_point = first;
    return 1;
  }
  if (first < 0xC2 || first > 0xF4) return 0;
  size_t count = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (length < count) return 0;
  unsigned lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  unsigned highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (b[1] < lowest || b[1] > highest) return 0;
  uint32_t value = ((first & (0x7Fu >> count)) << 6) | (b[1] & 0x3Fu);
  for (size_t i = 2; i < count; i++) {
    if ((b[i] & 0xC0u) != 0x80) return 0;
    value = (value << 6) | (b[i] & 0x3Fu);
  }
  *code_point = value;
  return count;
}

size_t utf8_encode(uint32_t code_point, char out[UTF8_MAX]) {
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) code_point = 0xFFFD;
  if (code_point < 0x80) {
    out[0] = (char)code_point;
    return 1;
  }
  size_t count = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
  for (size_t i = count - 1; i > 0; i--) {
    out[i] = (char)(0x80u | (code_point & 0x3Fu));
    code_point >>= 6;
  }
  out[0] = (char)((0xF00u >> count) | code_point);
  return count;
}

int utf8_is_bidi_control(uint32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

size_t utf8_escape(const char *bytes, size_t length, char escape[UTF8_ESCAPE_SIZE]) {
  uint32_t c = 0;
  size_t count = utf8_decode(bytes, length, &c);
  escape[0] = '\0';
  if (count == 0) {
    snprintf(escape, UTF8_ESCAPE_SIZE, "\\x%02x", (unsigned)(unsigned char)bytes[0]);
    return 1;
  }
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) {
    snprintf(escape, UTF8_ESCAPE_SIZE, "\\x%02x", (unsigned)c);
  } else if (utf8_is_bidi_control(c)) {
    snprintf(escape, UTF8_ESCAPE_SIZE, "\\u{%04X}", (unsigned)c);
  }
  return count;
}
