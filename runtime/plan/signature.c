#include <stdatomic.h>

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

/* The tables never change, so what is computed once is kept; two threads may compute the same at the same time. No signature is 0 but by a chance of one in
 * 2^64, and then it is computed again. */
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

static uint64_t kept_signature(_Atomic uint64_t *kept, AddRow *add, int id) {
  uint64_t signature = atomic_load_explicit(kept, memory_order_relaxed);
  if (signature) return signature;
  Canonical canonical = {0};
  add(&canonical, id);
  signature = first_bytes(&canonical);
  atomic_store_explicit(kept, signature, memory_order_relaxed);
  return signature;
}

uint64_t stage_signature(StageId id) {
  static _Atomic uint64_t kept[STAGEID_COUNT];
  return kept_signature(&kept[id], add_stage_row, (int)id);
}

uint64_t field_signature(FieldId id) {
  static _Atomic uint64_t kept[FIELD_COUNT];
  return kept_signature(&kept[id], add_field_row, (int)id);
}

uint64_t function_signature(FunctionId id) {
  static _Atomic uint64_t kept[FUNCTION_ID_COUNT];
  return kept_signature(&kept[id], add_function_row, (int)id);
}

static Digest compute_catalogue_digest(void) {
  Canonical canonical = {0};
  for (int id = 0; id < CONNECTOR_COUNT; id++)
    add_line(&canonical, "connector %s\n", connector_def((ConnectorId)id)->name);
  for (int id = 0; id < FIELD_COUNT; id++) add_field(&canonical, (FieldId)id);
  for (int id = 0; id < FUNCTION_ID_COUNT; id++) add_function(&canonical, (FunctionId)id);
  for (int id = 0; id < STAGEID_COUNT; id++) add_stage(&canonical, (StageId)id);
  return canonical.so_far;
}

Digest catalogue_digest(void) {
  static Digest kept;
  static atomic_int state; /* 0 nothing, 1 being written, 2 there */
  if (atomic_load_explicit(&state, memory_order_acquire) == 2) return kept;
  Digest digest = compute_catalogue_digest();
  int nothing = 0;
  if (atomic_compare_exchange_strong(&state, &nothing, 1)) {
    kept = digest;
    atomic_store_explicit(&state, 2, memory_order_release);
  }
  return digest;
}
