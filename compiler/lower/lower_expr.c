#include "compiler/lower/lower.h"

#include "plan/opcode.h"

uint32_t lower_literal(Lowering *lowering, const Literal *literal) {
  PlanConstant constant = {.type = type_required(literal->type)};
  PlanBuilder *builder = lowering->builder;
  if (type_form(literal->type) == FORM_LIST) {
    constant.as.list.items = arena_array(lowering->graph->arena, literal->item_count ? literal->item_count : 1, sizeof(uint32_t));
    constant.as.list.count = (uint32_t)literal->item_count;
    for (size_t i = 0; i < literal->item_count; i++) {
      Literal item = literal->items[i];
      item.type = TYPE_MAKE(type_base(literal->type), FORM_ONE);
      constant.as.list.items[i] = lower_literal(lowering, &item);
    }
    return plan_build_constant(builder, constant);
  }
  if (type_form(literal->type) == FORM_RANGE) {
    constant.as.range.low = literal->low ? lower_literal(lowering, literal->low) : PLAN_NONE;
    constant.as.range.high = literal->high ? lower_literal(lowering, literal->high) : PLAN_NONE;
    return plan_build_constant(builder, constant);
  }
  switch (type_base(literal->type)) {
    case BASE_BOOL: constant.as.boolean = literal->boolean; break;
    case BASE_INT: constant.as.integer = literal->integer; break;
    case BASE_FLOAT:
    case BASE_PERCENT: constant.as.number = literal->number; break;
    case BASE_DATE: constant.as.date = literal->date; break;
    case BASE_TIME: constant.as.time = literal->time; break;
    case BASE_DURATION: constant.as.duration = literal->duration; break;
    default: constant.as.text = plan_build_string(builder, literal->text); break;
  }
  return plan_build_constant(builder, constant);
}

uint32_t lower_param(const Lowering *lowering, const Typed *use) {
  return lowering->graph->params.items[use->param].plan_index;
}

PlanWindow lower_window(Lowering *lowering, const Typed *window) {
  if (!window) return (PlanWindow){WINDOW_NONE, 0};
  if (window->kind == TYPED_PARAM) return (PlanWindow){WINDOW_PARAM, lower_param(lowering, window)};
  return (PlanWindow){WINDOW_CONSTANT, lower_literal(lowering, &window->literal)};
}

typedef struct Emitter {
  Lowering *lowering;
  CodeBuilder *code;
  uint32_t schema;
  const Node *tally;
} Emitter;

static uint32_t column_index(Emitter *emitter, const ColumnRef *column) {
  const Plan *plan = plan_build_plan(emitter->lowering->builder);
  const PlanSchema *schema = &plan->schemas[emitter->schema];
  PlanString name = plan_build_string(emitter->lowering->builder, column->name);
  PlanWindow window = lower_window(emitter->lowering, column->window);
  for (uint32_t i = 0; i < schema->column_count; i++) {
    const PlanColumn *there = &schema->columns[i];
    if (there->name == name && there->window.kind == window.kind && there->window.index == window.index) return i;
  }
  return PLAN_NONE; /* the verifier refuses it: a contradiction between check and demand */
}

/* In a result of `tally` a column is one of the keys. */
static uint32_t key_index(const Emitter *emitter, const ColumnRef *column) {
  uint32_t index = 0;
  for (size_t i = 0; i < emitter->tally->arg_count; i++) {
    const NodeArg *arg = &emitter->tally->args[i];
    if (arg->kind != NODE_KEY) continue;
    if (arg->value->kind == TYPED_COLUMN && column_same(&arg->value->column, column)) return index;
    index++;
  }
  return PLAN_NONE;
}

static uint32_t aggregate_index(const Emitter *emitter, const Typed *aggregate) {
  uint32_t index = 0;
  for (size_t i = 0; i < emitter->tally->arg_count; i++) {
    const NodeArg *arg = &emitter->tally->args[i];
    if (arg->kind == NODE_AGGREGATE && arg->span.start == aggregate->span.start && arg->span.end == aggregate->span.end) return index;
    if (arg->kind == NODE_KEY || arg->kind == NODE_AGGREGATE) index++;
  }
  return PLAN_NONE;
}

/* What only a source knows is missing in rows that were made otherwise: tracks of plays have no `position`. */
static void emit_column(Emitter *emitter, const ColumnRef *column) {
  uint32_t index = emitter->tally ? key_index(emitter, column) : column_index(emitter, column);
  bool of_source = column->field != FIELD_COUNT && field_def(column->field)->provider == PROVIDER_SOURCE;
  if (index == PLAN_NONE && of_source && type_is_optional(column->type))
    code_emit_index(emitter->code, OPCODE_MISSING, type_required(column->type));
  else
    code_emit_index(emitter->code, OPCODE_COL, index);
}

static void emit(Emitter *emitter, const Typed *typed) {
  CodeBuilder *code = emitter->code;
  switch (typed->kind) {
    case TYPED_CONSTANT: code_emit_index(code, OPCODE_CONST, lower_literal(emitter->lowering, &typed->literal)); return;
    case TYPED_PARAM: code_emit_index(code, OPCODE_PARAM, lower_param(emitter->lowering, typed)); return;
    case TYPED_COLUMN: emit_column(emitter, &typed->column); return;
    case TYPED_AGGREGATE: code_emit_index(code, OPCODE_COL, aggregate_index(emitter, typed)); return;
    case TYPED_MISSING: code_emit_index(code, OPCODE_MISSING, TYPE_OF(TEXT)); return;
    case TYPED_AND:
    case TYPED_OR: {
      emit(emitter, typed->operands[0]);
      uint32_t jump = code_emit_jump(code, typed->kind == TYPED_AND ? OPCODE_AND : OPCODE_OR);
      emit(emitter, typed->operands[1]);
      code_bind(code, jump);
      return;
    }
    case TYPED_CONCAT:
    case TYPED_CALL:
    case TYPED_OP:
      for (size_t i = 0; i < typed->operand_count; i++) emit(emitter, typed->operands[i]);
      if (typed->kind == TYPED_CONCAT) code_emit_index(code, OPCODE_CONCAT, (uint32_t)typed->operand_count);
      if (typed->kind == TYPED_CALL) code_emit_index(code, OPCODE_CALL, plan_build_function(emitter->lowering->builder, typed->function));
      if (typed->kind == TYPED_OP) code_emit(code, typed->opcode);
      return;
    case TYPED_BAD: return;
  }
}

uint32_t lower_code(Lowering *lowering, const Typed *typed, uint32_t schema, const Node *tally) {
  Emitter emitter = {.lowering = lowering, .schema = schema, .tally = tally, .code = code_builder_new(lowering->builder, schema)};
  emit(&emitter, typed);
  return code_finish(emitter.code, typed->type);
}
