#include "plan/plan_int.h"

#include <string.h>

/* The stack where two ways meet, remembered from the jump until its target is reached. */
typedef struct Snapshot {
  uint32_t height;
  Type types[PLAN_MAX_STACK];
} Snapshot;

struct CodeScratch {
  Arena *arena;
  Snapshot *snapshots;
  uint32_t *at; /* by offset in the code: snapshot + 1, 0 = nothing jumps here */
  size_t longest;
};

typedef struct Machine {
  const Plan *plan;
  const PlanCode *code;
  CodeScratch *scratch;
  Error *error;
  uint32_t snapshot_count;
  uint32_t height, greatest;
  Type types[PLAN_MAX_STACK];
  Instruction now;
} Machine;

CodeScratch *code_scratch_new(Arena *arena) {
  CodeScratch *scratch = arena_alloc(arena, sizeof *scratch);
  scratch->arena = arena;
  return scratch;
}

/* Most codes are a few bytes long. */
static void make_room(CodeScratch *scratch, size_t length) {
  enum { FIRST = 256 };
  if (scratch->at && length <= scratch->longest) return;
  size_t longest = length < FIRST ? FIRST : length < PLAN_MAX_CODE / 2 ? 2 * length : PLAN_MAX_CODE;
  scratch->longest = longest;
  scratch->at = arena_array(scratch->arena, longest + 1, sizeof *scratch->at);
  scratch->snapshots = arena_array(scratch->arena, longest / 2 + 1, sizeof *scratch->snapshots); /* a jump has at least two bytes */
}

static Status read_immediate(const PlanCode *code, uint32_t *at, uint64_t *out, Error *error) {
  uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    if (*at >= code->length) return refuse(error, FAULT_PLAN_CODE_ENDS, "the code ends within an instruction");
    uint8_t byte = code->bytes[(*at)++];
    if (shift == 63 && byte > 1) return refuse(error, FAULT_PLAN_VARINT, "an operand has more than 64 bits");
    value |= (uint64_t)(byte & 0x7F) << shift;
    if (byte & 0x80) continue;
    if (byte == 0 && shift) return refuse(error, FAULT_PLAN_VARINT, "an operand is not in its shortest form");
    *out = value;
    return STATUS_OK;
  }
}

Status code_next(const PlanCode *code, uint32_t *at, Instruction *out, Error *error) {
  *out = (Instruction){.opcode = OPCODE_COUNT, .at = *at};
  if (*at >= code->length) return refuse(error, FAULT_PLAN_CODE_ENDS, "the code ends without `ret`");
  uint8_t opcode = code->bytes[*at];
  if (opcode >= OPCODE_COUNT) return refuse(error, FAULT_PLAN_OPCODE, "there is no instruction %u", opcode);
  out->opcode = (Opcode)opcode;
  *at += 1;
  if (opcode_def(out->opcode)->immediates[0]) {
    Status status = read_immediate(code, at, &out->immediate, error);
    if (status != STATUS_OK) return status;
  }
  out->next = *at;
  return STATUS_OK;
}

static Status push(Machine *machine, Type type) {
  if (machine->height == PLAN_MAX_STACK) {
    return refuse(machine->error, FAULT_PLAN_CODE_STACK, "the code needs a stack of more than %d values",
                  PLAN_MAX_STACK);
  }
  machine->types[machine->height++] = type;
  if (machine->height > machine->greatest) machine->greatest = machine->height;
  return STATUS_OK;
}

static Status need(Machine *machine, uint64_t count) {
  if (machine->height >= count) return STATUS_OK;
  return refuse(machine->error, FAULT_PLAN_CODE_STACK, "`%s` takes %llu values and the stack holds %u",
                opcode_def(machine->now.opcode)->name, (unsigned long long)count, machine->height);
}

/* English for the letters of opcodes.def. */
static const char *letter_name(char letter) {
  switch (letter) {
    case 'b':
      return "bool";
    case 'i':
      return "int";
    case 'f':
      return "float";
    case 'x':
      return "text";
    case 't':
      return "time";
    case 'd':
      return "duration";
    case 'y':
      return "date";
    case 'l':
      return "a list";
    case 'r':
      return "a range";
    default:
      return "a value";
  }
}

