/* purge.h: removing for good what was deleted. The only hard delete there is. */
#ifndef NARADA_STORE_PURGE_H
#define NARADA_STORE_PURGE_H

#include "store/store.h"

typedef struct PurgeWish {
  Instant deleted_before; /* what was deleted before that moment */
  Instant runs_before;    /* and runs that ended, and programs that were kept, before that one; INSTANT_MIN = no runs */
  int64_t import;         /* and the import of this number with all its plays; 0 = none */
  Instant now;            /* and cached answers that hold no longer */
} PurgeWish;

/* Rows of one kind. */
typedef struct Purged {
  const char *one, *many;
  int64_t rows;
} Purged;

typedef struct StoreImport {
  int64_t id;
  Instant imported_at;
  Text source; /* borrowed until the visit ends */
  int64_t plays;
} StoreImport;
/* The imports that stored plays, the latest first; `visit` returns false to stop. */
Status store_each_import(Store *store, bool (*visit)(void *context, const StoreImport *import), void *context, Error *error);

enum { PURGE_KINDS_MAX = 64 };
/* Removes, in one transaction; with `dry_run` only counts. `*count` kinds, those with rows. What was removed is overwritten in the file, and nothing of it stays in
 * the log; backups keep it. What came of removed plays is derived anew. */
Status store_purge(Store *store, PurgeWish wish, bool dry_run, Purged *out, size_t *count, Error *error);

#endif
