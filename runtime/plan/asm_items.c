#include "plan/asm_items.h"

#include <string.h>

#define ADD(into, vec, ...) vec_push((into)->arena, &(into)->vec, __VA_ARGS__)

static void string_item(Assembler *into) {
  Text string = asm_quoted(&into->from, "the string");
  ADD(into, strings, string);
  asm_end_line(&into->from);
}

static Date date_of(AsmText *from) {
  enum { YEAR = 4, MONTH = 7, DAY = 10 };
  asm_more(from);
  size_t at = from->at;
  Text word = asm_word(from, "a date");
  Date date = {.month = 1, .day = 1};
  int parts[3] = {0, 1, 1};
  bool good = word.length == YEAR || word.length == MONTH || word.length == DAY;
  for (size_t i = 0; good && i < word.length; i++) {
    bool dash = i == YEAR || i == MONTH;
    int part = i < YEAR ? 0 : i < MONTH ? 1 : 2;
    good = dash ? word.bytes[i] == '-' : word.bytes[i] >= '0' && word.bytes[i] <= '9';
    if (dash) parts[part] = parts[i / MONTH + 1] = 0;
    if (!dash) parts[part] = parts[part] * 10 + (word.bytes[i] - '0');
  }
  if (!good) asm_fault(from, at, FAULT_ASM_DIGITS, "this is no date; one is written 2024, 2024-03 or 2024-03-05");
  date.year = (int16_t)parts[0];
  date.month = (uint8_t)parts[1];
  date.day = (uint8_t)parts[2];
  date.precision = (uint8_t)(word.length == YEAR ? DATE_YEAR : word.length == MONTH ? DATE_MONTH : DATE_DAY);
  return date;
}

static double number_of(AsmText *from) {
  uint64_t bits = asm_hex(from, 16, "the number");
  double number;
  memcpy(&number, &bits, sizeof number);
  return number;
}

static void one_constant(AsmText *from, PlanConstant *constant) {
  static const char *const truths[] = {"false", "true"};
  static const TextWords bools = {truths, 2, "bool"};
  switch (type_base(constant->type)) {
    case BASE_BOOL:
      constant->as.boolean = asm_choice(from, &bools);
      break;
    case BASE_INT:
      constant->as.integer = asm_signed(from, INT64_MIN, INT64_MAX, "the value");
      break;
    case BASE_FLOAT:
    case BASE_PERCENT:
      constant->as.number = number_of(from);
      break;
    case BASE_DATE:
      constant->as.date = date_of(from);
      break;
    case BASE_TIME:
      constant->as.time = asm_signed(from, INSTANT_MIN, INSTANT_MAX, "the value");
      break;
    case BASE_DURATION:
      constant->as.duration.months = (int32_t)asm_signed(from, INT32_MIN, INT32_MAX, "the number of months");
      constant->as.duration.ms = asm_signed(from, INT64_MIN, INT64_MAX, "the number of milliseconds");
      break;
    default:
      constant->as.text = asm_reference(from, 's', false);
      break;
  }
}

static void constant_item(Assembler *into) {
  AsmText *from = &into->from;
  PlanConstant constant = {.type = asm_type(from)};
  if (type_form(constant.type) == FORM_LIST) {
    VEC(uint32_t) items = {0};
    while (asm_more(from)) vec_push(into->arena, &items, asm_reference(from, 'c', false));
    constant.as.list.items = items.items;
    constant.as.list.count = (uint32_t)items.count;
  } else if (type_form(constant.type) == FORM_RANGE) {
    constant.as.range.low = asm_reference(from, 'c', true);
    constant.as.range.high = asm_reference(from, 'c', true);
  } else {
    one_constant(from, &constant);
  }
  ADD(into, constants, constant);
  asm_end_line(from);
}

