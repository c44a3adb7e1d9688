#include "expect/value.h"

#include <math.h>
#include <string.h>

#include "engine/param_read.h"
#include "engine/vm.h"
#include "expect/suite.h"

static bool one_cell(Arena *arena, BaseType base, Text text, Cell *out) {
  *out = (Cell){.kind = CELL_PLAIN, .text = text};
  if (base == BASE_BOOL && (text_is(text, "yes") || text_is(text, "no"))) *out = (Cell){.kind = CELL_BOOL, .truth = text_is(text, "yes")};
  if (type_is_text((Type)base)) *out = (Cell){.kind = CELL_STRING, .text = cell_text(arena, text)};
  if (base == BASE_PERCENT && text.length && text.bytes[text.length - 1] == '%') {
    Run reader = {.arena = arena};
    Value value;
    if (param_read(&reader, TYPE_OF(PERCENT), text, &value, NULL) != STATUS_OK) return false;
    *out = (Cell){.kind = CELL_NUMBER, .number = value.number};
  }
  return true;
}

bool test_cell(Arena *arena, Type type, Text text, Cell *out) {
  if (type_form(type) != FORM_LIST) return one_cell(arena, type_base(type), text, out);
  VEC(Cell) items = {0};
  Text item;
  Text rest = text_is(text, "[]") ? (Text){"", 0} : text;
  while (cell_next_item(&rest, &item)) {
    Cell cell;
    if (!item.length || !one_cell(arena, type_base(type), item, &cell)) return false;
    vec_push(arena, &items, cell);
  }
  *out = (Cell){.kind = CELL_LIST, .items = items.items, .item_count = items.count};
  return true;
}

bool test_value(Run *run, Type type, Text text, Value *out) {
  Cell cell;
  TextBuilder scratch = {.arena = run->arena};
  if (type_form(type) == FORM_RANGE) return param_read(run, type_required(type), text, out, NULL) == STATUS_OK;
  return test_cell(run->arena, type, text, &cell) && cell_value(run, type, &cell, &scratch, out);
}

const char *test_value_form(Type type) {
  if (type_form(type) == FORM_LIST) return "a list, its items separated by commas";
  switch (type_base(type)) {
    case BASE_BOOL:
      return "yes or no";
    case BASE_PERCENT:
      return "a share such as 20%";
    case BASE_TIME:
      return "a time such as 2026-03-05T20:00Z or a day such as 2026-03-05";
    case BASE_DURATION:
      return "a length such as 3min20s or 3:20";
    default:
      return cell_expected(type);
  }
}

static Text time_text(Arena *arena, Instant instant) {
  Text text = instant_format(arena, instant);
  if (text.length > 4 && memcmp(text.bytes + text.length - 4, ":00Z", 4) == 0) text = text_of(arena_format(arena, "%.*sZ", (int)text.length - 4, text.bytes));
  return text;
}

static Text one_text(Run *run, BaseType base, Value value, bool in_list) {
  switch (base) {
    case BASE_BOOL:
      return value.integer ? TEXT_LITERAL("yes") : TEXT_LITERAL("no");
    case BASE_TIME:
      return time_text(run->arena, value.integer);
    case BASE_FLOAT:
      return text_of(arena_format(run->arena, fabs(value.number) < 1e15 && fabs(value.number) >= 1e-3 ? "%.2f" : "%.6g", value.number));
    case BASE_PERCENT:
      return text_of(arena_format(run->arena, "%.6g%%", value.number * 100));
    case BASE_TEXT:
    case BASE_PATH:
    case BASE_PLAYLIST:
      return cell_quoted(run->arena, text_at(run->texts, (TextId)value.integer), in_list);
    default:
      return vm_text(run, TYPE_MAKE(base, FORM_ONE), value);
  }
}

Text test_value_text(Run *run, Type type, Value value) {
  if (type_form(type) == FORM_RANGE) return vm_text(run, type_required(type), value);
  if (type_form(type) == FORM_ONE) return one_text(run, type_base(type), value, false);
  ListItems list = list_items(run->lists, value);
  if (!list.count) return TEXT_LITERAL("[]");
  TextBuilder text = {.arena = run->arena};
  for (uint32_t i = 0; i < list.count; i++) {
    if (i) text_append(&text, TEXT_LITERAL(", "));
    text_append(&text, one_text(run, type_base(type), list.items[i], true));
  }
  return text_built(&text);
}

/* Decimals written in a number, at most 15. */
static int decimals_of(Text text) {
  const char *point = text.length ? memchr(text.bytes, '.', text.length) : NULL;
  size_t count = point ? text.length - (size_t)(point + 1 - text.bytes) : 0;
  return count > 15 ? 15 : (int)count;
}

bool test_value_fits(Run *run, Type type, Value value, Text expected) {
  Value wanted;
  if (!test_value(run, type, expected, &wanted)) return false;
  if (type_form(type) == FORM_ONE && type_base(type) == BASE_FLOAT && !memchr(expected.bytes, 'e', expected.length)) {
    char a[400], b[400];
    snprintf(a, sizeof a, "%.*f", decimals_of(expected), value.number);
    snprintf(b, sizeof b, "%.*f", decimals_of(expected), wanted.number);
    return strcmp(a, b) == 0;
  }
  return text_equal(test_value_text(run, type, value), test_value_text(run, type, wanted));
}
