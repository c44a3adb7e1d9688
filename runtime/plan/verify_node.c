#include "plan/plan_int.h"

static const PlanSchema *schema_of(const Plan *plan, uint32_t node) {
  return &plan->schemas[plan->nodes[node].schema];
}

static Status verify_inputs(const Plan *plan, const PlanNode *node, const StageDef *stage, Error *error) {
  static const char *const wanted[] = {"no input", "one input", "two or more inputs", "two or more inputs"};
  bool fits = stage->inputs == INPUTS_NONE  ? node->input_count == 0
              : stage->inputs == INPUTS_ONE ? node->input_count == 1
                                            : node->input_count >= 2;
  if (!fits) {
    return refuse(error, FAULT_PLAN_INPUT_COUNT, "`%s` takes %s and has %u", stage->name, wanted[stage->inputs],
                  node->input_count);
  }
  for (uint32_t i = 0; i < node->input_count; i++) {
    RowKind kind = schema_of(plan, node->inputs[i])->kind;
    if (stage->input_rows & 1u << kind) continue;
    return refuse(error, FAULT_PLAN_ROW_KIND, "`%s` does not take %s, which input %u gives", stage->name,
                  row_kind_name(kind), i);
  }
  return STATUS_OK;
}

static bool may_repeat(const ParamDef *param) {
  return (param->flags & PARAM_REPEATED) || param->kind == PARAM_NAMED || param->kind == PARAM_RESULTS;
}

/* Arguments stand in order of parameters, no more than the stage takes. */
static Status verify_order(const PlanNode *node, const StageDef *stage, Error *error) {
  for (uint32_t i = 0; i < node->arg_count; i++) {
    unsigned param = node->args[i].param;
    bool columns = param == PLAN_ARG_COLUMNS && (stage->inputs == INPUTS_NONE || stage->output == OUTPUT_ENRICH);
    if (param >= stage->param_count && !columns) {
      return refuse(error, FAULT_PLAN_ARG_UNKNOWN, "argument %u: `%s` has no parameter %u", i, stage->name, param);
    }
    if (i == 0 || node->args[i - 1].param < param) continue;
    if (node->args[i - 1].param > param)
      return refuse(error, FAULT_PLAN_ARG_ORDER, "argument %u of `%s` stands behind one of a later parameter", i,
                    stage->name);
    if (!columns && may_repeat(&stage->params[param])) continue;
    return refuse(error, FAULT_PLAN_ARG_TWICE, "`%s` gets `%s` twice", stage->name,
                  columns ? "columns" : stage->params[param].name);
  }
  return STATUS_OK;
}

/* One of the parameters that exclude each other, and what needs the first only together with it. */
static Status verify_combination(const PlanNode *node, const StageDef *stage, Error *error) {
  const ParamDef *one = NULL, *chosen = NULL;
  for (unsigned i = 0; i < stage->param_count; i++) {
    const ParamDef *param = &stage->params[i];
    bool given = node_arg(node, i) != NULL;
    if (given && (param->flags & PARAM_WITH_FIRST) && !node_arg(node, 0)) {
      return refuse(error, FAULT_PLAN_ARG_MISSING, "`%s` of `%s` needs `%s`", param->name, stage->name,
                    stage->params[0].name);
    }
    if (!(param->flags & PARAM_EITHER)) continue;
    if (!one) one = param;
    if (!given) continue;
    if (chosen) {
      return refuse(error, FAULT_PLAN_ARG_TWICE, "`%s` gets both `%s` and `%s`", stage->name, chosen->name,
                    param->name);
    }
    chosen = param;
  }
  if (!one || chosen) return STATUS_OK;
  return refuse(error, FAULT_PLAN_ARG_MISSING, "`%s` needs `%s` or what stands for it", stage->name, one->name);
}

