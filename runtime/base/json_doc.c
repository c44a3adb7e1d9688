#include "base/json_doc.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"

enum { FEW_KEYS = 64 };

/* Items and keys of the containers that are open, the innermost last: each is copied out once, when its container ends. */
typedef struct DocReader {
  Arena *arena;
  JsonReader *json;
  const char *name;
  char *bytes; /* a copy of the text; strings without escapes stay in it */
  size_t length;
  VEC(JsonNode) items;
  VEC(Text) keys;
  Error *error;
} DocReader;

static Status read_node(DocReader *reader, JsonToken token, JsonNode *out);

static int compare_keys(const void *a, const void *b) {
  return text_compare(*(const Text *)a, *(const Text *)b);
}

/* One of 64 bits, the same for equal keys. */
static uint64_t key_bit(Text key) {
  if (!key.length) return 1;
  unsigned sum = (unsigned char)key.bytes[0] * 31u + (unsigned char)key.bytes[key.length / 2] * 7u + (unsigned char)key.bytes[key.length - 1];
  return UINT64_C(1) << ((sum + (unsigned)key.length * 13u) & 63);
}

/* Few keys are compared with those of the same bit; many are sorted, so that a hostile object costs no square. */
static const Text *key_twice(Arena *arena, const Text *keys, size_t count) {
  if (count <= FEW_KEYS) {
    uint64_t seen = 0;
    for (size_t i = 0; i < count; i++) {
      uint64_t bit = key_bit(keys[i]);
      for (size_t j = 0; (seen & bit) && j < i; j++)
        if (text_equal(keys[i], keys[j])) return &keys[i];
      seen |= bit;
    }
    return NULL;
  }
  Text *sorted = arena_array(arena, count, sizeof *sorted);
  memcpy(sorted, keys, count * sizeof *sorted);
  qsort(sorted, count, sizeof *sorted, compare_keys);
  for (size_t i = 1; i < count; i++)
    if (text_equal(sorted[i - 1], sorted[i])) return &sorted[i];
  return NULL;
}

/* The reader's last string, to be kept. */
static Text keep_text(DocReader *reader) {
  Text text = json_text(reader->json);
  size_t at = (size_t)((uintptr_t)text.bytes - (uintptr_t)reader->bytes);
  if (at >= reader->length) return text_copy(reader->arena, text);
  reader->bytes[at + text.length] = '\0'; /* over the closing quote */
  return text;
}

/* The items of a container that was just opened, up to its end. */
static Status read_items(DocReader *reader, JsonNode *out) {
  size_t first = reader->items.count, first_key = reader->keys.count;
  uint64_t line = json_line(reader->json), start = json_start(reader->json);
  JsonToken token, end = out->kind == JSON_OBJECT ? JSON_OBJECT_END : JSON_ARRAY_END;
  for (;;) {
    Status status = json_next(reader->json, &token, reader->error);
    if (status) return status;
    if (token == end) break;
    if (token == JSON_KEY) {
      vec_push(reader->arena, &reader->keys, keep_text(reader));
      status = json_next(reader->json, &token, reader->error);
      if (status) return status;
    }
    JsonNode item = {.kind = token};
    status = read_node(reader, token, &item);
    if (status) return status;
    vec_push(reader->arena, &reader->items, item);
  }
  size_t count = reader->items.count - first, keys = reader->keys.count - first_key;
  const Text *twice = keys ? key_twice(reader->arena, reader->keys.items + first_key, keys) : NULL;
  if (twice) {
    Text shown = {twice->bytes, twice->length > 64 ? 64 : twice->length};
    return fail(reader->error, STATUS_FAILED, "", "%s:%llu: the key \"" TEXT_FORMAT "\" stands twice in one object", reader->name, (unsigned long long)line,
                TEXT_ARG(shown));
  }
  if (count) {
    out->items = arena_array(reader->arena, count, sizeof *out->items);
    memcpy(out->items, reader->items.items + first, count * sizeof *out->items);
  }
  if (keys) {
    out->keys = arena_array(reader->arena, keys, sizeof *out->keys);
    memcpy(out->keys, reader->keys.items + first_key, keys * sizeof *out->keys);
  }
  out->count = (uint32_t)count;
  out->span = (Text){reader->bytes + start, (size_t)(json_stop(reader->json) - start)};
  reader->items.count = first;
  reader->keys.count = first_key;
  return STATUS_OK;
}

/* The depth is the JSON reader's to limit. */
static Status read_node(DocReader *reader, JsonToken token, JsonNode *out) {
  out->kind = token;
  switch (token) {
    case JSON_OBJECT:
    case JSON_ARRAY: return read_items(reader, out);
    case JSON_STRING: out->text = keep_text(reader); break;
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
  DocReader reader = {.arena = arena, .name = name, .length = text.length, .error = error};
  reader.bytes = arena_alloc(arena, text.length + JSON_PADDING);
  if (text.length) memcpy(reader.bytes, text.bytes, text.length);
  reader.json = json_reader_in_place(arena, reader.bytes, text.length, name);
  JsonNode *root = arena_alloc(arena, sizeof *root);
  JsonToken token;
  Status status = json_next(reader.json, &token, error);
  if (!status) status = read_node(&reader, token, root);
  if (!status) status = json_next(reader.json, &token, error);
  out->root = status ? NULL : root;
  return status;
}

uint64_t json_print(const JsonNode *node) {
  if (!node || (node->kind != JSON_OBJECT && node->kind != JSON_ARRAY)) return 0;
  return hash_bytes(node->span.bytes, node->span.length, 0);
}

static const JsonNode *member(const JsonNode *object, Text key) {
  for (uint32_t i = 0; i < object->count; i++)
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
