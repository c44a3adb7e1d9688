#include "store/sweep.h"

#include <stdio.h>
#include <string.h>

#include "store/plays/play_refs.h"
#include "store/worker.h"

enum { FEW_CELLS = 48 };

/* Takes over one cell; false where its text has no room. */
static bool take(Sweep *sweep, sqlite3_value *value, Cell *cell) {
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      *cell = (Cell){NULL, sqlite3_value_int64(value)};
      return true;
    case SQLITE_NULL:
      *cell = (Cell){"", 0};
      return true;
    default: {
      const char *text = (const char *)sqlite3_value_text(value);
      unsigned length = (unsigned)sqlite3_value_bytes(value);
      if (!text || length > SWEEP_BYTES - sweep->used) return false;
      char *copy = sweep->bytes + sweep->used;
      memcpy(copy, text, length);
      sweep->used += length;
      *cell = (Cell){copy, length};
      return true;
    }
  }
}

/* Nothing is allocated here: what an arena does where there is no memory would leave SQLite in the middle of a step. */
static void copy_row(sqlite3_context *context, int count, sqlite3_value **values) {
  Sweep *sweep = ((Store *)sqlite3_user_data(context))->sweep;
  bool taken = sweep && count == sweep->columns && sweep->end + (unsigned)count <= sweep->limit;
  for (int i = 0; taken && i < count; i++) taken = take(sweep, values[i], &sweep->cells[sweep->end + (unsigned)i]);
  if (taken) sweep->end += (unsigned)count;
  sqlite3_result_int(context, !taken);
}

/* False, so that SQLite goes on to the next row. */
static void place_row(sqlite3_context *context, int count, sqlite3_value **values) {
  const SweepTarget *target = ((Store *)sqlite3_user_data(context))->sweep_target;
  int64_t key = sqlite3_value_int64(values[0]);
  bool fits = target && key > 0 && (size_t)key <= target->highest;
  for (int i = 1; fits && i < count; i++) target->columns[i - 1][key] = sqlite3_value_int64(values[i]);
  sqlite3_result_int(context, 0);
}

Status sweep_define(Store *store, Error *error) {
  int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;
  int code = sqlite3_create_function_v2(store->db, "sweep", -1, flags, store, copy_row, NULL, NULL, NULL);
  if (code == SQLITE_OK) code = sqlite3_create_function_v2(store->db, "place", -1, flags, store, place_row, NULL, NULL, NULL);
  return code == SQLITE_OK ? STATUS_OK : store_fail(store, error, "opening it");
}

/* "KEY, A, B" of those columns that are wanted. */
static void name_columns(const char *key, const char *const *columns, size_t count, unsigned wanted, char *out, size_t size) {
  size_t length = (size_t)snprintf(out, size, "%s", key);
  for (size_t i = 0; i < count; i++)
    if (wanted >> i & 1) length += (size_t)snprintf(out + length, size - length, ", %s", columns[i]);
}

Status sweep_place(Store *store, const char *table, const char *key, const char *const *columns, size_t count, unsigned wanted, const SweepTarget *target,
                   const char *doing, Error *error) {
  char names[256], sql[2 * sizeof names];
  bool row = true;
  sqlite3_stmt *each = NULL;
  name_columns(key, columns, count, wanted, names, sizeof names);
  snprintf(sql, sizeof sql, "SELECT 1 FROM %s WHERE place(%s)", table, names);
  if (sqlite3_prepare_v2(store->db, sql, -1, &each, NULL) != SQLITE_OK) return store_fail(store, error, "preparing a query");
  store->sweep_target = target;
  Status status = store_step(store, each, &row, doing, error);
  store->sweep_target = NULL;
  sqlite3_finalize(each);
  return status;
}

Status sweep_prepare(Store *store, const char *key, const char *const *columns, size_t count, unsigned wanted, const char *from, sqlite3_stmt **out, Error *error) {
  char names[256], sql[3 * sizeof names];
  name_columns(key, columns, count, wanted, names, sizeof names);
  snprintf(sql, sizeof sql, "SELECT %s FROM %s sweep(%s) ORDER BY %s", names, from, names, key);
  if (play_refs_flush(store, error) != STATUS_OK) return STATUS_FAILED;
  return sqlite3_prepare_v2(store->db, sql, -1, out, NULL) == SQLITE_OK ? STATUS_OK : store_fail(store, error, "preparing a query");
}

Sweep *sweep_begin(Store *store, sqlite3_stmt *statement) {
  Sweep *sweep = store->unused_sweeps;
  if (sweep) {
    store->unused_sweeps = sweep->unused;
  } else {
    sweep = arena_buffer(store->arena, sizeof *sweep);
  }
  sweep->store = store;
  sweep->statement = statement;
  sweep->columns = sqlite3_column_count(statement);
  sweep->at = sweep->end = 0;
  sweep->limit = FEW_CELLS;
  sweep->more = true;
  return sweep;
}

/* The row of the step itself, whose texts SQLite lends until the next step: sweep_row gives it last. */
static void add_own_row(Sweep *sweep) {
  for (int i = 0; i < sweep->columns; i++) {
    Cell *cell = &sweep->cells[sweep->end++];
    bool number = sqlite3_column_type(sweep->statement, i) == SQLITE_INTEGER;
    Text text = number ? (Text){NULL, 0} : column_text(sweep->statement, i);
    *cell = number ? (Cell){NULL, sqlite3_column_int64(sweep->statement, i)} : (Cell){text.bytes, (int64_t)text.length};
  }
}

