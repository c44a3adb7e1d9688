#include "plan/catalogue.h"
#include "signatures.h"

uint64_t stage_signature(StageId id) {
  return stage_signatures[id];
}

uint64_t field_signature(FieldId id) {
  return field_signatures[id];
}

uint64_t function_signature(FunctionId id) {
  return function_signatures[id];
}

Digest catalogue_digest(void) {
  return catalogue;
}
