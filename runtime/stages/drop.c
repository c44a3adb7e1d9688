#include "stages/filter.h"

/* A comparison with a missing value is false, so a row is only dropped for one where the condition negates it. */
Status stage_run_DROP(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  *out = filter_rows(call, false);
  return STATUS_OK;
}
