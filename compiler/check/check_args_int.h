/* check_args_int.h: what the files that check the arguments of a stage share. Private to compiler/check_{args,form,value,row_args}.c. */
#ifndef NARADA_COMPILER_CHECK_ARGS_INT_H
#define NARADA_COMPILER_CHECK_ARGS_INT_H

#include "compiler/check/check_int.h"

/* What a stage call is being checked with. */
typedef struct ArgsCheck {
  Checker *checker;
  Node *node;
  const StageDef *def;
  const Stage *stage;
  Place place;
  bool given[STAGE_MAX_PARAMS];
  Span at[STAGE_MAX_PARAMS]; /* of what is given: the option's name, or the argument */
  size_t streams;            /* that the program names as arguments */
  size_t results, computed_keys; /* named arguments of `tally`; those of them that turned out to be keys */
  VEC(NodeArg) args;
} ArgsCheck;

/* ---- check_args.c ---- */
void args_add(ArgsCheck *check, size_t param, NodeArg arg);

/* ---- check_form.c ---- */
/* Adds how the stage is written: "the form is `skip N`". */
void args_note_form(ArgsCheck *check, Diag *diag);

/* ---- check_value.c: one value for the whole run ---- */
/* `word` is one of the blank-separated `words`. */
bool args_in_words(const char *words, Text word);
/* The words of such a list, and how many; arena. */
size_t args_split_words(Arena *arena, const char *words, Text **out);
/* A single name without dots, or the empty text. */
Text args_bare_word(const Expr *expr);
void args_check_word(ArgsCheck *check, size_t index, const Expr *expr);
void args_check_scalar(ArgsCheck *check, size_t index, const Expr *expr);
Diag *args_wrong_type(ArgsCheck *check, const ParamDef *param, const Typed *value, const char *wanted);

/* ---- check_row_args.c: expressions on the row ---- */
/* A value that can be ordered; TYPED_BAD after it was reported that it cannot. */
Typed *args_check_key(ArgsCheck *check, const Expr *expr);
void args_check_weight(ArgsCheck *check, size_t index, const Expr *expr);
void args_check_sort_key(ArgsCheck *check, size_t index, const Expr *expr);
void args_check_identity(ArgsCheck *check, size_t index, const Expr *expr);
void args_check_result(ArgsCheck *check, size_t index, const Arg *arg);
void args_check_named(ArgsCheck *check, size_t index, const Arg *arg);

#endif
