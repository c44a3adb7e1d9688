#include <math.h>
#include <string.h>

#include "base/tag.h"
#include "engine/stage.h"

/* The index of a parameter of the stage; param_count if it has none of that name. */
static uint8_t param_index(const StageCall *call, const char *name) {
  uint8_t i = 0;
  while (i < call->def->param_count && strcmp(call->def->params[i].name, name) != 0) i++;
  return i;
}

static const PlanArg *nth_arg(const StageCall *call, uint8_t param, size_t n) {
  for (uint32_t i = 0; i < call->plan_node->arg_count; i++) {
    const PlanArg *arg = &call->plan_node->args[i];
    if (arg->param == param && n-- == 0) return arg;
  }
  return NULL;
}

const PlanArg *call_arg(const StageCall *call, const char *name, size_t n) {
  return nth_arg(call, param_index(call, name), n);
}

bool call_given(const StageCall *call, const char *name) {
  return call_arg(call, name, 0) != NULL;
}

typedef struct Scalar {
  Type type;
  Value value;
  bool missing; /* also when the argument is not given or not a scalar */
} Scalar;

static Scalar scalar_of(const StageCall *call, const PlanArg *arg) {
  const Run *run = call->run;
  if (!arg) return (Scalar){.missing = true};
  switch (arg->kind) {
    case ARG_CONSTANT:
      return (Scalar){type_required(run->plan->constants[arg->index].type), run->constants[arg->index], false};
    case ARG_PARAM:
      return (Scalar){type_required(run->plan->params[arg->index].type), run->params[arg->index], false};
    case ARG_SCALAR: {
      bool known = call->input_count && call->inputs[0]; /* not while a run is prepared */
      call->run->arriving = known ? call->inputs[0]->selected : 0;
      Expression expression = vm_bind(call->run, arg->index, NULL);
      VmResult result = vm_evaluate(&expression, 0);
      return (Scalar){type_required(expression.code->result), result.value, result.missing};
    }
    default:
      return (Scalar){.missing = true};
  }
}

static Scalar call_scalar(const StageCall *call, const char *name) {
  return scalar_of(call, call_arg(call, name, 0));
}

int64_t call_int(const StageCall *call, const char *name, int64_t otherwise) {
  Scalar scalar = call_scalar(call, name);
  return scalar.missing ? otherwise : scalar.value.integer;
}

bool call_bool(const StageCall *call, const char *name, bool otherwise) {
  Scalar scalar = call_scalar(call, name);
  return scalar.missing ? otherwise : scalar.value.integer != 0;
}

Text call_text(const StageCall *call, const char *name) {
  Scalar scalar = call_scalar(call, name);
  return scalar.missing ? (Text){"", 0} : text_at(call->run->texts, (TextId)scalar.value.integer);
}

Text call_word(const StageCall *call, const char *name) {
  const PlanArg *arg = call_arg(call, name, 0);
  return arg && arg->kind == ARG_WORD ? plan_string(call->run->plan, arg->index) : (Text){"", 0};
}

/* 29% of 100 is 29 although 0.29 * 100 is less as a double: a product of BATCH_MAX_ROWS rows is off by at most 4e-8. */
static size_t share_of(double share, size_t rows) {
  if (!(share > 0) || rows == 0) return 0;
  double whole = floor(share * (double)rows + 1e-7);
  if (whole < 1) return 1;
  return whole < (double)rows ? (size_t)whole : rows;
}

RowCount call_row_count(const StageCall *call, const char *name) {
  Scalar scalar = call_scalar(call, name);
  if (scalar.missing) return (RowCount){.number = SIZE_MAX};
  if (type_base(scalar.type) == BASE_PERCENT) return (RowCount){.is_share = true, .share = scalar.value.number};
  return (RowCount){.number = scalar.value.integer > 0 ? (size_t)scalar.value.integer : 0};
}

size_t row_count_of(RowCount count, size_t rows) {
  if (count.is_share) return share_of(count.share, rows);
  return count.number < rows ? count.number : rows;
}

size_t call_count(const StageCall *call, const char *name, size_t rows) {
  return row_count_of(call_row_count(call, name), rows);
}

double call_share(const StageCall *call, const char *name, double otherwise) {
  Scalar scalar = call_scalar(call, name);
  return scalar.missing ? otherwise : scalar.value.number;
}

ListItems call_list(const StageCall *call, const char *name) {
  Scalar scalar = call_scalar(call, name);
  return scalar.missing ? (ListItems){0} : list_items(call->run->lists, scalar.value);
}

InstantRange call_window(const StageCall *call, const char *name) {
  Scalar scalar = call_scalar(call, name);
  if (scalar.missing) return (InstantRange){INSTANT_MIN, INSTANT_MAX + 1};
  return run_window_value(call->run, scalar.type, scalar.value);
}

bool call_instant(const StageCall *call, const char *name, Instant *out) {
  Scalar scalar = call_scalar(call, name);
  if (scalar.missing) return false;
  *out = type_base(scalar.type) == BASE_DATE ? run_window_value(call->run, scalar.type, scalar.value).lo : scalar.value.integer;
  return true;
}

