#include "engine/vm_int.h"

#include <string.h>

/* Decodes the bytes of an expression into instructions, in one pass: code only jumps forward and the verifier proved
 * the stack equal where paths join, so the types of the stack along the straight line are the types everywhere. On the
 * way
 *   - a column becomes the addresses of its arrays, a parameter and `now` become constants;
 *   - an instruction whose operands are constants is evaluated and becomes a constant (`90d ago`);
 *   - a comparison of a column with a constant becomes one instruction.
 * The last two merge instructions, so they never reach back over a place that a jump lands on. */
typedef struct Binder {
  Run *run;
  const PlanCode *source;
  const Batch *batch;
  const uint8_t *at, *end;
  VmProgram *program;
  Type types[PLAN_MAX_STACK + 1];
  uint32_t height;
  uint32_t *landing; /* by byte offset: 0 = no jump lands there, else 1 + the instruction, known once reached */
  uint32_t label;    /* the first instruction after the last landing place */
} Binder;

static uint32_t read_index(Binder *binder) {
  uint32_t value = 0;
  for (unsigned shift = 0; binder->at < binder->end; shift += 7) {
    uint8_t byte = *binder->at++;
    if (shift < 32) value |= (uint32_t)(byte & 0x7F) << shift;
    if (!(byte & 0x80)) break;
  }
  return value;
}

static Instruction *push_instruction(Binder *binder, uint16_t op) {
  Instruction *instruction = &binder->program->code[binder->program->length++];
  *instruction = (Instruction){.op = op};
  return instruction;
}

static void push_constant(Binder *binder, Value value, bool missing) {
  Instruction *instruction = push_instruction(binder, OPCODE_CONST);
  instruction->constant = value;
  instruction->missing = missing;
}

static bool same_column(const PlanColumn *a, const PlanColumn *b) {
  return a->name == b->name && a->window.kind == b->window.kind &&
         (a->window.kind == WINDOW_NONE || a->window.index == b->window.index);
}

static const Column *find_column(const Binder *binder, const PlanColumn *column, uint32_t index) {
  const PlanSchema *schema = binder->batch->schema;
  if (index < schema->column_count && same_column(&schema->columns[index], column))
    return &binder->batch->columns[index];
  size_t found = batch_column(binder->batch, column->name, column->window);
  return found == SIZE_MAX ? NULL : &binder->batch->columns[found];
}

static Type push_column(Binder *binder, uint32_t index) {
  const PlanColumn *column = &binder->run->plan->schemas[binder->source->schema].columns[index];
  const Column *found = binder->batch ? find_column(binder, column, index) : NULL;
  if (found) {
    Instruction *instruction = push_instruction(binder, OPCODE_COL);
    instruction->values = found->values;
    instruction->missings = found->missing;
  } else {
    push_constant(binder, (Value){0}, true);
  }
  return type_required(column->type);
}

/* Whether the last `count` instructions are constants that nothing jumps between. */
static bool ends_in_constants(const Binder *binder, uint32_t count) {
  const VmProgram *program = binder->program;
  if (count == 0 || program->length < count || program->length - count < binder->label) return false;
  for (uint32_t i = 1; i <= count; i++) {
    if (program->code[program->length - i].op != OPCODE_CONST) return false;
  }
  return true;
}

/* The last instruction, with the `count` constants before it, as one constant. One that meets a missing value stays: it
 * marks each row. */
static void fold_constants(Binder *binder, uint32_t count) {
  VmProgram *program = binder->program;
  uint32_t first = program->length - count - 1;
  VmProgram part = {program->code + first, count + 2};
  program->code[program->length].op = OPCODE_RET;
  VmResult result = vm_run(binder->run, &part, 0);
  if (result.met_missing) return;
  program->length = first;
  push_constant(binder, result.value, result.missing);
}

/* The fused forms of a comparison with the column on the left and on the right; 0 = has none. */
static void fused_forms(uint16_t op, uint16_t *left, uint16_t *right) {
  *left = *right = 0;
  switch (op) {
    case OPCODE_EQ_B:
    case OPCODE_EQ_I:
    case OPCODE_EQ_X:
    case OPCODE_EQ_T:
      *left = *right = FUSED_EQ_I;
      break;
    case OPCODE_NE_B:
    case OPCODE_NE_I:
    case OPCODE_NE_X:
    case OPCODE_NE_T:
      *left = *right = FUSED_NE_I;
      break;
    case OPCODE_LT_I:
    case OPCODE_LT_T:
      *left = FUSED_LT_I, *right = FUSED_GT_I;
      break;
    case OPCODE_LE_I:
    case OPCODE_LE_T:
      *left = FUSED_LE_I, *right = FUSED_GE_I;
      break;
    case OPCODE_EQ_F:
      *left = *right = FUSED_EQ_F;
      break;
    case OPCODE_NE_F:
      *left = *right = FUSED_NE_F;
      break;
    case OPCODE_LT_F:
      *left = FUSED_LT_F, *right = FUSED_GT_F;
      break;
    case OPCODE_LE_F:
      *left = FUSED_LE_F, *right = FUSED_GE_F;
      break;
  }
}

static void fuse_comparison(Binder *binder) {
  VmProgram *program = binder->program;
  if (program->length < 3 || program->length - 3 < binder->label) return;
  Instruction *first = &program->code[program->length - 3], *second = first + 1;
  uint16_t column_left, column_right;
  fused_forms(first[2].op, &column_left, &column_right);
  if (!column_left) return;
  Instruction fused;
  if (first->op == OPCODE_COL && second->op == OPCODE_CONST && !second->missing) {
    fused = *first;
    fused.op = column_left;
    fused.constant = second->constant;
  } else if (second->op == OPCODE_COL && first->op == OPCODE_CONST && !first->missing) {
    fused = *second;
    fused.op = column_right;
    fused.constant = first->constant;
  } else {
    return;
  }
  program->length -= 2;
  *first = fused;
}

