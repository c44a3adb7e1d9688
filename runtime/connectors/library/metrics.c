#include <string.h>

#include "connectors/library/library.h"

/* The figures of one window, in arrays by track id; an array that no column asks for is NULL. */
typedef struct Figures {
  InstantRange window;
  int64_t *plays, *skips, *listened; /* listened in milliseconds */
  Instant *first, *last;             /* valid where `played` */
  uint8_t *played;
  bool done; /* taken from the totals */
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

static void *room(Run *run, void *array, const Pass *pass, size_t size) {
  return array ? array : arena_array(run->arena, pass->highest + 1, size);
}

static void plan_column(Run *run, Pass *pass, const MetricColumn *column) {
  Figures *figures = figures_of(pass, column->window);
  switch (column->field) {
    case FIELD_PLAYS:
      figures->plays = room(run, figures->plays, pass, sizeof *figures->plays);
      break;
    case FIELD_SKIPS:
      figures->skips = room(run, figures->skips, pass, sizeof *figures->skips);
      break;
    case FIELD_LISTENED:
      figures->listened = room(run, figures->listened, pass, sizeof *figures->listened);
      break;
    default:
      figures->first = room(run, figures->first, pass, sizeof *figures->first);
      figures->last = room(run, figures->last, pass, sizeof *figures->last);
      figures->played = room(run, figures->played, pass, 1);
  }
}

/* ---- the pass over the plays ---- */

static void count_play(Figures *figures, const StorePlay *play) {
  int64_t track = play->track;
  if (play->counted == COUNTED_SKIP && figures->skips) figures->skips[track]++;
  if (play->counted != COUNTED_PLAY) return;
  if (figures->plays) figures->plays[track]++;
  if (figures->listened && play->ms_played > 0) figures->listened[track] += play->ms_played;
  if (!figures->played) return;
  if (!figures->played[track]) figures->first[track] = play->played_at;
  figures->played[track] = 1;
  figures->last[track] = play->played_at; /* oldest first, so the last one seen is the latest */
}

static bool visit_play(void *context, const StorePlay *play) {
  Pass *pass = context;
  if (play->track <= 0 || (size_t)play->track > pass->highest) return true;
  for (size_t i = 0; i < pass->count; i++) {
    Figures *figures = &pass->figures[i];
    if (!figures->done && play->played_at >= figures->window.lo && play->played_at < figures->window.hi) count_play(figures, play);
  }
  return true;
}

/* The union of the windows as ranges that do not touch, oldest first; returns how many. */
static size_t merge_windows(const Pass *pass, InstantRange *ranges) {
  size_t count = 0;
  for (size_t i = 0; i < pass->count; i++) {
    InstantRange range = pass->figures[i].window;
    if (range.lo >= range.hi || pass->figures[i].done) continue;
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

static Status count_plays(Run *run, Store *store, Pass *pass, Error *error) {
  InstantRange *ranges = arena_array(run->arena, pass->count, sizeof *ranges);
  size_t count = merge_windows(pass, ranges);
  for (size_t i = 0; i < count; i++) {
    Status status = store_each_figure(store, ranges[i], visit_play, pass, error);
    if (status != STATUS_OK) return status;
  }
  return STATUS_OK;
}

/* ---- the whole history, which the store has summed up ---- */

typedef struct Taking {
  Figures *figures;
  size_t highest;
} Taking;

static bool take_totals(void *context, const StoreTotals *totals) {
  Taking *taking = context;
  Figures *figures = taking->figures;
  if (totals->track <= 0 || (size_t)totals->track > taking->highest) return true;
  if (figures->plays) figures->plays[totals->track] = totals->plays;
  if (figures->skips) figures->skips[totals->track] = totals->skips;
  if (figures->listened) figures->listened[totals->track] = totals->listened_ms;
  if (!figures->played || !totals->plays) return true;
  figures->played[totals->track] = 1;
  figures->first[totals->track] = totals->first_played;
  figures->last[totals->track] = totals->last_played;
  return true;
}

static Status take_whole_history(Store *store, Pass *pass, Error *error) {
  for (size_t i = 0; i < pass->count; i++) {
    Figures *figures = &pass->figures[i];
    if (figures->window.lo > INSTANT_MIN || figures->window.hi <= INSTANT_MAX) continue;
    Status status = store_has_totals(store, &figures->done, error);
    Taking taking = {figures, pass->highest};
    if (status == STATUS_OK && figures->done) status = store_each_total(store, take_totals, &taking, error);
    return status; /* no two have the same window */
  }
  return STATUS_OK;
}

/* ---- handing out ---- */

/* `track` 0 stands for a row whose track the store does not know: nobody played it. */
static void fill_column(const MetricColumn *column, Pass *pass, size_t row, size_t track) {
  Value value = {.integer = 0};
  bool known = false;
  const Figures *figures = track ? figures_of(pass, column->window) : NULL;
  switch (column->field) {
    case FIELD_PLAYS:
      if (figures) value.integer = figures->plays[track];
      break;
    case FIELD_SKIPS:
      if (figures) value.integer = figures->skips[track];
      break;
    case FIELD_LISTENED:
      value.integer = duration_pack((Duration){.ms = figures ? figures->listened[track] : 0});
      break;
    default:
      known = figures && figures->played[track];
      if (known) value.integer = column->field == FIELD_FIRST_PLAYED ? figures->first[track] : figures->last[track];
  }
  column->values[row] = value;
  column->missing[row] = column->optional && !known;
}

Status library_metrics(Run *run, Store *store, const Batch *batch, MetricColumn *columns, size_t count, Error *error) {
  Pass pass = {.figures = arena_array(run->arena, count, sizeof *pass.figures)};
  Status status = STATUS_OK;
  if (store) {
    pass.highest = (size_t)store_highest_track(store);
    for (size_t i = 0; i < count; i++) plan_column(run, &pass, &columns[i]);
    status = take_whole_history(store, &pass, error);
    if (status == STATUS_OK) status = count_plays(run, store, &pass, error);
    if (status != STATUS_OK) return status;
  }
  for (size_t i = 0; i < batch->selected; i++) {
    size_t row = batch_row(batch, i);
    TrackHandle handle = batch->tracks ? batch->tracks[row] : 0;
    size_t track = handle > 0 && (size_t)handle <= pass.highest ? (size_t)handle : 0;
    for (size_t c = 0; c < count; c++) fill_column(&columns[c], &pass, row, track);
  }
  return status;
}
