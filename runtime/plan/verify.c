#include "plan/plan_int.h"

static Status verify_window(const Plan *plan, const PlanColumn *column, Error *error) {
  uint32_t count = column->window.kind == WINDOW_CONSTANT ? plan->constant_count : plan->param_count;
  if (column->window.index >= count) {
    return refuse(error, FAULT_PLAN_INDEX, "refers to window %u of %u", column->window.index, count);
  }
  Type type = column->window.kind == WINDOW_CONSTANT ? plan->constants[column->window.index].type
                                                     : plan->params[column->window.index].type;
  if (type == TYPE_OF(DURATION) || type == TYPE_OF(DATE) || type == TYPE_RANGE_OF(DATE)) return STATUS_OK;
  return refuse(error, FAULT_PLAN_WINDOW,
                "column `" TEXT_FORMAT "` has a window that is neither a duration nor a date nor a range of dates",
                TEXT_ARG(plan_string(plan, column->name)));
}

static Status wrong_column(const Plan *plan, const PlanColumn *column, const char *why, Error *error) {
  return refuse(error, FAULT_PLAN_COLUMN, "column `" TEXT_FORMAT "` %s", TEXT_ARG(plan_string(plan, column->name)),
                why);
}

static Status verify_field(const Plan *plan, RowKind kind, const PlanColumn *column, Error *error) {
  const PlanImport *import = &plan->imports[column->field];
  if (import->kind != IMPORT_FIELD) return wrong_column(plan, column, "names an import that is no field", error);
  const FieldDef *field = field_def((FieldId)import->id);
  if (column->name != import->name) return wrong_column(plan, column, "has another name than its field", error);
  if (kind == ROWS_ANY || !(field->rows & 1u << kind))
    return wrong_column(plan, column, "is no field of these rows", error);
  if (type_required(column->type) != type_required(field->type))
    return wrong_column(plan, column, "has another type than its field", error);
  bool forgets = type_is_optional(field->type) && !type_is_optional(column->type);
  if (forgets) return wrong_column(plan, column, "may be missing and is not marked so", error);
  if (column->window.kind != WINDOW_NONE && !field->windowed)
    return wrong_column(plan, column, "takes no window", error);
  return STATUS_OK;
}

static Status verify_column(const Plan *plan, RowKind kind, const PlanColumn *column, Error *error) {
  if (plan_string(plan, column->name).length == 0) return wrong_column(plan, column, "has no name", error);
  if (!type_is_value(column->type) || type_form(column->type) == FORM_RANGE) {
    return refuse(error, FAULT_PLAN_TYPE, "no column has type 0x%02x", (unsigned)column->type);
  }
  if (column->field != PLAN_NONE) {
    Status status = verify_field(plan, kind, column, error);
    if (status != STATUS_OK) return status;
  } else if (column->window.kind != WINDOW_NONE) {
    return wrong_column(plan, column, "is no field and takes no window", error);
  }
  return column->window.kind == WINDOW_NONE ? STATUS_OK : verify_window(plan, column, error);
}

static Status verify_schema(Verifier *verifier, uint32_t index, Error *error) {
  const PlanSchema *schema = &verifier->plan->schemas[index];
  ColumnTable *table = &verifier->infer->table;
  column_table_reset(table, schema->columns);
  for (uint32_t i = 0; i < schema->column_count; i++) {
    Status status = verify_column(verifier->plan, schema->kind, &schema->columns[i], error);
    if (status != STATUS_OK) return status;
    if (!column_table_add(table, i)) {
      return refuse(error, FAULT_PLAN_COLUMN_TWICE, "column `" TEXT_FORMAT "` stands twice",
                    TEXT_ARG(plan_string(verifier->plan, schema->columns[i].name)));
    }
  }
  return STATUS_OK;
}

static bool default_fits(Type constant, Type param) {
  return constant == param || (type_is_text(constant) && type_is_text(param));
}

static Status verify_param(Verifier *verifier, uint32_t index, Error *error) {
  const Plan *plan = verifier->plan;
  const PlanParam *param = &plan->params[index];
  Text name = plan_string(plan, param->name);
  if (name.length == 0) return refuse(error, FAULT_PLAN_PARAMETER, "the parameter has no name");
  for (uint32_t other = 0; other < index; other++) {
    if (plan->params[other].name == param->name)
      return refuse(error, FAULT_PLAN_PARAMETER, "parameter %u has the same name `" TEXT_FORMAT "`", other,
                    TEXT_ARG(name));
  }
  if (!type_is_value(param->type) || type_is_optional(param->type)) {
    return refuse(error, FAULT_PLAN_PARAMETER, "parameter `" TEXT_FORMAT "` has a type that no parameter has",
                  TEXT_ARG(name));
  }
  if (param->default_constant != PLAN_NONE &&
      !default_fits(plan->constants[param->default_constant].type, param->type)) {
    return refuse(error, FAULT_PLAN_PARAMETER, "the default of parameter `" TEXT_FORMAT "` has another type",
                  TEXT_ARG(name));
  }
  return STATUS_OK;
}

static Status verify_code(Verifier *verifier, uint32_t index, Error *error) {
  const PlanCode *code = &verifier->plan->codes[index];
  CodeFacts facts;
  Status status = code_check(verifier->plan, verifier->scratch, code, &facts, error);
  if (status != STATUS_OK) return status;
  if (facts.stack != code->stack) {
    return refuse(error, FAULT_PLAN_CODE_HEIGHT, "the code states a stack of %u values and needs %u", code->stack,
                  facts.stack);
  }
  if (facts.result == code->result) return STATUS_OK;
  return refuse(error, FAULT_PLAN_CODE_RESULT, "the code states the result " TEXT_FORMAT " and gives " TEXT_FORMAT,
                TEXT_ARG(type_name(verifier->arena, code->result)), TEXT_ARG(type_name(verifier->arena, facts.result)));
}

