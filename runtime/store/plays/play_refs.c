#include "store/plays/play_refs_int.h"

void ref_remember(RefTable *table, IdKey key, int64_t id) {
  if (id > INT32_MAX || id < -INT32_MAX || !play_ids_put(table->ids, key, (int32_t)id)) table->knows_all = false;
}

Status play_refs_make_room(Store *store, RefTable *table, StoreJob *job, Error *error) {
  if (!table->knows_all && row_stage_count(table->stage)) return play_refs_flush(store, error);
  return row_stage_full(table->stage) ? row_stage_hand_over(table->stage, job, error) : STATUS_OK;
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

Status play_refs_hand_over(Store *store, size_t least, Error *error) {
  PlayRefs *refs = store->refs;
  if (!refs) return STATUS_OK;
  bool contexts = row_stage_count(refs->contexts.stage) >= least, tracks = row_stage_count(refs->tracks.stage) >= least;
  Status status = contexts ? row_stage_hand_over(refs->contexts.stage, play_contexts_store, error) : STATUS_OK;
  return status == STATUS_OK && tracks ? row_stage_hand_over(refs->tracks.stage, play_tracks_store, error) : status;
}

Status play_refs_flush(Store *store, Error *error) {
  if (store_is_worker()) return STATUS_OK;
  if (store->refs) store->refs->tracks.next = 0;
  Status status = play_refs_hand_over(store, 1, error);
  return status == STATUS_OK ? store_join(store, error) : status;
}

void play_refs_expect(const Store *store, const PlayHashes *hashes) {
  play_ids_prefetch(store->refs->tracks.ids, id_key(hashes->track));
  play_ids_prefetch(store->refs->contexts.ids, id_key(hashes->context));
}

void play_refs_clear(Store *store) {
  if (!store->refs) return;
  forget(&store->refs->tracks);
  forget(&store->refs->contexts);
}
