/* case_run.h: runs one case and compares. Private to runtime/expect. */
#ifndef NARADA_EXPECT_CASE_RUN_H
#define NARADA_EXPECT_CASE_RUN_H

#include "compiler/compile.h"
#include "expect/suite.h"

/* A program, compiled once for all cases of a file. */
typedef struct TestProgram {
  Text path;
  Status status;
  Error error;
  DiagList *diags;
  Plan *plan; /* NULL when it does not compile */
} TestProgram;

/* Something that is not as expected. */
typedef struct Failure {
  DiagCode code;
  Span span; /* in the test file */
  Text message;
  Text detail; /* lines without the last newline; may be empty */
} Failure;

/* A part of the test file that --update replaces. */
typedef struct Replacement {
  Span span;
  Text text;
  size_t failure; /* index of the failure that it mends */
} Replacement;

typedef struct CaseResult {
  Arena *arena; /* of failures and replacements */
  VEC(Failure) failures;
  VEC(Replacement) replacements;
} CaseResult;

/* Fails only when memory runs out; what a program does wrong is in the result. */
Status case_run(const Suite *suite, const TestCase *test, const TestProgram *program, CaseResult *out, Error *error);

#endif
