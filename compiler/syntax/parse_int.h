/* parse_int.h: what the generated parser, its driver and the builders of the tree share. Private to the parser. */
#ifndef NARADA_COMPILER_PARSE_INT_H
#define NARADA_COMPILER_PARSE_INT_H

#include "compiler/syntax/ast.h"
#include "compiler/source/diag.h"
#include "compiler/syntax/parse.h"
#include "compiler/syntax/token.h"

typedef VEC(Expr *) ExprList;
typedef VEC(ExprArg) ExprArgList;
typedef VEC(Arg) ArgList;
typedef VEC(Stage *) StageList;
typedef VEC(Origin) OriginList;
typedef VEC(Formal) FormalList;

enum {
  PARSE_MAX_HEIGHT = 8 * PARSE_MAX_NESTING, /* of an expression's tree: operators in a row count */
  PARSE_MAX_STACK =
      24 * PARSE_MAX_NESTING, /* of the generated parser: a bracket level needs at most about 20 entries */
  PARSE_MAX_PATH = 8,         /* names in a dotted path */
};

/* One parse. In the arena, like all it points to. */
typedef struct Parse {
  Arena *arena;
  DiagList *diags;
  const Source *source;
  uint32_t source_index;
  TokenList list;
  VEC(Stmt *) stmts;
  void *machine;        /* the generated parser */
  bool recovering;      /* a mistake was told and the grammar has not yet picked up again */
  bool depth_told;      /* in this statement */
  const Token *refused; /* the token the last mistake was about */
} Parse;

/* Positions and texts. */
Span parse_span(const Parse *parse, const Token *token);
Text parse_text(const Parse *parse, const Token *token);
/* The same, cut to what fits a message. */
Text parse_shown(const Parse *parse, Text text);
void parse_too_deep(Parse *parse, Span span);

/* Literals (literal.c). A literal that cannot be read is told and becomes EXPR_BAD. */
Expr *literal_build(Parse *parse, const Token *token);
Expr *literal_piece(Parse *parse, const Token *token);
/* The unit of time that a person writes so, as `d` for "days"; NULL if there is none. */
const char *duration_unit_meant(Text written);
/* What a TOKEN_TEXT without holes says, escapes resolved. */
Text literal_text(Parse *parse, const Token *token);

/* Expressions (ast_expr.c). */
Expr *expr_new(Parse *parse, ExprKind kind, Span span);
Expr *expr_bad(Parse *parse, const Token *first, const Token *last);
Expr *expr_unary(Parse *parse, Operator op, const Token *sign, Expr *right);
Expr *expr_binary(Parse *parse, Operator op, const Token *first, const Token *last, Expr *left, Expr *right);
Expr *expr_range(Parse *parse, Expr *left, const Token *dots, Expr *right);
Expr *expr_is_missing(Parse *parse, Operator op, Expr *left, const Token *is, const Token *missing);
Expr *expr_ago(Parse *parse, Expr *left, const Token *ago);
Expr *expr_key(Parse *parse, Expr *left, const Token *direction, bool descending);
Expr *expr_name(Parse *parse, const Path *path);
Expr *expr_call(Parse *parse, const Path *path, ExprArgList *args, const Token *close);
Expr *expr_paren(Parse *parse, const Token *open, Expr *inner, const Token *close);
Expr *expr_list(Parse *parse, const Token *open, ExprList *items, const Token *close);
Expr *expr_text(Parse *parse, const Token *open, ExprList *parts, const Token *close);

/* Everything above expressions (ast_build.c). */
Path *path_start(Parse *parse, const Token *name);
Path *path_more(Parse *parse, Path *path, const Token *name);
Path *path_done(Parse *parse, Path *path);
TypeName *type_new(Parse *parse, const Token *name, TypeName *element, const Token *close);
Block *block_new(Parse *parse, const Token *open, Pipeline *pipeline, StageList *stages, const Token *close);
Arg arg_positional(Expr *value, Block *block);
Arg arg_option(Parse *parse, const Token *name, Expr *value, Block *block);
Stage *stage_new(Parse *parse, StageKind kind, const Token *to, const Path *path, ArgList *args);
Stage *stage_bad(Parse *parse, const Token *at);
Origin origin_path(const Path *path);
Origin origin_block(Parse *parse, const Token *open, Pipeline *pipeline, const Token *close);
Pipeline *pipeline_new(Parse *parse, Stage *call, OriginList *origins);
Pipeline *pipeline_stages(Parse *parse, const Token *from, Pipeline *pipeline, StageList *stages);
Formal formal_new(Parse *parse, const Token *name, TypeName *type, Expr *value);
Stmt *stmt_new(Parse *parse, StmtKind kind, const Token *first, const Token *name);
/* A statement that could not be read; its name, if it had one, so that a use of it is not a second mistake. */
Stmt *stmt_bad(Parse *parse, const Token *at, const Token *name);
Stmt *stmt_level(Parse *parse, const Token *word, const Token *number);
Stmt *stmt_use_file(Parse *parse, const Token *word, const Token *file, const Token *name);
Stmt *stmt_use_path(Parse *parse, const Token *word, const Path *path, const Token *name);
Stmt *stmt_param(Parse *parse, const Token *word, const Token *name, TypeName *type, Expr *value);
Stmt *stmt_let(Parse *parse, const Token *word, const Token *name, Expr *value, Pipeline *pipeline);
Stmt *stmt_stage(Parse *parse, const Token *word, const Token *name, FormalList *formals, Pipeline *pipeline,
                 StageList *stages);
Stmt *stmt_pipeline(Parse *parse, Pipeline *pipeline);

/* Doc comments to their statements (ast_doc.c). */
void doc_attach(Parse *parse, Unit *unit);

/* Messages about tokens (parse_message.c). */
void message_fault(Parse *parse, const Token *token);
void message_unexpected(Parse *parse, const Token *token, const Token *previous);
/* A name that is an option of the stage just before it (parse_hint.c). */
bool parse_is_option(const Parse *parse, const Token *name);
/* Gives `diag` a hint if it is plain what was meant. */
bool parse_hint(Parse *parse, Diag *diag, const Token *token, const Token *previous);
/* A token that is not accepted but whose meaning is plain: tells it and returns the kind to go on with, else
 * TOKEN_NONE. */
TokenKind message_repair(Parse *parse, const Token *token, const Token *previous);
/* "an expression, `)` or an operator" (expected.c) after `previous`; empty if nothing useful can be said. Arena. */
Text expected_words(Parse *parse, const Token *previous);

/* The generated parser (grammar/nrd.y). */
void *machine_new(Parse *parse);
void machine_feed(void *machine, TokenKind kind, const Token *token);
bool machine_accepts(void *machine, TokenKind kind);
void machine_settle(void *machine, Parse *parse);
size_t machine_depth(void *machine);

#endif
