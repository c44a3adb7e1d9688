#include "store/plays/play_refs.h"
#include "store/sweep.h"

enum { FIRST_BIND = 3 }; /* before it are the ends of a range of time */

Status store_prepare_where(Store *store, const char *select, const StoreCondition *condition, const char *order,
                           sqlite3_stmt **out, Error *error) {
  Status status = play_refs_flush(store, error);
  if (status != STATUS_OK) return status;
  TextBuilder sql = {.arena = store->arena};
  text_append(&sql, text_of(select));
  text_append(&sql, condition->sql.length ? condition->sql : TEXT_LITERAL("1"));
  text_append(&sql, text_of(order));
  Text whole = text_built(&sql);
  *out = NULL;
  if (sqlite3_prepare_v2(store->db, whole.bytes, (int)whole.length, out, NULL) != SQLITE_OK)
    return store_fail(store, error, "preparing a filter");
  for (size_t i = 0; i < condition->count; i++) {
    const StoreBind *bind = &condition->binds[i];
    if (bind->is_text) {
      bind_text(*out, (int)i + FIRST_BIND, bind->text);
    } else {
      sqlite3_bind_int64(*out, (int)i + FIRST_BIND, bind->integer);
    }
  }
  return STATUS_OK;
}

static Status set_bits(Store *store, const char *select, const StoreCondition *condition, uint64_t *bits, size_t highest,
                       Error *error) {
  sqlite3_stmt *each;
  Status status = store_prepare_where(store, select, condition, ")", &each, error);
  bool row = status == STATUS_OK;
  while (row) {
    status = store_step(store, each, &row, "reading what a filter leaves", error);
    if (status != STATUS_OK || !row) break;
    uint64_t id = (uint64_t)sqlite3_column_int64(each, 0);
    if (id <= highest) bits[id / 64] |= UINT64_C(1) << id % 64;
  }
  sqlite3_finalize(each);
  return status;
}

Status store_played_where(Store *store, const StoreCondition *condition, void (*visit)(void *context, int64_t track, Instant first_played), void *context, Error *error) {
  sqlite3_stmt *each;
  Status status = store_prepare_where(store, "SELECT track_id, first_played FROM track_totals WHERE plays > 0 AND (", condition, ") ORDER BY track_id", &each, error);
  if (status != STATUS_OK) return status;
  Sweep *sweep = sweep_begin(store, each);
  for (const Cell *row; (row = sweep_row(sweep, "reading what a filter leaves", &status, error));) visit(context, row[0].number, row[1].number);
  sweep_end(sweep);
  sqlite3_finalize(each);
  return status;
}

Status store_tracks_where(Store *store, const StoreCondition *condition, uint64_t *bits, size_t highest, Error *error) {
  return set_bits(store, "SELECT id FROM tracks WHERE is_deleted = 0 AND (", condition, bits, highest, error);
}

Status store_contexts_where(Store *store, const StoreCondition *condition, uint64_t *bits, size_t highest,
                            Error *error) {
  return set_bits(store, "SELECT id FROM play_contexts WHERE (", condition, bits, highest, error);
}

int64_t store_highest_context(Store *store) {
  Error error;
  int64_t highest = 0;
  Status status = store_number(store, "SELECT coalesce(max(id), 0) FROM play_contexts", &highest, &error);
  return status == STATUS_OK ? highest : 0;
}
