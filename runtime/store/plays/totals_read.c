#include <string.h>

#include "store/plays/totals.h"
#include "store/sweep.h"

Status store_each_total(Store *store, bool (*visit)(void *context, const StoreTotals *totals), void *context, Error *error) {
  sqlite3_stmt *each = store_use(store, SQL_TOTALS_EACH, error);
  if (!each) return STATUS_FAILED;
  Status status = STATUS_OK;
  Sweep *sweep = sweep_begin(store, each);
  for (const Cell *row; (row = sweep_row(sweep, "reading the totals", &status, error));) {
    StoreTotals totals = {row[0].number, row[1].number, row[2].number, row[3].number, cell_number(&row[4], INSTANT_MAX), cell_number(&row[5], INSTANT_MIN)};
    if (!visit(context, &totals)) break;
  }
  sweep_end(sweep);
  return status;
}

/* ---- some of the figures, of all tracks ---- */

static const char *const columns[FIGURE_COUNT] = {"plays", "skips", "listened_ms", "first_played", "last_played"};

/* What was read of them. */
struct TotalsRead {
  StoreFigures figures;
  unsigned read; /* a bit for each */
};

static Status read_figures(Store *store, StoreFigures *figures, unsigned wanted, Error *error) {
  SweepTarget target = {.highest = figures->highest};
  size_t count = 0;
  for (int i = 0; i < FIGURE_COUNT; i++) {
    if (!(wanted >> i & 1)) continue;
    if (figures->by[i]) memset(figures->by[i], 0, (figures->highest + 1) * sizeof *figures->by[i]);
    else figures->by[i] = arena_array(store->arena, figures->highest + 1, sizeof *figures->by[i]);
    target.columns[count++] = figures->by[i];
  }
  return sweep_place(store, "track_totals", "track_id", columns, FIGURE_COUNT, wanted, &target, "reading the totals", error);
}

Status store_figures(Store *store, unsigned wanted, const StoreFigures **out, Error *error) {
  if (!store->totals_read) store->totals_read = arena_alloc(store->arena, sizeof *store->totals_read);
  TotalsRead *kept = store->totals_read;
  *out = &kept->figures;
  size_t highest = (size_t)store_highest_track(store);
  if (highest != kept->figures.highest) *kept = (TotalsRead){.figures.highest = highest};
  if (store->mode != STORE_READ) kept->read = 0; /* a reader sees one state of the store */
  if (!(wanted & ~kept->read)) return STATUS_OK;
  Status status = read_figures(store, &kept->figures, wanted & ~kept->read, error);
  if (status == STATUS_OK) kept->read |= wanted;
  return status;
}
