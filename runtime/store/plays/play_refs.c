#include "store/plays/play_refs_int.h"

void ref_remember(RefTable *table, IdKey key, int64_t id) {
  if (id > INT32_MAX || id < -INT32_MAX || !play_ids_put(table->ids, key, (int32_t)id)) table->knows_all = false;
}

static void forget(RefTable *table) {
  row_stage_clear(table->stage);
  play_ids_clear(table->ids);
  table->next = 0;
  table->knows_all = table->asked = false;
  table->looked_up = 0;
}

Status play_refs_open(Store *store, Error *error) {
  if (store->refs) {
    play_refs_clear(store);
    return STATUS_OK;
  }
  PlayRefs *refs = arena_alloc(store->arena, sizeof *refs);
  refs->key.arena = refs->names.arena = store->arena;
  refs->tracks.ids = play_ids_new(store->arena);
  refs->contexts.ids = play_ids_new(store->arena);
  store->refs = refs;
  Status status = play_tracks_open(store, error);
  return status == STATUS_OK ? play_contexts_open(store, error) : status;
}

bool play_refs_wait(const Store *store) {
  const PlayRefs *refs = store->refs;
  return refs && !refs->flushing && (row_stage_count(refs->tracks.stage) || row_stage_count(refs->contexts.stage));
}

Status play_refs_flush(Store *store, Error *error) {
  if (!play_refs_wait(store)) return STATUS_OK;
  store->refs->flushing = true;
  Status status = play_contexts_flush(store, error);
  if (status == STATUS_OK) status = play_tracks_flush(store, error);
  store->refs->flushing = false;
  return status;
}

void play_refs_clear(Store *store) {
  if (!store->refs) return;
  forget(&store->refs->tracks);
  forget(&store->refs->contexts);
}
