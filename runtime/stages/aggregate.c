#include "stages/aggregate.h"

#include <math.h>

static void add_whole(Aggregate *state, int64_t value) {
  state->low += (int64_t)((uint64_t)value & UINT32_MAX);
  state->high += value < 0 ? -1 - ((-1 - value) >> 32) : value >> 32; /* rounded down, so that `low` adds up */
}

static bool whole_sum(const Aggregate *state, int64_t *out) {
  int64_t high = state->high + (state->low >> 32); /* `low` is never negative */
  if (high < INT32_MIN || high > INT32_MAX) return false;
  *out = high * (INT64_C(1) << 32) + (state->low & (int64_t)UINT32_MAX);
  return true;
}

/* Neumaier 1974: what the larger summand swallows of the smaller is added at the end. */
static void add_number(Aggregate *state, double value) {
  double sum = state->sum + value;
  state->lost += fabs(state->sum) >= fabs(value) ? (state->sum - sum) + value : (value - sum) + state->sum;
  state->sum = sum;
}

static double number_sum(const Aggregate *state) {
  return isfinite(state->lost) ? state->sum + state->lost : state->sum;
}

static void add_duration(Aggregate *state, int64_t packed) {
  Duration duration = duration_unpack(packed);
  state->months += duration.months;
  add_whole(state, duration.ms);
}

static bool pack_duration(int64_t months, int64_t ms, Value *out) {
  if (months < INT16_MIN || months > INT16_MAX) return false;
  out->integer = duration_pack((Duration){(int32_t)months, ms});
  return duration_unpack(out->integer).ms == ms;
}

static bool mean_duration(const Aggregate *state, Value *out) {
  int64_t ms;
  if (state->count == 0 || !whole_sum(state, &ms)) return false;
  if (state->months == 0) return pack_duration(0, llround((double)ms / (double)state->count), out);
  int64_t month = duration_total_ms(duration_pack((Duration){.months = 1}));
  double total = (double)state->months * (double)month + (double)ms;
  return pack_duration(0, llround(total / (double)state->count), out);
}

/* The type whose order min and max go by; BASE_MISSING for the other functions. */
static Type extreme_type(FunctionId function, bool *largest) {
  *largest = function >= FUNCTION_MAX_INT && function <= FUNCTION_MAX_DURATION;
  switch (function) {
    case FUNCTION_MIN_INT:
    case FUNCTION_MAX_INT:
      return TYPE_OF(INT);
    case FUNCTION_MIN_FLOAT:
    case FUNCTION_MAX_FLOAT:
      return TYPE_OF(FLOAT);
    case FUNCTION_MIN_TEXT:
    case FUNCTION_MAX_TEXT:
      return TYPE_OF(TEXT);
    case FUNCTION_MIN_TIME:
    case FUNCTION_MAX_TIME:
      return TYPE_OF(TIME);
    case FUNCTION_MIN_DATE:
    case FUNCTION_MAX_DATE:
      return TYPE_OF(DATE);
    case FUNCTION_MIN_DURATION:
    case FUNCTION_MAX_DURATION:
      return TYPE_OF(DURATION);
    default:
      return TYPE_OF(MISSING);
  }
}

static void add_extreme(const Run *run, FunctionId function, Aggregate *state, Value value) {
  bool largest;
  Type type = extreme_type(function, &largest);
  if (type == TYPE_OF(MISSING)) return;
  int order = state->count ? vm_compare(run, type, value, state->extreme) : 0;
  if (state->count == 0 || (largest ? order > 0 : order < 0)) state->extreme = value;
}

void aggregate_add(const Run *run, FunctionId function, Aggregate *state, Value value) {
  switch (function) {
    case FUNCTION_SUM_INT:
      add_whole(state, value.integer);
      break;
    case FUNCTION_SUM_FLOAT:
    case FUNCTION_AVG_FLOAT:
      add_number(state, value.number);
      break;
    case FUNCTION_SUM_DURATION:
    case FUNCTION_AVG_DURATION:
      add_duration(state, value.integer);
      break;
    default:
      add_extreme(run, function, state, value);
  }
  state->count++;
}

bool aggregate_result(FunctionId function, const Aggregate *state, Value *out) {
  switch (function) {
    case FUNCTION_COUNT:
      out->integer = (int64_t)state->count;
      return true;
    case FUNCTION_SUM_INT:
      return whole_sum(state, &out->integer);
    case FUNCTION_SUM_FLOAT:
      out->number = number_sum(state);
      return isfinite(out->number);
    case FUNCTION_SUM_DURATION: {
      int64_t ms;
      return whole_sum(state, &ms) && pack_duration(state->months, ms, out);
    }
    case FUNCTION_AVG_FLOAT:
      out->number = number_sum(state) / (double)state->count;
      return state->count > 0 && isfinite(out->number);
    case FUNCTION_AVG_DURATION:
      return mean_duration(state, out);
    default:
      *out = state->extreme;
      return state->count > 0;
  }
}
