#include "store/plays/listens.h"

static const char doing_read[] = "reading the listens", doing_write[] = "storing the listens";

static void read_row(sqlite3_stmt *each, ListenRow *out) {
  *out = (ListenRow){.played_at = sqlite3_column_int64(each, 0),
                     .connector_track = sqlite3_column_int64(each, 1),
                     .ms_played = sqlite3_column_int64(each, 2),
                     .listen = sqlite3_column_int64(each, 3),
                     .role = (ListenRole)sqlite3_column_int(each, 4)};
  if (out->role != LISTEN_HEAD) return;
  out->listen_track = sqlite3_column_int64(each, 5);
  out->listen_ms_played = sqlite3_column_int64(each, 6);
  out->listen_context = sqlite3_column_int64(each, 7);
  out->has_offline_at = sqlite3_column_type(each, 8) != SQLITE_NULL;
  out->offline_at = sqlite3_column_int64(each, 8);
  out->before_ms = sqlite3_column_int64(each, 9);
  out->after_ms = sqlite3_column_int64(each, 10);
  out->divergent = sqlite3_column_int(each, 11) != 0;
}

Status listen_cursor_next(Store *store, ListenCursor *cursor, Error *error) {
  bool row = false;
  Status status = store_step(store, cursor->each, &row, doing_read, error);
  if (status != STATUS_OK || !row) {
    listen_cursor_close(cursor);
    return status;
  }
  read_row(cursor->each, &cursor->row);
  return STATUS_OK;
}

Status listen_cursor_open(Store *store, InstantRange range, ListenCursor *out, Error *error) {
  *out = (ListenCursor){.each = store_use(store, SQL_LISTEN_EACH, error)};
  if (!out->each) return STATUS_FAILED;
  sqlite3_bind_int64(out->each, 1, range.lo);
  sqlite3_bind_int64(out->each, 2, range.hi);
  return listen_cursor_next(store, out, error);
}

void listen_cursor_close(ListenCursor *cursor) {
  if (cursor->each) store_done(cursor->each);
  cursor->each = NULL;
}

int listen_row_compare(const ListenRow *row, int64_t played_at, int64_t connector_track, int64_t ms_played) {
  if (row->played_at != played_at) return row->played_at < played_at ? -1 : 1;
  if (row->connector_track != connector_track) return row->connector_track < connector_track ? -1 : 1;
  return row->ms_played < ms_played ? -1 : row->ms_played > ms_played;
}

bool listen_row_same(const ListenRow *a, const ListenRow *b) {
  bool same = a->listen == b->listen && a->role == b->role;
  if (!same || a->role != LISTEN_HEAD) return same;
  return a->listen_track == b->listen_track && a->listen_ms_played == b->listen_ms_played &&
         a->listen_context == b->listen_context && a->has_offline_at == b->has_offline_at &&
         (!a->has_offline_at || a->offline_at == b->offline_at) && a->before_ms == b->before_ms &&
         a->after_ms == b->after_ms && a->divergent == b->divergent;
}

static void bind_key(sqlite3_stmt *statement, const ListenRow *row) {
  sqlite3_bind_int64(statement, 1, row->played_at);
  sqlite3_bind_int64(statement, 2, row->connector_track);
  sqlite3_bind_int64(statement, 3, row->ms_played);
}

Status listen_row_find(Store *store, const ListenRow *row, bool *found, ListenRow *out, Error *error) {
  sqlite3_stmt *find = store_use(store, SQL_LISTEN_FIND, error);
  if (!find) return STATUS_FAILED;
  bind_key(find, row);
  Status status = store_step(store, find, found, doing_read, error);
  if (status != STATUS_OK) return status;
  if (*found) read_row(find, out);
  store_done(find);
  return STATUS_OK;
}

Status listen_row_put(Store *store, const ListenRow *row, Error *error) {
  sqlite3_stmt *put = store_use(store, SQL_LISTEN_PUT, error);
  if (!put) return STATUS_FAILED;
  bind_key(put, row);
  sqlite3_bind_int64(put, 4, row->listen);
  sqlite3_bind_int(put, 5, (int)row->role);
  const int64_t of_head[] = {row->listen_track, row->listen_ms_played, row->listen_context, row->offline_at,
                             row->before_ms,    row->after_ms,         row->divergent};
  for (int i = 0; i < 7; i++) {
    if (row->role == LISTEN_HEAD && (i != 3 || row->has_offline_at)) {
      sqlite3_bind_int64(put, 6 + i, of_head[i]);
    } else {
      sqlite3_bind_null(put, 6 + i);
    }
  }
  return store_run(store, put, doing_write, error);
}

Status listen_row_delete(Store *store, const ListenRow *row, Error *error) {
  sqlite3_stmt *drop = store_use(store, SQL_LISTEN_DELETE, error);
  if (!drop) return STATUS_FAILED;
  bind_key(drop, row);
  return store_run(store, drop, doing_write, error);
}
