#include "base/interrupt.h"
#include "store/plays/play_refs.h"
#include "store/plays/totals.h"
#include "store/track_homes.h"
#include "store/worker.h"

#include <errno.h>
#include <string.h>

static const char *const sql_texts[SQL_COUNT] = {
#define STATEMENT(id, reach, sql) sql,
#include "store/statements.def"
#undef STATEMENT
};

const char *store_sql(StatementId id) {
  return sql_texts[id];
}

/* Whether a write failed for want of room. SQLite does not keep the system's error of a failed commit, but nothing has
 * overwritten errno since. */
static bool is_no_room(int system) {
  int reason = system ? system : errno;
  return reason == ENOSPC || reason == EFBIG || reason == EDQUOT;
}

static Status fail_no_room(const Store *store, Error *error, const char *doing) {
  return fail(error, STATUS_FAILED, "",
              "%s: no room left on the disk (or under its quota) while %s; nothing of this step was stored: free some "
              "space and run it again",
              store->path, doing);
}

Status store_fail(Store *store, Error *error, const char *doing) {
  int code = store->db ? sqlite3_extended_errcode(store->db) : SQLITE_NOMEM;
  int system = store->db ? sqlite3_system_errno(store->db) : 0;
  const char *detail = store->db ? sqlite3_errmsg(store->db) : "out of memory";
  switch (code & 0xFF) {
    case SQLITE_INTERRUPT:
      return fail(error, STATUS_INTERRUPTED, "", "interrupted");
    case SQLITE_FULL:
      return fail_no_room(store, error, doing);
    case SQLITE_IOERR:
      if (is_no_room(system)) return fail_no_room(store, error, doing);
      return fail(error, STATUS_FAILED, "", "%s: reading or writing failed while %s: %s", store->path, doing,
                  system ? strerror(system) : detail);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return fail(error, STATUS_BUSY, "", "%s: another program holds the store while %s; try again later", store->path,
                  doing);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return fail(error, STATUS_FAILED, "", "%s: no permission while %s", store->path, doing);
    case SQLITE_CANTOPEN:
      return fail(
          error, STATUS_FAILED, "",
          "%s: cannot be opened while %s: %s. SQLite keeps two files beside it (-wal, -shm), so its folder must be "
          "writable too",
          store->path, doing, system ? strerror(system) : detail);
    case SQLITE_NOTADB:
      return fail(error, STATUS_FAILED, "", "%s: is no database; --store must name a Narada store or a new file",
                  store->path);
    case SQLITE_CORRUPT:
      return fail(error, STATUS_FAILED, "", "%s: the store is damaged (%s); restore it from a backup", store->path,
                  detail);
    default:
      return fail(error, STATUS_FAILED, "", "%s: the store failed while %s: %s", store->path, doing, detail);
  }
}

/* What plays ask for while they come; everybody else must find the tracks that wait, and may add some. */
static bool is_of_writer(StatementId id) {
  return id < SQL_LISTEN_THING || id == SQL_CONNECTOR_FIND || id == SQL_CONNECTOR_FIND_SPOTIFY || id == SQL_TRACK_LOOSE;
}

sqlite3_stmt *store_use(Store *store, StatementId id, Error *error) {
  if (store_join(store, error) != STATUS_OK) return NULL;
  if (!is_of_writer(id) && play_refs_flush(store, error) != STATUS_OK) return NULL;
  if (store->statements[id]) return store->statements[id];
  int code = sqlite3_prepare_v3(store->db, sql_texts[id], -1, SQLITE_PREPARE_PERSISTENT, &store->statements[id], NULL);
  if (code != SQLITE_OK) store_fail(store, error, "preparing a query");
  return store->statements[id];
}

void store_done(sqlite3_stmt *statement) {
  sqlite3_reset(statement);
}

Status store_step(Store *store, sqlite3_stmt *statement, bool *row, const char *doing, Error *error) {
  *row = false;
  Status status = store_join(store, error);
  int code = status == STATUS_OK ? sqlite3_step(statement) : SQLITE_ABORT;
  *row = code == SQLITE_ROW;
  if (code == SQLITE_ROW || code == SQLITE_DONE) return STATUS_OK;
  if (status == STATUS_OK) status = store_fail(store, error, doing);
  sqlite3_reset(statement);
  return status;
}

Status store_run(Store *store, sqlite3_stmt *statement, const char *doing, Error *error) {
  bool row = false;
  Status status = store_step(store, statement, &row, doing, error);
  if (status == STATUS_OK) sqlite3_reset(statement);
  return status;
}

Status store_exec(Store *store, const char *sql, const char *doing, Error *error) {
  Status status = store_join(store, error);
  if (status != STATUS_OK) return status;
  return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ? STATUS_OK : store_fail(store, error, doing);
}

Status store_number(Store *store, const char *sql, int64_t *out, Error *error) {
  *out = 0;
  sqlite3_stmt *statement = NULL;
  Status status = store_join(store, error);
  if (status != STATUS_OK) return status;
  if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK) {
    return store_fail(store, error, "opening it");
  }
  bool row = false;
  status = store_step(store, statement, &row, "opening it", error);
  if (status == STATUS_OK && row) *out = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return status;
}

void bind_text(sqlite3_stmt *statement, int index, Text text) {
  sqlite3_bind_text(statement, index, text.length ? text.bytes : "", (int)text.length, SQLITE_STATIC);
}

