#include "store/plays/totals.h"

#include <stdlib.h>
#include <string.h>

#include "store/plays/play_refs.h"

/* How much further back than it must a stretch begins, so that it hardly ever has to begin again. */
enum { MARGIN_MS = 600000 };
/* How far back plays are kept at hand for those that come next, a few hours out of order. */
#define RECENT_MS (LISTEN_BACK_MS + MARGIN_MS + INT64_C(21600000))
enum { RECENT_MOST = 16384, UNWRITTEN_MOST = 1024, LOOK_AHEAD = 8 };

struct Listens {
  Store *store;
  ListenClusters *clusters;
  ListenKnown *known;
  VEC(InstantRange) dirty; /* both ends belong to it */
  VEC(int64_t) things;     /* changed */
  int64_t first_new;       /* id of the first play that is not in any listen yet; 0 = all are */
  const StagedPlay *staged; /* new plays, in order of time, that are in the store or on their way; NULL = none */
  size_t staged_count;
  Instant staged_after; /* what came before them ended here */
  VEC(StagedPlay) recent; /* all plays of the store from `recent_from` on, in order; only while new ones go on from them */
  Instant recent_from;
  VEC(ListenRow) unwritten; /* rows for play_listens */
  /* The pass at hand: */
  Instant from;      /* what began earlier was not read */
  Instant from_next; /* where a cluster was cut off: begin there and read again; INSTANT_MAX = none was */
  Instant done_from; /* the pass before began there, and did what was not cut off; INSTANT_MAX = there was none */
  bool all;          /* everything is judged */
  bool fresh;        /* the table is empty */
  bool dry;          /* only count */
  bool recheck;      /* also what is alone may have been part of something */
  ListenCounts counts;
  uint64_t matched; /* rows that are there under the same key */
};

static Status visit_cluster(void *context, const Observation *observations, const ListenPart *parts, size_t count, Error *error);

static Listens *listens_of(Store *store) {
  if (store->listens) return store->listens;
  Listens *listens = arena_alloc(store->arena, sizeof *listens);
  listens->store = store;
  listens->clusters = clusters_new(store->arena, visit_cluster, listens);
  listens->known = listen_known_new(store, listens->clusters);
  listens->recent_from = INSTANT_MAX;
  store->listens = listens;
  return listens;
}

/* ---- writing what a cluster gives ---- */

static void fill_head(const Observation *observations, const ListenPart *parts, size_t count, size_t at, ListenRow *row) {
  const ListenPart *part = &parts[at];
  const Observation *circumstances = &observations[part->circumstances];
  row->listen_track = observations[part->identity].thing->id;
  row->listen_ms_played = part->ms_played;
  row->listen_context = circumstances->context;
  row->has_offline_at = circumstances->has_offline_at;
  row->offline_at = circumstances->offline_at;
  row->divergent = part->divergent;
  for (size_t i = 0; i < count; i++) {
    if (parts[i].head != at) continue;
    int64_t distance = observations[i].played_at - row->played_at;
    if (-distance > row->before_ms) row->before_ms = -distance;
    if (distance > row->after_ms) row->after_ms = distance;
  }
}

static Status write_rows(Listens *listens, Error *error) {
  Status status = STATUS_OK;
  for (size_t i = 0; status == STATUS_OK && i < listens->unwritten.count; i++) status = listen_row_put(listens->store, &listens->unwritten.items[i], error);
  listens->unwritten.count = 0;
  return status;
}

static Status put_row(Listens *listens, const ListenRow *row, bool found, const ListenRow *known, Error *error) {
  bool same = found && listen_row_same(row, known);
  listens->matched += found;
  listens->counts.changed += !same;
  if (same || listens->dry) return STATUS_OK;
  vec_push(listens->store->arena, &listens->unwritten, *row);
  return listens->unwritten.count < UNWRITTEN_MOST ? STATUS_OK : write_rows(listens, error);
}

