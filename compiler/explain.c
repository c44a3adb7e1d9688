#include <inttypes.h>

#include "compiler/compile.h"
#include "compiler/graph.h"

/* The stage as written, on one line. */
static Text written(Arena *arena, const SourceSet *sources, Span span) {
  Text text = span_text(sources, span);
  TextBuilder line = {.arena = arena};
  bool blank = false;
  for (size_t i = 0; i < text.length; i++) {
    char c = text.bytes[i];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      blank = true;
      continue;
    }
    if (blank && line.length) text_append_char(&line, ' ');
    blank = false;
    text_append_char(&line, c);
  }
  return text_built(&line);
}

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

static void explain_node(const Compiled *compiled, const SourceSet *sources, const Node *node, FILE *out) {
  Arena *arena = compiled->graph->arena;
  const Plan *plan = compiled->plan;
  const PlanNode *planned = &plan->nodes[node->plan_index];
  fprintf(out, "  %2u  ", node->plan_index + 1);
  if (node->inserted) {
    TextBuilder columns = {.arena = arena};
    for (size_t i = 0; i < node->columns.count; i++) {
      if (columns.length) text_append_format(&columns, ", ");
      const ColumnRef *column = &node->columns.items[i];
      text_append(&columns, column->name);
      if (column->window) text_append_format(&columns, "(" TEXT_FORMAT ")", TEXT_ARG(span_text(sources, column->window->span)));
    }
    SourcePlace place = source_place(&sources->items[node->span.source], node->span.start);
    fputs("+ enrich library: ", out);
    text_print(out, text_built(&columns));
    fprintf(out, "  (inserted: line %" PRIu32 " reads it)", place.line);
  } else {
    if (stage_def(node->stage)->inputs == INPUTS_NONE && span_text(sources, node->span).length) fputs("from ", out);
    text_print(out, written(arena, sources, node->span));
  }
  fputs("  <-", out);
  for (uint32_t i = 0; i < planned->input_count; i++) fprintf(out, " %" PRIu32, planned->inputs[i] + 1);
  if (planned->input_count == 0) fputs(" source", out);
  const PlanSchema *schema = &plan->schemas[planned->schema];
  fprintf(out, "\n        %s:", row_kind_name(schema->kind));
  for (uint32_t i = 0; i < schema->column_count; i++) {
    fputs(i ? ", " : " ", out);
    text_print(out, plan_column_name(plan, arena, &schema->columns[i]));
  }
  fputs(schema->column_count ? "\n" : " only their identity\n", out);
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
  fputs("\nsteps\n", out);
  for (size_t i = 0; i < compiled->graph->nodes.count; i++) explain_node(compiled, sources, compiled->graph->nodes.items[i], out);
  fputs("\neffects\n", out);
  for (uint32_t i = 0; i < plan->effect_count; i++) {
    const PlanEffect *effect = &plan->effects[i];
    fprintf(out, "  %s %s ", effects[effect->effect], connector_def(effect->connector)->name);
    text_print(out, plan_string(plan, effect->resource));
    fputc('\n', out);
  }
  fprintf(out, "\ndeterminism\n  %s\n", classes[plan->determinism]);
}
