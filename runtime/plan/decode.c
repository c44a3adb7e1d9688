#include "plan/reader.h"

#include <math.h>
#include <string.h>

/* What decodes the items of one section. */
typedef struct Decoder {
  Plan *plan;
  Arena *arena;
  PlanPlaces *places;
  PlanSection section;
  Reader reader;
  Interner *seen; /* of items that may stand only once */
} Decoder;

/* ---- items ---- */

static void check_once(Decoder *decoder, Text bytes, const char *what) {
  bool added;
  if (decoder->reader.status != STATUS_OK) return;
  uint32_t first = interner_add(decoder->seen, bytes, &added);
  if (!added)
    reader_fault(&decoder->reader, FAULT_PLAN_REPEATED, "the same %s stands already as number %u", what, first);
}

static Text bytes_since(const Reader *reader, size_t start) {
  return (Text){(const char *)reader->bytes + start, reader->at - start};
}

static void decode_string(Decoder *decoder, uint32_t i) {
  decoder->plan->strings[i] = read_text(&decoder->reader, PLAN_MAX_STRING, "the string");
  check_once(decoder, decoder->plan->strings[i], "string");
}

static double read_number(Reader *reader) {
  uint64_t bits = read_fixed(reader, 8);
  double number;
  memcpy(&number, &bits, sizeof number);
  if (isfinite(number)) return number;
  reader_fault(reader, FAULT_PLAN_VALUE, "the number is not finite");
  return 0;
}

static Date read_date(Reader *reader) {
  uint64_t year = read_varint(reader);
  unsigned month = read_byte(reader), day = read_byte(reader), precision = read_byte(reader);
  bool exists = year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
                day <= (unsigned)days_in_month((int)year, (int)month);
  bool whole = precision <= DATE_DAY && (precision >= DATE_MONTH || month == 1) && (precision == DATE_DAY || day == 1);
  if (!exists || !whole) {
    reader_fault(reader, FAULT_PLAN_VALUE, "there is no date of year %llu, month %u, day %u with precision %u",
                 (unsigned long long)year, month, day, precision);
    return (Date){.year = 1, .month = 1, .day = 1};
  }
  return (Date){.year = (int16_t)year, .month = (uint8_t)month, .day = (uint8_t)day, .precision = (uint8_t)precision};
}

static Instant read_instant(Reader *reader) {
  int64_t instant = read_signed(reader);
  if (instant < INSTANT_MIN || instant > INSTANT_MAX)
    reader_fault(reader, FAULT_PLAN_VALUE, "the time is not between the years 1 and 9999");
  return instant;
}

static Duration read_duration(Reader *reader) {
  int64_t months = read_signed(reader), ms = read_signed(reader);
  if (months < INT32_MIN || months > INT32_MAX)
    reader_fault(reader, FAULT_PLAN_VALUE, "the duration has more months than can be");
  return reader->status == STATUS_OK ? (Duration){(int32_t)months, ms} : (Duration){0, 0};
}

static void decode_one(Decoder *decoder, PlanConstant *constant) {
  Reader *reader = &decoder->reader;
  switch (type_base(constant->type)) {
    case BASE_BOOL: {
      unsigned value = read_byte(reader);
      if (value > 1) reader_fault(reader, FAULT_PLAN_VALUE, "a bool is 0 or 1 and not %u", value);
      constant->as.boolean = value == 1;
      break;
    }
    case BASE_INT:
      constant->as.integer = read_signed(reader);
      break;
    case BASE_FLOAT:
    case BASE_PERCENT:
      constant->as.number = read_number(reader);
      break;
    case BASE_DATE:
      constant->as.date = read_date(reader);
      break;
    case BASE_TIME:
      constant->as.time = read_instant(reader);
      break;
    case BASE_DURATION:
      constant->as.duration = read_duration(reader);
      break;
    default:
      constant->as.text = read_index(reader, decoder->plan->string_count, "string");
      break;
  }
}

/* A part of constant `i`: one before it, of the element type. */
static uint32_t check_part(Decoder *decoder, uint32_t i, uint32_t part) {
  if (decoder->reader.status != STATUS_OK || part == PLAN_NONE) return part;
  Type element = TYPE_MAKE(type_base(decoder->plan->constants[i].type), FORM_ONE);
  if (decoder->plan->constants[part].type != element)
    reader_fault(&decoder->reader, FAULT_PLAN_PARTS, "constant %u is not of the element type", part);
  return part;
}

