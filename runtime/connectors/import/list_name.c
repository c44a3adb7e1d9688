#include "connectors/import/list_name.h"

#include <string.h>
#include <strings.h>

/* A name is text of one line without control characters. */
static Text cleaned(Arena *arena, Text name) {
  TextBuilder out = {.arena = arena};
  if (text_invalid_at(name) != name.length) return (Text){"", 0};
  for (size_t i = 0; i < name.length; i++) {
    bool control = (unsigned char)name.bytes[i] < ' ' || name.bytes[i] == 0x7F;
    if (!control || out.length) text_append_char(&out, control ? ' ' : name.bytes[i]);
  }
  while (out.length && out.bytes[out.length - 1] == ' ') out.length--;
  size_t blanks = 0;
  while (blanks < out.length && out.bytes[blanks] == ' ') blanks++;
  return out.length ? (Text){out.bytes + blanks, out.length - blanks} : (Text){"", 0};
}

Text list_name_m3u(Arena *arena, Text front) {
  static const char directive[] = "#PLAYLIST:";
  while (front.length) {
    const char *newline = memchr(front.bytes, '\n', front.length);
    size_t length = newline ? (size_t)(newline - front.bytes) : front.length;
    if (length > sizeof directive - 1 && strncasecmp(front.bytes, directive, sizeof directive - 1) == 0)
      return cleaned(arena, (Text){front.bytes + sizeof directive - 1, length - (sizeof directive - 1)});
    length += newline != NULL;
    front = (Text){front.bytes + length, front.length - length};
  }
  return front;
}

static void append_entity(TextBuilder *out, const char *at, size_t length) {
  static const struct {
    const char *name;
    char is;
  } names[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strlen(names[i].name) == length && memcmp(names[i].name, at, length) == 0) text_append_char(out, names[i].is);
  }
  if (length < 2 || *at != '#') return;
  bool hex = at[1] == 'x';
  uint32_t code_point = 0;
  for (size_t i = hex ? 2 : 1; i < length && code_point <= 0x10FFFF; i++) {
    char c = at[i];
    int digit = c >= '0' && c <= '9' ? c - '0' : hex && (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
    if (digit < 0) return;
    code_point = code_point * (hex ? 16 : 10) + (uint32_t)digit;
  }
  if (code_point) text_append_code_point(out, code_point);
}

/* Where the word first stands, or NULL. */
static const char *find(Text text, const char *word) {
  size_t length = strlen(word);
  for (const char *at = text.bytes, *end = text.bytes + text.length; at && (size_t)(end - at) >= length; at++) {
    at = memchr(at, *word, (size_t)(end - at) - length + 1);
    if (!at || memcmp(at, word, length) == 0) return at;
  }
  return NULL;
}

Text list_name_xspf(Arena *arena, Text front) {
  const char *list = find(front, "<trackList");
  if (list) front.length = (size_t)(list - front.bytes);
  const char *from = find(front, "<title>");
  if (!from) return (Text){"", 0};
  from += 7;
  const char *to = find((Text){from, front.length - (size_t)(from - front.bytes)}, "</title>");
  if (!to) return (Text){"", 0};
  TextBuilder out = {.arena = arena};
  for (const char *at = from; at < to; at++) {
    const char *end = *at == '&' ? memchr(at, ';', (size_t)(to - at)) : NULL;
    if (end) {
      append_entity(&out, at + 1, (size_t)(end - at - 1));
      at = end;
    } else {
      text_append_char(&out, *at);
    }
  }
  return out.length ? cleaned(arena, text_built(&out)) : (Text){"", 0};
}
