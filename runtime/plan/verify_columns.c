#include "plan/plan_int.h"

static const PlanSchema *input_schema(const Plan *plan, const PlanNode *node, uint32_t input) {
  return &plan->schemas[plan->nodes[node->inputs[input]].schema];
}

/* ---- what a source or `enrich` gives ---- */

static bool gives(Provider asked, Provider provider) {
  if (provider == PROVIDER_TRACK) return asked == PROVIDER_SOURCE || asked == PROVIDER_LIBRARY;
  return provider == asked;
}

static Status verify_given(const Plan *plan, const StageDef *stage, StageId id, Provider provider, const PlanColumn *column, Error *error) {
  Text name = plan_string(plan, column->name);
  if (column->field == PLAN_NONE) {
    return refuse(error, FAULT_PLAN_ARG_COLUMNS, "`%s` is asked for `" TEXT_FORMAT "`, which is no field", stage->name,
                  TEXT_ARG(name));
  }
  const FieldDef *field = field_def((FieldId)plan->imports[column->field].id);
  bool own = provider == PROVIDER_SOURCE && stage_gives(id, (FieldId)plan->imports[column->field].id);
  if (!own && !gives(provider, field->provider)) {
    return refuse(error, FAULT_PLAN_ARG_COLUMNS, "`%s` is asked for `" TEXT_FORMAT "`, which comes from %s",
                  stage->name, TEXT_ARG(name), provider_name(field->provider));
  }
  if (provider == PROVIDER_SOURCE && column->window.kind != WINDOW_NONE) {
    return refuse(error, FAULT_PLAN_ARG_COLUMNS,
                  "`%s` is asked for `" TEXT_FORMAT "` of a window, which no source gives", stage->name,
                  TEXT_ARG(name));
  }
  if (column->type == field->type) return STATUS_OK;
  return refuse(error, FAULT_PLAN_ARG_COLUMNS,
                "`%s` gives `" TEXT_FORMAT "` exactly as the field is, and here it is optional", stage->name,
                TEXT_ARG(name));
}

Status verify_columns(Verifier *verifier, uint32_t index, Error *error) {
  const Plan *plan = verifier->plan;
  const PlanNode *node = &plan->nodes[index];
  const StageDef *stage = plan_stage(plan, index);
  const PlanArg *arg = node_arg(node, PLAN_ARG_COLUMNS);
  if (!arg) return STATUS_OK;
  const PlanSchema *schema = &plan->schemas[arg->index];
  bool enrich = stage->output == OUTPUT_ENRICH;
  RowKind kind = enrich ? input_schema(plan, node, 0)->kind : infer_source_kind(plan, node);
  if (schema->kind != kind) {
    return refuse(error, FAULT_PLAN_ARG_COLUMNS, "`%s` is asked for columns of %s and has %s", stage->name,
                  row_kind_name(schema->kind), row_kind_name(kind));
  }
  Provider provider = enrich ? node_provider(plan, node) : PROVIDER_SOURCE;
  for (uint32_t i = 0; i < schema->column_count; i++) {
    Status status = verify_given(plan, stage, (StageId)plan->imports[node->stage].id, provider, &schema->columns[i], error);
    if (status != STATUS_OK) return status;
  }
  return STATUS_OK;
}

/* ---- what rows are compared by ---- */

static Status not_in(Error *error, const StageDef *stage, uint32_t input, Text what) {
  return refuse(error, FAULT_PLAN_ROW_IDENTITY, "`%s` compares rows by " TEXT_FORMAT ", which input %u lacks",
                stage->name, TEXT_ARG(what), input);
}

static bool has_tracks(RowKind kind) {
  return kind == ROWS_TRACK || kind == ROWS_PLAY;
}

/* Anonymous rows are compared whole: the same columns in every input, in any order. */
static Status verify_whole_rows(Verifier *verifier, const PlanNode *node, const StageDef *stage, Error *error) {
  const PlanSchema *first = input_schema(verifier->plan, node, 0);
  ColumnTable *table = &verifier->infer->table;
  column_table_reset(table, first->columns);
  for (uint32_t i = 0; i < first->column_count; i++) column_table_add(table, i);
  for (uint32_t k = 1; k < node->input_count; k++) {
    const PlanSchema *other = input_schema(verifier->plan, node, k);
    bool same = other->kind == ROWS_ANY && other->column_count == first->column_count;
    for (uint32_t i = 0; same && i < other->column_count; i++) {
      uint32_t at = column_table_find(table, other->columns[i].name, other->columns[i].window);
      same = at != PLAN_NONE && type_required(first->columns[at].type) == type_required(other->columns[i].type);
    }
    if (!same) return not_in(error, stage, k, TEXT_LITERAL("all columns"));
  }
  return STATUS_OK;
}

