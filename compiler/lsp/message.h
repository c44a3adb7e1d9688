/* message.h: reading what clients send and writing what they get, as JSON. */
#ifndef NARADA_COMPILER_LSP_MESSAGE_H
#define NARADA_COMPILER_LSP_MESSAGE_H

#include <cjson/cJSON.h>

#include "base/json.h"
#include "compiler/lsp/document.h"

/* JSON-RPC and LSP error codes. */
enum {
  RPC_PARSE_ERROR = -32700,
  RPC_INVALID_REQUEST = -32600,
  RPC_METHOD_NOT_FOUND = -32601,
  RPC_INVALID_PARAMS = -32602,
  RPC_INTERNAL_ERROR = -32603,
  RPC_NOT_INITIALIZED = -32002,
  RPC_REQUEST_FAILED = -32803,
};

/* The whole message as a tree that lives as long as the arena; NULL if it is no JSON, and of NULs or invalid UTF-8. */
cJSON *message_parse(Arena *arena, Text body);
/* The member, or NULL; also of what is no object. Names are compared as they are written. */
const cJSON *message_get(const cJSON *object, const char *name);
/* "a.b.c" */
const cJSON *message_path(const cJSON *object, const char *path);
/* False for what is no text. Borrowed. */
bool message_text(const cJSON *value, Text *out);
/* A whole number from 0 to 2^31 - 1. */
bool message_number(const cJSON *value, uint32_t *out);
bool message_position(const cJSON *value, Position *out);
bool message_range(const cJSON *value, Position *start, Position *end);

void json_append_position(TextBuilder *out, Position position);
void json_append_range(TextBuilder *out, const Lines *lines, uint32_t start, uint32_t end);
/* `"name":"text"` */
void json_append_member(TextBuilder *out, const char *name, Text text);

#endif
