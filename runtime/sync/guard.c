#include "sync/guard.h"

bool guard_wants_consent(uint64_t before, uint64_t removed, uint64_t after) {
  if (before && !after) return true;
  return removed > GUARD_ENTRIES && removed * 2 > before;
}
