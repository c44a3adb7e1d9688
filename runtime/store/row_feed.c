#include "store/row_feed.h"

#include <string.h>

typedef struct FeedTable {
  sqlite3_vtab base;
  const RowFeed *feed;
} FeedTable;

typedef struct FeedCursor {
  sqlite3_vtab_cursor base;
  size_t at;
} FeedCursor;

static const RowFeed *feed_of(sqlite3_vtab *table) {
  return ((FeedTable *)table)->feed;
}

static int feed_connect(sqlite3 *db, void *context, int argc, const char *const *argv, sqlite3_vtab **out, char **message) {
  (void)argc;
  (void)argv;
  (void)message;
  const RowFeed *feed = context;
  char *declaration = sqlite3_mprintf("CREATE TABLE staged(%s)", feed->columns);
  if (!declaration) return SQLITE_NOMEM;
  int result = sqlite3_declare_vtab(db, declaration);
  sqlite3_free(declaration);
  if (result != SQLITE_OK) return result;
  FeedTable *table = sqlite3_malloc(sizeof *table);
  if (!table) return SQLITE_NOMEM;
  *table = (FeedTable){.feed = feed};
  *out = &table->base;
  return SQLITE_OK;
}

static int feed_disconnect(sqlite3_vtab *table) {
  sqlite3_free(table);
  return SQLITE_OK;
}

static int feed_best_index(sqlite3_vtab *table, sqlite3_index_info *info) {
  info->estimatedCost = (double)feed_of(table)->many;
  info->estimatedRows = (sqlite3_int64)feed_of(table)->many;
  return SQLITE_OK;
}

static int feed_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out) {
  (void)table;
  FeedCursor *cursor = sqlite3_malloc(sizeof *cursor);
  if (!cursor) return SQLITE_NOMEM;
  memset(cursor, 0, sizeof *cursor);
  *out = &cursor->base;
  return SQLITE_OK;
}

static int feed_close(sqlite3_vtab_cursor *cursor) {
  sqlite3_free(cursor);
  return SQLITE_OK;
}

static int feed_filter(sqlite3_vtab_cursor *cursor, int number, const char *text, int argc, sqlite3_value **argv) {
  (void)number;
  (void)text;
  (void)argc;
  (void)argv;
  ((FeedCursor *)cursor)->at = 0;
  return SQLITE_OK;
}

static int feed_next(sqlite3_vtab_cursor *cursor) {
  ((FeedCursor *)cursor)->at++;
  return SQLITE_OK;
}

static int feed_eof(sqlite3_vtab_cursor *cursor) {
  const RowFeed *feed = feed_of(cursor->pVtab);
  return ((FeedCursor *)cursor)->at >= feed->count(feed->rows);
}

static int feed_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
  const RowFeed *feed = feed_of(cursor->pVtab);
  feed->cell(feed->rows, ((FeedCursor *)cursor)->at, column, context);
  return SQLITE_OK;
}

static int feed_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out) {
  *out = (sqlite3_int64)((FeedCursor *)cursor)->at + 1;
  return SQLITE_OK;
}

static const sqlite3_module feed_module = {
    .xConnect = feed_connect,
    .xBestIndex = feed_best_index,
    .xDisconnect = feed_disconnect,
    .xOpen = feed_open,
    .xClose = feed_close,
    .xFilter = feed_filter,
    .xNext = feed_next,
    .xEof = feed_eof,
    .xColumn = feed_column,
    .xRowid = feed_rowid,
};

Status row_feed_open(Store *store, const char *name, const RowFeed *feed, Error *error) {
  if (sqlite3_create_module(store->db, name, &feed_module, (void *)(uintptr_t)feed) == SQLITE_OK) return STATUS_OK;
  return store_fail(store, error, "opening it");
}
