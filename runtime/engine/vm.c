#include "engine/vm.h"

#include "engine/vm_math.h"

static InstantRange date_covers(Run *run, int64_t packed) {
  DateCache *cache = run->dates;
  size_t at = (uint64_t)packed / 4 % DATE_CACHE;
  if (!cache->slots[at].known || cache->slots[at].packed != packed) {
    cache->slots[at].packed = packed;
    cache->slots[at].known = true;
    cache->slots[at].range = date_range(date_unpack(packed), run->options.zone);
  }
  return cache->slots[at].range;
}

static bool in_range_int(const Run *run, int64_t value, Value range) {
  RangeEnds ends = range_ends(run->lists, range);
  return !(ends.has_low && value < ends.low.integer) && !(ends.has_high && value > ends.high.integer);
}

static bool in_range_float(const Run *run, double value, Value range) {
  RangeEnds ends = range_ends(run->lists, range);
  return !(ends.has_low && value < ends.low.number) && !(ends.has_high && value > ends.high.number);
}

static bool in_range_time(const Run *run, Instant value, Value range) {
  RangeEnds ends = range_ends(run->lists, range);
  return !(ends.has_low && value < ends.low.integer) && !(ends.has_high && value >= ends.high.integer);
}

bool value_in_list(const Run *run, Type type, Value value, Value list) {
  ListItems items = list_items(run->lists, list);
  for (uint32_t i = 0; i < items.count; i++) {
    bool equal = type_is_text(type) ? items.items[i].integer == value.integer
                                    : vm_compare(run, type, value, items.items[i]) == 0;
    if (equal) return true;
  }
  return false;
}

static Slot join_texts(Run *run, const Slot *texts, uint32_t count) {
  TextBuilder builder = {.arena = run->arena};
  for (uint32_t i = 0; i < count; i++) {
    if (!texts[i].missing) text_append(&builder, text_at(run->texts, (TextId)texts[i].value.integer));
  }
  return slot_int(text_intern(run->texts, text_built(&builder)));
}

static Slot call_function(Run *run, FunctionId function, const Slot *arguments, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (arguments[i].missing) return slot_missing();
  }
  return vm_call(run, function, arguments);
}

/* `a` and `b` are the operands, the first pushed first; the result replaces both. */
#define COMPARE(opcode, condition)                     \
  case opcode:                                         \
    top--;                                             \
    if (top[-1].missing || top[0].missing) {           \
      met_missing = true;                              \
      top[-1] = slot_int(0);                           \
    } else {                                           \
      const Value a = top[-1].value, b = top[0].value; \
      top[-1] = slot_int(condition);                   \
    }                                                  \
    break;
#define BINARY(opcode, result)                                               \
  case opcode: {                                                             \
    top--;                                                                   \
    const Value a = top[-1].value, b = top[0].value;                         \
    top[-1] = top[-1].missing || top[0].missing ? slot_missing() : (result); \
    break;                                                                   \
  }
#define UNARY(opcode, result)                 \
  case opcode: {                              \
    const Value a = top[-1].value;            \
    if (!top[-1].missing) top[-1] = (result); \
    break;                                    \
  }
#define FUSED(opcode, condition)                         \
  case opcode:                                           \
    if (at->missings && at->missings[row]) {             \
      met_missing = true;                                \
      *top++ = slot_int(0);                              \
    } else {                                             \
      const Value a = at->values[row], b = at->constant; \
      *top++ = slot_int(condition);                      \
    }                                                    \
    break;

#define BY_LENGTH(comparison) (duration_compare(a.integer, b.integer) comparison 0)
#define BY_CODE_POINT(comparison) \
  (text_compare(text_at(run->texts, (TextId)a.integer), text_at(run->texts, (TextId)b.integer)) comparison 0)

