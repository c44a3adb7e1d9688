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

static bool is_letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static void skip_blanks(Cursor *cursor) {
  while (take(cursor, ' ')) continue;
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

/* One of the words, or at least `least` letters of its beginning: its number from 1, 0 = none of them. */
static int take_word(Cursor *cursor, const char *const *words, int count, size_t least) {
  size_t length = 0;
  while (cursor->at + length < cursor->end && is_letter(cursor->at[length])) length++;
  for (int word = 0; word < count; word++) {
    bool same = length >= least && length <= strlen(words[word]);
    for (size_t i = 0; i < length && same; i++) same = (cursor->at[i] | 0x20) == words[word][i];
    if (!same) continue;
    cursor->at += length;
    return word + 1;
  }
  return 0;
}

static bool take_month(Cursor *cursor, int *out) {
  static const char *const names[] = {"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"};
  *out = take_word(cursor, names, 12, 3);
  return *out != 0;
}

/* It says nothing that the date does not. */
static void skip_weekday(Cursor *cursor) {
  static const char *const names[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  Cursor start = *cursor;
  if (take_word(cursor, names, 7, 3) && (take(cursor, ',') || cursor->at == cursor->end || *cursor->at == ' ')) skip_blanks(cursor);
  else *cursor = start;
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
  bool placed; /* it says its offset */
} Written;

static bool take_offset(Cursor *cursor, Written *out) {
  static const char *const utc[] = {"utc", "gmt", "z"};
  skip_blanks(cursor);
  if (cursor->at == cursor->end) return true;
  out->placed = true;
  if (take_word(cursor, utc, 2, 3) || take_word(cursor, utc + 2, 1, 1)) return cursor->at == cursor->end;
  int sign = *cursor->at == '-' ? -1 : 1, hours, minutes = 0;
  if (!take(cursor, '+') && !take(cursor, '-')) return false;
  if (!take_number(cursor, 2, 2, &hours)) return false;
  take(cursor, ':');
  if (cursor->at < cursor->end && !take_number(cursor, 2, 2, &minutes)) return false;
  out->offset = sign * (hours * 60 + minutes);
  return cursor->at == cursor->end && hours < 24 && minutes < 60;
}

/* Of a clock of twelve hours. */
static bool take_half(Cursor *cursor, Written *out) {
  static const char *const halves[] = {"am", "pm"};
  skip_blanks(cursor);
  int half = take_word(cursor, halves, 2, 2);
  if (!half) return true;
  if (out->hour < 1 || out->hour > 12) return false;
  out->hour = out->hour % 12 + (half == 2 ? 12 : 0);
  return true;
}

static bool take_clock(Cursor *cursor, Written *out) {
  if (!take_number(cursor, 1, 2, &out->hour) || !take(cursor, ':') || !take_number(cursor, 2, 2, &out->minute)) return false;
  if (take(cursor, ':') && !take_number(cursor, 2, 2, &out->second)) return false;
  if (take(cursor, '.') || take(cursor, ',')) {
    const char *start = cursor->at;
    int fraction;
    if (!take_number(cursor, 1, 3, &fraction)) return false;
    for (ptrdiff_t digits = cursor->at - start; digits < 3; digits++) fraction *= 10;
    out->millisecond = fraction;
    while (cursor->at < cursor->end && is_digit(*cursor->at)) cursor->at++;
  }
  return take_half(cursor, out) && out->hour < 24 && out->minute < 60 && out->second < 60 && take_offset(cursor, out);
}

/* 2024-03-05, 2024/3/5 */
static bool take_year_first(Cursor *cursor, Written *out) {
  if (!take_number(cursor, 4, 4, &out->year) || cursor->at == cursor->end || !strchr("-/.", *cursor->at)) return false;
  char between = *cursor->at++;
  return take_number(cursor, 1, 2, &out->month) && take(cursor, between) && take_number(cursor, 1, 2, &out->day);
}

/* 5 Mar 2024, 5. March 2024, 05.03.2024; not 05/03/2024, of which some say the month first */
static bool take_day_first(Cursor *cursor, Written *out) {
  if (!take_number(cursor, 1, 2, &out->day)) return false;
  bool dot = take(cursor, '.');
  skip_blanks(cursor);
  if (dot && take_number(cursor, 1, 2, &out->month)) return take(cursor, '.') && take_number(cursor, 4, 4, &out->year);
  if (!take_month(cursor, &out->month)) return false;
  take(cursor, '.');
  take(cursor, ',');
  skip_blanks(cursor);
  return take_number(cursor, 4, 4, &out->year);
}

/* March 5, 2024 */
static bool take_month_first(Cursor *cursor, Written *out) {
  if (!take_month(cursor, &out->month)) return false;
  take(cursor, '.');
  skip_blanks(cursor);
  if (!take_number(cursor, 1, 2, &out->day) || !(take(cursor, ',') || (cursor->at < cursor->end && *cursor->at == ' '))) return false;
  skip_blanks(cursor);
  return take_number(cursor, 4, 4, &out->year);
}

static bool take_day(Cursor *cursor, Written *out) {
  static bool (*const ways[])(Cursor *, Written *) = {take_year_first, take_day_first, take_month_first};
  skip_weekday(cursor);
  Cursor start = *cursor;
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    *cursor = start;
    if (ways[i](cursor, out)) return true;
  }
  return false;
}

static bool read_civil(Text text, const Zone *zone, Instant *out) {
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
  if (zone && !written.placed)
    *out = civil_instant((Civil){.year = written.year, .month = written.month, .day = written.day, .hour = written.hour, .minute = written.minute, .second = written.second, .millisecond = written.millisecond}, *zone);
  return *out >= INSTANT_MIN && *out <= INSTANT_MAX;
}

bool import_time_read(Text text, Instant *out) {
  return import_time_read_in(text, NULL, out);
}

bool import_time_read_in(Text text, const Zone *zone, Instant *out) {
  return read_number(text, out) || read_civil(text, zone, out);
}

bool import_time_seems(Text text) {
  size_t digits = 0, letters = 0, colons = 0;
  Instant at;
  if (import_time_read(text, &at)) return at == 0 || at >= INT64_C(86400000) || at < 0;
  for (size_t i = 0; i < text.length; i++) {
    digits += is_digit(text.bytes[i]);
    letters += is_letter(text.bytes[i]);
    colons += text.bytes[i] == ':';
  }
  bool lasts = digits + colons == text.length; /* 1:02:45 */
  return !lasts && (digits >= 6 || (digits >= 4 && letters >= 3));
}

bool import_time_slashed(Text text, SlashedDate *out) {
  if (!text.length) return false;
  Cursor cursor = {text.bytes, text.bytes + text.length};
  skip_blanks(&cursor);
  skip_weekday(&cursor);
  if (!take_number(&cursor, 1, 2, &out->first) || cursor.at == cursor.end || !strchr("/-", *cursor.at)) return false;
  char between = *cursor.at++;
  if (!take_number(&cursor, 1, 2, &out->second) || !take(&cursor, between) || !take_number(&cursor, 2, 4, &out->year)) return false;
  if (out->year < 100) out->year += out->year < 70 ? 2000 : 1900;
  out->behind = (Text){cursor.at, (size_t)(cursor.end - cursor.at)};
  return true;
}
