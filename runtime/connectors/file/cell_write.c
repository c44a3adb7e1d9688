#include <math.h>

#include "base/json.h"
#include "connectors/file/cell.h"
#include "connectors/file/csv.h"
#include "engine/vm.h"

static void put_digits(char *to, int count, int number) {
  for (int i = count; i-- > 0; number /= 10) to[i] = (char)('0' + number % 10);
}

/* The forms of instant_format, date_format and duration_format, appended: a million rows must not leave a million texts
 * in the arena. */
void cell_append_instant(TextBuilder *builder, Instant instant) {
  const int64_t day_ms = 86400000;
  int64_t days = instant / day_ms, ms = instant % day_ms;
  if (ms < 0) {
    ms += day_ms;
    days--;
  }
  int year, month, day, rest = (int)ms;
  civil_of_days((int32_t)days, &year, &month, &day);
  if (year < 0 || year > 9999) {
    text_append_format(builder, "%04d-%02d-%02dT", year, month, day);
  } else {
    char date[] = "0000-00-00T";
    put_digits(date, 4, year);
    put_digits(date + 5, 2, month);
    put_digits(date + 8, 2, day);
    text_append(builder, (Text){date, sizeof date - 1});
  }
  char clock[] = "00:00:00.000Z";
  put_digits(clock, 2, rest / 3600000);
  put_digits(clock + 3, 2, rest / 60000 % 60);
  put_digits(clock + 6, 2, rest / 1000 % 60);
  put_digits(clock + 9, 3, rest % 1000);
  bool whole = rest % 1000 == 0;
  if (whole) clock[8] = 'Z';
  text_append(builder, (Text){clock, whole ? 9 : sizeof clock - 1});
}

static void append_date(TextBuilder *builder, Date date) {
  text_append_format(builder, "%04d", date.year);
  if (date.precision >= DATE_MONTH) text_append_format(builder, "-%02d", date.month);
  if (date.precision >= DATE_DAY) text_append_format(builder, "-%02d", date.day);
}

/* Appends a value of FORM_ONE as it stands in a CSV field; `quoted` tells that JSON wants a string. */
static void append_one(TextBuilder *builder, Run *run, BaseType base, Value value, bool *quoted) {
  *quoted = false;
  switch (base) {
    case BASE_BOOL:
      text_append_format(builder, "%s", value.integer ? "true" : "false");
      return;
    case BASE_INT:
      text_append_format(builder, "%lld", (long long)value.integer);
      return;
    case BASE_FLOAT:
    case BASE_PERCENT:
      json_append_number(builder, value.number);
      return;
    case BASE_DURATION: {
      Duration duration = duration_unpack(value.integer);
      *quoted = duration.months != 0;
      if (*quoted)
        text_append(builder, duration_format(run->arena, duration));
      else
        text_append_format(builder, "%lld", (long long)duration.ms);
      return;
    }
    default:
      break;
  }
  *quoted = true;
  if (base == BASE_TIME)
    cell_append_instant(builder, value.integer);
  else if (base == BASE_DATE)
    append_date(builder, date_unpack(value.integer));
  else if (base != BASE_MISSING)
    text_append(builder, text_at(run->texts, (TextId)value.integer));
}

bool value_is_writable(Type type, Value value) {
  BaseType base = type_base(type);
  if (base == BASE_MISSING) return false;
  return type_form(type) != FORM_ONE || (base != BASE_FLOAT && base != BASE_PERCENT) || isfinite(value.number);
}

static void append_json_one(TextBuilder *builder, Run *run, BaseType base, Value value, TextBuilder *scratch) {
  bool quoted;
  scratch->length = 0;
  append_one(scratch, run, base, value, &quoted);
  if (quoted)
    json_append_string(builder, text_built(scratch));
  else
    text_append(builder, text_built(scratch));
}

void value_append_json(TextBuilder *builder, Run *run, Type type, Value value, TextBuilder *scratch) {
  if (type_form(type) == FORM_RANGE) {
    json_append_string(builder, vm_text(run, type, value));
    return;
  }
  if (type_form(type) == FORM_ONE) {
    append_json_one(builder, run, type_base(type), value, scratch);
    return;
  }
  ListItems list = list_items(run->lists, value);
  text_append_char(builder, '[');
  for (uint32_t i = 0; i < list.count; i++) {
    if (i) text_append_char(builder, ',');
    append_json_one(builder, run, type_base(type), list.items[i], scratch);
  }
  text_append_char(builder, ']');
}

static void append_guarded(TextBuilder *builder, Text text) {
  if (csv_needs_apostrophe(text)) text_append_char(builder, '\'');
  text_append(builder, text);
}

static void append_csv_list(TextBuilder *builder, Run *run, BaseType base, ListItems list, TextBuilder *scratch) {
  TextBuilder item = {.arena = run->arena};
  scratch->length = 0;
  for (uint32_t i = 0; i < list.count; i++) {
    if (i) text_append(scratch, TEXT_LITERAL("; "));
    if (type_is_text((Type)base)) {
      csv_append_item(scratch, text_at(run->texts, (TextId)list.items[i].integer));
      continue;
    }
    bool quoted;
    item.length = 0;
    append_one(&item, run, base, list.items[i], &quoted);
    csv_append_item(scratch, text_built(&item));
  }
  append_guarded(builder, text_built(scratch));
}

void value_append_csv(TextBuilder *builder, Run *run, Type type, Value value, TextBuilder *scratch) {
  BaseType base = type_base(type);
  if (type_form(type) == FORM_RANGE) {
    append_guarded(builder, vm_text(run, type, value));
  } else if (type_form(type) == FORM_LIST) {
    append_csv_list(builder, run, base, list_items(run->lists, value), scratch);
  } else if (type_is_text((Type)base)) {
    append_guarded(builder, text_at(run->texts, (TextId)value.integer));
  } else {
    bool quoted;
    append_one(builder, run, base, value, &quoted);
  }
}
