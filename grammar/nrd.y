/* nrd.y: the grammar of Narada, level 1. Actions only call constructors (compiler/syntax/parse_int.h). Build it with
 * `lemon -c`: compressed tables reduce before an error is seen, which loses expected tokens and the place to go on from. */
%name Nrd
%token_prefix LEMON_
%token_type {const Token *}
%default_type {const Token *}
%extra_context {Parse *parse}
%stack_size 0

%include {
#include <stdlib.h>

#include "base/arena.h"
#include "compiler/syntax/parse_int.h"

void *NrdAlloc(void *(*allocate)(size_t), Parse *parse);
void NrdFree(void *machine, void (*release)(void *));
void NrdInit(void *machine, Parse *parse);
void NrdFinalize(void *machine);
void Nrd(void *machine, int kind, const Token *token);
int NrdFallback(int kind);
#ifdef YYCOVERAGE
int NrdCoverage(FILE *out);
void machine_coverage(FILE *missed, unsigned *covered, unsigned *possible);
#endif
#ifndef NDEBUG
void NrdTrace(FILE *file, char *prompt);
#endif

#define PUSH(list, item) vec_push(parse->arena, (list), item)
#define NEW(Type) ((Type *)arena_alloc(parse->arena, sizeof(Type)))
}

%token NEWLINE NAME LABEL INT FLOAT PERCENT DURATION DATE TEXT TEXT_OPEN TEXT_PIECE TEXT_CLOSE HOLE_OPEN HOLE_CLOSE
       BAD_VALUE TRUE FALSE MISSING FROM LET TO PARAM STAGE USE AS ASC DESC NARADA OR AND NOT IN IS AGO EQ NE LT LE GT GE
       ELSE DOTDOT PLUS MINUS STAR SLASH ASSIGN COLON COMMA DOT PIPE LPAREN RPAREN LBRACKET RBRACKET LBRACE RBRACE BAD.
%fallback NAME PARAM STAGE USE AS ASC DESC NARADA.

%left OR.
%left AND.
%right NOT.
%left EQ NE LT LE GT GE IN IS.
%left ELSE.
%nonassoc DOTDOT.
%left PLUS MINUS.
%left STAR SLASH.
%right SIGN.
%left AGO.

%start_symbol program

program ::= unit.
unit ::= .
unit ::= unit NEWLINE.
unit ::= unit statement(S) NEWLINE. { vec_push(parse->arena, &parse->stmts, S); }

%type statement {Stmt *}
statement(S) ::= error. { S = stmt_bad(parse, parse->refused, NULL); }
statement(S) ::= NARADA(W) INT(N). { S = stmt_level(parse, W, N); }
statement(S) ::= USE(W) TEXT(F). { S = stmt_use_file(parse, W, F, NULL); }
statement(S) ::= USE(W) TEXT(F) AS NAME(N). { S = stmt_use_file(parse, W, F, N); }
statement(S) ::= USE(W) path(P). { S = stmt_use_path(parse, W, P, NULL); }
statement(S) ::= USE(W) path(P) AS NAME(N). { S = stmt_use_path(parse, W, P, N); }
statement(S) ::= PARAM(W) LABEL(N) COLON type(T). { S = stmt_param(parse, W, N, T, NULL); }
statement(S) ::= PARAM(W) LABEL(N) COLON type(T) ASSIGN expr(E). { S = stmt_param(parse, W, N, T, E); }
statement(S) ::= PARAM(W) LABEL(N) COLON type(T) ASSIGN error.
  { S = stmt_param(parse, W, N, T, expr_bad(parse, parse->refused, parse->refused)); }
