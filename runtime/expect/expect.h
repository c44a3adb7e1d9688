/* expect.h: tests of programs. A test file says what the world holds and what a program is expected to do with it; `naradac test` runs the program on
 * that world with the real engine and writes nothing outside. */
#ifndef NARADA_EXPECT_EXPECT_H
#define NARADA_EXPECT_EXPECT_H

#include <stdio.h>

#include "base/arena.h"

typedef struct TestOptions {
  bool update; /* write what the programs did into the test files, in place of tables and lines that differ */
  bool quiet;  /* a line only for what failed */
  FILE *out;
  bool colour;
} TestOptions;

typedef struct TestTotals {
  unsigned long files, passed, failed;
  unsigned long updated;   /* expectations rewritten; they count as passed */
  unsigned long broken;    /* files that are no test files */
  unsigned long unreadable; /* paths that could not be read */
} TestTotals;

/* Runs the test file, or every *.expect below the folder in order of their names. Prints a line for each case. Fails only for what stops everything. */
Status test_path(Arena *arena, const char *path, const TestOptions *options, TestTotals *totals, Error *error);

/* The format of test files, for a person. */
extern const char test_file_help[];

#endif
