/* What the server can do. */
#include "compiler/lsp/server_int.h"

/* The first that the client wants and we know. */
static Encoding choose_encoding(const cJSON *params) {
  const cJSON *wanted = message_path(params, "capabilities.general.positionEncodings");
  const cJSON *item;
  if (!cJSON_IsArray(wanted)) return ENCODING_UTF16;
  cJSON_ArrayForEach(item, wanted) {
    Text name;
    if (!message_text(item, &name)) continue;
    for (int i = 0; i < ENCODING_COUNT; i++)
      if (text_is(name, encoding_name((Encoding)i))) return (Encoding)i;
  }
  return ENCODING_UTF16;
}

void initialize(Server *server, const cJSON *params, TextBuilder *result) {
  server->encoding = choose_encoding(params);
  text_append_format(result, "{\"capabilities\":{\"positionEncoding\":\"%s\",", encoding_name(server->encoding));
  text_append(result, TEXT_LITERAL("\"textDocumentSync\":{\"openClose\":true,\"change\":2,\"save\":true},"));
  server->register_formatting = cJSON_IsTrue(message_path(params, "capabilities.textDocument.formatting.dynamicRegistration"));
  if (!server->register_formatting) text_append(result, TEXT_LITERAL("\"documentFormattingProvider\":true,"));
  text_append(result, TEXT_LITERAL("\"codeActionProvider\":{\"codeActionKinds\":[\"quickfix\",\"source.fixAll\"]},\"documentSymbolProvider\":true,"));
  text_append(result, TEXT_LITERAL("\"definitionProvider\":true,\"referencesProvider\":true,\"renameProvider\":{\"prepareProvider\":true},"));
  text_append(result, TEXT_LITERAL("\"hoverProvider\":true,\"completionProvider\":{\"triggerCharacters\":[\" \",\".\",\"|\",\"\\\"\"]},"));
  text_append(result, TEXT_LITERAL("\"semanticTokensProvider\":{\"full\":true,\"range\":true,\"legend\":"));
  append_semantic_legend(result);
  text_append(result, TEXT_LITERAL("},\"inlayHintProvider\":true},"));
  text_append(result, TEXT_LITERAL("\"serverInfo\":{\"name\":\"naradac\",\"version\":\"" NARADA_VERSION "\"}}"));
}

void initialized(Server *server, Arena *arena, const cJSON *params) {
  (void)arena;
  (void)params;
  if (!server->register_formatting) return;
  server->register_formatting = false;
  server_send(server, TEXT_LITERAL("{\"jsonrpc\":\"2.0\",\"id\":\"formatting\",\"method\":\"client/registerCapability\",\"params\":{\"registrations\":[{"
                                   "\"id\":\"formatting\",\"method\":\"textDocument/formatting\","
                                   "\"registerOptions\":{\"documentSelector\":[{\"language\":\"narada\"}]}}]}}"));
}
