/* rows_rig.h: runs a plan on a generated library without touching anything outside, and keeps what its destinations got. */
#ifndef NARADA_TESTS_GENERATE_ROWS_RIG_H
#define NARADA_TESTS_GENERATE_ROWS_RIG_H

#include "base/vec.h"
#include "engine/world.h"
#include "store/store.h"

/* A library in memory and the files that programs read. */
typedef struct RowsLibrary RowsLibrary;
/* NULL with `error` if it cannot be made. */
RowsLibrary *rows_library_new(uint64_t seed, Error *error);
void rows_library_free(RowsLibrary *library);

typedef struct RowsGot {
  uint32_t node;
  const char *destination;
  Text resource; /* what it was to be written to; empty for `show` */
  const Batch *rows;
} RowsGot;

typedef struct RowsRun {
  Run *run;
  Status status;
  Error error;
  VEC(RowsGot) got; /* in the order of writing */
} RowsRun;

/* Everything is in `arena`. A run that fails is a result like any other; false only if memory ran out. */
bool rows_run(Arena *arena, RowsLibrary *library, const Plan *plan, bool pushdown, RowsRun *out);

/* Whether two runs left the same: status, destinations, columns, rows, values, which rows are the same track. Else `why` says where they differ. */
bool rows_same(RowsRun *a, RowsRun *b, char *why, size_t size);
/* The same of what each node did: rows out, rows dropped for a missing value. For runs of one plan. */
bool rows_reports_same(const RowsRun *a, const RowsRun *b, char *why, size_t size);

#endif