statement(S) ::= PARAM NAME(N) error. { S = stmt_bad(parse, parse->refused, N); }
statement(S) ::= PARAM LABEL(N) error. { S = stmt_bad(parse, parse->refused, N); }
statement(S) ::= LET(W) NAME(N) ASSIGN expr(E). { S = stmt_let(parse, W, N, E, NULL); }
statement(S) ::= LET(W) NAME(N) ASSIGN pipeline(P). { S = stmt_let(parse, W, N, NULL, P); }
statement(S) ::= LET NAME(N) error. { S = stmt_bad(parse, parse->refused, N); }
statement(S) ::= LET NAME(N) ASSIGN error. { S = stmt_bad(parse, parse->refused, N); }
statement(S) ::= STAGE(W) NAME(N) formals(F) ASSIGN pipeline(P). { S = stmt_stage(parse, W, N, F, P, NULL); }
statement(S) ::= STAGE(W) NAME(N) formals(F) ASSIGN stages(T). { S = stmt_stage(parse, W, N, F, NULL, T); }
statement(S) ::= STAGE NAME(N) error. { S = stmt_bad(parse, parse->refused, N); }
statement(S) ::= pipeline(P). { S = stmt_pipeline(parse, P); }

%type type {TypeName *}
type(T) ::= NAME(N). { T = type_new(parse, N, NULL, NULL); }
type(T) ::= NAME(N) LBRACKET type(E) RBRACKET(C). { T = type_new(parse, N, E, C); }

%type formals {FormalList *}
%type formal_list {FormalList *}
%type formal {Formal}
formals(L) ::= . { L = NEW(FormalList); }
formals(L) ::= LPAREN formal_list(F) RPAREN. { L = F; }
formals(L) ::= LPAREN RPAREN. { L = NEW(FormalList); }
formal_list(L) ::= formal(F). { L = NEW(FormalList); PUSH(L, F); }
formal_list(L) ::= formal_list(A) COMMA formal(F). { L = A; PUSH(L, F); }
formal(F) ::= LABEL(N) COLON type(T). { F = formal_new(parse, N, T, NULL); }
formal(F) ::= LABEL(N) COLON type(T) ASSIGN expr(E). { F = formal_new(parse, N, T, E); }

%type pipeline {Pipeline *}
%type source {Pipeline *}
pipeline(P) ::= FROM(W) source(S). { P = pipeline_stages(parse, W, S, NULL); }
pipeline(P) ::= FROM(W) source(S) PIPE stages(T). { P = pipeline_stages(parse, W, S, T); }
source(S) ::= path(P) args(A). { S = pipeline_new(parse, stage_new(parse, STAGE_CALL, NULL, P, A), NULL); }
source(S) ::= origins(O). { S = pipeline_new(parse, NULL, O); }
source(S) ::= error. { S = pipeline_new(parse, stage_bad(parse, parse->refused), NULL); }

%type origins {OriginList *}
%type origin {Origin}
origins(L) ::= origin(O). { L = NEW(OriginList); PUSH(L, O); }
origins(L) ::= origins(A) COMMA origin(O). { L = A; PUSH(L, O); }
origin(O) ::= path(P). { O = origin_path(P); }
origin(O) ::= LBRACE(B) pipeline(P) RBRACE(C). { O = origin_block(parse, B, P, C); }

%type stages {StageList *}
%type stage {Stage *}
stages(L) ::= stage(S). { L = NEW(StageList); PUSH(L, S); }
stages(L) ::= stages(A) PIPE stage(S). { L = A; PUSH(L, S); }
stage(S) ::= path(P). { S = stage_new(parse, STAGE_CALL, NULL, P, NULL); }
stage(S) ::= path(P) args(A). { S = stage_new(parse, STAGE_CALL, NULL, P, A); }
stage(S) ::= path(P) args(A) block(B).
  { PUSH(A, arg_positional(NULL, B)); S = stage_new(parse, STAGE_CALL, NULL, P, A); }
stage(S) ::= path(P) block_args(A). { S = stage_new(parse, STAGE_CALL, NULL, P, A); }
stage(S) ::= TO(W) path(P). { S = stage_new(parse, STAGE_TO, W, P, NULL); }
stage(S) ::= TO(W) path(P) args(A). { S = stage_new(parse, STAGE_TO, W, P, A); }
stage(S) ::= error. { S = stage_bad(parse, parse->refused); }

%type block {Block *}
block(B) ::= LBRACE(O) pipeline(P) RBRACE(C). { B = block_new(parse, O, P, NULL, C); }
block(B) ::= LBRACE(O) stages(S) RBRACE(C). { B = block_new(parse, O, NULL, S, C); }

