#include "store/checkpoints.h"

#include "store/store_int.h"

Status store_checkpoint(Store *store, Text user, Text service, Text entity, Checkpoint *out, bool *found, Error *error) {
  *found = false;
  sqlite3_stmt *find = store_use(store, SQL_CHECKPOINT_FIND, error);
  if (!find) return STATUS_FAILED;
  bind_text(find, 1, user);
  bind_text(find, 2, service);
  bind_text(find, 3, entity);
  Status status = store_step(store, find, found, "reading up to where a list was read", error);
  if (status != STATUS_OK) return status;
  if (*found) *out = (Checkpoint){.last = column_number(find, 0, INSTANT_MIN), .cursor = text_copy(store->arena, column_text(find, 1))};
  store_done(find);
  return STATUS_OK;
}

Status store_set_checkpoint(Store *store, Text user, Text service, Text entity, const Checkpoint *checkpoint, Error *error) {
  if (store->mode != STORE_WRITE) return fail(error, STATUS_FAILED, "", "%s: is open for reading only", store->path);
  sqlite3_stmt *set = store_use(store, SQL_CHECKPOINT_SET, error);
  if (!set) return STATUS_FAILED;
  bind_text(set, 1, user);
  bind_text(set, 2, service);
  bind_text(set, 3, entity);
  bind_number_or_null(set, 4, checkpoint->last, INSTANT_MIN);
  bind_text_or_null(set, 5, checkpoint->cursor);
  sqlite3_bind_int64(set, 6, store->now);
  return store_run(store, set, "keeping up to where a list was read", error);
}
