/* The text of a plan. One item a line, in the order and with the numbers of the file; a line that belongs to the item
 * above is indented by two blanks. Items are named by a letter and their number: s string, c constant, i import, r
 * schema, p parameter, n node, k code, d sink (destination). Texts are JSON strings; a float is its 64 bits in
 * hexadecimal; what follows ` ; ` on a line is a comment and says nothing new.
 *
 *   plan 64 digits               format 1 0               level 1
 *   section META                 catalogue 64 digits      source 64 digits
 *   section STRS                 s0 "title"
 *   section CONS                 c0 int 5                 c1 list[int] c0 c0        c2 range[date] c3 none
 *   section IMPT                 i0 stage s0 16 digits
 *   section ROWS                 r0 tracks                  col s0 i1 text? none | const c0 | param p0
 *   section PARM                 p0 s0 int c0|none s1|none
 *   section EFCT                 effect read file s0      determinism pure
 *   section NODE                 n0 i0 r0 plain|inserted    in n0                     arg 0 const c0 asc|desc s1|none
 * k0|none section SUBG section CODE                 k0 r0|none bool 2          0000 col 3 section SINK d0 n0 d1|none
 *   section DBUG                 name "x.nrd"             span n0 3 1
 *   section DOCS                 doc "text" */
#include "plan/plan_int.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/utf8.h"

/* Texts in comments are cut to this many bytes, so that the output stays proportional to the plan. */
enum { COMMENT_MAX = 48 };

typedef struct Printer {
  const Plan *plan;
  Arena *arena;
  FILE *out;
} Printer;

static void print_character(FILE *out, const char *bytes, size_t count, uint32_t code_point) {
  char escape[UTF8_ESCAPE_SIZE];
  utf8_escape(bytes, count, escape);
  if (code_point == '"' || code_point == '\\') {
    fprintf(out, "\\%c", (int)code_point);
  } else if (code_point == '\n') {
    fputs("\\n", out);
  } else if (code_point == '\t') {
    fputs("\\t", out);
  } else if (escape[0]) {
    fprintf(out, "\\u%04x", (unsigned)code_point); /* all that must not act on a terminal is below U+10000 */
  } else {
    fwrite(bytes, 1, count, out);
  }
}

static void print_quoted(FILE *out, Text text, size_t most) {
  fputc('"', out);
  size_t at = 0;
  while (at < text.length && at < most) {
    uint32_t code_point;
    size_t count = utf8_decode(text.bytes + at, text.length - at, &code_point);
    if (count == 0) break; /* no plan that was loaded holds such a text */
    print_character(out, text.bytes + at, count, code_point);
    at += count;
  }
  fputs(at < text.length ? "\"..." : "\"", out);
}

static void print_comment(const Printer *printer, PlanString string) {
  fputs(" ; ", printer->out);
  print_quoted(printer->out, plan_string(printer->plan, string), COMMENT_MAX);
}

static void print_hex(const Printer *printer, const char *word, const Digest *digest) {
  char hex[2 * SHA256_SIZE + 1];
  digest_hex(digest, SHA256_SIZE, hex);
  fprintf(printer->out, "%s %s\n", word, hex);
}

static void print_type(const Printer *printer, Type type) {
  static const char *const forms[][2] = {{"", ""}, {"list[", "]"}, {"range[", "]"}};
  const char *const *form = forms[type_form(type)];
  fprintf(printer->out, "%s%s%s%s", form[0], type_base_name(type_base(type)), form[1],
          type_is_optional(type) ? "?" : "");
}

/* " c3", or " none" */
static void print_reference(const Printer *printer, char letter, uint32_t index) {
  if (index == PLAN_NONE) {
    fputs(" none", printer->out);
  } else {
    fprintf(printer->out, " %c%" PRIu32, letter, index);
  }
}