static void decode_list(Decoder *decoder, uint32_t i) {
  PlanConstant *constant = &decoder->plan->constants[i];
  uint32_t count = read_count(&decoder->reader, PLAN_MAX_LIST, 1, "items of one list");
  constant->as.list.items = arena_array(decoder->arena, count, sizeof *constant->as.list.items);
  constant->as.list.count = count;
  for (uint32_t k = 0; k < count && decoder->reader.status == STATUS_OK; k++) {
    constant->as.list.items[k] = check_part(decoder, i, read_index(&decoder->reader, i, "earlier constant"));
  }
}

static void decode_range(Decoder *decoder, uint32_t i) {
  PlanConstant *constant = &decoder->plan->constants[i];
  constant->as.range.low = check_part(decoder, i, read_optional(&decoder->reader, i, "earlier constant"));
  constant->as.range.high = check_part(decoder, i, read_optional(&decoder->reader, i, "earlier constant"));
  if (constant->as.range.low == PLAN_NONE && constant->as.range.high == PLAN_NONE) {
    reader_fault(&decoder->reader, FAULT_PLAN_PARTS, "the range is open at both ends");
  }
}

static void decode_constant(Decoder *decoder, uint32_t i) {
  size_t start = decoder->reader.at;
  PlanConstant *constant = &decoder->plan->constants[i];
  constant->type = read_type(&decoder->reader);
  if (type_is_optional(constant->type) || !type_is_value(constant->type)) {
    reader_fault(&decoder->reader, FAULT_PLAN_TYPE, "no constant has type 0x%02x", (unsigned)constant->type);
  }
  if (decoder->reader.status != STATUS_OK) return;
  if (type_form(constant->type) == FORM_LIST) {
    decode_list(decoder, i);
  } else if (type_form(constant->type) == FORM_RANGE) {
    decode_range(decoder, i);
  } else {
    decode_one(decoder, constant);
  }
  check_once(decoder, bytes_since(&decoder->reader, start), "constant");
}

static void decode_import(Decoder *decoder, uint32_t i) {
  size_t start = decoder->reader.at;
  PlanImport *import = &decoder->plan->imports[i];
  import->kind = (PlanImportKind)read_kind(&decoder->reader, IMPORT_CONNECTOR + 1, "kind of import");
  import->name = read_index(&decoder->reader, decoder->plan->string_count, "string");
  import->signature = read_fixed(&decoder->reader, 8);
  check_once(decoder, bytes_since(&decoder->reader, start), "import");
}

static void decode_schema(Decoder *decoder, uint32_t i) {
  enum { LEAST_COLUMN = 4 };
  Reader *reader = &decoder->reader;
  size_t start = reader->at;
  PlanSchema *schema = &decoder->plan->schemas[i];
  schema->kind = (RowKind)read_kind(reader, ROWS_KIND_COUNT, "kind of rows");
  schema->column_count = read_count(reader, PLAN_MAX_COLUMNS, LEAST_COLUMN, "columns of one schema");
  schema->columns = arena_array(decoder->arena, schema->column_count, sizeof *schema->columns);
  for (uint32_t k = 0; k < schema->column_count && reader->status == STATUS_OK; k++) {
    PlanColumn *column = &schema->columns[k];
    column->name = read_index(reader, decoder->plan->string_count, "string");
    column->field = read_optional(reader, decoder->plan->import_count, "import");
    column->type = read_type(reader);
    column->window.kind = (PlanWindowKind)read_kind(reader, WINDOW_PARAM + 1, "kind of window");
    uint32_t count = column->window.kind == WINDOW_CONSTANT ? decoder->plan->constant_count : PLAN_MAX_PARAMS;
    if (column->window.kind != WINDOW_NONE) column->window.index = read_index(reader, count, "window");
  }
  check_once(decoder, bytes_since(reader, start), "schema");
}