static Status find_row(Listens *listens, const ListenRow *row, bool *found, ListenRow *out, Error *error) {
  Status status = write_rows(listens, error);
  return status == STATUS_OK ? listen_row_find(listens->store, row, found, out, error) : status;
}

static TotalsListen by_itself(const Observation *observation) {
  return (TotalsListen){observation->thing->track, observation->played_at, observation->ms_played, observation->context};
}

static bool is_new_play(const Listens *listens, const Observation *observation) {
  return listens->first_new && observation->play >= listens->first_new;
}

static Status listen_of_row(Listens *listens, const ListenRow *row, TotalsListen *out, Error *error) {
  const ListenThing *thing = NULL;
  Status status = listen_thing(listens->known, row->listen_track, &thing, error);
  if (status == STATUS_OK) *out = (TotalsListen){thing->track, row->played_at, row->listen_ms_played, (uint32_t)row->listen_context};
  return status;
}

/* Moves the totals from what the observation was to what it is. `known` is its row until now, NULL = it had none. */
static Status move_totals(Listens *listens, const Observation *mine, bool is_new, const ListenRow *known, const ListenRow *row, Error *error) {
  Store *store = listens->store;
  TotalsListen was = by_itself(mine), is = was;
  Status status = STATUS_OK;
  bool counted_before = !is_new && (!known || known->role == LISTEN_HEAD), counts = row->role == LISTEN_ALONE || row->role == LISTEN_HEAD;
  if (known && known->role == LISTEN_HEAD) status = listen_of_row(listens, known, &was, error);
  if (status == STATUS_OK && row->role == LISTEN_HEAD) status = listen_of_row(listens, row, &is, error);
  bool same = counted_before == counts && was.track == is.track && was.ms_played == is.ms_played && was.context == is.context;
  if (status != STATUS_OK || same) return status;
  if (counted_before && counts) return totals_turn(store, &was, &is, error);
  if (counted_before) return totals_lose(store, &was, error);
  return counts ? totals_gain(store, &is, error) : STATUS_OK;
}

static Status write_part(Listens *listens, const Observation *observations, const ListenPart *parts, size_t count, size_t at, Error *error) {
  const Observation *mine = &observations[at];
  ListenRow known, row = {.played_at = mine->played_at, .connector_track = mine->thing->id, .ms_played = mine->ms_played, .role = parts[at].role};
  bool is_new = is_new_play(listens, mine), found = false;
  Status status = STATUS_OK;
  listens->counts.roles[row.role]++;
  if (listens->all && row.role == LISTEN_ALONE) return STATUS_OK;
  if (!listens->fresh && !is_new) status = find_row(listens, &row, &found, &known, error);
  if (status != STATUS_OK) return status;
  if (row.role == LISTEN_ALONE) {
    status = found ? listen_row_delete(listens->store, &row, error) : STATUS_OK;
  } else {
    row.listen = observations[parts[at].head].play;
    if (row.role == LISTEN_HEAD) fill_head(observations, parts, count, at, &row);
    status = put_row(listens, &row, found, &known, error);
  }
  if (status != STATUS_OK || listens->all) return status;
  return move_totals(listens, mine, is_new, found ? &known : NULL, &row, error);
}

static Status visit_cluster(void *context, const Observation *observations, const ListenPart *parts, size_t count, Error *error) {
  Listens *listens = context;
  Instant needed = observations[0].played_at - LISTEN_BACK_MS;
  if (needed < listens->from && listens->from > INSTANT_MIN) {
    if (needed - MARGIN_MS < listens->from_next) listens->from_next = needed - MARGIN_MS;
    return STATUS_OK;
  }
  if (needed >= listens->done_from) return STATUS_OK;
  if (count == 1 && !listens->all && is_new_play(listens, &observations[0])) {
    TotalsListen listen = by_itself(&observations[0]);
    listens->counts.roles[LISTEN_ALONE]++;
    return totals_gain(listens->store, &listen, error);
  }
  bool settled = count == 1 && !listens->recheck && !is_new_play(listens, &observations[0]);
  for (size_t i = 0; i < count && !settled; i++) {
    Status status = write_part(listens, observations, parts, count, i, error);
    if (status != STATUS_OK) return status;
  }
  return STATUS_OK;
}

