#include "base/clock.h"

#include <string.h>

enum { SHOWN_MAX = 48 };
/* Longer than the years an instant can name is a mistake, and the bound keeps every sum inside 64 bits. */
enum { MAX_MONTHS = 9999 * 12 };
#define MAX_MS (INSTANT_MAX - INSTANT_MIN)

/* Largest first: the order in which they may be written. */
typedef struct Unit {
  const char *name;
  int32_t months;
  int64_t ms;
} Unit;

static const Unit units[] = {
    {"y", 12, 0},      {"mo", 1, 0},      {"w", 0, 604800000}, {"d", 0, 86400000},
    {"h", 0, 3600000}, {"min", 0, 60000}, {"s", 0, 1000},      {"ms", 0, 1},
};
enum { UNIT_COUNT = sizeof units / sizeof units[0] };

static Status not_a_duration(Text text, const char *why, Error *error) {
  return fail(error, STATUS_FAILED, "", "\"%.*s\" is not a duration: %s",
              text.length > SHOWN_MAX ? SHOWN_MAX : (int)text.length, text.length ? text.bytes : "", why);
}

/* Digits at the front of [*at, end), false if there is none or the number is beyond every limit. */
static bool take_number(const char **at, const char *end, int64_t *out) {
  const char *start = *at;
  int64_t value = 0;
  for (; *at < end && **at >= '0' && **at <= '9'; ++*at) {
    value = value * 10 + (**at - '0');
    if (value > MAX_MS) value = MAX_MS + 1;
  }
  *out = value;
  return *at > start;
}

static Text take_word(const char **at, const char *end) {
  const char *start = *at;
  while (*at < end && ((**at >= 'a' && **at <= 'z') || (**at >= 'A' && **at <= 'Z'))) ++*at;
  return (Text){start, (size_t)(*at - start)};
}

static int find_unit(Text word) {
  for (int i = 0; i < UNIT_COUNT; i++) {
    if (text_is(word, units[i].name)) return i;
  }
  return -1;
}

static Status explain_unit(Text text, Text word, Error *error) {
  if (text_is(word, "m")) {
    return not_a_duration(text, "m could mean minutes or months; write min for minutes, mo for months", error);
  }
  return not_a_duration(text, "after each number stands one of the units y mo w d h min s ms", error);
}

/* Adds `number` units, false when the whole becomes too long. */
static bool add_units(Duration *sum, const Unit *unit, int64_t number) {
  if (unit->months) {
    if (number > (MAX_MONTHS - sum->months) / unit->months) return false;
    sum->months += (int32_t)number * unit->months;
    return true;
  }
  if (number > (MAX_MS - sum->ms) / unit->ms) return false;
  sum->ms += number * unit->ms;
  return true;
}

Status duration_parse(Text text, Duration *out, Error *error) {
  const char *at = text.bytes, *end = text.length ? text.bytes + text.length : text.bytes;
  Duration sum = {0, 0};
  if (at == end) return not_a_duration(text, "write a number and a unit, as in 90d or 1y6mo", error);
  for (int last = -1; at < end;) {
    int64_t number;
    if (!take_number(&at, end, &number))
      return not_a_duration(text, "write numbers and units, as in 90d or 1y6mo", error);
    Text word = take_word(&at, end);
    int unit = find_unit(word);
    if (unit < 0) return explain_unit(text, word, error);
    if (unit == last) return not_a_duration(text, "each unit may stand once", error);
    if (unit < last)
      return not_a_duration(text, "units go from the largest to the smallest: y mo w d h min s ms", error);
    if (!add_units(&sum, &units[unit], number)) return not_a_duration(text, "it is longer than 9999 years", error);
    last = unit;
  }
  *out = sum;
  return STATUS_OK;
}

Text duration_format(Arena *arena, Duration duration) {
  TextBuilder b = {.arena = arena};
  bool negative = duration.months < 0 || duration.ms < 0;
  uint64_t months = duration.months < 0 ? 0 - (uint64_t)duration.months : (uint64_t)duration.months;
  uint64_t ms = duration.ms < 0 ? 0 - (uint64_t)duration.ms : (uint64_t)duration.ms;
  if (negative) text_append_char(&b, '-');
  for (int i = 0; i < UNIT_COUNT; i++) {
    if (units[i].ms == 604800000) continue; /* 90d stays 90d */
    uint64_t *rest = units[i].months ? &months : &ms;
    uint64_t size = units[i].months ? (uint64_t)units[i].months : (uint64_t)units[i].ms;
    uint64_t count = *rest / size;
    *rest %= size;
    if (count) text_append_format(&b, "%llu%s", (unsigned long long)count, units[i].name);
  }
  if (b.length == 0) text_append(&b, TEXT_LITERAL("0s"));
  return text_built(&b);
}