static void decode_param(Decoder *decoder, uint32_t i) {
  Reader *reader = &decoder->reader;
  PlanParam *param = &decoder->plan->params[i];
  param->name = read_index(reader, decoder->plan->string_count, "string");
  param->type = read_type(reader);
  param->default_constant = read_optional(reader, decoder->plan->constant_count, "constant");
  param->doc = read_optional(reader, decoder->plan->string_count, "string");
}

static void decode_effect(Decoder *decoder, uint32_t i) {
  PlanEffect *effect = &decoder->plan->effects[i];
  effect->connector = (ConnectorId)read_kind(&decoder->reader, CONNECTOR_COUNT, "connector");
  effect->effect = (StageEffect)read_kind(&decoder->reader, EFFECT_WRITE + 1, "kind of effect");
  effect->resource = read_index(&decoder->reader, decoder->plan->string_count, "string");
}

static void decode_arg(Decoder *decoder, PlanArg *arg) {
  Reader *reader = &decoder->reader;
  arg->param = read_byte(reader);
  unsigned kind = read_byte(reader);
  arg->descending = (kind & ARG_FLAG_DESCENDING) != 0;
  arg->kind = (PlanArgKind)(kind & ARG_KIND_MASK);
  if ((kind & ~(unsigned)(ARG_KIND_MASK | ARG_FLAG_DESCENDING)) || arg->kind > ARG_RESULT) {
    reader_fault(reader, FAULT_PLAN_TAG, "there is no kind of argument 0x%02x", kind);
  }
  arg->name = read_optional(reader, decoder->plan->string_count, "string");
  uint64_t index = read_varint(reader); /* of what, the kind tells; the verifier looks */
  if (index >= PLAN_NONE)
    reader_fault(reader, FAULT_PLAN_INDEX, "argument refers to number %llu", (unsigned long long)index);
  arg->index = (uint32_t)index;
  arg->code = arg->kind == ARG_AGGREGATE ? read_optional(reader, PLAN_MAX_CODES, "code") : PLAN_NONE;
}

static void decode_node(Decoder *decoder, uint32_t i) {
  enum { LEAST_ARG = 4 };
  Reader *reader = &decoder->reader;
  PlanNode *node = &decoder->plan->nodes[i];
  unsigned flags = read_byte(reader);
  if (flags & ~(unsigned)NODE_FLAG_INSERTED)
    reader_fault(reader, FAULT_PLAN_TAG, "the node has unknown flags 0x%02x", flags);
  node->inserted = (flags & NODE_FLAG_INSERTED) != 0;
  node->stage = read_index(reader, decoder->plan->import_count, "import");
  node->input_count = read_count(reader, PLAN_MAX_INPUTS, 1, "inputs of one node");
  node->inputs = arena_array(decoder->arena, node->input_count, sizeof *node->inputs);
  for (uint32_t k = 0; k < node->input_count && reader->status == STATUS_OK; k++) {
    uint64_t input = read_varint(reader);
    if (input >= i)
      reader_fault(reader, FAULT_PLAN_NODE_ORDER, "reads node %llu, which does not stand before it",
                   (unsigned long long)input);
    node->inputs[k] = (uint32_t)input;
  }
  node->arg_count = read_count(reader, PLAN_MAX_ARGS, LEAST_ARG, "arguments of one node");
  node->args = arena_array(decoder->arena, node->arg_count, sizeof *node->args);
  for (uint32_t k = 0; k < node->arg_count && reader->status == STATUS_OK; k++) decode_arg(decoder, &node->args[k]);
  node->schema = read_index(reader, decoder->plan->schema_count, "schema");
}

static void decode_code(Decoder *decoder, uint32_t i) {
  Reader *reader = &decoder->reader;
  PlanCode *code = &decoder->plan->codes[i];
  code->schema = read_optional(reader, decoder->plan->schema_count, "schema");
  code->result = read_type(reader);
  uint64_t stack = read_varint(reader);
  if (stack > PLAN_MAX_STACK) {
    reader_fault(reader, FAULT_PLAN_LIMIT, "a stack of %llu values; at most %d are possible", (unsigned long long)stack,
                 PLAN_MAX_STACK);
  }
  code->stack = (uint32_t)stack;
  code->length = read_count(reader, PLAN_MAX_CODE, 1, "bytes of one code");
  if (reader->status != STATUS_OK) return;
  code->bytes = reader->bytes + reader->at;
  reader->at += code->length;
}

