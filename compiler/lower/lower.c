#include "compiler/lower/lower.h"

#include "compiler/check/module.h"
#include "compiler/syntax/token.h"

static PlanColumn lower_column(Lowering *lowering, const ColumnRef *column) {
  const FieldDef *def = field_def(column->field);
  Type type = def->type;
  if (def->provider == PROVIDER_TRACK) type |= TYPE_OPTIONAL;
  return (PlanColumn){.name = plan_build_string(lowering->builder, column->name),
                      .field = plan_build_field(lowering->builder, column->field),
                      .type = type,
                      .window = lower_window(lowering, column->window)};
}

static uint32_t lower_columns(Lowering *lowering, const Node *node) {
  PlanSchema schema = {.kind = node->type.kind, .column_count = (uint32_t)node->columns.count};
  schema.columns = arena_array(lowering->graph->arena, node->columns.count + 1, sizeof *schema.columns);
  for (size_t i = 0; i < node->columns.count; i++) schema.columns[i] = lower_column(lowering, &node->columns.items[i]);
  return plan_build_schema(lowering->builder, schema);
}

static PlanArg lower_scalar(Lowering *lowering, const Typed *value) {
  if (value->kind == TYPED_CONSTANT) return (PlanArg){.kind = ARG_CONSTANT, .index = lower_literal(lowering, &value->literal)};
  if (value->kind == TYPED_PARAM) return (PlanArg){.kind = ARG_PARAM, .index = lower_param(lowering, value)};
  return (PlanArg){.kind = ARG_SCALAR, .index = lower_code(lowering, value, PLAN_NONE, NULL)};
}

static PlanArg lower_arg(Lowering *lowering, const Node *node, const NodeArg *arg, uint32_t input_schema, uint32_t aggregates) {
  PlanBuilder *builder = lowering->builder;
  PlanArg lowered = {0};
  switch (arg->kind) {
    case NODE_SCALAR: lowered = lower_scalar(lowering, arg->value); break;
    case NODE_WORD: lowered = (PlanArg){.kind = ARG_WORD, .index = plan_build_string(builder, arg->word)}; break;
    case NODE_INPUT: lowered = (PlanArg){.kind = ARG_INPUT, .index = arg->input}; break;
    case NODE_ROW:
    case NODE_KEY: lowered = (PlanArg){.kind = ARG_ROW, .index = lower_code(lowering, arg->value, input_schema, NULL)}; break;
    case NODE_AGGREGATE: lowered = (PlanArg){.kind = ARG_AGGREGATE, .index = plan_build_function(builder, arg->function)}; break;
    case NODE_RESULT: lowered = (PlanArg){.kind = ARG_RESULT, .index = lower_code(lowering, arg->value, aggregates, node)}; break;
  }
  lowered.code = arg->kind == NODE_AGGREGATE && arg->value ? lower_code(lowering, arg->value, input_schema, NULL) : PLAN_NONE;
  lowered.param = arg->param;
  lowered.descending = arg->descending;
  lowered.name = arg->name.length ? plan_build_string(builder, arg->name) : PLAN_NONE;
  return lowered;
}

/* Where the program itself stands for the node: what a module wrote is at the place that reaches it. */
static Span site_of(const Graph *graph, const Node *node) {
  if (node->span.source == graph->source) return node->span;
  if (node->site.end) return node->site;
  return node->input_count ? site_of(graph, node->inputs[0]) : (Span){.source = graph->source};
}

static void lower_node(Lowering *lowering, Node *node) {
  PlanBuilder *builder = lowering->builder;
  Arena *arena = lowering->graph->arena;
  PlanNode lowered = {.stage = plan_build_stage(builder, node->stage), .inserted = node->inserted, .input_count = (uint32_t)node->input_count};
  lowered.inputs = arena_array(arena, node->input_count + 1, sizeof *lowered.inputs);
  for (size_t i = 0; i < node->input_count; i++) lowered.inputs[i] = node->inputs[i]->plan_index;
  bool given_columns = stage_def(node->stage)->inputs == INPUTS_NONE || node->stage == STAGEID_ENRICH;
  uint32_t columns = given_columns ? lower_columns(lowering, node) : PLAN_NONE;
  /* What a source is told of its rows is code on the rows it gives. */
  uint32_t input_schema = node->input_count ? plan_build_plan(builder)->nodes[lowered.inputs[0]].schema : columns;
  lowered.args = arena_array(arena, node->arg_count + 1, sizeof *lowered.args);
  uint32_t aggregates = PLAN_NONE;
  for (size_t i = 0; i < node->arg_count; i++) {
    /* Results come last: the row they see follows from the keys and aggregates before them. */
    if (node->args[i].kind == NODE_RESULT && aggregates == PLAN_NONE) aggregates = plan_build_aggregate_row(builder, &lowered);
    lowered.args[lowered.arg_count++] = lower_arg(lowering, node, &node->args[i], input_schema, aggregates);
  }
  if (given_columns)
    lowered.args[lowered.arg_count++] =
        (PlanArg){.param = PLAN_ARG_COLUMNS, .kind = ARG_COLUMNS, .name = PLAN_NONE, .code = PLAN_NONE, .index = columns};
  Span site = site_of(lowering->graph, node);
  SourcePlace place = source_place(&lowering->sources->items[site.source], site.start);
  node->plan_index = plan_build_node(builder, lowered, (PlanSpan){place.line, place.column});
}

static Text file_name(Text path) {
  size_t start = path.length;
  while (start > 0 && path.bytes[start - 1] != '/') start--;
  return (Text){path.bytes + start, path.length - start};
}

static Digest module_digest(const Lowering *lowering, const Module *module) {
  return source_digest(lowering->graph->arena, &lowering->sources->items[module->unit->source]);
}

Status lower_graph(Graph *graph, const SourceSet *sources, Plan **plan, Error *error) {
  Lowering lowering = {.graph = graph, .builder = plan_builder_new(graph->arena), .sources = sources};
  const Source *source = &sources->items[graph->source];
  for (size_t i = 0; i < graph->params.count; i++) {
    ProgramParam *param = &graph->params.items[i];
    if (!param->reached) continue;
    param->plan_index = plan_build_param(lowering.builder, (PlanParam){.name = plan_build_string(lowering.builder, param->name),
                                                   .type = param->type,
                                                   .default_constant = param->default_value ? lower_literal(&lowering, param->default_value) : PLAN_NONE,
                                                   .doc = param->doc.length ? plan_build_string(lowering.builder, param->doc) : PLAN_NONE});
  }
  for (size_t i = 0; i < graph->nodes.count; i++) lower_node(&lowering, graph->nodes.items[i]);
  for (size_t i = 0; i < graph->sinks.count; i++)
    plan_build_sink(lowering.builder, graph->sinks.items[i]->plan_index, i ? (uint32_t)i - 1 : PLAN_NONE);
  Plan *built = plan_build_plan(lowering.builder);
  built->level = PLAN_LEVEL;
  built->source = module_digest(&lowering, graph->program->modules.items[0]);
  built->source_name = file_name(source->path);
  built->doc = graph->doc;
  built->modules = arena_array(graph->arena, graph->program->modules.count, sizeof *built->modules);
  for (size_t i = 1; i < graph->program->modules.count; i++) {
    const Module *module = graph->program->modules.items[i];
    built->modules[built->module_count++] = (PlanModule){module->name, module_digest(&lowering, module)};
  }
  return plan_build_finish(lowering.builder, plan, error);
}
