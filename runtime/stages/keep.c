#include "stages/filter.h"

Status stage_run_KEEP(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  *out = filter_rows(call, true);
  return STATUS_OK;
}
