#include "store/upkeep/migrate.h"

#include <stdio.h>
#include <unistd.h>

#include "store/upkeep/backup.h"

Status migrate_check(Store *store, int newest, int *version, Error *error) {
  int64_t application = 0, schema = 0, objects = 0;
  Status status = store_number(store, "PRAGMA application_id", &application, error);
  if (status == STATUS_OK) status = store_number(store, "PRAGMA user_version", &schema, error);
  if (status == STATUS_OK) status = store_number(store, "SELECT count(*) FROM sqlite_schema", &objects, error);
  if (status != STATUS_OK) return status;
  bool empty = application == 0 && schema == 0 && objects == 0;
  if (!empty && application != STORE_APPLICATION_ID) {
    return fail(error, STATUS_FAILED, "",
                "%s: is a database of another program, not a Narada store; name another file with --store",
                store->path);
  }
  if (schema > newest) {
    return fail(error, STATUS_FAILED, "", "%s: made by a newer Narada (schema %lld; this one, " NARADA_VERSION ", reads %d); upgrade it: " NARADA_UPGRADE_COMMAND,
                store->path, (long long)schema, newest);
  }
  if (schema < 0)
    return fail(error, STATUS_FAILED, "", "%s: its schema version (%lld) is none", store->path, (long long)schema);
  *version = (int)schema;
  return STATUS_OK;
}

/* What is there already may be the copy of a store that was here before a backup was taken back. */
static Status back_up(Store *store, int pending, Backup *out, Error *error) {
  const char *path = arena_format(store->arena, "%s.before-%04d", store->path, pending);
  for (int i = 2; access(path, F_OK) == 0; i++) path = arena_format(store->arena, "%s.before-%04d-%d", store->path, pending, i);
  Status status = store_back_up(store, path, NULL, NULL, out, error);
  return status == STATUS_OK ? status : fail_context(error, "its schema was to change, and the copy before that failed; nothing was changed");
}

/* ---- applying ---- */

static Status change(Store *store, const char *sql, int number, Error *error) {
  Status status = store_begin(store, error);
  if (status != STATUS_OK) return status;
  char stamp[96];
  snprintf(stamp, sizeof stamp, "PRAGMA application_id=%d;PRAGMA user_version=%d", STORE_APPLICATION_ID, number);
  status = store_exec(store, sql, "changing its schema", error);
  if (status == STATUS_OK) status = store_exec(store, stamp, "changing its schema", error);
  return store_leave(store, true, status, error);
}

static Status apply(Store *store, const Migration *migration, Error *error) {
  Status status = change(store, migration->sql, migration->number, error);
  return status == STATUS_OK ? STATUS_OK : fail_context(error, "migration %s", migration->name);
}

static Status apply_from(Store *store, const Migration *migrations, size_t count, int version, bool copy_first, Error *error) {
  if (version == 0 && migrations == store_migrations) return change(store, store_schema, migrations[count - 1].number, error);
  Backup copy = {0};
  Status status = version > 0 && copy_first ? back_up(store, migrations[version].number, &copy, error) : STATUS_OK;
  if (status != STATUS_OK) return status;
  for (size_t i = (size_t)version; i < count && status == STATUS_OK; i++) {
    status = apply(store, &migrations[i], error);
    if (status != STATUS_OK && copy.path && i == (size_t)version) backup_remove(store->arena, copy.path);
  }
  return status;
}

/* A table that is made anew is one that others refer to, which SQLite would take for its end. A test holds
 * PRAGMA foreign_key_check against what each migration leaves. */
Status migrate_apply(Store *store, const Migration *migrations, size_t count, int version, bool copy_first, Error *error) {
  if ((size_t)version >= count) return STATUS_OK;
  store->schema_changes = true;
  Status status = apply_from(store, migrations, count, version, copy_first, error);
  store->schema_changes = store->unchecked = false;
  Status again = store_exec(store, "PRAGMA foreign_keys=ON", "changing its schema", status == STATUS_OK ? error : NULL);
  return status == STATUS_OK ? again : status;
}