%type args {ArgList *}
%type positionals {ArgList *}
%type block_args {ArgList *}
%type positional {Arg}
%type option {Arg}
args(L) ::= positionals(A). { L = A; }
args(L) ::= options(A). { L = A; }
%type options {ArgList *}
options(L) ::= option(O). { L = NEW(ArgList); PUSH(L, O); }
options(L) ::= positionals(A) option(O). { L = A; PUSH(L, O); }
options(L) ::= positionals(A) COMMA option(O). { L = A; PUSH(L, O); }
options(L) ::= options(A) option(O). { L = A; PUSH(L, O); }
options(L) ::= options(A) COMMA option(O). { L = A; PUSH(L, O); }
positionals(L) ::= positional(P). { L = NEW(ArgList); PUSH(L, P); }
positionals(L) ::= positionals(A) COMMA positional(P). { L = A; PUSH(L, P); }
positionals(L) ::= positionals(A) COMMA block(B). { L = A; PUSH(L, arg_positional(NULL, B)); }
block_args(L) ::= block(B). { L = NEW(ArgList); PUSH(L, arg_positional(NULL, B)); }
block_args(L) ::= block_args(A) option(O). { L = A; PUSH(L, O); }
block_args(L) ::= block_args(A) COMMA option(O). { L = A; PUSH(L, O); }
positional(P) ::= expr(E). { P = arg_positional(E, NULL); }
positional(P) ::= expr(E) ASC(D). { P = arg_positional(expr_key(parse, E, D, false), NULL); }
positional(P) ::= expr(E) DESC(D). { P = arg_positional(expr_key(parse, E, D, true), NULL); }
option(O) ::= LABEL(N) COLON expr(E). { O = arg_option(parse, N, E, NULL); }
option(O) ::= LABEL(N) COLON block(B). { O = arg_option(parse, N, NULL, B); }

%type dotted {Path *}
%type path {Path *}
path(P) ::= dotted(D). { P = path_done(parse, D); }
dotted(P) ::= NAME(N). { P = path_start(parse, N); }
dotted(P) ::= dotted(A) DOT NAME(N). { P = path_more(parse, A, N); }

%type expr {Expr *}
expr(E) ::= expr(L) OR(O) expr(R). { E = expr_binary(parse, OP_OR, O, O, L, R); }
expr(E) ::= expr(L) AND(O) expr(R). { E = expr_binary(parse, OP_AND, O, O, L, R); }
expr(E) ::= NOT(O) expr(R). { E = expr_unary(parse, OP_NOT, O, R); }
expr(E) ::= expr(L) EQ(O) expr(R). { E = expr_binary(parse, OP_EQ, O, O, L, R); }
expr(E) ::= expr(L) NE(O) expr(R). { E = expr_binary(parse, OP_NE, O, O, L, R); }
expr(E) ::= expr(L) LT(O) expr(R). { E = expr_binary(parse, OP_LT, O, O, L, R); }
expr(E) ::= expr(L) LE(O) expr(R). { E = expr_binary(parse, OP_LE, O, O, L, R); }
expr(E) ::= expr(L) GT(O) expr(R). { E = expr_binary(parse, OP_GT, O, O, L, R); }
expr(E) ::= expr(L) GE(O) expr(R). { E = expr_binary(parse, OP_GE, O, O, L, R); }
expr(E) ::= expr(L) IN(O) expr(R). { E = expr_binary(parse, OP_IN, O, O, L, R); }
expr(E) ::= expr(L) NOT(O) IN(I) expr(R). [IN] { E = expr_binary(parse, OP_NOT_IN, O, I, L, R); }
expr(E) ::= expr(L) IS(O) MISSING(M). { E = expr_is_missing(parse, OP_IS, L, O, M); }
expr(E) ::= expr(L) IS(O) NOT MISSING(M). [IS] { E = expr_is_missing(parse, OP_IS_NOT, L, O, M); }
expr(E) ::= expr(L) ELSE(O) expr(R). { E = expr_binary(parse, OP_ELSE, O, O, L, R); }
expr(E) ::= expr(L) DOTDOT(O) expr(R). { E = expr_range(parse, L, O, R); }
expr(E) ::= expr(L) DOTDOT(O). { E = expr_range(parse, L, O, NULL); }
expr(E) ::= DOTDOT(O) expr(R). { E = expr_range(parse, NULL, O, R); }
expr(E) ::= expr(L) PLUS(O) expr(R). { E = expr_binary(parse, OP_ADD, O, O, L, R); }
expr(E) ::= expr(L) MINUS(O) expr(R). { E = expr_binary(parse, OP_SUB, O, O, L, R); }
expr(E) ::= expr(L) STAR(O) expr(R). { E = expr_binary(parse, OP_MUL, O, O, L, R); }
expr(E) ::= expr(L) SLASH(O) expr(R). { E = expr_binary(parse, OP_DIV, O, O, L, R); }
expr(E) ::= MINUS(O) expr(R). [SIGN] { E = expr_unary(parse, OP_NEGATE, O, R); }
expr(E) ::= expr(L) AGO(O). { E = expr_ago(parse, L, O); }
expr(E) ::= primary(P). { E = P; }

