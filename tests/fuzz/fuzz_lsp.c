/* Any bytes to the language server: it answers well-formed messages, and ends. The first byte chooses what they are: `r` bytes as they come, `E` what somebody
 * does in an editor, else messages, one a line, that are framed as they should be. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/json.h"
#include "compiler/lsp/server.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { MOST_BYTES = 1 << 16, MEMORY_LIMIT = 256 << 20 };

static void frame(TextBuilder *out, Text body) {
  text_append_format(out, "Content-Length: %zu\r\n\r\n", body.length);
  text_append(out, body);
}

static void append_lines(TextBuilder *out, Text lines) {
  for (size_t at = 0; at < lines.length;) {
    size_t end = at;
    while (end < lines.length && lines.bytes[end] != '\n') end++;
    frame(out, (Text){lines.bytes + at, end - at});
    at = end + 1;
  }
}

/* ---- an editor ---- */

typedef struct Keys {
  Text bytes;
  size_t at;
  uint32_t id;
} Keys;

static unsigned key(Keys *keys) {
  return keys->at < keys->bytes.length ? (unsigned char)keys->bytes.bytes[keys->at++] : 0;
}

/* Up to the next 0x01, with other bytes beyond ASCII as letters of two and four bytes. */
static void append_typed(TextBuilder *out, Arena *arena, Keys *keys) {
  TextBuilder text = {.arena = arena};
  for (unsigned c = key(keys); c > 1; c = key(keys)) {
    if (c < 0x80)
      text_append_char(&text, (char)c);
    else
      text_append(&text, c < 0xC0 ? TEXT_LITERAL("é") : TEXT_LITERAL("🎵"));
  }
  json_append_string(out, text_built(&text));
}

static void append_position(TextBuilder *out, Keys *keys) {
  unsigned line = key(keys), character = key(keys);
  text_append_format(out, "{\"line\":%u,\"character\":%u}", line, character);
}

static void append_range(TextBuilder *out, Keys *keys) {
  text_append(out, TEXT_LITERAL("{\"start\":"));
  append_position(out, keys);
  text_append(out, TEXT_LITERAL(",\"end\":"));
  append_position(out, keys);
  text_append_char(out, '}');
}

static void append_request(TextBuilder *out, Keys *keys, const char *file) {
  static const char *const methods[] = {
      "formatting", "codeAction", "documentSymbol", "definition",          "references",           "prepareRename",
      "rename",     "hover",      "completion",     "semanticTokens/full", "semanticTokens/range", "inlayHint",
  };
  const char *method = methods[key(keys) % (sizeof methods / sizeof *methods)];
  text_append_format(out, "{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"textDocument/%s\",\"params\":{\"textDocument\":{\"uri\":\"%s\"},\"position\":",
                     keys->id++, method, file);
  append_position(out, keys);
  text_append(out, TEXT_LITERAL(",\"newName\":\"other\",\"context\":{\"includeDeclaration\":true},\"range\":{\"start\":{\"line\":0,\"character\":0},\"end\":"));
  append_position(out, keys);
  text_append(out, TEXT_LITERAL("}}}"));
}

static void append_deed(TextBuilder *out, Arena *arena, Keys *keys) {
  static const char *const files[] = {"file:///a.nrd", "file:///w.json", "untitled:1"};
  unsigned deed = key(keys);
  const char *file = files[deed / 8 % 3];
  TextBuilder body = {.arena = arena};
  switch (deed % 8) {
    case 0:
      text_append_format(&body, "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didOpen\",\"params\":{\"textDocument\":{\"uri\":\"%s\",\"version\":1,\"text\":", file);
      append_typed(&body, arena, keys);
      text_append(&body, TEXT_LITERAL("}}}"));
      break;
    case 1:
    case 2:
      text_append_format(&body, "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didChange\",\"params\":{\"textDocument\":{\"uri\":\"%s\",\"version\":2},\"contentChanges\":[{", file);
      if (deed % 8 == 1) {
        text_append(&body, TEXT_LITERAL("\"range\":"));
        append_range(&body, keys);
        text_append_char(&body, ',');
      }
      text_append(&body, TEXT_LITERAL("\"text\":"));
      append_typed(&body, arena, keys);
      text_append(&body, TEXT_LITERAL("}]}}"));
      break;
    case 3:
      text_append_format(&body, "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didClose\",\"params\":{\"textDocument\":{\"uri\":\"%s\"}}}", file);
      break;
    default:
      append_request(&body, keys, file);
  }
  frame(out, text_built(&body));
}

static void append_session(TextBuilder *out, Arena *arena, Text bytes) {
  static const char *const encodings[] = {"utf-8", "utf-16", "utf-32"};
  Keys keys = {.bytes = bytes, .id = 2};
  frame(out, text_of(arena_format(arena, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"capabilities\":{\"general\":{\"positionEncodings\":[\"%s\"]}}}}",
                                  encodings[key(&keys) % 3])));
  while (keys.at < bytes.length) append_deed(out, arena, &keys);
  frame(out, TEXT_LITERAL("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"shutdown\"}"));
  frame(out, TEXT_LITERAL("{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}"));
}

/* ---- what it says ---- */

static void check_answers(const char *bytes, size_t length) {
  for (const char *at = bytes, *end = bytes + length; at < end;) {
    char *behind;
    if (strncmp(at, "Content-Length: ", 16) != 0) abort();
    size_t body = strtoul(at + 16, &behind, 10);
    if (strncmp(behind, "\r\n\r\n", 4) != 0 || (size_t)(end - behind) < body + 4) abort();
    Text text = {behind + 4, body};
    cJSON *message = cJSON_ParseWithLength(text.bytes, text.length);
    bool good = message && text_invalid_at(text) == text.length && cJSON_GetObjectItemCaseSensitive(message, "jsonrpc");
    cJSON_Delete(message);
    if (!good) abort();
    at = text.bytes + text.length;
  }
}

typedef struct Trial {
  Arena *arena;
  Text bytes, client;
} Trial;

static Status write_client(void *context, Error *error) {
  Trial *trial = context;
  TextBuilder out = {.arena = trial->arena};
  Text rest = {trial->bytes.bytes + 1, trial->bytes.length - 1};
  (void)error;
  text_append(&out, TEXT_LITERAL("")); /* never NULL */
  if (trial->bytes.bytes[0] == 'r')
    text_append(&out, rest);
  else if (trial->bytes.bytes[0] == 'E')
    append_session(&out, trial->arena, rest);
  else
    append_lines(&out, trial->bytes);
  trial->client = text_built(&out);
  return STATUS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  char *said = NULL;
  size_t said_length = 0;
  Error error = {0};
  if (length == 0 || length > MOST_BYTES) return 0;
  setenv("NARADA_STORE", "/nonexistent/narada.db", 1); /* nobody's own */
  Trial trial = {.arena = arena_new(MEMORY_LIMIT), .bytes = {(const char *)bytes, length}};
  if (trial.arena && arena_protect(trial.arena, write_client, &trial, &error) == STATUS_OK && trial.client.length) {
    FILE *in = fmemopen((char *)(uintptr_t)trial.client.bytes, trial.client.length, "rb");
    FILE *out = open_memstream(&said, &said_length);
    if (in && out) lsp_serve(in, out, &error);
    if (in) fclose(in);
    if (out) fclose(out);
    if (said) check_answers(said, said_length);
  }
  free(said);
  arena_free(trial.arena);
  return 0;
}