static Status wrong_type(Machine *machine, Type type, const char *wanted) {
  static const char *const forms[] = {"", "list of ", "range of "};
  return refuse(machine->error, FAULT_PLAN_CODE_TYPE, "`%s` takes %s and gets %s%s",
                opcode_def(machine->now.opcode)->name, wanted, forms[type_form(type)], type_base_name(type_base(type)));
}

/* What the letters cannot say of two operands, the second on top. */
static Status check_pair(Machine *machine, Type a, Type b) {
  Type element = TYPE_MAKE(type_base(b), FORM_ONE);
  switch (machine->now.opcode) {
    case OPCODE_ELSE_VAL:
      return type_represented(a) == type_represented(b) ? STATUS_OK : wrong_type(machine, b, "two values of one type");
    case OPCODE_IN_LIST:
      return type_represented(a) == type_represented(element)
                 ? STATUS_OK
                 : wrong_type(machine, a, "a value of the list's element type");
    case OPCODE_IN_RANGE_I:
      return element == TYPE_OF(INT) ? STATUS_OK : wrong_type(machine, b, "a range of int");
    case OPCODE_IN_RANGE_F:
      return element == TYPE_OF(FLOAT) ? STATUS_OK : wrong_type(machine, b, "a range of float");
    case OPCODE_IN_RANGE_T:
      return element == TYPE_OF(DATE) || element == TYPE_OF(TIME) ? STATUS_OK
                                                                  : wrong_type(machine, b, "a range of dates or times");
    default:
      return STATUS_OK;
  }
}

/* Whether the result may be missing, from the operands that may be (`any`, and the top one). */
static bool may_be_missing(Opcode opcode, bool any, bool top) {
  switch (opcode) {
    case OPCODE_ADD_I: /* overflow */
    case OPCODE_SUB_I:
    case OPCODE_MUL_I:
    case OPCODE_NEG_I:
    case OPCODE_ADD_D:
    case OPCODE_SUB_D:
    case OPCODE_MUL_DF:
    case OPCODE_DIV_DF: /* and division by zero */
    case OPCODE_DIV_DD:
    case OPCODE_DIV_F:
    case OPCODE_ADD_F: /* a number that is not finite is missing */
    case OPCODE_SUB_F:
    case OPCODE_MUL_F:
      return true;
    case OPCODE_ELSE_VAL:
      return top;
    case OPCODE_NOT:
    case OPCODE_NEG_F:
    case OPCODE_NEG_D:
    case OPCODE_ADD_TD:
    case OPCODE_SUB_TD:
    case OPCODE_SUB_TT:
    case OPCODE_AGO:
    case OPCODE_INT_FLOAT:
    case OPCODE_DATE_START:
    case OPCODE_DATE_END:
    case OPCODE_CONCAT:
      return any;
    default: /* comparisons, tests and to_text answer for a missing value too */
      return false;
  }
}

/* An instruction whose operands and result the table tells. */
static Status step_by_table(Machine *machine) {
  const OpcodeDef *def = opcode_def(machine->now.opcode);
  uint32_t count = (uint32_t)strlen(def->pops);
  Status status = need(machine, count);
  if (status != STATUS_OK) return status;
  const Type *operands = machine->types + machine->height - count;
  bool any = false;
  for (uint32_t i = 0; i < count; i++) {
    any = any || type_is_optional(operands[i]);
    bool fits = def->pops[i] == '=' || type_fits_letter(operands[i], def->pops[i]);
    if (!fits) return wrong_type(machine, operands[i], letter_name(def->pops[i]));
  }
  if (machine->now.opcode == OPCODE_TO_TEXT && type_form(operands[0]) == FORM_RANGE)
    return wrong_type(machine, operands[0], "a value or a list");
  if (count == 2) status = check_pair(machine, operands[0], operands[1]);
  if (status != STATUS_OK) return status;
  Type result = def->pushes[0] == '=' ? type_required(operands[0]) : type_of_letter(def->pushes[0]);
  if (may_be_missing(machine->now.opcode, any, count && type_is_optional(machine->types[machine->height - 1])))
    result |= TYPE_OPTIONAL;
  machine->height -= count;
  return push(machine, result);
}

