/* The messages: which one is allowed when, who answers it, and what goes back. */
#include "compiler/lsp/server.h"

#include <stdarg.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "compiler/lsp/server_int.h"

typedef struct Method {
  const char *name;
  bool (*answer)(Request *request); /* of a request about a document */
  bool has_position;
} Method;

static const Method methods[] = {
    {"textDocument/formatting", feature_formatting, false},
    {"textDocument/codeAction", feature_code_action, false},
    {"textDocument/documentSymbol", feature_symbols, false},
    {"textDocument/definition", feature_definition, true},
    {"textDocument/references", feature_references, true},
    {"textDocument/prepareRename", feature_prepare_rename, true},
    {"textDocument/rename", feature_rename, true},
    {"textDocument/hover", feature_hover, true},
    {"textDocument/completion", feature_completion, true},
    {"textDocument/semanticTokens/full", feature_semantic_tokens, false},
    {"textDocument/semanticTokens/range", feature_semantic_tokens_range, false},
    {"textDocument/inlayHint", feature_inlay_hints, false},
};

static const struct {
  const char *name;
  void (*take)(Server *server, Arena *arena, const cJSON *params);
} notifications[] = {
    {"initialized", initialized},
    {"textDocument/didOpen", sync_open},
    {"textDocument/didChange", sync_change},
    {"textDocument/didSave", sync_save},
    {"textDocument/didClose", sync_close},
};

void server_send(Server *server, Text body) {
  if (!server->hung_up && !rpc_write(server->out, body)) server->hung_up = true;
}

void server_log(Server *server, Arena *arena, const char *format, ...) {
  char text[ERROR_MESSAGE_SIZE];
  Error error = {0};
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  fail(&error, STATUS_FAILED, "", "%s", text); /* cut at a character */
  TextBuilder out = {.arena = arena};
  text_append(&out, TEXT_LITERAL("{\"jsonrpc\":\"2.0\",\"method\":\"window/logMessage\",\"params\":{\"type\":1,"));
  json_append_member(&out, "message", text_of(error.message));
  text_append(&out, TEXT_LITERAL("}}"));
  server_send(server, text_built(&out));
}

/* ---- answers ---- */

static void begin_answer(TextBuilder *out, const cJSON *id) {
  text_append(out, TEXT_LITERAL("{\"jsonrpc\":\"2.0\",\"id\":"));
  if (cJSON_IsString(id))
    json_append_string(out, text_of(id->valuestring));
  else if (cJSON_IsNumber(id))
    json_append_number(out, id->valuedouble);
  else
    text_append(out, TEXT_LITERAL("null"));
}

static void send_result(Server *server, Arena *arena, const cJSON *id, const TextBuilder *result) {
  TextBuilder out = {.arena = arena};
  begin_answer(&out, id);
  text_append(&out, TEXT_LITERAL(",\"result\":"));
  text_append(&out, result->length ? text_built(result) : TEXT_LITERAL("null"));
  text_append_char(&out, '}');
  server_send(server, text_built(&out));
}

static void send_error(Server *server, Arena *arena, const cJSON *id, int code, const char *message) {
  TextBuilder out = {.arena = arena};
  begin_answer(&out, id);
  text_append_format(&out, ",\"error\":{\"code\":%d,", code);
  json_append_member(&out, "message", text_of(message));
  text_append(&out, TEXT_LITERAL("}}"));
  server_send(server, text_built(&out));
}

bool request_fail(Request *request, int code, const char *message) {
  request->error_code = code;
  request->error_message = message;
  return false;
}

bool request_range(Request *request, Position *start, Position *end) {
  if (message_range(message_get(request->params, "range"), start, end)) return true;
  return request_fail(request, RPC_INVALID_PARAMS,
                      "range needs a start and an end, each a line and a character, and ends behind its start");
}

/* ---- requests ---- */

static bool answer_about_document(Server *server, const Method *method, Request *request) {
  Text uri;
  if (!message_text(message_path(request->params, "textDocument.uri"), &uri)) return request_fail(request, RPC_INVALID_PARAMS, "textDocument.uri must be a text");
  request->document = sync_find(server, uri);
  if (!request->document)
    return request_fail(request, RPC_INVALID_PARAMS, arena_format(request->arena, TEXT_FORMAT " is not open", TEXT_ARG(uri)));
  if (method->has_position) {
    if (!message_position(message_get(request->params, "position"), &request->position))
      return request_fail(request, RPC_INVALID_PARAMS, "position needs a line and a character, both whole numbers from 0");
    request->offset = lines_offset(&request->document->lines, request->position);
  }
  return method->answer(request);
}

