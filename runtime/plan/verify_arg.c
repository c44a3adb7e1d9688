#include "plan/plan_int.h"

#include <string.h>

/* One argument of one node. */
typedef struct ArgCheck {
  const Plan *plan;
  Arena *arena;
  const PlanNode *node;
  const StageDef *stage;
  const ParamDef *param;
  const PlanArg *arg;
  Error *error;
} ArgCheck;

static Status wrong(const ArgCheck *check, PlanFault fault, const char *why) {
  return refuse(check->error, fault, "`%s` of `%s` %s", check->param->name, check->stage->name, why);
}

static Status verify_index(const ArgCheck *check) {
  const Plan *plan = check->plan;
  uint32_t counts[] = {
      [ARG_CONSTANT] = plan->constant_count, [ARG_PARAM] = plan->param_count,        [ARG_SCALAR] = plan->code_count,
      [ARG_ROW] = plan->code_count,          [ARG_INPUT] = check->node->input_count, [ARG_WORD] = plan->string_count,
      [ARG_COLUMNS] = plan->schema_count,    [ARG_AGGREGATE] = plan->import_count,   [ARG_RESULT] = plan->code_count,
  };
  uint32_t count = counts[check->arg->kind];
  if (check->arg->index >= count) {
    return refuse(check->error, FAULT_PLAN_INDEX, "an argument of `%s` refers to number %u of %u", check->stage->name,
                  check->arg->index, count);
  }
  if (check->arg->code != PLAN_NONE && check->arg->code >= plan->code_count) {
    return refuse(check->error, FAULT_PLAN_INDEX, "an argument of `%s` refers to code %u of %u", check->stage->name,
                  check->arg->code, plan->code_count);
  }
  return STATUS_OK;
}

/* ---- values of a run ---- */

static bool within(const ParamDef *param, const PlanConstant *constant) {
  if (constant->type == TYPE_OF(INT)) return constant->as.integer >= param->min && constant->as.integer <= param->max;
  if (constant->type == TYPE_OF(PERCENT)) return constant->as.number >= 0 && constant->as.number <= 1;
  return constant->as.number >= (double)param->min && constant->as.number <= (double)param->max;
}

static Status verify_weights(const ArgCheck *check, const PlanConstant *list) {
  uint32_t count = list->as.list.count, streams = check->node->input_count;
  if (count != streams) {
    return refuse(check->error, FAULT_PLAN_ARG_RANGE, "`%s` of `%s` has %u numbers for %u streams", check->param->name,
                  check->stage->name, count, streams);
  }
  for (uint32_t i = 0; i < count; i++) {
    if (within(check->param, &check->plan->constants[list->as.list.items[i]])) continue;
    return refuse(check->error, FAULT_PLAN_ARG_RANGE, "`%s` of `%s`: number %u is not between %lld and %lld",
                  check->param->name, check->stage->name, i, (long long)check->param->min,
                  (long long)check->param->max);
  }
  return STATUS_OK;
}

static Status verify_constant(const ArgCheck *check) {
  const PlanConstant *constant = &check->plan->constants[check->arg->index];
  switch (check->param->kind) {
    case PARAM_INT:
    case PARAM_COUNT:
    case PARAM_NUMBER:
      if (within(check->param, constant)) return STATUS_OK;
      if (constant->type == TYPE_OF(PERCENT)) return wrong(check, FAULT_PLAN_ARG_RANGE, "is not between 0% and 100%");
      return refuse(check->error, FAULT_PLAN_ARG_RANGE, "`%s` of `%s` is not between %lld and %lld", check->param->name,
                    check->stage->name, (long long)check->param->min, (long long)check->param->max);
    case PARAM_PERCENT:
      return within(check->param, constant) ? STATUS_OK
                                            : wrong(check, FAULT_PLAN_ARG_RANGE, "is not between 0% and 100%");
    case PARAM_SHARE:
      return constant->as.number >= 0 && constant->as.number <= 1
                 ? STATUS_OK
                 : wrong(check, FAULT_PLAN_ARG_RANGE, "is not between 0 and 1");
    case PARAM_WEIGHTS:
      return verify_weights(check, constant);
    case PARAM_PATH:
      return plan_string(check->plan, constant->as.text).length
                 ? STATUS_OK
                 : wrong(check, FAULT_PLAN_ARG_RANGE, "is an empty path");
    default:
      return STATUS_OK;
  }
}

