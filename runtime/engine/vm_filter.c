#include "engine/vm_int.h"

/* A run of the stream that one comparison of a column with a constant narrows. Writing before knowing keeps the loop
 * free of branches. */
#define NARROW(opcode, condition)                        \
  case opcode:                                           \
    for (size_t i = 0; i < count; i++) {                 \
      uint32_t row = rows ? rows[i] : (uint32_t)i;       \
      const Value a = at->values[row], b = at->constant; \
      bool missing = missings && missings[row];          \
      out[kept] = row;                                   \
      kept += (size_t)((condition) & !missing);          \
      lost += missing;                                   \
    }                                                    \
    break;

/* `out` may be `rows`. */
static size_t narrow(const Instruction *at, const uint32_t *rows, size_t count, uint32_t *out,
                     uint64_t *dropped_missing) {
  const uint8_t *missings = at->missings;
  size_t kept = 0;
  uint64_t lost = 0;
  switch (at->op) {
    NARROW(FUSED_EQ_I, a.integer == b.integer)
    NARROW(FUSED_NE_I, a.integer != b.integer)
    NARROW(FUSED_LT_I, a.integer < b.integer)
    NARROW(FUSED_LE_I, a.integer <= b.integer)
    NARROW(FUSED_GT_I, a.integer > b.integer)
    NARROW(FUSED_GE_I, a.integer >= b.integer)
    NARROW(FUSED_EQ_F, a.number == b.number)
    NARROW(FUSED_NE_F, a.number != b.number)
    NARROW(FUSED_LT_F, a.number < b.number)
    NARROW(FUSED_LE_F, a.number <= b.number)
    NARROW(FUSED_GT_F, a.number > b.number)
    NARROW(FUSED_GE_F, a.number >= b.number)
  }
  *dropped_missing += lost;
  return kept;
}

/* Comparisons of columns with constants joined by `and`: each can narrow what the one before left, which is what the
 * jumps would do. */
static bool is_conjunction(const VmProgram *program) {
  for (uint32_t i = 0; i + 1 < program->length; i++) {
    const Instruction *at = &program->code[i];
    if (at->op >= OPCODE_COUNT) continue;
    if (at->op != OPCODE_AND) return false;
    uint16_t target = program->code[at->index].op;
    if (target != OPCODE_AND && target != OPCODE_RET) return false;
  }
  return program->length > 1;
}

static size_t filter_conjunction(const Expression *condition, uint32_t *out, uint64_t *dropped_missing) {
  const VmProgram *program = condition->program;
  const uint32_t *rows = condition->batch->selection;
  size_t count = condition->batch->selected;
  for (uint32_t i = 0; i < program->length; i++) {
    if (program->code[i].op < OPCODE_COUNT) continue;
    count = narrow(&program->code[i], rows, count, out, dropped_missing);
    rows = out;
  }
  return count;
}

size_t vm_filter(const Expression *condition, bool wanted, uint32_t *out, uint64_t *dropped_missing) {
  if (wanted && is_conjunction(condition->program)) return filter_conjunction(condition, out, dropped_missing);
  const Batch *batch = condition->batch;
  size_t kept = 0;
  for (size_t i = 0; i < batch->selected; i++) {
    size_t row = batch_row(batch, i);
    VmResult result = vm_run(condition->run, condition->program, row);
    bool truth = !result.missing && result.value.integer;
    if (truth == wanted) {
      out[kept++] = (uint32_t)row;
    } else {
      *dropped_missing += result.missing || result.met_missing;
    }
  }
  return kept;
}
