#include <string.h>

#include "connectors/library/library.h"

/* The figures of one window, in arrays by track id; one that no column asks for is NULL. */
typedef struct Figures {
  InstantRange window;
  unsigned wanted; /* a bit for each Figure */
  int64_t *const *by; /* of each Figure: the store's, or `own` */
  int64_t *own[FIGURE_COUNT];
  bool by_row; /* `own` is by row of the batch instead, the first at 1 */
} Figures;

typedef struct Pass {
  Figures *figures;
  size_t count;
  size_t highest; /* track id */
} Pass;

static bool same_range(InstantRange a, InstantRange b) {
  return a.lo == b.lo && a.hi == b.hi;
}

static Figures *figures_of(Pass *pass, InstantRange window) {
  for (size_t i = 0; i < pass->count; i++) {
    if (same_range(pass->figures[i].window, window)) return &pass->figures[i];
  }
  pass->figures[pass->count].window = window;
  return &pass->figures[pass->count++];
}

static Figure figure_of(FieldId field) {
  switch (field) {
    case FIELD_PLAYS: return FIGURE_PLAYS;
    case FIELD_SKIPS: return FIGURE_SKIPS;
    case FIELD_LISTENED: return FIGURE_LISTENED;
    case FIELD_FIRST_PLAYED: return FIGURE_FIRST;
    default: return FIGURE_LAST;
  }
}

/* When a track was played holds only where it was. */
static void plan_column(Pass *pass, const MetricColumn *column) {
  Figure figure = figure_of(column->field);
  figures_of(pass, column->window)->wanted |= 1u << figure | (figure >= FIGURE_FIRST ? 1u << FIGURE_PLAYS : 0);
}

/* ---- the pass over the plays ---- */

static void count_play(Figures *figures, const StorePlay *play) {
  int64_t *const *by = figures->own, track = play->track;
  if (play->counted == COUNTED_SKIP && by[FIGURE_SKIPS]) by[FIGURE_SKIPS][track]++;
  if (play->counted != COUNTED_PLAY) return;
  /* Oldest first, so the last one seen is the latest. */
  if (by[FIGURE_FIRST] && !by[FIGURE_PLAYS][track]) by[FIGURE_FIRST][track] = play->played_at;
  if (by[FIGURE_LAST]) by[FIGURE_LAST][track] = play->played_at;
  if (by[FIGURE_LISTENED] && play->ms_played > 0) by[FIGURE_LISTENED][track] += play->ms_played;
  if (by[FIGURE_PLAYS]) by[FIGURE_PLAYS][track]++;
}

static bool visit_play(void *context, const StorePlay *play) {
  Pass *pass = context;
  if (play->track <= 0 || (size_t)play->track > pass->highest) return true;
  for (size_t i = 0; i < pass->count; i++) {
    Figures *figures = &pass->figures[i];
    if (!figures->by && play->played_at >= figures->window.lo && play->played_at < figures->window.hi) count_play(figures, play);
  }
  return true;
}

/* The union of the windows as ranges that do not touch, oldest first; returns how many. */
static size_t merge_windows(const Pass *pass, InstantRange *ranges) {
  size_t count = 0;
  for (size_t i = 0; i < pass->count; i++) {
    InstantRange range = pass->figures[i].window;
    if (range.lo >= range.hi || pass->figures[i].by) continue;
    size_t at = count++;
    for (; at > 0 && ranges[at - 1].lo > range.lo; at--) ranges[at] = ranges[at - 1];
    ranges[at] = range;
  }
  size_t merged = 0;
  for (size_t i = 0; i < count; i++) {
    if (merged && ranges[i].lo <= ranges[merged - 1].hi) {
      if (ranges[i].hi > ranges[merged - 1].hi) ranges[merged - 1].hi = ranges[i].hi;
    } else {
      ranges[merged++] = ranges[i];
    }
  }
  return merged;
}

static void make_room(Arena *arena, Figures *figures, size_t highest) {
  for (int figure = 0; figure < FIGURE_COUNT; figure++)
    if (figures->wanted >> figure & 1) figures->own[figure] = arena_array(arena, highest + 1, sizeof(int64_t));
}

