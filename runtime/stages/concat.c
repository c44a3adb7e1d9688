#include "engine/stage.h"

Status stage_run_CONCAT(StageCall *call, const Batch **out, Error *error) {
  Status status = gather_check(call, error);
  if (status == STATUS_OK) *out = batch_gather(call, NULL, 0);
  return status;
}
