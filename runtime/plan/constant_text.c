#include <inttypes.h>

#include "base/json.h"
#include "plan/plan.h"

static Text number_text(Arena *arena, double number) {
  TextBuilder text = {.arena = arena};
  json_append_number(&text, number);
  return text_built(&text);
}

static Text joined(const Plan *plan, Arena *arena, const uint32_t *items, uint32_t count, const char *between) {
  TextBuilder text = {.arena = arena};
  for (uint32_t i = 0; i < count; i++) {
    if (i) text_append_format(&text, "%s", between);
    if (items[i] != PLAN_NONE) text_append(&text, plan_constant_text(plan, arena, items[i]));
  }
  return text_built(&text);
}

Text plan_constant_text(const Plan *plan, Arena *arena, uint32_t index) {
  const PlanConstant *constant = &plan->constants[index];
  if (type_form(constant->type) == FORM_LIST) return joined(plan, arena, constant->as.list.items, constant->as.list.count, ",");
  if (type_form(constant->type) == FORM_RANGE) return joined(plan, arena, (uint32_t[2]){constant->as.range.low, constant->as.range.high}, 2, "..");
  switch (type_base(constant->type)) {
    case BASE_BOOL: return text_of(constant->as.boolean ? "true" : "false");
    case BASE_INT: return text_of(arena_format(arena, "%" PRId64, constant->as.integer));
    case BASE_FLOAT: return number_text(arena, constant->as.number);
    case BASE_PERCENT: {
      TextBuilder text = {.arena = arena};
      text_append_percent(&text, constant->as.number);
      return text_built(&text);
    }
    case BASE_DATE: return date_format(arena, constant->as.date);
    case BASE_TIME: return instant_format(arena, constant->as.time);
    case BASE_DURATION: return duration_format(arena, constant->as.duration);
    default: return plan_string(plan, constant->as.text);
  }
}
