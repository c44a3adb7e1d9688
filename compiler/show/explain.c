#include <inttypes.h>

#include "compiler/compile.h"
#include "compiler/check/graph.h"
#include "compiler/show/node_text.h"
#include "plan/cost.h"

typedef struct Explain {
  Arena *arena;
  const Plan *plan;
  const SourceSet *sources;
  uint32_t program; /* the source */
  PlanCost cost;
  FILE *out;
} Explain;

static void explain_params(const Plan *plan, Arena *arena, FILE *out) {
  if (plan->param_count) fputs("\nparameters\n", out);
  for (uint32_t i = 0; i < plan->param_count; i++) {
    const PlanParam *param = &plan->params[i];
    fputs("  --", out);
    text_print(out, plan_string(plan, param->name));
    fprintf(out, " %s", type_name(arena, param->type).bytes);
    if (param->default_constant == PLAN_NONE) {
      fputs(", required", out);
    } else {
      fputs(" = ", out);
      text_print(out, plan_constant_text(plan, arena, param->default_constant));
    }
    if (plan_string(plan, param->doc).length) fputs("   ", out);
    text_print(out, plan_string(plan, param->doc));
    fputc('\n', out);
  }
}

/* "line 4", or "line 4 of lib/mix.nrd" where another file than the program is meant. */
static const char *line_of(const Explain *explain, Span span) {
  const Source *source = &explain->sources->items[span.source];
  uint32_t line = source_place(source, span.start).line;
  if (span.source == explain->program) return arena_format(explain->arena, "line %" PRIu32, line);
  return arena_format(explain->arena, "line %" PRIu32 " of " TEXT_FORMAT, line, TEXT_ARG(text_escaped(explain->arena, source->path)));
}

static void explain_inserted(Explain *explain, const Node *node) {
  TextBuilder columns = {.arena = explain->arena};
  for (size_t i = 0; i < node->columns.count; i++) {
    if (columns.length) text_append_format(&columns, ", ");
    const ColumnRef *column = &node->columns.items[i];
    text_append(&columns, column->name);
    if (column->window) text_append_format(&columns, "(" TEXT_FORMAT ")", TEXT_ARG(span_text(explain->sources, column->window->span)));
  }
  fprintf(explain->out, "+ enrich %s: ", provider_name(enricher_provider(node)));
  text_print(explain->out, text_built(&columns));
  if (node->inserted_shared)
    fputs("  (inserted: several stages below read it, one of them for every row)", explain->out);
  else
    fprintf(explain->out, "  (inserted: %s reads it)", line_of(explain, node->span));
}

static void explain_written(Explain *explain, const Node *node) {
  Arena *arena = explain->arena;
  const StageDef *def = stage_def(node->stage);
  if (node->stage == STAGEID_PER_END) {
    fputs("} of `per`", explain->out);
    return;
  }
  text_print(explain->out, node_text(arena, explain->sources, node));
  for (size_t i = 0; i < node->arg_count; i++) {
    if (!(def->params[node->args[i].param].flags & PARAM_HIDDEN)) continue;
    if (node->args[i].kind == NODE_SCALAR) {
      fprintf(explain->out, "  (only as far as %s asks: ", line_of(explain, node->limited_by));
      text_print(explain->out, span_line(arena, explain->sources, node->limited_by));
      fputc(')', explain->out);
    } else {
      fputs("\n        filtered in the store: ", explain->out);
      text_print(explain->out, condition_text(arena, explain->sources, node->args[i].value));
      fprintf(explain->out, "  (%s)", line_of(explain, node->args[i].span));
    }
  }
  if (node->moved) fprintf(explain->out, "  (earlier than written in %s: less to do)", line_of(explain, node->span));
}

static void print_seconds(FILE *out, uint64_t seconds) {
  if (seconds >= 3600)
    fprintf(out, "%" PRIu64 " h %" PRIu64 " min", seconds / 3600, seconds % 3600 / 60);
  else if (seconds >= 60)
    fprintf(out, "%" PRIu64 " min %" PRIu64 " s", seconds / 60, seconds % 60);
  else
    fprintf(out, "%" PRIu64 " s", seconds);
}

static void explain_calls(FILE *out, const NodeCost *cost) {
  if (cost->connector == CONNECTOR_COUNT) return;
  const char *name = connector_def(cost->connector)->name;
  if (cost->calls == COST_UNKNOWN && cost->rows_per_call == 1)
    fprintf(out, "        a call to %s for each row\n", name);
  else if (cost->calls == COST_UNKNOWN)
    fprintf(out, "        a call to %s for every %" PRIu32 " rows\n", name, cost->rows_per_call);
  else
    fprintf(out, "        at most %" PRIu64 " call%s to %s\n", cost->calls, cost->calls == 1 ? "" : "s", name);
}

