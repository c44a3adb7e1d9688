#include "base/clock.h"

#include <string.h>

/* How much of a wrong text a message repeats. */
enum { SHOWN_MAX = 48 };

static int shown_length(Text text) {
  return text.length > SHOWN_MAX ? SHOWN_MAX : (int)text.length;
}

#define SHOWN(text) shown_length(text), (text).length ? (text).bytes : ""

/* A reader over the text; every function below takes what it reads off the front. */
typedef struct Scan {
  const char *at, *end;
} Scan;

static bool take_char(Scan *scan, char c) {
  if (scan->at == scan->end || *scan->at != c) return false;
  scan->at++;
  return true;
}

/* Exactly `count` digits. */
static bool take_digits(Scan *scan, int count, int *out) {
  if (scan->end - scan->at < count) return false;
  int value = 0;
  for (int i = 0; i < count; i++) {
    unsigned digit = (unsigned)(unsigned char)scan->at[i] - '0';
    if (digit > 9) return false;
    value = value * 10 + (int)digit;
  }
  scan->at += count;
  *out = value;
  return true;
}

typedef struct DateFields {
  int year, month, day, hour, minute, second, millisecond, offset_hour, offset_minute;
} DateFields;

/* Shape only; false if the text is not of one of the forms. */
static bool take_time(Scan *scan, DateFields *f, Date *out, int *offset_sign) {
  if (!take_digits(scan, 2, &f->hour) || !take_char(scan, ':') || !take_digits(scan, 2, &f->minute)) return false;
  out->precision = DATE_MINUTE;
  if (take_char(scan, ':')) {
    if (!take_digits(scan, 2, &f->second)) return false;
    out->precision = DATE_SECOND;
    if (take_char(scan, '.')) {
      if (!take_digits(scan, 3, &f->millisecond)) return false;
      out->precision = DATE_MILLISECOND;
    }
  }
  if (take_char(scan, 'Z')) {
    out->has_offset = true;
    return true;
  }
  *offset_sign = take_char(scan, '+') ? 1 : take_char(scan, '-') ? -1 : 0;
  if (*offset_sign == 0) return true;
  out->has_offset = true;
  if (!take_digits(scan, 2, &f->offset_hour)) return false;
  return !take_char(scan, ':') || take_digits(scan, 2, &f->offset_minute);
}

static bool take_date(Scan *scan, DateFields *f, Date *out, int *offset_sign) {
  if (!take_digits(scan, 4, &f->year)) return false;
  out->precision = DATE_YEAR;
  if (scan->at == scan->end) return true;
  if (!take_char(scan, '-') || !take_digits(scan, 2, &f->month)) return false;
  out->precision = DATE_MONTH;
  if (scan->at == scan->end) return true;
  if (!take_char(scan, '-') || !take_digits(scan, 2, &f->day)) return false;
  out->precision = DATE_DAY;
  if (scan->at == scan->end) return true;
  return take_char(scan, 'T') && take_time(scan, f, out, offset_sign) && scan->at == scan->end;
}

/* Why fields of the right shape name no date, or STATUS_OK. */
static Status check_fields(Text text, const DateFields *f, Error *error) {
  static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                       "July",    "August",   "September", "October", "November", "December"};
  if (f->year < 1) return fail(error, STATUS_FAILED, "", "\"%.*s\": years run from 0001 to 9999", SHOWN(text));
  if (f->month < 1 || f->month > 12) {
    return fail(error, STATUS_FAILED, "", "\"%.*s\": there is no month %02d; months run from 01 to 12", SHOWN(text),
                f->month);
  }
  int days = days_in_month(f->year, f->month);
  if (f->day < 1 || f->day > days) {
    return fail(error, STATUS_FAILED, "", "\"%.*s\": there is no such day; %s %d has %d days", SHOWN(text),
                months[f->month - 1], f->year, days);
  }
  if (f->hour > 23) return fail(error, STATUS_FAILED, "", "\"%.*s\": hours run from 00 to 23", SHOWN(text));
  if (f->minute > 59) return fail(error, STATUS_FAILED, "", "\"%.*s\": minutes run from 00 to 59", SHOWN(text));
  if (f->second > 59) return fail(error, STATUS_FAILED, "", "\"%.*s\": seconds run from 00 to 59", SHOWN(text));
  if (f->offset_hour > 23 || f->offset_minute > 59) {
    return fail(error, STATUS_FAILED, "", "\"%.*s\": an offset from UTC is less than 24:00", SHOWN(text));
  }
  return STATUS_OK;
}

Status date_parse(Text text, Date *out, Error *error) {
  Scan scan = {text.bytes, text.bytes + text.length};
  DateFields f = {.month = 1, .day = 1};
  int offset_sign = 0;
  Date date = {0};
  if (text.length == 0 || !take_date(&scan, &f, &date, &offset_sign)) {
    return fail(error, STATUS_FAILED, "",
                "\"%.*s\" is not a date; write 2024, 2024-03, 2024-03-05, 2024-03-05T20:00 or 2024-03-05T20:00:00Z",
                SHOWN(text));
  }
  Status status = check_fields(text, &f, error);
  if (status) return status;
  date.year = (int16_t)f.year;
  date.month = (uint8_t)f.month;
  date.day = (uint8_t)f.day;
  date.hour = (uint8_t)f.hour;
  date.minute = (uint8_t)f.minute;
  date.second = (uint8_t)f.second;
  date.millisecond = (uint16_t)f.millisecond;
  date.offset_minutes = (int16_t)(offset_sign * (f.offset_hour * 60 + f.offset_minute));
  *out = date;
  return STATUS_OK;
}