static void decode_sink(Decoder *decoder, uint32_t i) {
  PlanSink *sink = &decoder->plan->sinks[i];
  sink->node = read_index(&decoder->reader, decoder->plan->node_count, "node");
  uint64_t after = read_varint(&decoder->reader);
  if (after > i)
    reader_fault(&decoder->reader, FAULT_PLAN_SINK_ORDER, "waits for sink %llu, which does not stand before it",
                 (unsigned long long)after - 1);
  sink->after = after == 0 ? PLAN_NONE : (uint32_t)after - 1;
}

/* ---- sections ---- */

static Status misplaced(Decoder *decoder) {
  if (decoder->places->fault) {
    *decoder->places->fault = (PlanPlace){decoder->section, PLAN_NONE};
    return fail_context(decoder->reader.error, "section %s", section_name(decoder->section));
  }
  return fail_context(decoder->reader.error, "section %s, byte %u", section_name(decoder->section),
                      reader_offset(&decoder->reader));
}

/* Reads the count, makes room, reads the items. */
#define DECODE_ITEMS(decoder, array, number, limit, least, what, one)           \
  do {                                                                          \
    uint32_t count_ = read_count(&(decoder)->reader, (limit), (least), (what)); \
    if ((decoder)->reader.status != STATUS_OK) return misplaced(decoder);       \
    (array) = arena_array((decoder)->arena, count_, sizeof *(array));           \
    (number) = count_;                                                          \
    Status status_ = decode_items((decoder), count_, (one));                    \
    if (status_ != STATUS_OK) return status_;                                   \
  } while (0)

static Status decode_items(Decoder *decoder, uint32_t count, void (*one)(Decoder *decoder, uint32_t i)) {
  uint32_t *offsets = arena_array(decoder->arena, count, sizeof *offsets);
  decoder->places->offsets[decoder->section] = offsets;
  for (uint32_t i = 0; i < count; i++) {
    offsets[i] = reader_offset(&decoder->reader);
    one(decoder, i);
    if (decoder->reader.status != STATUS_OK)
      return place_fault(decoder->places, decoder->section, i, decoder->reader.error);
  }
  return STATUS_OK;
}

static void read_digest(Reader *reader, Digest *out) {
  for (int i = 0; i < SHA256_SIZE; i++) out->bytes[i] = read_byte(reader);
}

static void decode_meta(Decoder *decoder) {
  enum { LEAST_MODULE = 1 + SHA256_SIZE };
  Reader *reader = &decoder->reader;
  uint64_t level = read_varint(reader);
  if (level != decoder->plan->level)
    reader_fault(reader, FAULT_PLAN_META, "META and the header name different language levels");
  read_digest(reader, &decoder->plan->catalogue);
  read_digest(reader, &decoder->plan->source);
  decoder->plan->module_count = read_count(reader, PLAN_MAX_MODULES, LEAST_MODULE, "modules");
  decoder->plan->modules = arena_array(decoder->arena, decoder->plan->module_count, sizeof *decoder->plan->modules);
  for (uint32_t i = 0; i < decoder->plan->module_count && reader->status == STATUS_OK; i++) {
    PlanModule *module = &decoder->plan->modules[i];
    module->name = read_text(reader, PLAN_MAX_STRING, "the name of the module");
    if (reader->status == STATUS_OK && !module->name.length) reader_fault(reader, FAULT_PLAN_META, "module %u has no name", i);
    check_once(decoder, module->name, "module");
    read_digest(reader, &module->digest);
  }
}

static void decode_effects_end(Decoder *decoder) {
  Reader *reader = &decoder->reader;
  decoder->plan->determinism = (Determinism)read_kind(reader, DETERMINISM_UNSEEDED + 1, "class of determinism");
  if (read_varint(reader) != 0)
    reader_fault(reader, FAULT_PLAN_META, "this version of Narada knows no cost terms in a plan");
}

