#include "connectors/library/where_sql.h"

const PlanArg *library_where(const StageCall *call) {
  return call_arg(call, "where", 0);
}

const Batch *library_keep_where(StageCall *call, const Batch *batch) {
  const PlanArg *where = library_where(call);
  if (!where) return batch;
  call->report->rows_in += batch->selected;
  Expression condition = vm_bind(call->run, where->index, batch);
  uint32_t *selection = arena_array(call->run->arena, batch->selected, sizeof *selection);
  size_t kept = vm_filter(&condition, true, selection, &call->report->dropped_missing);
  return batch_select(call->run->arena, batch, selection, kept);
}

Status library_bits_of_tracks(const StageCall *call, Store *store, const WhereSql *where, LibraryBits *out, Error *error) {
  const StoreCondition *condition = &where->tables[WHERE_TRACKS];
  if (!condition->sql.length) return STATUS_OK;
  out->highest = (size_t)store_highest_track(store);
  out->bits = arena_array(call->run->arena, out->highest / 64 + 1, sizeof *out->bits);
  return store_tracks_where(store, condition, out->bits, out->highest, error);
}

Status library_bits_of_contexts(const StageCall *call, Store *store, const WhereSql *where, LibraryBits *out, Error *error) {
  const StoreCondition *condition = &where->tables[WHERE_CONTEXTS];
  if (!condition->sql.length) return STATUS_OK;
  out->highest = (size_t)store_highest_context(store);
  out->bits = arena_array(call->run->arena, out->highest / 64 + 1, sizeof *out->bits);
  return store_contexts_where(store, condition, out->bits, out->highest, error);
}