/* ---- reading the plays ---- */

static Status observe(Listens *listens, const StagedPlay *play, Observation *out, Error *error) {
  const ListenContext *about = NULL;
  *out = (Observation){.played_at = play->played_at,
                       .ms_played = play->ms_played,
                       .play = play->id,
                       .context = (uint32_t)play->context,
                       .has_offline_at = play->has_offline_delta};
  if (out->has_offline_at) out->offline_at = play->played_at + play->offline_delta;
  Status status = listen_context(listens->known, out->context, &about, error);
  if (status != STATUS_OK) return status;
  out->channel = about->channel;
  out->how = about->how;
  return listen_thing(listens->known, play->connector_track, &out->thing, error);
}

/* `*more` is false if the play and all after it are of no concern to what is dirty. */
static Status take(Listens *listens, const StagedPlay *play, const InstantRange *dirty, bool *more, Error *error) {
  Instant at = play->played_at;
  *more = !dirty || at <= dirty->hi || at <= clusters_dirty_until(listens->clusters);
  if (!*more) return STATUS_OK;
  Observation observation;
  Status status = observe(listens, play, &observation, error);
  if (status != STATUS_OK) return status;
  observation.dirty = dirty && at >= dirty->lo && at <= dirty->hi;
  listens->counts.observations++;
  return clusters_add(listens->clusters, &observation, error);
}

static StagedPlay read_play(sqlite3_stmt *each) {
  return (StagedPlay){.played_at = sqlite3_column_int64(each, 0),
                      .connector_track = sqlite3_column_int64(each, 1),
                      .ms_played = sqlite3_column_int64(each, 2),
                      .id = sqlite3_column_int64(each, 3),
                      .context = sqlite3_column_int64(each, 4),
                      .has_offline_delta = sqlite3_column_type(each, 5) != SQLITE_NULL,
                      .offline_delta = sqlite3_column_int64(each, 5)};
}

static Status take_stored(Listens *listens, Instant from, const InstantRange *dirty, bool *more, Error *error) {
  Store *store = listens->store;
  Instant until = listens->staged ? listens->staged_after : INSTANT_MAX;
  if (from > until) return STATUS_OK;
  sqlite3_stmt *each = store_use(store, SQL_LISTEN_PLAYS, error);
  if (!each) return STATUS_FAILED;
  sqlite3_bind_int64(each, 1, from);
  bool row = false;
  Status status = store_step(store, each, &row, "reading the listens", error);
  while (status == STATUS_OK && row && *more) {
    StagedPlay play = read_play(each);
    if (play.played_at > until) break;
    status = take(listens, &play, dirty, more, error);
    if (status == STATUS_OK && *more) status = store_step(store, each, &row, "reading the listens", error);
  }
  store_done(each);
  return status;
}

/* What comes next refers to things all over the memory. */
static void expect(const Listens *listens, const StagedPlay *plays, size_t count, size_t at) {
  if (at + 2 * LOOK_AHEAD < count) listen_thing_prefetch(listens->known, plays[at + 2 * LOOK_AHEAD].connector_track);
  const ListenThing *thing = at + LOOK_AHEAD < count ? listen_thing_known(listens->known, plays[at + LOOK_AHEAD].connector_track) : NULL;
  if (!thing) return;
  clusters_prefetch(listens->clusters, thing);
  totals_prefetch(listens->store, thing->track);
}

static Status take_each(Listens *listens, const StagedPlay *plays, size_t count, Instant from, const InstantRange *dirty, bool *more, Error *error) {
  Status status = STATUS_OK;
  for (size_t i = 0; i < count && status == STATUS_OK && *more; i++) {
    expect(listens, plays, count, i);
    if (plays[i].played_at >= from) status = take(listens, &plays[i], dirty, more, error);
  }
  return status;
}

