#include "compiler/lsp/message.h"

#include <string.h>

static void release(void *tree) {
  cJSON_Delete(tree);
}

static bool only_blanks(const char *at, const char *end) {
  while (at < end && strchr(" \t\r\n", *at)) at++;
  return at == end;
}

/* A text of the tree would end there without anybody being told. */
static bool escapes_nul(Text body) {
  for (size_t i = 0; i + 6 <= body.length; i++) {
    if (body.bytes[i] != '\\') continue;
    if (memcmp(body.bytes + i, "\\u0000", 6) == 0) return true;
    i++;
  }
  return false;
}

cJSON *message_parse(Arena *arena, Text body) {
  const char *end = NULL;
  if (text_invalid_at(body) != body.length || escapes_nul(body)) return NULL;
  cJSON *tree = cJSON_ParseWithLengthOpts(body.bytes, body.length, &end, false);
  if (tree) arena_defer(arena, release, tree);
  return tree && only_blanks(end, body.bytes + body.length) ? tree : NULL;
}

const cJSON *message_get(const cJSON *object, const char *name) {
  return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, name) : NULL;
}

const cJSON *message_path(const cJSON *object, const char *path) {
  while (object && *path) {
    char name[64];
    size_t length = strcspn(path, ".");
    if (length >= sizeof name) return NULL;
    memcpy(name, path, length);
    name[length] = '\0';
    object = message_get(object, name);
    path += length + (path[length] == '.');
  }
  return object;
}

bool message_text(const cJSON *value, Text *out) {
  if (!cJSON_IsString(value)) return false;
  *out = text_of(value->valuestring);
  return true;
}

bool message_number(const cJSON *value, uint32_t *out) {
  if (!cJSON_IsNumber(value) || !(value->valuedouble >= 0 && value->valuedouble <= INT32_MAX)) return false;
  *out = (uint32_t)value->valuedouble;
  return (double)*out == value->valuedouble;
}

bool message_position(const cJSON *value, Position *out) {
  return message_number(message_get(value, "line"), &out->line) && message_number(message_get(value, "character"), &out->character);
}

static bool comes_before(Position a, Position b) {
  return a.line != b.line ? a.line < b.line : a.character < b.character;
}

bool message_range(const cJSON *value, Position *start, Position *end) {
  return message_position(message_get(value, "start"), start) && message_position(message_get(value, "end"), end) && !comes_before(*end, *start);
}

void json_append_position(TextBuilder *out, Position position) {
  text_append_format(out, "{\"line\":%u,\"character\":%u}", position.line, position.character);
}

void json_append_range(TextBuilder *out, const Lines *lines, uint32_t start, uint32_t end) {
  text_append(out, TEXT_LITERAL("{\"start\":"));
  json_append_position(out, lines_position(lines, start));
  text_append(out, TEXT_LITERAL(",\"end\":"));
  json_append_position(out, lines_position(lines, end));
  text_append_char(out, '}');
}

void json_append_member(TextBuilder *out, const char *name, Text text) {
  text_append_format(out, "\"%s\":", name);
  json_append_string(out, text);
}
