#include "engine/param_read.h"
#include "engine/run_int.h"

static uint32_t find_param(const Plan *plan, Text name) {
  for (uint32_t i = 0; i < plan->param_count; i++) {
    if (text_equal(plan_string(plan, plan->params[i].name), name)) return i;
  }
  return PLAN_NONE;
}

/* "this program takes --n (int), --within (duration)". */
static Text list_params(const Run *run) {
  const Plan *plan = run->plan;
  TextBuilder list = {.arena = run->arena};
  text_append_format(&list, plan->param_count ? "this program takes " : "this program takes no parameters");
  for (uint32_t i = 0; i < plan->param_count; i++) {
    text_append_format(&list, "%s--" TEXT_FORMAT " (" TEXT_FORMAT ")", i ? ", " : "",
                       TEXT_ARG(plan_string(plan, plan->params[i].name)),
                       TEXT_ARG(type_name(run->arena, plan->params[i].type)));
  }
  return text_built(&list);
}

static Status unknown_param(const Run *run, Text name, Error *error) {
  const Plan *plan = run->plan;
  Text *names = arena_array(run->arena, plan->param_count, sizeof *names);
  for (uint32_t i = 0; i < plan->param_count; i++) names[i] = plan_string(plan, plan->params[i].name);
  size_t nearest = text_nearest(name, names, plan->param_count);
  Text takes = list_params(run);
  if (nearest == SIZE_MAX) {
    return fail(error, STATUS_USAGE, "", "there is no parameter --" TEXT_FORMAT "; " TEXT_FORMAT, TEXT_ARG(name),
                TEXT_ARG(takes));
  }
  return fail(error, STATUS_USAGE, "",
              "there is no parameter --" TEXT_FORMAT "; did you mean --" TEXT_FORMAT "? " TEXT_FORMAT, TEXT_ARG(name),
              TEXT_ARG(names[nearest]), TEXT_ARG(takes));
}

static Status read_given(Run *run, const ParamText *given, bool *seen, Error *error) {
  const Plan *plan = run->plan;
  uint32_t param = find_param(plan, given->name);
  if (param == PLAN_NONE) return unknown_param(run, given->name, error);
  if (seen[param]) return fail(error, STATUS_USAGE, "", "--" TEXT_FORMAT " is given twice", TEXT_ARG(given->name));
  seen[param] = true;
  if (param_read(run, plan->params[param].type, given->value, &run->params[param], error) == STATUS_OK)
    return STATUS_OK;
  return fail_context(error, "--" TEXT_FORMAT, TEXT_ARG(given->name));
}

Status run_read_params(Run *run, const ParamText *given, size_t count, Error *error) {
  const Plan *plan = run->plan;
  bool *seen = arena_array(run->arena, plan->param_count, sizeof *seen);
  for (size_t i = 0; i < count; i++) {
    Status status = read_given(run, &given[i], seen, error);
    if (status) return status;
  }
  for (uint32_t i = 0; i < plan->param_count; i++) {
    if (seen[i]) continue;
    if (plan->params[i].default_constant == PLAN_NONE) {
      return fail(error, STATUS_USAGE, "", "--" TEXT_FORMAT " is missing; " TEXT_FORMAT,
                  TEXT_ARG(plan_string(plan, plan->params[i].name)), TEXT_ARG(list_params(run)));
    }
    run->params[i] = run->constants[plan->params[i].default_constant];
  }
  return STATUS_OK;
}
