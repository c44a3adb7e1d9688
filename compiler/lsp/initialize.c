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
  text_append(result, TEXT_LITERAL("\"textDocumentSync\":{\"openClose\":true,\"change\":2},\"documentFormattingProvider\":true,"));
  text_append(result, TEXT_LITERAL("\"codeActionProvider\":{\"codeActionKinds\":[\"quickfix\",\"source.fixAll\"]},\"documentSymbolProvider\":true,"));
  text_append(result, TEXT_LITERAL("\"definitionProvider\":true,\"referencesProvider\":true,\"renameProvider\":{\"prepareProvider\":true},"));
  text_append(result, TEXT_LITERAL("\"hoverProvider\":true,\"completionProvider\":{\"triggerCharacters\":[\" \",\".\",\"|\",\"\\\"\"]},"));
  text_append(result, TEXT_LITERAL("\"semanticTokensProvider\":{\"full\":true,\"range\":true,\"legend\":"));
  append_semantic_legend(result);
  text_append(result, TEXT_LITERAL("},\"inlayHintProvider\":true},"));
  text_append(result, TEXT_LITERAL("\"serverInfo\":{\"name\":\"naradac\",\"version\":\"" NARADA_VERSION "\"}}"));
}
