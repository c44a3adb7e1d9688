#include "compiler/lsp/names.h"

static bool same(Span a, Span b) {
  return a.source == b.source && a.start == b.start && a.end == b.end;
}

static bool holds(const Document *document, Span span, uint32_t offset) {
  return span.source == document->source && span.start <= offset && offset <= span.end && span.start < span.end;
}

bool names_at(const Document *document, uint32_t offset, Span *name, Span *definition) {
  if (!document->graph) return false;
  for (size_t i = 0; i < document->graph->uses.count; i++) {
    const NameUse *use = &document->graph->uses.items[i];
    if (!holds(document, use->use, offset)) continue;
    *name = use->use;
    *definition = use->definition;
    return true;
  }
  const Unit *unit = document_unit(document);
  for (size_t i = 0; i < unit->stmt_count; i++) {
    const Stmt *stmt = unit->stmts[i];
    bool named = stmt->kind == STMT_PARAM || stmt->kind == STMT_LET || stmt->kind == STMT_STAGE;
    for (size_t f = 0; f < stmt->formal_count && named; f++) {
      if (!holds(document, stmt->formals[f].name_span, offset)) continue;
      *name = *definition = stmt->formals[f].name_span;
      return true;
    }
    if (!named || !holds(document, stmt->name_span, offset)) continue;
    *name = *definition = stmt->name_span;
    return true;
  }
  return false;
}

static void add(Arena *arena, SpanList *list, Span span) {
  size_t at = list->count;
  for (size_t i = 0; i < list->count; i++)
    if (same(list->items[i], span)) return;
  vec_push(arena, list, span);
  for (; at > 0 && list->items[at - 1].start > span.start; at--) list->items[at] = list->items[at - 1];
  list->items[at] = span;
}

/* Defaults that no use of the stage needs are not checked, so their names are found by what they say. */
static void add_in_default(Arena *arena, SpanList *list, const Expr *expr, Text name) {
  if (!expr) return;
  if (expr->kind == EXPR_NAME && expr->path.count == 1 && text_equal(expr->path.text, name)) add(arena, list, expr->path.span);
  add_in_default(arena, list, expr->left, name);
  add_in_default(arena, list, expr->right, name);
  for (size_t i = 0; i < expr->item_count; i++) add_in_default(arena, list, expr->items[i], name);
  for (size_t i = 0; i < expr->arg_count; i++) add_in_default(arena, list, expr->args[i].value, name);
}

static void add_in_defaults(Arena *arena, SpanList *list, const Document *document, Span definition) {
  const Unit *unit = document_unit(document);
  bool global = false;
  for (size_t i = 0; i < unit->stmt_count; i++) global = global || (unit->stmts[i]->name.length && same(unit->stmts[i]->name_span, definition));
  for (size_t i = 0; i < unit->stmt_count && global; i++)
    for (size_t f = 0; f < unit->stmts[i]->formal_count; f++)
      add_in_default(arena, list, unit->stmts[i]->formals[f].default_value, span_text(&document->sources, definition));
}

SpanList names_uses(Arena *arena, const Document *document, Span definition, bool declaration) {
  SpanList list = {0};
  if (declaration && definition.source == document->source) add(arena, &list, definition);
  for (size_t i = 0; i < document->graph->uses.count; i++) {
    const NameUse *use = &document->graph->uses.items[i];
    if (same(use->definition, definition) && use->use.source == document->source) add(arena, &list, use->use);
  }
  add_in_defaults(arena, &list, document, definition);
  return list;
}
