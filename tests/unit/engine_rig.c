#include "engine_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { COLUMNS_MAX = 16 };
static const Instant rig_now = INT64_C(1718452800000); /* 2024-06-15T12:00:00Z */

static PlanColumn parse_column(Rig *rig, const char *spec, size_t length) {
  PlanString name = plan_build_string(rig->builder, (Text){spec, length - 2});
  Type type = (Type)(type_required(type_of_letter(spec[length - 1])) | TYPE_OPTIONAL);
  return (PlanColumn){.name = name, .field = PLAN_NONE, .type = type};
}

Rig rig_new(RowKind kind, const char *columns) {
  Rig rig = {.arena = arena_new(0)};
  rig.builder = plan_builder_new(rig.arena);
  PlanColumn parsed[COLUMNS_MAX];
  uint32_t count = 0;
  for (const char *at = columns; *at;) {
    size_t length = strcspn(at, " ");
    parsed[count++] = parse_column(&rig, at, length);
    at += length + (at[length] == ' ');
  }
  rig.schema = plan_build_schema(rig.builder, (PlanSchema){kind, parsed, count});
  /* The stages under test only look at schemas, so the source may stand for rows of any kind. */
  PlanArg asked = {
      .param = PLAN_ARG_COLUMNS, .kind = ARG_COLUMNS, .name = PLAN_NONE, .index = rig.schema, .code = PLAN_NONE};
  StageId source = kind == ROWS_PLAY ? STAGEID_FROM_LIBRARY_PLAYS : STAGEID_FROM_LIBRARY_TRACKS;
  PlanNode node = {.stage = plan_build_stage(rig.builder, source), .args = &asked, .arg_count = 1};
  rig.source = plan_build_node(rig.builder, node, (PlanSpan){1, 1});
  plan_build_plan(rig.builder)->nodes[rig.source].schema = rig.schema;
  return rig;
}

void rig_free(Rig *rig) {
  arena_free(rig->arena);
}

void rig_start(Rig *rig) {
  Error error = {0};
  RunOptions options = {.now = rig_now, .has_seed = true, .seed = 1};
  assert_int_equal(zone_use("UTC", &options.zone, &error), STATUS_OK);
  Plan *plan;
  if (plan_build_finish(rig->builder, &plan, &error)) fail_msg("%s", error.message);
  if (run_new(rig->arena, plan, &options, NULL, 0, &rig->run, &error)) fail_msg("%s", error.message);
}

uint32_t rig_constant(Rig *rig, Type type, int64_t integer, double number, const char *text) {
  PlanConstant constant = {.type = type};
  switch (type_base(type)) {
    case BASE_BOOL:
      constant.as.boolean = integer != 0;
      break;
    case BASE_FLOAT:
    case BASE_PERCENT:
      constant.as.number = number;
      break;
    case BASE_TEXT:
      constant.as.text = plan_build_string(rig->builder, text_of(text));
      break;
    case BASE_DATE:
      constant.as.date = date_unpack(integer);
      break;
    case BASE_TIME:
      constant.as.time = integer;
      break;
    case BASE_DURATION:
      constant.as.duration = duration_unpack(integer);
      break;
    default:
      constant.as.integer = integer;
  }
  return plan_build_constant(rig->builder, constant);
}

uint32_t rig_int(Rig *rig, int64_t value) {
  return rig_constant(rig, TYPE_OF(INT), value, 0, NULL);
}

uint32_t rig_percent(Rig *rig, double value) {
  return rig_constant(rig, TYPE_OF(PERCENT), 0, value, NULL);
}

uint32_t rig_column(Rig *rig, uint32_t column) {
  CodeBuilder *code = code_builder_new(rig->builder, rig->schema);
  code_emit_index(code, OPCODE_COL, column);
  return code_finish(code, plan_build_plan(rig->builder)->schemas[rig->schema].columns[column].type);
}

