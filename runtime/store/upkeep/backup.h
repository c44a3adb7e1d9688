/* backup.h: verified copies of the store, made while it is in use, and taking one back. */
#ifndef NARADA_STORE_BACKUP_H
#define NARADA_STORE_BACKUP_H

#include "base/digest.h"
#include "store/store.h"

typedef struct Backup {
  const char *path;
  int64_t bytes;
  Digest digest; /* SHA-256 of the file; PATH.sha256 holds it, as sha256sum writes it */
} Backup;

/* FOLDER/backups/NAME-20240305T200000Z.db for the store FOLDER/NAME.db; the folder is made (0700). */
Status backup_default_path(Arena *arena, const char *store_path, Instant now, const char **out, Error *error);
/* FOLDER/NAME-20240305T200000Z.db, or with -2, -3, ... before the dot: a name that is free. */
const char *backup_name(Arena *arena, const char *folder, const char *store_path, Instant now);
/* Copies one state of the store to `path`, a file of mode 0600 that is not there yet: by SQLite's backup interface, which readers and a writer beside it do not
 * disturb. The copy is read back whole (PRAGMA quick_check), synced and only then gets its name, and its checksum beside it. `progress` may be NULL. */
Status store_back_up(Store *store, const char *path, void (*progress)(void *context, int pages_left, int pages), void *context, Backup *out, Error *error);

typedef enum BackupState { BACKUP_GOOD, BACKUP_NO_CHECKSUM, BACKUP_CHANGED } BackupState;
/* Holds a backup against its checksum. */
Status backup_check(Arena *arena, const char *path, BackupState *out, Error *error);
/* The backups made before schema changes, then those in the store's own folder `backups`, each by name, so that the latest is last; arena. */
Status backup_list(Arena *arena, const char *store_path, const char *const **out, size_t *count, Error *error);

/* With its checksum. */
void backup_remove(Arena *arena, const char *path);
/* Removes, of the backups of this store in `backups`, the oldest beyond `keep`, with their checksums. Those made before schema changes stay. */
Status backup_keep(Arena *arena, const char *store_path, size_t keep, size_t *removed, Error *error);

/* Makes the store's contents those of the backup, in one transaction, beside readers; an older schema is brought up to date. `store` is open for writing, and is to be closed then.
 * Refused: a backup that is damaged, changed since it was made, or no store. */
Status store_take_back(Store *store, const char *backup, Error *error);

#endif