static Status take_plays(Listens *listens, Instant from, const InstantRange *dirty, Error *error) {
  bool more = true;
  if (listens->staged && from >= listens->recent_from) return take_each(listens, listens->recent.items, listens->recent.count, from, dirty, &more, error);
  Status status = take_stored(listens, from, dirty, &more, error);
  if (status != STATUS_OK || !listens->staged) return status;
  Instant later = listens->staged_after < from ? from : listens->staged_after + 1;
  return take_each(listens, listens->staged, listens->staged_count, later, dirty, &more, error);
}

/* Judges the clusters that touch [dirty->lo, dirty->hi], or all of them if it is NULL. */
static Status pass(Listens *listens, Instant from, const InstantRange *dirty, Error *error) {
  listens->from = from;
  listens->from_next = INSTANT_MAX;
  Status status = take_plays(listens, from, dirty, error);
  return status == STATUS_OK ? clusters_finish(listens->clusters, error) : status;
}

static Status judge_range(Listens *listens, const InstantRange *dirty, Error *error) {
  Instant from = dirty->lo - LISTEN_BACK_MS - MARGIN_MS;
  listens->done_from = INSTANT_MAX;
  for (;;) {
    if (from < INSTANT_MIN) from = INSTANT_MIN;
    clusters_begin(listens->clusters, CLUSTERS_DIRTY);
    Status status = pass(listens, from, dirty, error);
    if (status != STATUS_OK) return status;
    if (listens->from_next == INSTANT_MAX) break;
    listens->done_from = from;
    from = listens->from_next;
  }
  Instant until = clusters_dirty_until(listens->clusters);
  totals_range(listens->store, (InstantRange){from, (until > dirty->hi ? until : dirty->hi) + 1});
  return STATUS_OK;
}

/* ---- what is dirty ---- */

static void note_range(Listens *listens, Instant lo, Instant hi) {
  InstantRange *last = listens->dirty.count ? &listens->dirty.items[listens->dirty.count - 1] : NULL;
  if (last && lo >= last->lo && lo <= last->hi + LISTEN_BACK_MS) {
    if (hi > last->hi) last->hi = hi;
  } else {
    vec_push(listens->store->arena, &listens->dirty, (InstantRange){lo, hi});
  }
}

static void note(Listens *listens, const StagedPlay *plays, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (!listens->first_new || plays[i].id < listens->first_new) listens->first_new = plays[i].id;
  }
  for (size_t i = 0; i < count; i++) note_range(listens, plays[i].played_at, plays[i].played_at);
}

static bool is_pending(const Listens *listens) {
  return listens->dirty.count || listens->things.count;
}

static void forget_recent(Listens *listens) {
  listens->recent.count = 0;
  listens->recent_from = INSTANT_MAX;
}

/* New plays; `highest` was the latest before them. */
static void add_recent(Listens *listens, const StagedPlay *plays, size_t count, Instant highest) {
  if (listens->recent_from == INSTANT_MAX) listens->recent_from = highest < INSTANT_MIN ? INSTANT_MIN : highest + 1;
  for (size_t i = 0; i < count; i++)
    if (plays[i].played_at >= listens->recent_from) vec_push(listens->store->arena, &listens->recent, plays[i]);
  staged_plays_order(listens->recent.items, listens->recent.count);
}

static void trim_recent(Listens *listens) {
  if (!listens->recent.count) return;
  Instant from = listens->recent.items[listens->recent.count - 1].played_at - RECENT_MS;
  if (from < listens->recent_from) from = listens->recent_from;
  size_t old = 0;
  while (listens->recent.items[old].played_at < from) old++;
  listens->recent.count -= old;
  memmove(listens->recent.items, listens->recent.items + old, listens->recent.count * sizeof *listens->recent.items);
  listens->recent_from = from;
  if (listens->recent.count > RECENT_MOST) forget_recent(listens);
}