void bind_text_or_null(sqlite3_stmt *statement, int index, Text text) {
  if (text.length) {
    bind_text(statement, index, text);
  } else {
    sqlite3_bind_null(statement, index);
  }
}

void bind_number_or_null(sqlite3_stmt *statement, int index, int64_t number, int64_t null) {
  if (number == null) {
    sqlite3_bind_null(statement, index);
  } else {
    sqlite3_bind_int64(statement, index, number);
  }
}

Text column_text(sqlite3_stmt *statement, int index) {
  const char *bytes = (const char *)sqlite3_column_text(statement, index);
  if (!bytes) return (Text){"", 0};
  return (Text){bytes, (size_t)sqlite3_column_bytes(statement, index)};
}

int64_t column_number(sqlite3_stmt *statement, int index, int64_t null) {
  return sqlite3_column_type(statement, index) == SQLITE_NULL ? null : sqlite3_column_int64(statement, index);
}

/* ---- transactions ---- */

/* Looking up three parents for each play more than doubles the time of an import, and a play writer refers only to rows
 * that it has just read or written itself. So SQLite checks foreign keys in every transaction but those of play
 * writers and schema changes; a test holds PRAGMA foreign_key_check against what they leave. */
static Status set_foreign_keys(Store *store, Error *error) {
  bool unchecked = store->writers || store->schema_changes;
  if (unchecked == store->unchecked) return STATUS_OK;
  Status status =
      store_exec(store, unchecked ? "PRAGMA foreign_keys=OFF" : "PRAGMA foreign_keys=ON", "beginning to write", error);
  if (status == STATUS_OK) store->unchecked = unchecked;
  return status;
}

/* So many steps of SQLite's machine take some hundredths of a second. */
enum { STEPS_BETWEEN_LOOKS = 1 << 20 };

static int is_to_end(void *context) {
  (void)context;
  return interrupt_signal() != 0;
}

void store_heed_interrupts(Store *store, bool heed) {
  sqlite3_progress_handler(store->db, heed ? STEPS_BETWEEN_LOOKS : 0, heed ? is_to_end : NULL, NULL);
}

static Status begin(Store *store, Error *error) {
  return store_exec(store, "BEGIN IMMEDIATE", "beginning to write", error);
}

Status store_begin(Store *store, Error *error) {
  Status status = set_foreign_keys(store, error);
  if (status == STATUS_OK) status = begin(store, error);
  if (status == STATUS_OK) store->in_transaction = true;
  return status;
}

Status store_flush(Store *store, Error *error) {
  Status status = store_join(store, error);
  if (status == STATUS_OK) status = play_writers_flush(store, error);
  imported_files_hand_over(store);
  if (status == STATUS_OK) status = imported_files_store(store, error);
  if (status == STATUS_OK) status = track_homes_settle(store, error);
  return status == STATUS_OK ? totals_commit(store, error) : status;
}

static Status commit(Store *store, Error *error) {
  Status status = store_exec(store, "COMMIT", "storing", error);
  if (status == STATUS_OK) store->commits++;
  return status;
}

Status store_commit(Store *store, Error *error) {
  Status status = store_flush(store, error);
  if (status == STATUS_OK) status = commit(store, error);
  if (status == STATUS_OK) {
    store->in_transaction = false;
  } else {
    store_rollback(store);
  }
  return status;
}

/* A job. */
static Status store_and_commit(Store *store, Error *error) {
  Status status = play_writers_store(store, error);
  if (status == STATUS_OK) status = imported_files_store(store, error);
  if (status == STATUS_OK) status = totals_store(store, error);
  if (status == STATUS_OK) status = commit(store, error);
  return status == STATUS_OK ? begin(store, error) : status;
}

static Status commit_here(Store *store, Error *error) {
  Status status = store_commit(store, error);
  return status == STATUS_OK ? store_begin(store, error) : status;
}

Status store_commit_beside(Store *store, uint64_t *number, Error *error) {
  Status status = store_wait(store, store->commit_given, error); /* who has what was handed over before */
  *number = store->commits + 1;
  bool beside = status == STATUS_OK && !store->homeless.count;
  if (beside) status = play_writers_hand_over(store, &beside, error);
  if (status == STATUS_OK && !beside) return commit_here(store, error);
  imported_files_hand_over(store);
  if (status == STATUS_OK) status = store_work(store, store_and_commit, &store->commit_given, error);
  if (status != STATUS_OK) store_rollback(store);
  return status;
}

uint64_t store_commits(Store *store) {
  store_join(store, NULL);
  return store->commits;
}

void store_rollback(Store *store) {
  store_work_forget(store);
  if (!store->in_transaction) return;
  /* SQLite has rolled back on its own after some errors; then this one is refused, which changes nothing. */
  sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
  store->in_transaction = false;
  store->rollbacks++;
  play_stage_clear(store);
  play_refs_clear(store);
  listens_forget(store);
  totals_forget(store);
  track_homes_forget(store);
  imported_files_forget(store);
  store->next_play = 0;
}

Status store_enter(Store *store, bool *began, Error *error) {
  *began = !store->in_transaction;
  return *began ? store_begin(store, error) : STATUS_OK;
}

Status store_leave(Store *store, bool began, Status status, Error *error) {
  if (!began) return status;
  if (status == STATUS_OK) return store_commit(store, error);
  store_rollback(store);
  return status;
}
