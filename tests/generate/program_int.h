/* program_int.h: what the files of the program generator share. */
#ifndef NARADA_TESTS_GENERATE_PROGRAM_INT_H
#define NARADA_TESTS_GENERATE_PROGRAM_INT_H

#include "program.h"

enum { ROWS_MAX_COLUMNS = 24, GEN_MAX_VALUES = 16, GEN_MAX_STREAMS = 12, GEN_MAX_STAGES = 4, GEN_MAX_FORMALS = 3, NAME_SIZE = 24 };

/* A name with a type: a column that `add` or `tally` made, a parameter, a value, a formal. */
typedef struct GenName {
  char name[NAME_SIZE];
  Type type;
  bool fixed; /* a parameter or a literal, and so good for a window */
} GenName;

/* What flows through a pipeline. */
typedef struct GenRows {
  RowKind kind;
  GenName columns[ROWS_MAX_COLUMNS];
  size_t count;
} GenRows;

typedef struct GenStream {
  char name[NAME_SIZE];
  GenRows rows;
} GenStream;

/* A stage that the program defines: from rows of `kind` without named columns to `result`. */
typedef struct GenStage {
  char name[NAME_SIZE];
  GenName formals[GEN_MAX_FORMALS];
  bool optional[GEN_MAX_FORMALS];
  size_t formal_count;
  RowKind kind; /* ROWS_KIND_COUNT: it starts with a source */
  GenRows result;
} GenStage;

typedef struct Gen {
  Random random;
  ProgramOptions options;
  ProgramUse *use;
  TextBuilder out;
  GenName values[GEN_MAX_VALUES];
  size_t value_count;
  GenStream streams[GEN_MAX_STREAMS];
  size_t stream_count;
  GenStage stages[GEN_MAX_STAGES];
  size_t stage_count;
  unsigned columns, outputs; /* numbers given to names so far */
  unsigned nesting;          /* of braces */
  bool in_group;             /* no destinations: inside the braces of `per`, and in a stage that may be used twice */
  bool same_kind;            /* only stages that leave the kind of rows as it is */
  int want_plays;            /* of a file whose rows may be either: 0 tracks, 1 plays, -1 any */
} Gen;

/* ---- choosing ---- */
static inline unsigned below(Gen *gen, unsigned bound) {
  return (unsigned)random_below(&gen->random, bound);
}
static inline bool chance(Gen *gen, unsigned percent) {
  return below(gen, 100) < percent;
}
const char *pick_word(Gen *gen, const char *words, int *length); /* one of blank-separated words */
void put(Gen *gen, const char *format, ...) NARADA_PRINTF(2, 3);

/* ---- program_expr.c ---- */
/* Where an expression stands. */
typedef struct GenPlace {
  const GenRows *rows; /* NULL = no row */
  bool aggregates;     /* directly in a result of `tally`: a leaf is an aggregate */
} GenPlace;
/* An expression of exactly this type, without regard to whether it may be missing. */
void put_expr(Gen *gen, Type type, GenPlace place, unsigned depth);
/* The same of any type of which values can be ordered; returns it. */
Type put_key(Gen *gen, GenPlace place, unsigned depth);
Type random_type(Gen *gen);
/* A literal, or for `fixed` also a parameter or named literal. */
void put_literal(Gen *gen, Type type);
void put_fixed(Gen *gen, Type type);
void put_window(Gen *gen);
void put_type(Gen *gen, Type type);

/* ---- program_stage.c ---- */
/* " | stage ..." up to `count` times; `rows` becomes what comes out. */
void put_stages(Gen *gen, GenRows *rows, unsigned count);
/* A pipeline from `from` on, without destination. */
void put_pipeline(Gen *gen, GenRows *rows, unsigned stages);
void put_destination(Gen *gen, GenRows *rows);
/* Another stream of the same kind: a name, or braces, and then true. */
bool put_stream(Gen *gen, const GenRows *like, bool exact);
/* Starts the next stage: " | " or a line of its own. */
void put_pipe(Gen *gen);

/* ---- program_args.c ---- */
/* The name of the stage and its arguments. `bundle` streams are before it; `rows` becomes what comes out. */
void put_stage(Gen *gen, StageId id, GenRows *rows, unsigned bundle);

#endif
