#include "stages/slice.h"

Status stage_run_SKIP(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  size_t rows = call->inputs[0]->selected;
  size_t skipped = call_count(call, "count", rows);
  *out = slice_rows(call, skipped, rows - skipped);
  return STATUS_OK;
}
