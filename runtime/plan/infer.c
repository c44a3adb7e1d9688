#include "plan/plan_int.h"

#include <string.h>

/* "#0" to "#255": the number, or PLAN_NONE for any other text. */
static uint32_t aggregate_number(Text text) {
  if (text.length < 2 || text.length > 4 || text.bytes[0] != '#') return PLAN_NONE;
  if (text.bytes[1] == '0' && text.length > 2) return PLAN_NONE;
  uint32_t number = 0;
  for (size_t i = 1; i < text.length; i++) {
    if (text.bytes[i] < '0' || text.bytes[i] > '9') return PLAN_NONE;
    number = number * 10 + (uint32_t)(text.bytes[i] - '0');
  }
  return number < PLAN_MAX_COLUMNS ? number : PLAN_NONE;
}

Infer *infer_new(const Plan *plan, Arena *arena) {
  Infer *infer = arena_alloc(arena, sizeof *infer);
  infer->plan = plan;
  infer->arena = arena;
  infer->columns = arena_array(arena, PLAN_MAX_COLUMNS, sizeof *infer->columns);
  infer->aggregate_names = arena_array(arena, PLAN_MAX_COLUMNS, sizeof *infer->aggregate_names);
  for (int i = 0; i < PLAN_MAX_COLUMNS; i++) infer->aggregate_names[i] = PLAN_NONE;
  for (uint32_t i = 0; i < plan->string_count; i++) {
    uint32_t number = aggregate_number(plan->strings[i]);
    if (number != PLAN_NONE) infer->aggregate_names[number] = i;
  }
  return infer;
}

const PlanArg *node_arg(const PlanNode *node, unsigned param) {
  for (uint32_t i = 0; i < node->arg_count; i++) {
    if (node->args[i].param == param) return &node->args[i];
  }
  return NULL;
}

static const StageDef *node_stage(const Plan *plan, const PlanNode *node) {
  return stage_def((StageId)plan->imports[node->stage].id);
}

RowKind infer_source_kind(const Plan *plan, const PlanNode *node) {
  const StageDef *stage = node_stage(plan, node);
  if (stage->output == OUTPUT_PLAYS) return ROWS_PLAY;
  if (stage->output == OUTPUT_PLAYLISTS) return ROWS_PLAYLIST;
  if (stage->output != OUTPUT_BY_WORD) return ROWS_TRACK;
  for (unsigned i = 0; i < stage->param_count; i++) {
    const PlanArg *arg = strcmp(stage->params[i].name, "rows") == 0 ? node_arg(node, i) : NULL;
    if (arg && arg->kind == ARG_WORD && text_is(plan_string(plan, arg->index), "plays")) return ROWS_PLAY;
    if (arg && arg->kind == ARG_WORD && text_is(plan_string(plan, arg->index), "playlists")) return ROWS_PLAYLIST;
  }
  return ROWS_TRACK;
}

/* A schema being built in infer->columns. */
static void begin(Infer *infer, PlanSchema *out, RowKind kind) {
  *out = (PlanSchema){.kind = kind, .columns = infer->columns};
  column_table_reset(&infer->table, infer->columns);
}

static Status append(Infer *infer, PlanSchema *out, PlanColumn column, Error *error) {
  if (out->column_count == PLAN_MAX_COLUMNS) {
    return refuse(error, FAULT_PLAN_LIMIT, "a stream can have at most %d columns", PLAN_MAX_COLUMNS);
  }
  out->columns[out->column_count] = column;
  if (!column_table_add(&infer->table, out->column_count)) {
    return refuse(error, FAULT_PLAN_COLUMN_TWICE, "column `" TEXT_FORMAT "` would stand twice in one stream",
                  TEXT_ARG(plan_string(infer->plan, column.name)));
  }
  out->column_count++;
  return STATUS_OK;
}

static Status append_all(Infer *infer, PlanSchema *out, const PlanSchema *schema, Error *error) {
  Status status = STATUS_OK;
  for (uint32_t i = 0; status == STATUS_OK && i < schema->column_count; i++)
    status = append(infer, out, schema->columns[i], error);
  return status;
}

static const PlanSchema *input_schema(const Infer *infer, const PlanNode *node, uint32_t input) {
  return &infer->plan->schemas[infer->plan->nodes[node->inputs[input]].schema];
}

/* A column without a field, from a named expression. */
static PlanColumn named_column(PlanString name, Type type) {
  return (PlanColumn){.name = name, .field = PLAN_NONE, .type = type};
}

