#include "stages/slice.h"

Status stage_run_LAST(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  size_t rows = call->inputs[0]->selected;
  size_t count = call_count(call, "count", rows);
  *out = slice_rows(call, rows - count, count);
  return STATUS_OK;
}
