/* code_next.h: expression code, one instruction after another. */
#ifndef NARADA_PLAN_CODE_NEXT_H
#define NARADA_PLAN_CODE_NEXT_H

#include "plan/opcode.h"
#include "plan/plan.h"

/* One instruction of code. */
typedef struct Instruction {
  Opcode opcode;
  uint32_t at, next;  /* offsets of it and of the one after it */
  uint64_t immediate; /* 0 if it has none; of a jump how many bytes behind `next` it leads */
} Instruction;

/* Reads the instruction at `*at` of any bytes whatever and steps over it. */
Status code_next(const PlanCode *code, uint32_t *at, Instruction *out, Error *error);

#endif