%type primary {Expr *}
primary(E) ::= path(P). { E = expr_name(parse, P); }
primary(E) ::= path(P) LPAREN RPAREN(C). { E = expr_call(parse, P, NULL, C); }
primary(E) ::= path(P) LPAREN expr_args(A) RPAREN(C). { E = expr_call(parse, P, A, C); }
primary(E) ::= path LPAREN(O) error RPAREN(C). { E = expr_bad(parse, O, C); }
primary(E) ::= LPAREN(O) expr(I) RPAREN(C). { E = expr_paren(parse, O, I, C); }
primary(E) ::= LPAREN(O) error RPAREN(C). { E = expr_bad(parse, O, C); }
primary(E) ::= LBRACKET(O) RBRACKET(C). { E = expr_list(parse, O, NULL, C); }
primary(E) ::= LBRACKET(O) items(L) RBRACKET(C). { E = expr_list(parse, O, L, C); }
primary(E) ::= LBRACKET(O) items(L) COMMA RBRACKET(C). { E = expr_list(parse, O, L, C); }
primary(E) ::= LBRACKET(O) error RBRACKET(C). { E = expr_bad(parse, O, C); }
primary(E) ::= TEXT_OPEN(O) parts(L) TEXT_CLOSE(C). { E = expr_text(parse, O, L, C); }
primary(E) ::= literal(T). { E = literal_build(parse, T); }

literal(L) ::= INT|FLOAT|PERCENT|DURATION|DATE|TEXT|TRUE|FALSE|MISSING|BAD_VALUE(T). { L = T; }

%type items {ExprList *}
items(L) ::= expr(E). { L = NEW(ExprList); PUSH(L, E); }
items(L) ::= items(A) COMMA expr(E). { L = A; PUSH(L, E); }

%type parts {ExprList *}
parts(L) ::= . { L = NEW(ExprList); }
parts(L) ::= parts(A) TEXT_PIECE(P). { L = A; PUSH(L, literal_piece(parse, P)); }
parts(L) ::= parts(A) HOLE_OPEN expr(E) HOLE_CLOSE. { L = A; PUSH(L, E); }
parts(L) ::= parts(A) HOLE_OPEN(O) error HOLE_CLOSE(C). { L = A; PUSH(L, expr_bad(parse, O, C)); }

%type expr_args {ExprArgList *}
%type expr_arg {ExprArg}
expr_args(L) ::= expr_arg(A). { L = NEW(ExprArgList); PUSH(L, A); }
expr_args(L) ::= expr_args(B) COMMA expr_arg(A). { L = B; PUSH(L, A); }
expr_arg(A) ::= expr(E). { A = (ExprArg){.name = TEXT_LITERAL(""), .value = E}; }
expr_arg(A) ::= LABEL(N) COLON expr(E).
  { A = (ExprArg){.name = parse_text(parse, N), .name_span = parse_span(parse, N), .value = E}; }