static void print_number(const Printer *printer, double number) {
  uint64_t bits;
  memcpy(&bits, &number, sizeof bits);
  fprintf(printer->out, " %016" PRIx64 " ; %.17g", bits, number);
}

static void print_date(const Printer *printer, Date date) {
  fprintf(printer->out, " %04d", date.year);
  if (date.precision >= DATE_MONTH) fprintf(printer->out, "-%02d", date.month);
  if (date.precision >= DATE_DAY) fprintf(printer->out, "-%02d", date.day);
}

static void print_one(const Printer *printer, const PlanConstant *constant) {
  switch (type_base(constant->type)) {
    case BASE_BOOL:
      fputs(constant->as.boolean ? " true" : " false", printer->out);
      break;
    case BASE_INT:
      fprintf(printer->out, " %" PRId64, constant->as.integer);
      break;
    case BASE_FLOAT:
    case BASE_PERCENT:
      print_number(printer, constant->as.number);
      break;
    case BASE_DATE:
      print_date(printer, constant->as.date);
      break;
    case BASE_TIME:
      fprintf(printer->out, " %" PRId64 " ; " TEXT_FORMAT, constant->as.time,
              TEXT_ARG(instant_format(printer->arena, constant->as.time)));
      break;
    case BASE_DURATION:
      fprintf(printer->out, " %" PRId32 " %" PRId64, constant->as.duration.months, constant->as.duration.ms);
      break;
    default:
      print_reference(printer, 's', constant->as.text);
      print_comment(printer, constant->as.text);
      break;
  }
}

static void print_constant(const Printer *printer, uint32_t i) {
  const PlanConstant *constant = &printer->plan->constants[i];
  fprintf(printer->out, "c%" PRIu32 " ", i);
  print_type(printer, constant->type);
  if (type_form(constant->type) == FORM_LIST) {
    for (uint32_t k = 0; k < constant->as.list.count; k++) print_reference(printer, 'c', constant->as.list.items[k]);
  } else if (type_form(constant->type) == FORM_RANGE) {
    print_reference(printer, 'c', constant->as.range.low);
    print_reference(printer, 'c', constant->as.range.high);
  } else {
    print_one(printer, constant);
  }
  fputc('\n', printer->out);
}

static void print_import(const Printer *printer, uint32_t i) {
  static const char *const kinds[] = {"stage", "field", "function", "connector"};
  const PlanImport *import = &printer->plan->imports[i];
  fprintf(printer->out, "i%" PRIu32 " %s s%" PRIu32 " %016" PRIx64, i, kinds[import->kind], import->name,
          import->signature);
  print_comment(printer, import->name);
  fputc('\n', printer->out);
}

static void print_column(const Printer *printer, const PlanColumn *column) {
  static const char *const windows[] = {" none", " const", " param"};
  fprintf(printer->out, "  col s%" PRIu32, column->name);
  print_reference(printer, 'i', column->field);
  fputc(' ', printer->out);
  print_type(printer, column->type);
  fputs(windows[column->window.kind], printer->out);
  if (column->window.kind != WINDOW_NONE)
    print_reference(printer, column->window.kind == WINDOW_CONSTANT ? 'c' : 'p', column->window.index);
  print_comment(printer, column->name);
  fputc('\n', printer->out);
}

static void print_schema(const Printer *printer, uint32_t i) {
  const PlanSchema *schema = &printer->plan->schemas[i];
  fprintf(printer->out, "r%" PRIu32 " %s\n", i, row_kind_name(schema->kind));
  for (uint32_t k = 0; k < schema->column_count; k++) print_column(printer, &schema->columns[k]);
}

static void print_param(const Printer *printer, uint32_t i) {
  const PlanParam *param = &printer->plan->params[i];
  fprintf(printer->out, "p%" PRIu32 " s%" PRIu32 " ", i, param->name);
  print_type(printer, param->type);
  print_reference(printer, 'c', param->default_constant);
  print_reference(printer, 's', param->doc);
  print_comment(printer, param->name);
  fputc('\n', printer->out);
}

