#include "store/plays/totals_int.h"

#include <string.h>

/* A waiting import has more changed tracks than the first of these; fewer are written at each commit. With the second it waits no longer: 5 MiB of them are kept at most. */
enum { WAIT_ABOVE = 2048, MOST_CHANGES = 1 << 17 };
static size_t wait_above = WAIT_ABOVE, most_changes = MOST_CHANGES;

void totals_test_waiting(size_t above, size_t most) {
  wait_above = above ? above : WAIT_ABOVE;
  most_changes = most ? most : MOST_CHANGES;
}

static void clear(Totals *totals) {
  for (size_t i = 0; i < totals->changes.count; i++) totals->by_track[totals->changes.items[i].track] = 0;
  totals->changes.count = 0;
  totals->losses.count = 0;
  totals->range = (InstantRange){INSTANT_MAX, INSTANT_MIN};
}

static Totals *totals_of(Store *store) {
  if (!store->totals) {
    store->totals = arena_alloc(store->arena, sizeof *store->totals);
    clear(store->totals);
  }
  return store->totals;
}

static Change *change_of(Store *store, int64_t track) {
  Totals *totals = totals_of(store);
  size_t at = (size_t)track;
  if (at >= totals->track_size) {
    size_t size = at + 1024 + totals->track_size / 2;
    totals->by_track = arena_grow(store->arena, totals->by_track, totals->track_size * sizeof *totals->by_track, size * sizeof *totals->by_track);
    totals->track_size = size;
  }
  if (!totals->by_track[at]) {
    vec_push(store->arena, &totals->changes, (Change){.track = (uint32_t)track, .first = INSTANT_MAX, .last = INSTANT_MIN});
    totals->by_track[at] = (uint32_t)totals->changes.count;
  }
  return &totals->changes.items[totals->by_track[at] - 1];
}

void totals_prefetch(const Store *store, int64_t track) {
  const Totals *totals = store->totals;
  uint32_t change = totals && (size_t)track < totals->track_size ? totals->by_track[track] : 0;
  if (change) __builtin_prefetch(&totals->changes.items[change - 1]);
}

static Loss *loss_of(Store *store, Change *change) {
  Totals *totals = store->totals;
  if (!change->loss) {
    vec_push(store->arena, &totals->losses, (Loss){.first = INSTANT_MAX, .last = INSTANT_MIN, .seen_first = INSTANT_MAX, .seen_last = INSTANT_MIN});
    change->loss = (uint32_t)totals->losses.count;
  }
  return &totals->losses.items[change->loss - 1];
}

static Status judge(Store *store, const TotalsListen *listen, Counted *out, Error *error) {
  *out = COUNTED_NOT;
  if (listen->track <= 0) return STATUS_OK;
  StorePlay play = {.track = listen->track, .played_at = listen->played_at, .ms_played = listen->ms_played, .context = listen->context};
  Status status = store_judge_play(store, &play, error);
  *out = play.counted;
  return status;
}

static Status move(Store *store, const TotalsListen *listen, int sign, Error *error) {
  Counted counted;
  Status status = judge(store, listen, &counted, error);
  if (status != STATUS_OK || counted == COUNTED_NOT) return status;
  Change *change = change_of(store, listen->track);
  if (counted == COUNTED_SKIP) {
    change->skips += sign;
    return STATUS_OK;
  }
  change->plays += sign;
  if (listen->ms_played > 0) change->listened_ms += sign * listen->ms_played;
  Loss *loss = sign > 0 ? NULL : loss_of(store, change);
  Instant *first = loss ? &loss->first : &change->first, *last = loss ? &loss->last : &change->last;
  if (listen->played_at < *first) *first = listen->played_at;
  if (listen->played_at > *last) *last = listen->played_at;
  return STATUS_OK;
}

Status totals_gain(Store *store, const TotalsListen *listen, Error *error) {
  return move(store, listen, 1, error);
}

Status totals_lose(Store *store, const TotalsListen *listen, Error *error) {
  return move(store, listen, -1, error);
}

static int64_t known_length(const TotalsListen *listen) {
  return listen->ms_played > 0 ? listen->ms_played : 0;
}

