#include "compiler/lsp/facts.h"

#include <stdlib.h>

#include "compiler/compile.h"

typedef struct Finding {
  Document *document;
  Facts *facts;
} Finding;

/* ---- rows ---- */

static int by_place(const void *a, const void *b) {
  const Span *x = &((const StageFact *)a)->span, *y = &((const StageFact *)b)->span;
  if (x->start != y->start) return x->start < y->start ? -1 : 1;
  return x->end < y->end ? -1 : x->end > y->end;
}

static bool same(Span a, Span b) {
  return a.source == b.source && a.start == b.start && a.end == b.end;
}

/* A stage that is used more often lets through as many rows as its widest use. */
static void merge_equal(Facts *facts) {
  size_t kept = 0;
  for (size_t i = 0; i < facts->stages.count; i++) {
    StageFact fact = facts->stages.items[i];
    StageFact *last = kept ? &facts->stages.items[kept - 1] : NULL;
    if (!last || !same(last->span, fact.span)) {
      facts->stages.items[kept++] = fact;
    } else if (fact.rows > last->rows) {
      last->rows = fact.rows;
    }
  }
  facts->stages.count = kept;
}

static bool compiled(const Finding *finding, bool naive, SourceSet *sources, Compiled *out, PlanCost *cost) {
  Arena *arena = finding->document->arena;
  *sources = (SourceSet){.arena = arena};
  DiagList diags = {.arena = arena, .sources = sources};
  Error error = {0};
  uint32_t source = source_add(sources, finding->document->path, finding->document->text);
  if (compile_source_with(arena, sources, source, (CompileOptions){.naive = naive}, &diags, out, &error) != STATUS_OK) return false;
  *cost = plan_cost(out->plan, arena);
  return true;
}

/* As written: the optimiser's places are not those of the text. */
static void find_rows(const Finding *finding) {
  SourceSet sources;
  Compiled naive;
  PlanCost cost;
  if (!compiled(finding, true, &sources, &naive, &cost)) return;
  Facts *facts = finding->facts;
  for (size_t i = 0; i < naive.graph->nodes.count; i++) {
    const Node *node = naive.graph->nodes.items[i];
    if (node->inserted || !node->used || node->span.source != naive.graph->source) continue;
    StageFact fact = {node->span, node->type.kind, cost.nodes[node->plan_index].rows};
    vec_push(finding->document->arena, &facts->stages, fact);
  }
  if (facts->stages.count) qsort(facts->stages.items, facts->stages.count, sizeof(StageFact), by_place);
  merge_equal(facts);
}

/* ---- calls ---- */

static Text column_names(Arena *arena, const SourceSet *sources, const ColumnSet *columns) {
  TextBuilder names = {.arena = arena};
  for (size_t i = 0; i < columns->count; i++) {
    const ColumnRef *column = &columns->items[i];
    if (i) text_append(&names, TEXT_LITERAL(", "));
    text_append(&names, column->name);
    if (!column->window) continue;
    text_append_format(&names, "(" TEXT_FORMAT ")", TEXT_ARG(span_text(sources, column->window->span)));
  }
  return text_built(&names);
}

/* Uses of one stage of the program are told together: their calls add up. */
static void add_call(Arena *arena, Facts *facts, const CallFact *call) {
  for (size_t i = 0; i < facts->calls.count; i++) {
    CallFact *other = &facts->calls.items[i];
    if (!same(other->span, call->span) || other->connector != call->connector || !text_equal(other->columns, call->columns)) continue;
    bool known = other->calls != COST_UNKNOWN && call->calls != COST_UNKNOWN && other->calls <= COST_UNKNOWN - 1 - call->calls;
    other->calls = known ? other->calls + call->calls : COST_UNKNOWN;
    return;
  }
  vec_push(arena, &facts->calls, *call);
}

/* As it will run. */
static void find_calls(const Finding *finding) {
  Arena *arena = finding->document->arena;
  SourceSet sources;
  Compiled real;
  PlanCost cost;
  if (!compiled(finding, false, &sources, &real, &cost)) return;
  for (size_t i = 0; i < real.graph->nodes.count; i++) {
    const Node *node = real.graph->nodes.items[i];
    const NodeCost *costs = &cost.nodes[node->plan_index];
    if (node->span.source != real.graph->source || (!node->inserted && costs->connector == CONNECTOR_COUNT)) continue;
    CallFact call = {.span = node->span,
                     .inserted = node->inserted,
                     .shared = node->inserted_shared,
                     .connector = costs->connector,
                     .calls = costs->calls,
                     .rows_per_call = costs->rows_per_call};
    if (node->inserted) {
      call.columns = column_names(arena, &sources, &node->columns);
      call.names = &node->columns;
      call.provider = enricher_provider(node);
    }
    add_call(arena, finding->facts, &call);
  }
}

static Status find_all(void *context, Error *error) {
  Finding *finding = context;
  (void)error;
  finding->facts = arena_alloc(finding->document->arena, sizeof *finding->facts);
  find_rows(finding);
  find_calls(finding);
  finding->document->facts = finding->facts;
  return STATUS_OK;
}

const Facts *facts_of(Document *document) {
  Finding finding = {.document = document};
  Error error = {0};
  if (!document->graph || document->diags.errors) return NULL;
  if (!document->facts) arena_protect(document->arena, find_all, &finding, &error);
  return document->facts;
}

/* ---- asking ---- */

const StageFact *facts_stage(const Facts *facts, const Document *document, uint32_t name) {
  const StageFact *best = NULL;
  for (size_t i = 0; i < facts->stages.count && facts->stages.items[i].span.start <= name; i++) {
    const StageFact *fact = &facts->stages.items[i];
    const char *at = document->text.bytes + fact->span.start, *end = document->text.bytes + name;
    if (fact->span.end <= name) continue;
    if (end - at > 2 && at[0] == 't' && at[1] == 'o') at += 2;
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) at++;
    if (at == end && (!best || fact->span.end < best->span.end)) best = fact;
  }
  return best;
}

Text facts_calls(Arena *arena, const CallFact *call) {
  if (call->connector == CONNECTOR_COUNT) return TEXT_LITERAL("");
  const char *name = connector_def(call->connector)->name;
  if (call->calls == COST_UNKNOWN && call->rows_per_call == 1) return text_of(arena_format(arena, "a call to %s for each row", name));
  if (call->calls == COST_UNKNOWN) return text_of(arena_format(arena, "a call to %s for every %u rows", name, call->rows_per_call));
  return text_of(arena_format(arena, "at most %llu call%s to %s", (unsigned long long)call->calls, call->calls == 1 ? "" : "s", name));
}
