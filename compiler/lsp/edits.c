/* Formatting, and the fixes that messages carry. */
#include <string.h>

#include "compiler/format/format.h"
#include "compiler/lsp/features.h"


void append_difference(TextBuilder *out, const Document *document, Text now) {
  Text was = document->text;
  size_t start = 0, end = 0, least = was.length < now.length ? was.length : now.length;
  while (start < least && was.bytes[start] == now.bytes[start]) start++;
  if (start == was.length && start == now.length) return;
  while (start > 0 && start < least && ((unsigned char)now.bytes[start] & 0xC0) == 0x80) start--;
  while (start > 0 && start < was.length && ((unsigned char)was.bytes[start] & 0xC0) == 0x80) start--;
  if (start > 0 && was.bytes[start - 1] == '\r') start--;
  while (end < least - start && was.bytes[was.length - 1 - end] == now.bytes[now.length - 1 - end]) end++;
  while (end > 0 && (((unsigned char)was.bytes[was.length - end] & 0xC0) == 0x80 || was.bytes[was.length - end] == '\n')) end--;
  text_append(out, TEXT_LITERAL("{\"range\":"));
  json_append_range(out, &document->lines, (uint32_t)start, (uint32_t)(was.length - end));
  text_append_char(out, ',');
  json_append_member(out, "newText", (Text){now.bytes + start, now.length - end - start});
  text_append_char(out, '}');
}

bool feature_formatting(Request *request) {
  Document *document = request->document;
  SourceSet sources = {.arena = request->arena};
  DiagList diags = {.arena = request->arena, .sources = &sources};
  Text formatted;
  Error error = {0};
  if (!document->graph) return true;
  uint32_t source = source_add(&sources, document->path, document->text);
  Status status = format_source(request->arena, &sources, source, &diags, &formatted, &error);
  if (status == STATUS_USAGE) return true;
  if (status != STATUS_OK) return request_fail(request, RPC_REQUEST_FAILED, error.message);
  text_append_char(&request->result, '[');
  append_difference(&request->result, document, formatted);
  text_append_char(&request->result, ']');
  return true;
}
