#include "cli/export/safe_name.h"

#include <string.h>
#include <strings.h>

struct SafeNames {
  Arena *arena;
  TextPool *pool; /* folded */
  IntMap *taken;
};

SafeNames *safe_names_new(Arena *arena) {
  SafeNames *names = arena_alloc(arena, sizeof *names);
  *names = (SafeNames){arena, text_pool_new(arena), int_map_new(arena, 16)};
  return names;
}

/* The bytes of the character at `at`, which is valid UTF-8. */
static size_t character_length(Text text, size_t at) {
  unsigned char first = (unsigned char)text.bytes[at];
  return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

static uint32_t code_point(Text text, size_t at, size_t length) {
  unsigned char first = (unsigned char)text.bytes[at];
  uint32_t code = length == 1 ? first : first & (0xFFu >> (length + 1));
  for (size_t i = 1; i < length; i++) code = code << 6 | ((unsigned char)text.bytes[at + i] & 0x3F);
  return code;
}

/* Controls, what turns the direction of writing, what has no width, and what is not a character. */
static bool shows_nothing(uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xAD || code == 0x61C || (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF || (code >= 0xFFF0 && code <= 0xFFFB) || (code & 0xFFFE) == 0xFFFE;
}

static bool is_reserved(uint32_t code) {
  return code < 0x80 && strchr("/\\:*?\"<>|", (int)code) != NULL;
}

/* Names of devices on Windows, with any extension. */
static bool is_device(Text name) {
  static const char *const devices[] = {"CON", "PRN", "AUX", "NUL"};
  size_t length = 0;
  while (length < name.length && name.bytes[length] != '.' && name.bytes[length] != ' ') length++;
  if (length == 3)
    for (size_t i = 0; i < 4; i++)
      if (strncasecmp(name.bytes, devices[i], 3) == 0) return true;
  bool numbered = length == 4 && (strncasecmp(name.bytes, "COM", 3) == 0 || strncasecmp(name.bytes, "LPT", 3) == 0);
  return numbered && name.bytes[3] >= '0' && name.bytes[3] <= '9';
}

static bool trails(char c) {
  return c == ' ' || c == '.';
}

static Text clean(Arena *arena, Text name) {
  TextBuilder out = {.arena = arena};
  name.length = text_invalid_at(name);
  for (size_t at = 0, length; at < name.length && out.length < SAFE_NAME_MAX - 4; at += length) {
    length = character_length(name, at);
    uint32_t code = code_point(name, at, length);
    bool first = out.length == 0;
    if (code == 0 || is_reserved(code) || shows_nothing(code) || (first && (code == '.' || code == '-' || code == '~' || code == ' '))) text_append_char(&out, '_');
    else text_append(&out, (Text){name.bytes + at, length});
  }
  while (out.length && trails(out.bytes[out.length - 1])) out.length--;
  if (!out.length) text_append(&out, TEXT_LITERAL("_"));
  Text cleaned = text_built(&out);
  if (!is_device(cleaned)) return text_copy(arena, cleaned);
  return text_of(arena_format(arena, "_" TEXT_FORMAT, TEXT_ARG(cleaned)));
}

static bool take(SafeNames *names, Text name) {
  TextId id = text_intern(names->pool, text_fold(names->arena, name));
  if (int_map_get(names->taken, id, 0)) return false;
  int_map_set(names->taken, id, 1);
  return true;
}

/* The front of a text, whole characters. */
static Text front(Text text, size_t most) {
  if (text.length <= most) return text;
  while (most && ((unsigned char)text.bytes[most] & 0xC0) == 0x80) most--;
  return (Text){text.bytes, most};
}

Text safe_name(SafeNames *names, Text name) {
  Text cleaned = clean(names->arena, name), out = cleaned;
  for (unsigned number = 2; !take(names, out); number++)
    out = text_of(arena_format(names->arena, TEXT_FORMAT " (%u)", TEXT_ARG(front(cleaned, SAFE_NAME_MAX - 16)), number));
  return out;
}
