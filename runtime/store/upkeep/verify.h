/* verify.h: whether what is in the store agrees with itself. */
#ifndef NARADA_STORE_VERIFY_H
#define NARADA_STORE_VERIFY_H

#include "store/store.h"

enum { VERIFY_EXAMPLES = 3 };

/* How what is wrong is made anew from the rest; a bit each of what store_repair() is told. */
typedef enum VerifyRepair {
  REPAIR_NOTHING = 0,      /* it is not: a backup is taken back */
  REPAIR_SCHEMA = 1 << 0,  /* indexes, views and triggers */
  REPAIR_INDEXES = 1 << 1, /* what is in indexes */
  REPAIR_ROWS = 1 << 2,    /* DERIVED of verify_checks.def */
  REPAIR_PLAYS = 1 << 3,   /* listens and totals */
  REPAIR_UNSAFE = 1 << 4,  /* pages are damaged: nothing is written to it any more */
} VerifyRepair;

typedef struct VerifyFinding {
  const char *what;  /* was checked */
  VerifyRepair repair; /* of all its problems */
  uint64_t problems; /* 0 = all is well */
  Text examples[VERIFY_EXAMPLES];
  size_t example_count;
} VerifyFinding;

/* A check begins, which may take its time in a large store. */
typedef void VerifyBegin(void *context, const char *what);

/* Every check of verify_checks.def, that programs that ran are what their hashes say, that the schema is the one of this Narada, listens are what plays say and totals what listens add up to, what
 * is marked as deleted has its time, and what SQLite says of the file's structure; one finding each, `begin` (may be NULL) before it. Reads beside
 * a writer: one state of the store, the structure perhaps a moment later's. A failed status means that a check could not be made.
 * Memory does not grow with plays, but with tracks. */
Status store_verify(Store *store, VerifyBegin *begin, void (*tell)(void *context, const VerifyFinding *finding), void *context, Error *error);

/* One more problem of a finding, formatted where it becomes an example. */
void verify_problem(Store *store, VerifyFinding *finding, const char *format, ...) NARADA_PRINTF(3, 4);

#endif
