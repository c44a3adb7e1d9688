/* What the text does not say and its reader would like to know: calls to services, and how long a stream can be. */
#include "compiler/lsp/facts.h"
#include "compiler/lsp/features.h"

/* Editors ask after every key, and the whole program is compiled for the answer: beyond this the messages would wait for it. */
enum { HINTS_MAX_BYTES = 32 << 10 };

static void append_hint(Request *request, uint32_t at, Text label, Text tooltip) {
  TextBuilder *out = &request->result;
  text_append(out, out->bytes[out->length - 1] == '[' ? TEXT_LITERAL("{\"position\":") : TEXT_LITERAL(",{\"position\":"));
  json_append_position(out, lines_position(&request->document->lines, at));
  text_append_char(out, ',');
  json_append_member(out, "label", label);
  text_append(out, TEXT_LITERAL(",\"paddingLeft\":true,"));
  json_append_member(out, "tooltip", tooltip);
  text_append_char(out, '}');
}

/* ---- calls ---- */

static void append_calls(Request *request, const Facts *facts, uint32_t start, uint32_t end) {
  Arena *arena = request->arena;
  for (size_t i = 0; i < facts->calls.count; i++) {
    const CallFact *call = &facts->calls.items[i];
    if (call->connector == CONNECTOR_COUNT || call->span.end < start || call->span.end > end) continue;
    Text tooltip = TEXT_LITERAL("what this costs when it runs");
    if (call->inserted) {
      tooltip = text_of(arena_format(arena, TEXT_FORMAT " %s fetched before this stage", TEXT_ARG(call->columns), call->names->count > 1 ? "are" : "is"));
    }
    append_hint(request, call->span.end, facts_calls(arena, call), tooltip);
  }
}

/* ---- rows ---- */

/* What the bound is said for: the last stage before the destination, or that of a `let`. */
static const Stage *end_of_rows(const Pipeline *pipeline) {
  for (size_t i = pipeline->stage_count; i-- > 0;) {
    const Stage *stage = pipeline->stages[i];
    if (stage->kind == STAGE_CALL && !text_is(stage->path.text, "show")) return stage;
  }
  return NULL;
}

/* `take 30` says itself that there are 30. */
static bool says(Text text, Text number) {
  for (size_t at = 0; at + number.length <= text.length; at++) {
    bool begins = at == 0 || text.bytes[at - 1] < '0' || text.bytes[at - 1] > '9';
    bool ends = at + number.length == text.length || text.bytes[at + number.length] < '0' || text.bytes[at + number.length] > '9';
    if (begins && ends && text_equal((Text){text.bytes + at, number.length}, number)) return true;
  }
  return false;
}

static void append_rows(Request *request, const Facts *facts, const Pipeline *pipeline, uint32_t start, uint32_t end) {
  const Stage *stage = end_of_rows(pipeline);
  if (!stage || stage->span.end < start || stage->span.end > end) return;
  const StageFact *fact = facts_stage(facts, request->document, stage->path.span.start);
  if (!fact || fact->rows == COST_UNKNOWN) return;
  Text number = text_of(arena_format(request->arena, "%llu", (unsigned long long)fact->rows));
  if (says(span_text(&request->document->sources, stage->span), number)) return;
  Text label = text_of(arena_format(request->arena, "\u2264 " TEXT_FORMAT, TEXT_ARG(number)));
  append_hint(request, stage->span.end, label, text_of(arena_format(request->arena, "at most " TEXT_FORMAT " %s come out here", TEXT_ARG(number), row_kind_name(fact->kind))));
}

bool feature_inlay_hints(Request *request) {
  Document *document = request->document;
  Position from, to;
  if (!request_range(request, &from, &to)) return false;
  const Facts *facts = document->text.length > HINTS_MAX_BYTES ? NULL : facts_of(document);
  if (!facts) return true;
  uint32_t start = lines_offset(&document->lines, from), end = lines_offset(&document->lines, to);
  const Unit *unit = document_unit(document);
  text_append_char(&request->result, '[');
  for (size_t i = 0; i < unit->stmt_count; i++) {
    if (unit->stmts[i]->pipeline) append_rows(request, facts, unit->stmts[i]->pipeline, start, end);
  }
  append_calls(request, facts, start, end);
  text_append_char(&request->result, ']');
  return true;
}
