#include "plan/text_form.h"

#include <stddef.h>
#include <string.h>

#define WORDS(name, what, ...)                                    \
  static const char *const name##_items[] = {__VA_ARGS__};        \
  static const TextWords name = {name##_items, sizeof name##_items / sizeof *name##_items, what}

WORDS(import_kinds, "kind of import", "stage", "field", "function", "connector");
WORDS(window_kinds, "kind of window", "none", "const", "param");
WORDS(row_kinds, "kind of rows", "tracks", "plays", "playlists", "rows");
WORDS(effect_kinds, "effect", "none", "read", "write");
WORDS(node_kinds, "kind of node", "plain", "inserted");
WORDS(arg_kinds, "kind of argument", "const", "param", "scalar", "row", "input", "word", "columns", "aggregate", "result");
static const char *const connectors_items[] = {
#define CONNECTOR(id, name, ...) name,
#include "connectors.def"
#undef CONNECTOR
};
static const TextWords connectors = {connectors_items, CONNECTOR_COUNT, "connector"};

static const char *const determinism_items[] = {"pure", "clock", "network", "unseeded"};
const TextWords text_words_determinism = {determinism_items, DETERMINISM_UNSEEDED + 1, "class of determinism"};

_Static_assert(sizeof row_kinds_items / sizeof *row_kinds_items == ROWS_KIND_COUNT, "a kind of rows has no word");
_Static_assert(sizeof arg_kinds_items / sizeof *arg_kinds_items == ARG_RESULT + 1, "a kind of argument has no word");
_Static_assert(sizeof determinism_items / sizeof *determinism_items == DETERMINISM_UNSEEDED + 1, "a class has no word");

#define AT(Type, member) .offset = offsetof(Type, member), .size = sizeof(((Type *)0)->member)
#define REFERENCE(Type, member, letter) {.kind = TEXT_REFERENCE, AT(Type, member), .letters = letter}
#define OPTIONAL(Type, member, letter) {.kind = TEXT_OPTIONAL, AT(Type, member), .letters = letter}
#define NUMBER(Type, member) {.kind = TEXT_NUMBER, AT(Type, member)}
#define TYPE_NAME(Type, member) {.kind = TEXT_TYPE, AT(Type, member)}
#define WORD(Type, member, list) {.kind = TEXT_WORD, AT(Type, member), .words = &(list)}
#define CHOICE(Type, member, list, index, each) \
  {.kind = TEXT_CHOICE, AT(Type, member), .words = &(list), .second_offset = offsetof(Type, index), .letters = each}
#define FLAG(Type, member, spelled) {.kind = TEXT_FLAG, AT(Type, member), .word = spelled}
#define TAIL(Type, member, spelled, letter) {.kind = TEXT_TAIL, AT(Type, member), .word = spelled, .letters = letter}

const TextForm text_form_import = {{WORD(PlanImport, kind, import_kinds), REFERENCE(PlanImport, name, "s"),
                                    {.kind = TEXT_SIGNATURE, AT(PlanImport, signature)}}};
const TextForm text_form_schema = {{WORD(PlanSchema, kind, row_kinds)}};
const TextForm text_form_column = {{REFERENCE(PlanColumn, name, "s"), OPTIONAL(PlanColumn, field, "i"),
                                    TYPE_NAME(PlanColumn, type),
                                    CHOICE(PlanColumn, window.kind, window_kinds, window.index, "-cp")}};
const TextForm text_form_param = {{REFERENCE(PlanParam, name, "s"), TYPE_NAME(PlanParam, type),
                                   OPTIONAL(PlanParam, default_constant, "c"), OPTIONAL(PlanParam, doc, "s")}};
const TextForm text_form_effect = {{WORD(PlanEffect, effect, effect_kinds), WORD(PlanEffect, connector, connectors),
                                    REFERENCE(PlanEffect, resource, "s")}};
const TextForm text_form_node = {{REFERENCE(PlanNode, stage, "i"), REFERENCE(PlanNode, schema, "r"),
                                  WORD(PlanNode, inserted, node_kinds)}};
const TextForm text_form_arg = {{NUMBER(PlanArg, param), CHOICE(PlanArg, kind, arg_kinds, index, "cpkk#srik"),
                                 FLAG(PlanArg, descending, "desc"), TAIL(PlanArg, name, "as", "s"),
                                 TAIL(PlanArg, code, "of", "k")}};
const TextForm text_form_code = {{OPTIONAL(PlanCode, schema, "r"), TYPE_NAME(PlanCode, result), NUMBER(PlanCode, stack)}};
const TextForm text_form_sink = {{REFERENCE(PlanSink, node, "n"), OPTIONAL(PlanSink, after, "d")}};
const TextForm text_form_span = {{NUMBER(PlanSpan, line), NUMBER(PlanSpan, column)}};

char text_letter(PlanSection section) {
  static const char letters[SECTION_SINK + 1] = {
      [SECTION_STRS] = 's', [SECTION_CONS] = 'c', [SECTION_IMPT] = 'i', [SECTION_ROWS] = 'r',
      [SECTION_PARM] = 'p', [SECTION_NODE] = 'n', [SECTION_CODE] = 'k', [SECTION_SINK] = 'd',
  };
  return (unsigned)section <= SECTION_SINK ? letters[section] : 0;
}

char text_operand_letter(char immediate) {
  return immediate == 'f' ? 'i' : immediate == 'c' || immediate == 'p' ? immediate : 0;
}

uint64_t text_member(const void *item, size_t offset, size_t size) {
  const unsigned char *from = (const unsigned char *)item + offset;
  uint8_t byte;
  uint32_t word;
  uint64_t wide;
  switch (size) {
    case 1:
      memcpy(&byte, from, sizeof byte);
      return byte;
    case sizeof word:
      memcpy(&word, from, sizeof word);
      return word;
    default:
      memcpy(&wide, from, sizeof wide);
      return wide;
  }
}

void text_member_set(void *item, size_t offset, size_t size, uint64_t value) {
  unsigned char *to = (unsigned char *)item + offset;
  uint8_t byte = (uint8_t)value;
  uint32_t word = (uint32_t)value;
  switch (size) {
    case 1:
      memcpy(to, &byte, sizeof byte);
      break;
    case sizeof word:
      memcpy(to, &word, sizeof word);
      break;
    default:
      memcpy(to, &value, sizeof value);
      break;
  }
}
