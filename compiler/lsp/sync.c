/* The open documents, kept as the client has them. */
#include "base/vec.h"
#include "compiler/lsp/server_int.h"

static Document **find(Server *server, Text uri) {
  Document **at = &server->documents;
  while (*at && !text_equal((*at)->uri, uri)) at = &(*at)->next;
  return at;
}

Document *sync_find(Server *server, Text uri) {
  return *find(server, uri);
}

static void publish(Server *server, Arena *arena, const Document *document) {
  TextBuilder out = {.arena = arena};
  text_append(&out, TEXT_LITERAL("{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/publishDiagnostics\",\"params\":{"));
  json_append_member(&out, "uri", document->uri);
  if (document->has_version) text_append_format(&out, ",\"version\":%ld", (long)document->version);
  text_append(&out, TEXT_LITERAL(",\"diagnostics\":"));
  append_diagnostics(&out, document);
  text_append(&out, TEXT_LITERAL("}}"));
  server_send(server, text_built(&out));
}

static void read_version(Document *document, const cJSON *version) {
  document->has_version = cJSON_IsNumber(version) && version->valuedouble >= INT32_MIN && version->valuedouble <= INT32_MAX;
  if (document->has_version) document->version = (int64_t)version->valuedouble;
}

/* In the place of the one of that name, if there is one. */
static void put(Server *server, Arena *arena, Document *document) {
  Document **at = find(server, document->uri);
  Document *old = *at;
  document->next = old ? old->next : NULL;
  *at = document;
  document_close(old);
  publish(server, arena, document);
}

void sync_open(Server *server, Arena *arena, const cJSON *params) {
  const cJSON *item = message_get(params, "textDocument");
  Text uri, text, language;
  if (!message_text(message_get(item, "uri"), &uri) || !message_text(message_get(item, "text"), &text)) {
    server_log(server, arena, "textDocument/didOpen: textDocument.uri and textDocument.text must be texts; nothing was opened");
    return;
  }
  bool ours = message_text(message_get(item, "languageId"), &language) && text_is(language, "narada");
  Document *document = text.length > DOCUMENT_MAX_BYTES ? NULL : document_open(uri, text, ours, server->encoding);
  if (!document) {
    server_log(server, arena, "textDocument/didOpen: no memory for " TEXT_FORMAT, TEXT_ARG(uri));
    return;
  }
  read_version(document, message_get(item, "version"));
  put(server, arena, document);
}

static bool read_edit(const cJSON *change, Edit *edit) {
  const cJSON *range = message_get(change, "range");
  *edit = (Edit){.whole = !range || cJSON_IsNull(range)};
  return message_text(message_get(change, "text"), &edit->text) && (edit->whole || message_range(range, &edit->start, &edit->end));
}

void sync_change(Server *server, Arena *arena, const cJSON *params) {
  const cJSON *changes = message_get(params, "contentChanges"), *change;
  Text uri;
  VEC(Edit) edits = {0};
  if (!message_text(message_path(params, "textDocument.uri"), &uri) || !cJSON_IsArray(changes)) {
    server_log(server, arena, "textDocument/didChange: textDocument.uri must be a text, and contentChanges a list; nothing was changed");
    return;
  }
  const Document *document = sync_find(server, uri);
  if (!document) {
    server_log(server, arena, "textDocument/didChange: " TEXT_FORMAT " is not open", TEXT_ARG(uri));
    return;
  }
  vec_reserve(arena, &edits, 1);
  cJSON_ArrayForEach(change, changes) {
    Edit edit;
    if (!read_edit(change, &edit)) {
      server_log(server, arena, "textDocument/didChange: a change needs a text and, if any, a range that ends behind its start; " TEXT_FORMAT " was not changed", TEXT_ARG(uri));
      return;
    }
    vec_push(arena, &edits, edit);
  }
  Document *changed = document_changed(document, edits.items, edits.count, server->encoding);
  if (!changed) {
    server_log(server, arena, "textDocument/didChange: " TEXT_FORMAT " was not changed: it would be longer than %d bytes, or there is no memory", TEXT_ARG(uri),
               DOCUMENT_MAX_BYTES);
    return;
  }
  read_version(changed, message_path(params, "textDocument.version"));
  put(server, arena, changed);
}

static bool uses_files(const Document *document) {
  const Unit *unit = document->graph ? document_unit(document) : NULL;
  for (size_t i = 0; unit && i < unit->stmt_count; i++)
    if (unit->stmts[i]->kind == STMT_USE) return true;
  return false;
}

void sync_save(Server *server, Arena *arena, const cJSON *params) {
  Text uri;
  if (!message_text(message_path(params, "textDocument.uri"), &uri)) uri = TEXT_LITERAL("");
  for (Document *document = server->documents; document; document = document->next) {
    if (!uses_files(document) || text_equal(document->uri, uri)) continue;
    Document *again = document_changed(document, NULL, 0, server->encoding);
    if (!again) continue;
    again->has_version = document->has_version;
    again->version = document->version;
    put(server, arena, again);
    document = again;
  }
}

void sync_close(Server *server, Arena *arena, const cJSON *params) {
  Text uri;
  Document **at = message_text(message_path(params, "textDocument.uri"), &uri) ? find(server, uri) : NULL;
  if (!at || !*at) {
    server_log(server, arena, "textDocument/didClose: no such document is open");
    return;
  }
  Document *closed = *at;
  *at = closed->next;
  closed->diags.count = 0;
  closed->has_version = closed->too_long = false;
  publish(server, arena, closed);
  document_close(closed);
}

void sync_close_all(Server *server) {
  while (server->documents) {
    Document *first = server->documents;
    server->documents = first->next;
    document_close(first);
  }
}
