#include "store/response_cache.h"

#include "store/store_int.h"

Status store_cached_reply(Store *store, Arena *arena, Text connector, Text key, CachedReply *out, bool *found, Error *error) {
  *found = false;
  sqlite3_stmt *find = store_use(store, SQL_CACHE_FIND, error);
  if (!find) return STATUS_FAILED;
  bind_text(find, 1, connector);
  bind_text(find, 2, key);
  Status status = store_step(store, find, found, "reading what a service answered", error);
  if (status != STATUS_OK) return status;
  if (*found) *out = (CachedReply){.body = text_copy(arena, column_text(find, 0)), .fetched_at = sqlite3_column_int64(find, 1)};
  store_done(find);
  return STATUS_OK;
}

Status store_cache_reply(Store *store, Text connector, Text key, Text body, Instant fetched_at, Instant expires_at, Error *error) {
  sqlite3_stmt *put = store_use(store, SQL_CACHE_PUT, error);
  if (!put) return STATUS_FAILED;
  bind_text(put, 1, connector);
  bind_text(put, 2, key);
  sqlite3_bind_blob64(put, 3, body.bytes, body.length, SQLITE_STATIC);
  sqlite3_bind_int64(put, 4, fetched_at);
  bind_number_or_null(put, 5, expires_at, INSTANT_MAX);
  sqlite3_bind_int64(put, 6, store->now);
  return store_run(store, put, "keeping what a service answered", error);
}
