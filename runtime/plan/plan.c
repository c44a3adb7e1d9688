#include "plan/plan.h"

const StageDef *plan_stage(const Plan *plan, uint32_t node) {
  return stage_def((StageId)plan->imports[plan->nodes[node].stage].id);
}

Text plan_string(const Plan *plan, PlanString string) {
  return string == PLAN_NONE ? (Text){"", 0} : plan->strings[string];
}

/* A constant window as the language writes it. */
static Text window_text(const Plan *plan, Arena *arena, uint32_t index) {
  const PlanConstant *constant = &plan->constants[index];
  if (constant->type == TYPE_OF(DURATION)) return duration_format(arena, constant->as.duration);
  if (constant->type == TYPE_OF(DATE)) {
    return text_of(arena_format(arena, "@" TEXT_FORMAT, TEXT_ARG(date_format(arena, constant->as.date))));
  }
  uint32_t ends[2] = {constant->as.range.low, constant->as.range.high};
  Text parts[2] = {{"", 0}, {"", 0}};
  for (int i = 0; i < 2; i++) {
    if (ends[i] != PLAN_NONE) parts[i] = window_text(plan, arena, ends[i]);
  }
  return text_of(arena_format(arena, TEXT_FORMAT ".." TEXT_FORMAT, TEXT_ARG(parts[0]), TEXT_ARG(parts[1])));
}

Text plan_column_name(const Plan *plan, Arena *arena, const PlanColumn *column) {
  Text name = plan_string(plan, column->name);
  Text window = {"", 0};
  switch (column->window.kind) {
    case WINDOW_NONE:
      return name;
    case WINDOW_CONSTANT:
      window = window_text(plan, arena, column->window.index);
      return text_of(arena_format(arena, TEXT_FORMAT "(" TEXT_FORMAT ")", TEXT_ARG(name), TEXT_ARG(window)));
    case WINDOW_PARAM:
      window = plan_string(plan, plan->params[column->window.index].name);
      return text_of(arena_format(arena, TEXT_FORMAT "({" TEXT_FORMAT "})", TEXT_ARG(name), TEXT_ARG(window)));
  }
  return name;
}
