/* What stands under the pointer, in words. */
#include <stdlib.h>

#include "compiler/lsp/facts.h"
#include "compiler/lsp/features.h"
#include "compiler/lsp/names.h"
#include "compiler/show/reference.h"
#include "compiler/syntax/token.h"

static bool same(Span a, Span b) {
  return a.source == b.source && a.start == b.start && a.end == b.end;
}

/* The statement that defines a name, in whatever file, or the one whose formal it is. */
static const Stmt *definition_of(const Document *document, Span name) {
  const Program *program = document->graph->program;
  for (size_t m = 0; m < program->modules.count; m++) {
    const Unit *unit = program->modules.items[m]->unit;
    for (size_t i = 0; i < unit->stmt_count; i++) {
      const Stmt *stmt = unit->stmts[i];
      if (stmt->name.length && same(stmt->name_span, name)) return stmt;
      for (size_t f = 0; f < stmt->formal_count; f++)
        if (same(stmt->formals[f].name_span, name)) return stmt;
    }
  }
  return NULL;
}

static Span last_part(const Pipeline *pipeline) {
  if (pipeline->stage_count) return pipeline->stages[pipeline->stage_count - 1]->span;
  if (pipeline->is_call) return pipeline->source ? pipeline->source->span : pipeline->span;
  return pipeline->origin_count ? pipeline->origins[pipeline->origin_count - 1].span : pipeline->span;
}

const char *stream_kind(const Document *document, const Pipeline *pipeline) {
  Span last = last_part(pipeline);
  for (size_t i = 0; i < document->graph->rows.count; i++) {
    const RowsAt *rows = &document->graph->rows.items[i];
    if (same(rows->span, last) && rows->type.kind < ROWS_KIND_COUNT) return row_kind_name(rows->type.kind);
  }
  return NULL;
}

/* How many rows the stream has at most; COST_UNKNOWN if that cannot be said. */
static uint64_t stream_bound(Document *document, const Pipeline *pipeline) {
  const Facts *facts = facts_of(document);
  Span last = last_part(pipeline);
  for (size_t i = 0; facts && i < facts->stages.count; i++)
    if (same(facts->stages.items[i].span, last)) return facts->stages.items[i].rows;
  return COST_UNKNOWN;
}

static void describe_definition(Request *request, TextBuilder *out, Span name) {
  const Document *document = request->document;
  const Stmt *stmt = definition_of(document, name);
  const Source *source = &document->sources.items[name.source];
  Text line = source_line(source, source_place(source, name.start).line);
  text_append_format(out, "```narada\n" TEXT_FORMAT "\n```\n", TEXT_ARG(line));
  if (!stmt) return;
  if (stmt->kind == STMT_LET && stmt->pipeline) {
    const char *kind = stream_kind(document, stmt->pipeline);
    uint64_t bound = stream_bound(request->document, stmt->pipeline);
    if (kind) text_append_format(out, "\na stream of %s", kind);
    if (kind && bound != COST_UNKNOWN) text_append_format(out, ", at most %llu", (unsigned long long)bound);
    text_append(out, kind ? TEXT_LITERAL("\n") : TEXT_LITERAL(""));
  }
  if (stmt->doc.length && same(stmt->name_span, name)) text_append_format(out, "\n" TEXT_FORMAT "\n", TEXT_ARG(stmt->doc));
}

/* The dotted name around the place, and the token before it. */
static Text path_at(const Document *document, Arena *arena, uint32_t offset, Span *span, TokenKind *before) {
  TokenList list = token_list(arena, &document->sources.items[document->source]);
  size_t at = 0;
  for (size_t i = 1; i < list.tokens.count && list.tokens.items[i].start <= offset; i++)
    if (list.tokens.items[i].end >= offset && (list.tokens.items[i].kind == TOKEN_NAME || list.tokens.items[i].kind == TOKEN_LABEL ||
                                               token_group((TokenKind)list.tokens.items[i].kind) == GROUP_WORD))
      at = i;
  if (!at) return TEXT_LITERAL("");
  size_t first = at, last = at;
  while (first >= 2 && list.tokens.items[first - 1].kind == TOKEN_DOT) first -= 2;
  while (last + 2 < list.tokens.count && list.tokens.items[last + 1].kind == TOKEN_DOT) last += 2;
  *span = (Span){document->source, list.tokens.items[first].start, list.tokens.items[last].end};
  *before = first ? (TokenKind)list.tokens.items[first - 1].kind : TOKEN_NONE;
  return span_text(&document->sources, *span);
}

/* A stream into memory that is closed with the arena if memory is out before it is done. */
typedef struct Written {
  FILE *file;
  char *bytes;
  size_t length;
} Written;

