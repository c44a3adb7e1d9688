#include "plan/plan_int.h"

#include <string.h>

/* An index that may be PLAN_NONE is written one higher, so that 0 says none. */
static void write_optional(TextBuilder *out, uint32_t index) {
  write_varint(out, index == PLAN_NONE ? 0 : (uint64_t)index + 1);
}

/* Zigzag: 0, -1, 1, -2, ... become 0, 1, 2, 3, ... */
static void write_signed(TextBuilder *out, int64_t value) {
  write_varint(out, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
}

void write_byte(TextBuilder *out, unsigned byte) {
  text_append_char(out, (char)(unsigned char)byte);
}

void write_fixed(TextBuilder *out, uint64_t value, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) write_byte(out, (unsigned)(value >> 8 * i & 0xFF));
}

void write_varint(TextBuilder *out, uint64_t value) {
  while (value >= 0x80) {
    write_byte(out, (unsigned)(value & 0x7F) | 0x80);
    value >>= 7;
  }
  write_byte(out, (unsigned)value);
}

size_t varint_size(uint64_t value) {
  size_t size = 1;
  while (value >= 0x80) {
    size++;
    value >>= 7;
  }
  return size;
}

void write_text(TextBuilder *out, Text text) {
  write_varint(out, text.length);
  text_append(out, text);
}

static void write_double(TextBuilder *out, double number) {
  uint64_t bits;
  memcpy(&bits, &number, sizeof bits);
  write_fixed(out, bits, 8);
}

static void write_one(TextBuilder *out, const PlanConstant *constant) {
  switch (type_base(constant->type)) {
    case BASE_BOOL:
      write_byte(out, constant->as.boolean);
      break;
    case BASE_INT:
      write_signed(out, constant->as.integer);
      break;
    case BASE_FLOAT:
    case BASE_PERCENT:
      write_double(out, constant->as.number);
      break;
    case BASE_DATE:
      write_varint(out, (uint64_t)constant->as.date.year);
      write_byte(out, constant->as.date.month);
      write_byte(out, constant->as.date.day);
      write_byte(out, constant->as.date.precision);
      break;
    case BASE_TIME:
      write_signed(out, constant->as.time);
      break;
    case BASE_DURATION:
      write_signed(out, constant->as.duration.months);
      write_signed(out, constant->as.duration.ms);
      break;
    default:
      write_varint(out, constant->as.text);
      break;
  }
}

void write_constant(TextBuilder *out, const PlanConstant *constant) {
  write_byte(out, constant->type);
  switch (type_form(constant->type)) {
    case FORM_LIST:
      write_varint(out, constant->as.list.count);
      for (uint32_t i = 0; i < constant->as.list.count; i++) write_varint(out, constant->as.list.items[i]);
      break;
    case FORM_RANGE:
      write_optional(out, constant->as.range.low);
      write_optional(out, constant->as.range.high);
      break;
    case FORM_ONE:
      write_one(out, constant);
      break;
  }
}

void write_import(TextBuilder *out, const PlanImport *import) {
  write_byte(out, import->kind);
  write_varint(out, import->name);
  write_fixed(out, import->signature, 8);
}

void write_schema(TextBuilder *out, const PlanSchema *schema) {
  write_byte(out, schema->kind);
  write_varint(out, schema->column_count);
  for (uint32_t i = 0; i < schema->column_count; i++) {
    const PlanColumn *column = &schema->columns[i];
    write_varint(out, column->name);
    write_optional(out, column->field);
    write_byte(out, column->type);
    write_byte(out, column->window.kind);
    if (column->window.kind != WINDOW_NONE) write_varint(out, column->window.index);
  }
}

void write_param(TextBuilder *out, const PlanParam *param) {
  write_varint(out, param->name);
  write_byte(out, param->type);
  write_optional(out, param->default_constant);
  write_optional(out, param->doc);
}

void write_node(TextBuilder *out, const PlanNode *node) {
  write_byte(out, node->inserted ? NODE_FLAG_INSERTED : 0);
  write_varint(out, node->stage);
  write_varint(out, node->input_count);
  for (uint32_t i = 0; i < node->input_count; i++) write_varint(out, node->inputs[i]);
  write_varint(out, node->arg_count);
  for (uint32_t i = 0; i < node->arg_count; i++) {
    const PlanArg *arg = &node->args[i];
    write_byte(out, arg->param);
    write_byte(out, (unsigned)arg->kind | (arg->descending ? ARG_FLAG_DESCENDING : 0u));
    write_optional(out, arg->name);
    write_varint(out, arg->index);
    if (arg->kind == ARG_AGGREGATE) write_optional(out, arg->code);
  }
  write_varint(out, node->schema);
}

void write_code(TextBuilder *out, const PlanCode *code) {
  write_optional(out, code->schema);
  write_byte(out, code->result);
  write_varint(out, code->stack);
  write_text(out, (Text){(const char *)code->bytes, code->length});
}
