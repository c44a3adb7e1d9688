#include "plan/opcode.h"

static const OpcodeDef opcodes[OPCODE_COUNT] = {
#define OPCODE(id, name, immediates, pops, pushes, doc) {name, immediates, pops, pushes, doc},
#include "opcodes.def"
#undef OPCODE
};

const OpcodeDef *opcode_def(Opcode opcode) {
  return &opcodes[opcode];
}

Opcode opcode_find(Text name) {
  for (int opcode = 0; opcode < OPCODE_COUNT; opcode++) {
    if (text_is(name, opcodes[opcode].name)) return (Opcode)opcode;
  }
  return OPCODE_COUNT;
}
