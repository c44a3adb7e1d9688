/* rows.h: rows that a run left somewhere, next to those that a test expects. Private to runtime/expect. */
#ifndef NARADA_EXPECT_ROWS_H
#define NARADA_EXPECT_ROWS_H

#include "expect/test_world.h"

/* Row by row, in the columns of an expected table. */
typedef struct ActualRows {
  Type *types;
  Value *values;
  bool *missing;
  uint32_t column_count, row_count;
} ActualRows;

/* The columns of `table` in what a destination got. `*unknown` is set to the first column that is not there (PLAN_NONE = all are). */
Status rows_of_batch(TestWorld *world, const Batch *batch, const TestTable *table, ActualRows *out, uint32_t *unknown, Error *error);
/* The same of a playlist of the library; `*found` is false without one. */
Status rows_of_playlist(TestWorld *world, Text name, const TestTable *table, ActualRows *out, uint32_t *unknown, bool *found, Error *error);
/* A table without rows, of the columns that have something to say: for an expectation that lacks its own. */
TestTable rows_all_columns(TestWorld *world, const Batch *batch);
/* What the rows of a batch have, "title artist plays(90d)". */
Text rows_column_names(TestWorld *world, const Batch *batch);

/* A row of a comparison: of both sides where both have it. */
typedef struct DiffLine {
  uint32_t expected, actual; /* UINT32_MAX = not on this side */
} DiffLine;
typedef struct RowDiff {
  VEC(DiffLine) lines;
  bool same;
} RowDiff;

/* The first cell that no value of its column can be, or SIZE_MAX. */
size_t rows_wrong_cell(Run *run, const TestTable *table, const ActualRows *actual);
void rows_compare(Run *run, const TestTable *table, const ActualRows *actual, RowDiff *out);
/* The aligned table with a sign before each row, for a person. */
Text rows_show(Run *run, const TestTable *table, const ActualRows *actual, const RowDiff *diff);
/* The table as the test should have it; cells that fit keep their spelling. */
Text rows_updated(Run *run, const TestTable *table, const ActualRows *actual, const RowDiff *diff);

/* The same for lines of text. */
Text lines_show(Arena *arena, Text expected, Text actual);

#endif
