#include "plan/build_int.h"

#include <string.h>

PlanBuilder *plan_builder_new(Arena *arena) {
  PlanBuilder *builder = arena_alloc(arena, sizeof *builder);
  builder->arena = arena;
  builder->string_keys = interner_new(arena);
  builder->constant_keys = interner_new(arena);
  builder->import_keys = interner_new(arena);
  builder->schema_keys = interner_new(arena);
  builder->param_keys = interner_new(arena);
  builder->code_keys = interner_new(arena);
  builder->plan.level = PLAN_LEVEL;
  builder->plan.catalogue = catalogue_digest();
  builder->infer = infer_new(&builder->plan, arena);
  builder->scratch = code_scratch_new(arena);
  return builder;
}

Plan *plan_build_plan(PlanBuilder *builder) {
  return &builder->plan;
}

void builder_fault(PlanBuilder *builder, Error error) {
  if (builder->failure.status == STATUS_OK) builder->failure = error;
}

/* Whether `key` is new; its number in `*index`. The builder's bytes become the key and are not used again. */
static bool add_key(Interner *interner, const TextBuilder *key, uint32_t *index) {
  bool added;
  *index = interner_add(interner, text_built(key), &added);
  return added;
}

PlanString plan_build_string(PlanBuilder *builder, Text text) {
  uint32_t index = interner_find(builder->string_keys, text);
  if (index != PLAN_NONE) return index;
  bool added;
  Text copy = text_copy(builder->arena, text);
  index = interner_add(builder->string_keys, copy, &added);
  vec_push(builder->arena, &builder->strings, copy);
  builder->plan.strings = builder->strings.items;
  builder->plan.string_count = (uint32_t)builder->strings.count;
  return index;
}

uint32_t plan_build_constant(PlanBuilder *builder, PlanConstant constant) {
  TextBuilder key = {.arena = builder->arena};
  uint32_t index;
  write_constant(&key, &constant);
  if (!add_key(builder->constant_keys, &key, &index)) return index;
  if (type_form(constant.type) == FORM_LIST) {
    size_t count = constant.as.list.count;
    uint32_t *items = arena_array(builder->arena, count, sizeof *items);
    if (count) memcpy(items, constant.as.list.items, count * sizeof *items);
    constant.as.list.items = items;
  }
  vec_push(builder->arena, &builder->constants, constant);
  builder->plan.constants = builder->constants.items;
  builder->plan.constant_count = (uint32_t)builder->constants.count;
  return index;
}

static uint32_t add_import(PlanBuilder *builder, PlanImport import) {
  TextBuilder key = {.arena = builder->arena};
  uint32_t index;
  write_import(&key, &import);
  if (!add_key(builder->import_keys, &key, &index)) return index;
  vec_push(builder->arena, &builder->imports, import);
  builder->plan.imports = builder->imports.items;
  builder->plan.import_count = (uint32_t)builder->imports.count;
  return index;
}

uint32_t plan_build_stage(PlanBuilder *builder, StageId stage) {
  const char *name = arena_format(builder->arena, "%s%s", stage_prefix(stage), stage_def(stage)->name);
  PlanString string = plan_build_string(builder, text_of(name));
  return add_import(builder, (PlanImport){IMPORT_STAGE, string, stage_signature(stage), stage});
}

uint32_t plan_build_field(PlanBuilder *builder, FieldId field) {
  PlanString string = plan_build_string(builder, text_of(field_def(field)->name));
  return add_import(builder, (PlanImport){IMPORT_FIELD, string, field_signature(field), field});
}

uint32_t plan_build_function(PlanBuilder *builder, FunctionId function) {
  PlanString string = plan_build_string(builder, text_of(function_def(function)->name));
  return add_import(builder, (PlanImport){IMPORT_FUNCTION, string, function_signature(function), function});
}

