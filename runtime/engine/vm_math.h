/* vm_math.h: arithmetic whose result is missing where it does not exist. Never wraps, never gives NaN or an infinity.
 */
#ifndef NARADA_ENGINE_VM_MATH_H
#define NARADA_ENGINE_VM_MATH_H

#include <math.h>

#include "engine/vm_int.h"

static inline Slot slot_missing(void) {
  return (Slot){.missing = true};
}
static inline Slot slot_int(int64_t integer) {
  return (Slot){.value = {.integer = integer}};
}
static inline Slot slot_float(double number) {
  return isfinite(number) ? (Slot){.value = {.number = number}} : slot_missing();
}

static inline Slot math_add(int64_t a, int64_t b) {
  if (b > 0 ? a > INT64_MAX - b : a < INT64_MIN - b) return slot_missing();
  return slot_int(a + b);
}
static inline Slot math_subtract(int64_t a, int64_t b) {
  if (b < 0 ? a > INT64_MAX + b : a < INT64_MIN + b) return slot_missing();
  return slot_int(a - b);
}
static inline Slot math_multiply(int64_t a, int64_t b) {
  if (a == 0 || b == 0) return slot_int(0);
  if (a == -1) return b == INT64_MIN ? slot_missing() : slot_int(-b);
  if (b == -1) return a == INT64_MIN ? slot_missing() : slot_int(-a);
  bool over = (a > 0) == (b > 0) ? (a > 0 ? a > INT64_MAX / b : a < INT64_MAX / b)
                                 : (a > 0 ? b < INT64_MIN / a : a < INT64_MIN / b);
  return over ? slot_missing() : slot_int(a * b);
}

/* Missing when the packed form cannot hold it. */
static inline Slot slot_duration(int64_t months, int64_t ms) {
  if (months < INT16_MIN || months > INT16_MAX) return slot_missing();
  Duration duration = {(int32_t)months, ms};
  int64_t packed = duration_pack(duration);
  return duration_unpack(packed).ms == ms ? slot_int(packed) : slot_missing();
}

/* A finite number of milliseconds or months, rounded half away from zero. */
static inline bool rounded(double number, int64_t *out) {
  if (!(fabs(number) < 9e18)) return false;
  *out = (int64_t)llround(number);
  return true;
}

static inline Slot math_scale(int64_t packed, double by) {
  Duration d = duration_unpack(packed);
  int64_t months = 0, ms;
  if (d.months && (by != trunc(by) || !rounded(d.months * by, &months))) return slot_missing();
  return rounded((double)d.ms * by, &ms) ? slot_duration(months, ms) : slot_missing();
}
static inline Slot math_part(int64_t packed, double by) {
  Duration d = duration_unpack(packed);
  int64_t ms;
  if (d.months || by == 0 || !rounded((double)d.ms / by, &ms)) return slot_missing();
  return slot_duration(0, ms);
}
static inline Slot math_ratio(int64_t a, int64_t b) {
  int64_t divisor = duration_total_ms(b);
  return divisor ? slot_float((double)duration_total_ms(a) / (double)divisor) : slot_missing();
}

static inline int64_t math_shift(Instant instant, int64_t packed, int sign, Zone zone) {
  return instant_add(instant, duration_unpack(packed), sign, zone);
}

#endif
