#include "engine/batch.h"

/* duration:  63 ... 48 | 47 ... 0
 *            months    | milliseconds, both two's complement */
#define DURATION_MS_MAX ((INT64_C(1) << 47) - 1)
#define DURATION_MS_MIN (-(INT64_C(1) << 47))
/* 30.436875 days: a 400-year Gregorian cycle has 146,097 days and 4,800 months. */
#define MONTH_MS INT64_C(2629746000)

static int64_t clamp(int64_t value, int64_t low, int64_t high) {
  return value < low ? low : value > high ? high : value;
}

int64_t duration_pack(Duration duration) {
  uint64_t months = (uint64_t)clamp(duration.months, INT16_MIN, INT16_MAX);
  uint64_t ms = (uint64_t)clamp(duration.ms, DURATION_MS_MIN, DURATION_MS_MAX);
  return (int64_t)(months << 48 | (ms & UINT64_C(0xFFFFFFFFFFFF)));
}

Duration duration_unpack(int64_t packed) {
  uint64_t ms = (uint64_t)packed & UINT64_C(0xFFFFFFFFFFFF);
  Duration duration = {.months = (int16_t)(uint16_t)((uint64_t)packed >> 48), .ms = (int64_t)ms};
  if (ms >> 47) duration.ms -= INT64_C(1) << 48;
  return duration;
}

int64_t duration_total_ms(int64_t packed) {
  Duration duration = duration_unpack(packed);
  return duration.months * MONTH_MS + duration.ms;
}

int duration_compare(int64_t a, int64_t b) {
  int64_t left = duration_total_ms(a), right = duration_total_ms(b);
  return (left > right) - (left < right);
}

int64_t date_pack(Date date) {
  int precision = date.precision == DATE_YEAR ? 2 : date.precision == DATE_MONTH ? 1 : 0;
  return (int64_t)days_of_civil(date.year, date.month, date.day) * 4 + precision;
}

Date date_unpack(int64_t packed) {
  int precision = (int)((uint64_t)packed & 3);
  int year, month, day;
  civil_of_days((int32_t)((packed - precision) / 4), &year, &month, &day);
  return (Date){
      .year = (int16_t)year,
      .month = (uint8_t)month,
      .day = (uint8_t)day,
      .precision = (uint8_t)(precision == 2   ? DATE_YEAR
                             : precision == 1 ? DATE_MONTH
                                              : DATE_DAY),
  };
}