VmResult vm_run(Run *run, const VmProgram *program, size_t row) {
  Slot stack[PLAN_MAX_STACK];
  Slot *top = stack; /* the next free slot */
  bool met_missing = false;
  for (const Instruction *at = program->code;; at++) {
    switch (at->op) {
      case OPCODE_CONST:
        *top++ = (Slot){at->constant, at->missing};
        break;
      case OPCODE_COL:
        *top++ = (Slot){at->values[row], at->missings && at->missings[row]};
        break;
      case OPCODE_RET:
        top--;
        return (VmResult){top->value, top->missing, met_missing};

      case OPCODE_TRUTH:
        if (top[-1].missing) {
          met_missing = true;
          top[-1] = slot_int(0);
        }
        break;
        UNARY(OPCODE_NOT, slot_int(!a.integer))
      case OPCODE_AND:
      case OPCODE_OR: {
        if (top[-1].missing) {
          met_missing = true;
          top[-1] = slot_int(0);
        }
        bool truth = top[-1].value.integer != 0;
        if (truth == (at->op == OPCODE_OR)) {
          at = program->code + at->index - 1;
        } else {
          top--;
        }
        break;
      }
      case OPCODE_ELSE_VAL:
        top--;
        if (top[-1].missing) top[-1] = top[0];
        break;
      case OPCODE_IS_MISSING:
        top[-1] = slot_int(top[-1].missing);
        break;

        COMPARE(OPCODE_EQ_B, a.integer == b.integer)
        COMPARE(OPCODE_NE_B, a.integer != b.integer)
        COMPARE(OPCODE_EQ_I, a.integer == b.integer)
        COMPARE(OPCODE_NE_I, a.integer != b.integer)
        COMPARE(OPCODE_LT_I, a.integer < b.integer)
        COMPARE(OPCODE_LE_I, a.integer <= b.integer)
        COMPARE(OPCODE_EQ_F, a.number == b.number)
        COMPARE(OPCODE_NE_F, a.number != b.number)
        COMPARE(OPCODE_LT_F, a.number < b.number)
        COMPARE(OPCODE_LE_F, a.number <= b.number)
        COMPARE(OPCODE_EQ_X, a.integer == b.integer)
        COMPARE(OPCODE_NE_X, a.integer != b.integer)
        COMPARE(OPCODE_LT_X, BY_CODE_POINT(<))
        COMPARE(OPCODE_LE_X, BY_CODE_POINT(<=))
        COMPARE(OPCODE_EQ_T, a.integer == b.integer)
        COMPARE(OPCODE_NE_T, a.integer != b.integer)
        COMPARE(OPCODE_LT_T, a.integer < b.integer)
        COMPARE(OPCODE_LE_T, a.integer <= b.integer)
        COMPARE(OPCODE_EQ_D, BY_LENGTH(==))
        COMPARE(OPCODE_NE_D, BY_LENGTH(!=))
        COMPARE(OPCODE_LT_D, BY_LENGTH(<))
        COMPARE(OPCODE_LE_D, BY_LENGTH(<=))
        COMPARE(OPCODE_IN_LIST, value_in_list(run, at->type, a, b))
        COMPARE(OPCODE_IN_RANGE_I, in_range_int(run, a.integer, b))
        COMPARE(OPCODE_IN_RANGE_F, in_range_float(run, a.number, b))
        COMPARE(OPCODE_IN_RANGE_T, in_range_time(run, a.integer, b))
        FUSED(FUSED_EQ_I, a.integer == b.integer)
        FUSED(FUSED_NE_I, a.integer != b.integer)
        FUSED(FUSED_LT_I, a.integer < b.integer)
        FUSED(FUSED_LE_I, a.integer <= b.integer)
        FUSED(FUSED_GT_I, a.integer > b.integer)
        FUSED(FUSED_GE_I, a.integer >= b.integer)
        FUSED(FUSED_EQ_F, a.number == b.number)
        FUSED(FUSED_NE_F, a.number != b.number)
        FUSED(FUSED_LT_F, a.number < b.number)
        FUSED(FUSED_LE_F, a.number <= b.number)
        FUSED(FUSED_GT_F, a.number > b.number)
        FUSED(FUSED_GE_F, a.number >= b.number)

        BINARY(OPCODE_ADD_I, math_add(a.integer, b.integer))
        BINARY(OPCODE_SUB_I, math_subtract(a.integer, b.integer))
        BINARY(OPCODE_MUL_I, math_multiply(a.integer, b.integer))
        UNARY(OPCODE_NEG_I, math_subtract(0, a.integer))
        BINARY(OPCODE_ADD_F, slot_float(a.number + b.number))
        BINARY(OPCODE_SUB_F, slot_float(a.number - b.number))
        BINARY(OPCODE_MUL_F, slot_float(a.number * b.number))
        BINARY(OPCODE_DIV_F, b.number == 0 ? slot_missing() : slot_float(a.number / b.number))
        UNARY(OPCODE_NEG_F, slot_float(-a.number))
        BINARY(OPCODE_ADD_D,
               slot_duration((int64_t)duration_unpack(a.integer).months + duration_unpack(b.integer).months,
                             duration_unpack(a.integer).ms + duration_unpack(b.integer).ms))
        BINARY(OPCODE_SUB_D,
               slot_duration((int64_t)duration_unpack(a.integer).months - duration_unpack(b.integer).months,
                             duration_unpack(a.integer).ms - duration_unpack(b.integer).ms))
        BINARY(OPCODE_MUL_DF, math_scale(a.integer, b.number))
        BINARY(OPCODE_DIV_DF, math_part(a.integer, b.number))
        BINARY(OPCODE_DIV_DD, math_ratio(a.integer, b.integer))
        UNARY(OPCODE_NEG_D, slot_duration(-(int64_t)duration_unpack(a.integer).months, -duration_unpack(a.integer).ms))
        BINARY(OPCODE_ADD_TD, slot_int(math_shift(a.integer, b.integer, 1, run->options.zone)))
        BINARY(OPCODE_SUB_TD, slot_int(math_shift(a.integer, b.integer, -1, run->options.zone)))
        BINARY(OPCODE_SUB_TT, slot_duration(0, a.integer - b.integer))
        UNARY(OPCODE_AGO, slot_int(math_shift(run->options.now, a.integer, -1, run->options.zone)))

        UNARY(OPCODE_INT_FLOAT, slot_float((double)a.integer))
        UNARY(OPCODE_DATE_START, slot_int(date_covers(run, a.integer).lo))
        UNARY(OPCODE_DATE_END, slot_int(date_covers(run, a.integer).hi))
      case OPCODE_TO_TEXT: {
        Text text = top[-1].missing ? (Text){"", 0} : vm_text(run, at->type, top[-1].value);
        top[-1] = slot_int(text_intern(run->texts, text));
        break;
      }
      case OPCODE_CONCAT:
        top -= at->index;
        *top = join_texts(run, top, at->index);
        top++;
        break;
      case OPCODE_CALL: {
        uint32_t arity = function_arity((FunctionId)at->index);
        top -= arity;
        *top = call_function(run, (FunctionId)at->index, top, arity);
        top++;
        break;
      }
    }
  }
}

bool vm_is_column(const Expression *expression, Column *out) {
  const Instruction *code = expression->program->code;
  if (code[0].op != OPCODE_COL || code[1].op != OPCODE_RET) return false;
  *out = (Column){expression->code->result, (Value *)code[0].values, code[0].missings};
  return true;
}

VmResult vm_evaluate(const Expression *expression, size_t row) {
  return vm_run(expression->run, expression->program, row);
}
