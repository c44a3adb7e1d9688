#include "store/id_hash.h"

static void hash(sqlite3_context *context, int count, sqlite3_value **values) {
  (void)count;
  const void *bytes = sqlite3_value_text(values[0]);
  if (!bytes) return; /* NULL */
  sqlite3_result_int64(context, (int64_t)(hash_bytes(bytes, (size_t)sqlite3_value_bytes(values[0]), 0) & 0x7FFFFFFF));
}

Status id_hash_define(Store *store, Error *error) {
  int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  int code = sqlite3_create_function_v2(store->db, "id_hash", 1, flags, NULL, hash, NULL, NULL, NULL);
  return code == SQLITE_OK ? STATUS_OK : store_fail(store, error, "opening it");
}

Status id_hash_fill(Store *store, Error *error) {
  sqlite3_stmt *find = store_use(store, SQL_TRACK_UNHASHED, error);
  if (!find) return STATUS_FAILED;
  bool row = false, began = false;
  Status status = store_step(store, find, &row, "opening it", error);
  if (status != STATUS_OK || !row) return status;
  store_done(find);
  status = store_enter(store, &began, error);
  if (status != STATUS_OK) return status;
  sqlite3_stmt *fill = store_use(store, SQL_TRACK_HASH, error);
  return store_leave(store, began, fill ? store_run(store, fill, "storing tracks", error) : STATUS_FAILED, error);
}
