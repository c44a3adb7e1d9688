#include "store/upkeep/repair.h"

#include "store/store_int.h"

static const char doing[] = "repairing it";

/* ---- the schema ---- */

/* "index", "view" or "trigger". */
static Status mend_object(Store *store, Text type, Text name, Text sql, Error *error) {
  sqlite3_stmt *find = NULL;
  bool there = false, same = false;
  if (sqlite3_prepare_v2(store->db, "SELECT sql FROM sqlite_schema WHERE type = ?1 AND name = ?2", -1, &find, NULL) != SQLITE_OK) return store_fail(store, error, doing);
  bind_text(find, 1, type);
  bind_text(find, 2, name);
  Status status = store_step(store, find, &there, doing, error);
  if (status == STATUS_OK && there) same = text_equal(column_text(find, 0), sql);
  sqlite3_finalize(find);
  if (status == STATUS_OK && there && !same) status = store_exec(store, arena_format(store->arena, "DROP " TEXT_FORMAT " \"" TEXT_FORMAT "\"", TEXT_ARG(type), TEXT_ARG(name)), doing, error);
  return status == STATUS_OK && !same ? store_exec(store, text_copy(store->arena, sql).bytes, doing, error) : status;
}

/* As those of a new store, in the order in which they were made: a trigger goes with the view that it is on. */
static Status mend_schema(Store *store, Error *error) {
  static const char objects[] = "SELECT type, name, sql FROM sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL ORDER BY rowid";
  Store *fresh;
  sqlite3_stmt *each = NULL;
  bool row = false;
  Status status = store_open_memory(store->arena, store->now, &fresh, error);
  if (status != STATUS_OK) return status;
  if (sqlite3_prepare_v2(fresh->db, objects, -1, &each, NULL) != SQLITE_OK) status = store_fail(fresh, error, doing);
  while (status == STATUS_OK && (status = store_step(fresh, each, &row, doing, error)) == STATUS_OK && row)
    status = mend_object(store, column_text(each, 0), column_text(each, 1), column_text(each, 2), error);
  sqlite3_finalize(each);
  Status closed = store_close(fresh, NULL);
  return status == STATUS_OK ? closed : status;
}

static Status mend_structure(Store *store, unsigned what, Error *error) {
  Status status = store_begin(store, error);
  if (status != STATUS_OK) return status;
  if (what & REPAIR_SCHEMA) status = mend_schema(store, error);
  if (status == STATUS_OK && (what & REPAIR_INDEXES)) status = store_exec(store, "REINDEX", doing, error);
  return store_leave(store, true, status, error);
}

/* ---- rows ---- */

static Status mend_rows(Store *store, Error *error) {
  static const char *const repairs[] = {
#define DERIVED(what, sql, repair) repair,
#include "store/upkeep/verify_checks.def"
  };
  Status status = store_begin(store, error);
  if (status != STATUS_OK) return status;
  for (size_t i = 0; i < sizeof repairs / sizeof *repairs && status == STATUS_OK; i++) status = store_exec(store, repairs[i], doing, error);
  return store_leave(store, true, status, error);
}

/* ---- all of it ---- */

/* The store is opened for each of them: what opens it for writing needs its indexes. */
static Status mend(Arena *arena, const char *path, StoreMode mode, unsigned what, Instant now, Error *error) {
  Store *store;
  ListenCounts counts;
  Status status = store_open(arena, path, mode, now, &store, error);
  if (status != STATUS_OK) return status;
  if (mode == STORE_REPAIR) status = mend_structure(store, what, error);
  if (status == STATUS_OK && mode == STORE_WRITE && (what & REPAIR_ROWS)) status = mend_rows(store, error);
  if (status == STATUS_OK && mode == STORE_WRITE && (what & REPAIR_PLAYS)) status = store_rebuild_listens(store, false, &counts, error);
  Status closed = store_close(store, status == STATUS_OK ? error : NULL);
  return status == STATUS_OK ? closed : status;
}

Status store_repair(Arena *arena, const char *path, unsigned what, Instant now, Error *error) {
  if (what & REPAIR_UNSAFE) return fail(error, STATUS_FAILED, "", "%s: pages of the file are damaged, so nothing is written to it; `narada restore` takes a backup back", path);
  Status status = STATUS_OK;
  if (what & (REPAIR_SCHEMA | REPAIR_INDEXES)) status = mend(arena, path, STORE_REPAIR, what, now, error);
  if (status == STATUS_OK && (what & (REPAIR_ROWS | REPAIR_PLAYS))) status = mend(arena, path, STORE_WRITE, what, now, error);
  return status;
}