static void take_request(Server *server, Arena *arena, const cJSON *id, Text name, const cJSON *params) {
  TextBuilder result = {.arena = arena};
  bool is_initialize = text_is(name, "initialize");
  if (server->state == SERVER_NEW && !is_initialize) {
    send_error(server, arena, id, RPC_NOT_INITIALIZED, "the first request must be `initialize`");
  } else if (server->state == SERVER_SHUT_DOWN) {
    send_error(server, arena, id, RPC_INVALID_REQUEST, "after `shutdown` only `exit` may follow");
  } else if (is_initialize && server->state != SERVER_NEW) {
    send_error(server, arena, id, RPC_INVALID_REQUEST, "`initialize` may be sent only once");
  } else if (is_initialize) {
    initialize(server, params, &result);
    server->state = SERVER_RUNNING;
    send_result(server, arena, id, &result);
  } else if (text_is(name, "shutdown")) {
    server->state = SERVER_SHUT_DOWN;
    send_result(server, arena, id, &result);
  } else {
    Request request = {.arena = arena, .params = params, .result = {.arena = arena}};
    const Method *method = NULL;
    for (size_t i = 0; i < sizeof methods / sizeof *methods && !method; i++)
      if (text_is(name, methods[i].name)) method = &methods[i];
    if (!method)
      send_error(server, arena, id, RPC_METHOD_NOT_FOUND, arena_format(arena, "there is no method `" TEXT_FORMAT "`", TEXT_ARG(name)));
    else if (answer_about_document(server, method, &request))
      send_result(server, arena, id, &request.result);
    else
      send_error(server, arena, id, request.error_code, request.error_message);
  }
}

/* One that is not known is ignored, as the protocol wants it. */
static void take_notification(Server *server, Arena *arena, Text name, const cJSON *params) {
  if (text_is(name, "exit")) {
    server->exit_failed = server->state != SERVER_SHUT_DOWN;
    server->state = SERVER_GONE;
  } else if (server->state == SERVER_RUNNING) {
    for (size_t i = 0; i < sizeof notifications / sizeof *notifications; i++)
      if (text_is(name, notifications[i].name)) notifications[i].take(server, arena, params);
  }
}

static void take_message(Server *server, Arena *arena, Text body) {
  const cJSON *message = message_parse(arena, body);
  const cJSON *id = message_get(message, "id"), *params = message_get(message, "params");
  Text name, version;
  if (!message) {
    send_error(server, arena, NULL, RPC_PARSE_ERROR, "the message is no JSON in UTF-8, or holds a NUL");
    return;
  }
  bool valid = message_text(message_get(message, "jsonrpc"), &version) && text_is(version, "2.0");
  bool valid_id = !id || cJSON_IsString(id) || cJSON_IsNumber(id);
  bool valid_params = !params || cJSON_IsObject(params) || cJSON_IsArray(params) || cJSON_IsNull(params);
  bool has_name = message_text(message_get(message, "method"), &name);
  if (valid && id && !has_name && (message_get(message, "result") || message_get(message, "error"))) return; /* to what we registered: without it nothing else changes */
  if (!valid || !valid_id || !valid_params || !has_name)
    send_error(server, arena, id, RPC_INVALID_REQUEST, "a message needs `jsonrpc` \"2.0\", a `method`, and an `id` that is a text or a number if it is a request");
  else if (id)
    take_request(server, arena, id, name, params);
  else
    take_notification(server, arena, name, params);
}

/* ---- the loop ---- */

typedef struct Turn {
  Server *server;
  Arena *arena;
} Turn;

static Status take_turn(void *context, Error *error) {
  Turn *turn = context;
  Text body;
  const char *why;
  switch (rpc_read(turn->server->in, turn->arena, &body, &why)) {
    case RPC_MESSAGE: take_message(turn->server, turn->arena, body); break;
    case RPC_TOO_LONG:
      send_error(turn->server, turn->arena, NULL, RPC_INVALID_REQUEST, arena_format(turn->arena, "a message may have at most %d bytes", RPC_MAX_BYTES));
      break;
    case RPC_END: turn->server->state = SERVER_GONE; break;
    case RPC_BROKEN:
      send_error(turn->server, turn->arena, NULL, RPC_PARSE_ERROR, why);
      turn->server->state = SERVER_GONE;
      return fail(error, STATUS_FAILED, "", "%s", why);
  }
  return STATUS_OK;
}

/* Every change makes its document anew, in as much memory as it gives back: the system need not clear the pages each time. */
static void keep_memory(void) {
#ifdef __GLIBC__
  enum { KEPT = 64 << 20, OWN_MAPPING = 16 << 20 };
  mallopt(M_TRIM_THRESHOLD, KEPT);
  mallopt(M_MMAP_THRESHOLD, OWN_MAPPING);
#endif
}

Status lsp_serve(FILE *in, FILE *out, Error *error) {
  Server server = {.in = in, .out = out, .encoding = ENCODING_UTF16};
  Status status = STATUS_OK;
  keep_memory();
  while (status == STATUS_OK && server.state != SERVER_GONE && !server.hung_up) {
    Turn turn = {&server, arena_new(0)};
    if (!turn.arena) {
      status = fail(error, STATUS_FAILED, "", "no memory");
      break;
    }
    status = arena_protect(turn.arena, take_turn, &turn, error);
    arena_free(turn.arena);
  }
  sync_close_all(&server);
  if (status == STATUS_OK && server.exit_failed) status = STATUS_FAILED;
  return status;
}
