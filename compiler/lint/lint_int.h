/* lint_int.h: what the lints share. Private to compiler/lint/. */
#ifndef NARADA_COMPILER_LINT_INT_H
#define NARADA_COMPILER_LINT_INT_H

#include "compiler/lint/lint.h"
#include "compiler/lower/optimise.h"

/* ---- lint_fact.c: comparisons as facts ---- */

/* A value that is known when compiling, on a scale where it can be compared with some others. */
typedef enum PointKind {
  POINT_EXPR,   /* not known: equal only to the same expression */
  POINT_NUMBER, /* also bool (0, 1) and a duration (milliseconds; a month counts 30.436875 days, as the engine compares) */
  POINT_TEXT,
  POINT_INSTANT, /* milliseconds since 1970 UTC */
  POINT_LOCAL,   /* the same in the run's zone, which is not known */
  POINT_AGO,     /* a duration before the run's instant */
} PointKind;

typedef struct Point {
  PointKind kind;
  bool whole;      /* POINT_NUMBER: `integer` is it, exactly; else `number` */
  int64_t integer; /* also INSTANT and LOCAL */
  double number;
  Text text;
  Duration ago;
  const Typed *expr; /* POINT_EXPR */
} Point;

typedef enum Relation { IS_LT, IS_LE, IS_GT, IS_GE, IS_EQ, IS_NE, IS_IN, IS_NOT_IN, IS_GONE, IS_KNOWN } Relation;

/* Something that holds for every row that gets this far. */
typedef struct Fact {
  const Typed *subject;
  Relation relation;
  Point point;
  const Typed *list; /* IS_IN, IS_NOT_IN: a constant */
  bool or_missing;   /* holds, or the subject is missing */
  bool truth;        /* `origin` is true, or it is false */
  const Typed *origin; /* the comparison as written; NULL for what a field or function can have */
  const struct Node *node;
  const struct Fact *before; /* the facts that hold as well */
} Fact;

bool typed_may_be_missing(const Typed *typed);
/* What a use of a stage gave it is not looked into: the stage may be right for other uses. */
Point point_of(const Typed *typed);
/* What the leaf of a condition says when it is `truth`. False if it says nothing that can be reasoned about. */
bool fact_of(const Typed *leaf, bool truth, Fact *out);
/* The least and greatest value, as two facts; 0, 1 or 2 of them. */
size_t fact_limits(const Typed *subject, Fact out[2]);
/* No value that the subject can have satisfies it. */
bool fact_out_of_limits(const Fact *fact);
/* No value satisfies both. Their subjects are the same. */
bool facts_conflict(const Fact *a, const Fact *b);
/* No value satisfies it, as in `plays > plays`. */
bool fact_impossible(const Fact *fact);

/* ---- the walk ---- */

enum {
  ROWS_SUBSET = 1,  /* every row that leaves it arrived, with the same values */
  ORDER_UNREAD = 2, /* looks at each row by itself and keeps the order */
  REPEATABLE = 4,   /* gives the same rows for the same rows */
};
unsigned lint_traits(StageId stage);

typedef struct Lint {
  Graph *graph;
  Arena *arena;
  DiagList *diags;
  const Fact **facts; /* for each node, what holds for its rows */
  Node **reader;      /* for each node, the only one that reads it; NULL if there are several or none */
} Lint;

/* The argument given for the parameter, or NULL. */
const NodeArg *lint_arg(const Node *node, const char *param);
/* Every key or identity argument of `a` has its like in `b`. */
bool lint_keys_within(const Node *a, const Node *b);

/* Each looks at one node that leads to a destination; inputs were looked at before. */
void lint_condition(Lint *lint, const Node *node);
void lint_values(Lint *lint, const Node *node);
void lint_amounts(Lint *lint, const Node *node);
void lint_order(Lint *lint, const Node *node);
void lint_streams(Lint *lint, const Node *node);

/* Takes the allowed warnings out of the list, and reports comments that allow nothing. */
void lint_allow(DiagList *diags);

#endif
