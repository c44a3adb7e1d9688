/* The effects and costs of a plan against a policy. */
#include <inttypes.h>

#include "compiler/check/graph.h"
#include "compiler/policy/policy.h"
#include "plan/infer.h"

typedef struct PolicyCheck {
  const Policy *policy;
  const Compiled *compiled;
  DiagList *diags;
  PlanCost cost;
} PolicyCheck;

/* Whether `*`, which stands for any text, makes the pattern equal. */
static bool matches(Text pattern, Text text) {
  size_t at = 0, from = 0, star = SIZE_MAX, again = 0;
  while (at < text.length) {
    if (from < pattern.length && pattern.bytes[from] == '*') {
      star = from++;
      again = at;
    } else if (from < pattern.length && pattern.bytes[from] == text.bytes[at]) {
      from++;
      at++;
    } else if (star != SIZE_MAX) {
      from = star + 1;
      at = ++again;
    } else {
      return false;
    }
  }
  while (from < pattern.length && pattern.bytes[from] == '*') from++;
  return from == pattern.length;
}

static bool permitted(const Policy *policy, const NodeEffect *effect) {
  if (effect->effect == EFFECT_NONE || effect->connector == CONNECTOR_TERMINAL) return true;
  if (!(effect->effect == EFFECT_WRITE ? policy->few_writes : policy->few_reads)) return true;
  for (size_t i = 0; i < policy->permitted.count; i++) {
    const Permission *permission = &policy->permitted.items[i];
    bool same = permission->effect == effect->effect && permission->connector == effect->connector;
    if (same && (!permission->resource.length || matches(permission->resource, effect->resource))) return true;
  }
  return false;
}

/* Where the program says it: at the stage, also for what the compiler inserts before it; of a stage in a module, where the program reaches that. */
static Span place_of(const Node *node) {
  return node->site.end ? node->site : node->span;
}

static Diag *told_at(const DiagList *diags, DiagCode code, Span span) {
  span = source_origin(diags->sources, span);
  for (size_t i = 0; i < diags->count; i++) {
    Span other = diags->items[i]->span;
    if (diags->items[i]->code == code && other.source == span.source && other.start == span.start && other.end == span.end) return diags->items[i];
  }
  return NULL;
}

/* One use of a module may do several things: they are one message. NULL if it was there already. */
static Diag *report(PolicyCheck *check, DiagCode code, const Node *node, Text message) {
  bool module = node->site.end != 0;
  Diag *told = module ? told_at(check->diags, code, node->site) : NULL;
  Diag *diag = told ? told : diag_report(check->diags, code, place_of(node), TEXT_FORMAT, TEXT_ARG(message));
  if (told)
    diag_label(check->diags, told, node->span, TEXT_FORMAT, TEXT_ARG(message));
  else if (module)
    diag_label(check->diags, diag, node->span, "by this stage");
  return told ? NULL : diag;
}

static Text columns_of(Arena *arena, const Node *node) {
  TextBuilder text = {.arena = arena};
  for (size_t i = 0; i < node->columns.count; i++) text_append_format(&text, "%s`" TEXT_FORMAT "`", i ? ", " : "", TEXT_ARG(node->columns.items[i].name));
  return text_built(&text);
}

static void check_effect(PolicyCheck *check, const Node *node) {
  Arena *arena = check->diags->arena;
  NodeEffect effect = plan_node_effect(check->compiled->plan, node->plan_index);
  if (permitted(check->policy, &effect)) return;
  const char *name = connector_def(effect.connector)->name;
  bool write = effect.effect == EFFECT_WRITE, all = text_is(effect.resource, "*");
  TextBuilder message = {.arena = arena};
  if (node->inserted)
    text_append_format(&message, "%s is read for " TEXT_FORMAT ", which is not allowed here", name, TEXT_ARG(columns_of(arena, node)));
  else if (all)
    text_append_format(&message, "this %s %s, which is not allowed here", write ? "writes" : "reads", name);
  else
    text_append_format(&message, "this %s `" TEXT_FORMAT "` of %s, which is not allowed here", write ? "writes" : "reads", TEXT_ARG(effect.resource), name);
  Diag *diag = report(check, write ? DIAG_POLICY_WRITE : DIAG_POLICY_READ, node, text_built(&message));
  if (diag) diag_hint(check->diags, diag, "`--allow %s:%s` would allow it", write ? "write" : "read", name);
}

static uint64_t calls_of(const PolicyCheck *check, const Node *node) {
  const NodeCost *cost = &check->cost.nodes[node->plan_index];
  return cost->connector == CONNECTOR_COUNT ? 0 : cost->calls;
}

static const char *service_of(const PolicyCheck *check, const Node *node) {
  return connector_def(check->cost.nodes[node->plan_index].connector)->name;
}

static void check_unbounded(PolicyCheck *check, const Node *node) {
  if (calls_of(check, node) != COST_UNKNOWN) return;
  const char *what = check->policy->most_calls == 0 ? "none is allowed here" : arena_format(check->diags->arena, "at most %" PRIu64 " are allowed here", check->policy->most_calls);
  Text message = text_of(arena_format(check->diags->arena, "nobody can tell how many calls to %s this makes, and %s", service_of(check, node), what));
  Diag *diag = report(check, DIAG_POLICY_CALLS_UNKNOWN, node, message);
  if (diag && node->input_count) diag_hint(check->diags, diag, "a `take` before it bounds the rows, and so the calls");
}

/* Told at the stage that makes most of them; the others are shown beside it. */
static void check_sum(PolicyCheck *check) {
  const Graph *graph = check->compiled->graph;
  const Node *most = NULL;
  uint64_t sum = 0;
  for (size_t i = 0; i < graph->nodes.count; i++) {
    uint64_t calls = calls_of(check, graph->nodes.items[i]);
    if (calls == 0 || calls == COST_UNKNOWN) continue;
    sum = sum + calls < sum ? COST_UNKNOWN - 1 : sum + calls;
    if (!most || calls > calls_of(check, most)) most = graph->nodes.items[i];
  }
  if (!most || sum <= check->policy->most_calls) return;
  Text message = text_of(arena_format(check->diags->arena, "the program can make %" PRIu64 " calls to services, and at most %" PRIu64 " are allowed here", sum, check->policy->most_calls));
  Diag *diag = report(check, DIAG_POLICY_CALLS, most, message);
  if (!diag) return;
  diag_hint(check->diags, diag, "up to %" PRIu64 " of them to %s", calls_of(check, most), service_of(check, most));
  for (size_t i = 0; i < graph->nodes.count; i++) {
    const Node *node = graph->nodes.items[i];
    uint64_t calls = calls_of(check, node);
    if (node != most && calls && calls != COST_UNKNOWN) diag_label(check->diags, diag, place_of(node), "up to %" PRIu64 " to %s", calls, service_of(check, node));
  }
}

void policy_check(const Policy *policy, const Compiled *compiled, DiagList *diags) {
  const Graph *graph = compiled->graph;
  PolicyCheck check = {policy, compiled, diags, plan_cost(compiled->plan, diags->arena)};
  for (size_t i = 0; i < graph->nodes.count; i++) check_effect(&check, graph->nodes.items[i]);
  if (policy->most_calls == COST_UNKNOWN) return;
  for (size_t i = 0; i < graph->nodes.count; i++) check_unbounded(&check, graph->nodes.items[i]);
  check_sum(&check);
}
