#include "store/plays/listens_int.h"
#include "store/worker.h"

enum { UNWRITTEN_MOST = 8192 };

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

bool listens_hand_over(Store *store) {
  Listens *listens = store->listens;
  if (!listens) return true;
  if (listens->dirty.count || listens->things.count) return false;
  ListenRows rows = listens->unwritten;
  listens->unwritten = listens->handed_over;
  listens->handed_over = rows;
  return true;
}

static Status put_rows(Store *store, ListenRows *rows, Error *error) {
  Status status = STATUS_OK;
  for (size_t i = 0; status == STATUS_OK && i < rows->count; i++) status = listen_row_put(store, &rows->items[i], error);
  rows->count = 0;
  return status;
}

Status listens_store(Store *store, Error *error) {
  return store->listens ? put_rows(store, &store->listens->handed_over, error) : STATUS_OK;
}

Status listens_write_rows(Listens *listens, Error *error) {
  Status status = listens->unwritten.count ? store_join(listens->store, error) : STATUS_OK; /* who may have older ones to write */
  return status == STATUS_OK ? put_rows(listens->store, &listens->unwritten, error) : status;
}

static Status put_row(Listens *listens, const ListenRow *row, bool found, const ListenRow *known, Error *error) {
  bool same = found && listen_row_same(row, known);
  listens->matched += found;
  listens->counts.changed += !same;
  if (same || listens->dry) return STATUS_OK;
  vec_push(listens->store->arena, &listens->unwritten, *row);
  return listens->unwritten.count < UNWRITTEN_MOST ? STATUS_OK : listens_write_rows(listens, error);
}

static Status find_row(Listens *listens, const ListenRow *row, bool *found, ListenRow *out, Error *error) {
  Status status = listens_write_rows(listens, error);
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

Status listens_write_cluster(void *context, const Observation *observations, const ListenPart *parts, size_t count, Error *error) {
  Listens *listens = context;
  Instant needed = observations[0].played_at - LISTEN_BACK_MS;
  if (needed < listens->from && listens->from > INSTANT_MIN) {
    if (needed - LISTEN_MARGIN_MS < listens->from_next) listens->from_next = needed - LISTEN_MARGIN_MS;
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
