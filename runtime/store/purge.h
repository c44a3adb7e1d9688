/* purge.h: removing for good what was deleted. The only hard delete there is. */
#ifndef NARADA_STORE_PURGE_H
#define NARADA_STORE_PURGE_H

#include "store/store.h"

typedef struct PurgeWish {
  Instant deleted_before; /* what was deleted before that moment */
  Instant runs_before;    /* and runs that ended, and programs that were kept, before that one; INSTANT_MIN = no runs */
  Instant now;            /* and cached answers that hold no longer */
} PurgeWish;

/* Rows of one kind. */
typedef struct Purged {
  const char *one, *many;
  int64_t rows;
} Purged;

enum { PURGE_KINDS_MAX = 64 };
/* Removes, in one transaction; with `dry_run` only counts. `*count` kinds, those with rows. What was removed is overwritten in the file, and nothing of it stays in
 * the log; backups keep it. */
Status store_purge(Store *store, PurgeWish wish, bool dry_run, Purged *out, size_t *count, Error *error);

#endif