static Status columns_differ(const Infer *infer, const PlanColumn *column, Error *error) {
  return refuse(error, FAULT_PLAN_STREAMS_DIFFER, "column `" TEXT_FORMAT "` has another type in another stream",
                TEXT_ARG(plan_string(infer->plan, column->name)));
}

/* Adds the columns of one more input to the union, counting in how many inputs each is. */
static Status unite(Infer *infer, PlanSchema *out, const PlanSchema *schema, uint16_t *seen, Error *error) {
  for (uint32_t i = 0; i < schema->column_count; i++) {
    const PlanColumn *column = &schema->columns[i];
    uint32_t at = column_table_find(&infer->table, column->name, column->window);
    if (at == PLAN_NONE) {
      at = out->column_count;
      Status status = append(infer, out, *column, error);
      if (status != STATUS_OK) return status;
      seen[at] = 0;
    }
    PlanColumn *united = &out->columns[at];
    bool agree = united->field == column->field && type_required(united->type) == type_required(column->type);
    if (!agree) return columns_differ(infer, column, error);
    united->type |= (Type)(column->type & TYPE_OPTIONAL);
    seen[at]++;
  }
  return STATUS_OK;
}

static Status infer_union(Infer *infer, const PlanNode *node, PlanSchema *out, Error *error) {
  uint16_t seen[PLAN_MAX_COLUMNS];
  begin(infer, out, input_schema(infer, node, 0)->kind);
  for (uint32_t i = 0; i < node->input_count; i++) {
    const PlanSchema *schema = input_schema(infer, node, i);
    if (schema->kind != out->kind) {
      return refuse(error, FAULT_PLAN_STREAMS_DIFFER, "input 0 has %s and input %u has %s", row_kind_name(out->kind), i,
                    row_kind_name(schema->kind));
    }
    Status status = unite(infer, out, schema, seen, error);
    if (status != STATUS_OK) return status;
  }
  for (uint32_t i = 0; i < out->column_count; i++) {
    if (seen[i] == node->input_count) continue;
    if (out->kind == ROWS_ANY) {
      return refuse(error, FAULT_PLAN_STREAMS_DIFFER, "column `" TEXT_FORMAT "` is not in every stream",
                    TEXT_ARG(plan_string(infer->plan, out->columns[i].name)));
    }
    out->columns[i].type |= TYPE_OPTIONAL;
  }
  return STATUS_OK;
}

static Status infer_add(Infer *infer, const PlanNode *node, PlanSchema *out, Error *error) {
  const PlanSchema *input = input_schema(infer, node, 0);
  begin(infer, out, input->kind);
  Status status = append_all(infer, out, input, error);
  for (uint32_t i = 0; status == STATUS_OK && i < node->arg_count; i++) {
    const PlanArg *arg = &node->args[i];
    if (arg->kind == ARG_ROW)
      status = append(infer, out, named_column(arg->name, infer->plan->codes[arg->index].result), error);
  }
  return status;
}

static Status append_keys(Infer *infer, const PlanNode *node, PlanSchema *out, Error *error) {
  Status status = STATUS_OK;
  for (uint32_t i = 0; status == STATUS_OK && i < node->arg_count; i++) {
    const PlanArg *arg = &node->args[i];
    if (arg->kind == ARG_ROW)
      status = append(infer, out, named_column(arg->name, infer->plan->codes[arg->index].result), error);
  }
  return status;
}

static Status infer_tally(Infer *infer, const PlanNode *node, PlanSchema *out, Error *error) {
  begin(infer, out, ROWS_ANY);
  Status status = append_keys(infer, node, out, error);
  for (uint32_t i = 0; status == STATUS_OK && i < node->arg_count; i++) {
    const PlanArg *arg = &node->args[i];
    if (arg->kind == ARG_RESULT)
      status = append(infer, out, named_column(arg->name, infer->plan->codes[arg->index].result), error);
  }
  return status;
}

Status infer_aggregates(Infer *infer, const PlanNode *node, PlanSchema *out, Error *error) {
  begin(infer, out, ROWS_ANY);
  Status status = append_keys(infer, node, out, error);
  uint32_t number = 0;
  for (uint32_t i = 0; status == STATUS_OK && i < node->arg_count; i++) {
    const PlanArg *arg = &node->args[i];
    if (arg->kind != ARG_AGGREGATE) continue;
    if (number == PLAN_MAX_COLUMNS || infer->aggregate_names[number] == PLAN_NONE) {
      return refuse(error, FAULT_PLAN_AGGREGATE, "the plan has no string `#%u` for an aggregate's column", number);
    }
    const FunctionDef *function = function_def((FunctionId)infer->plan->imports[arg->index].id);
    status =
        append(infer, out, named_column(infer->aggregate_names[number++], type_of_letter(function->result[0])), error);
  }
  return status;
}

