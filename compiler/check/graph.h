/* graph.h: the checked program: streams as nodes, expressions with types. Made by check, completed by demand, written out by lower. */
#ifndef NARADA_COMPILER_GRAPH_H
#define NARADA_COMPILER_GRAPH_H

#include "base/vec.h"
#include "compiler/syntax/ast.h"
#include "compiler/source/diag.h"
#include "plan/catalogue.h"

typedef struct Typed Typed;

/* A literal after checking. */
typedef struct Literal {
  Type type;
  bool boolean;
  int64_t integer;
  double number;
  Text text;
  Date date;
  Instant time;
  Duration duration;
  struct Literal *items; /* FORM_LIST */
  size_t item_count;
  struct Literal *low, *high; /* FORM_RANGE; NULL = open */
} Literal;

/* A column that an expression reads. The window is NULL, or a TYPED_CONSTANT or TYPED_PARAM. */
typedef struct ColumnRef {
  Text name;
  FieldId field; /* FIELD_COUNT = named by `add` or `tally` */
  Typed *window;
  Type type;
  bool if_given; /* wanted by a destination where a source has it, not read by the program */
} ColumnRef;
typedef VEC(ColumnRef) ColumnSet;
bool column_same(const ColumnRef *a, const ColumnRef *b);

typedef enum TypedKind {
  TYPED_BAD, /* already reported: whatever meets it stays silent */
  TYPED_CONSTANT,
  TYPED_PARAM,  /* index of the program's parameter */
  TYPED_COLUMN,
  TYPED_MISSING,
  TYPED_OP,     /* opcode over operands */
  TYPED_AND,
  TYPED_OR,
  TYPED_CONCAT, /* texts */
  TYPED_CALL,   /* scalar function */
  TYPED_AGGREGATE, /* function with at most one operand; only inside `tally` */
} TypedKind;

struct Typed {
  TypedKind kind;
  Type type; /* with TYPE_OPTIONAL where it may be missing */
  Span span;
  Literal literal;
  uint32_t param;
  ColumnRef column;
  int opcode;
  FunctionId function;
  uint32_t aggregate; /* lower: its column in the aggregate row */
  bool formal;        /* what a use of a stage gave it: another use may give something else */
  Typed **operands;
  size_t operand_count;
  bool joined; /* put together by the optimiser: its span is its first part's */
  uint32_t weight; /* operations, with those of the names it uses; 0 = not counted yet */
};

typedef struct NamedColumn {
  Text name;
  Type type;
} NamedColumn;

/* What flows out of a node. */
typedef struct StreamType {
  RowKind kind;
  NamedColumn *named; /* from `add` and `tally`, in order; for ROWS_ANY these are all */
  size_t named_count;
} StreamType;

typedef enum NodeArgKind { NODE_SCALAR, NODE_ROW, NODE_WORD, NODE_INPUT, NODE_AGGREGATE, NODE_RESULT, NODE_KEY } NodeArgKind;

typedef struct NodeArg {
  uint8_t param; /* index in the stage's params */
  NodeArgKind kind;
  bool descending;
  Text name;      /* of `add`, tally keys and results */
  Text word;
  uint32_t input;
  FunctionId function; /* NODE_AGGREGATE */
  Typed *value;   /* NULL for an aggregate without argument */
  Span span;
} NodeArg;

typedef struct Node {
  StageId stage;
  Span span;
  struct Node **inputs;
  size_t input_count;
  NodeArg *args;
  size_t arg_count;
  StreamType type;
  struct Node *per; /* the `per` whose groups it sees; NULL outside of all. The two ends of a `per` are outside of it themselves. */
  bool inserted;
  bool inserted_shared; /* for several readers */
  ColumnSet columns; /* a source's or enrich's ARG_COLUMNS */
  ColumnSet reads;   /* demand: what it reads itself */
  ColumnSet group_reads;   /* demand: of a `per`, what is read from its groups */
  ColumnSet needed;        /* demand: what is read from its rows by anything below */
  ColumnSet shared;        /* demand: those of `needed` that more than one of its users asks for */
  ColumnSet fetched_whole; /* demand: those that would be fetched for all of its rows */
  ColumnSet present;       /* demand: what its rows carry */
  ColumnSet settled;       /* demand: those that nobody knows better: fetched, or given by the source */
  struct Node *enriched;   /* demand: what its users read instead */
  uint32_t users;              /* optimise: used nodes that read it */
  uint8_t origins;             /* optimise: 1 rows of the store, 2 of elsewhere, 3 of both; 0 = not looked at yet */
  uint32_t number;             /* optimise: its place before */
  unsigned epoch;              /* optimise: of what reads the world, how many writes stand before it */
  struct Node *equal;          /* optimise: the node that stands for it */
  struct Node *next_in_bucket; /* optimise */
  bool ordered;                /* optimise */
  bool moved;                  /* optimise: a filter that stands before where it was written */
  Span site;                   /* of a node that a module wrote: where the program reaches it; empty for the program's own */
  Span limited_by;             /* the `take` that a sort took over; empty = none */
  bool used;              /* leads to a destination */
  uint32_t expansion;     /* which use of a stage of the program it comes from; 0 = it stands in a pipeline itself */
  uint32_t place;         /* lint: its index in Graph.nodes */
  uint32_t plan_index;
} Node;

typedef struct ProgramParam {
  Text name;
  Type type;
  Literal *default_value; /* NULL = required */
  Text doc;
  Span span;
  bool reached; /* a flag of the program: its own, or a module's that something reads */
  uint32_t plan_index; /* lower: its place among the flags */
} ProgramParam;

/* What a name in the program stands for: for editors. */
typedef struct NameUse {
  Span use;        /* of one name, without its module */
  Span definition; /* of the name where it is defined */
} NameUse;

/* What flows out of a written source or stage. The same place may stand here more often, once for each use of the stage around it. */
typedef struct RowsAt {
  Span span;
  StreamType type; /* of ROWS_KIND_COUNT where the stream is broken */
} RowsAt;

/* A pipeline or `let` of the program or of a module, and its last node. */
typedef struct StreamOf {
  const Stmt *stmt;
  Node *node;
} StreamOf;

typedef struct Graph {
  Arena *arena;
  DiagList *diags;
  Text doc;
  uint32_t source;
  const struct Program *program;
  VEC(ProgramParam) params;
  VEC(Node *) nodes; /* inputs before their users */
  VEC(Node *) sinks; /* in program order */
  VEC(StreamOf) streams; /* in the order in which they were checked, each once */
  VEC(NameUse) uses; /* in the order in which they were met */
  VEC(RowsAt) rows;
} Graph;

/* Names, row kinds, types, literals, graph shape. Everything wrong is in `graph->diags`. With `as_module` a file that only defines is not told to do nothing. */
Graph *check_program(Arena *arena, const struct Program *program, bool as_module, DiagList *diags);
/* Chooses the columns of every source and inserts enrichers where a column is first read; puts the nodes into the order of the plan. */
void demand_columns(Graph *graph);
/* The `per` whose groups the node's rows are; NULL = rows outside of all groups. */
Node *node_group(const Node *node);
Provider enricher_provider(const Node *node);

#endif