static void print_effect(const Printer *printer, uint32_t i) {
  static const char *const effects[] = {"none", "read", "write"};
  const PlanEffect *effect = &printer->plan->effects[i];
  fprintf(printer->out, "effect %s %s s%" PRIu32, effects[effect->effect], connector_def(effect->connector)->name,
          effect->resource);
  print_comment(printer, effect->resource);
  fputc('\n', printer->out);
}

static void print_arg(const Printer *printer, const StageDef *stage, const PlanArg *arg) {
  static const char *const kinds[] = {"const", "param",   "scalar",    "row",   "input",
                                      "word",  "columns", "aggregate", "result"};
  static const char letters[] = "cpkknsrik"; /* an input is numbered within its node */
  fprintf(printer->out, "  arg %u %s", arg->param, kinds[arg->kind]);
  if (arg->kind == ARG_INPUT) {
    fprintf(printer->out, " %" PRIu32, arg->index);
  } else {
    print_reference(printer, letters[arg->kind], arg->index);
  }
  fputs(arg->descending ? " desc" : " asc", printer->out);
  print_reference(printer, 's', arg->name);
  print_reference(printer, 'k', arg->code);
  fprintf(printer->out, " ; %s", arg->param < stage->param_count ? stage->params[arg->param].name : "columns");
  if (arg->kind == ARG_WORD) print_comment(printer, arg->index);
  if (arg->name != PLAN_NONE) print_comment(printer, arg->name);
  fputc('\n', printer->out);
}

static void print_node(const Printer *printer, uint32_t i) {
  const PlanNode *node = &printer->plan->nodes[i];
  const StageDef *stage = plan_stage(printer->plan, i);
  fprintf(printer->out, "n%" PRIu32 " i%" PRIu32 " r%" PRIu32 " %s ; %s%s\n", i, node->stage, node->schema,
          node->inserted ? "inserted" : "plain", stage_prefix((StageId)printer->plan->imports[node->stage].id),
          stage->name);
  for (uint32_t k = 0; k < node->input_count; k++) fprintf(printer->out, "  in n%" PRIu32 "\n", node->inputs[k]);
  for (uint32_t k = 0; k < node->arg_count; k++) print_arg(printer, stage, &node->args[k]);
}

static void print_constant_comment(const Printer *printer, uint32_t index) {
  const PlanConstant *constant = &printer->plan->constants[index];
  if (type_is_text(constant->type)) print_comment(printer, constant->as.text);
  if (constant->type == TYPE_OF(INT)) fprintf(printer->out, " ; %" PRId64, constant->as.integer);
}

static void print_instruction(const Printer *printer, const PlanCode *code, const Instruction *instruction) {
  const OpcodeDef *def = opcode_def(instruction->opcode);
  uint32_t operand = (uint32_t)instruction->immediate;
  fprintf(printer->out, "  %04" PRIx32 " %s", instruction->at, def->name);
  if (def->immediates[0]) fprintf(printer->out, " %" PRIu32, operand);
  switch (def->immediates[0]) {
    case 'c':
      print_constant_comment(printer, operand);
      break;
    case 'p':
      print_comment(printer, printer->plan->params[operand].name);
      break;
    case 'k':
      print_comment(printer, printer->plan->schemas[code->schema].columns[operand].name);
      break;
    case 'j':
      fprintf(printer->out, " ; to %04" PRIx32, instruction->next + operand);
      break;
    case 'f':
      print_comment(printer, printer->plan->imports[operand].name);
      break;
    case 'y':
      fputs(" ; ", printer->out);
      print_type(printer, (Type)operand);
      break;
    default:
      break;
  }
  fputc('\n', printer->out);
}