static void settle(Listens *listens) {
  listens->dirty.count = 0;
  listens->things.count = 0;
  listens->first_new = 0;
}

/* A history comes in the order of time, so its plays are judged while they are at hand; what must be read besides them
 * are the few hours before. */
Status listens_add(Store *store, const StagedPlay *plays, size_t count, Instant highest, Error *error) {
  Listens *listens = listens_of(store);
  bool pending = is_pending(listens);
  note(listens, plays, count);
  if (pending || (highest > INSTANT_MIN && plays[0].played_at < highest - LISTEN_BACK_MS)) {
    forget_recent(listens);
    return STATUS_OK;
  }
  add_recent(listens, plays, count, highest);
  InstantRange range = {plays[0].played_at, plays[count - 1].played_at};
  listens->staged = plays;
  listens->staged_count = count;
  listens->staged_after = highest;
  listens->all = listens->fresh = listens->dry = listens->recheck = false;
  Status status = judge_range(listens, &range, error);
  listens->staged = NULL;
  trim_recent(listens);
  if (status == STATUS_OK) settle(listens);
  return status;
}

void listens_know_thing(Store *store, const ListenNewThing *thing) {
  listen_know_thing(listens_of(store)->known, thing);
}

void listens_know_context(Store *store, int64_t context, Text source, Text reason_end) {
  listen_know_context(listens_of(store)->known, (uint32_t)context, source, reason_end);
}

void listens_note_thing(Store *store, int64_t connector_track) {
  Listens *listens = listens_of(store);
  listen_forget_thing(listens->known, connector_track);
  vec_push(store->arena, &listens->things, connector_track);
}

void listens_forget(Store *store) {
  if (!store->listens) return;
  settle(store->listens);
  forget_recent(store->listens);
  store->listens->unwritten.count = 0;
  store->listens->staged = NULL;
  listen_forget_all(store->listens->known);
}

static int by_number(const void *a, const void *b) {
  const int64_t *x = a, *y = b;
  return *x < *y ? -1 : *x > *y;
}

/* The plays of changed things are dirty. There is no index from things to plays, for things hardly ever change. */
static Status note_plays_of_things(Listens *listens, Error *error) {
  Store *store = listens->store;
  qsort(listens->things.items, listens->things.count, sizeof *listens->things.items, by_number);
  sqlite3_stmt *each = store_use(store, SQL_LISTEN_PLAYS, error);
  if (!each) return STATUS_FAILED;
  sqlite3_bind_int64(each, 1, INSTANT_MIN);
  bool row = false;
  Status status = store_step(store, each, &row, "reading the listens", error);
  while (status == STATUS_OK && row) {
    int64_t thing = sqlite3_column_int64(each, 1), at = sqlite3_column_int64(each, 0);
    if (bsearch(&thing, listens->things.items, listens->things.count, sizeof thing, by_number)) note_range(listens, at, at);
    status = store_step(store, each, &row, "reading the listens", error);
  }
  if (status == STATUS_OK) store_done(each);
  return status;
}

static int by_time(const void *a, const void *b) {
  const InstantRange *x = a, *y = b;
  return x->lo < y->lo ? -1 : x->lo > y->lo;
}

Status listens_refresh(Store *store, Error *error) {
  Listens *listens = store->listens;
  if (!listens) return STATUS_OK;
  forget_recent(listens);
  Status status = write_rows(listens, error);
  if (status != STATUS_OK || !is_pending(listens)) return status;
  listens->recheck = listens->things.count > 0;
  if (listens->recheck) totals_stale(store);
  status = listens->recheck ? note_plays_of_things(listens, error) : STATUS_OK;
  if (listens->dirty.count) qsort(listens->dirty.items, listens->dirty.count, sizeof *listens->dirty.items, by_time);
  listens->all = listens->fresh = listens->dry = false;
  for (size_t i = 0; status == STATUS_OK && i < listens->dirty.count;) {
    InstantRange range = listens->dirty.items[i++];
    for (; i < listens->dirty.count && listens->dirty.items[i].lo <= range.hi + LISTEN_BACK_MS; i++)
      if (listens->dirty.items[i].hi > range.hi) range.hi = listens->dirty.items[i].hi;
    status = judge_range(listens, &range, error);
  }
  if (status == STATUS_OK) status = write_rows(listens, error);
  if (status == STATUS_OK) settle(listens);
  return status;
}