uint32_t plan_build_schema(PlanBuilder *builder, PlanSchema schema) {
  TextBuilder key = {.arena = builder->arena};
  uint32_t index;
  write_schema(&key, &schema);
  if (!add_key(builder->schema_keys, &key, &index)) return index;
  PlanColumn *columns = arena_array(builder->arena, schema.column_count, sizeof *columns);
  if (schema.column_count) memcpy(columns, schema.columns, schema.column_count * sizeof *columns);
  schema.columns = columns;
  vec_push(builder->arena, &builder->schemas, schema);
  builder->plan.schemas = builder->schemas.items;
  builder->plan.schema_count = (uint32_t)builder->schemas.count;
  return index;
}

uint32_t plan_build_param(PlanBuilder *builder, PlanParam param) {
  TextBuilder key = {.arena = builder->arena};
  uint32_t index;
  write_param(&key, &param);
  if (!add_key(builder->param_keys, &key, &index)) return index;
  vec_push(builder->arena, &builder->params, param);
  builder->plan.params = builder->params.items;
  builder->plan.param_count = (uint32_t)builder->params.count;
  return index;
}

uint32_t builder_add_code(PlanBuilder *builder, PlanCode code) {
  TextBuilder key = {.arena = builder->arena};
  uint32_t index;
  write_code(&key, &code);
  if (!add_key(builder->code_keys, &key, &index)) return index;
  vec_push(builder->arena, &builder->codes, code);
  builder->plan.codes = builder->codes.items;
  builder->plan.code_count = (uint32_t)builder->codes.count;
  return index;
}

uint32_t plan_build_aggregate_row(PlanBuilder *builder, const PlanNode *node) {
  Error error = {0};
  PlanSchema schema;
  uint32_t aggregates = 0;
  for (uint32_t i = 0; i < node->arg_count; i++) {
    if (node->args[i].kind != ARG_AGGREGATE || aggregates >= PLAN_MAX_COLUMNS) continue;
    const char *name = arena_format(builder->arena, "#%u", aggregates);
    builder->infer->aggregate_names[aggregates++] = plan_build_string(builder, text_of(name));
  }
  if (infer_aggregates(builder->infer, node, &schema, &error) != STATUS_OK) {
    builder_fault(builder, error);
    schema = (PlanSchema){.kind = ROWS_ANY};
  }
  return plan_build_schema(builder, schema);
}

uint32_t plan_build_node(PlanBuilder *builder, PlanNode node, PlanSpan span) {
  uint32_t *inputs = arena_array(builder->arena, node.input_count, sizeof *inputs);
  if (node.input_count) memcpy(inputs, node.inputs, node.input_count * sizeof *inputs);
  PlanArg *args = arena_array(builder->arena, node.arg_count, sizeof *args);
  if (node.arg_count) memcpy(args, node.args, node.arg_count * sizeof *args);
  node.inputs = inputs;
  node.args = args;
  vec_push(builder->arena, &builder->nodes, node);
  vec_push(builder->arena, &builder->spans, span);
  builder->plan.nodes = builder->nodes.items;
  builder->plan.spans = builder->spans.items;
  uint32_t index = builder->plan.node_count++;

  Error error = {0};
  PlanSchema schema;
  if (infer_node(builder->infer, index, &schema, &error) != STATUS_OK) {
    fail_context(&error, "node %u", index);
    builder_fault(builder, error);
    schema = (PlanSchema){.kind = ROWS_ANY}; /* so that what follows has something to look at */
  }
  builder->nodes.items[index].schema = plan_build_schema(builder, schema);
  return index;
}

void plan_build_sink(PlanBuilder *builder, uint32_t node, uint32_t after) {
  vec_push(builder->arena, &builder->sinks, (PlanSink){node, after});
  builder->plan.sinks = builder->sinks.items;
  builder->plan.sink_count = (uint32_t)builder->sinks.count;
}

Status plan_build_finish(PlanBuilder *builder, Plan **out, Error *error) {
  if (builder->failure.status != STATUS_OK) {
    if (error) *error = builder->failure;
    return builder->failure.status;
  }
  Plan *plan = &builder->plan;
  plan_build_string(builder, TEXT_LITERAL("*"));
  Status status = plan_infer_effects(plan, builder->arena, &plan->effects, &plan->effect_count, error);
  if (status != STATUS_OK) return status;
  plan->determinism = plan_infer_determinism(plan);
  *out = plan;
  return STATUS_OK;
}
