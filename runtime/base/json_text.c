#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

static const char *short_escape(unsigned char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return NULL;
  }
}

static bool is_plain(unsigned char c) {
  return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

/* Appends the character at `bytes` that is not plain ASCII and returns its length. */
static size_t append_special(TextBuilder *builder, const char *bytes, size_t length) {
  const char *escape = short_escape((unsigned char)bytes[0]);
  if (escape) {
    text_append(builder, text_of(escape));
    return 1;
  }
  uint32_t c;
  size_t count = utf8_decode(bytes, length, &c);
  if (count == 0) {
    text_append_code_point(builder, 0xFFFD); /* JSON text is UTF-8 whatever it is given */
    return 1;
  }
  if (c < 0xA0 || c == 0x2028 || c == 0x2029 || utf8_is_bidi_control(c)) {
    text_append_format(builder, "\\u%04x", (unsigned)c);
  } else {
    text_append(builder, (Text){bytes, count});
  }
  return count;
}

void json_append_string(TextBuilder *builder, Text text) {
  text_append_char(builder, '"');
  for (size_t at = 0; at < text.length;) {
    size_t end = at;
    while (end < text.length && is_plain((unsigned char)text.bytes[end])) end++;
    text_append(builder, (Text){text.bytes + at, end - at});
    at = end;
    if (at < text.length) at += append_special(builder, text.bytes + at, text.length - at);
  }
  text_append_char(builder, '"');
}

void json_append_harmless(TextBuilder *builder, Text json) {
  for (size_t at = 0; at < json.length;) {
    size_t end = at;
    while (end < json.length && (unsigned char)json.bytes[end] < 0x7F) end++;
    text_append(builder, (Text){json.bytes + at, end - at});
    at = end;
    if (at < json.length) at += append_special(builder, json.bytes + at, json.length - at);
  }
}

void json_append_number(TextBuilder *builder, double number) {
  if (!isfinite(number)) {
    text_append(builder, TEXT_LITERAL("null"));
    return;
  }
  char digits[40];
  for (int precision = 15; precision <= 17; precision++) {
    snprintf(digits, sizeof digits, "%.*g", precision, number);
    if (strtod(digits, NULL) == number) break;
  }
  text_append(builder, text_of(digits));
}
