/* sweep.h: reads many rows. Private to runtime/store.
 *
 * A step of SQLite costs more than what a row holds. So the statement hands its rows to a function of ours, which copies them:
 *   SELECT a, b FROM t WHERE a >= ?1 AND sweep(a, b) ORDER BY a
 * sweep() is false, and SQLite goes on within the same step, until the copies fill their room; then it is true, and the row is the step's. */
#ifndef NARADA_STORE_SWEEP_H
#define NARADA_STORE_SWEEP_H

#include "store/store_int.h"

/* A number, or a text and its length, or neither: NULL. */
typedef struct Cell {
  const char *text; /* NULL for a number */
  int64_t number;
} Cell;

/* What text and NULL are, for a column of the other kind. */
static inline int64_t cell_number(const Cell *cell, int64_t null) {
  return cell->text ? null : cell->number;
}
static inline Text cell_text(const Cell *cell) {
  return cell->text ? (Text){cell->text, (size_t)cell->number} : (Text){"", 0};
}

/* Together so large that the arena takes it from the system as it is: what a short reading does not need is never touched. */
enum { SWEEP_CELLS = 1536, SWEEP_BYTES = 40 << 10 };

struct Sweep {
  Store *store;
  sqlite3_stmt *statement;
  Sweep *unused;    /* the next that is */
  int columns;      /* of `statement`, the same as sweep() is given */
  unsigned at, end; /* in `cells`: the next row's, and where they end */
  unsigned limit;   /* of `end`: little at first, for who wants one row */
  unsigned used;    /* of `bytes` */
  bool more;        /* the last step gave a row */
  bool lent;        /* of sweep_each(): it lends its text too */
  Cell cells[SWEEP_CELLS];
  char bytes[SWEEP_BYTES];
};

/* Makes sweep() and place() known to a new connection. */
Status sweep_define(Store *store, Error *error);
/* Makes "SELECT KEY, A, B FROM <from> sweep(KEY, A, B) ORDER BY KEY" of those `columns` whose bit is in `wanted`; `from` ends where a condition may stand. To be
 * finalized. */
Status sweep_prepare(Store *store, const char *key, const char *const *columns, size_t count, unsigned wanted, const char *from, sqlite3_stmt **out, Error *error);
/* Begins to read the rows of a statement of that form, whose parameters the caller binds before the first row. To be ended. */
Sweep *sweep_begin(Store *store, sqlite3_stmt *statement);
/* Fetches rows: NULL after the last one, or with another `*status`. */
const Cell *sweep_fetch(Sweep *sweep, const char *doing, Status *status, Error *error);
/* The next row, lent until the next call; NULL after the last one, or where `*status` is no success. `doing` completes "while ...". Between two calls the store may be
 * used for anything. */
static inline const Cell *sweep_row(Sweep *sweep, const char *doing, Status *status, Error *error) {
  if (sweep->at == sweep->end) return sweep_fetch(sweep, doing, status, error);
  const Cell *row = sweep->cells + sweep->at;
  sweep->at += (unsigned)sweep->columns;
  return row;
}
/* Ends the reading and resets the statement. NULL is allowed. */
void sweep_end(Sweep *sweep);

/* Hands on every row of a statement of that form, until `visit` gives false, and resets it. `beside`: the rows are read by the store's worker while `visit` works on
 * those before, which pays where they are many; then `visit` must not use the store. */
typedef bool SweepVisit(void *context, const Cell *row);
Status sweep_each(Store *store, sqlite3_stmt *statement, bool beside, const char *doing, SweepVisit *visit, void *context, Error *error);

/* Where whole numbers are put, each row by its key: arrays of `highest` + 1, the first for the first column behind the key. */
struct SweepTarget {
  int64_t *columns[8];
  size_t highest;
};
/* Reads those of the `columns` whose bit is in `wanted`, of all rows of a table, into the target; NULL is 0, and a key that is not from 1 to `highest` is passed over. */
Status sweep_place(Store *store, const char *table, const char *key, const char *const *columns, size_t count, unsigned wanted, const SweepTarget *target,
                   const char *doing, Error *error);

#endif
