/* plan.h: the plan, the validated DAG bytecode that is the contract between naradac and narada-run.
 *
 * File (little-endian; v = LEB128 varint, at most 10 bytes, shortest form; sections start at multiples of 8, padding is zero):
 *
 *   offset  size
 *        0     8  magic 89 4E 52 44 0D 0A 1A 0A
 *        8     2  format major (PLAN_MAJOR)
 *       10     2  format minor
 *       12     2  language level
 *       14     2  flags, 0
 *       16     8  file size in bytes
 *       24     4  section count
 *       28     4  CRC-32 of the whole file with these four bytes zero
 *       32    32  plan id: SHA-256 of the critical sections in order (each: id u32, flags u32, length u64, content; no padding)
 *       64     -  section directory: per section  id u32 | flags u32 (bit 0 critical) | offset u64 | length u64
 *        -     -  the sections
 *
 * The plan id is the identity of a plan: stripping debug sections keeps it; it is the key of the run log. */
#ifndef NARADA_PLAN_PLAN_H
#define NARADA_PLAN_PLAN_H

#include "base/clock.h"
#include "base/digest.h"
#include "plan/catalogue.h"

enum {
  PLAN_MAJOR = 1,
  PLAN_MINOR = 0,
  PLAN_LEVEL = 1,
  PLAN_HEADER_SIZE = 64,
  /* Limits, each its own refusal. */
  PLAN_MAX_BYTES = 16 << 20,
  PLAN_MAX_NODES = 4096,
  PLAN_MAX_STRINGS = 65536,
  PLAN_MAX_STRING = 65536,
  PLAN_MAX_CONSTANTS = 65536,
  PLAN_MAX_LIST = 4096,
  PLAN_MAX_IMPORTS = 1024,
  PLAN_MAX_SCHEMAS = 4096,
  PLAN_MAX_COLUMNS = 256, /* of one schema */
  PLAN_MAX_PARAMS = 256,
  PLAN_MAX_INPUTS = 64,   /* of one node */
  PLAN_MAX_ARGS = 1024,   /* of one node */
  PLAN_MAX_CODES = 16384,
  PLAN_MAX_CODE = 65536,  /* bytes of one expression */
  PLAN_MAX_STACK = 64,
  PLAN_MAX_EFFECTS = 4096,
  PLAN_MAX_MODULES = 64,
  PLAN_MAX_GROUPS = 64,   /* `per` within `per` */
};

typedef enum PlanSection {
  SECTION_META = 1,
  SECTION_STRS,
  SECTION_CONS,
  SECTION_IMPT,
  SECTION_ROWS,
  SECTION_PARM,
  SECTION_EFCT,
  SECTION_NODE,
  SECTION_SUBG,
  SECTION_CODE,
  SECTION_SINK,
  SECTION_DBUG = 0x40, /* spans of nodes */
  SECTION_DOCS,
  SECTION_SRCE,
  SECTION_NOTE,
} PlanSection;

typedef uint32_t PlanString; /* index into strings */
#define PLAN_NONE UINT32_MAX

typedef struct PlanConstant {
  Type type; /* without TYPE_OPTIONAL; FORM_LIST of bool int float text date time duration; FORM_RANGE of int float date time */
  union {
    bool boolean;
    int64_t integer;
    double number; /* float, percent; finite */
    PlanString text;
    Date date;     /* precision year, month or day, no offset */
    Instant time;
    Duration duration;
    struct {
      uint32_t *items; /* constant indices, each below this one, of the element type */
      uint32_t count;
    } list;
    struct {
      uint32_t low, high; /* constant indices below this one, or PLAN_NONE for an open end; inclusive; not both open */
    } range;
  } as;
} PlanConstant;

typedef enum PlanImportKind { IMPORT_STAGE, IMPORT_FIELD, IMPORT_FUNCTION, IMPORT_CONNECTOR } PlanImportKind;

typedef struct PlanImport {
  PlanImportKind kind;
  PlanString name;    /* a destination is spelled "to file.csv", a source "from file.csv" */
  uint64_t signature; /* of the catalogue row; a connector has 0 */
  uint32_t id;        /* bound at load: StageId, FieldId, FunctionId or ConnectorId; not in the file */
} PlanImport;

typedef enum PlanWindowKind { WINDOW_NONE, WINDOW_CONSTANT, WINDOW_PARAM } PlanWindowKind;

/* Which part of the history a metric looks at. */
typedef struct PlanWindow {
  PlanWindowKind kind;
  uint32_t index; /* a constant or parameter of type duration, date or range[date] */
} PlanWindow;

typedef struct PlanColumn {
  PlanString name;   /* the field's name, or the name that `add` or `tally` gave */
  uint32_t field;    /* import index of kind IMPORT_FIELD, or PLAN_NONE */
  Type type;         /* with TYPE_OPTIONAL where it may be missing */
  PlanWindow window;
} PlanColumn;

typedef struct PlanSchema {
  RowKind kind;
  PlanColumn *columns;
  uint32_t column_count;
} PlanSchema;

typedef struct PlanParam {
  PlanString name;
  Type type;
  uint32_t default_constant; /* PLAN_NONE = must be given */
  PlanString doc;            /* PLAN_NONE = none */
} PlanParam;