/* Not held to the range of instants: an offset may carry the first and the last day past it. */
static int64_t date_start(const Date *date, Zone zone) {
  Civil civil = {date->year, date->month, date->day, date->hour, date->minute, date->second, date->millisecond, 0};
  if (!date->has_offset) return civil_instant(civil, zone);
  return civil_instant(civil, (Zone){.name = "UTC"}) - (int64_t)date->offset_minutes * 60000;
}

InstantRange date_range(Date date, Zone zone) {
  static const int64_t spans[] = {[DATE_MINUTE] = 60000, [DATE_SECOND] = 1000, [DATE_MILLISECOND] = 1};
  int64_t lo = date_start(&date, zone), hi;
  if (date.precision >= DATE_MINUTE) {
    hi = lo + spans[date.precision];
  } else {
    Civil next = {.year = date.year, .month = date.month, .day = date.day};
    if (date.precision == DATE_DAY) {
      civil_of_days(days_of_civil(date.year, date.month, date.day) + 1, &next.year, &next.month, &next.day);
    } else if (date.precision == DATE_MONTH && date.month < 12) {
      next.month++;
    } else {
      next.year++;
      next.month = 1;
    }
    hi = civil_instant(next, zone);
  }
  if (lo < INSTANT_MIN) lo = INSTANT_MIN;
  if (hi > INSTANT_MAX + 1) hi = INSTANT_MAX + 1;
  return (InstantRange){lo, hi < lo ? lo : hi};
}

Text date_format(Arena *arena, Date date) {
  TextBuilder b = {.arena = arena};
  text_append_format(&b, "%04d", date.year);
  if (date.precision >= DATE_MONTH) text_append_format(&b, "-%02d", date.month);
  if (date.precision >= DATE_DAY) text_append_format(&b, "-%02d", date.day);
  if (date.precision >= DATE_MINUTE) text_append_format(&b, "T%02d:%02d", date.hour, date.minute);
  if (date.precision >= DATE_SECOND) text_append_format(&b, ":%02d", date.second);
  if (date.precision >= DATE_MILLISECOND) text_append_format(&b, ".%03d", date.millisecond);
  if (date.has_offset && date.precision >= DATE_MINUTE) {
    int offset = date.offset_minutes < 0 ? -date.offset_minutes : date.offset_minutes;
    if (offset == 0) {
      text_append_char(&b, 'Z');
    } else {
      text_append_format(&b, "%c%02d:%02d", date.offset_minutes < 0 ? '-' : '+', offset / 60, offset % 60);
    }
  }
  return text_built(&b);
}

Status instant_parse(Text text, Zone zone, Instant *out, Error *error) {
  Date date;
  Status status = date_parse(text, &date, error);
  if (status) return status;
  if (date.precision < DATE_DAY) {
    return fail(error, STATUS_FAILED, "", "\"%.*s\" names no instant; write at least a day, as in 2024-03-05",
                SHOWN(text));
  }
  int64_t instant = date_start(&date, zone);
  if (instant < INSTANT_MIN || instant > INSTANT_MAX) {
    return fail(error, STATUS_FAILED, "", "\"%.*s\" is outside the years 0001 to 9999 in UTC", SHOWN(text));
  }
  *out = instant;
  return STATUS_OK;
}

/* `count` digits ending before `end`. */
static void put_digits(char *end, int count, int value) {
  for (int i = 1; i <= count; i++) {
    end[-i] = (char)('0' + value % 10);
    value /= 10;
  }
}

static void put_day(char out[10], const Civil *civil) {
  memcpy(out, "0000-00-00", 10);
  put_digits(out + 4, 4, civil->year);
  put_digits(out + 7, 2, civil->month);
  put_digits(out + 10, 2, civil->day);
}

Text instant_format(Arena *arena, Instant instant) {
  Civil civil = instant_civil(instant, (Zone){.name = "UTC"});
  char text[] = "0000-00-00T00:00:00.000Z";
  put_day(text, &civil);
  put_digits(text + 13, 2, civil.hour);
  put_digits(text + 16, 2, civil.minute);
  put_digits(text + 19, 2, civil.second);
  put_digits(text + 23, 3, civil.millisecond);
  size_t length = 24;
  if (civil.millisecond == 0) {
    text[19] = 'Z';
    length = 20;
  }
  return text_copy(arena, (Text){text, length});
}

Text instant_format_local(Arena *arena, Instant instant, Zone zone) {
  Civil civil = instant_civil(instant, zone);
  char text[] = "0000-00-00 00:00";
  put_day(text, &civil);
  put_digits(text + 13, 2, civil.hour);
  put_digits(text + 16, 2, civil.minute);
  return text_copy(arena, (Text){text, 16});
}
