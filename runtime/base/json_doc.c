#include "base/json_doc.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

enum { FEW_KEYS = 16 };

typedef VEC(JsonNode) Nodes;
typedef VEC(Text) Keys;

typedef struct DocReader {
  Arena *arena;
  JsonReader *json;
  const char *name;
  Error *error;
} DocReader;

static Status read_node(DocReader *reader, JsonToken token, JsonNode *out);

static int compare_keys(const void *a, const void *b) {
  return text_compare(*(const Text *)a, *(const Text *)b);
}

/* Few keys are compared each with each; many are sorted, so that a hostile object costs no square. */
static const Text *key_twice(Arena *arena, const Keys *keys) {
  if (keys->count <= FEW_KEYS) {
    for (size_t i = 1; i < keys->count; i++)
      for (size_t j = 0; j < i; j++)
        if (text_equal(keys->items[i], keys->items[j])) return &keys->items[i];
    return NULL;
  }
  Text *sorted = arena_array(arena, keys->count, sizeof *sorted);
  memcpy(sorted, keys->items, keys->count * sizeof *sorted);
  qsort(sorted, keys->count, sizeof *sorted, compare_keys);
  for (size_t i = 1; i < keys->count; i++)
    if (text_equal(sorted[i - 1], sorted[i])) return &sorted[i];
  return NULL;
}

/* The items of a container that was just opened, up to its end. */
static Status read_items(DocReader *reader, JsonNode *out) {
  Nodes items = {0};
  Keys keys = {0};
  uint64_t line = json_line(reader->json);
  JsonToken token, end = out->kind == JSON_OBJECT ? JSON_OBJECT_END : JSON_ARRAY_END;
  for (;;) {
    Status status = json_next(reader->json, &token, reader->error);
    if (status) return status;
    if (token == end) break;
    if (token == JSON_KEY) {
      vec_push(reader->arena, &keys, text_copy(reader->arena, json_text(reader->json)));
      status = json_next(reader->json, &token, reader->error);
      if (status) return status;
    }
    JsonNode item = {0};
    status = read_node(reader, token, &item);
    if (status) return status;
    vec_push(reader->arena, &items, item);
  }
  const Text *twice = key_twice(reader->arena, &keys);
  if (twice) {
    Text shown = {twice->bytes, twice->length > 64 ? 64 : twice->length};
    return fail(reader->error, STATUS_FAILED, "", "%s:%llu: the key \"" TEXT_FORMAT "\" stands twice in one object", reader->name, (unsigned long long)line,
                TEXT_ARG(shown));
  }
  out->items = items.items;
  out->keys = keys.items;
  out->count = (uint32_t)items.count;
  return STATUS_OK;
}

/* The depth is the JSON reader's to limit. */
static Status read_node(DocReader *reader, JsonToken token, JsonNode *out) {
  out->kind = token;
  switch (token) {
    case JSON_OBJECT:
    case JSON_ARRAY: return read_items(reader, out);
    case JSON_STRING: out->text = text_copy(reader->arena, json_text(reader->json)); break;
    case JSON_INTEGER:
      out->integer = json_integer(reader->json);
      out->number = (double)out->integer;
      break;
    case JSON_NUMBER: out->number = json_number(reader->json); break;
    default: break;
  }
  return STATUS_OK;
}

Status json_doc_read(Arena *arena, Text text, const char *name, JsonDoc *out, Error *error) {
  DocReader reader = {.arena = arena, .name = name, .error = error};
  reader.json = json_reader_new(arena, input_of_text(arena, text, name));
  JsonNode *root = arena_alloc(arena, sizeof *root);
  JsonToken token;
  Status status = json_next(reader.json, &token, error);
  if (!status) status = read_node(&reader, token, root);
  if (!status) status = json_next(reader.json, &token, error);
  out->root = status ? NULL : root;
  return status;
}

static const JsonNode *member(const JsonNode *object, Text key) {
  for (uint32_t i = 0; object->keys && i < object->count; i++)
    if (text_equal(object->keys[i], key)) return &object->items[i];
  return NULL;
}

const JsonNode *json_get(const JsonNode *object, const char *key) {
  return object && object->kind == JSON_OBJECT ? member(object, text_of(key)) : NULL;
}

static const JsonNode *item_at(const JsonNode *array, Text step) {
  if (text_is(step, "-1")) return array->count ? &array->items[array->count - 1] : NULL;
  uint64_t index = 0;
  for (size_t i = 0; i < step.length; i++) {
    if (step.bytes[i] < '0' || step.bytes[i] > '9' || index > UINT32_MAX) return NULL;
    index = index * 10 + (uint64_t)(step.bytes[i] - '0');
  }
  return step.length && index < array->count ? &array->items[index] : NULL;
}

const JsonNode *json_at(const JsonNode *node, Text pointer) {
  size_t at = 0;
  while (node && at < pointer.length) {
    size_t end = ++at; /* past the slash */
    while (end < pointer.length && pointer.bytes[end] != '/') end++;
    Text step = {pointer.bytes + at, end - at};
    node = node->kind == JSON_OBJECT ? member(node, step) : node->kind == JSON_ARRAY ? item_at(node, step) : NULL;
    at = end;
  }
  return node;
}

Text json_get_text(const JsonNode *object, const char *key) {
  const JsonNode *node = json_get(object, key);
  return node && node->kind == JSON_STRING ? node->text : TEXT_LITERAL("");
}

bool json_whole(const JsonNode *node, int64_t *out) {
  if (node && node->kind == JSON_INTEGER) {
    *out = node->integer;
    return true;
  }
  if (!node || node->kind != JSON_STRING || node->text.length == 0 || node->text.length > 18) return false;
  int64_t value = 0;
  for (size_t i = 0; i < node->text.length; i++) {
    if (node->text.bytes[i] < '0' || node->text.bytes[i] > '9') return false;
    value = value * 10 + (node->text.bytes[i] - '0');
  }
  *out = value;
  return true;
}