static Status verify_tracks(const Plan *plan, const PlanNode *node, const StageDef *stage, Error *error) {
  for (uint32_t k = 0; k < node->input_count; k++) {
    if (!has_tracks(input_schema(plan, node, k)->kind)) return not_in(error, stage, k, TEXT_LITERAL("the track"));
  }
  return STATUS_OK;
}

static Status verify_word_column(const Plan *plan, const PlanNode *node, const StageDef *stage, PlanString word,
                                 Error *error) {
  for (uint32_t k = 0; k < node->input_count; k++) {
    const PlanSchema *schema = input_schema(plan, node, k);
    bool found = false;
    for (uint32_t i = 0; i < schema->column_count && !found; i++) {
      const PlanColumn *column = &schema->columns[i];
      bool texts = type_is_text(type_required(column->type)) || type_required(column->type) == TYPE_LIST_OF(TEXT); /* `artists` */
      found = column->name == word && column->window.kind == WINDOW_NONE && texts;
    }
    if (!found) return not_in(error, stage, k, plan_string(plan, word));
  }
  return STATUS_OK;
}

/* A bit for each column that the code reads. A code is read through once, however many nodes use it. */
static const uint8_t *columns_read(Verifier *verifier, uint32_t code) {
  if (verifier->reads[code]) return verifier->reads[code];
  uint8_t *read = verifier->reads[code] = arena_array(verifier->arena, PLAN_MAX_COLUMNS / 8, sizeof *read);
  const PlanCode *bytes = &verifier->plan->codes[code];
  Instruction instruction;
  for (uint32_t at = 0; at < bytes->length && code_next(bytes, &at, &instruction, NULL) == STATUS_OK;) {
    if (instruction.opcode == OPCODE_COL) read[instruction.immediate / 8] |= (uint8_t)(1u << instruction.immediate % 8);
  }
  return read;
}

/* The code is written for the first input and runs on all: what it reads must be there by name, window and type. */
static Status verify_code_columns(Verifier *verifier, const PlanNode *node, const StageDef *stage, uint32_t code,
                                  Error *error) {
  const uint8_t *read = columns_read(verifier, code);
  const PlanSchema *first = input_schema(verifier->plan, node, 0);
  ColumnTable *table = &verifier->infer->table;
  for (uint32_t k = 1; k < node->input_count; k++) {
    const PlanSchema *other = input_schema(verifier->plan, node, k);
    if (other == first) continue;
    column_table_reset(table, other->columns);
    for (uint32_t i = 0; i < other->column_count; i++) column_table_add(table, i);
    for (uint32_t i = 0; i < first->column_count; i++) {
      if (!(read[i / 8] & 1u << i % 8)) continue;
      uint32_t at = column_table_find(table, first->columns[i].name, first->columns[i].window);
      bool field = first->columns[i].field != PLAN_NONE; /* one that no source of the other stream knows is missing there */
      bool same = at == PLAN_NONE ? field : type_required(other->columns[at].type) == type_required(first->columns[i].type);
      if (!same) return not_in(error, stage, k, TEXT_LITERAL("an expression on columns"));
    }
  }
  return STATUS_OK;
}

Status verify_identity(Verifier *verifier, uint32_t index, Error *error) {
  const Plan *plan = verifier->plan;
  const PlanNode *node = &plan->nodes[index];
  const StageDef *stage = plan_stage(plan, index);
  for (unsigned i = 0; i < stage->param_count; i++) {
    if (stage->params[i].kind != PARAM_IDENTITY) continue;
    const PlanArg *arg = node_arg(node, i);
    if (!arg && input_schema(plan, node, 0)->kind == ROWS_ANY) return verify_whole_rows(verifier, node, stage, error);
    if (!arg || (arg->kind == ARG_WORD && text_is(plan_string(plan, arg->index), "track")))
      return verify_tracks(plan, node, stage, error);
    if (arg->kind == ARG_WORD) return verify_word_column(plan, node, stage, arg->index, error);
    return verify_code_columns(verifier, node, stage, arg->index, error);
  }
  return STATUS_OK;
}
