#include "store/store_int.h"

Status store_each_like(Store *store, bool (*visit)(void *context, int64_t track, Instant liked_at, bool has_liked_at),
                       void *context, Error *error) {
  sqlite3_stmt *each = store_use(store, SQL_LIKE_EACH, error);
  if (!each) return STATUS_FAILED;
  bool row = false;
  Status status = store_step(store, each, &row, "reading likes", error);
  while (status == STATUS_OK && row) {
    bool has_liked_at = sqlite3_column_type(each, 1) != SQLITE_NULL;
    if (!visit(context, sqlite3_column_int64(each, 0), sqlite3_column_int64(each, 1), has_liked_at)) break;
    status = store_step(store, each, &row, "reading likes", error);
  }
  store_done(each);
  return status;
}

static Status add_like(Store *store, int64_t track, Text service, Instant liked_at, Error *error) {
  sqlite3_stmt *add = store_use(store, SQL_LIKE_ADD, error);
  if (!add) return STATUS_FAILED;
  sqlite3_bind_int64(add, 1, track);
  bind_text(add, 2, service);
  bind_number_or_null(add, 3, liked_at, LIKED_AT_UNKNOWN);
  sqlite3_bind_int64(add, 4, store->now);
  return store_run(store, add, "storing a like", error);
}

static Status set_like(Store *store, int64_t like, Instant liked_at, Error *error) {
  sqlite3_stmt *set = store_use(store, SQL_LIKE_SET, error);
  if (!set) return STATUS_FAILED;
  sqlite3_bind_int64(set, 1, like);
  bind_number_or_null(set, 2, liked_at, LIKED_AT_UNKNOWN);
  sqlite3_bind_int64(set, 3, store->now);
  return store_run(store, set, "storing a like", error);
}

/* The earliest time a track was liked wins, so that the order of imports does not matter. */
Status store_like(Store *store, int64_t track, Text service, Instant liked_at, bool *added, Error *error) {
  *added = false;
  if (store->mode != STORE_WRITE) return fail(error, STATUS_FAILED, "", "%s: is open for reading only", store->path);
  sqlite3_stmt *find = store_use(store, SQL_LIKE_FIND, error);
  if (!find) return STATUS_FAILED;
  sqlite3_bind_int64(find, 1, track);
  bind_text(find, 2, service);
  bool row = false;
  Status status = store_step(store, find, &row, "reading a like", error);
  if (status != STATUS_OK) return status;
  int64_t like = row ? sqlite3_column_int64(find, 0) : 0;
  bool liked = row && sqlite3_column_int(find, 1);
  Instant before = row ? column_number(find, 2, LIKED_AT_UNKNOWN) : LIKED_AT_UNKNOWN;
  store_done(find);
  *added = !liked;
  if (!like) return add_like(store, track, service, liked_at, error);
  if (liked && before <= liked_at) return STATUS_OK;
  return set_like(store, like, before < liked_at ? before : liked_at, error);
}