static void explain_node(Explain *explain, const Node *node) {
  Arena *arena = explain->arena;
  FILE *out = explain->out;
  const Plan *plan = explain->plan;
  const PlanNode *planned = &plan->nodes[node->plan_index];
  const NodeCost *cost = &explain->cost.nodes[node->plan_index];
  fprintf(out, "  %2u  ", node->plan_index + 1);
  if (node->inserted)
    explain_inserted(explain, node);
  else
    explain_written(explain, node);
  fputs("  <-", out);
  for (uint32_t i = 0; i < planned->input_count; i++) fprintf(out, " %" PRIu32, planned->inputs[i] + 1);
  if (planned->input_count == 0) fputs(" source", out);
  const PlanSchema *schema = &plan->schemas[planned->schema];
  fprintf(out, "\n        %s", row_kind_name(schema->kind));
  if (cost->rows != COST_UNKNOWN) fprintf(out, ", at most %" PRIu64, cost->rows);
  fputc(':', out);
  for (uint32_t i = 0; i < schema->column_count; i++) {
    fputs(i ? ", " : " ", out);
    text_print(out, plan_column_name(plan, arena, &schema->columns[i]));
  }
  fputs(schema->column_count ? "\n" : " only their identity\n", out);
  explain_calls(out, cost);
}

/* The services that are called, with what that takes at the rate we hold to. */
static void explain_cost(const Explain *explain) {
  bool any = false;
  for (int id = 0; id < CONNECTOR_COUNT; id++) {
    bool called = false;
    for (uint32_t node = 0; node < explain->plan->node_count; node++) called = called || explain->cost.nodes[node].connector == (ConnectorId)id;
    if (!called) continue;
    const ConnectorDef *connector = connector_def((ConnectorId)id);
    uint64_t calls = explain->cost.calls[id];
    fprintf(explain->out, "%s  %s: ", any ? "" : "\ncost\n", connector->name);
    any = true;
    if (calls == COST_UNKNOWN) {
      fprintf(explain->out, "as many calls as the rows need, %u a minute\n", connector->calls);
      continue;
    }
    fprintf(explain->out, "at most %" PRIu64 " call%s, ", calls, calls == 1 ? "" : "s");
    print_seconds(explain->out, cost_seconds((ConnectorId)id, calls));
    fprintf(explain->out, " at %u a minute\n", connector->calls);
  }
  if (!any) fputs("\ncost\n  no service is called\n", explain->out);
}

void explain_program(const Compiled *compiled, const SourceSet *sources, FILE *out) {
  static const char *const classes[] = {"pure: the same rows for the same store and files", "clock: depends on the moment of the run",
                                        "network: depends on what the services answer", "unseeded: random choices differ from day to day"};
  static const char *const effects[] = {"", "reads", "writes"};
  const Plan *plan = compiled->plan;
  char id[2 * SHA256_SIZE + 1];
  digest_hex(&plan->id, SHA256_SIZE, id);
  text_print(out, plan->source_name);
  fprintf(out, "\nplan %s\n", id);
  if (plan->doc.length) {
    fputc('\n', out);
    text_print_lines(out, plan->doc);
  }
  explain_params(plan, compiled->graph->arena, out);
  if (plan->module_count) fputs("\nuses\n", out);
  for (uint32_t i = 0; i < plan->module_count; i++) {
    fputs("  ", out);
    text_print(out, plan->modules[i].name);
    fputc('\n', out);
  }
  fputs("\nsteps\n", out);
  Explain explain = {compiled->graph->arena, plan, sources, compiled->graph->source, plan_cost(plan, compiled->graph->arena), out};
  for (size_t i = 0; i < compiled->graph->nodes.count; i++) explain_node(&explain, compiled->graph->nodes.items[i]);
  explain_cost(&explain);
  fputs("\neffects\n", out);
  for (uint32_t i = 0; i < plan->effect_count; i++) {
    const PlanEffect *effect = &plan->effects[i];
    fprintf(out, "  %s %s ", effects[effect->effect], connector_def(effect->connector)->name);
    text_print(out, plan_string(plan, effect->resource));
    fputc('\n', out);
  }
  fprintf(out, "\ndeterminism\n  %s\n", classes[plan->determinism]);
}
