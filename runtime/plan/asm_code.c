#include "plan/asm_items.h"

#include <inttypes.h>

/* The distance that brings a jump at `at` to `target`: it counts from behind the jump, whose length depends on it. */
static uint64_t distance(AsmText *from, size_t word, uint32_t at, uint64_t target) {
  for (uint32_t size = 1; size <= 5; size++) {
    uint64_t next = (uint64_t)at + 1 + size;
    if (target >= next && varint_size(target - next) == size) return target - next;
  }
  asm_fault(from, word, FAULT_ASM_CODE, "a jump leads forward, to the place of an instruction behind it");
  return 0;
}

static uint64_t operand(AsmText *from, Opcode opcode, uint32_t at) {
  char kind = opcode_def(opcode)->immediates[0];
  if (text_operand_letter(kind)) return asm_reference(from, text_operand_letter(kind), false);
  if (kind == 'y') return asm_type(from);
  if (kind != 'j') return asm_number(from, PLAN_NONE - 1, "the operand");
  asm_more(from);
  size_t word = from->at;
  uint64_t target = asm_hex(from, 0, "the place where the jump lands");
  return from->status == STATUS_OK ? distance(from, word, at, target) : 0;
}

static void instruction(AsmText *from, TextBuilder *code) {
  uint32_t at = (uint32_t)code->length;
  asm_more(from);
  size_t start = from->at;
  uint64_t place = asm_hex(from, 0, "the place of an instruction");
  if (place != at) asm_fault(from, start, FAULT_ASM_CODE, "this instruction stands at %04" PRIx32 " of its code", at);
  asm_more(from);
  start = from->at;
  Text name = asm_word(from, "the instruction");
  Opcode opcode = opcode_find(name);
  if (opcode == OPCODE_COUNT) {
    asm_fault(from, start, FAULT_ASM_WORD, "there is no instruction `" TEXT_FORMAT "`; stdlib/opcodes.def lists them",
              TEXT_ARG(text_escaped(from->arena, (Text){name.bytes, name.length < 40 ? name.length : 40})));
  }
  if (from->status != STATUS_OK) return;
  write_byte(code, (unsigned)opcode);
  if (opcode_def(opcode)->immediates[0]) write_varint(code, operand(from, opcode, at));
  asm_end_line(from);
}

void asm_instructions(Assembler *into, PlanCode *code) {
  TextBuilder bytes = {.arena = into->arena};
  AsmText *from = &into->from;
  while (from->status == STATUS_OK && !from->over && from->inner) {
    if (bytes.length > PLAN_MAX_CODE)
      asm_fault(from, from->at, FAULT_PLAN_LIMIT, "the code has more than %d bytes", PLAN_MAX_CODE);
    instruction(from, &bytes);
  }
  code->bytes = (const uint8_t *)(bytes.length ? bytes.bytes : "");
  code->length = (uint32_t)bytes.length;
}
