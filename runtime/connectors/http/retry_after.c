#include "connectors/http/retry_after.h"

#include <stdio.h>
#include <string.h>

enum { DATE_MAX = 40 };

static int month_of(const char *name) {
  static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  for (int i = 0; i < 12; i++)
    if (strncmp(names + 3 * i, name, 3) == 0 && strlen(name) == 3) return i + 1;
  return 0;
}

/* RFC 9110: a two-digit year that seems more than 50 years ahead is of the last century; no call is that old, so 70 divides them. */
static int full_year(int year) {
  return year >= 100 ? year : year < 70 ? year + 2000 : year + 1900;
}

bool http_date(Text value, Instant *out) {
  char text[DATE_MAX + 1], month[4];
  Civil c = {0};
  int end = 0;
  if (value.length == 0 || value.length > DATE_MAX) return false;
  memcpy(text, value.bytes, value.length);
  text[value.length] = '\0';
  bool fits = (sscanf(text, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", &c.day, month, &c.year, &c.hour, &c.minute, &c.second, &end) == 6 && end) ||
              (sscanf(text, "%*9[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT%n", &c.day, month, &c.year, &c.hour, &c.minute, &c.second, &end) == 6 && end) ||
              (sscanf(text, "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n", month, &c.day, &c.hour, &c.minute, &c.second, &c.year, &end) == 6 && end);
  if (!fits || (size_t)end != value.length) return false;
  c.month = month_of(month);
  c.year = full_year(c.year);
  if (c.month == 0 || c.year > 9999 || c.day < 1 || c.day > days_in_month(c.year, c.month) || c.hour < 0 || c.hour > 23 || c.minute < 0 || c.minute > 59 ||
      c.second < 0 || c.second > 60)
    return false;
  *out = ((int64_t)days_of_civil(c.year, c.month, c.day) * 86400 + c.hour * 3600 + c.minute * 60 + c.second) * 1000;
  return true;
}

static int64_t held(int64_t ms) {
  return ms < 0 ? 0 : ms > RETRY_AFTER_MOST ? RETRY_AFTER_MOST : ms;
}

int64_t retry_after(Text value, Text date, Instant now) {
  if (value.length == 0) return -1;
  int64_t seconds = 0;
  size_t i = 0;
  for (; i < value.length && value.bytes[i] >= '0' && value.bytes[i] <= '9'; i++)
    if (seconds < RETRY_AFTER_MOST) seconds = seconds * 10 + (value.bytes[i] - '0');
  /* Some services write fractions of a second. */
  if (i && i < value.length && value.bytes[i] == '.') {
    seconds++;
    for (i++; i < value.length && value.bytes[i] >= '0' && value.bytes[i] <= '9'; i++) continue;
  }
  if (i == value.length) return held(seconds < RETRY_AFTER_MOST ? seconds * 1000 : RETRY_AFTER_MOST);
  Instant until, from = now;
  if (!http_date(value, &until)) return -1;
  if (!http_date(date, &from)) from = now;
  return held(until - from);
}
