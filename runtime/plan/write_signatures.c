/* write_signatures: the hashes of the catalogue's rows and of all of it, as the C arrays that signature.c includes. The tables are fixed when the program is
 * built, so no start of it pays for hashing them. */
#include <inttypes.h>

#include "plan/catalogue.h"
#include "plan/opcode.h"

/* What a row promises, as text: one line a row, words and numbers separated by blanks. Kinds are spelled as in the
 * tables and not by number, so adding a kind changes no signature; docs are left out, so a better sentence does not
 * either. */

static const char *const stage_words[STAGEID_COUNT][4] = {
#define STAGE(id, name, group, inputs, input_rows, output, connector, effect, doc) {#group, #inputs, #output, #effect},
#define PARAM(stage, name, kind, flags, min, max, words, doc)
#include "stages.def"
#undef STAGE
#undef PARAM
};

static const char *const param_kinds[] = {
#define STAGE(id, name, group, inputs, input_rows, output, connector, effect, doc)
#define PARAM(stage, name, kind, flags, min, max, words, doc) #kind,
#include "stages.def"
#undef STAGE
#undef PARAM
};

enum { LINE_SIZE = 1024 };

/* A hash in the making: lines go in, the digest of all of them comes out. Without an arena, so that asking is never an
 * allocation. */
typedef struct Canonical {
  Digest so_far;
} Canonical;

static void add_line(Canonical *canonical, const char *format, ...) NARADA_PRINTF(2, 3);

/* so_far = SHA-256(so_far, line): a chain, which fixes order and number of lines. */
static void add_line(Canonical *canonical, const char *format, ...) {
  char line[LINE_SIZE];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  size_t used = length < 0 ? 0 : (size_t)length < sizeof line ? (size_t)length : sizeof line - 1;
  DigestPart parts[] = {{canonical->so_far.bytes, SHA256_SIZE}, {line, used}};
  canonical->so_far = sha256_parts(parts, 2);
}

static uint64_t first_bytes(const Canonical *canonical) {
  uint64_t value = 0;
  for (int i = 7; i >= 0; i--) value = value << 8 | canonical->so_far.bytes[i];
  return value;
}

static void add_stage(Canonical *canonical, StageId id) {
  const StageDef *stage = stage_def(id);
  const char *connector = stage->connector == CONNECTOR_COUNT ? "-" : connector_def(stage->connector)->name;
  add_line(canonical, "stage %s%s %s %s rows %u %s %s %s\n", stage_prefix(id), stage->name, stage_words[id][0],
           stage_words[id][1], (unsigned)stage->input_rows, stage_words[id][2], connector, stage_words[id][3]);
  const char *const *kinds = param_kinds + (stage->params - stage_def((StageId)0)->params);
  for (unsigned i = 0; i < stage->param_count; i++) {
    const ParamDef *param = &stage->params[i];
    add_line(canonical, "param %s %s %u %lld %lld (%s)\n", param->name, kinds[i], (unsigned)param->flags,
             (long long)param->min, (long long)param->max, param->words);
  }
}

static void add_field(Canonical *canonical, FieldId id) {
  const FieldDef *field = field_def(id);
  add_line(canonical, "field %s rows %u %s form %d optional %d %s windowed %d\n", field->name, (unsigned)field->rows,
           type_base_name(type_base(field->type)), (int)type_form(field->type), type_is_optional(field->type),
           provider_name(field->provider), field->windowed);
}

static void add_function(Canonical *canonical, FunctionId id) {
  const FunctionDef *function = function_def(id);
  add_line(canonical, "function %s %s (%s) aggregate %d\n", function->name, function->result, function->args,
           function->aggregate);
}

/* ---- the arrays ---- */

typedef void AddRow(Canonical *canonical, int id);

static void add_stage_row(Canonical *canonical, int id) {
  add_stage(canonical, (StageId)id);
}

static void add_field_row(Canonical *canonical, int id) {
  add_field(canonical, (FieldId)id);
}

static void add_function_row(Canonical *canonical, int id) {
  add_function(canonical, (FunctionId)id);
}

static void print_signatures(const char *name, AddRow *add, int count) {
  printf("static const uint64_t %s[] = {\n", name);
  for (int id = 0; id < count; id++) {
    Canonical canonical = {0};
    add(&canonical, id);
    printf("  UINT64_C(0x%016" PRIx64 "),\n", first_bytes(&canonical));
  }
  puts("};");
}

static void print_catalogue(void) {
  Canonical canonical = {0};
  for (int id = 0; id < CONNECTOR_COUNT; id++)
    add_line(&canonical, "connector %s\n", connector_def((ConnectorId)id)->name);
  for (int id = 0; id < FIELD_COUNT; id++) add_field(&canonical, (FieldId)id);
  for (int id = 0; id < FUNCTION_ID_COUNT; id++) add_function(&canonical, (FunctionId)id);
  for (int id = 0; id < STAGEID_COUNT; id++) add_stage(&canonical, (StageId)id);
  printf("static const Digest catalogue = {{");
  for (int i = 0; i < SHA256_SIZE; i++) printf("%s0x%02x", i ? ", " : "", canonical.so_far.bytes[i]);
  puts("}};");
}

/* write_signatures FILE */
int main(int argc, char **argv) {
  if (argc != 2 || !freopen(argv[1], "w", stdout)) {
    perror("write_signatures");
    return 1;
  }
  puts("/* Written by write_signatures from the tables of stdlib/. */");
  print_signatures("stage_signatures", add_stage_row, STAGEID_COUNT);
  print_signatures("field_signatures", add_field_row, FIELD_COUNT);
  print_signatures("function_signatures", add_function_row, FUNCTION_ID_COUNT);
  print_catalogue();
  return fclose(stdout) ? 1 : 0;
}
