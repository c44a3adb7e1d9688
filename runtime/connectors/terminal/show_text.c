#include "connectors/terminal/show_text.h"

#include <math.h>

#include "engine/vm.h"

static Text show_number(Arena *arena, double number, const char *unit) {
  double size = fabs(number);
  bool whole = size >= 1e6 && size < 1e15; /* %g would turn to exponents */
  return text_of(whole ? arena_format(arena, "%.0f%s", number, unit) : arena_format(arena, "%.6g%s", number, unit));
}

static Text show_duration(Arena *arena, Duration duration) {
  if (duration.months) return duration_format(arena, duration);
  uint64_t ms = duration.ms < 0 ? 0 - (uint64_t)duration.ms : (uint64_t)duration.ms;
  unsigned long long seconds = (ms + 500) / 1000;
  const char *sign = duration.ms < 0 ? "-" : "";
  if (seconds < 3600) return text_of(arena_format(arena, "%s%llu:%02llu", sign, seconds / 60, seconds % 60));
  return text_of(arena_format(arena, "%s%llu:%02llu:%02llu", sign, seconds / 3600, seconds / 60 % 60, seconds % 60));
}

static Text show_one(Run *run, BaseType base, Value value) {
  Arena *arena = run->arena;
  switch (base) {
    case BASE_BOOL:
      return value.integer ? TEXT_LITERAL("yes") : TEXT_LITERAL("no");
    case BASE_INT:
      return text_of(arena_format(arena, "%lld", (long long)value.integer));
    case BASE_FLOAT:
      return show_number(arena, value.number, "");
    case BASE_PERCENT:
      return show_number(arena, value.number * 100, "%");
    case BASE_DATE:
      return date_format(arena, date_unpack(value.integer));
    case BASE_TIME:
      return instant_format_local(arena, value.integer, run->options.zone);
    case BASE_DURATION:
      return show_duration(arena, duration_unpack(value.integer));
    case BASE_MISSING:
      return TEXT_LITERAL("–");
    default:
      return text_escaped(arena, text_at(run->texts, (TextId)value.integer));
  }
}

static Text show_list(Run *run, BaseType base, Value value) {
  ListItems list = list_items(run->lists, value);
  TextBuilder text = {.arena = run->arena};
  for (uint32_t i = 0; i < list.count; i++) {
    if (i) text_append(&text, TEXT_LITERAL(", "));
    text_append(&text, show_one(run, base, list.items[i]));
  }
  return text_built(&text);
}

Text show_value(Run *run, const Column *column, size_t row) {
  if (column_is_missing(column, row)) return TEXT_LITERAL("–");
  switch (type_form(column->type)) {
    case FORM_LIST:
      return show_list(run, type_base(column->type), column->values[row]);
    case FORM_RANGE:
      return text_escaped(run->arena, vm_text(run, column->type, column->values[row]));
    default:
      return show_one(run, type_base(column->type), column->values[row]);
  }
}

bool show_aligns_right(Type type) {
  BaseType base = type_base(type);
  return type_form(type) == FORM_ONE &&
         (base == BASE_INT || base == BASE_FLOAT || base == BASE_PERCENT || base == BASE_DURATION);
}

bool show_may_shrink(Type type) {
  return type_form(type) == FORM_LIST || type_is_text(type_required(type));
}