static void print_code(const Printer *printer, uint32_t i) {
  const PlanCode *code = &printer->plan->codes[i];
  fprintf(printer->out, "k%" PRIu32, i);
  print_reference(printer, 'r', code->schema);
  fputc(' ', printer->out);
  print_type(printer, code->result);
  fprintf(printer->out, " %" PRIu32 "\n", code->stack);
  Instruction instruction;
  for (uint32_t at = 0; at < code->length && code_next(code, &at, &instruction, NULL) == STATUS_OK;)
    print_instruction(printer, code, &instruction);
}

static void print_sink(const Printer *printer, uint32_t i) {
  const PlanSink *sink = &printer->plan->sinks[i];
  fprintf(printer->out, "d%" PRIu32 " n%" PRIu32, i, sink->node);
  print_reference(printer, 'd', sink->after);
  fputc('\n', printer->out);
}

static void print_string(const Printer *printer, uint32_t i) {
  fprintf(printer->out, "s%" PRIu32 " ", i);
  print_quoted(printer->out, printer->plan->strings[i], SIZE_MAX);
  fputc('\n', printer->out);
}

static void print_items(const Printer *printer, PlanSection section, uint32_t count,
                        void (*one)(const Printer *printer, uint32_t i)) {
  fprintf(printer->out, "\nsection %s\n", section_name(section));
  for (uint32_t i = 0; i < count; i++) one(printer, i);
}

static void print_debug(const Printer *printer) {
  const Plan *plan = printer->plan;
  if (!plan->spans && !plan->source_name.length) return;
  print_items(printer, SECTION_DBUG, 0, print_string);
  fputs("name ", printer->out);
  print_quoted(printer->out, plan->source_name, SIZE_MAX);
  fputc('\n', printer->out);
  for (uint32_t i = 0; plan->spans && i < plan->node_count; i++) {
    fprintf(printer->out, "span n%" PRIu32 " %" PRIu32 " %" PRIu32 "\n", i, plan->spans[i].line, plan->spans[i].column);
  }
}

static Status print_plan(void *context, Error *error) {
  static const char *const classes[] = {"pure", "clock", "network", "unseeded"};
  const Printer *printer = context;
  const Plan *plan = printer->plan;
  (void)error;
  print_hex(printer, "plan", &plan->id);
  fprintf(printer->out, "format %d %d\nlevel %u\n\nsection META\n", PLAN_MAJOR, PLAN_MINOR, plan->level);
  print_hex(printer, "catalogue", &plan->catalogue);
  print_hex(printer, "source", &plan->source);
  print_items(printer, SECTION_STRS, plan->string_count, print_string);
  print_items(printer, SECTION_CONS, plan->constant_count, print_constant);
  print_items(printer, SECTION_IMPT, plan->import_count, print_import);
  print_items(printer, SECTION_ROWS, plan->schema_count, print_schema);
  print_items(printer, SECTION_PARM, plan->param_count, print_param);
  print_items(printer, SECTION_EFCT, plan->effect_count, print_effect);
  fprintf(printer->out, "determinism %s\n", classes[plan->determinism]);
  print_items(printer, SECTION_NODE, plan->node_count, print_node);
  print_items(printer, SECTION_SUBG, 0, print_node);
  print_items(printer, SECTION_CODE, plan->code_count, print_code);
  print_items(printer, SECTION_SINK, plan->sink_count, print_sink);
  print_debug(printer);
  if (plan->doc.length) {
    print_items(printer, SECTION_DOCS, 0, print_string);
    fputs("doc ", printer->out);
    print_quoted(printer->out, plan->doc, SIZE_MAX);
    fputc('\n', printer->out);
  }
  return STATUS_OK;
}

void plan_disassemble(const Plan *plan, FILE *out) {
  Error error = {0};
  Printer printer = {plan, arena_new(0), out};
  if (!printer.arena || arena_protect(printer.arena, print_plan, &printer, &error) != STATUS_OK)
    fputs("; memory ran out\n", out);
  arena_free(printer.arena);
}
