/* plan_int.h: what the files of the plan share. Private to runtime/plan. */
#ifndef NARADA_PLAN_PLAN_INT_H
#define NARADA_PLAN_PLAN_INT_H

#include "plan/build.h"
#include "plan/code_next.h"
#include "plan/opcode.h"

/* ---- refuse.c: every way a plan can be wrong, one for each N8 row of diagnostics.def ---- */

typedef enum PlanFault {
#define DIAGNOSTIC(code, name, severity, title, explanation) FAULT_##name,
#include "diagnostics.def"
#undef DIAGNOSTIC
  FAULT_COUNT
} PlanFault;

/* fail() with STATUS_BAD_PLAN and the code of the fault. The caller that knows the place adds it with fail_context. */
Status refuse(Error *error, PlanFault fault, const char *format, ...) NARADA_PRINTF(3, 4);

/* ---- intern.c: byte strings numbered by first appearance ---- */

typedef struct Interner Interner;
Interner *interner_new(Arena *arena);
/* The number of `key`, which must stay where it is; a new key gets the next number. `*added` tells which. */
uint32_t interner_add(Interner *interner, Text key, bool *added);
/* The number of a key that is there, or PLAN_NONE. */
uint32_t interner_find(const Interner *interner, Text key);

/* ---- write.c: items as they stand in a file; equal items are equal bytes, so these are also the keys of interning
 * ---- */

void write_byte(TextBuilder *out, unsigned byte);
void write_fixed(TextBuilder *out, uint64_t value, size_t bytes); /* little-endian */
void write_varint(TextBuilder *out, uint64_t value);
void write_text(TextBuilder *out, Text text); /* its length, then its bytes */
void write_constant(TextBuilder *out, const PlanConstant *constant);
void write_import(TextBuilder *out, const PlanImport *import);
void write_schema(TextBuilder *out, const PlanSchema *schema);
void write_param(TextBuilder *out, const PlanParam *param);
void write_node(TextBuilder *out, const PlanNode *node);
void write_code(TextBuilder *out, const PlanCode *code);
/* Bytes that write_varint needs: 1 to 10. */
size_t varint_size(uint64_t value);

/* The bits of the bytes that write_node makes. An argument is: param, kind and flags in one byte, then its numbers. */
enum {
  NODE_FLAG_INSERTED = 1,
  ARG_KIND_MASK = 0x0F,
  ARG_FLAG_DESCENDING = 0x80,
  SECTION_CRITICAL = 1,
  SECTION_ENTRY_SIZE = 24, /* of the directory */
  PLAN_MAX_SECTIONS = 64,
};
extern const uint8_t plan_magic[8];
/* "META", ..., "NOTE"; "section" for an unknown one. */
const char *section_name(uint32_t section);
bool section_is_named(uint32_t section);
/* SHA-256 over id, flags, length and content of the critical sections, in order. */
typedef struct SectionBytes {
  uint32_t id, flags;
  Text content;
} SectionBytes;
Digest sections_digest(Arena *arena, const SectionBytes *sections, size_t count);

/* ---- code_check.c: typed abstract execution of expression code ---- */

/* What a run of the code can reach. */
typedef struct CodeFacts {
  Type result;    /* of the value left for `ret`, optional if it may be missing on some way */
  uint32_t stack; /* greatest height */
} CodeFacts;

/* Memory for checking codes, one after another; it grows with the longest. */
typedef struct CodeScratch CodeScratch;
CodeScratch *code_scratch_new(Arena *arena);
/* Reads bytes and schema of `code` (its strings, constants, parameters, imports and schemas must have been checked) and
 * fills `out`. Takes as many steps as there are instructions, because jumps only lead forward. */
Status code_check(const Plan *plan, CodeScratch *scratch, const PlanCode *code, CodeFacts *out, Error *error);

/* ---- infer.c ---- */

/* Columns by name and window, for schemas up to PLAN_MAX_COLUMNS. */
typedef struct ColumnTable {
  const PlanColumn *columns;
  uint16_t slots[4 * PLAN_MAX_COLUMNS]; /* column + 1, 0 = free */
} ColumnTable;
void column_table_reset(ColumnTable *table, const PlanColumn *columns);
/* The column with this name and window, or PLAN_NONE. */
uint32_t column_table_find(const ColumnTable *table, PlanString name, PlanWindow window);
/* Adds columns[index]; false if its name and window are there already. */
bool column_table_add(ColumnTable *table, uint32_t index);

