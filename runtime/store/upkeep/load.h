/* load.h: what store_dump wrote, into an empty store. */
#ifndef NARADA_STORE_LOAD_H
#define NARADA_STORE_LOAD_H

#include "base/input.h"
#include "base/vec.h"
#include "store/store.h"

/* Whether nothing is in it but what a new store has. */
Status store_is_empty(Store *store, bool *out, Error *error);

/* The rows of a table as JSON Lines. `open` is called once for each table, with an arena that lasts as long as the table is read. */
typedef struct StoreLoad {
  int64_t schema; /* of the rows */
  const Text *tables;
  size_t table_count;
  Status (*open)(void *context, size_t table, Arena *arena, Input **out, Error *error);
  void *context;
} StoreLoad;

typedef struct StoreLoaded {
  uint64_t rows, tables;
  VEC(Text) foreign; /* tables that are not Narada's; they were left out. The store's arena */
} StoreLoaded;

/* Makes the empty store what the dumped one was: every row with its id, in one transaction, durable when this returns. Rows of an older schema are brought up to
 * date as a store would be. Refused, with nothing changed: a newer schema, a table that is missing, a row that is not one of its table. The store is to be closed then. */
Status store_load(Store *store, const StoreLoad *load, StoreLoaded *out, Error *error);

#endif
