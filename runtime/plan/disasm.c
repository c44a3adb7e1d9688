/* The text of a plan, by the table of text_form.h, with comments that say what the numbers stand for. */
#include "plan/plan_int.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "plan/text_form.h"

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

/* The fields of `item`, each with a blank before it. */
static void print_field(const Printer *printer, const TextField *field, const void *item) {
  uint64_t value = text_member(item, field->offset, field->size);
  switch (field->kind) {
    case TEXT_REFERENCE:
    case TEXT_OPTIONAL:
      print_reference(printer, field->letters[0], (uint32_t)value);
      break;
    case TEXT_NUMBER:
      fprintf(printer->out, " %" PRIu64, value);
      break;
    case TEXT_SIGNATURE:
      fprintf(printer->out, " %016" PRIx64, value);
      break;
    case TEXT_TYPE:
      fputc(' ', printer->out);
      print_type(printer, (Type)value);
      break;
    case TEXT_WORD:
      fprintf(printer->out, " %s", field->words->items[value]);
      break;
    case TEXT_CHOICE: {
      uint32_t index = (uint32_t)text_member(item, field->second_offset, sizeof index);
      fprintf(printer->out, " %s", field->words->items[value]);
      if (field->letters[value] == '#') {
        fprintf(printer->out, " %" PRIu32, index);
      } else if (field->letters[value] != '-') {
        print_reference(printer, field->letters[value], index);
      }
      break;
    }
    case TEXT_FLAG:
      if (value) fprintf(printer->out, " %s", field->word);
      break;
    case TEXT_TAIL:
      if (value == PLAN_NONE) break;
      fprintf(printer->out, " %s", field->word);
      print_reference(printer, field->letters[0], (uint32_t)value);
      break;
  }
}

static void print_fields(const Printer *printer, const TextForm *form, const void *item) {
  for (size_t i = 0; i < TEXT_FORM_MAX && form->fields[i].size; i++) print_field(printer, &form->fields[i], item);
}

static void print_name(const Printer *printer, PlanSection section, uint32_t i) {
  fprintf(printer->out, "%c%" PRIu32, text_letter(section), i);
}

static void print_import(const Printer *printer, uint32_t i) {
  print_name(printer, SECTION_IMPT, i);
  print_fields(printer, &text_form_import, &printer->plan->imports[i]);
  print_comment(printer, printer->plan->imports[i].name);
  fputc('\n', printer->out);
}

static void print_schema(const Printer *printer, uint32_t i) {
  const PlanSchema *schema = &printer->plan->schemas[i];
  print_name(printer, SECTION_ROWS, i);
  print_fields(printer, &text_form_schema, schema);
  fputc('\n', printer->out);
  for (uint32_t k = 0; k < schema->column_count; k++) {
    fputs("  col", printer->out);
    print_fields(printer, &text_form_column, &schema->columns[k]);
    print_comment(printer, schema->columns[k].name);
    fputc('\n', printer->out);
  }
}

static void print_param(const Printer *printer, uint32_t i) {
  print_name(printer, SECTION_PARM, i);
  print_fields(printer, &text_form_param, &printer->plan->params[i]);
  print_comment(printer, printer->plan->params[i].name);
  fputc('\n', printer->out);
}

static void print_effect(const Printer *printer, uint32_t i) {
  fputs("effect", printer->out);
  print_fields(printer, &text_form_effect, &printer->plan->effects[i]);
  print_comment(printer, printer->plan->effects[i].resource);
  fputc('\n', printer->out);
}

static void print_arg(const Printer *printer, const StageDef *stage, const PlanArg *arg) {
  fputs("  arg", printer->out);
  print_fields(printer, &text_form_arg, arg);
  fprintf(printer->out, " ; %s", arg->param < stage->param_count ? stage->params[arg->param].name : "columns");
  if (arg->kind == ARG_WORD) print_comment(printer, arg->index);
  if (arg->name != PLAN_NONE) print_comment(printer, arg->name);
  fputc('\n', printer->out);
}

static void print_node(const Printer *printer, uint32_t i) {
  const PlanNode *node = &printer->plan->nodes[i];
  const StageDef *stage = plan_stage(printer->plan, i);
  print_name(printer, SECTION_NODE, i);
  print_fields(printer, &text_form_node, node);
  fprintf(printer->out, " ; %s%s\n", stage_prefix((StageId)printer->plan->imports[node->stage].id), stage->name);
  for (uint32_t k = 0; k < node->input_count; k++) fprintf(printer->out, "  in n%" PRIu32 "\n", node->inputs[k]);
  for (uint32_t k = 0; k < node->arg_count; k++) print_arg(printer, stage, &node->args[k]);
}

static void print_constant_comment(const Printer *printer, uint32_t index) {
  const PlanConstant *constant = &printer->plan->constants[index];
  if (type_is_text(constant->type)) print_comment(printer, constant->as.text);
  if (constant->type == TYPE_OF(INT)) fprintf(printer->out, " ; %" PRId64, constant->as.integer);
}

