#include "compiler/lsp/classes.h"

#include <stdlib.h>
#include <string.h>

#include "compiler/syntax/token.h"

typedef struct ClassDef {
  const char *token;
  uint8_t modifiers;
} ClassDef;

static const ClassDef defs[CLASS_COUNT] = {
    {"", 0},
#define CLASS(id, token, modifiers, scope, group) {token, modifiers},
#include "grammar/classes.def"
#undef CLASS
};

const char *class_modifier_name(int bit) {
  static const char *const names[MODIFIER_COUNT] = {"declaration", "readonly", "documentation", "defaultLibrary"};
  return names[bit];
}

const char *class_token_type(WordClass class) {
  return defs[class].token;
}

/* What a name of the program is, by where it is defined. */
typedef struct Definition {
  Span name;
  WordClass class;
} Definition;

typedef struct Classes {
  Arena *arena;
  const Document *document;
  TokenList list;
  ClassedWord *words; /* one for each token; CLASS_NONE until something is known */
  VEC(Definition) definitions;
} Classes;

static bool is_word(const Token *token) {
  return token->kind == TOKEN_NAME || token->kind == TOKEN_LABEL || token_group((TokenKind)token->kind) == GROUP_WORD;
}

/* The index of the first token that begins at or behind the place. */
static size_t token_at(const Classes *classes, uint32_t start) {
  size_t low = 0, high = classes->list.tokens.count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (classes->list.tokens.items[middle].start < start) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/* Every name within the span is of the class. */
static void put(Classes *classes, Span span, WordClass class, unsigned modifiers) {
  if (span.source != classes->document->source || span.start >= span.end) return;
  for (size_t i = token_at(classes, span.start); i < classes->list.tokens.count; i++) {
    const Token *token = &classes->list.tokens.items[i];
    if (token->end > span.end) break;
    if (!is_word(token)) continue;
    classes->words[i].class = (uint8_t)class;
    classes->words[i].modifiers = (uint8_t)(defs[class].modifiers | modifiers);
  }
}

/* ---- expressions ---- */

static void walk_expr(Classes *classes, const Expr *expr);
static void walk_stages(Classes *classes, Stage *const *stages, size_t count);
static void walk_pipeline(Classes *classes, const Pipeline *pipeline);

static void walk_args(Classes *classes, const ExprArg *args, size_t count) {
  for (size_t i = 0; i < count; i++) {
    put(classes, args[i].name_span, CLASS_OPTION, 0);
    walk_expr(classes, args[i].value);
  }
}

static void walk_expr(Classes *classes, const Expr *expr) {
  if (!expr) return;
  bool field = (expr->kind == EXPR_NAME || expr->kind == EXPR_CALL) && field_find(expr->path.text) != FIELD_COUNT;
  if (expr->kind == EXPR_NAME) put(classes, expr->path.span, field ? CLASS_FIELD : CLASS_COLUMN, 0);
  if (expr->kind == EXPR_CALL) put(classes, expr->path.span, field ? CLASS_FIELD : CLASS_FUNCTION, 0);
  if (expr->kind == EXPR_NAME && text_is(expr->path.text, "now")) put(classes, expr->path.span, CLASS_FUNCTION, 0);
  if (expr->kind == EXPR_KEY && expr->has_direction) put(classes, expr->op_span, CLASS_MODIFIER, 0);
  walk_expr(classes, expr->left);
  walk_expr(classes, expr->right);
  for (size_t i = 0; i < expr->item_count; i++) walk_expr(classes, expr->items[i]);
  walk_args(classes, expr->args, expr->arg_count);
}

/* ---- stages ---- */

static bool one_of(Text word, const char *words) {
  for (const char *at = words; *at;) {
    size_t length = strcspn(at, " ");
    if (text_equal(word, (Text){at, length})) return true;
    at += length + (at[length] == ' ');
  }
  return false;
}

/* The parameter that the argument is for: by its name, else by its place among those without. */
static const ParamDef *param_of(StageId stage, const Arg *arg, size_t positional) {
  const ParamDef *last = NULL;
  if (stage == STAGEID_COUNT) return NULL;
  const StageDef *def = stage_def(stage);
  for (size_t i = 0; i < def->param_count; i++) {
    const ParamDef *param = &def->params[i];
    if (param->flags & PARAM_HIDDEN) continue;
    if (arg->name.length) {
      if (text_is(arg->name, param->name)) return param;
      if (param->kind == PARAM_NAMED || param->kind == PARAM_RESULTS) last = param;
    } else if (param->flags & PARAM_POSITIONAL) {
      last = param;
      if (positional-- == 0) return param;
    }
  }
  return last;
}

static void walk_arg(Classes *classes, const Arg *arg, const ParamDef *param) {
  bool column = param && (param->kind == PARAM_NAMED || param->kind == PARAM_RESULTS);
  bool chooses = param && param->words && (param->kind == PARAM_WORD || param->kind == PARAM_IDENTITY ||
                                           param->kind == PARAM_PROVIDER || param->kind == PARAM_SINCE);
  put(classes, arg->name_span, column ? CLASS_COLUMN : CLASS_OPTION, column ? MODIFIER_DECLARATION : 0);
  if (arg->block && arg->block->pipeline) walk_pipeline(classes, arg->block->pipeline);
  if (arg->block) walk_stages(classes, arg->block->stages, arg->block->stage_count);
  walk_expr(classes, arg->value);
  if (chooses && arg->value && arg->value->kind == EXPR_NAME && one_of(arg->value->path.text, param->words)) {
    put(classes, arg->value->path.span, CLASS_WORD, 0);
  }
}

static void walk_stage(Classes *classes, const Stage *stage, bool source) {
  Text name = text_is(stage->path.text, "filter") ? TEXT_LITERAL("keep") : stage->path.text;
  StageId id = source                    ? stage_find_source(name)
               : stage->kind == STAGE_TO ? stage_find_destination(name)
                                         : stage_find(name);
  WordClass class = source ? CLASS_SOURCE : stage->kind == STAGE_TO || id == STAGEID_SHOW ? CLASS_DESTINATION : CLASS_STAGE;
  if (id != STAGEID_COUNT) put(classes, stage->path.span, class, 0);
  for (size_t i = 0, positional = 0; i < stage->arg_count; i++) {
    walk_arg(classes, &stage->args[i], param_of(id, &stage->args[i], positional));
    positional += !stage->args[i].name.length;
  }
}

static void walk_stages(Classes *classes, Stage *const *stages, size_t count) {
  for (size_t i = 0; i < count; i++) walk_stage(classes, stages[i], false);
}

static void walk_pipeline(Classes *classes, const Pipeline *pipeline) {
  if (!pipeline) return;
  if (pipeline->is_call && pipeline->source) walk_stage(classes, pipeline->source, true);
  for (size_t i = 0; i < pipeline->origin_count; i++) {
    const Origin *origin = &pipeline->origins[i];
    if (origin->pipeline) {
      walk_pipeline(classes, origin->pipeline);
    } else if (stage_find_source(origin->path.text) != STAGEID_COUNT) {
      put(classes, origin->path.span, CLASS_SOURCE, 0);
    }
  }
  walk_stages(classes, pipeline->stages, pipeline->stage_count);
}

/* ---- definitions ---- */

static WordClass class_of(const Stmt *stmt) {
  switch (stmt->kind) {
    case STMT_PARAM:
      return CLASS_PARAMETER;
    case STMT_LET:
      return stmt->pipeline ? CLASS_STREAM : CLASS_VALUE;
    case STMT_STAGE:
      return CLASS_OWN_STAGE;
    default:
      return CLASS_NONE;
  }
}

static void define(Classes *classes, Span name, WordClass class) {
  if (class == CLASS_NONE || name.start >= name.end) return;
  put(classes, name, class, MODIFIER_DECLARATION);
  vec_push(classes->arena, &classes->definitions, (Definition){name, class});
}

static void walk_type(Classes *classes, const TypeName *type) {
  for (; type; type = type->element) put(classes, type->span, CLASS_TYPE, 0);
}

static void walk_statement(Classes *classes, const Stmt *stmt) {
  if (stmt->kind == STMT_USE) put(classes, stmt->use_path.span, CLASS_MODULE, 0);
  if (stmt->name.length) define(classes, stmt->name_span, class_of(stmt));
  walk_type(classes, stmt->type);
  for (size_t i = 0; i < stmt->formal_count; i++) {
    define(classes, stmt->formals[i].name_span, CLASS_PARAMETER);
    walk_type(classes, stmt->formals[i].type);
    walk_expr(classes, stmt->formals[i].default_value);
  }
  walk_expr(classes, stmt->value);
  walk_pipeline(classes, stmt->pipeline);
  walk_stages(classes, stmt->stages, stmt->stage_count);
}

static int compare_definitions(const void *a, const void *b) {
  const Span *x = &((const Definition *)a)->name, *y = &((const Definition *)b)->name;
  if (x->source != y->source) return x->source < y->source ? -1 : 1;
  return x->start < y->start ? -1 : x->start > y->start;
}

/* The names that the program uses, as the checker understood them: they may hide those of the language. */
static void walk_uses(Classes *classes) {
  const Graph *graph = classes->document->graph;
  if (!classes->definitions.count) return;
  qsort(classes->definitions.items, classes->definitions.count, sizeof(Definition), compare_definitions);
  for (size_t i = 0; i < graph->uses.count; i++) {
    const NameUse *use = &graph->uses.items[i];
    Definition wanted = {.name = use->definition};
    const Definition *found = bsearch(&wanted, classes->definitions.items, classes->definitions.count,
                                      sizeof(Definition), compare_definitions);
    if (found) put(classes, use->use, found->class, 0);
  }
}

static void walk_program(Classes *classes) {
  const Program *program = classes->document->graph->program;
  for (size_t m = 0; m < program->modules.count; m++) {
    const Module *module = program->modules.items[m];
    for (size_t i = 0; i < module->unit->stmt_count; i++) walk_statement(classes, module->unit->stmts[i]);
    for (size_t i = 0; i < module->use_count; i++) define(classes, module->uses[i].alias_span, CLASS_MODULE);
  }
  walk_uses(classes);
}

/* ---- tokens ---- */

static bool has_letters(TokenKind kind) {
  char first = token_text(kind)[0];
  return first >= 'a' && first <= 'z';
}

/* What a token is by itself. */
static WordClass class_of_token(TokenKind kind) {
  bool text = kind == TOKEN_TEXT || kind == TOKEN_TEXT_OPEN || kind == TOKEN_TEXT_PIECE || kind == TOKEN_TEXT_CLOSE;
  bool constant = kind == TOKEN_TRUE || kind == TOKEN_FALSE || kind == TOKEN_MISSING;
  bool modifier = kind == TOKEN_AS || kind == TOKEN_ASC || kind == TOKEN_DESC;
  if (text) return CLASS_TEXT;
  switch (token_group(kind)) {
    case GROUP_KEYWORD:
      return CLASS_KEYWORD;
    case GROUP_WORD:
      return modifier ? CLASS_MODIFIER : CLASS_STATEMENT;
    case GROUP_LITERAL:
      return constant ? CLASS_CONSTANT : CLASS_NUMBER;
    case GROUP_OPERATOR:
      return has_letters(kind) ? CLASS_WORD_OPERATOR : CLASS_OPERATOR;
    default:
      return CLASS_NONE;
  }
}

static void add(Classes *classes, ClassedWords *out, ClassedWord word) {
  Text text = classes->document->text;
  uint32_t before = out->count ? out->items[out->count - 1].end : 0;
  if (word.start < before) word.start = before;
  for (uint32_t at = word.start; at < word.end; at++) {
    if (text.bytes[at] == '\r' || text.bytes[at] == '\n') word.end = at;
  }
  if (word.class != CLASS_NONE && word.start < word.end) vec_push(classes->arena, out, word);
}

/* With its mark. */
static ClassedWord comment_word(const Classes *classes, const DocLine *line, WordClass class) {
  uint32_t start = line->start;
  while (start > 0 && classes->document->text.bytes[start - 1] == ' ') start--;
  while (start > 0 && classes->document->text.bytes[start - 1] == '#') start--;
  return (ClassedWord){start, line->end, (uint8_t)class, defs[class].modifiers};
}

/* The comments that stand before the place. */
static void add_comments(Classes *classes, ClassedWords *out, size_t *comment, size_t *doc, uint32_t before) {
  const TokenList *list = &classes->list;
  for (;;) {
    bool has_comment = *comment < list->comments.count && list->comments.items[*comment].start < before;
    bool has_doc = *doc < list->docs.count && list->docs.items[*doc].start < before;
    if (!has_comment && !has_doc) return;
    bool take_doc = has_doc && !(has_comment && list->comments.items[*comment].start < list->docs.items[*doc].start);
    const DocLine *line = take_doc ? &list->docs.items[(*doc)++] : &list->comments.items[(*comment)++];
    add(classes, out, comment_word(classes, line, take_doc ? CLASS_DOC : CLASS_COMMENT));
  }
}

ClassedWords classes_of(Arena *arena, const Document *document) {
  Classes classes = {.arena = arena, .document = document};
  ClassedWords out = {0};
  size_t comment = 0, doc = 0;
  classes.list = token_list(arena, &document->sources.items[document->source]);
  classes.words = arena_array(arena, classes.list.tokens.count, sizeof *classes.words);
  walk_program(&classes);
  for (size_t i = 0; i < classes.list.tokens.count; i++) {
    const Token *token = &classes.list.tokens.items[i];
    ClassedWord word = classes.words[i];
    if (word.class == CLASS_NONE) {
      word.class = (uint8_t)class_of_token((TokenKind)token->kind);
      word.modifiers = defs[word.class].modifiers;
    }
    word.start = token->start;
    word.end = token->end;
    add_comments(&classes, &out, &comment, &doc, token->start);
    add(&classes, &out, word);
  }
  add_comments(&classes, &out, &comment, &doc, UINT32_MAX);
  return out;
}
