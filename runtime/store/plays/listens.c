#include "store/plays/listens_int.h"

#include <stdlib.h>
#include <string.h>

/* How far back plays are kept at hand for those that come next, a few hours out of order. */
#define RECENT_MS (LISTEN_BACK_MS + LISTEN_MARGIN_MS + INT64_C(21600000))
enum { RECENT_MOST = 16384 };

Listens *listens_of(Store *store) {
  if (store->listens) return store->listens;
  Listens *listens = arena_alloc(store->arena, sizeof *listens);
  listens->store = store;
  listens->clusters = clusters_new(store->arena, listens_write_cluster, listens);
  listens->known = listen_known_new(store);
  listens->recent_from = INSTANT_MAX;
  store->listens = listens;
  return listens;
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
  Status status = listens_judge_range(listens, &range, error);
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
  store->listens->unwritten.count = store->listens->handed_over.count = 0;
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
  Status status = listens_write_rows(listens, error);
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
    status = listens_judge_range(listens, &range, error);
  }
  if (status == STATUS_OK) status = listens_write_rows(listens, error);
  if (status == STATUS_OK) settle(listens);
  return status;
}
