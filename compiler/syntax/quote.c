#include "compiler/syntax/quote.h"

void quote_append_char(TextBuilder *out, char c) {
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

void quote_append(TextBuilder *out, Text text) {
  for (size_t i = 0; i < text.length; i++) quote_append_char(out, text.bytes[i]);
}
