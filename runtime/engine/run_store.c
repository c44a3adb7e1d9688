#include "engine/run.h"
#include "store/store.h"

static bool writes_library(const Run *run) {
  if (run->options.dry_run) return false;
  for (uint32_t i = 0; i < run->plan->effect_count; i++) {
    const PlanEffect *effect = &run->plan->effects[i];
    if (effect->connector == CONNECTOR_LIBRARY && effect->effect == EFFECT_WRITE) return true;
  }
  return false;
}

Status run_store(Run *run, Store **out, Error *error) {
  *out = run->store;
  if (run->store || run->store_absent) return STATUS_OK;
  Text path;
  Status status = store_default_path(run->arena, run->options.store_path, &path, error);
  if (status) return status;
  bool write = writes_library(run);
  if (!write && !store_exists(path.bytes)) {
    run->store_absent = true;
    run_notice(run, PLAN_NONE, false, "there is no store at " TEXT_FORMAT " yet; the library counts as empty",
               TEXT_ARG(path));
    return STATUS_OK;
  }
  status = store_open(run->arena, path.bytes, write ? STORE_WRITE : STORE_READ, run->options.now, &run->store, error);
  *out = run->store;
  return status;
}
