/* vm_int.h: expression code as the evaluator runs it, made from a plan's bytes by vm_bind. */
#ifndef NARADA_ENGINE_VM_INT_H
#define NARADA_ENGINE_VM_INT_H

#include "engine/vm.h"
#include "plan/opcode.h"

/* A comparison of a column (left) with a constant (right) in one instruction. BOOL, TEXT equality and TIME compare like
 * INT. */
enum {
  FUSED_EQ_I = OPCODE_COUNT,
  FUSED_NE_I,
  FUSED_LT_I,
  FUSED_LE_I,
  FUSED_GT_I,
  FUSED_GE_I,
  FUSED_EQ_F,
  FUSED_NE_F,
  FUSED_LT_F,
  FUSED_LE_F,
  FUSED_GT_F,
  FUSED_GE_F,
};

typedef struct Instruction {
  uint16_t op;             /* an Opcode or FUSED_... */
  uint8_t missing;         /* CONST: its value is missing */
  Type type;               /* TO_TEXT: of the operand; IN_LIST: of the items */
  uint32_t index;          /* AND, OR: the instruction to jump to; CONCAT: how many; CALL: FunctionId */
  Value constant;          /* CONST and FUSED_...; PARAM, NOW, MISSING and whatever is constant become CONST */
  const Value *values;     /* COL and FUSED_... */
  const uint8_t *missings; /* the same; NULL = none is missing */
} Instruction;

/* What dates cover, by packed date: the C library's zone arithmetic costs a microsecond. */
enum { DATE_CACHE = 4096 };
struct DateCache {
  struct {
    int64_t packed;
    bool known;
    InstantRange range;
  } slots[DATE_CACHE];
};

struct VmProgram {
  Instruction *code;
  uint32_t length;
};

typedef struct Slot {
  Value value;
  bool missing;
} Slot;

VmResult vm_run(Run *run, const VmProgram *program, size_t row);

/* A scalar function of the imports; no argument is missing. */
Slot vm_call(Run *run, FunctionId function, const Slot *arguments);
/* How many arguments it takes and the type it gives. */
uint32_t function_arity(FunctionId function);
Type function_result(FunctionId function);

bool value_in_list(const Run *run, Type type, Value value, Value list);

#endif