PlanArg rig_arg(Rig *rig, StageId stage, const char *param, PlanArgKind kind, uint32_t index) {
  (void)rig;
  const StageDef *def = stage_def(stage);
  uint8_t i = 0;
  while (i < def->param_count && strcmp(def->params[i].name, param) != 0) i++;
  assert_true(i < def->param_count);
  return (PlanArg){.param = i, .kind = kind, .name = PLAN_NONE, .index = index, .code = PLAN_NONE};
}

uint32_t rig_node(Rig *rig, StageId stage, uint32_t input_count, const PlanArg *args, uint32_t arg_count) {
  uint32_t inputs[COLUMNS_MAX];
  for (uint32_t i = 0; i < input_count; i++) inputs[i] = rig->source;
  PlanNode node = {.stage = plan_build_stage(rig->builder, stage),
                   .inputs = inputs,
                   .input_count = input_count,
                   .args = (PlanArg *)args,
                   .arg_count = arg_count};
  return plan_build_node(rig->builder, node, (PlanSpan){7, 3});
}

Batch *rig_batch(Rig *rig, size_t rows) {
  const PlanSchema *schema = &rig->run->plan->schemas[rig->schema];
  return batch_new(rig->arena, schema, rows, schema->kind == ROWS_TRACK || schema->kind == ROWS_PLAY);
}

void rig_set_int(Batch *batch, size_t column, size_t row, int64_t value) {
  batch_values(batch, column)[row].integer = value;
}

void rig_set_number(Batch *batch, size_t column, size_t row, double value) {
  batch_values(batch, column)[row].number = value;
}

void rig_set_text(Rig *rig, Batch *batch, size_t column, size_t row, const char *value) {
  batch_values(batch, column)[row].integer = text_intern(rig->run->texts, text_of(value));
}

void rig_set_missing(Rig *rig, Batch *batch, size_t column, size_t row) {
  batch_missing(rig->arena, batch, column)[row] = 1;
}

Status rig_try(Rig *rig, uint32_t node, StageRun *stage, const Batch *const *inputs, uint32_t count, const Batch **out,
               Error *error) {
  const PlanNode *plan_node = &rig->run->plan->nodes[node];
  StageCall call = {
      .run = rig->run,
      .node = node,
      .def = plan_stage(rig->run->plan, node),
      .plan_node = plan_node,
      .inputs = inputs,
      .input_count = count,
      .schema = &rig->run->plan->schemas[plan_node->schema],
      .report = &rig->run->reports[node],
  };
  Status status = call_check(&call, error);
  return status ? status : stage(&call, out, error);
}

const Batch *rig_run(Rig *rig, uint32_t node, StageRun *stage, const Batch *input) {
  Error error = {0};
  const Batch *out = NULL;
  if (rig_try(rig, node, stage, &input, 1, &out, &error)) fail_msg("%s", error.message);
  return out;
}

const Batch *rig_run2(Rig *rig, uint32_t node, StageRun *stage, const Batch *a, const Batch *b) {
  Error error = {0};
  const Batch *inputs[] = {a, b}, *out = NULL;
  if (rig_try(rig, node, stage, inputs, 2, &out, &error)) fail_msg("%s", error.message);
  return out;
}

const char *rig_show(Rig *rig, const Batch *batch, size_t column) {
  TextBuilder out = {.arena = rig->arena};
  text_append(&out, TEXT_LITERAL(""));
  for (size_t i = 0; i < batch->selected; i++) {
    size_t row = batch_row(batch, i);
    if (i) text_append_char(&out, ' ');
    if (column_is_missing(&batch->columns[column], row)) {
      text_append_char(&out, '-');
    } else {
      text_append(&out,
                  vm_text(rig->run, type_required(batch->columns[column].type), batch->columns[column].values[row]));
    }
  }
  Text text = text_built(&out);
  return text.bytes ? text.bytes : "";
}
