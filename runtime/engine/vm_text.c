#include "base/json.h"
#include "engine/vm.h"

static void append_value(Run *run, TextBuilder *builder, Type type, Value value);

static void append_list(Run *run, TextBuilder *builder, Type type, Value list) {
  ListItems items = list_items(run->lists, list);
  for (uint32_t i = 0; i < items.count; i++) {
    if (i) text_append(builder, TEXT_LITERAL(", "));
    append_value(run, builder, TYPE_MAKE(type_base(type), FORM_ONE), items.items[i]);
  }
}

/* Of dates and times the instants remain: the first and the last that are in it. */
static void append_range(Run *run, TextBuilder *builder, Type type, Value range) {
  RangeEnds ends = range_ends(run->lists, range);
  bool instants = type_base(type) == BASE_DATE || type_base(type) == BASE_TIME;
  Type end = instants ? TYPE_OF(TIME) : TYPE_MAKE(type_base(type), FORM_ONE);
  if (instants && ends.has_high) ends.high.integer--;
  if (ends.has_low) append_value(run, builder, end, ends.low);
  text_append(builder, TEXT_LITERAL(".."));
  if (ends.has_high) append_value(run, builder, end, ends.high);
}

static void append_value(Run *run, TextBuilder *builder, Type type, Value value) {
  if (type_form(type) == FORM_LIST) {
    append_list(run, builder, type, value);
    return;
  }
  if (type_form(type) == FORM_RANGE) {
    append_range(run, builder, type, value);
    return;
  }
  switch (type_base(type)) {
    case BASE_BOOL:
      text_append(builder, value.integer ? TEXT_LITERAL("true") : TEXT_LITERAL("false"));
      break;
    case BASE_INT:
      text_append_format(builder, "%lld", (long long)value.integer);
      break;
    case BASE_FLOAT:
      json_append_number(builder, value.number);
      break;
    case BASE_PERCENT:
      text_append_percent(builder, value.number);
      break;
    case BASE_TEXT:
    case BASE_PATH:
    case BASE_PLAYLIST:
      text_append(builder, text_at(run->texts, (TextId)value.integer));
      break;
    case BASE_DATE:
      text_append(builder, date_format(run->arena, date_unpack(value.integer)));
      break;
    case BASE_TIME:
      text_append(builder, instant_format(run->arena, value.integer));
      break;
    case BASE_DURATION:
      text_append(builder, duration_format(run->arena, duration_unpack(value.integer)));
      break;
    default:
      break;
  }
}

Text vm_text(Run *run, Type type, Value value) {
  if (type_is_text(type)) return text_at(run->texts, (TextId)value.integer);
  TextBuilder builder = {.arena = run->arena};
  append_value(run, &builder, type, value);
  Text text = text_built(&builder);
  return text.bytes ? text : (Text){"", 0};
}

static int compare_numbers(double a, double b) {
  return (a > b) - (a < b);
}

int vm_compare(const Run *run, Type type, Value a, Value b) {
  switch (type_base(type)) {
    case BASE_FLOAT:
    case BASE_PERCENT:
      return compare_numbers(a.number, b.number);
    case BASE_TEXT:
    case BASE_PATH:
    case BASE_PLAYLIST:
      if (a.integer == b.integer) return 0;
      return text_compare(text_at(run->texts, (TextId)a.integer), text_at(run->texts, (TextId)b.integer));
    case BASE_DURATION:
      return duration_compare(a.integer, b.integer);
    default:
      return (a.integer > b.integer) - (a.integer < b.integer);
  }
}
