#include "compiler/workflow/json_tree.h"

#include <string.h>

#include "base/json.h"
#include "base/vec.h"

typedef struct TreeReader {
  Arena *arena;
  JsonReader *json;
  uint32_t source;
  SourceSet *sources;
  DiagList *diags;
  Error error;
} TreeReader;

typedef VEC(JsonMember) Members;

static Span place(const TreeReader *reader) {
  return (Span){reader->source, (uint32_t)json_start(reader->json), (uint32_t)json_stop(reader->json)};
}

static bool next(TreeReader *reader, JsonToken *token) {
  return json_next(reader->json, token, &reader->error) == STATUS_OK;
}

/* One more step of a pointer: `~` and `/` are written ~0 and ~1. */
static Text pointer_to(Arena *arena, Text above, Text step) {
  TextBuilder pointer = {.arena = arena};
  text_append(&pointer, above);
  text_append_char(&pointer, '/');
  for (size_t i = 0; i < step.length; i++) {
    if (step.bytes[i] == '~' || step.bytes[i] == '/')
      text_append_format(&pointer, "~%c", step.bytes[i] == '~' ? '0' : '1');
    else
      text_append_char(&pointer, step.bytes[i]);
  }
  return text_built(&pointer);
}

static JsonMember *find_member(const Members *members, Text key) {
  for (size_t i = 0; i < members->count; i++)
    if (text_equal(members->items[i].key, key)) return &members->items[i];
  return NULL;
}

static JsonValue *read_value(TreeReader *reader, JsonToken token, Text pointer);

static bool read_object(TreeReader *reader, JsonValue *object) {
  Members members = {0};
  JsonToken token;
  for (;;) {
    if (!next(reader, &token)) return false;
    if (token == JSON_OBJECT_END) break;
    JsonMember member = {.key = text_copy(reader->arena, json_text(reader->json)), .key_span = place(reader)};
    if (!next(reader, &token)) return false;
    member.value = read_value(reader, token, pointer_to(reader->arena, object->pointer, member.key));
    if (!member.value) return false;
    source_point(reader->sources, member.key_span, member.value->pointer);
    const JsonMember *first = find_member(&members, member.key);
    if (!first) {
      vec_push(reader->arena, &members, member);
      continue;
    }
    Diag *diag = diag_report(reader->diags, DIAG_JSON_KEY_TWICE, member.key_span, "\"" TEXT_FORMAT "\" stands twice in this object", TEXT_ARG(member.key));
    diag_label(reader->diags, diag, first->key_span, "first here");
    diag_hint(reader->diags, diag, "keep one of them");
  }
  object->members = members.items;
  object->count = members.count;
  return true;
}

static bool read_array(TreeReader *reader, JsonValue *array) {
  Members items = {0};
  JsonToken token;
  for (;;) {
    if (!next(reader, &token)) return false;
    if (token == JSON_ARRAY_END) break;
    Text number = text_of(arena_format(reader->arena, "%zu", items.count));
    JsonMember item = {.value = read_value(reader, token, pointer_to(reader->arena, array->pointer, number))};
    if (!item.value) return false;
    vec_push(reader->arena, &items, item);
  }
  array->members = items.items;
  array->count = items.count;
  return true;
}

/* The depth is the JSON reader's to limit. */
static JsonValue *read_value(TreeReader *reader, JsonToken token, Text pointer) {
  JsonValue *value = arena_alloc(reader->arena, sizeof *value);
  *value = (JsonValue){.span = place(reader), .pointer = pointer};
  bool whole = true;
  switch (token) {
    case JSON_OBJECT:
      value->kind = JSON_IS_OBJECT;
      whole = read_object(reader, value);
      value->span.end = place(reader).end;
      break;
    case JSON_ARRAY:
      value->kind = JSON_IS_ARRAY;
      whole = read_array(reader, value);
      value->span.end = place(reader).end;
      break;
    case JSON_STRING:
      value->kind = JSON_IS_TEXT;
      value->text = text_copy(reader->arena, json_text(reader->json));
      break;
    case JSON_INTEGER:
      value->kind = JSON_IS_INTEGER;
      value->integer = json_integer(reader->json);
      value->number = (double)value->integer;
      break;
    case JSON_NUMBER:
      value->kind = JSON_IS_NUMBER;
      value->number = json_number(reader->json);
      break;
    case JSON_TRUE:
    case JSON_FALSE:
      value->kind = JSON_IS_BOOL;
      value->boolean = token == JSON_TRUE;
      break;
    default: value->kind = JSON_IS_NULL; break;
  }
  if (whole) source_point(reader->sources, value->span, pointer);
  return whole ? value : NULL;
}

/* The reader's message begins with the name, the line and the column of the fault, which the span says. */
static const char *bare_message(const char *message) {
  const char *bare = strstr(message, ": ");
  return bare ? bare + 2 : message;
}

JsonValue *json_tree_read(Arena *arena, SourceSet *sources, uint32_t source, DiagList *diags) {
  TreeReader reader = {.arena = arena, .source = source, .sources = sources, .diags = diags};
  Text text = sources->items[source].text;
  reader.json = json_reader_new(arena, input_of_text(arena, text, "json"));
  JsonToken token;
  JsonValue *value = next(&reader, &token) ? read_value(&reader, token, (Text){"", 0}) : NULL;
  if (value && !next(&reader, &token)) value = NULL;
  if (value) return value;
  uint32_t at = (uint32_t)json_fault(reader.json);
  if (at > text.length) at = (uint32_t)text.length;
  diag_report(diags, DIAG_JSON_SYNTAX, (Span){source, at, at < text.length ? at + 1 : at}, "%s", bare_message(reader.error.message));
  return NULL;
}

JsonMember *json_member(const JsonValue *object, const char *key) {
  if (!object || object->kind != JSON_IS_OBJECT) return NULL;
  for (size_t i = 0; i < object->count; i++) {
    if (!text_is(object->members[i].key, key)) continue;
    object->members[i].known = true;
    return &object->members[i];
  }
  return NULL;
}

const char *json_kind_name(JsonKind kind) {
  static const char *const names[] = {"null", "true or false", "a whole number", "a number", "a text", "a list", "an object"};
  return names[kind];
}