static bool is_sink(const Plan *plan, uint32_t node) {
  return plan_stage(plan, node)->group == GROUP_DESTINATION;
}

static Status verify_groups(Verifier *verifier, Error *error) {
  PlanGroups groups;
  uint32_t node;
  Status status = plan_infer_groups(verifier->plan, verifier->arena, &groups, &node, error);
  return status == STATUS_OK ? status : place_fault(verifier->places, SECTION_NODE, node, error);
}

/* From the last node to the first: what a needed node reads is needed. */
static Status verify_reach(Verifier *verifier, Error *error) {
  const Plan *plan = verifier->plan;
  uint8_t *needed = arena_array(verifier->arena, plan->node_count, sizeof *needed);
  for (uint32_t i = plan->node_count; i-- > 0;) {
    const PlanNode *node = &plan->nodes[i];
    if (!needed[i] && !is_sink(plan, i)) {
      refuse(error, FAULT_PLAN_UNUSED_NODE, "the rows of `%s` reach no destination", plan_stage(plan, i)->name);
      return place_fault(verifier->places, SECTION_NODE, i, error);
    }
    for (uint32_t k = 0; k < node->input_count; k++) needed[node->inputs[k]] = 1;
  }
  return STATUS_OK;
}

/* The sinks are exactly the destinations, in order of nodes. */
static Status verify_sinks(Verifier *verifier, Error *error) {
  const Plan *plan = verifier->plan;
  uint32_t node = 0;
  for (uint32_t i = 0; i < plan->sink_count; i++) {
    while (node < plan->node_count && !is_sink(plan, node)) node++;
    if (plan->sinks[i].node != node) {
      if (node < plan->node_count) {
        refuse(error, FAULT_PLAN_SINKS, "names node %u where destination node %u belongs", plan->sinks[i].node, node);
      } else {
        refuse(error, FAULT_PLAN_SINKS, "names node %u, and all destinations are listed already", plan->sinks[i].node);
      }
      return place_fault(verifier->places, SECTION_SINK, i, error);
    }
    if (plan->sinks[i].after != PLAN_NONE && plan->sinks[i].after >= i) {
      refuse(error, FAULT_PLAN_SINK_ORDER, "waits for sink %u, which does not stand before it", plan->sinks[i].after);
      return place_fault(verifier->places, SECTION_SINK, i, error);
    }
    node++;
  }
  for (; node < plan->node_count; node++) {
    if (is_sink(plan, node))
      return refuse(error, FAULT_PLAN_SINKS, "section SINK: destination node %u is not listed", node);
  }
  return STATUS_OK;
}

static Status verify_effects(Verifier *verifier, Error *error) {
  const Plan *plan = verifier->plan;
  PlanEffect *effects;
  uint32_t count;
  Status status = plan_infer_effects(plan, verifier->arena, &effects, &count, error);
  if (status != STATUS_OK) return fail_context(error, "section EFCT");
  for (uint32_t i = 0; i < count && i < plan->effect_count; i++) {
    const PlanEffect *stated = &plan->effects[i];
    bool same = stated->connector == effects[i].connector && stated->effect == effects[i].effect &&
                stated->resource == effects[i].resource;
    if (same) continue;
    refuse(error, FAULT_PLAN_EFFECTS, "the plan %s `" TEXT_FORMAT "` of %s and does not declare it here",
           effects[i].effect == EFFECT_WRITE ? "writes" : "reads", TEXT_ARG(plan_string(plan, effects[i].resource)),
           connector_def(effects[i].connector)->name);
    return place_fault(verifier->places, SECTION_EFCT, i, error);
  }
  if (count != plan->effect_count) {
    return refuse(error, FAULT_PLAN_EFFECTS, "section EFCT: the plan has %u effects and declares %u", count,
                  plan->effect_count);
  }
  if (plan_infer_determinism(plan) == plan->determinism) return STATUS_OK;
  return refuse(error, FAULT_PLAN_DETERMINISM, "section EFCT: the plan states determinism class %d and is of class %d",
                (int)plan->determinism, (int)plan_infer_determinism(plan));
}

static Status verify_all(Verifier *verifier, PlanSection section, uint32_t count,
                         Status (*one)(Verifier *verifier, uint32_t index, Error *error), Error *error) {
  for (uint32_t i = 0; i < count; i++) {
    if (one(verifier, i, error) != STATUS_OK) return place_fault(verifier->places, section, i, error);
  }
  return STATUS_OK;
}

Status plan_verify(const Plan *plan, Arena *arena, const PlanPlaces *places, Error *error) {
  Verifier verifier = {plan, arena, places, infer_new(plan, arena), code_scratch_new(arena),
                       arena_array(arena, plan->code_count, sizeof(uint8_t *))};
  Status status = verify_all(&verifier, SECTION_ROWS, plan->schema_count, verify_schema, error);
  if (status == STATUS_OK) status = verify_all(&verifier, SECTION_PARM, plan->param_count, verify_param, error);
  if (status == STATUS_OK) status = verify_all(&verifier, SECTION_CODE, plan->code_count, verify_code, error);
  if (status == STATUS_OK) status = verify_all(&verifier, SECTION_NODE, plan->node_count, verify_node, error);
  if (status == STATUS_OK) status = verify_groups(&verifier, error);
  if (status == STATUS_OK) status = verify_reach(&verifier, error);
  if (status == STATUS_OK) status = verify_sinks(&verifier, error);
  if (status == STATUS_OK) status = verify_effects(&verifier, error);
  return status;
}
