#include "base/tag.h"

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_letter_of_tag(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == ':';
}

bool tag_normalise(Text text, char out[TAG_MAX_LENGTH], size_t *length) {
  size_t used = 0;
  bool blank = false, colon = false, after_colon = false; /* a blank, any colon, the first one just before */
  for (size_t i = 0; i < text.length; i++) {
    char c = text.bytes[i];
    if (c >= 'A' && c <= 'Z') c = (char)(c | 0x20);
    if (is_blank(c)) {
      blank = used > 0;
      continue;
    }
    if (!is_letter_of_tag(c)) return false;
    bool first_colon = c == ':' && !colon;
    if (blank && !first_colon && !after_colon) {
      if (used == TAG_MAX_LENGTH) return false;
      out[used++] = ' ';
    }
    if (used == TAG_MAX_LENGTH) return false;
    out[used++] = c;
    blank = false;
    after_colon = first_colon;
    colon |= first_colon;
  }
  *length = used;
  return used > 0 && out[0] != ':' && out[used - 1] != ':';
}