/* As many rows as there is room for, or as there are left. */
static Status fill(Sweep *sweep, const char *doing, Error *error) {
  Store *store = sweep->store;
  sweep->at = sweep->end = sweep->used = 0;
  store->sweep = sweep;
  Status status = store_step(store, sweep->statement, &sweep->more, doing, error);
  store->sweep = NULL;
  if (status != STATUS_OK) sweep->more = false, sweep->end = 0;
  if (sweep->more) add_own_row(sweep);
  sweep->limit = SWEEP_CELLS - (unsigned)sweep->columns;
  return status;
}

const Cell *sweep_fetch(Sweep *sweep, const char *doing, Status *status, Error *error) {
  if (!sweep->more || *status != STATUS_OK) return NULL;
  *status = fill(sweep, doing, error);
  return sweep->end ? sweep_row(sweep, doing, status, error) : NULL;
}

void sweep_end(Sweep *sweep) {
  if (!sweep) return;
  store_done(sweep->statement);
  sweep->unused = sweep->store->unused_sweeps;
  sweep->store->unused_sweeps = sweep;
}

/* ---- reading beside ---- */

enum { AHEAD = 4 };

/* Sweeps of one statement, which are filled in turn. In the arena: where memory runs out in a visit, jobs that were given are still done. */
struct SweepAhead {
  Sweep *sweeps[AHEAD];
  const char *doing;
  /* Of the jobs, and of the reader while there are none: */
  unsigned filled;
  bool more; /* rows may follow */
  bool lent; /* the last row's text is SQLite's until the next step: nothing is read before the reader is done with it */
};

/* Copies the text of the row of the step itself; false where there is no room. */
static bool keep_own_row(Sweep *sweep) {
  for (unsigned i = sweep->end - (unsigned)sweep->columns; i < sweep->end; i++) {
    Cell *cell = &sweep->cells[i];
    if (!cell->text || !cell->number) continue;
    if ((uint64_t)cell->number > SWEEP_BYTES - sweep->used) return false;
    cell->text = memcpy(sweep->bytes + sweep->used, cell->text, (size_t)cell->number);
    sweep->used += (unsigned)cell->number;
  }
  return true;
}

/* A StoreJob: fills the next sweep. */
static Status fill_ahead(Store *store, Error *error) {
  SweepAhead *ahead = store->sweep_ahead;
  Sweep *sweep = ahead->sweeps[ahead->filled++ % AHEAD];
  sweep->at = sweep->end = 0;
  sweep->more = ahead->more;
  sweep->lent = false;
  if (!ahead->more || ahead->lent) return STATUS_OK;
  Status status = fill(sweep, ahead->doing, error);
  ahead->more = sweep->more;
  ahead->lent = sweep->lent = sweep->more && !keep_own_row(sweep);
  return status;
}

static bool visit_rows(Sweep *sweep, SweepVisit *visit, void *context) {
  for (; sweep->at < sweep->end; sweep->at += (unsigned)sweep->columns)
    if (!visit(context, sweep->cells + sweep->at)) return false;
  return true;
}

static Status each_ahead(Store *store, SweepAhead *ahead, SweepVisit *visit, void *context, Error *error) {
  StoreTicket tickets[AHEAD];
  Status status = store_work(store, fill_ahead, &tickets[0], error);
  bool at_once = !tickets[0]; /* there is no thread for it */
  for (unsigned given = 1, done = 0; status == STATUS_OK; done++) {
    for (; given < done + AHEAD && status == STATUS_OK; given++) {
      tickets[given % AHEAD] = 0;
      status = at_once ? fill_ahead(store, error) : store_work_on(store, fill_ahead, &tickets[given % AHEAD], error);
    }
    if (status == STATUS_OK) status = store_wait(store, tickets[done % AHEAD], error);
    Sweep *sweep = ahead->sweeps[done % AHEAD];
    if (status != STATUS_OK || !visit_rows(sweep, visit, context) || !sweep->more) break;
    if (!sweep->lent) continue;
    status = store_join(store, error);
    ahead->lent = false;
  }
  return status;
}

static Status each_beside(Store *store, sqlite3_stmt *statement, const char *doing, SweepVisit *visit, void *context, Error *error) {
  SweepAhead *ahead = arena_alloc(store->arena, sizeof *ahead);
  ahead->doing = doing;
  ahead->more = true;
  for (int i = 0; i < AHEAD; i++) {
    ahead->sweeps[i] = sweep_begin(store, statement);
    ahead->sweeps[i]->limit = SWEEP_CELLS - (unsigned)ahead->sweeps[i]->columns;
  }
  store->sweep_ahead = ahead;
  Status status = each_ahead(store, ahead, visit, context, error);
  store_work_forget(store);
  for (int i = 0; i < AHEAD; i++) sweep_end(ahead->sweeps[i]);
  return status;
}

Status sweep_each(Store *store, sqlite3_stmt *statement, bool beside, const char *doing, SweepVisit *visit, void *context, Error *error) {
  if (beside && store->mode == STORE_READ) return each_beside(store, statement, doing, visit, context, error);
  Status status = STATUS_OK;
  Sweep *sweep = sweep_begin(store, statement);
  for (const Cell *row; (row = sweep_row(sweep, doing, &status, error));)
    if (!visit(context, row)) break;
  sweep_end(sweep);
  return status;
}
