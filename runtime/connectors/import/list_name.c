#include "connectors/import/list_name.h"

#include <string.h>
#include <strings.h>

Text list_name(Arena *arena, Text name) {
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
      return list_name(arena, (Text){front.bytes + sizeof directive - 1, length - (sizeof directive - 1)});
    length += newline != NULL;
    front = (Text){front.bytes + length, front.length - length};
  }
  return front;
}