static Status no_operand(Machine *machine, const char *what, uint32_t count) {
  return refuse(machine->error, FAULT_PLAN_CODE_OPERAND, "`%s` names %s %llu of %u",
                opcode_def(machine->now.opcode)->name, what, (unsigned long long)machine->now.immediate, count);
}

static Status step_column(Machine *machine) {
  if (machine->code->schema == PLAN_NONE)
    return refuse(machine->error, FAULT_PLAN_CODE_OPERAND, "`col` stands in code that has no row");
  const PlanSchema *schema = &machine->plan->schemas[machine->code->schema];
  if (machine->now.immediate >= schema->column_count) return no_operand(machine, "column", schema->column_count);
  return push(machine, schema->columns[machine->now.immediate].type);
}

static Status step_missing(Machine *machine) {
  uint64_t type = machine->now.immediate;
  if (type > UINT8_MAX || (type & TYPE_OPTIONAL) || !type_is_value((Type)type)) {
    return refuse(machine->error, FAULT_PLAN_CODE_OPERAND, "`missing` names type %llu, which no value has",
                  (unsigned long long)type);
  }
  return push(machine, (Type)(type | TYPE_OPTIONAL));
}

static Status step_concat(Machine *machine) {
  uint64_t count = machine->now.immediate;
  if (count == 0) return refuse(machine->error, FAULT_PLAN_CODE_OPERAND, "`concat` joins no texts");
  Status status = need(machine, count);
  if (status != STATUS_OK) return status;
  bool any = false;
  for (uint32_t i = machine->height - (uint32_t)count; i < machine->height; i++) {
    any = any || type_is_optional(machine->types[i]);
    if (!type_is_text(machine->types[i])) return wrong_type(machine, machine->types[i], "texts");
  }
  machine->height -= (uint32_t)count;
  return push(machine, (Type)(TYPE_OF(TEXT) | (any ? TYPE_OPTIONAL : 0)));
}

static Status step_call(Machine *machine) {
  const Plan *plan = machine->plan;
  if (machine->now.immediate >= plan->import_count) return no_operand(machine, "import", plan->import_count);
  const PlanImport *import = &plan->imports[machine->now.immediate];
  if (import->kind != IMPORT_FUNCTION)
    return refuse(machine->error, FAULT_PLAN_CODE_OPERAND, "`call` names an import that is no function");
  const FunctionDef *function = function_def((FunctionId)import->id);
  if (function->aggregate)
    return refuse(machine->error, FAULT_PLAN_CODE_OPERAND, "`call` names the aggregate `%s`", function->name);
  uint32_t count = (uint32_t)strlen(function->args);
  Status status = need(machine, count);
  if (status != STATUS_OK) return status;
  Type result = type_of_letter(function->result[0]);
  const Type *operands = machine->types + machine->height - count;
  for (uint32_t i = 0; i < count; i++) {
    /* A list argument is one of texts. */
    bool fits = type_represented(operands[i]) == type_of_letter(function->args[i]);
    if (!fits) return wrong_type(machine, operands[i], letter_name(function->args[i]));
    result |= (Type)(operands[i] & TYPE_OPTIONAL);
  }
  machine->height -= count;
  return push(machine, result);
}

/* Keeps the value on the jump and drops it on the way straight on. */
static Status step_jump(Machine *machine) {
  Status status = need(machine, 1);
  if (status != STATUS_OK) return status;
  if (!type_fits_letter(machine->types[machine->height - 1], 'b'))
    return wrong_type(machine, machine->types[machine->height - 1], "bool");
  uint64_t distance = machine->now.immediate;
  if (distance >= machine->code->length - machine->now.next) {
    return refuse(machine->error, FAULT_PLAN_CODE_JUMP, "`%s` jumps behind the end of the code",
                  opcode_def(machine->now.opcode)->name);
  }
  uint32_t *known = &machine->scratch->at[machine->now.next + distance];
  if (*known == 0) {
    Snapshot *snapshot = &machine->scratch->snapshots[machine->snapshot_count++];
    snapshot->height = machine->height;
    memcpy(snapshot->types, machine->types, machine->height * sizeof *machine->types);
    *known = machine->snapshot_count;
    machine->height--;
    return STATUS_OK;
  }
  Snapshot *snapshot = &machine->scratch->snapshots[*known - 1];
  if (snapshot->height != machine->height) {
    return refuse(machine->error, FAULT_PLAN_CODE_JOIN, "two jumps to one place hold %u and %u values",
                  snapshot->height, machine->height);
  }
  for (uint32_t i = 0; i < machine->height; i++) {
    if (type_required(snapshot->types[i]) != type_required(machine->types[i])) {
      return refuse(machine->error, FAULT_PLAN_CODE_JOIN, "two jumps to one place hold different types");
    }
    snapshot->types[i] |= (Type)(machine->types[i] & TYPE_OPTIONAL);
  }
  machine->height--;
  return STATUS_OK;
}

