#include "store/upkeep/purge.h"

#include "store/store_int.h"

static const struct {
  const char *one, *many, *sql;
} kinds[] = {
#define PURGE(one, many, table, condition) {one, many, "DELETE FROM " table " WHERE " condition},
#include "store/upkeep/purge.def"
#undef PURGE
};
enum { KINDS = sizeof kinds / sizeof *kinds };
_Static_assert((int)KINDS <= (int)PURGE_KINDS_MAX, "room for all kinds");

static Status purge_kind(Store *store, size_t kind, PurgeWish wish, int64_t *rows, Error *error) {
  sqlite3_stmt *remove = NULL;
  if (sqlite3_prepare_v2(store->db, kinds[kind].sql, -1, &remove, NULL) != SQLITE_OK) return store_fail(store, error, "preparing to remove");
  const int64_t moments[] = {wish.deleted_before, wish.runs_before, wish.now, wish.import};
  for (int i = 0; i < sqlite3_bind_parameter_count(remove); i++) sqlite3_bind_int64(remove, i + 1, moments[i]);
  Status status = store_run(store, remove, "removing what was deleted", error);
  *rows = status == STATUS_OK ? sqlite3_changes(store->db) : 0;
  sqlite3_finalize(remove);
  return status;
}

static Status purge_kinds(Store *store, PurgeWish wish, Purged *out, size_t *count, Error *error) {
  Status status = STATUS_OK;
  *count = 0;
  for (size_t i = 0; i < KINDS && status == STATUS_OK; i++) {
    int64_t rows = 0;
    status = purge_kind(store, i, wish, &rows, error);
    if (status == STATUS_OK && rows) out[(*count)++] = (Purged){kinds[i].one, kinds[i].many, rows};
  }
  return status;
}

Status store_each_import(Store *store, bool (*visit)(void *context, const StoreImport *import), void *context, Error *error) {
  sqlite3_stmt *each = store_use(store, SQL_IMPORT_EACH, error);
  if (!each) return STATUS_FAILED;
  bool row = false;
  Status status;
  while ((status = store_step(store, each, &row, "reading the imports", error)) == STATUS_OK && row) {
    StoreImport import = {sqlite3_column_int64(each, 0), sqlite3_column_int64(each, 1), column_text(each, 2), sqlite3_column_int64(each, 3)};
    if (!visit(context, &import)) break;
  }
  store_done(each);
  return status;
}

Status store_purge(Store *store, PurgeWish wish, bool dry_run, Purged *out, size_t *count, Error *error) {
  *count = 0;
  if (store->mode != STORE_WRITE) return fail(error, STATUS_FAILED, "", "%s: is open for reading only", store->path);
  Status status = store_exec(store, "PRAGMA secure_delete=ON", "removing what was deleted", error);
  if (status == STATUS_OK) status = store_begin(store, error);
  if (status != STATUS_OK) return status;
  status = purge_kinds(store, wish, out, count, error);
  /* In the same transaction, so that nobody ever sees listens of plays that are gone. */
  ListenCounts counts;
  if (status == STATUS_OK && wish.import && !dry_run) status = store_rebuild_listens(store, false, &counts, error);
  if (status != STATUS_OK || dry_run) {
    store_rollback(store);
    return status;
  }
  status = store_commit(store, error);
  /* Where a reader is still at work the log is emptied by the next writer. */
  return status == STATUS_OK ? store_exec(store, "PRAGMA wal_checkpoint(TRUNCATE)", "emptying its log", error) : status;
}