/* ---- all of them ---- */

static Status everything(Listens *listens, Error *error) {
  listens->counts = (ListenCounts){0};
  listens->matched = 0;
  listens->all = true;
  listens->first_new = 0;
  listens->done_from = INSTANT_MAX;
  clusters_begin(listens->clusters, CLUSTERS_ALL);
  Status status = pass(listens, INSTANT_MIN, NULL, error);
  if (status == STATUS_OK) status = write_rows(listens, error);
  uint64_t *roles = listens->counts.roles;
  roles[LISTEN_ALONE] = listens->counts.observations - roles[LISTEN_HEAD] - roles[LISTEN_DUPLICATE] - roles[LISTEN_FRAGMENT] - roles[LISTEN_MERGED];
  return status;
}

static Status rebuild(Listens *listens, Error *error) {
  Store *store = listens->store;
  int64_t rows = 0;
  Status status = store_number(store, "SELECT count(*) FROM play_listens", &rows, error);
  if (status != STATUS_OK) return status;
  listen_forget_all(listens->known);
  listens->fresh = rows == 0;
  status = everything(listens, error);
  uint64_t stale = (uint64_t)rows - listens->matched;
  if (status != STATUS_OK || !stale) return status;
  uint64_t changed = listens->counts.changed + stale;
  if (!listens->dry) {
    sqlite3_stmt *clear = store_use(store, SQL_LISTEN_CLEAR, error);
    if (!clear || store_run(store, clear, "storing the listens", error) != STATUS_OK) return STATUS_FAILED;
    listens->fresh = true;
    status = everything(listens, error);
  }
  listens->counts.changed = changed;
  return status;
}

Status listens_set_current(Store *store, Error *error) {
  sqlite3_stmt *set = store_use(store, SQL_DERIVED_SET, error);
  if (!set) return STATUS_FAILED;
  bind_text(set, 1, TEXT_LITERAL("listens"));
  sqlite3_bind_int(set, 2, 1);
  return store_run(store, set, "storing the listens", error);
}

Status store_rebuild_listens(Store *store, bool dry_run, ListenCounts *out, Error *error) {
  Listens *listens = listens_of(store);
  listens->dry = dry_run;
  if (dry_run) {
    Status status = play_writers_flush(store, error);
    listens->dry = true;
    if (status == STATUS_OK) status = rebuild(listens, error);
    *out = listens->counts;
    return status;
  }
  bool began = false;
  Status status = store_enter(store, &began, error);
  if (status != STATUS_OK) return status;
  status = play_writers_flush(store, error);
  listens->dry = false;
  if (status == STATUS_OK) status = rebuild(listens, error);
  store->listens_version++;
  if (status == STATUS_OK) status = totals_rebuild(store, error);
  if (status == STATUS_OK) status = listens_set_current(store, error);
  *out = listens->counts;
  return store_leave(store, began, status, error);
}

Status listens_open(Store *store, Error *error) {
  sqlite3_stmt *read = store_use(store, SQL_DERIVED_READ, error);
  if (!read) return STATUS_FAILED;
  bind_text(read, 1, TEXT_LITERAL("listens"));
  bool row = false;
  Status status = store_step(store, read, &row, "opening it", error);
  if (status != STATUS_OK) return status;
  bool current = row && sqlite3_column_int(read, 0) == 1;
  store_done(read);
  ListenCounts counts;
  return current ? STATUS_OK : store_rebuild_listens(store, false, &counts, error);
}