/* The schema of the ARG_COLUMNS, or NULL. */
static const PlanSchema *asked_columns(const Infer *infer, const PlanNode *node) {
  const PlanArg *arg = node_arg(node, PLAN_ARG_COLUMNS);
  return arg && arg->kind == ARG_COLUMNS ? &infer->plan->schemas[arg->index] : NULL;
}

static Status infer_enrich(Infer *infer, const PlanNode *node, PlanSchema *out, Error *error) {
  const PlanSchema *input = input_schema(infer, node, 0), *asked = asked_columns(infer, node);
  begin(infer, out, input->kind);
  Status status = append_all(infer, out, input, error);
  for (uint32_t i = 0; status == STATUS_OK && asked && i < asked->column_count; i++) {
    const PlanColumn *column = &asked->columns[i];
    uint32_t at = column_table_find(&infer->table, column->name, column->window);
    if (at == PLAN_NONE) {
      status = append(infer, out, *column, error);
    } else if (out->columns[at].field != column->field) {
      status = columns_differ(infer, column, error);
    } else {
      out->columns[at].type = column->type;
    }
  }
  return status;
}

/* What of plays is also there on their tracks: columns without a field were computed and stay. */
static Status infer_tracks(Infer *infer, const PlanNode *node, PlanSchema *out, Error *error) {
  const PlanSchema *input = input_schema(infer, node, 0);
  begin(infer, out, ROWS_TRACK);
  Status status = STATUS_OK;
  for (uint32_t i = 0; status == STATUS_OK && i < input->column_count; i++) {
    const PlanColumn *column = &input->columns[i];
    bool stays = column->field == PLAN_NONE ||
                 (field_def((FieldId)infer->plan->imports[column->field].id)->rows & ON_TRACK) != 0;
    if (stays) status = append(infer, out, *column, error);
  }
  return status;
}

Status infer_node(Infer *infer, uint32_t index, PlanSchema *out, Error *error) {
  const PlanNode *node = &infer->plan->nodes[index];
  const StageDef *stage = node_stage(infer->plan, node);
  if (stage->inputs == INPUTS_NONE) {
    const PlanSchema *asked = asked_columns(infer, node);
    if (!asked)
      return refuse(error, FAULT_PLAN_ARG_COLUMNS, "source `%s` is not told which columns to give", stage->name);
    *out = (PlanSchema){infer_source_kind(infer->plan, node), asked->columns, asked->column_count};
    return STATUS_OK;
  }
  if (node->input_count == 0) return refuse(error, FAULT_PLAN_INPUT_COUNT, "`%s` has no input", stage->name);
  switch (stage->output) {
    case OUTPUT_UNION:
      return infer_union(infer, node, out, error);
    case OUTPUT_ADD:
      return infer_add(infer, node, out, error);
    case OUTPUT_TALLY:
      return infer_tally(infer, node, out, error);
    case OUTPUT_ENRICH:
      return infer_enrich(infer, node, out, error);
    case OUTPUT_TRACKS:
      return infer_tracks(infer, node, out, error);
    default:
      *out = *input_schema(infer, node, 0);
      return STATUS_OK;
  }
}

static PlanSchema copy_schema(Arena *arena, PlanSchema schema) {
  PlanColumn *columns = arena_array(arena, schema.column_count, sizeof *columns);
  if (schema.column_count) memcpy(columns, schema.columns, schema.column_count * sizeof *columns);
  schema.columns = columns;
  return schema;
}

Status plan_infer_schema(const Plan *plan, Arena *arena, uint32_t node, PlanSchema *out, Error *error) {
  Status status = infer_node(infer_new(plan, arena), node, out, error);
  if (status == STATUS_OK) *out = copy_schema(arena, *out);
  return status;
}

Status plan_aggregate_schema(const Plan *plan, Arena *arena, uint32_t node, PlanSchema *out, Error *error) {
  Status status = infer_aggregates(infer_new(plan, arena), &plan->nodes[node], out, error);
  if (status == STATUS_OK) *out = copy_schema(arena, *out);
  return status;
}

bool plan_schema_equal(const PlanSchema *a, const PlanSchema *b) {
  if (a->kind != b->kind || a->column_count != b->column_count) return false;
  for (uint32_t i = 0; i < a->column_count; i++) {
    const PlanColumn *x = &a->columns[i], *y = &b->columns[i];
    if (x->name != y->name || x->field != y->field || x->type != y->type || x->window.kind != y->window.kind)
      return false;
    if (x->window.kind != WINDOW_NONE && x->window.index != y->window.index) return false;
  }
  return true;
}
