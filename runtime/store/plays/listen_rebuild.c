#include "store/plays/listens_int.h"

static Status everything(Listens *listens, Error *error) {
  listens->counts = (ListenCounts){0};
  listens->matched = 0;
  listens->all = true;
  listens->first_new = 0;
  Status status = listens_judge_all(listens, error);
  if (status == STATUS_OK) status = listens_write_rows(listens, error);
  uint64_t *roles = listens->counts.roles;
  roles[LISTEN_ALONE] = listens->counts.observations - roles[LISTEN_HEAD] - roles[LISTEN_DUPLICATE] - roles[LISTEN_FRAGMENT] - roles[LISTEN_MERGED];
  return status;
}

static Status rebuild(Listens *listens, Error *error) {
  Store *store = listens->store;
  int64_t rows = 0;
  Status status = store_number(store, "SELECT count(*) FROM play_listens", &rows, error);
  if (status != STATUS_OK) return status;
  listen_forget_all(listens->known);
  listens->fresh = rows == 0;
  status = everything(listens, error);
  uint64_t stale = (uint64_t)rows - listens->matched;
  if (status != STATUS_OK || !stale) return status;
  uint64_t changed = listens->counts.changed + stale;
  if (!listens->dry) {
    sqlite3_stmt *clear = store_use(store, SQL_LISTEN_CLEAR, error);
    if (!clear || store_run(store, clear, "storing the listens", error) != STATUS_OK) return STATUS_FAILED;
    listens->fresh = true;
    status = everything(listens, error);
  }
  listens->counts.changed = changed;
  return status;
}

Status listens_set_current(Store *store, Error *error) {
  sqlite3_stmt *set = store_use(store, SQL_DERIVED_SET, error);
  if (!set) return STATUS_FAILED;
  bind_text(set, 1, TEXT_LITERAL("listens"));
  sqlite3_bind_int(set, 2, 1);
  return store_run(store, set, "storing the listens", error);
}

Status store_rebuild_listens(Store *store, bool dry_run, ListenCounts *out, Error *error) {
  Listens *listens = listens_of(store);
  listens->dry = dry_run;
  if (dry_run) {
    Status status = play_writers_flush(store, error);
    listens->dry = true;
    if (status == STATUS_OK) status = rebuild(listens, error);
    *out = listens->counts;
    return status;
  }
  bool began = false;
  Status status = store_enter(store, &began, error);
  if (status != STATUS_OK) return status;
  status = play_writers_flush(store, error);
  listens->dry = false;
  if (status == STATUS_OK) status = rebuild(listens, error);
  store->listens_version++;
  if (status == STATUS_OK) status = totals_rebuild(store, error);
  if (status == STATUS_OK) status = listens_set_current(store, error);
  *out = listens->counts;
  return store_leave(store, began, status, error);
}

Status listens_open(Store *store, Error *error) {
  sqlite3_stmt *read = store_use(store, SQL_DERIVED_READ, error);
  if (!read) return STATUS_FAILED;
  bind_text(read, 1, TEXT_LITERAL("listens"));
  bool row = false;
  Status status = store_step(store, read, &row, "opening it", error);
  if (status != STATUS_OK) return status;
  bool current = row && sqlite3_column_int(read, 0) == 1;
  store_done(read);
  ListenCounts counts;
  return current ? STATUS_OK : store_rebuild_listens(store, false, &counts, error);
}
