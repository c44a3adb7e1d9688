/* opcode.h: the opcodes of expression code as data, from stdlib/opcodes.def. */
#ifndef NARADA_PLAN_OPCODE_H
#define NARADA_PLAN_OPCODE_H

typedef enum Opcode {
#define OPCODE(id, name, immediates, pops, pushes, doc) OPCODE_##id,
#include "opcodes.def"
#undef OPCODE
  OPCODE_COUNT
} Opcode;

/* The letters are explained in opcodes.def. */
typedef struct OpcodeDef {
  const char *name;
  const char *immediates; /* "" or one letter */
  const char *pops;
  const char *pushes;
} OpcodeDef;
const OpcodeDef *opcode_def(Opcode opcode);

#endif