typedef enum PlanArgKind {
  ARG_CONSTANT, /* index: constant */
  ARG_PARAM,    /* index: parameter */
  ARG_SCALAR,   /* index: code without a schema, evaluated once a run (interpolated text, computed number) */
  ARG_ROW,      /* index: code on the rows of input 0 */
  ARG_INPUT,    /* index: which input of the node carries this stream */
  ARG_WORD,     /* index: string, one of the parameter's words */
  ARG_COLUMNS,  /* index: schema: the columns a source or `enrich` is to give; param is PLAN_ARG_COLUMNS */
  ARG_AGGREGATE, /* index: import of an aggregate function; `code` its argument on the rows of input 0, or PLAN_NONE */
  ARG_RESULT,   /* index: code on the row of (keys..., aggregates...) of this node; `name` the column it makes */
} PlanArgKind;
enum { PLAN_ARG_COLUMNS = 0xFF };

typedef struct PlanArg {
  uint8_t param; /* index into the stage's params */
  PlanArgKind kind;
  bool descending;
  PlanString name; /* of a named expression, a key's or a result's column; PLAN_NONE otherwise */
  uint32_t index;
  uint32_t code; /* ARG_AGGREGATE only; PLAN_NONE otherwise */
} PlanArg;

typedef struct PlanNode {
  uint32_t stage;   /* import index of kind IMPORT_STAGE */
  uint32_t *inputs; /* node indices, each smaller than this node's */
  uint32_t input_count;
  PlanArg *args; /* in parameter order; repeated ones in the order written */
  uint32_t arg_count;
  uint32_t schema; /* of its rows */
  bool inserted;   /* by the compiler, not written by the user */
} PlanNode;

typedef struct PlanCode {
  uint32_t schema; /* PLAN_NONE = no row; for ARG_RESULT the node's plan_aggregate_schema */
  Type result;
  uint32_t stack; /* exact maximum height */
  const uint8_t *bytes;
  uint32_t length;
} PlanCode;

typedef struct PlanEffect {
  ConnectorId connector;
  StageEffect effect;  /* read or write */
  PlanString resource; /* a constant text; "*" when it is computed or all of it */
} PlanEffect;

typedef enum Determinism { DETERMINISM_PURE, DETERMINISM_CLOCK, DETERMINISM_NETWORK, DETERMINISM_UNSEEDED } Determinism;

/* A destination, in program order. */
typedef struct PlanSink {
  uint32_t node;
  uint32_t after; /* index of the sink that must be finished first, or PLAN_NONE */
} PlanSink;

typedef struct PlanSpan {
  uint32_t line, column;
} PlanSpan;

/* A section that means nothing to this Narada. It is kept, so that a plan can be written again as it was. */
typedef struct PlanExtra {
  uint32_t id;
  Text content;
} PlanExtra;

/* A file that the program uses. */
typedef struct PlanModule {
  Text name; /* the path relative to the program's folder, or "std.NAME"; not empty, each once */
  Digest digest; /* SHA-256 of its text */
} PlanModule;

typedef struct Plan {
  Digest id;
  uint16_t minor; /* of the format; PLAN_MINOR for what this Narada makes */
  uint16_t level;
  Digest catalogue; /* catalogue_digest() of the compiler */
  Digest source;    /* SHA-256 of what is written in the program, its layout and comments apart */
  PlanModule *modules; /* in the order in which the program reaches them */
  uint32_t module_count;
  Text source_name;       /* the file's name without folders; in DBUG and not among the strings, so not part of the id; empty if stripped */
  Text *strings;
  uint32_t string_count;
  PlanConstant *constants;
  uint32_t constant_count;
  PlanImport *imports;
  uint32_t import_count;
  PlanSchema *schemas;
  uint32_t schema_count;
  PlanParam *params;
  uint32_t param_count;
  PlanEffect *effects; /* sorted by connector, effect, resource text; no repetition */
  uint32_t effect_count;
  Determinism determinism;
  PlanNode *nodes;
  uint32_t node_count;
  PlanCode *codes;
  uint32_t code_count;
  PlanSink *sinks;
  uint32_t sink_count;
  PlanSpan *spans; /* one a node, or NULL when stripped */
  Text doc;        /* the program's ## text; DOCS */
  PlanExtra *extras; /* by ascending id */
  uint32_t extra_count;
} Plan;

/* Decodes and verifies. `bytes` must outlive the plan. Every refusal is STATUS_BAD_PLAN with an N8 code and names section, offset
 * and node where it applies. Memory is bounded by a small multiple of `length`. */
Status plan_load(Arena *arena, const void *bytes, size_t length, Plan **out, Error *error);

/* The bytes of a plan: the same plan always gives the same bytes. Computes plan->id. The result is in the arena. */
Status plan_encode(Arena *arena, Plan *plan, Text *out, Error *error);

/* One line about each part, as text that a review can read; the first line is `plan <64 hex digits>`. text_form.h tells the form. */
void plan_disassemble(const Plan *plan, FILE *out);

enum { PLAN_TEXT_MAX = 512 << 20 };
/* The exact inverse: the bytes of the plan that `text` describes, verified (arena). `name` is the text's, for messages. A text that is none, or whose
 * plan would be refused, is STATUS_BAD_PLAN with an N8 code and begins with NAME:LINE:COLUMN. */
Status plan_assemble(Arena *arena, Text text, const char *name, Text *out, Error *error);

const StageDef *plan_stage(const Plan *plan, uint32_t node);
/* A constant as one writes it on a command line: 90d, 20%, 2024-03, 2010..2019, a,b; arena. */
Text plan_constant_text(const Plan *plan, Arena *arena, uint32_t constant);
Text plan_string(const Plan *plan, PlanString string); /* PLAN_NONE gives the empty text */
/* "plays(90d)", "plays(@2024)", "plays({window})", or the plain name; arena. */
Text plan_column_name(const Plan *plan, Arena *arena, const PlanColumn *column);

#endif