/* Merges what jumps brought to this place; a value is optional if it is on one of the ways. */
static Status join(Machine *machine) {
  uint32_t known = machine->scratch->at[machine->now.at];
  if (known) {
    const Snapshot *snapshot = &machine->scratch->snapshots[known - 1];
    if (snapshot->height != machine->height) {
      return refuse(machine->error, FAULT_PLAN_CODE_JOIN, "the stack holds %u values after a jump and %u without it",
                    snapshot->height, machine->height);
    }
    for (uint32_t i = 0; i < machine->height; i++) {
      if (type_required(snapshot->types[i]) != type_required(machine->types[i])) {
        return refuse(machine->error, FAULT_PLAN_CODE_JOIN,
                      "value %u of the stack has another type after a jump than without it", i);
      }
      machine->types[i] |= (Type)(snapshot->types[i] & TYPE_OPTIONAL);
    }
  }
  for (uint32_t inside = machine->now.at + 1; inside < machine->now.next; inside++) {
    if (machine->scratch->at[inside])
      return refuse(machine->error, FAULT_PLAN_CODE_JUMP, "a jump leads into the middle of `%s`",
                    opcode_def(machine->now.opcode)->name);
  }
  return STATUS_OK;
}

static Status step(Machine *machine) {
  const Plan *plan = machine->plan;
  switch (machine->now.opcode) {
    case OPCODE_CONST:
      if (machine->now.immediate >= plan->constant_count) return no_operand(machine, "constant", plan->constant_count);
      return push(machine, plan->constants[machine->now.immediate].type);
    case OPCODE_PARAM:
      if (machine->now.immediate >= plan->param_count) return no_operand(machine, "parameter", plan->param_count);
      return push(machine, plan->params[machine->now.immediate].type);
    case OPCODE_COL:
      return step_column(machine);
    case OPCODE_MISSING:
      return step_missing(machine);
    case OPCODE_CONCAT:
      return step_concat(machine);
    case OPCODE_CALL:
      return step_call(machine);
    case OPCODE_AND:
    case OPCODE_OR:
      return step_jump(machine);
    case OPCODE_RET:
      if (machine->now.next != machine->code->length)
        return refuse(machine->error, FAULT_PLAN_CODE_RET, "code goes on after `ret`");
      if (machine->height != 1)
        return refuse(machine->error, FAULT_PLAN_CODE_RET, "`ret` finds %u values on the stack and not one",
                      machine->height);
      return STATUS_OK;
    default:
      return step_by_table(machine);
  }
}

Status code_check(const Plan *plan, CodeScratch *scratch, const PlanCode *code, CodeFacts *out, Error *error) {
  Machine machine = {.plan = plan, .code = code, .scratch = scratch, .error = error};
  if (code->length > PLAN_MAX_CODE)
    return refuse(error, FAULT_PLAN_LIMIT, "code of %u bytes is too long", code->length);
  make_room(scratch, code->length);
  memset(scratch->at, 0, (code->length + (size_t)1) * sizeof *scratch->at);
  for (uint32_t at = 0; at < code->length;) {
    Status status = code_next(code, &at, &machine.now, error);
    if (status == STATUS_OK) status = join(&machine);
    if (status == STATUS_OK) status = step(&machine);
    if (status != STATUS_OK) return fail_context(error, "at byte %u of the code", machine.now.at);
  }
  if (code->length == 0 || machine.now.opcode != OPCODE_RET) {
    return refuse(error, FAULT_PLAN_CODE_ENDS, "the code ends without `ret`");
  }
  *out = (CodeFacts){machine.types[0], machine.greatest};
  return STATUS_OK;
}
