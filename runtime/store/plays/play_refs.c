#include "store/plays/play_refs_int.h"

void ref_remember(RefTable *table, IdKey key, int64_t id) {
  if (id > INT32_MAX || id < -INT32_MAX || !play_ids_put(table->ids, key, (int32_t)id)) table->knows_all = false;
}

static void forget(RefTable *table) {
  row_stage_clear(table->stage);
  table->handed_over = 0;
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

static void hand_over(RefTable *table, size_t least) {
  table->handed_over = row_stage_count(table->stage) >= least ? row_stage_hand_over(table->stage) : 0;
}

static Status store_handed_over(Store *store, Error *error) {
  const PlayRefs *refs = store->refs;
  Status status = refs->contexts.handed_over ? play_contexts_store(store, error) : STATUS_OK;
  return status == STATUS_OK && refs->tracks.handed_over ? play_tracks_store(store, error) : status;
}

Status play_refs_hand_over(Store *store, size_t least, Error *error) {
  PlayRefs *refs = store->refs;
  if (!refs || (row_stage_count(refs->tracks.stage) < least && row_stage_count(refs->contexts.stage) < least)) return STATUS_OK;
  Status status = store_wait(store, refs->stored, error); /* who has what was handed over before */
  if (status != STATUS_OK) return status;
  hand_over(&refs->contexts, least);
  hand_over(&refs->tracks, least);
  return store_work(store, store_handed_over, &refs->stored, error);
}

Status play_refs_flush(Store *store, Error *error) {
  PlayRefs *refs = store->refs;
  Status status = store_join(store, error);
  if (status != STATUS_OK || !refs || store_is_worker()) return status;
  refs->tracks.next = 0;
  if (!row_stage_count(refs->tracks.stage) && !row_stage_count(refs->contexts.stage)) return STATUS_OK;
  hand_over(&refs->contexts, 1);
  hand_over(&refs->tracks, 1);
  return store_handed_over(store, error);
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
