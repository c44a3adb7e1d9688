#include "stages/slice.h"

Status stage_run_TAKE(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  *out = slice_rows(call, 0, call_count(call, "count", call->inputs[0]->selected));
  return STATUS_OK;
}
