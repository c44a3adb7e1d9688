#include "compiler/check/check_int.h"

/* Below this many names looking at each is faster than a table. */
enum { FEW_NAMES = 8 };

Scope *scope_new(Checker *checker, const Scope *outer, size_t capacity) {
  Scope *scope = arena_alloc(checker->arena, sizeof *scope);
  scope->items = arena_array(checker->arena, capacity, sizeof *scope->items);
  scope->outer = outer;
  if (capacity <= FEW_NAMES) return scope;
  scope->slot_count = 2 * FEW_NAMES;
  while (scope->slot_count < 2 * capacity) scope->slot_count *= 2;
  scope->slots = arena_array(checker->arena, scope->slot_count, sizeof *scope->slots);
  return scope;
}

/* Where the name stands in the table, or would stand. */
static uint32_t *slot_of(const Scope *scope, Text name, uint64_t hash) {
  size_t mask = scope->slot_count - 1, at = (size_t)hash & mask;
  while (scope->slots[at] && !text_equal(scope->items[scope->slots[at] - 1]->name, name)) at = (at + 1) & mask;
  return &scope->slots[at];
}

static Binding *find_here(const Scope *scope, Text name, uint64_t hash) {
  if (scope->slot_count) {
    uint32_t found = *slot_of(scope, name, hash);
    return found ? scope->items[found - 1] : NULL;
  }
  for (size_t i = 0; i < scope->count; i++)
    if (text_equal(scope->items[i]->name, name)) return scope->items[i];
  return NULL;
}

Binding *scope_define(Checker *checker, Scope *scope, BindingKind kind, Text name, Span span, const Stmt *stmt) {
  uint64_t hash = hash_bytes(name.bytes, name.length, 0);
  const Binding *first = find_here(scope, name, hash);
  if (first) {
    Diag *diag = diag_report(checker->diags, DIAG_DEFINED_TWICE, span, "`" TEXT_FORMAT "` is defined twice", TEXT_ARG(name));
    diag_hint(checker->diags, diag, "give this one another name");
    diag_label(checker->diags, diag, first->span, "the first definition");
    return NULL;
  }
  Binding *binding = arena_alloc(checker->arena, sizeof *binding);
  *binding = (Binding){.kind = kind, .name = name, .span = span, .stmt = stmt, .home = scope};
  if (scope->slot_count) *slot_of(scope, name, hash) = (uint32_t)scope->count + 1;
  scope->items[scope->count++] = binding;
  return binding;
}

Binding *scope_find(const Scope *scope, Text name) {
  uint64_t hash = hash_bytes(name.bytes, name.length, 0);
  Binding *found = NULL;
  for (; scope && !found; scope = scope->outer) found = find_here(scope, name, hash);
  return found;
}

Binding *scope_lookup(const Scope *scope, const Path *path) {
  Binding *first = scope_find(scope, path->names[0]);
  if (path->count == 1 || !first || first->kind != BINDING_MODULE) return path->count == 1 ? first : NULL;
  Text member = path->names[1];
  return path->count == 2 ? find_here(first->members, member, hash_bytes(member.bytes, member.length, 0)) : NULL;
}

bool open_definition(Checker *checker, Binding *binding, Span span, Span *outside) {
  binding->used = true;
  if (binding->state == BINDING_OPEN) {
    scope_report_cycle(checker, binding, span);
    return false;
  }
  binding->state = BINDING_OPEN;
  vec_push(checker->arena, &checker->open, binding);
  *outside = checker->diags->site;
  if (span.source == checker->graph->source) checker->diags->site = binding->home->module && binding->home->module->user ? span : (Span){0};
  return true;
}

void close_definition(Checker *checker, Binding *binding, Span outside) {
  checker->open.count--;
  binding->state = BINDING_DONE;
  checker->diags->site = outside;
}

void scope_report_cycle(Checker *checker, const Binding *again, Span span) {
  size_t first = 0;
  while (first < checker->open.count && checker->open.items[first] != again) first++;
  TextBuilder way = {.arena = checker->arena};
  for (size_t i = first; i < checker->open.count; i++)
    text_append_format(&way, "`" TEXT_FORMAT "` → ", TEXT_ARG(checker->open.items[i]->name));
  text_append_format(&way, "`" TEXT_FORMAT "`", TEXT_ARG(again->name));
  Diag *diag = diag_report(checker->diags, DIAG_LET_CYCLE, again->span, "`" TEXT_FORMAT "` needs itself: " TEXT_FORMAT,
                           TEXT_ARG(again->name), TEXT_ARG(text_built(&way)));
  diag_label(checker->diags, diag, span, "here the circle closes");
}