Status totals_turn(Store *store, const TotalsListen *was, const TotalsListen *is, Error *error) {
  Counted before, after;
  Status status = judge(store, was, &before, error);
  if (status == STATUS_OK) status = judge(store, is, &after, error);
  if (status != STATUS_OK) return status;
  if (was->track == is->track && was->played_at == is->played_at && before == COUNTED_PLAY && after == COUNTED_PLAY) {
    change_of(store, is->track)->listened_ms += known_length(is) - known_length(was);
    return STATUS_OK;
  }
  status = totals_lose(store, was, error);
  return status == STATUS_OK ? totals_gain(store, is, error) : status;
}

void totals_range(Store *store, InstantRange range) {
  InstantRange *all = &totals_of(store)->range;
  if (range.lo < all->lo) all->lo = range.lo;
  if (range.hi > all->hi) all->hi = range.hi;
}

void totals_stale(Store *store) {
  Totals *totals = totals_of(store);
  clear(totals);
  totals->stale = true;
}

void totals_forget(Store *store) {
  Totals *totals = store->totals;
  if (!totals) return;
  clear(totals);
  totals->stale = totals->waiting; /* changes that were committed are lost */
  totals->waiting = totals->state_known = totals->say_waiting = false;
}

/* ---- the state of the table ---- */

static void know_state(Store *store, TotalsState state) {
  Totals *totals = totals_of(store);
  totals->state = state;
  totals->state_known = true;
}

static Status read_state(Store *store, TotalsState *out, Error *error) {
  sqlite3_stmt *read = store_use(store, SQL_DERIVED_READ, error);
  if (!read) return STATUS_FAILED;
  bind_text(read, 1, TEXT_LITERAL("track_totals"));
  bool row = false;
  Status status = store_step(store, read, &row, "reading the totals", error);
  if (status != STATUS_OK) return status;
  int64_t state = row ? sqlite3_column_int64(read, 0) : STATE_STALE;
  *out = state == STATE_CURRENT ? STATE_CURRENT : state == STATE_IMPORTING ? STATE_IMPORTING : STATE_STALE;
  store_done(read);
  know_state(store, *out);
  return STATUS_OK;
}

static Status write_state(Store *store, TotalsState state, Error *error) {
  sqlite3_stmt *set = store_use(store, SQL_DERIVED_SET, error);
  if (!set) return STATUS_FAILED;
  bind_text(set, 1, TEXT_LITERAL("track_totals"));
  sqlite3_bind_int(set, 2, (int)state);
  know_state(store, state);
  return store_run(store, set, "storing the totals", error);
}

Status totals_import(Store *store, Error *error) {
  Totals *totals = totals_of(store);
  if (totals->state_known) return STATUS_OK;
  TotalsState state;
  return read_state(store, &state, error);
}

/* What is made anew needs no changes. */
static void forget_useless(Totals *totals) {
  if (totals && totals->stale) clear(totals);
}

/* Whether nothing is to be done before the last commit of an import. That may never come, so the table must say by now that it is not current. */
static bool waits(const Store *store) {
  const Totals *totals = store->totals;
  if (!totals || (!totals->changes.count && !totals->stale && !totals->waiting)) return true;
  bool said = totals->state_known && totals->state != STATE_CURRENT;
  return store->writers && ((totals->waiting && totals->changes.count < most_changes) || (totals->stale && said));
}

bool totals_hand_over(Store *store) {
  Totals *totals = store->totals;
  forget_useless(totals);
  if (waits(store)) return true;
  if (!store->writers || !totals->state_known || totals->waiting) return false;
  if (totals->state != STATE_CURRENT) return totals->stale = true; /* and says so */
  if (totals->stale || totals->changes.count <= wait_above) return false;
  totals->waiting = totals->say_waiting = true;
  return true;
}

Status totals_store(Store *store, Error *error) {
  Totals *totals = store->totals;
  if (!totals || !totals->say_waiting) return STATUS_OK;
  totals->say_waiting = false;
  return write_state(store, STATE_IMPORTING, error);
}