/* Whether a value of `type` is what the parameter takes; `*takes` says what that is. */
static bool type_fits(ParamKind kind, Type type, const char **takes) {
  switch (kind) {
    case PARAM_INT:
      *takes = "takes an int";
      return type == TYPE_OF(INT);
    case PARAM_COUNT:
      *takes = "takes an int or a percent";
      return type == TYPE_OF(INT) || type == TYPE_OF(PERCENT);
    case PARAM_NUMBER:
      *takes = "takes a number";
      return type == TYPE_OF(INT) || type == TYPE_OF(FLOAT);
    case PARAM_PERCENT:
      *takes = "takes a percent";
      return type == TYPE_OF(PERCENT);
    case PARAM_SHARE:
      *takes = "takes a float or a percent";
      return type == TYPE_OF(FLOAT) || type == TYPE_OF(PERCENT);
    case PARAM_WEIGHTS:
      *takes = "takes a list of ints";
      return type == TYPE_LIST_OF(INT);
    case PARAM_BOOL:
      *takes = "takes a bool";
      return type == TYPE_OF(BOOL);
    case PARAM_DURATION:
      *takes = "takes a duration";
      return type == TYPE_OF(DURATION);
    case PARAM_SINCE:
      *takes = "takes a time or a date";
      return type == TYPE_OF(TIME) || type == TYPE_OF(DATE);
    case PARAM_WINDOW:
      *takes = "takes a duration, a date or a range of dates";
      return type == TYPE_OF(DURATION) || type == TYPE_OF(DATE) || type == TYPE_RANGE_OF(DATE);
    default:
      *takes = "takes a text";
      return type_is_text(type);
  }
}

static Status verify_value(const ArgCheck *check) {
  const PlanArg *arg = check->arg;
  if (arg->kind != ARG_CONSTANT && arg->kind != ARG_PARAM && arg->kind != ARG_SCALAR)
    return wrong(check, FAULT_PLAN_ARG_KIND, "takes a value");
  if (arg->kind == ARG_SCALAR && check->plan->codes[arg->index].schema != PLAN_NONE) {
    return wrong(check, FAULT_PLAN_CODE_ROWS, "is computed once and its code reads rows");
  }
  const char *takes;
  if (!type_fits(check->param->kind, type_required(arg_scalar_type(check->plan, arg)), &takes))
    return wrong(check, FAULT_PLAN_ARG_TYPE, takes);
  return arg->kind == ARG_CONSTANT ? verify_constant(check) : STATUS_OK;
}

/* ---- words ---- */

static bool is_word(Text word, const char *words) {
  for (const char *at = words; *at;) {
    size_t length = strcspn(at, " ");
    if (text_equal(word, (Text){at, length})) return true;
    at += length + strspn(at + length, " ");
  }
  return false;
}

static Status verify_word(const ArgCheck *check) {
  if (check->arg->kind != ARG_WORD) return wrong(check, FAULT_PLAN_ARG_KIND, "takes a word");
  if (is_word(plan_string(check->plan, check->arg->index), check->param->words)) return STATUS_OK;
  return refuse(check->error, FAULT_PLAN_ARG_WORD, "`%s` of `%s` is one of: %s", check->param->name, check->stage->name,
                check->param->words);
}

/* ---- expressions on the row ---- */

static Status verify_row_code(const ArgCheck *check, uint32_t code) {
  uint32_t rows = check->node->input_count ? check->plan->nodes[check->node->inputs[0]].schema : check->node->schema;
  bool same = check->plan->codes[code].schema == rows; /* equal schemas stand once */
  if (same) return STATUS_OK;
  return refuse(check->error, FAULT_PLAN_CODE_ROWS, "`%s` of `%s`: code %u is not for the rows of its input",
                check->param->name, check->stage->name, code);
}

static Status verify_row(const ArgCheck *check) {
  if (check->arg->kind != ARG_ROW) return wrong(check, FAULT_PLAN_ARG_KIND, "takes an expression on the row");
  Type type = type_required(check->plan->codes[check->arg->index].result);
  ParamKind kind = check->param->kind;
  if (kind == PARAM_CONDITION && type != TYPE_OF(BOOL)) return wrong(check, FAULT_PLAN_ARG_TYPE, "takes a bool");
  if (kind == PARAM_NAMED && type_form(type) == FORM_RANGE)
    return wrong(check, FAULT_PLAN_ARG_TYPE, "takes a value or a list");
  if (kind == PARAM_WEIGHT && type != TYPE_OF(INT) && type != TYPE_OF(FLOAT) && type != TYPE_OF(PERCENT))
    return wrong(check, FAULT_PLAN_ARG_TYPE, "takes a number");
  bool ordered = kind == PARAM_KEY || kind == PARAM_KEYS || kind == PARAM_IDENTITY;
  if (ordered && !type_is_comparable(type))
    return wrong(check, FAULT_PLAN_ARG_TYPE, "takes a value that has an order, and no list or range");
  return verify_row_code(check, check->arg->index);
}

