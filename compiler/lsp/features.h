/* features.h: what the language server answers about a document; one function a request, one file a question. */
#ifndef NARADA_COMPILER_LSP_FEATURES_H
#define NARADA_COMPILER_LSP_FEATURES_H

#include "compiler/lsp/message.h"

/* One request about an open document. An empty result is null. */
typedef struct Request {
  Arena *arena; /* dropped after the answer */
  const cJSON *params;
  Document *document;
  Position position; /* of the requests that have one */
  uint32_t offset;   /* the same in the text */
  TextBuilder result;
  int error_code; /* 0 = none */
  const char *error_message;
} Request;

/* Makes the answer an error; returns false. */
bool request_fail(Request *request, int code, const char *message);
/* The `range` of the params; false if there is none, and the answer says so. */
bool request_range(Request *request, Position *start, Position *end);

/* publish.c */
void append_diagnostics(TextBuilder *out, const Document *document);
void append_diagnostic(TextBuilder *out, const Document *document, const Diag *diag);

/* edits.c */
/* One edit of the part that differs, in whole characters; nothing if nothing does. */
void append_difference(TextBuilder *out, const Document *document, Text now);
bool feature_formatting(Request *request);

/* hover.c: the kind of rows that a stream of the document has, "tracks"; NULL if it is broken. */
const char *stream_kind(const Document *document, const Pipeline *pipeline);

/* One file each. */
bool feature_hover(Request *request);
bool feature_completion(Request *request);
bool feature_code_action(Request *request);
bool feature_symbols(Request *request);
bool feature_definition(Request *request);
bool feature_references(Request *request);
bool feature_prepare_rename(Request *request);
bool feature_rename(Request *request);
bool feature_semantic_tokens(Request *request);
bool feature_semantic_tokens_range(Request *request);
bool feature_inlay_hints(Request *request);

/* semantic_tokens.c: which types and modifiers the numbers of the tokens stand for. */
void append_semantic_legend(TextBuilder *out);

#endif
