/* summary.h: what a store holds, in figures. */
#ifndef NARADA_STORE_SUMMARY_H
#define NARADA_STORE_SUMMARY_H

#include "store/store.h"

typedef struct StoreSummary {
  int64_t bytes; /* of the file, without what waits in its log */
  int schema;
  int64_t tracks, plays, playlists, likes, ratings, tags;
  int64_t open_writes; /* to services, waiting in the outbox */
  Instant first_play, last_play; /* only if plays > 0 */
  bool has_import;
  Instant imported_at; /* from here the last import */
  Text import_source;  /* arena */
  int64_t rows_read, stored, duplicates, rejected;
} StoreSummary;

/* Reads beside a writer. `plays` are those that imports stored, of tracks, episodes and chapters. */
Status store_summary(Store *store, Arena *arena, StoreSummary *out, Error *error);
/* Who writes to the store of this path now, as "process 1234"; empty = nobody; arena. */
Text store_writer(Arena *arena, const char *path);

#endif
