#include "compiler/lsp/uri.h"

#include <string.h>

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool begins_with(Text text, const char *start) {
  size_t length = strlen(start);
  return text.length >= length && memcmp(text.bytes, start, length) == 0;
}

Text uri_path(Arena *arena, Text uri) {
  static const char here[] = "file://localhost/";
  size_t at = begins_with(uri, here) ? sizeof here - 2 : strlen("file://");
  if (!begins_with(uri, "file://") || at >= uri.length || uri.bytes[at] != '/') return text_copy(arena, uri);
  TextBuilder path = {.arena = arena};
  while (at < uri.length && uri.bytes[at] != '?' && uri.bytes[at] != '#') {
    char c = uri.bytes[at++];
    if (c == '%' && at + 1 < uri.length && hex_digit(uri.bytes[at]) >= 0 && hex_digit(uri.bytes[at + 1]) >= 0) {
      c = (char)(16 * hex_digit(uri.bytes[at]) + hex_digit(uri.bytes[at + 1]));
      at += 2;
    }
    if (c == '\0') return text_copy(arena, uri);
    text_append_char(&path, c);
  }
  Text built = text_built(&path);
  return text_invalid_at(built) == built.length ? built : text_copy(arena, uri);
}

static bool stays(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("/-._~", c));
}

Text uri_of_path(Arena *arena, Text path) {
  if (!path.length || path.bytes[0] != '/') return TEXT_LITERAL("");
  TextBuilder uri = {.arena = arena};
  text_append(&uri, TEXT_LITERAL("file://"));
  for (size_t i = 0; i < path.length; i++) {
    if (stays(path.bytes[i]))
      text_append_char(&uri, path.bytes[i]);
    else
      text_append_format(&uri, "%%%02X", (unsigned)(unsigned char)path.bytes[i]);
  }
  return text_built(&uri);
}
