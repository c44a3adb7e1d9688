/* check_int.h: what the files of the checker share. Private to compiler/check/. */
#ifndef NARADA_COMPILER_CHECK_INT_H
#define NARADA_COMPILER_CHECK_INT_H

#include "compiler/check/graph.h"
#include "compiler/check/module.h"

typedef enum BindingKind { BINDING_PARAM, BINDING_LET, BINDING_STAGE, BINDING_FORMAL, BINDING_MODULE, BINDING_BAD } BindingKind;
typedef enum BindingState { BINDING_UNSEEN, BINDING_OPEN, BINDING_DONE } BindingState;
typedef struct Scope Scope;

/* A name the program defines. */
typedef struct Binding {
  BindingKind kind;
  Text name;
  Span span;
  const Stmt *stmt;   /* NULL for a formal */
  BindingState state; /* OPEN while its definition is being checked: meeting it again is a cycle */
  bool used;
  Typed *value; /* PARAM, FORMAL, LET of an expression; TYPED_BAD after an error */
  Node *stream; /* LET of a pipeline; NULL after an error */
  const Scope *home;    /* where its definition resolves names: the scope it was defined in */
  const Scope *members; /* MODULE: what it defines */
} Binding;

struct Scope {
  Binding **items;
  size_t count;
  const Scope *outer;
  const Module *module; /* whose names these are; NULL for formals */
  uint32_t *slots;      /* by hash of the name: index in `items` + 1, 0 = free; none in a small scope */
  size_t slot_count;    /* a power of two */
};

typedef struct Checker {
  Arena *arena;
  Graph *graph;
  DiagList *diags;
  Scope **modules; /* of each module of the program */
  Scope *globals;  /* the first of them: the program itself */
  VEC(Binding *) open; /* the definitions being checked, outermost first */
  unsigned depth;      /* of expanded stages and nested pipelines */
  uint32_t expansion;  /* the use of a stage that is being expanded; 0 = none */
  uint32_t expansions; /* how many there were */
  bool too_large;      /* told */
} Checker;

enum { CHECK_MAX_WEIGHT = 20000, CHECK_MAX_DEPTH = 64, PLAN_GRAPH_MAX_NODES = 2048 };

/* Where an expression stands. */
typedef struct Place {
  const Scope *scope;
  const StreamType *row; /* NULL = no row here */
  bool aggregates;       /* directly in a result of `tally` */
  bool constant;         /* a default: nothing but literals */
  bool arriving;         /* the name that a destination writes: `count()` is the number of its rows */
  bool wants_text;       /* a name that nothing has may be a text without its quotes */
} Place;

/* ---- scope.c ---- */
Scope *scope_new(Checker *checker, const Scope *outer, size_t capacity);
/* Reports a second definition of the same name in the same scope, and returns NULL for it. */
Binding *scope_define(Checker *checker, Scope *scope, BindingKind kind, Text name, Span span, const Stmt *stmt);
Binding *scope_find(const Scope *scope, Text name);
/* What `name` or `module.name` stands for; NULL if it is no name of the program. Says nothing. */
Binding *scope_lookup(const Scope *scope, const Path *path);
/* Around the checking of a definition that was met at `span`. False, and told, if it is being checked already. */
bool open_definition(Checker *checker, Binding *binding, Span span, Span *outside);
void close_definition(Checker *checker, Binding *binding, Span outside);
/* Reports the way round a cycle that meets `again`. */
void scope_report_cycle(Checker *checker, const Binding *again, Span span);

/* ---- check_module.c ---- */
/* Defines the names of all modules and their `use`s; the scope of the program itself is `checker->globals`. */
void define_modules(Checker *checker, const Program *program);
/* What a path stands for. A name that the module does not have or keeps to itself is told and gives a BINDING_BAD; NULL if it is no name of the program. */
Binding *scope_resolve(Checker *checker, const Scope *scope, const Path *path);
/* Notes what the path was taken for, for editors. */
void scope_note_use(Checker *checker, const Scope *scope, const Path *path, const Binding *binding);
/* A module's name where a stream, stage or value is wanted. */
void report_module_alone(Checker *checker, const Binding *binding, Span span);
/* Everything that modules define and nobody reached, so that its mistakes are told. */
void check_module_definitions(Checker *checker, const Program *program);
/* A parameter of a module is a flag if something that leads to a destination reads it. */
void mark_reached_params(Graph *graph);
void lint_uses(Checker *checker, const Program *program);

/* ---- check.c ---- */
/* The names that a file defines. */
void define_unit(Checker *checker, Scope *scope, const Unit *unit);
void check_param(Checker *checker, Binding *binding);
void check_definition(Checker *checker, Binding *binding);

/* ---- check_expr.c ---- */
/* Never NULL; TYPED_BAD once something was reported. */
Typed *check_expr(Checker *checker, const Expr *expr, Place place);
/* The same, then made a condition: bool, never missing. */
Typed *check_condition(Checker *checker, const Expr *expr, Place place);
Binding *check_value_binding(Checker *checker, Binding *binding, Span span);

