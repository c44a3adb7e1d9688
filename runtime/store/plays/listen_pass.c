#include "store/plays/listens_int.h"

enum { LOOK_AHEAD = 8 };

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
  if (thing) totals_prefetch(listens->store, thing->track);
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

static Status pass(Listens *listens, Instant from, const InstantRange *dirty, Error *error) {
  listens->from = from;
  listens->from_next = INSTANT_MAX;
  Status status = take_plays(listens, from, dirty, error);
  return status == STATUS_OK ? clusters_finish(listens->clusters, error) : status;
}

Status listens_judge_range(Listens *listens, const InstantRange *dirty, Error *error) {
  Instant from = dirty->lo - LISTEN_BACK_MS - LISTEN_MARGIN_MS;
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

Status listens_judge_all(Listens *listens, Error *error) {
  listens->done_from = INSTANT_MAX;
  clusters_begin(listens->clusters, CLUSTERS_ALL);
  return pass(listens, INSTANT_MIN, NULL, error);
}
