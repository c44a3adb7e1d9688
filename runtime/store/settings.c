#include "store/store_int.h"

Status store_setting(Store *store, Text name, Text *out, Error *error) {
  *out = (Text){"", 0};
  sqlite3_stmt *find = store_use(store, SQL_SETTING_FIND, error);
  if (!find) return STATUS_FAILED;
  bind_text(find, 1, name);
  bool row = false;
  Status status = store_step(store, find, &row, "reading a setting", error);
  if (status != STATUS_OK) return status;
  if (row) *out = text_copy(store->arena, column_text(find, 0));
  store_done(find);
  return STATUS_OK;
}

Status store_set_setting(Store *store, Text name, Text value, Error *error) {
  if (store->mode != STORE_WRITE) return fail(error, STATUS_FAILED, "", "%s: is open for reading only", store->path);
  sqlite3_stmt *set = store_use(store, value.length ? SQL_SETTING_SET : SQL_SETTING_REMOVE, error);
  if (!set) return STATUS_FAILED;
  bind_text(set, 1, name);
  if (value.length) bind_text(set, 2, value);
  sqlite3_bind_int64(set, value.length ? 3 : 2, store->now);
  return store_run(store, set, "storing a setting", error);
}
