/* The fixes that messages carry, to choose from. */
#include "compiler/format/fix.h"
#include "compiler/lsp/features.h"

static void begin_action(TextBuilder *out, Text title, const char *kind) {
  if (out->bytes[out->length - 1] != '[') text_append_char(out, ',');
  text_append_char(out, '{');
  json_append_member(out, "title", title);
  text_append_format(out, ",\"kind\":\"%s\"", kind);
}

static void begin_edit(TextBuilder *out, const Document *document) {
  text_append(out, TEXT_LITERAL(",\"edit\":{\"changes\":{"));
  json_append_string(out, document->uri);
  text_append(out, TEXT_LITERAL(":["));
}

/* What the fix does, in words. */
static Text title_of(Arena *arena, const Document *document, const Diag *diag) {
  Text was = span_text(&document->sources, diag->fix_span);
  bool short_enough = was.length <= 40 && diag->replacement.length <= 40;
  if (!short_enough) return diag->hint.length ? diag->hint : diag->message;
  if (!was.length) return text_of(arena_format(arena, "Insert `" TEXT_FORMAT "`", TEXT_ARG(diag->replacement)));
  if (!diag->replacement.length) return text_of(arena_format(arena, "Remove `" TEXT_FORMAT "`", TEXT_ARG(was)));
  return text_of(arena_format(arena, "Replace `" TEXT_FORMAT "` by `" TEXT_FORMAT "`", TEXT_ARG(was), TEXT_ARG(diag->replacement)));
}

static void append_quick_fix(Request *request, const Diag *diag) {
  const Document *document = request->document;
  TextBuilder *out = &request->result;
  begin_action(out, title_of(request->arena, document, diag), "quickfix");
  text_append(out, TEXT_LITERAL(",\"diagnostics\":["));
  append_diagnostic(out, document, diag);
  text_append(out, TEXT_LITERAL("],\"isPreferred\":true"));
  begin_edit(out, document);
  text_append(out, TEXT_LITERAL("{\"range\":"));
  json_append_range(out, &document->lines, diag->fix_span.start, diag->fix_span.end);
  text_append_char(out, ',');
  json_append_member(out, "newText", diag->replacement);
  text_append(out, TEXT_LITERAL("}]}}}"));
}

static void append_fix_all(Request *request) {
  const Document *document = request->document;
  FixResult fixed = fix_text(request->arena, document->path, document->text);
  if (text_equal(fixed.text, document->text)) return;
  begin_action(&request->result, TEXT_LITERAL("Mend everything that messages know to mend"), "source.fixAll");
  begin_edit(&request->result, document);
  append_difference(&request->result, document, fixed.text);
  text_append(&request->result, TEXT_LITERAL("]}}}"));
}

/* Whether the client wants actions of the kind: of its own or of one above it, `source` for `source.fixAll`. */
static bool wanted(const cJSON *only, const char *kind) {
  const cJSON *item;
  if (!cJSON_IsArray(only)) return true;
  cJSON_ArrayForEach(item, only) {
    Text name, all = text_of(kind);
    if (!message_text(item, &name) || name.length > all.length || !text_equal(name, (Text){all.bytes, name.length})) continue;
    if (name.length == 0 || name.length == all.length || all.bytes[name.length] == '.') return true;
  }
  return false;
}

bool feature_code_action(Request *request) {
  const Document *document = request->document;
  const cJSON *only = message_path(request->params, "context.only");
  Position from, to;
  if (!request_range(request, &from, &to)) return false;
  uint32_t start = lines_offset(&document->lines, from), end = lines_offset(&document->lines, to);
  bool any = false;
  text_append_char(&request->result, '[');
  for (size_t i = 0; i < document->diags.count; i++) {
    const Diag *diag = document->diags.items[i];
    if (!diag->has_fix || diag->fix_span.source != document->source || diag->span.source != document->source) continue;
    any = true;
    if (diag->span.start <= end && diag->span.end >= start && wanted(only, "quickfix")) append_quick_fix(request, diag);
  }
  if (any && wanted(only, "source.fixAll")) append_fix_all(request);
  text_append_char(&request->result, ']');
  return true;
}
