/* What is wrong with a document, as diagnostics. */
#include <string.h>

#include "compiler/lsp/features.h"
#include "compiler/lsp/uri.h"

/* The place in the document that a message about another file is shown at: a label of it that stands here, its use. */
static Span place_here(const Document *document, const Diag *diag) {
  if (diag->span.source == document->source) return diag->span;
  for (const DiagLabel *label = diag->labels; label; label = label->next)
    if (label->span.source == document->source) return label->span;
  return (Span){document->source, 0, 0};
}

static void append_related(TextBuilder *out, const Document *document, Span span, Text message, bool *any) {
  const Source *source = &document->sources.items[span.source];
  bool here = span.source == document->source;
  Text uri = here ? document->uri : uri_of_path(out->arena, source->path);
  if (!uri.length) return;
  Lines other = {0};
  if (!here) other = lines_of(out->arena, source->text, document->lines.encoding);
  text_append_format(out, "%s{\"location\":{", *any ? "," : ",\"relatedInformation\":[");
  json_append_member(out, "uri", uri);
  text_append(out, TEXT_LITERAL(",\"range\":"));
  json_append_range(out, here ? &document->lines : &other, span.start, span.end);
  text_append(out, TEXT_LITERAL("},"));
  json_append_member(out, "message", message);
  text_append_char(out, '}');
  *any = true;
}

/* The message, what would be right, and what is good to know, each on a line. */
static Text whole_message(Arena *arena, const Document *document, const Diag *diag) {
  TextBuilder text = {.arena = arena};
  if (diag->span.source != document->source) {
    const Source *source = &document->sources.items[diag->span.source];
    SourcePlace place = source_place(source, diag->span.start);
    text_append_format(&text, TEXT_FORMAT ":%u:%u: ", TEXT_ARG(source->path), place.line, place.column);
  }
  text_append(&text, diag->message);
  if (diag->hint.length) text_append_format(&text, "\n" TEXT_FORMAT, TEXT_ARG(diag->hint));
  Text pointer = source_pointer(&document->sources, diag->span);
  if (pointer.length) text_append_format(&text, "\nat " TEXT_FORMAT, TEXT_ARG(pointer));
  for (size_t i = 0; i < diag->note_count; i++) text_append_format(&text, "\n" TEXT_FORMAT, TEXT_ARG(diag->notes[i]));
  return text_built(&text);
}

void append_diagnostic(TextBuilder *out, const Document *document, const Diag *diag) {
  static const int severities[] = {1, 2, 3};
  Span span = place_here(document, diag);
  const DiagInfo *info = diag_info(diag->code);
  text_append(out, TEXT_LITERAL("{\"range\":"));
  json_append_range(out, &document->lines, span.start, span.end);
  text_append_format(out, ",\"severity\":%d,\"code\":\"%s\",\"source\":\"naradac\",", severities[info->severity], info->code);
  json_append_member(out, "message", whole_message(out->arena, document, diag));
  bool unused = diag->code == DIAG_UNUSED_LET || diag->code == DIAG_UNUSED_PARAM || diag->code == DIAG_UNUSED_STAGE;
  if (unused) text_append(out, TEXT_LITERAL(",\"tags\":[1]"));
  bool any = false;
  if (diag->span.source != document->source) append_related(out, document, diag->span, diag->message, &any);
  for (const DiagLabel *label = diag->labels; label; label = label->next) append_related(out, document, label->span, label->message, &any);
  text_append(out, any ? TEXT_LITERAL("]}") : TEXT_LITERAL("}"));
}

static void append_too_long(TextBuilder *out) {
  text_append_format(out,
                     "{\"range\":{\"start\":{\"line\":0,\"character\":0},\"end\":{\"line\":0,\"character\":0}},\"severity\":1,\"source\":\"naradac\","
                     "\"message\":\"the document is longer than %d bytes, the most a program may have; it is not checked\"}",
                     SOURCE_MAX_BYTES);
}

void append_diagnostics(TextBuilder *out, const Document *document) {
  text_append_char(out, '[');
  if (document->too_long) append_too_long(out);
  for (size_t i = 0; i < document->diags.count; i++) {
    if (i) text_append_char(out, ',');
    append_diagnostic(out, document, document->diags.items[i]);
  }
  text_append_char(out, ']');
}