static Status count_plays(Run *run, Store *store, Pass *pass, Error *error) {
  InstantRange *ranges = arena_array(run->arena, pass->count, sizeof *ranges);
  size_t count = merge_windows(pass, ranges);
  Status status = STATUS_OK;
  for (size_t i = 0; i < pass->count; i++)
    if (!pass->figures[i].by) make_room(run->arena, &pass->figures[i], pass->highest);
  for (size_t i = 0; i < count && status == STATUS_OK; i++) status = store_each_figure(store, ranges[i], visit_play, pass, error);
  for (size_t i = 0; i < pass->count; i++)
    if (!pass->figures[i].by) pass->figures[i].by = pass->figures[i].own;
  return status;
}

/* ---- the whole history, which the store has summed up ---- */

/* Reading them in a row costs a fraction of asking for one after another. */
enum { SCAN_SHARE = 16 };

static Status look_up_totals(Run *run, Store *store, Figures *figures, const Batch *batch, Error *error) {
  figures->by_row = true;
  figures->by = figures->own;
  make_room(run->arena, figures, batch->row_count);
  for (size_t i = 0; i < batch->selected; i++) {
    size_t row = batch_row(batch, i);
    StoreTotals totals = {0};
    Status status = batch->tracks && batch->tracks[row] > 0 ? store_total(store, batch->tracks[row], &totals, error) : STATUS_OK;
    if (status != STATUS_OK) return status;
    const int64_t numbers[FIGURE_COUNT] = {totals.plays, totals.skips, totals.listened_ms, totals.first_played, totals.last_played};
    for (int figure = 0; figure < FIGURE_COUNT; figure++)
      if (figures->own[figure]) figures->own[figure][row + 1] = numbers[figure];
  }
  return STATUS_OK;
}

static Status take_whole_history(Run *run, Store *store, Pass *pass, const Batch *batch, Error *error) {
  for (size_t i = 0; i < pass->count; i++) {
    Figures *figures = &pass->figures[i];
    if (figures->window.lo > INSTANT_MIN || figures->window.hi <= INSTANT_MAX) continue;
    bool summed = false;
    const StoreFigures *all = NULL;
    Status status = store_has_totals(store, &summed, error);
    if (status != STATUS_OK || !summed) return status;
    if (batch->row_count < pass->highest / SCAN_SHARE) return look_up_totals(run, store, figures, batch, error);
    status = store_figures(store, figures->wanted, &all, error);
    figures->by = all->by;
    return status; /* no two have the same window */
  }
  return STATUS_OK;
}

/* ---- handing out ---- */

static void fill_row(const MetricColumn *column, int64_t *const *by, size_t row, size_t track) {
  Figure figure = figure_of(column->field);
  bool known = figure >= FIGURE_FIRST && track && by[FIGURE_PLAYS][track];
  int64_t number = track && (known || figure < FIGURE_FIRST) ? by[figure][track] : 0;
  column->values[row].integer = figure == FIGURE_LISTENED ? duration_pack((Duration){.ms = number}) : number;
  column->missing[row] = column->optional && !known;
}

/* A row whose track the store does not know gets what nobody played: track 0. */
static void fill_column(const MetricColumn *column, Pass *pass, const Batch *batch) {
  const Figures *figures = pass->count ? figures_of(pass, column->window) : NULL;
  for (size_t i = 0; i < batch->selected; i++) {
    size_t row = batch_row(batch, i);
    TrackHandle handle = batch->tracks && figures ? batch->tracks[row] : 0;
    bool known = handle > 0 && (size_t)handle <= pass->highest;
    fill_row(column, figures ? figures->by : NULL, row, !known ? 0 : figures->by_row ? row + 1 : (size_t)handle);
  }
}

Status library_metrics(Run *run, Store *store, const Batch *batch, MetricColumn *columns, size_t count, Error *error) {
  Pass pass = {.figures = arena_array(run->arena, count, sizeof *pass.figures)};
  Status status = STATUS_OK;
  if (store) {
    pass.highest = (size_t)store_highest_track(store);
    for (size_t i = 0; i < count; i++) plan_column(&pass, &columns[i]);
    status = take_whole_history(run, store, &pass, batch, error);
    if (status == STATUS_OK) status = count_plays(run, store, &pass, error);
    if (status != STATUS_OK) return status;
  }
  for (size_t i = 0; i < count; i++) fill_column(&columns[i], &pass, batch);
  return status;
}
