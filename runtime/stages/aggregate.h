/* aggregate.h: sums, extremes and means of the values of a group, for tally. */
#ifndef NARADA_STAGES_AGGREGATE_H
#define NARADA_STAGES_AGGREGATE_H

#include "engine/stage.h"

/* Zero-initialised: nothing added yet. */
typedef struct Aggregate {
  uint64_t count;
  int64_t low, high; /* sum of whole numbers as high * 2^32 + low: exact in any order, up to BATCH_MAX_ROWS of them */
  int64_t months;    /* of durations, whose milliseconds are in low and high */
  double sum, lost;  /* of numbers, and what rounding took from it (Neumaier) */
  Value extreme;
} Aggregate;

/* Adds a value that is not missing. */
void aggregate_add(const Run *run, FunctionId function, Aggregate *state, Value value);
/* False if the result is missing: of none, or beyond what its type holds. */
bool aggregate_result(FunctionId function, const Aggregate *state, Value *out);

#endif