Status totals_commit(Store *store, Error *error) {
  Status told = totals_store(store, error);
  forget_useless(store->totals);
  if (told != STATUS_OK || waits(store)) return told;
  Totals *totals = store->totals;
  bool importing = store->writers != NULL;
  TotalsState state = STATE_STALE;
  Status status = read_state(store, &state, error);
  if (status != STATUS_OK) return status;
  if (importing && totals->changes.count > wait_above && state == STATE_CURRENT) {
    totals->waiting = true;
    return write_state(store, STATE_IMPORTING, error);
  }
  bool usable = !totals->stale && state == (totals->waiting ? STATE_IMPORTING : STATE_CURRENT);
  if (!usable && importing) return state == STATE_CURRENT ? write_state(store, STATE_STALE, error) : STATUS_OK;
  status = usable ? totals_write_changes(store, totals, error) : totals_rebuild(store, error);
  if (status == STATUS_OK && totals->waiting) status = write_state(store, STATE_CURRENT, error);
  if (status != STATUS_OK) return status;
  clear(totals);
  totals->waiting = totals->stale = false;
  return STATUS_OK;
}

/* ---- all of them ---- */

typedef struct Summing {
  StoreTotals *totals; /* by track */
  size_t highest;
} Summing;

static bool sum(void *context, const StorePlay *play) {
  Summing *summing = context;
  if (play->track <= 0 || (size_t)play->track > summing->highest || play->counted == COUNTED_NOT) return true;
  StoreTotals *mine = &summing->totals[play->track];
  if (play->counted == COUNTED_SKIP) {
    mine->skips++;
    return true;
  }
  if (!mine->plays++) mine->first_played = play->played_at; /* oldest first */
  mine->last_played = play->played_at;
  if (play->ms_played > 0) mine->listened_ms += play->ms_played;
  return true;
}

static Status write_sums(Store *store, Summing *summing, Error *error) {
  Status status = STATUS_OK;
  for (size_t track = 1; status == STATUS_OK && track <= summing->highest; track++) {
    StoreTotals *mine = &summing->totals[track];
    if (!mine->plays && !mine->skips) continue;
    mine->track = (int64_t)track;
    if (!mine->plays) mine->first_played = INSTANT_MAX, mine->last_played = INSTANT_MIN;
    status = totals_put(store, SQL_TOTALS_PUT, mine, error);
  }
  return status;
}

Status totals_rebuild(Store *store, Error *error) {
  if (store->durations) memset(store->durations, 0, store->duration_size * sizeof *store->durations);
  Summing summing = {.highest = (size_t)store_highest_track(store)};
  size_t size = (summing.highest + 1) * sizeof *summing.totals;
  summing.totals = arena_alloc(store->arena, size);
  Status status = store_each_figure(store, (InstantRange){INSTANT_MIN, INSTANT_MAX + 1}, sum, &summing, error);
  sqlite3_stmt *drop = status == STATUS_OK ? store_use(store, SQL_TOTALS_CLEAR, error) : NULL;
  if (status == STATUS_OK) status = drop ? store_run(store, drop, "storing the totals", error) : STATUS_FAILED;
  if (status == STATUS_OK) status = write_sums(store, &summing, error);
  arena_release(store->arena, summing.totals, size);
  if (status == STATUS_OK) status = write_state(store, STATE_CURRENT, error);
  if (status != STATUS_OK || !store->totals) return status;
  clear(store->totals);
  store->totals->waiting = store->totals->stale = false;
  return STATUS_OK;
}

Status totals_open(Store *store, Error *error) {
  TotalsState state = STATE_STALE;
  Status status = totals_feed_open(store, totals_of(store), error);
  if (status == STATUS_OK) status = read_state(store, &state, error);
  if (status != STATUS_OK || state == STATE_CURRENT) return status;
  bool began = false;
  status = store_enter(store, &began, error);
  if (status != STATUS_OK) return status;
  return store_leave(store, began, totals_rebuild(store, error), error);
}

/* ---- reading ---- */

Status store_has_totals(Store *store, bool *out, Error *error) {
  TotalsState state = STATE_STALE;
  Status status = play_writers_flush(store, error);
  if (status == STATUS_OK) status = read_state(store, &state, error);
  const Totals *totals = store->totals;
  *out = status == STATUS_OK && state == STATE_CURRENT && !(totals && (totals->changes.count || totals->stale || totals->waiting));
  return status;
}