static void import_item(Assembler *into) {
  AsmText *from = &into->from;
  PlanImport import = {0};
  asm_fields(from, &text_form_import, &import);
  if (import.signature == 0 && import.kind == IMPORT_FUNCTION)
    asm_fault(from, from->at, FAULT_ASM_ENDS, "the signature is missing; it tells functions of one name apart");
  if (import.signature == 0 && import.name < into->strings.count)
    import.signature = import_signature(import.kind, into->strings.items[import.name]);
  ADD(into, imports, import);
  asm_end_line(from);
}

/* Whether the next line is an inner one that begins with `word`; anything else that is inner is a fault. */
static bool inner_line(AsmText *from, const char *word, const char *other) {
  if (from->status != STATUS_OK || from->over || !from->inner) return false;
  if (asm_take(from, word)) return true;
  if (other) {
    size_t at = from->at;
    bool known = asm_take(from, other);
    from->at = at;
    if (known) return false;
    asm_fault(from, from->at, FAULT_ASM_ITEM, "here stands `%s` or `%s`, or a line that is not indented", word, other);
  } else {
    asm_fault(from, from->at, FAULT_ASM_ITEM, "here stands `%s`, or a line that is not indented", word);
  }
  return false;
}

static void schema_item(Assembler *into) {
  AsmText *from = &into->from;
  PlanSchema schema = {0};
  VEC(PlanColumn) columns = {0};
  asm_fields(from, &text_form_schema, &schema);
  asm_end_line(from);
  while (inner_line(from, "col", NULL)) {
    PlanColumn column = {0};
    asm_fields(from, &text_form_column, &column);
    vec_push(into->arena, &columns, column);
    asm_end_line(from);
  }
  schema.columns = columns.items;
  schema.column_count = (uint32_t)columns.count;
  ADD(into, schemas, schema);
}

static void param_item(Assembler *into) {
  PlanParam param = {0};
  asm_fields(&into->from, &text_form_param, &param);
  ADD(into, params, param);
  asm_end_line(&into->from);
}

static void effect_item(Assembler *into) {
  PlanEffect effect = {0};
  asm_fields(&into->from, &text_form_effect, &effect);
  ADD(into, effects, effect);
  asm_end_line(&into->from);
}

static void node_item(Assembler *into) {
  AsmText *from = &into->from;
  PlanNode node = {0};
  VEC(uint32_t) inputs = {0};
  VEC(PlanArg) args = {0};
  asm_fields(from, &text_form_node, &node);
  asm_end_line(from);
  while (inner_line(from, "in", "arg")) {
    vec_push(into->arena, &inputs, asm_reference(from, 'n', false));
    asm_end_line(from);
  }
  while (inner_line(from, "arg", NULL)) {
    PlanArg arg = {0};
    size_t at = from->at;
    asm_fields(from, &text_form_arg, &arg);
    if (arg.code != PLAN_NONE && arg.kind != ARG_AGGREGATE)
      asm_fault(from, at, FAULT_ASM_LEFT, "only an aggregate has an argument `of` a code");
    vec_push(into->arena, &args, arg);
    asm_end_line(from);
  }
  node.inputs = inputs.items;
  node.input_count = (uint32_t)inputs.count;
  node.args = args.items;
  node.arg_count = (uint32_t)args.count;
  ADD(into, nodes, node);
}

static void code_item(Assembler *into) {
  PlanCode code = {0};
  asm_fields(&into->from, &text_form_code, &code);
  asm_end_line(&into->from);
  asm_instructions(into, &code);
  ADD(into, codes, code);
}

static void sink_item(Assembler *into) {
  PlanSink sink = {0};
  asm_fields(&into->from, &text_form_sink, &sink);
  ADD(into, sinks, sink);
  asm_end_line(&into->from);
}

AsmItem asm_item(PlanSection section) {
  static const AsmItem items[SECTION_SINK + 1] = {
      [SECTION_STRS] = string_item, [SECTION_CONS] = constant_item, [SECTION_IMPT] = import_item,
      [SECTION_ROWS] = schema_item, [SECTION_PARM] = param_item,    [SECTION_EFCT] = effect_item,
      [SECTION_NODE] = node_item,   [SECTION_CODE] = code_item,     [SECTION_SINK] = sink_item,
  };
  return items[section];
}
