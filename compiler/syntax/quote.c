#include "compiler/syntax/quote.h"

#include "base/utf8.h"

static void append_ascii(TextBuilder *out, char c) {
  switch (c) {
    case '"':
    case '\\':
    case '{':
    case '}':
      text_append_format(out, "\\%c", c);
      break;
    case '\n':
      text_append(out, TEXT_LITERAL("\\n"));
      break;
    case '\t':
      text_append(out, TEXT_LITERAL("\\t"));
      break;
    default:
      if ((unsigned char)c < 0x20 || c == 0x7F) {
        text_append_format(out, "\\u{%X}", (unsigned)(unsigned char)c);
      } else {
        text_append_char(out, c);
      }
  }
}

size_t quote_append_next(TextBuilder *out, Text rest) {
  uint32_t character = 0;
  size_t length = utf8_decode(rest.bytes, rest.length, &character);
  if (length <= 1) {
    append_ascii(out, rest.bytes[0]);
    return 1;
  }
  if (character < 0xA0 || utf8_is_bidi_control(character))
    text_append_format(out, "\\u{%X}", (unsigned)character);
  else
    text_append(out, (Text){rest.bytes, length});
  return length;
}

void quote_append(TextBuilder *out, Text text) {
  for (size_t i = 0; i < text.length;) i += quote_append_next(out, (Text){text.bytes + i, text.length - i});
}