static void print_operand(const Printer *printer, const PlanCode *code, const Instruction *instruction) {
  char kind = opcode_def(instruction->opcode)->immediates[0];
  uint32_t operand = (uint32_t)instruction->immediate;
  if (text_operand_letter(kind)) {
    print_reference(printer, text_operand_letter(kind), operand);
  } else if (kind == 'j') {
    fprintf(printer->out, " %04" PRIx32, instruction->next + operand);
  } else if (kind == 'y') {
    fputc(' ', printer->out);
    print_type(printer, (Type)operand);
  } else {
    fprintf(printer->out, " %" PRIu32, operand);
  }
  switch (kind) {
    case 'c':
      print_constant_comment(printer, operand);
      break;
    case 'p':
      print_comment(printer, printer->plan->params[operand].name);
      break;
    case 'k':
      print_comment(printer, printer->plan->schemas[code->schema].columns[operand].name);
      break;
    case 'f':
      print_comment(printer, printer->plan->imports[operand].name);
      break;
    default:
      break;
  }
}

static void print_code(const Printer *printer, uint32_t i) {
  const PlanCode *code = &printer->plan->codes[i];
  print_name(printer, SECTION_CODE, i);
  print_fields(printer, &text_form_code, code);
  fputc('\n', printer->out);
  Instruction instruction;
  for (uint32_t at = 0; at < code->length && code_next(code, &at, &instruction, NULL) == STATUS_OK;) {
    fprintf(printer->out, "  %04" PRIx32 " %s", instruction.at, opcode_def(instruction.opcode)->name);
    if (opcode_def(instruction.opcode)->immediates[0]) print_operand(printer, code, &instruction);
    fputc('\n', printer->out);
  }
}

static void print_sink(const Printer *printer, uint32_t i) {
  print_name(printer, SECTION_SINK, i);
  print_fields(printer, &text_form_sink, &printer->plan->sinks[i]);
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
    fprintf(printer->out, "span n%" PRIu32, i);
    print_fields(printer, &text_form_span, &plan->spans[i]);
    fputc('\n', printer->out);
  }
}

static void print_docs(const Printer *printer) {
  if (!printer->plan->doc.length) return;
  print_items(printer, SECTION_DOCS, 0, print_string);
  fputs("doc ", printer->out);
  print_quoted(printer->out, printer->plan->doc, SIZE_MAX);
  fputc('\n', printer->out);
}

/* Sections that mean nothing to this Narada, from `*at` on and below `end`, as bytes. */
static void print_extras(const Printer *printer, uint32_t *at, uint64_t end) {
  enum { LINE = 32 };
  for (; *at < printer->plan->extra_count && printer->plan->extras[*at].id < end; ++*at) {
    const PlanExtra *extra = &printer->plan->extras[*at];
    if (section_is_named(extra->id)) {
      fprintf(printer->out, "\nsection %s\n", section_name(extra->id));
    } else {
      fprintf(printer->out, "\nsection %" PRIu32 "\n", extra->id);
    }
    for (size_t i = 0; i < extra->content.length; i++) {
      if (i % LINE == 0) fputs("bytes ", printer->out);
      fprintf(printer->out, "%02x", (unsigned)(unsigned char)extra->content.bytes[i]);
      if (i % LINE == LINE - 1 || i + 1 == extra->content.length) fputs("\n", printer->out);
    }
  }
}

static Status print_plan(void *context, Error *error) {
  const Printer *printer = context;
  const Plan *plan = printer->plan;
  (void)error;
  print_hex(printer, "plan", &plan->id);
  fprintf(printer->out, "format %d %u\nlevel %u\n\nsection META\n", PLAN_MAJOR, plan->minor, plan->level);
  print_hex(printer, "catalogue", &plan->catalogue);
  print_hex(printer, "source", &plan->source);
  for (uint32_t i = 0; i < plan->module_count; i++) {
    fputs("module ", printer->out);
    print_quoted(printer->out, plan->modules[i].name, SIZE_MAX);
    print_hex(printer, "", &plan->modules[i].digest);
  }
  print_items(printer, SECTION_STRS, plan->string_count, print_string);
  print_items(printer, SECTION_CONS, plan->constant_count, print_constant);
  print_items(printer, SECTION_IMPT, plan->import_count, print_import);
  print_items(printer, SECTION_ROWS, plan->schema_count, print_schema);
  print_items(printer, SECTION_PARM, plan->param_count, print_param);
  print_items(printer, SECTION_EFCT, plan->effect_count, print_effect);
  fprintf(printer->out, "determinism %s\n", text_words_determinism.items[plan->determinism]);
  print_items(printer, SECTION_NODE, plan->node_count, print_node);
  print_items(printer, SECTION_SUBG, 0, print_node);
  print_items(printer, SECTION_CODE, plan->code_count, print_code);
  print_items(printer, SECTION_SINK, plan->sink_count, print_sink);
  uint32_t extra = 0;
  print_extras(printer, &extra, SECTION_DBUG);
  print_debug(printer);
  print_docs(printer);
  print_extras(printer, &extra, UINT64_MAX);
  return STATUS_OK;
}

void plan_disassemble(const Plan *plan, FILE *out) {
  Error error = {0};
  Printer printer = {plan, arena_new(0), out};
  if (!printer.arena || arena_protect(printer.arena, print_plan, &printer, &error) != STATUS_OK)
    fputs("; memory ran out\n", out);
  arena_free(printer.arena);
}