static Status refuse(const StageCall *call, const ParamDef *param, Scalar scalar, const char *right, Error *error) {
  Text text = vm_text(call->run, scalar.type, scalar.value);
  return fail(error, STATUS_USAGE, "", "`%s` is " TEXT_FORMAT "; %s", param->name, TEXT_ARG(text), right);
}

static Status check_bounds(const StageCall *call, const ParamDef *param, Scalar scalar, Error *error) {
  bool real = param->kind == PARAM_NUMBER && type_base(scalar.type) == BASE_FLOAT;
  bool low = real ? scalar.value.number < (double)param->min : scalar.value.integer < param->min;
  bool high = real ? scalar.value.number > (double)param->max : scalar.value.integer > param->max;
  if (low)
    return refuse(call, param, scalar, arena_format(call->run->arena, "the least is %lld", (long long)param->min),
                  error);
  if (high)
    return refuse(call, param, scalar, arena_format(call->run->arena, "the most is %lld", (long long)param->max),
                  error);
  return STATUS_OK;
}

static Status check_share(const StageCall *call, const ParamDef *param, Scalar scalar, Error *error) {
  bool right = scalar.value.number >= 0 && scalar.value.number <= 1;
  if (right) return STATUS_OK;
  return refuse(call, param, scalar, type_base(scalar.type) == BASE_PERCENT ? "a share is 0% to 100%" : "it is 0 to 1",
                error);
}

static Status check_weights(const StageCall *call, const ParamDef *param, Scalar scalar, Error *error) {
  ListItems weights = list_items(call->run->lists, scalar.value);
  uint32_t streams = call->plan_node->input_count;
  if (weights.count != streams)
    return fail(error, STATUS_USAGE, "", "`%s` has %u number%s for %u streams", param->name, weights.count,
                weights.count == 1 ? "" : "s", streams);
  for (uint32_t i = 0; i < weights.count; i++) {
    Status status = check_bounds(call, param, (Scalar){TYPE_OF(INT), weights.items[i], false}, error);
    if (status) return status;
  }
  return STATUS_OK;
}

static Status check_name(const StageCall *call, const ParamDef *param, Scalar scalar, Error *error) {
  Text text = text_at(call->run->texts, (TextId)scalar.value.integer);
  if (text.length == 0) return fail(error, STATUS_USAGE, "", "`%s` is empty; give %s", param->name, param->doc);
  if (memchr(text.bytes, '\0', text.length))
    return fail(error, STATUS_USAGE, "", "`%s` contains a NUL character", param->name);
  return STATUS_OK;
}

static Status check_tag(const StageCall *call, Scalar scalar, Error *error) {
  char tag[TAG_MAX_LENGTH];
  size_t length;
  Text text = text_at(call->run->texts, (TextId)scalar.value.integer);
  if (tag_normalise(text, tag, &length)) return STATUS_OK;
  Text shown = text_escaped(call->run->arena, text);
  return fail(error, STATUS_USAGE, "", "\"" TEXT_FORMAT "\" is no tag; a tag is " TAG_RULE, TEXT_ARG(shown));
}

static Status check_length(const StageCall *call, const ParamDef *param, Scalar scalar, Error *error) {
  bool negative = scalar.type == TYPE_OF(DURATION) && duration_total_ms(scalar.value.integer) < 0;
  return negative ? refuse(call, param, scalar, "it cannot be negative", error) : STATUS_OK;
}

static Status check_scalar(const StageCall *call, const ParamDef *param, Scalar scalar, Error *error) {
  switch (param->kind) {
    case PARAM_COUNT:
      if (type_base(scalar.type) == BASE_PERCENT) return check_share(call, param, scalar, error);
      return check_bounds(call, param, scalar, error);
    case PARAM_INT:
    case PARAM_NUMBER:
      return check_bounds(call, param, scalar, error);
    case PARAM_PERCENT:
    case PARAM_SHARE:
      return check_share(call, param, scalar, error);
    case PARAM_WEIGHTS:
      return check_weights(call, param, scalar, error);
    case PARAM_TAG:
      return check_tag(call, scalar, error);
    case PARAM_PATH:
    case PARAM_PLAYLIST:
      return check_name(call, param, scalar, error);
    case PARAM_WINDOW:
    case PARAM_DURATION:
      return check_length(call, param, scalar, error);
    default:
      return STATUS_OK;
  }
}

Status call_check(const StageCall *call, Error *error) {
  for (uint32_t i = 0; i < call->plan_node->arg_count; i++) {
    const PlanArg *arg = &call->plan_node->args[i];
    if (arg->kind != ARG_CONSTANT && arg->kind != ARG_PARAM && arg->kind != ARG_SCALAR) continue;
    const ParamDef *param = &call->def->params[arg->param];
    Scalar scalar = scalar_of(call, arg);
    if (scalar.missing)
      return fail(error, STATUS_USAGE, "", "`%s` has no value: what it is computed from is missing", param->name);
    Status status = check_scalar(call, param, scalar, error);
    if (status) return status;
  }
  return STATUS_OK;
}
