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
