#include "engine/param_read.h"

#include <math.h>
#include <stdlib.h>

#include "base/vec.h"

/* Longer texts are not numbers anybody writes. */
enum { MAX_NUMBER_TEXT = 64, SHOWN_MAX = 60 };

static Status wrong(Text text, const char *why, Error *error) {
  int shown = text.length > SHOWN_MAX ? SHOWN_MAX : (int)text.length;
  return fail(error, STATUS_USAGE, "", "`%.*s` %s", shown, text.length ? text.bytes : "", why);
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* The text without the underscores that stand between digits; false if one stands elsewhere or it is too long. */
static bool without_underscores(Text text, char out[MAX_NUMBER_TEXT + 1], size_t *length) {
  *length = 0;
  for (size_t i = 0; i < text.length; i++) {
    if (text.bytes[i] == '_') {
      if (i == 0 || i + 1 == text.length || !is_digit(text.bytes[i - 1]) || !is_digit(text.bytes[i + 1])) return false;
      continue;
    }
    if (*length == MAX_NUMBER_TEXT) return false;
    out[(*length)++] = text.bytes[i];
  }
  out[*length] = '\0';
  return true;
}

static Status read_int(Text text, Value *out, Error *error) {
  char digits[MAX_NUMBER_TEXT + 1];
  size_t length;
  if (!without_underscores(text, digits, &length)) return wrong(text, "is not a whole number", error);
  size_t i = digits[0] == '-';
  if (i == length) return wrong(text, "is not a whole number", error);
  int64_t value = 0; /* kept negative: that side holds one more */
  for (; i < length; i++) {
    if (!is_digit(digits[i])) return wrong(text, "is not a whole number", error);
    int digit = digits[i] - '0';
    if (value < (INT64_MIN + digit) / 10) return wrong(text, "is beyond the whole numbers of 64 bits", error);
    value = value * 10 - digit;
  }
  if (digits[0] != '-') {
    if (value == INT64_MIN) return wrong(text, "is beyond the whole numbers of 64 bits", error);
    value = -value;
  }
  out->integer = value;
  return STATUS_OK;
}

/* -digits[.digits][e[+-]digits], the forms a program may write; strtod alone takes hexadecimal, inf and nan too. */
static bool is_decimal(const char *c) {
  if (*c == '-') c++;
  if (!is_digit(*c)) return false;
  while (is_digit(*c)) c++;
  if (*c == '.') {
    if (!is_digit(*++c)) return false;
    while (is_digit(*c)) c++;
  }
  if (*c == 'e' || *c == 'E') {
    c++;
    if (*c == '+' || *c == '-') c++;
    if (!is_digit(*c)) return false;
    while (is_digit(*c)) c++;
  }
  return *c == '\0';
}

static Status read_float(Text text, Value *out, Error *error) {
  char digits[MAX_NUMBER_TEXT + 1];
  size_t length;
  if (!without_underscores(text, digits, &length) || !is_decimal(digits)) return wrong(text, "is not a number", error);
  out->number = strtod(digits, NULL);
  return isfinite(out->number) ? STATUS_OK : wrong(text, "is too large a number", error);
}

static Status read_percent(Text text, Value *out, Error *error) {
  static const char why[] = "is not a percentage; write 20%";
  if (text.length == 0 || text.bytes[text.length - 1] != '%') return wrong(text, why, error);
  if (read_float((Text){text.bytes, text.length - 1}, out, NULL)) return wrong(text, why, error);
  out->number /= 100;
  return STATUS_OK;
}

static Status read_bool(Text text, Value *out, Error *error) {
  out->integer = text_is(text, "true");
  return out->integer || text_is(text, "false") ? STATUS_OK : wrong(text, "is neither true nor false", error);
}

static Status read_text(Run *run, Text text, bool may_be_empty, Value *out, Error *error) {
  if (text_invalid_at(text) < text.length) return fail(error, STATUS_USAGE, "", "the text is not valid UTF-8");
  if (text.length > PLAN_MAX_STRING)
    return fail(error, STATUS_USAGE, "", "a text may have at most %d bytes", PLAN_MAX_STRING);
  if (!may_be_empty && text.length == 0) return fail(error, STATUS_USAGE, "", "it may not be empty");
  out->integer = text_intern(run->texts, text);
  return STATUS_OK;
}

static Status read_granular(Text text, Date *out, Error *error) {
  Status status = date_parse(text, out, error);
  if (status) return status;
  if (out->precision > DATE_DAY)
    return wrong(text, "is a time; a date is a day, a month or a year, as in 2024-03-05", error);
  return STATUS_OK;
}

static Status read_date(Text text, Value *out, Error *error) {
  Date date;
  Status status = read_granular(text, &date, error);
  if (status == STATUS_OK) out->integer = date_pack(date);
  return status;
}

static Status read_duration(Text text, Value *out, Error *error) {
  Duration duration;
  Status status = duration_parse(text, &duration, error);
  if (status == STATUS_OK) out->integer = duration_pack(duration);
  return status;
}

static Status read_one(Run *run, BaseType base, Text text, Value *out, Error *error) {
  switch (base) {
    case BASE_BOOL:
      return read_bool(text, out, error);
    case BASE_INT:
      return read_int(text, out, error);
    case BASE_FLOAT:
      return read_float(text, out, error);
    case BASE_PERCENT:
      return read_percent(text, out, error);
    case BASE_TEXT:
      return read_text(run, text, true, out, error);
    case BASE_PATH:
    case BASE_PLAYLIST:
      return read_text(run, text, false, out, error);
    case BASE_DATE:
      return read_date(text, out, error);
    case BASE_TIME:
      return instant_parse(text, run->options.zone, &out->integer, error);
    case BASE_DURATION:
      return read_duration(text, out, error);
    default:
      return fail(error, STATUS_BAD_PLAN, "", "the plan's parameter has no type that can be given");
  }
}

static Text trimmed(Text text) {
  while (text.length && text.bytes[0] == ' ') text.bytes++, text.length--;
  while (text.length && text.bytes[text.length - 1] == ' ') text.length--;
  return text;
}

static Status read_list(Run *run, Type type, Text text, Value *out, Error *error) {
  VEC(Value) items = {0};
  size_t start = 0;
  for (size_t i = 0; text.length && i <= text.length; i++) {
    if (i < text.length && text.bytes[i] != ',') continue;
    if (items.count == PLAN_MAX_LIST)
      return fail(error, STATUS_USAGE, "", "a list has at most %d items", PLAN_MAX_LIST);
    Value item = {0};
    Status status = read_one(run, type_base(type), trimmed((Text){text.bytes + start, i - start}), &item, error);
    if (status) return status;
    vec_push(run->arena, &items, item);
    start = i + 1;
  }
  *out = list_add(run->lists, items.items, (uint32_t)items.count);
  return STATUS_OK;
}

/* One end of a range; dates become the instant where they begin or end. */
static Status read_end(Run *run, BaseType base, Text text, bool high, Value *out, Error *error) {
  if (base != BASE_DATE) {
    Status status = read_one(run, base, text, out, error);
    if (status == STATUS_OK && base == BASE_TIME && high) out->integer++;
    return status;
  }
  Date date;
  Status status = read_granular(text, &date, error);
  if (status) return status;
  InstantRange covered = date_range(date, run->options.zone);
  out->integer = high ? covered.hi : covered.lo;
  return STATUS_OK;
}

static Status read_range(Run *run, BaseType base, Text text, Value *out, Error *error) {
  size_t dots = 0;
  while (dots + 1 < text.length && !(text.bytes[dots] == '.' && text.bytes[dots + 1] == '.')) dots++;
  if (dots + 1 >= text.length || text.length == 2) return wrong(text, "is not a range; write a..b, a.. or ..b", error);
  Text low = {text.bytes, dots}, high = {text.bytes + dots + 2, text.length - dots - 2};
  RangeEnds ends = {.has_low = low.length > 0, .has_high = high.length > 0};
  Status status = ends.has_low ? read_end(run, base, low, false, &ends.low, error) : STATUS_OK;
  if (status == STATUS_OK && ends.has_high) status = read_end(run, base, high, true, &ends.high, error);
  if (status == STATUS_OK) *out = range_add(run->lists, ends);
  return status;
}

Status param_read(Run *run, Type type, Text text, Value *out, Error *error) {
  Status status;
  if (type_form(type) == FORM_LIST) {
    status = read_list(run, type, text, out, error);
  } else if (type_form(type) == FORM_RANGE) {
    status = read_range(run, type_base(type), text, out, error);
  } else {
    status = read_one(run, type_base(type), text, out, error);
  }
  if (status && status != STATUS_BAD_PLAN) {
    status = STATUS_USAGE; /* the parsers of base/ do not know that a person gave the text on a command line */
    if (error) error->status = status;
  }
  return status;
}
