#include "store/plays/totals_int.h"

enum { GAINS = 4096 }; /* as the planner is told */

Status totals_put(Store *store, StatementId id, const StoreTotals *totals, Error *error) {
  sqlite3_stmt *write = store_use(store, id, error);
  if (!write) return STATUS_FAILED;
  const int64_t numbers[] = {totals->track, totals->plays, totals->skips, totals->listened_ms};
  for (int i = 0; i < 4; i++) sqlite3_bind_int64(write, i + 1, numbers[i]);
  bind_number_or_null(write, 5, totals->first_played, INSTANT_MAX);
  bind_number_or_null(write, 6, totals->last_played, INSTANT_MIN);
  return store_run(store, write, "storing the totals", error);
}

static void read_totals(sqlite3_stmt *row, StoreTotals *out) {
  *out = (StoreTotals){.track = sqlite3_column_int64(row, 0),
                       .plays = sqlite3_column_int64(row, 1),
                       .skips = sqlite3_column_int64(row, 2),
                       .listened_ms = sqlite3_column_int64(row, 3),
                       .first_played = INSTANT_MAX,
                       .last_played = INSTANT_MIN};
  if (!out->plays) return;
  out->first_played = sqlite3_column_int64(row, 4);
  out->last_played = sqlite3_column_int64(row, 5);
}

Status store_total(Store *store, int64_t track, StoreTotals *out, Error *error) {
  *out = (StoreTotals){.track = track, .first_played = INSTANT_MAX, .last_played = INSTANT_MIN};
  sqlite3_stmt *read = store_use(store, SQL_TOTALS_FIND, error);
  if (!read) return STATUS_FAILED;
  sqlite3_bind_int64(read, 1, track);
  bool row = false;
  Status status = store_step(store, read, &row, "reading the totals", error);
  if (status != STATUS_OK) return status;
  if (row) read_totals(read, out);
  store_done(read);
  return STATUS_OK;
}

static Instant earlier(Instant a, Instant b) {
  return a < b ? a : b;
}

static Instant later(Instant a, Instant b) {
  return a > b ? a : b;
}

/* Finds out of which tracks the first or last play was lost and none that was gained takes its place. */
static Status find_losses(Store *store, Totals *totals, bool *any, Error *error) {
  *any = false;
  for (size_t i = 0; i < totals->changes.count; i++) {
    const Change *change = &totals->changes.items[i];
    if (!change->loss) continue;
    Loss *loss = &totals->losses.items[change->loss - 1];
    StoreTotals stored;
    Status status = store_total(store, change->track, &stored, error);
    if (status != STATUS_OK) return status;
    loss->needs_first = loss->first <= earlier(stored.first_played, change->first);
    loss->needs_last = loss->last >= later(stored.last_played, change->last);
    *any |= loss->needs_first || loss->needs_last;
  }
  return STATUS_OK;
}

static bool see(void *context, const StorePlay *play) {
  Totals *totals = context;
  uint32_t at = (size_t)play->track < totals->track_size ? totals->by_track[play->track] : 0;
  uint32_t lost = at ? totals->changes.items[at - 1].loss : 0;
  if (!lost || play->counted != COUNTED_PLAY) return true;
  Loss *loss = &totals->losses.items[lost - 1];
  loss->seen_first = earlier(loss->seen_first, play->played_at);
  loss->seen_last = later(loss->seen_last, play->played_at);
  return true;
}

static bool is_found(const Totals *totals) {
  for (size_t i = 0; i < totals->losses.count; i++) {
    const Loss *loss = &totals->losses.items[i];
    if (loss->seen_first > loss->seen_last && (loss->needs_first || loss->needs_last)) return false;
  }
  return true;
}

/* The play that takes the place of a lost first or last lies in the range of all changes, if the track has any there: what is outside did not
 * change, and the lost one lies between it and what is inside. */
static Status look_for_others(Store *store, Totals *totals, Error *error) {
  Status status = store_each_figure(store, totals->range, see, totals, error);
  if (status != STATUS_OK || is_found(totals)) return status;
  return store_each_figure(store, (InstantRange){INSTANT_MIN, INSTANT_MAX + 1}, see, totals, error);
}

static Status write_loss(Store *store, const Totals *totals, const Change *change, Error *error) {
  static const Loss none = {0};
  const Loss *loss = change->loss ? &totals->losses.items[change->loss - 1] : &none;
  StoreTotals now;
  Status status = store_total(store, change->track, &now, error);
  if (status != STATUS_OK) return status;
  now.plays += change->plays;
  now.skips += change->skips;
  now.listened_ms += change->listened_ms;
  now.first_played = loss->needs_first ? loss->seen_first : earlier(now.first_played, change->first);
  now.last_played = loss->needs_last ? loss->seen_last : later(now.last_played, change->last);
  return totals_put(store, now.plays || now.skips ? SQL_TOTALS_PUT : SQL_TOTALS_DROP, &now, error);
}

/* ---- gains: a virtual table in the order of the tracks ---- */

static bool only_gains(const Change *change) {
  return !change->loss && change->plays >= 0 && change->skips >= 0;
}

static size_t gain_rows(const void *rows) {
  return ((const Totals *)rows)->gains.count;
}

static void gain_cell(const void *rows, size_t row, int column, sqlite3_context *out) {
  const Totals *totals = rows;
  const Change *change = &totals->changes.items[totals->gains.items[row]];
  bool none = change->first > change->last;
  switch (column) {
    case 0: sqlite3_result_int64(out, change->track); break;
    case 1: sqlite3_result_int64(out, change->plays); break;
    case 2: sqlite3_result_int64(out, change->skips); break;
    case 3: sqlite3_result_int64(out, change->listened_ms); break;
    case 4:
      if (!none) sqlite3_result_int64(out, change->first);
      break;
    default:
      if (!none) sqlite3_result_int64(out, change->last);
  }
}

Status totals_feed_open(Store *store, Totals *totals, Error *error) {
  totals->feed = (RowFeed){"track_id, plays, skips, listened_ms, first_played, last_played", GAINS, totals, gain_rows, gain_cell};
  return row_feed_open(store, "gained_totals", &totals->feed, error);
}

static Status write_gains(Store *store, Totals *totals, Error *error) {
  totals->gains.count = 0;
  for (size_t track = 0; track < totals->track_size; track++) {
    uint32_t at = totals->by_track[track];
    const Change *change = at ? &totals->changes.items[at - 1] : NULL;
    if (change && only_gains(change) && (change->plays || change->skips || change->listened_ms)) vec_push(store->arena, &totals->gains, at - 1);
  }
  if (!totals->gains.count) return STATUS_OK;
  sqlite3_stmt *add = store_use(store, SQL_TOTALS_ADD, error);
  return add ? store_run(store, add, "storing the totals", error) : STATUS_FAILED;
}

/* ---- all changes ---- */

Status totals_write_changes(Store *store, Totals *totals, Error *error) {
  bool losses = false;
  Status status = find_losses(store, totals, &losses, error);
  if (status == STATUS_OK && losses) status = look_for_others(store, totals, error);
  for (size_t i = 0; status == STATUS_OK && i < totals->changes.count; i++) {
    const Change *change = &totals->changes.items[i];
    if (!only_gains(change)) status = write_loss(store, totals, change, error);
  }
  return status == STATUS_OK ? write_gains(store, totals, error) : status;
}
