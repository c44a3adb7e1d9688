#include <string.h>

#include "engine/vm_math.h"

uint32_t function_arity(FunctionId function) {
  return (uint32_t)strlen(function_def(function)->args);
}

Type function_result(FunctionId function) {
  return type_required(type_of_letter(function_def(function)->result[0]));
}

static Text folded_text(Run *run, Slot text) {
  return text_at(run->texts, run_fold(run, (TextId)text.value.integer));
}

static bool starts_with(Text text, Text start) {
  return start.length <= text.length && (start.length == 0 || memcmp(text.bytes, start.bytes, start.length) == 0);
}

static bool contains(Text text, Text part) {
  if (part.length == 0) return true;
  for (size_t i = 0; i + part.length <= text.length; i++) {
    const char *found = memchr(text.bytes + i, part.bytes[0], text.length - part.length + 1 - i);
    if (!found) return false;
    i = (size_t)(found - text.bytes);
    if (memcmp(found, part.bytes, part.length) == 0) return true;
  }
  return false;
}

static int64_t count_code_points(Text text) {
  int64_t count = 0;
  for (size_t i = 0; i < text.length; i++) count += ((unsigned char)text.bytes[i] & 0xC0) != 0x80;
  return count;
}

Slot vm_call(Run *run, FunctionId function, const Slot *arguments) {
  Value first = arguments[0].value;
  switch (function) {
    case FUNCTION_YEAR_TIME:
      return slot_int(instant_civil(first.integer, run->options.zone).year);
    case FUNCTION_YEAR_DATE:
      return slot_int(date_unpack(first.integer).year);
    case FUNCTION_MONTH_TIME:
      return slot_int(instant_civil(first.integer, run->options.zone).month);
    case FUNCTION_DAY_TIME:
      return slot_int(instant_civil(first.integer, run->options.zone).day);
    case FUNCTION_HOUR_TIME:
      return slot_int(instant_civil(first.integer, run->options.zone).hour);
    case FUNCTION_WEEKDAY_TIME:
      return slot_int(instant_civil(first.integer, run->options.zone).weekday);
    case FUNCTION_DATE_TIME: {
      Civil civil = instant_civil(first.integer, run->options.zone);
      if (civil.year < 1 || civil.year > 9999) return slot_missing();
      return slot_int(date_pack((Date){.year = (int16_t)civil.year, .month = (uint8_t)civil.month, .day = (uint8_t)civil.day, .precision = DATE_DAY}));
    }
    case FUNCTION_LOWER_TEXT:
      return slot_int(run_fold(run, (TextId)first.integer));
    case FUNCTION_LENGTH_TEXT:
      return slot_int(count_code_points(text_at(run->texts, (TextId)first.integer)));
    case FUNCTION_LENGTH_LIST:
      return slot_int(list_items(run->lists, first).count);
    case FUNCTION_CONTAINS_TEXT:
      return slot_int(contains(folded_text(run, arguments[0]), folded_text(run, arguments[1])));
    case FUNCTION_STARTS_TEXT:
      return slot_int(starts_with(folded_text(run, arguments[0]), folded_text(run, arguments[1])));
    case FUNCTION_STARTS_LIST: {
      ListItems items = list_items(run->lists, first);
      Text start = folded_text(run, arguments[1]);
      bool any = false;
      for (uint32_t i = 0; i < items.count && !any; i++) any = starts_with(text_at(run->texts, run_fold(run, (TextId)items.items[i].integer)), start);
      return slot_int(any);
    }
    case FUNCTION_CLOCK_TIME: {
      char text[8];
      Civil civil = instant_civil(first.integer, run->options.zone);
      snprintf(text, sizeof text, "%02d:%02d", civil.hour % 24, civil.minute % 60);
      return slot_int(text_intern(run->texts, text_of(text)));
    }
    default: /* aggregates are tally's */
      return slot_missing();
  }
}
