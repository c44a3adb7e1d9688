/* verify.h: whether what is in the store agrees with itself. */
#ifndef NARADA_STORE_VERIFY_H
#define NARADA_STORE_VERIFY_H

#include "store/store.h"

enum { VERIFY_EXAMPLES = 3 };

typedef struct VerifyFinding {
  const char *what;  /* was checked */
  uint64_t problems; /* 0 = all is well */
  Text examples[VERIFY_EXAMPLES];
  size_t example_count;
} VerifyFinding;

/* A check begins, which may take its time in a large store. */
typedef void VerifyBegin(void *context, const char *what);

/* Every check of verify_checks.def, that the schema is the one of this Narada, listens are what plays say and totals what listens add up to, what
 * is marked as deleted has its time, and what SQLite says of the file's structure; one finding each, `begin` (may be NULL) before it. Reads beside
 * a writer: one state of the store, the structure perhaps a moment later's. A failed status means that a check could not be made.
 * Memory does not grow with plays, but with tracks. */
Status store_verify(Store *store, VerifyBegin *begin, void (*tell)(void *context, const VerifyFinding *finding), void *context, Error *error);

/* One more problem of a finding, formatted where it becomes an example. */
void verify_problem(Store *store, VerifyFinding *finding, const char *format, ...) NARADA_PRINTF(3, 4);

#endif
