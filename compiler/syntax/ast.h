/* ast.h: the tree the parser builds and the checker annotates. Every node lives in the arena of its unit and has a span. */
#ifndef NARADA_COMPILER_AST_H
#define NARADA_COMPILER_AST_H

#include "base/clock.h"
#include "compiler/source/source.h"

typedef struct Expr Expr;
typedef struct Stage Stage;
typedef struct Pipeline Pipeline;

/* `lastfm.plays`: one or more names. `text` is the whole, without blanks; `span` covers it. */
typedef struct Path {
  Text *names;
  Span *name_spans;
  size_t count;
  Text text;
  Span span;
} Path;

typedef enum ExprKind {
  EXPR_BAD, /* stands where the parser recovered; the checker stays silent about it */
  EXPR_INT,
  EXPR_FLOAT,
  EXPR_PERCENT, /* number is the share: 20% = 0.2 */
  EXPR_BOOL,
  EXPR_MISSING,
  EXPR_DURATION,
  EXPR_DATE,
  EXPR_TEXT, /* parts: EXPR_TEXT_PIECE and interpolated expressions, in order; none = "" */
  EXPR_TEXT_PIECE,
  EXPR_LIST,
  EXPR_RANGE,   /* left..right; either may be NULL */
  EXPR_NAME,    /* path, a use of a field, param or let */
  EXPR_CALL,    /* path(arguments) */
  EXPR_UNARY,   /* op right */
  EXPR_BINARY,  /* left op right */
  EXPR_IS_MISSING, /* left is [not] missing; op is OP_IS or OP_IS_NOT */
  EXPR_AGO,     /* left ago */
  EXPR_KEY,     /* left asc|desc, only as a positional argument of a stage */
} ExprKind;

typedef enum Operator {
  OP_NONE,
  OP_OR,
  OP_AND,
  OP_NOT,
  OP_EQ,
  OP_NE,
  OP_LT,
  OP_LE,
  OP_GT,
  OP_GE,
  OP_IN,
  OP_NOT_IN,
  OP_IS,
  OP_IS_NOT,
  OP_ELSE, /* ?? */
  OP_ADD,
  OP_SUB,
  OP_MUL,
  OP_DIV,
  OP_NEGATE,
} Operator;
const char *operator_text(Operator op); /* as written in a program */

typedef struct ExprArg {
  Text name; /* empty = positional */
  Span name_span;
  Expr *value;
} ExprArg;

struct Expr {
  ExprKind kind;
  Operator op;
  Span span;
  Span op_span;      /* of the operator word, where there is one */
  bool descending;   /* EXPR_KEY */
  bool has_direction; /* EXPR_KEY */
  bool parenthesised; /* was written in parentheses; keeps (a < b) < c apart from a < b < c */
  bool boolean;       /* EXPR_BOOL */
  bool raw_text;      /* EXPR_TEXT written in single quotes */
  int64_t integer;
  double number;
  Duration duration;
  Date date;
  Text text; /* EXPR_TEXT_PIECE */
  Path path;
  Expr *left, *right;
  Expr **items; /* EXPR_LIST, EXPR_TEXT */
  size_t item_count;
  ExprArg *args; /* EXPR_CALL */
  size_t arg_count;
  bool chained; /* a range test a < b < c is parsed as BINARY and of two comparisons with this set on the outer one */
  uint16_t height; /* of the tree under this node, at least 1 and at most 8 * PARSE_MAX_NESTING */
};

/* { pipeline } or { stages } */
typedef struct Block {
  Pipeline *pipeline; /* one of the two is set, or neither after an error */
  Stage **stages;
  size_t stage_count;
  Span span;
} Block;

/* One argument or option of a stage, source or destination. Exactly one of value and block is set. */
typedef struct Arg {
  Text name; /* empty = positional */
  Span name_span;
  Expr *value; /* may be EXPR_KEY when positional */
  Block *block;
  Span span;
} Arg;

typedef enum StageKind { STAGE_BAD, STAGE_CALL, STAGE_TO } StageKind;

struct Stage {
  StageKind kind;
  Path path; /* of the stage, or of the destination after `to` */
  Arg *args;
  size_t arg_count;
  Span span;
};

typedef struct Origin {
  Path path;      /* a let or a source without arguments, when pipeline is NULL */
  Pipeline *pipeline;
  Span span;
} Origin;

/* Either one source call (a path with arguments), or one or more origins. */
struct Pipeline {
  bool is_call;
  Stage *source;   /* is_call: path and arguments; kind STAGE_CALL, or STAGE_BAD where the source could not be read */
  Origin *origins; /* not is_call */
  size_t origin_count;
  Stage **stages;
  size_t stage_count;
  Span span;
};

typedef struct TypeName {
  Text name;
  struct TypeName *element; /* list[T], range[T] */
  Span span;
} TypeName;

typedef struct Formal {
  Text name;
  Span name_span;
  TypeName *type;
  Expr *default_value; /* NULL = required */
} Formal;

/* STMT_BAD: could not be read; its name, if it had one, is set, so that its uses need not be told as unknown. */
typedef enum StmtKind { STMT_BAD, STMT_LEVEL, STMT_USE, STMT_PARAM, STMT_LET, STMT_STAGE, STMT_PIPELINE } StmtKind;

typedef struct Stmt {
  StmtKind kind;
  Span span;
  Text doc; /* its ## lines, joined by newlines, without the marks */
  Text name;
  Span name_span;
  int64_t level;      /* STMT_LEVEL: `narada 1` */
  Text use_file;      /* STMT_USE "file.nrd" */
  Path use_path;      /* STMT_USE std.x */
  TypeName *type;     /* STMT_PARAM */
  Expr *value;        /* STMT_PARAM default, STMT_LET expression */
  Pipeline *pipeline; /* STMT_LET stream, STMT_STAGE body, STMT_PIPELINE */
  Stage **stages;     /* STMT_STAGE body without a source */
  size_t stage_count;
  Formal *formals;
  size_t formal_count;
} Stmt;

typedef struct Unit {
  uint32_t source;
  Text doc; /* the ## lines that stand before the first statement and are followed by a blank line */
  Stmt **stmts;
  size_t stmt_count;
} Unit;

#endif
