/* migrate.h: the numbered schema changes of migrations/, and bringing a database up to the newest. */
#ifndef NARADA_STORE_MIGRATE_H
#define NARADA_STORE_MIGRATE_H

#include <stddef.h>

#include "store/store_int.h"

/* "Nrda", big-endian, in the file's application_id: `file narada.db` and we know the store by it. */
enum { STORE_APPLICATION_ID = 0x4E726461 };

typedef struct Migration {
  int number; /* 1, 2, 3, ...; the schema version (PRAGMA user_version) that it makes */
  const char *name;
  const char *sql;
} Migration;

/* Generated from the files of migrations/. */
extern const Migration store_migrations[];
extern const size_t store_migration_count;

/* Refuses a database that is not Narada's or that needs a newer program. `*version` is its schema version, 0 for an
 * empty file. */
Status migrate_check(Store *store, int newest, int *version, Error *error);
/* Applies what is pending, each migration in one transaction. A store that has a schema is copied to FILE.before-NNNN
 * first, NNNN the first pending number; the copy is verified and synced before anything changes. */
Status migrate_apply(Store *store, const Migration *migrations, size_t count, int version, Error *error);

#endif
