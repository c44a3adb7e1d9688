#include "compiler/lsp/completion.h"

void completion_offer_as(Items *items, Text label, Text written, int kind, Text detail, Text doc) {
  TextBuilder *out = items->out;
  text_append(out, items->any ? TEXT_LITERAL(",{") : TEXT_LITERAL("{"));
  items->any = true;
  json_append_member(out, "label", label);
  text_append_format(out, ",\"kind\":%d,", kind);
  if (detail.length) {
    json_append_member(out, "detail", detail);
    text_append_char(out, ',');
  }
  if (doc.length) {
    json_append_member(out, "documentation", doc);
    text_append_char(out, ',');
  }
  if (!text_equal(label, written)) { /* what is typed is compared with what will stand there */
    json_append_member(out, "filterText", written);
    text_append_char(out, ',');
  }
  text_append(out, TEXT_LITERAL("\"textEdit\":{\"range\":"));
  json_append_range(out, &items->request->document->lines, items->place->start, items->place->end);
  text_append_char(out, ',');
  json_append_member(out, "newText", written);
  text_append(out, TEXT_LITERAL("}}"));
}

void completion_offer(Items *items, Text label, const char *behind, int kind, Text detail, Text doc) {
  TextBuilder text = {.arena = items->request->arena};
  text_append(&text, label);
  text_append(&text, text_of(behind));
  completion_offer_as(items, text_built(&text), text_built(&text), kind, detail, doc);
}
