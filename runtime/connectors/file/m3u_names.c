#include "connectors/file/m3u_names.h"

#include <string.h>

enum { SPOTIFY_ID_LENGTH = 22 };

static Text from(Text text, size_t at) {
  return (Text){text.bytes + at, text.length - at};
}

static Text trim(Text text) {
  while (text.length && (text.bytes[0] == ' ' || text.bytes[0] == '\t')) text = from(text, 1);
  while (text.length && (text.bytes[text.length - 1] == ' ' || text.bytes[text.length - 1] == '\t')) text.length--;
  return text;
}

static bool take_prefix(Text *text, const char *prefix) {
  size_t length = strlen(prefix);
  if (text->length < length || memcmp(text->bytes, prefix, length) != 0) return false;
  *text = from(*text, length);
  return true;
}

static bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Offset of `part`, or the length. */
static size_t find(Text text, const char *part) {
  size_t length = strlen(part), at = 0;
  while (at + length <= text.length) {
    if (memcmp(text.bytes + at, part, length) == 0) return at;
    at++;
  }
  return text.length;
}

Text m3u_spotify_id(Text line) {
  const Text none = {"", 0};
  if (!take_prefix(&line, "spotify:track:")) {
    if (!take_prefix(&line, "https://open.spotify.com/")) return none;
    if (take_prefix(&line, "intl-"))
      line = from(line, find(line, "/") < line.length ? find(line, "/") + 1 : line.length);
    if (!take_prefix(&line, "track/")) return none;
  }
  size_t length = 0;
  while (length < line.length && is_alphanumeric(line.bytes[length])) length++;
  bool ends = length == line.length || line.bytes[length] == '?' || line.bytes[length] == '/';
  return ends && length == SPOTIFY_ID_LENGTH ? (Text){line.bytes, length} : none;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = (char)(c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The address with %XX resolved, or as it is where that would not give text. */
static Text resolve_percent(Arena *arena, Text address) {
  TextBuilder resolved = {.arena = arena};
  for (size_t i = 0; i < address.length; i++) {
    int high = -1, low = -1;
    if (address.bytes[i] == '%' && i + 2 < address.length) {
      high = hex_digit(address.bytes[i + 1]);
      low = hex_digit(address.bytes[i + 2]);
    }
    if (high < 0 || low < 0) {
      text_append_char(&resolved, address.bytes[i]);
      continue;
    }
    text_append_char(&resolved, (char)(high * 16 + low));
    i += 2;
  }
  Text text = text_built(&resolved);
  return text_invalid_at(text) == text.length ? text : address;
}

static Text drop_extension(Text name) {
  static const char *const extensions[] = {".mp3", ".m4a", ".flac", ".ogg",  ".oga", ".opus", ".wav",
                                           ".wma", ".aac", ".aif",  ".aiff", ".ape", ".wv",   ".mpc",
                                           ".mp4", ".m4b", ".webm", ".mka",  ".dsf", ".alac"};
  for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
    size_t length = strlen(extensions[i]), at = 0;
    if (name.length <= length) continue;
    const char *end = name.bytes + name.length - length;
    while (at < length && (end[at] == extensions[i][at] || (end[at] | 0x20) == extensions[i][at])) at++;
    if (at == length) return (Text){name.bytes, name.length - length};
  }
  return name;
}

static size_t digits_at(Text text, size_t at) {
  size_t count = 0;
  while (at + count < text.length && text.bytes[at + count] >= '0' && text.bytes[at + count] <= '9') count++;
  return count;
}

/* Files of an album begin with their number: "01 - Song", "7. Song", "07 Song", "1-07 Song". "50 Cent" and "99 Red Balloons" do not. */
static Text drop_number(Text name) {
  size_t digits = digits_at(name, 0), end = digits;
  bool disc = digits == 1 && name.length > 1 && name.bytes[1] == '-' && digits_at(name, 2) == 2;
  if (disc) end = 4;
  if (digits < 1 || digits > 2 || end >= name.length) return name;
  bool padded = disc || (digits == 2 && name.bytes[0] == '0');
  Text rest = from(name, end);
  if (!take_prefix(&rest, " - ") && !take_prefix(&rest, ". ") && !take_prefix(&rest, "_") && !(padded && take_prefix(&rest, " "))) return name;
  return trim(rest).length ? trim(rest) : name;
}

Text m3u_path_name(Arena *arena, Text path) {
  if (find(path, "://") < path.length) {
    path.length = find(path, "?");
    size_t start = path.length;
    while (start && path.bytes[start - 1] != '/') start--;
    return drop_number(trim(drop_extension(resolve_percent(arena, from(path, start)))));
  }
  size_t start = path.length;
  while (start && path.bytes[start - 1] != '/' && path.bytes[start - 1] != '\\') start--;
  return drop_number(trim(drop_extension(from(path, start))));
}

void m3u_split_name(Text name, Text *artist, Text *title) {
  size_t at = find(name, " - ");
  bool both = at > 0 && at + 3 < name.length;
  *artist = both ? trim((Text){name.bytes, at}) : (Text){"", 0};
  *title = both ? trim(from(name, at + 3)) : trim(name);
}

bool m3u_parse_info(Text line, Text *seconds, Text *name) {
  if (!take_prefix(&line, "#EXTINF:")) return false;
  bool quoted = false;
  size_t comma = 0, end = 0;
  while (comma < line.length && (quoted || line.bytes[comma] != ',')) quoted ^= line.bytes[comma++] == '"';
  if (comma == line.length) comma = find(line, ","); /* a quote that is not closed belongs to the title */
  *name = comma < line.length ? trim(from(line, comma + 1)) : (Text){"", 0};
  line = trim((Text){line.bytes, comma});
  while (end < line.length && line.bytes[end] != ' ' && line.bytes[end] != '\t') end++;
  *seconds = (Text){line.bytes, end};
  return true;
}
