#include "connectors/import/import_time.h"

#include <string.h>

typedef struct Cursor {
  const char *at, *end;
} Cursor;

static bool take(Cursor *cursor, char c) {
  if (cursor->at == cursor->end || *cursor->at != c) return false;
  cursor->at++;
  return true;
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* A number of at least `least` and at most `most` digits. */
static bool take_number(Cursor *cursor, int least, int most, int *out) {
  int digits = 0;
  *out = 0;
  while (digits < most && cursor->at < cursor->end && is_digit(*cursor->at)) {
    *out = *out * 10 + (*cursor->at++ - '0');
    digits++;
  }
  return digits >= least;
}

static bool take_month(Cursor *cursor, int *out) {
  static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
  if (cursor->end - cursor->at < 3) return false;
  for (int month = 0; month < 12; month++) {
    bool same = true;
    for (int i = 0; i < 3; i++) same = same && (cursor->at[i] | 0x20) == names[month * 3 + i];
    if (!same) continue;
    *out = month + 1;
    cursor->at += 3;
    return true;
  }
  return false;
}

static void skip_blanks(Cursor *cursor) {
  while (take(cursor, ' ')) continue;
}

/* ---- seconds and milliseconds ---- */

/* 100 thousand million seconds are the year 5138, as many milliseconds are March 1973: no service is as old. */
#define SECONDS_MOST INT64_C(100000000000)

static bool read_number(Text text, Instant *out) {
  int64_t number = 0, thousandths = 0;
  size_t at = 0, digits = 0;
  for (; at < text.length && is_digit(text.bytes[at]); at++) {
    if (++digits > 15) return false;
    number = number * 10 + (text.bytes[at] - '0');
  }
  if (!digits) return false;
  if (at < text.length && text.bytes[at] == '.') {
    at++;
    for (int64_t weight = 100; at < text.length && is_digit(text.bytes[at]); at++, weight /= 10) thousandths += weight * (text.bytes[at] - '0');
  }
  *out = number < SECONDS_MOST ? number * 1000 + thousandths : number;
  return at == text.length && *out <= INSTANT_MAX;
}

/* ---- civil times ---- */

typedef struct Written {
  int year, month, day, hour, minute, second, millisecond, offset; /* minutes east */
} Written;

static bool take_offset(Cursor *cursor, Written *out) {
  if (cursor->at == cursor->end || take(cursor, 'Z')) return cursor->at == cursor->end;
  int sign = *cursor->at == '-' ? -1 : 1, hours, minutes = 0;
  if (!take(cursor, '+') && !take(cursor, '-')) return false;
  if (!take_number(cursor, 2, 2, &hours)) return false;
  take(cursor, ':');
  if (cursor->at < cursor->end && !take_number(cursor, 2, 2, &minutes)) return false;
  out->offset = sign * (hours * 60 + minutes);
  return cursor->at == cursor->end && hours < 24 && minutes < 60;
}

static bool take_clock(Cursor *cursor, Written *out) {
  if (!take_number(cursor, 1, 2, &out->hour) || !take(cursor, ':') || !take_number(cursor, 2, 2, &out->minute)) return false;
  if (take(cursor, ':') && !take_number(cursor, 2, 2, &out->second)) return false;
  if (take(cursor, '.')) {
    const char *start = cursor->at;
    int fraction;
    if (!take_number(cursor, 1, 3, &fraction)) return false;
    for (ptrdiff_t digits = cursor->at - start; digits < 3; digits++) fraction *= 10;
    out->millisecond = fraction;
    while (cursor->at < cursor->end && is_digit(*cursor->at)) cursor->at++;
  }
  return out->hour < 24 && out->minute < 60 && out->second < 60 && take_offset(cursor, out);
}

static bool take_day(Cursor *cursor, Written *out) {
  Cursor start = *cursor;
  if (take_number(cursor, 4, 4, &out->year) && take(cursor, '-') && take_number(cursor, 2, 2, &out->month) && take(cursor, '-') && take_number(cursor, 2, 2, &out->day))
    return true;
  *cursor = start;
  if (!take_number(cursor, 1, 2, &out->day)) return false;
  skip_blanks(cursor);
  if (!take_month(cursor, &out->month)) return false;
  skip_blanks(cursor);
  return take_number(cursor, 4, 4, &out->year);
}

static bool read_civil(Text text, Instant *out) {
  Cursor cursor = {text.bytes, text.bytes + text.length};
  Written written = {0};
  if (!take_day(&cursor, &written)) return false;
  if (cursor.at < cursor.end) {
    take(&cursor, ',');
    if (!take(&cursor, 'T')) skip_blanks(&cursor);
    if (!take_clock(&cursor, &written)) return false;
  }
  bool exists = written.year >= 1 && written.month >= 1 && written.month <= 12 && written.day >= 1 && written.day <= days_in_month(written.year, written.month);
  if (!exists) return false;
  int64_t minutes = (int64_t)days_of_civil(written.year, written.month, written.day) * 1440 + written.hour * 60 + written.minute - written.offset;
  *out = minutes * 60000 + written.second * 1000 + written.millisecond;
  return *out >= INSTANT_MIN && *out <= INSTANT_MAX;
}

bool import_time_read(Text text, Instant *out) {
  return read_number(text, out) || read_civil(text, out);
}
