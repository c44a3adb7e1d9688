#include "base/tag.h"
#include "store/store_int.h"

static Status need_writer(const Store *store, Error *error) {
  if (store->mode == STORE_WRITE) return STATUS_OK;
  return fail(error, STATUS_FAILED, "", "%s: is open for reading only", store->path);
}

/* ---- tags ---- */

Status store_each_tag(Store *store, bool (*visit)(void *context, int64_t track, Text tag), void *context,
                      Error *error) {
  sqlite3_stmt *each = store_use(store, SQL_TAG_EACH, error);
  if (!each) return STATUS_FAILED;
  bool row = false;
  Status status = store_step(store, each, &row, "reading tags", error);
  while (status == STATUS_OK && row && visit(context, sqlite3_column_int64(each, 0), column_text(each, 1)))
    status = store_step(store, each, &row, "reading tags", error);
  store_done(each);
  return status;
}

Status store_has_tag(Store *store, int64_t track, Text tag, bool *out, Error *error) {
  *out = false;
  sqlite3_stmt *find = store_use(store, SQL_TAG_FIND, error);
  if (!find) return STATUS_FAILED;
  sqlite3_bind_int64(find, 1, track);
  bind_text(find, 2, tag);
  Status status = store_step(store, find, out, "reading a tag", error);
  if (status == STATUS_OK) store_done(find);
  return status;
}

static Status change_tag(Store *store, StatementId id, int64_t track, Text tag, Error *error) {
  Status status = need_writer(store, error);
  if (status != STATUS_OK) return status;
  char normal[TAG_MAX_LENGTH];
  size_t length = 0;
  if (!tag_normalise(tag, normal, &length) || !text_equal((Text){normal, length}, tag))
    return fail(error, STATUS_FAILED, "", "a tag is " TAG_RULE);
  sqlite3_stmt *change = store_use(store, id, error);
  if (!change) return STATUS_FAILED;
  sqlite3_bind_int64(change, 1, track);
  bind_text(change, 2, tag);
  sqlite3_bind_int64(change, 3, store->now);
  return store_run(store, change, "storing a tag", error);
}

Status store_tag(Store *store, int64_t track, Text tag, Error *error) {
  return change_tag(store, SQL_TAG_ADD, track, tag, error);
}

Status store_untag(Store *store, int64_t track, Text tag, Error *error) {
  return change_tag(store, SQL_TAG_REMOVE, track, tag, error);
}

/* ---- ratings ---- */

Status store_each_rating(Store *store, bool (*visit)(void *context, int64_t track, int rating), void *context,
                         Error *error) {
  sqlite3_stmt *each = store_use(store, SQL_RATING_EACH, error);
  if (!each) return STATUS_FAILED;
  bool row = false;
  Status status = store_step(store, each, &row, "reading ratings", error);
  while (status == STATUS_OK && row && visit(context, sqlite3_column_int64(each, 0), sqlite3_column_int(each, 1)))
    status = store_step(store, each, &row, "reading ratings", error);
  store_done(each);
  return status;
}

Status store_rating(Store *store, int64_t track, int *out, Error *error) {
  *out = 0;
  sqlite3_stmt *find = store_use(store, SQL_RATING_FIND, error);
  if (!find) return STATUS_FAILED;
  sqlite3_bind_int64(find, 1, track);
  bool row = false;
  Status status = store_step(store, find, &row, "reading a rating", error);
  if (status != STATUS_OK) return status;
  if (row) *out = sqlite3_column_int(find, 0);
  store_done(find);
  return status;
}

Status store_rate(Store *store, int64_t track, int rating, Error *error) {
  Status status = need_writer(store, error);
  sqlite3_stmt *change =
      status == STATUS_OK ? store_use(store, rating ? SQL_RATING_SET : SQL_RATING_REMOVE, error) : NULL;
  if (!change) return STATUS_FAILED;
  sqlite3_bind_int64(change, 1, track);
  sqlite3_bind_int64(change, 2, store->now);
  if (rating) sqlite3_bind_int(change, 3, rating);
  return store_run(store, change, "storing a rating", error);
}
