#include <string.h>

#include "connectors/file/csv.h"

static bool is_one_of(char c, const char *set) {
  return c && strchr(set, c);
}

bool csv_needs_apostrophe(Text text) {
  size_t at = 0;
  while (at < text.length && text.bytes[at] == '\'') at++;
  return at == text.length || is_one_of(text.bytes[at], "=+-@\t\r");
}

Text csv_text_decode(Text field) {
  if (field.length == 0 || field.bytes[0] != '\'' || !csv_needs_apostrophe(field)) return field;
  return (Text){field.bytes + 1, field.length - 1};
}

/* A blank at either end is quoted too: other readers trim it. */
static bool needs_quotes(Text field) {
  if (field.length == 0) return false;
  if (is_one_of(field.bytes[0], " \t") || is_one_of(field.bytes[field.length - 1], " \t")) return true;
  for (size_t i = 0; i < field.length; i++) {
    if (is_one_of(field.bytes[i], "\",\r\n")) return true;
  }
  return false;
}

void csv_append_field(TextBuilder *builder, Text field) {
  if (!needs_quotes(field)) {
    text_append(builder, field);
    return;
  }
  text_append_char(builder, '"');
  for (Text rest = field; rest.length;) {
    const char *quote = memchr(rest.bytes, '"', rest.length);
    size_t length = quote ? (size_t)(quote - rest.bytes) + 1 : rest.length;
    text_append(builder, (Text){rest.bytes, length});
    if (quote) text_append_char(builder, '"');
    rest = (Text){rest.bytes + length, rest.length - length};
  }
  text_append_char(builder, '"');
}

void csv_append_item(TextBuilder *builder, Text item) {
  if (item.length == 0) {
    text_append(builder, TEXT_LITERAL("\\e"));
    return;
  }
  for (size_t i = 0; i < item.length; i++) {
    char c = item.bytes[i];
    bool at_end = i == 0 || i == item.length - 1;
    if (c == '\\' || c == ';' || (c == ' ' && at_end)) text_append_char(builder, '\\');
    text_append_char(builder, c);
  }
}

/* The end of the raw item at the front of `rest`: a semicolon that no backslash holds, or the end. */
static size_t item_end(Text rest) {
  size_t at = 0;
  while (at < rest.length && rest.bytes[at] != ';') at += rest.bytes[at] == '\\' && at + 1 < rest.length ? 2 : 1;
  return at;
}

static void unescape(Text raw, TextBuilder *item) {
  if (text_is(raw, "\\e")) return;
  for (size_t i = 0; i < raw.length; i++) {
    if (raw.bytes[i] == '\\' && i + 1 < raw.length && is_one_of(raw.bytes[i + 1], "\\; ")) i++;
    text_append_char(item, raw.bytes[i]);
  }
}

/* Without the blanks around it; one behind a backslash stays. */
static Text trim_item(Text raw) {
  while (raw.length && raw.bytes[0] == ' ') raw = (Text){raw.bytes + 1, raw.length - 1};
  size_t kept = 0;
  for (size_t i = 0; i < raw.length; i++) {
    if (raw.bytes[i] == '\\' && i + 1 < raw.length)
      i++;
    else if (raw.bytes[i] == ' ')
      continue;
    kept = i + 1;
  }
  raw.length = kept;
  return raw;
}

bool csv_next_item(Text *rest, TextBuilder *item) {
  item->length = 0;
  while (rest->length) {
    size_t end = item_end(*rest);
    Text raw = trim_item((Text){rest->bytes, end});
    size_t step = end < rest->length ? end + 1 : end;
    *rest = (Text){rest->bytes + step, rest->length - step};
    if (raw.length == 0) continue;
    unescape(raw, item);
    return true;
  }
  return false;
}
