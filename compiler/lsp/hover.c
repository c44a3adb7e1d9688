/* What stands under the pointer, in words. */
#include <stdlib.h>

#include "compiler/lsp/features.h"
#include "compiler/lsp/names.h"
#include "compiler/show/reference.h"
#include "compiler/syntax/token.h"
#include "plan/cost.h"

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
static uint64_t stream_bound(Request *request, const Pipeline *pipeline) {
  const Document *document = request->document;
  Span last = last_part(pipeline);
  SourceSet sources = {.arena = request->arena};
  DiagList diags = {.arena = request->arena, .sources = &sources};
  Compiled compiled;
  Error error = {0};
  uint32_t source = source_add(&sources, document->path, document->text);
  if (document->diags.errors || last.source != document->source) return COST_UNKNOWN;
  if (compile_source_with(request->arena, &sources, source, (CompileOptions){.naive = true}, &diags, &compiled, &error) != STATUS_OK) return COST_UNKNOWN;
  PlanCost cost = plan_cost(compiled.plan, request->arena);
  for (size_t i = 0; i < compiled.graph->nodes.count; i++) {
    const Node *node = compiled.graph->nodes.items[i];
    if (!node->inserted && node->used && same(node->span, last)) return cost.nodes[node->plan_index].rows;
  }
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
    uint64_t bound = stream_bound(request, stmt->pipeline);
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

static bool describe_word(Request *request, TextBuilder *out, Span *span) {
  TokenKind before = TOKEN_NONE;
  Text name = path_at(request->document, request->arena, request->offset, span, &before);
  if (!name.length || name.length > 200) return false;
  if (text_is(name, "filter")) name = TEXT_LITERAL("keep");
  const char *prefix = before == TOKEN_FROM ? "from " : before == TOKEN_TO ? "to " : "";
  char *bytes = NULL;
  size_t length = 0;
  FILE *written = open_memstream(&bytes, &length);
  if (!written) return false;
  bool found = reference_write_name(request->arena, text_of(arena_format(request->arena, "%s" TEXT_FORMAT, prefix, TEXT_ARG(name))), written);
  if (fclose(written) != 0) found = false;
  if (found) text_append(out, (Text){bytes, length});
  free(bytes);
  return found;
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
  text_append(&request->result, TEXT_LITERAL("{\"contents\":{\"kind\":\"markdown\","));
  json_append_member(&request->result, "value", text_built(&text));
  text_append(&request->result, TEXT_LITERAL("},\"range\":"));
  json_append_range(&request->result, &document->lines, name.start, name.end);
  text_append_char(&request->result, '}');
  return true;
}
