/* What is fixed before anything is exported. */
#include "compiler/workflow/export_int.h"

typedef struct Settling {
  const Graph *graph;
  bool defaults;
} Settling;

/* Texts can hold parameters in a workflow. */
static bool stays_param(const ProgramParam *param) {
  return type_is_text(type_required(param->type));
}

static void settle(const Settling *settling, Typed *typed) {
  typed->formal = false; /* here it matters what this use of a stage was given */
  if (typed->column.window) settle(settling, typed->column.window);
  for (size_t i = 0; i < typed->operand_count; i++)
    if (typed->operands[i]) settle(settling, typed->operands[i]);
  if (typed->kind != TYPED_PARAM || !settling->defaults) return;
  const ProgramParam *param = &settling->graph->params.items[typed->param];
  if (stays_param(param) || !param->default_value) return;
  typed->kind = TYPED_CONSTANT;
  typed->literal = *param->default_value;
  typed->type = param->default_value->type;
}

void export_settle(Exporter *exporter, bool defaults) {
  Settling settling = {exporter->graph, defaults};
  Graph *graph = exporter->graph;
  for (size_t i = 0; i < graph->nodes.count; i++)
    for (size_t a = 0; a < graph->nodes.items[i]->arg_count; a++)
      if (graph->nodes.items[i]->args[a].value) settle(&settling, graph->nodes.items[i]->args[a].value);
  for (size_t i = 0; i < graph->params.count && defaults; i++)
    if (!stays_param(&graph->params.items[i]) && graph->params.items[i].default_value) graph->params.items[i].reached = false;
}