static Status verify_aggregate(const ArgCheck *check) {
  const PlanImport *import = &check->plan->imports[check->arg->index];
  if (import->kind != IMPORT_FUNCTION || !function_def((FunctionId)import->id)->aggregate) {
    return wrong(check, FAULT_PLAN_AGGREGATE, "names an import that is no aggregate");
  }
  const FunctionDef *function = function_def((FunctionId)import->id);
  if ((check->arg->code == PLAN_NONE) != (function->args[0] == '\0')) {
    return refuse(check->error, FAULT_PLAN_AGGREGATE, "the aggregate `%s` has the wrong number of arguments",
                  function->name);
  }
  if (check->arg->code == PLAN_NONE) return STATUS_OK;
  if (!type_fits_letter(check->plan->codes[check->arg->code].result, function->args[0])) {
    return refuse(check->error, FAULT_PLAN_AGGREGATE, "the aggregate `%s` gets an argument of the wrong type",
                  function->name);
  }
  return verify_row_code(check, check->arg->code);
}

static Status verify_results(const ArgCheck *check) {
  if (check->arg->kind == ARG_AGGREGATE) return verify_aggregate(check);
  if (check->arg->kind != ARG_RESULT) return wrong(check, FAULT_PLAN_ARG_KIND, "takes aggregates and results");
  bool range = type_form(check->plan->codes[check->arg->index].result) == FORM_RANGE;
  return range ? wrong(check, FAULT_PLAN_ARG_TYPE, "takes a value or a list") : STATUS_OK;
}

/* ---- the rest ---- */

static Status verify_stream(const ArgCheck *check) {
  if (check->arg->kind != ARG_INPUT) return wrong(check, FAULT_PLAN_ARG_KIND, "takes a stream");
  return check->arg->index == 0 ? wrong(check, FAULT_PLAN_ARG_STREAM, "is the main input") : STATUS_OK;
}

static Status verify_name(const ArgCheck *check) {
  const PlanArg *arg = check->arg;
  bool key = check->param->kind == PARAM_KEYS, tally = check->stage->output == OUTPUT_TALLY;
  bool makes_column = check->param->kind == PARAM_NAMED || arg->kind == ARG_RESULT || (key && tally);
  if (makes_column && plan_string(check->plan, arg->name).length == 0)
    return wrong(check, FAULT_PLAN_ARG_NAME, "makes a column and has no name");
  if (!makes_column && arg->name != PLAN_NONE)
    return wrong(check, FAULT_PLAN_ARG_NAME, "makes no column and has a name");
  if (arg->descending && (!key || tally)) return wrong(check, FAULT_PLAN_ARG_NAME, "has no direction");
  return STATUS_OK;
}

static Status verify_kind(const ArgCheck *check) {
  switch (check->param->kind) {
    case PARAM_CONDITION:
    case PARAM_KEY:
    case PARAM_KEYS:
    case PARAM_NAMED:
    case PARAM_WEIGHT:
      return verify_row(check);
    case PARAM_IDENTITY:
      return check->arg->kind == ARG_WORD ? verify_word(check) : verify_row(check);
    case PARAM_WORD:
    case PARAM_PROVIDER:
      return verify_word(check);
    case PARAM_SINCE:
      return check->arg->kind == ARG_WORD ? verify_word(check) : verify_value(check);
    case PARAM_STREAM:
      return verify_stream(check);
    case PARAM_RESULTS:
      return verify_results(check);
    case PARAM_BLOCK:
      return wrong(check, FAULT_PLAN_SUBPLANS, "takes a sub-plan, and this version of Narada has none");
    default:
      return verify_value(check);
  }
}

Status verify_arg(Verifier *verifier, uint32_t index, uint32_t number, Error *error) {
  static const ParamDef columns = {.name = "columns"};
  ArgCheck check = {
      .plan = verifier->plan, .arena = verifier->arena, .node = &verifier->plan->nodes[index], .error = error};
  check.stage = plan_stage(verifier->plan, index);
  check.arg = &check.node->args[number];
  check.param = check.arg->param == PLAN_ARG_COLUMNS ? &columns : &check.stage->params[check.arg->param];
  Status status = verify_index(&check);
  if (status == STATUS_OK && check.param == &columns) {
    if (check.arg->kind != ARG_COLUMNS) return wrong(&check, FAULT_PLAN_ARG_KIND, "takes a schema");
    bool bare = check.arg->name == PLAN_NONE && !check.arg->descending;
    return bare ? STATUS_OK : wrong(&check, FAULT_PLAN_ARG_NAME, "has no name and no direction");
  }
  if (status == STATUS_OK) status = verify_kind(&check);
  if (status == STATUS_OK) status = verify_name(&check);
  return status == STATUS_OK ? status : fail_context(error, "argument %u", number);
}
