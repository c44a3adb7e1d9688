#include "plan/build_int.h"

/* An instruction before its place is known. */
typedef struct Pending {
  uint8_t opcode;
  bool is_jump;
  uint32_t immediate; /* of a jump: the number of the instruction it leads to */
  uint32_t at;        /* offset, once laid out */
} Pending;

struct CodeBuilder {
  PlanBuilder *builder;
  uint32_t schema;
  VEC(Pending) items;
};

CodeBuilder *code_builder_new(PlanBuilder *builder, uint32_t schema) {
  CodeBuilder *code = arena_alloc(builder->arena, sizeof *code);
  code->builder = builder;
  code->schema = schema;
  return code;
}

void code_emit(CodeBuilder *code, int opcode) {
  vec_push(code->builder->arena, &code->items, (Pending){.opcode = (uint8_t)opcode});
}

void code_emit_index(CodeBuilder *code, int opcode, uint32_t index) {
  vec_push(code->builder->arena, &code->items, (Pending){.opcode = (uint8_t)opcode, .immediate = index});
}

uint32_t code_emit_jump(CodeBuilder *code, int opcode) {
  vec_push(code->builder->arena, &code->items, (Pending){.opcode = (uint8_t)opcode, .is_jump = true});
  return (uint32_t)code->items.count - 1;
}

void code_bind(CodeBuilder *code, uint32_t mark) {
  code->items.items[mark].immediate = (uint32_t)code->items.count;
}

/* The immediate as it is written; of a jump the distance from the next instruction to the target. */
static uint32_t written_immediate(const CodeBuilder *code, size_t i) {
  const Pending *item = &code->items.items[i];
  if (!item->is_jump) return item->immediate;
  if (item->immediate <= i || item->immediate >= code->items.count) return 0; /* never bound */
  return code->items.items[item->immediate].at - code->items.items[i + 1].at;
}

static bool has_immediate(const Pending *item) {
  return item->opcode < OPCODE_COUNT && opcode_def((Opcode)item->opcode)->immediates[0] != '\0';
}

/* Gives every instruction its offset. The size of a jump depends on its distance, which depends on the sizes between:
 * starting from the smallest sizes, offsets only grow, so this ends, and with the shortest form of every jump. */
static void lay_out(CodeBuilder *code) {
  for (bool moved = true; moved;) {
    moved = false;
    uint32_t at = 0;
    for (size_t i = 0; i < code->items.count; i++) {
      Pending *item = &code->items.items[i];
      moved = moved || item->at != at;
      item->at = at;
      at += 1;
      if (has_immediate(item)) at += (uint32_t)varint_size(i + 1 < code->items.count ? written_immediate(code, i) : 0);
    }
  }
}

uint32_t code_finish(CodeBuilder *code, Type result) {
  PlanBuilder *builder = code->builder;
  code_emit(code, OPCODE_RET);
  lay_out(code);
  TextBuilder bytes = {.arena = builder->arena};
  for (size_t i = 0; i < code->items.count; i++) {
    write_byte(&bytes, code->items.items[i].opcode);
    if (has_immediate(&code->items.items[i])) write_varint(&bytes, written_immediate(code, i));
  }
  PlanCode made = {.schema = code->schema, .bytes = (const uint8_t *)bytes.bytes, .length = (uint32_t)bytes.length};
  Error error = {0};
  CodeFacts facts = {result, 0};
  Status status = STATUS_OK;
  if (bytes.length > PLAN_MAX_CODE) {
    status = refuse(&error, FAULT_PLAN_LIMIT, "an expression needs %zu bytes of code; at most %d are possible",
                    bytes.length, PLAN_MAX_CODE);
  } else {
    status = code_check(&builder->plan, builder->scratch, &made, &facts, &error);
  }
  if (status == STATUS_OK && type_required(facts.result) != type_required(result)) {
    status = refuse(&error, FAULT_PLAN_CODE_RESULT, "the code gives " TEXT_FORMAT " and not " TEXT_FORMAT,
                    TEXT_ARG(type_name(builder->arena, facts.result)), TEXT_ARG(type_name(builder->arena, result)));
  }
  if (status != STATUS_OK) {
    fail_context(&error, "code %u", builder->plan.code_count);
    builder_fault(builder, error);
  }
  made.result = facts.result;
  made.stack = facts.stack;
  return builder_add_code(builder, made);
}
