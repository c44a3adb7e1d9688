/* clock.h: instants, durations, granular dates, and the one time zone of a run. */
#ifndef NARADA_BASE_CLOCK_H
#define NARADA_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

/* Milliseconds since 1970-01-01T00:00:00Z. Years 0001 to 9999. */
typedef int64_t Instant;
#define INSTANT_MIN INT64_C(-62135596800000)
#define INSTANT_MAX INT64_C(253402300799999)

/* `mo` and `y` are calendar units (12 months a year) in the run's zone; d, w and below are exact milliseconds. */
typedef struct Duration {
  int32_t months;
  int64_t ms;
} Duration;

typedef enum DatePrecision {
  DATE_YEAR,
  DATE_MONTH,
  DATE_DAY,
  DATE_MINUTE,
  DATE_SECOND,
  DATE_MILLISECOND,
} DatePrecision;

/* A granular date as written: it *is* the range it covers. Civil fields; without `has_offset` they are in the
 * run's zone, so a plan that holds one is the same in every zone. */
typedef struct Date {
  int16_t year;          /* 1 to 9999 */
  uint8_t month, day;    /* 1.., or 1 below the precision */
  uint8_t hour, minute, second;
  uint16_t millisecond;
  uint8_t precision;     /* DatePrecision */
  bool has_offset;       /* only at DATE_MINUTE and finer */
  int16_t offset_minutes; /* east of UTC, -1439..1439 */
} Date;

/* Half-open: lo <= t < hi. */
typedef struct InstantRange {
  Instant lo, hi;
} InstantRange;

/* A time zone by IANA name, through the C library. The C library holds one zone a process: zone_use() sets it, and
 * a Zone value is the proof that it was set. */
typedef struct Zone {
  char name[64];
} Zone;

/* NULL or "" = the machine's own zone (TZ, else /etc/localtime). An unknown name is STATUS_USAGE. */
Status zone_use(const char *name, Zone *out, Error *error);

/* The only wall clock of the program; called once a run, in the cli. */
Instant clock_now(void);
/* Microseconds since some moment, by a clock that only goes forward; for durations. Called where clock_now is. */
int64_t clock_ticks(void);

/* "2024", "2024-03", "2024-03-05", "2024-03-05T20:00[:00[.000]][Z|+hh[:mm]]". Text must be exactly that.
 * A date that does not exist (2024-02-31) fails with a message that says why ("February 2024 has 29 days"). */
Status date_parse(Text text, Date *out, Error *error);
InstantRange date_range(Date date, Zone zone);
/* Canonical text, as date_parse reads it; arena. */
Text date_format(Arena *arena, Date date);

/* "90d", "1y6mo", "1h30min", "250ms"; units ms s min h d w mo y, each at most once, largest first. A bare `m` fails
 * and names both readings. */
Status duration_parse(Text text, Duration *out, Error *error);
Text duration_format(Arena *arena, Duration duration); /* canonical: 1y6mo90d… read back to the same value */
/* `instant` + `sign` * duration; a day that the target month lacks becomes its last day; clamped to INSTANT_MIN/MAX. */
Instant instant_add(Instant instant, Duration duration, int sign, Zone zone);

typedef struct Civil {
  int year, month, day, hour, minute, second, millisecond;
  int weekday; /* 1 = Monday .. 7 = Sunday, ISO 8601 */
} Civil;
Civil instant_civil(Instant instant, Zone zone);
Instant civil_instant(Civil civil, Zone zone); /* weekday is ignored; a time a DST change skips is the one after it */

/* "2024-03-05T20:00:00Z" and the forms of date_parse that name an instant; a date alone is midnight in `zone`. */
Status instant_parse(Text text, Zone zone, Instant *out, Error *error);
/* UTC, "2024-03-05T20:00:00Z", with ".123" only when the milliseconds are not zero. */
Text instant_format(Arena *arena, Instant instant);
/* Local, "2024-03-05 20:00", for tables. */
Text instant_format_local(Arena *arena, Instant instant, Zone zone);

/* Days since 1970-01-01 of a proleptic Gregorian date (Hinnant, "chrono-compatible low-level date algorithms"). */
int32_t days_of_civil(int year, int month, int day);
void civil_of_days(int32_t days, int *year, int *month, int *day);
int days_in_month(int year, int month);

#endif