static Status verify_required(const PlanNode *node, const StageDef *stage, Error *error) {
  for (unsigned i = 0; i < stage->param_count; i++) {
    if (!(stage->params[i].flags & PARAM_REQUIRED) || node_arg(node, i)) continue;
    return refuse(error, FAULT_PLAN_ARG_MISSING, "`%s` needs `%s`", stage->name, stage->params[i].name);
  }
  bool asks = stage->inputs == INPUTS_NONE || stage->output == OUTPUT_ENRICH;
  if (asks && !node_arg(node, PLAN_ARG_COLUMNS)) {
    return refuse(error, FAULT_PLAN_ARG_COLUMNS, "`%s` is not told which columns to give", stage->name);
  }
  return STATUS_OK;
}

/* Each input is bound by at most one stream argument. */
static Status verify_streams(const PlanNode *node, const StageDef *stage, Error *error) {
  uint64_t bound = 0; /* PLAN_MAX_INPUTS bits */
  for (uint32_t i = 0; i < node->arg_count; i++) {
    if (node->args[i].kind != ARG_INPUT) continue;
    uint64_t bit = UINT64_C(1) << node->args[i].index;
    if (bound & bit)
      return refuse(error, FAULT_PLAN_ARG_STREAM, "two streams of `%s` are input %u", stage->name, node->args[i].index);
    bound |= bit;
  }
  return STATUS_OK;
}

/* The results of a tally see its keys and aggregates; aggregates come first, and there is a result. */
static Status verify_tally(Verifier *verifier, const PlanNode *node, Error *error) {
  const Plan *plan = verifier->plan;
  PlanSchema row;
  Status status = infer_aggregates(verifier->infer, node, &row, error);
  if (status != STATUS_OK) return status;
  bool result_seen = false;
  uint32_t known = PLAN_NONE; /* a schema found equal to `row`, so that each is compared once */
  for (uint32_t i = 0; i < node->arg_count; i++) {
    const PlanArg *arg = &node->args[i];
    if (arg->kind == ARG_AGGREGATE && result_seen) {
      return refuse(error, FAULT_PLAN_AGGREGATE, "argument %u: aggregates stand before the results", i);
    }
    if (arg->kind != ARG_RESULT) continue;
    result_seen = true;
    uint32_t schema = plan->codes[arg->index].schema;
    bool same = schema != PLAN_NONE && (schema == known || plan_schema_equal(&plan->schemas[schema], &row));
    if (!same)
      return refuse(error, FAULT_PLAN_CODE_ROWS, "argument %u: code %u is not for the keys and aggregates of this node",
                    i, arg->index);
    known = schema;
  }
  return result_seen ? STATUS_OK : refuse(error, FAULT_PLAN_AGGREGATE, "`tally` has no result");
}

Status verify_node(Verifier *verifier, uint32_t index, Error *error) {
  const Plan *plan = verifier->plan;
  const PlanNode *node = &plan->nodes[index];
  if (plan->imports[node->stage].kind != IMPORT_STAGE)
    return refuse(error, FAULT_PLAN_INDEX, "import %u is no stage", node->stage);
  const StageDef *stage = plan_stage(plan, index);
  Status status = verify_inputs(plan, node, stage, error);
  if (status == STATUS_OK) status = verify_order(node, stage, error);
  for (uint32_t i = 0; status == STATUS_OK && i < node->arg_count; i++) status = verify_arg(verifier, index, i, error);
  if (status == STATUS_OK) status = verify_required(node, stage, error);
  if (status == STATUS_OK) status = verify_combination(node, stage, error);
  if (status == STATUS_OK) status = verify_streams(node, stage, error);
  if (status == STATUS_OK && stage->output == OUTPUT_TALLY) status = verify_tally(verifier, node, error);
  if (status == STATUS_OK) status = verify_columns(verifier, index, error);
  if (status == STATUS_OK) status = verify_identity(verifier, index, error);
  PlanSchema given;
  if (status == STATUS_OK) status = infer_node(verifier->infer, index, &given, error);
  if (status != STATUS_OK || plan_schema_equal(&given, schema_of(plan, index))) return status;
  return refuse(error, FAULT_PLAN_SCHEMA_DIFFERS, "schema %u is not what `%s` gives: %u columns of %s", node->schema,
                stage->name, given.column_count, row_kind_name(given.kind));
}