static void release_written(void *object) {
  Written *written = object;
  if (written->file) fclose(written->file);
  free(written->bytes);
}

static bool describe_word(Request *request, TextBuilder *out, Span *span) {
  TokenKind before = TOKEN_NONE;
  Text name = path_at(request->document, request->arena, request->offset, span, &before);
  if (!name.length || name.length > 200) return false;
  if (text_is(name, "filter")) name = TEXT_LITERAL("keep");
  const char *prefix = before == TOKEN_FROM ? "from " : before == TOKEN_TO ? "to " : "";
  Text wanted = text_of(arena_format(request->arena, "%s" TEXT_FORMAT, prefix, TEXT_ARG(name)));
  Written *written = arena_alloc(request->arena, sizeof *written);
  arena_defer(request->arena, release_written, written);
  written->file = open_memstream(&written->bytes, &written->length);
  if (!written->file) return false;
  bool found = reference_write_name(request->arena, wanted, written->file);
  found = fclose(written->file) == 0 && found;
  written->file = NULL;
  if (found) text_append(out, (Text){written->bytes, written->length});
  return found;
}

/* ---- what the compiler does here ---- */

static uint32_t line_of(const Document *document, Span span) {
  return lines_position(&document->lines, span.start).line + 1;
}

/* "`plays(90d)` is fetched from library before line 5; at most 40 calls to lastfm" */
static void append_fetch(Request *request, TextBuilder *out, const CallFact *call, const char *place) {
  Text calls = facts_calls(request->arena, call);
  text_append_format(out, "\n`" TEXT_FORMAT "` %s fetched from %s %s", TEXT_ARG(call->columns), call->names->count > 1 ? "are" : "is",
                     provider_name(call->provider), place);
  if (call->shared) text_append(out, TEXT_LITERAL(", and for other stages that read it"));
  if (calls.length) text_append_format(out, ": " TEXT_FORMAT, TEXT_ARG(calls));
  text_append_char(out, '\n');
}

static bool same_name(const ColumnSet *columns, Text name) {
  for (size_t i = 0; i < columns->count; i++)
    if (text_equal(columns->items[i].name, name)) return true;
  return false;
}

/* Of a stage or source: how many rows come out, and what is fetched before it. */
static void append_stage_facts(Request *request, TextBuilder *out, const Facts *facts, const StageFact *fact) {
  if (fact->rows != COST_UNKNOWN) text_append_format(out, "\nAt most %llu %s come out here.\n", (unsigned long long)fact->rows, row_kind_name(fact->kind));
  for (size_t i = 0; i < facts->calls.count; i++) {
    const CallFact *call = &facts->calls.items[i];
    if (!same(call->span, fact->span)) continue;
    Text calls = facts_calls(request->arena, call);
    if (call->inserted)
      append_fetch(request, out, call, "before this stage");
    else
      text_append_format(out, "\nIt makes " TEXT_FORMAT ".\n", TEXT_ARG(calls));
  }
}

/* Where the field under the pointer is fetched: for the stage around it, else the last time before it. */
static const CallFact *fetch_of(const Facts *facts, Text field, uint32_t offset) {
  const CallFact *before = NULL;
  for (size_t i = 0; i < facts->calls.count; i++) {
    const CallFact *call = &facts->calls.items[i];
    if (!call->inserted || !same_name(call->names, field) || call->span.start > offset) continue;
    if (offset <= call->span.end) return call;
    if (!before || call->span.start >= before->span.start) before = call;
  }
  return before;
}

static void append_facts(Request *request, TextBuilder *out, Span name) {
  Document *document = request->document;
  const Facts *facts = facts_of(document);
  if (!facts) return;
  const StageFact *fact = facts_stage(facts, document, name.start);
  if (fact) {
    append_stage_facts(request, out, facts, fact);
    return;
  }
  const CallFact *call = fetch_of(facts, span_text(&document->sources, name), name.start);
  if (call) append_fetch(request, out, call, arena_format(request->arena, "before line %u", line_of(document, call->span)));
}

bool feature_hover(Request *request) {
  const Document *document = request->document;
  TextBuilder text = {.arena = request->arena};
  Span name, definition;
  if (!document->graph) return true;
  if (names_at(document, request->offset, &name, &definition))
    describe_definition(request, &text, definition);
  else if (!describe_word(request, &text, &name))
    return true;
  else
    append_facts(request, &text, name);
  text_append(&request->result, TEXT_LITERAL("{\"contents\":{\"kind\":\"markdown\","));
  json_append_member(&request->result, "value", text_built(&text));
  text_append(&request->result, TEXT_LITERAL("},\"range\":"));
  json_append_range(&request->result, &document->lines, name.start, name.end);
  text_append_char(&request->result, '}');
  return true;
}