/* ---- check_name.c ---- */
Typed *typed_column(Checker *checker, Span span, Text name, FieldId field, Type type);
/* The column of that name on the rows here; NULL if they have none. */
Typed *find_column(Checker *checker, Text name, Span span, Place place);
Typed *check_name(Checker *checker, const Expr *expr, Place place);
/* Reports a name that means nothing here; TYPED_BAD. */
Typed *unknown_value_name(Checker *checker, const Path *path, Place place);

/* ---- check_call.c ---- */
Typed *check_call(Checker *checker, const Expr *expr, Place place);
/* A literal, a parameter or a range of them that names a window; NULL after an error. */
Typed *check_window(Checker *checker, const Expr *expr, Place place);

/* ---- check_op.c ---- */
Typed *typed_new(Checker *checker, TypedKind kind, Type type, Span span);
Typed *typed_bad(Checker *checker, Span span);
Typed *typed_op(Checker *checker, int opcode, Type type, Span span, Typed *a, Typed *b);
bool typed_is_constant(const Typed *typed);
/* `typed` as `wanted` if only an int must become a float; else NULL. */
Typed *typed_convert(Checker *checker, Typed *typed, Type wanted);
Typed *check_binary(Checker *checker, Operator op, Span span, Typed *left, Typed *right);
Typed *check_unary(Checker *checker, Operator op, Span span, Typed *operand);
Typed *check_in(Checker *checker, Span span, Typed *value, const Expr *set, Place place, bool negated);
Typed *check_truth(Checker *checker, Typed *typed);
/* The constant text in the one spelling of a tag; reports a text that is none and returns NULL. */
Typed *check_tag(Checker *checker, const Typed *constant);

/* ---- check_range.c ---- */
/* Reports a range of literals that ends before it begins. */
bool check_range_is_empty(Checker *checker, const Expr *range, const Typed *low, const Typed *high);

/* ---- check_hint.c ---- */
typedef enum SynonymKind { SYNONYM_OF_STAGE, SYNONYM_OF_FIELD, SYNONYM_OF_FUNCTION, SYNONYM_OF_NOTHING } SynonymKind;
/* "did you mean `keep`?" for `where`, or for `kep` by the nearest of the names. False if nothing is near. */
bool hint_name(Checker *checker, Diag *diag, SynonymKind kind, Text written, const Text *names, size_t count);
/* "did you mean `library.liked`?" for `liked`. False if no name has that part behind its dot. */
bool hint_dotted(Checker *checker, Diag *diag, Text written, const Text *names, size_t count);
/* The names before whose dot stands what stands before that of `written`, or `written` itself; arena. */
size_t names_of_family(Checker *checker, Text written, const Text *names, size_t count, Text **family);
void hint_mismatch(Checker *checker, Diag *diag, Operator op, const Typed *left, const Typed *right);

/* ---- check_args.c ---- */
/* Fills the node's args from the stage as written. `row` is the type of its main input, NULL for a source. Streams given as arguments are added to the
 * node's inputs. */
void check_args(Checker *checker, Node *node, const Stage *stage, const Scope *scope, const StreamType *row);

/* ---- check_identity.c ---- */
/* Reports what the node compares rows by and its further inputs lack. Inputs of different kinds of rows were reported before. */
void check_identity_inputs(Checker *checker, const Node *node);

/* ---- check_rows.c ---- */
/* The type of the rows of a node whose arguments and inputs are checked. Stays broken if those of an input are. */
void infer_rows(Checker *checker, Node *node);
/* Something about them was reported: nothing can be said of what reads them. NULL counts as such. */
bool rows_are_broken(const Node *node);

/* ---- check_stream_name.c ---- */
typedef enum Namespace { NAMES_STAGE, NAMES_SOURCE, NAMES_DESTINATION } Namespace;
/* Reports a name that nothing in the namespace has. */
void unknown_stream_name(Checker *checker, Namespace space, const Path *path, const Scope *scope);
/* The place behind the last sign before `span` that is no blank. */
uint32_t before_blanks(const Checker *checker, Span span);

/* ---- check_expand.c ---- */
/* The body of a stage of the program, with what this use gives its formals. `input` is NULL where a source is wanted. NULL after an error. */
Node *expand_stage(Checker *checker, Binding *binding, const Stage *use, Node *input, const Scope *scope);
/* The stream of a `let`, checked on first use. NULL after an error. */
Node *check_let_stream(Checker *checker, Binding *binding, Span span);

/* ---- check_stream.c ---- */
Node *check_pipeline(Checker *checker, const Pipeline *pipeline, const Scope *scope);
/* A name used as a stream: a let, or a source without arguments. NULL after an error. */
Node *check_stream_name(Checker *checker, const Path *path, const Scope *scope);
/* The stages of a pipeline or of a stage's body, after `input`; NULL input = rows of a stream that is broken. */
Node *check_stages(Checker *checker, Node *input, Stage *const *stages, size_t count, const Scope *scope);
void node_add_input(Checker *checker, Node *node, Node *input);

/* ---- check_type.c ---- */
/* The type a TypeName means; TYPE_OF(MISSING) after an error. */
Type check_type_name(Checker *checker, const TypeName *name);
/* "a, b, c and d" with backquotes, at most `most` of them; arena. */
Text text_list(Arena *arena, const Text *items, size_t count, size_t most);

#endif