static void decode_debug(Decoder *decoder) {
  enum { LEAST_SPAN = 2 };
  Reader *reader = &decoder->reader;
  decoder->plan->source_name = read_text(reader, PLAN_MAX_STRING, "the name of the source");
  uint32_t count = read_count(reader, PLAN_MAX_NODES, LEAST_SPAN, "spans");
  if (count && count != decoder->plan->node_count) {
    reader_fault(reader, FAULT_PLAN_DEBUG, "%u spans for %u nodes", count, decoder->plan->node_count);
  }
  if (reader->status == STATUS_OK && count == 0 && decoder->plan->source_name.length == 0)
    reader_fault(reader, FAULT_PLAN_DEBUG, "it says nothing; such a section is left out");
  if (reader->status != STATUS_OK || count == 0) return;
  decoder->plan->spans = arena_array(decoder->arena, count, sizeof *decoder->plan->spans);
  for (uint32_t i = 0; i < count; i++) {
    uint64_t line = read_varint(reader), column = read_varint(reader);
    if (line > UINT32_MAX || column > UINT32_MAX)
      reader_fault(reader, FAULT_PLAN_DEBUG, "span %u is beyond any source", i);
    decoder->plan->spans[i] = (PlanSpan){(uint32_t)line, (uint32_t)column};
  }
}

static Status decode_content(Decoder *decoder) {
  Plan *plan = decoder->plan;
  switch (decoder->section) {
    case SECTION_META:
      decode_meta(decoder);
      break;
    case SECTION_STRS:
      DECODE_ITEMS(decoder, plan->strings, plan->string_count, PLAN_MAX_STRINGS, 1, "strings", decode_string);
      break;
    case SECTION_CONS:
      DECODE_ITEMS(decoder, plan->constants, plan->constant_count, PLAN_MAX_CONSTANTS, 2, "constants", decode_constant);
      break;
    case SECTION_IMPT:
      DECODE_ITEMS(decoder, plan->imports, plan->import_count, PLAN_MAX_IMPORTS, 10, "imports", decode_import);
      break;
    case SECTION_ROWS:
      DECODE_ITEMS(decoder, plan->schemas, plan->schema_count, PLAN_MAX_SCHEMAS, 2, "schemas", decode_schema);
      break;
    case SECTION_PARM:
      DECODE_ITEMS(decoder, plan->params, plan->param_count, PLAN_MAX_PARAMS, 4, "parameters", decode_param);
      break;
    case SECTION_EFCT:
      DECODE_ITEMS(decoder, plan->effects, plan->effect_count, PLAN_MAX_EFFECTS, 3, "effects", decode_effect);
      decode_effects_end(decoder);
      break;
    case SECTION_NODE:
      DECODE_ITEMS(decoder, plan->nodes, plan->node_count, PLAN_MAX_NODES, 5, "nodes", decode_node);
      break;
    case SECTION_SUBG:
      if (read_varint(&decoder->reader) != 0)
        reader_fault(&decoder->reader, FAULT_PLAN_SUBPLANS, "this version of Narada has no sub-plans");
      break;
    case SECTION_CODE:
      DECODE_ITEMS(decoder, plan->codes, plan->code_count, PLAN_MAX_CODES, 4, "codes", decode_code);
      break;
    case SECTION_SINK:
      DECODE_ITEMS(decoder, plan->sinks, plan->sink_count, PLAN_MAX_NODES, 2, "sinks", decode_sink);
      break;
    case SECTION_DBUG:
      decode_debug(decoder);
      break;
    case SECTION_DOCS:
      plan->doc = read_text(&decoder->reader, PLAN_MAX_STRING, "the doc text");
      if (decoder->reader.status == STATUS_OK && plan->doc.length == 0)
        reader_fault(&decoder->reader, FAULT_PLAN_DEBUG, "it says nothing; such a section is left out");
      break;
    default: /* the source and notes: nothing of the plan */
      return STATUS_OK;
  }
  return reader_end(&decoder->reader) == STATUS_OK ? STATUS_OK : misplaced(decoder);
}

Status decode_section(Plan *plan, Arena *arena, PlanPlaces *places, uint32_t section, Text content, uint32_t base,
                      Error *error) {
  Decoder decoder = {
      .plan = plan, .arena = arena, .places = places, .section = (PlanSection)section, .seen = interner_new(arena)};
  decoder.reader =
      (Reader){.bytes = (const uint8_t *)content.bytes, .length = content.length, .base = base, .error = error};
  return decode_content(&decoder);
}
