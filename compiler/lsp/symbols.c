/* What a document defines and does, as an outline. */
#include "compiler/lsp/features.h"

static void append_symbol(TextBuilder *out, const Document *document, Text name, const char *detail, int kind, Span span, Span selection) {
  text_append(out, TEXT_LITERAL("{"));
  json_append_member(out, "name", name);
  text_append_format(out, ",\"detail\":\"%s\",\"kind\":%d,\"range\":", detail, kind);
  json_append_range(out, &document->lines, span.start, span.end);
  text_append(out, TEXT_LITERAL(",\"selectionRange\":"));
  json_append_range(out, &document->lines, selection.start, selection.end);
  text_append_char(out, '}');
}

/* The first words of a pipeline: `from library.played`. */
static Text pipeline_title(const Document *document, const Pipeline *pipeline) {
  Span span = pipeline->span;
  if (pipeline->stage_count && pipeline->stages[0]->span.start > span.start) span.end = pipeline->stages[0]->span.start;
  Text text = span_text(&document->sources, span);
  size_t end = 0;
  while (end < text.length && end < 80 && text.bytes[end] != '\n' && text.bytes[end] != '\r') end++;
  while (end > 0 && end < text.length && ((unsigned char)text.bytes[end] & 0xC0) == 0x80) end--;
  while (end > 0 && (text.bytes[end - 1] == ' ' || text.bytes[end - 1] == '|')) end--;
  return end ? (Text){text.bytes, end} : TEXT_LITERAL("from");
}

bool feature_symbols(Request *request) {
  enum { KIND_FUNCTION = 12, KIND_VARIABLE = 13, KIND_CONSTANT = 14, KIND_EVENT = 24 };
  const Document *document = request->document;
  TextBuilder *out = &request->result;
  if (!document->graph) return true;
  const Unit *unit = document_unit(document);
  text_append_char(out, '[');
  for (size_t i = 0; i < unit->stmt_count; i++) {
    const Stmt *stmt = unit->stmts[i];
    bool named = stmt->kind == STMT_PARAM || stmt->kind == STMT_LET || stmt->kind == STMT_STAGE;
    if (!(named && stmt->name.length) && !(stmt->kind == STMT_PIPELINE && stmt->pipeline)) continue;
    if (out->bytes[out->length - 1] == '}') text_append_char(out, ',');
    switch (stmt->kind) {
      case STMT_PARAM: append_symbol(out, document, stmt->name, "param", KIND_CONSTANT, stmt->span, stmt->name_span); break;
      case STMT_LET: append_symbol(out, document, stmt->name, stmt->pipeline ? "stream" : "value", KIND_VARIABLE, stmt->span, stmt->name_span); break;
      case STMT_STAGE: append_symbol(out, document, stmt->name, "stage", KIND_FUNCTION, stmt->span, stmt->name_span); break;
      default: append_symbol(out, document, pipeline_title(document, stmt->pipeline), "pipeline", KIND_EVENT, stmt->span, span_start(stmt->span)); break;
    }
  }
  text_append_char(out, ']');
  return true;
}
