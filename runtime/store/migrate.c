#include "store/migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* ---- the copy before a migration ---- */

static Status check_copy(Store *store, const char *copy, Error *error) {
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;
  bool good = sqlite3_open_v2(copy, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
              sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &statement, NULL) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW &&
              strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
  sqlite3_finalize(statement);
  sqlite3_close(db);
  if (good) return STATUS_OK;
  return fail(error, STATUS_FAILED, "",
              "%s: the copy made before changing its schema does not read back; nothing was changed", store->path);
}

static Status vacuum_into(Store *store, const char *copy, Error *error) {
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(store->db, "VACUUM INTO ?1", -1, &statement, NULL) != SQLITE_OK) {
    return store_fail(store, error, "copying it before its schema changes");
  }
  bind_text(statement, 1, text_of(copy));
  Status status = store_run(store, statement, "copying it before its schema changes", error);
  sqlite3_finalize(statement);
  return status;
}

/* VACUUM INTO does not sync what it wrote. */
static Status sync_file(const char *path, Error *error) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  bool good = file >= 0 && fsync(file) == 0;
  int reason = errno;
  if (file >= 0) close(file);
  return good ? STATUS_OK
              : fail(error, STATUS_FAILED, "", "%s: cannot be written to the disk: %s", path, strerror(reason));
}

static Status make_empty(const char *path, Error *error) {
  unlink(path);
  int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0 || fchmod(file, S_IRUSR | S_IWUSR) != 0) {
    int reason = errno;
    if (file >= 0) close(file);
    return fail(error, STATUS_FAILED, "", "%s: the copy before a schema change cannot be made: %s", path,
                strerror(reason));
  }
  close(file);
  return STATUS_OK;
}

static Status back_up(Store *store, int pending, Error *error) {
  const char *final = arena_format(store->arena, "%s.before-%04d", store->path, pending);
  const char *copy = arena_format(store->arena, "%s.new", final);
  Status status = make_empty(copy, error);
  if (status != STATUS_OK) return status;
  status = vacuum_into(store, copy, error);
  if (status == STATUS_OK) status = check_copy(store, copy, error);
  if (status == STATUS_OK) status = sync_file(copy, error);
  if (status == STATUS_OK && rename(copy, final) != 0) {
    status = fail(error, STATUS_FAILED, "", "%s: cannot be renamed: %s", copy, strerror(errno));
  }
  if (status != STATUS_OK) unlink(copy);
  return status;
}

/* ---- applying ---- */

static Status apply(Store *store, const Migration *migration, Error *error) {
  Status status = store_begin(store, error);
  if (status != STATUS_OK) return status;
  char stamp[96];
  snprintf(stamp, sizeof stamp, "PRAGMA application_id=%d;PRAGMA user_version=%d", STORE_APPLICATION_ID,
           migration->number);
  status = store_exec(store, migration->sql, "changing its schema", error);
  if (status == STATUS_OK) status = store_exec(store, stamp, "changing its schema", error);
  status = store_leave(store, true, status, error);
  return status == STATUS_OK ? STATUS_OK : fail_context(error, "migration %s", migration->name);
}

Status migrate_apply(Store *store, const Migration *migrations, size_t count, int version, Error *error) {
  if ((size_t)version >= count) return STATUS_OK;
  if (version > 0) {
    Status status = back_up(store, migrations[version].number, error);
    if (status != STATUS_OK) return status;
  }
  for (size_t i = (size_t)version; i < count; i++) {
    Status status = apply(store, &migrations[i], error);
    if (status != STATUS_OK) return status;
  }
  return STATUS_OK;
}