static void need_dates(Binder *binder) {
  if (!binder->run->dates) binder->run->dates = arena_alloc(binder->run->arena, sizeof(DateCache));
}

/* Instructions that take their operands from the stack; returns how many. Sets the type of the result. */
static uint32_t bind_operation(Binder *binder, Opcode opcode, Type *result) {
  const OpcodeDef *def = opcode_def(opcode);
  uint32_t pops = 0;
  while (def->pops[pops]) pops++;
  Instruction *instruction = push_instruction(binder, (uint16_t)opcode);
  if (opcode == OPCODE_CONCAT) pops = instruction->index = read_index(binder);
  if (opcode == OPCODE_CALL) {
    const PlanImport *import = &binder->run->plan->imports[read_index(binder)];
    instruction->index = import->id;
    pops = function_arity((FunctionId)import->id);
  }
  if (opcode == OPCODE_DATE_START || opcode == OPCODE_DATE_END) need_dates(binder);
  const Type *operands = &binder->types[binder->height - pops];
  if (opcode == OPCODE_TO_TEXT) instruction->type = operands[0];
  if (opcode == OPCODE_IN_LIST) instruction->type = TYPE_MAKE(type_base(operands[1]), FORM_ONE);
  switch (def->pushes[0]) {
    case '=':
      *result = type_base(operands[0]) == BASE_MISSING ? operands[1] : operands[0];
      break;
    case '*':
      *result = function_result((FunctionId)instruction->index);
      break;
    default:
      *result = type_required(type_of_letter(def->pushes[0]));
  }
  return pops;
}

static void bind_jump(Binder *binder, Opcode opcode) {
  Instruction *instruction = push_instruction(binder, (uint16_t)opcode);
  uint32_t distance = read_index(binder);
  instruction->index =
      (uint32_t)(binder->at - binder->source->bytes) + distance; /* a byte offset until all are known */
  binder->landing[instruction->index] = 1;
  binder->height--;
}

static void bind_next(Binder *binder) {
  Run *run = binder->run;
  Opcode opcode = (Opcode)*binder->at++;
  Type type;
  uint32_t pops = 0, index;
  switch (opcode) {
    case OPCODE_CONST:
      index = read_index(binder);
      push_constant(binder, run->constants[index], false);
      type = run->plan->constants[index].type;
      break;
    case OPCODE_PARAM:
      index = read_index(binder);
      push_constant(binder, run->params[index], false);
      type = type_required(run->plan->params[index].type);
      break;
    case OPCODE_COL:
      type = push_column(binder, read_index(binder));
      break;
    case OPCODE_MISSING:
      type = type_required((Type)read_index(binder));
      push_constant(binder, (Value){0}, true);
      break;
    case OPCODE_NOW:
      push_constant(binder, (Value){.integer = run->options.now}, false);
      type = TYPE_OF(TIME);
      break;
    case OPCODE_ARRIVING:
      push_constant(binder, (Value){.integer = (int64_t)run->arriving}, false);
      type = TYPE_OF(INT);
      break;
    case OPCODE_RET:
      push_instruction(binder, OPCODE_RET);
      return;
    case OPCODE_AND:
    case OPCODE_OR:
      bind_jump(binder, opcode);
      return;
    default: {
      uint32_t before = binder->program->length;
      pops = bind_operation(binder, opcode, &type);
      binder->program->length = before;
      bool constant = ends_in_constants(binder, pops);
      binder->program->length = before + 1;
      if (constant) {
        fold_constants(binder, pops);
      } else {
        fuse_comparison(binder);
      }
    }
  }
  binder->height -= pops;
  binder->types[binder->height++] = type;
}

/* Each group of a `per` binds anew: a short expression is put together here, and the arena gets what it came to. */
Expression vm_bind(Run *run, uint32_t code, const Batch *batch) {
  enum { SHORT = 24 };
  Instruction few[SHORT + 2];
  uint32_t landings[SHORT + 1] = {0};
  const PlanCode *source = &run->plan->codes[code];
  bool is_short = source->length <= SHORT;
  VmProgram *program = arena_alloc(run->arena, sizeof *program);
  program->code = is_short ? few : arena_array(run->arena, (size_t)source->length + 2, sizeof *program->code);
  size_t landing_size = ((size_t)source->length + 1) * sizeof(uint32_t);
  Binder binder = {
      .run = run,
      .source = source,
      .batch = batch,
      .at = source->bytes,
      .end = source->bytes + source->length,
      .program = program,
      .landing = is_short ? landings : arena_alloc(run->arena, landing_size),
  };
  while (binder.at < binder.end) {
    size_t offset = (size_t)(binder.at - source->bytes);
    if (binder.landing[offset]) {
      binder.landing[offset] = program->length + 1;
      binder.label = program->length;
    }
    bind_next(&binder);
  }
  for (uint32_t i = 0; i < program->length; i++) {
    Instruction *instruction = &program->code[i];
    if (instruction->op == OPCODE_AND || instruction->op == OPCODE_OR)
      instruction->index = binder.landing[instruction->index] - 1;
  }
  if (is_short) {
    program->code = arena_array(run->arena, program->length, sizeof *program->code);
    memcpy(program->code, few, program->length * sizeof *few);
  } else {
    arena_release(run->arena, binder.landing, landing_size);
  }
  return (Expression){run, source, batch, program};
}