%code {
/* The numbers of the tokens are those of grammar/tokens.def. */
#undef TOKEN /* the template's */
#define TOKEN(name, text, group) \
  _Static_assert(LEMON_##name == (int)TOKEN_##name, "nrd.y and tokens.def disagree on " #name);
#include "grammar/tokens.def"
#undef TOKEN

static void machine_release(void *machine) {
  NrdFinalize(machine);
}

void *machine_new(Parse *parse) {
  yyParser *machine = arena_alloc(parse->arena, sizeof *machine);
  NrdInit(machine, parse);
  arena_defer(parse->arena, machine_release, machine);
  return machine;
}

#ifdef YYCOVERAGE
/* tests/grammar: pairs of state and token that were fed. What machine_accepts and settled_rule only ask does not count. */
static unsigned char fed[YYNSTATE][YYNTOKEN];

static void count_fed(void) {
  for (int state = 0; state < YYNSTATE; state++)
    for (int token = 0; token < YYNTOKEN; token++) fed[state][token] |= yycoverage[state][token];
}

/* Pairs in which the token is no mistake: how many there are, how many were fed, and the others one a line. */
void machine_coverage(FILE *missed, unsigned *covered, unsigned *possible) {
  *covered = *possible = 0;
  for (int state = 0; state < YYNSTATE; state++) {
    for (int token = 0; token < YYNTOKEN; token++) {
      if (yy_lookahead[yy_shift_ofst[state] + token] != token) continue;
      ++*possible;
      *covered += fed[state][token];
      if (missed && !fed[state][token]) fprintf(missed, "state %d, %s\n", state, yyTokenName[token]);
    }
  }
}
#endif

void machine_feed(void *machine, TokenKind kind, const Token *token) {
#ifdef YYCOVERAGE
  for (int state = 0; state < YYNSTATE; state++)
    for (int other = 0; other < YYNTOKEN; other++) yycoverage[state][other] = 0;
#endif
  Nrd(machine, (int)kind, token);
#ifdef YYCOVERAGE
  count_fed();
#endif
}

/* The rule by which a state reduces whatever comes next, or YYNRULE if there is no such rule. */
static unsigned settled_rule(YYACTIONTYPE state) {
  unsigned found = YYNRULE;
  for (int kind = 0; kind < TOKEN_COUNT; kind++) {
    YYACTIONTYPE action = yy_find_shift_action((YYCODETYPE)kind, state);
    if (action == YY_ERROR_ACTION || action == YY_NO_ACTION) continue;
    unsigned rule = action >= YY_MIN_REDUCE ? (unsigned)(action - YY_MIN_REDUCE) : YYNRULE;
    if (rule == YYNRULE || (found != YYNRULE && found != rule)) return YYNRULE;
    found = rule;
  }
  return found;
}

/* Completes what is complete whatever comes next: else a bracket that is already closed would be taken for the place to
 * go on from. */
void machine_settle(void *machine, Parse *parse) {
  yyParser *parser = machine;
  for (;;) {
    unsigned rule = settled_rule(parser->yytos->stateno);
    if (rule == YYNRULE || yyRuleInfoNRhs[rule] == 0) return;
    yy_reduce(parser, rule, YYNOCODE, NULL, parse);
  }
}

size_t machine_depth(void *machine) {
  const yyParser *parser = machine;
  return (size_t)(parser->yytos - parser->yystack);
}

/* Would the next token be taken? Plays the reductions it causes on state numbers alone. A reduction pushes one entry and
 * empty rules do not follow one another here, so two imagined entries over the real stack are enough. */
bool machine_accepts(void *machine, TokenKind kind) {
  const yyParser *parser = machine;
  const yyStackEntry *below = parser->yytos; /* the real entries that are still there */
  YYACTIONTYPE imagined[2];                  /* states above `below` */
  int count = 0;
  YYACTIONTYPE state = parser->yytos->stateno;
  for (;;) {
    YYACTIONTYPE action = yy_find_shift_action((YYCODETYPE)kind, state);
    if (action <= YY_MAX_SHIFTREDUCE || action == YY_ACCEPT_ACTION) return true;
    if (action < YY_MIN_REDUCE) return false;
    unsigned rule = action - YY_MIN_REDUCE;
    int pops = -yyRuleInfoNRhs[rule];
    int from_imagined = pops < count ? pops : count;
    count -= from_imagined;
    below -= pops - from_imagined;
    YYACTIONTYPE top = count ? imagined[count - 1] : below->stateno;
    state = yy_find_reduce_action(top, yyRuleInfoLhs[rule]);
    if (count == 2) return false;
    imagined[count++] = state;
  }
}
}
