#include <string.h>

#include "connectors/http/cassette.h"

#define REPLACED "(secret)"

Text redact_params(Arena *arena, Text params) {
  TextBuilder out = {.arena = arena};
  for (size_t at = 0; at < params.length;) {
    size_t end = at;
    while (end < params.length && params.bytes[end] != '&' && params.bytes[end] != '?') end++;
    const char *equals = memchr(params.bytes + at, '=', end - at);
    size_t name = equals ? (size_t)(equals - params.bytes) - at : end - at;
    if (equals && secret_name((Text){params.bytes + at, name}, SECRET_SENT)) {
      text_append(&out, (Text){params.bytes + at, name + 1});
      text_append(&out, TEXT_LITERAL(REPLACED));
    } else {
      text_append(&out, (Text){params.bytes + at, end - at});
    }
    if (end < params.length) text_append_char(&out, params.bytes[end]);
    at = end + 1;
  }
  return out.length ? text_built(&out) : TEXT_LITERAL("");
}

Text redact_json(Arena *arena, Text json, SecretPlace place) {
  TextBuilder out = {.arena = arena};
  JsonReader *reader = json_reader_new(arena, input_of_text(arena, json, "body"));
  JsonToken token = JSON_NULL;
  size_t copied = 0;
  bool secret = false;
  while (json_next(reader, &token, NULL) == STATUS_OK && token != JSON_END) {
    if (secret && (token == JSON_STRING || token == JSON_INTEGER || token == JSON_NUMBER)) {
      text_append(&out, (Text){json.bytes + copied, (size_t)json_start(reader) - copied});
      text_append(&out, TEXT_LITERAL("\"" REPLACED "\""));
      copied = (size_t)json_stop(reader);
    }
    secret = token == JSON_KEY && secret_name(json_text(reader), place);
  }
  if (copied == 0) return json;
  text_append(&out, (Text){json.bytes + copied, json.length - copied});
  return text_built(&out);
}

enum { SECRET_LEAST = 4 }; /* shorter ones stand in any text by chance */

/* The longest of the values that stands at `at`. */
static size_t value_at(Text text, size_t at, const Text *values, size_t count) {
  size_t longest = 0;
  for (size_t i = 0; i < count; i++)
    if (values[i].length >= SECRET_LEAST && values[i].length > longest && values[i].length <= text.length - at &&
        memcmp(text.bytes + at, values[i].bytes, values[i].length) == 0)
      longest = values[i].length;
  return longest;
}

bool holds_value(Text text, const Text *values, size_t count) {
  for (size_t at = 0; at < text.length; at++)
    if (value_at(text, at, values, count)) return true;
  return false;
}

Text redact_values(Arena *arena, Text text, const Text *values, size_t count) {
  if (!holds_value(text, values, count)) return text;
  TextBuilder out = {.arena = arena};
  for (size_t at = 0; at < text.length;) {
    size_t length = value_at(text, at, values, count);
    if (length) text_append(&out, TEXT_LITERAL(REPLACED));
    else text_append_char(&out, text.bytes[at]);
    at += length ? length : 1;
  }
  return text_built(&out);
}