/* Memory for inferring one schema after another. */
typedef struct Infer {
  const Plan *plan;
  Arena *arena;        /* for messages */
  PlanColumn *columns; /* PLAN_MAX_COLUMNS of them, what the last schema was built in */
  PlanString
      *aggregate_names; /* PLAN_MAX_COLUMNS of them: "#0", "#1", ..., PLAN_NONE where the plan lacks the string */
  ColumnTable table;
} Infer;
Infer *infer_new(const Plan *plan, Arena *arena);
/* Like plan_infer_schema, without allocating: the columns are borrowed from `infer` or from a schema of the plan. All
 * indices must be in range. */
Status infer_node(Infer *infer, uint32_t node, PlanSchema *out, Error *error);
Status infer_aggregates(Infer *infer, const PlanNode *node, PlanSchema *out, Error *error);
/* The row kind a source gives, from its stage and its `rows` word. */
RowKind infer_source_kind(const Plan *plan, const PlanNode *node);
/* The argument of `kind` with this parameter index, or NULL. */
const PlanArg *node_arg(const PlanNode *node, unsigned param);
/* The provider that an `enrich` node names, or PROVIDER_COUNT. */
Provider node_provider(const Plan *plan, const PlanNode *node);
/* The type of a constant, parameter or scalar argument. */
Type arg_scalar_type(const Plan *plan, const PlanArg *arg);

/* ---- verify.c ---- */

/* Where the items of a plan stand in its file, for messages: byte offsets by section and item. */
typedef struct PlanPlaces {
  uint32_t *offsets[SECTION_SINK + 1];
  struct PlanPlace *fault; /* NULL, or where the place of a fault goes instead of its byte offset into the message */
} PlanPlaces;

/* An item of a section; item PLAN_NONE = the section as a whole, section 0 = the plan as a whole. */
typedef struct PlanPlace {
  uint32_t section, item;
} PlanPlace;
/* plan_load that tells where the fault is, for what has other places than offsets. */
Status plan_load_placed(Arena *arena, const void *bytes, size_t length, PlanPlace *fault, Plan **out, Error *error);

typedef struct Verifier {
  const Plan *plan;
  Arena *arena;
  const PlanPlaces *places;
  Infer *infer;
  CodeScratch *scratch;
  uint8_t **reads; /* by code, once it was asked for: a bit for each column it reads */
} Verifier;

/* Checks everything that decoding did not: `plan` has its imports bound and nothing else is known of it. */
Status plan_verify(const Plan *plan, Arena *arena, const PlanPlaces *places, Error *error);
/* Puts "section NODE, byte 412, node 3: " before the message of `error`, and returns its status. */
Status place_fault(const PlanPlaces *places, PlanSection section, uint32_t item, Error *error);
/* verify_node.c: stage, inputs, arguments and schema of one node. The nodes before it were verified. */
Status verify_node(Verifier *verifier, uint32_t node, Error *error);
/* verify_arg.c */
Status verify_arg(Verifier *verifier, uint32_t node, uint32_t arg, Error *error);
/* verify_columns.c: what a source or `enrich` is asked to give. */
Status verify_columns(Verifier *verifier, uint32_t node, Error *error);
/* What the rows of a set are compared by is there in every input. */
Status verify_identity(Verifier *verifier, uint32_t node, Error *error);

/* ---- decode.c ---- */

/* Decodes the content of one section into the plan. `base` is its offset in the file. */
Status decode_section(Plan *plan, Arena *arena, PlanPlaces *places, uint32_t section, Text content, uint32_t base,
                      Error *error);
/* bind.c. The signature that this Narada gives it, of the first overload; 0 for what it does not know. */
uint64_t import_signature(PlanImportKind kind, Text name);
/* Fills the ids of the imports. */
Status bind_imports(Plan *plan, Arena *arena, const PlanPlaces *places, Error *error);

#endif
