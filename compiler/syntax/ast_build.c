/* Constructors of statements, pipelines, stages and paths. */
#include <string.h>

#include "compiler/syntax/parse_int.h"

static Span join(const Parse *parse, const Token *first, const Token *last) {
  return span_join(parse_span(parse, first), parse_span(parse, last));
}

/* Paths. The arrays double, so their capacity is the next power of two. */

Path *path_start(Parse *parse, const Token *name) {
  Path *path = arena_alloc(parse->arena, sizeof *path);
  path->names = arena_array(parse->arena, 1, sizeof *path->names);
  path->name_spans = arena_array(parse->arena, 1, sizeof *path->name_spans);
  path->names[0] = parse_text(parse, name);
  path->name_spans[0] = path->span = parse_span(parse, name);
  path->count = 1;
  return path;
}

Path *path_more(Parse *parse, Path *path, const Token *name) {
  Span span = parse_span(parse, name);
  size_t count = path->count;
  path->span = span_join(path->span, span);
  if (count == PARSE_MAX_PATH) {
    if (parse->depth_told) return path;
    parse->depth_told = true;
    Diag *diag =
        diag_report(parse->diags, DIAG_PATH_TOO_LONG, span, "a dotted name has at most %d parts", PARSE_MAX_PATH);
    diag_hint(parse->diags, diag, "this is one more");
    return path;
  }
  if ((count & (count - 1)) == 0) {
    Text *names = path->names;
    Span *spans = path->name_spans;
    path->names = arena_grow(parse->arena, names, count * sizeof *names, 2 * count * sizeof *names);
    path->name_spans = arena_grow(parse->arena, spans, count * sizeof *spans, 2 * count * sizeof *spans);
  }
  path->names[count] = parse_text(parse, name);
  path->name_spans[count] = span;
  path->count++;
  return path;
}

Path *path_done(Parse *parse, Path *path) {
  TextBuilder builder = {.arena = parse->arena};
  for (size_t i = 0; i < path->count; i++) {
    if (i) text_append_char(&builder, '.');
    text_append(&builder, path->names[i]);
  }
  path->text = path->count == 1 ? path->names[0] : text_built(&builder);
  return path;
}

TypeName *type_new(Parse *parse, const Token *name, TypeName *element, const Token *close) {
  TypeName *type = arena_alloc(parse->arena, sizeof *type);
  type->name = parse_text(parse, name);
  type->element = element;
  type->span = join(parse, name, close ? close : name);
  return type;
}

/* Stages. */

Block *block_new(Parse *parse, const Token *open, Pipeline *pipeline, StageList *stages, const Token *close) {
  Block *block = arena_alloc(parse->arena, sizeof *block);
  block->pipeline = pipeline;
  if (stages) {
    block->stages = stages->items;
    block->stage_count = stages->count;
  }
  block->span = join(parse, open, close);
  return block;
}

Arg arg_positional(Expr *value, Block *block) {
  return (Arg){.name = TEXT_LITERAL(""), .value = value, .block = block, .span = value ? value->span : block->span};
}

Arg arg_option(Parse *parse, const Token *name, Expr *value, Block *block) {
  Arg arg = arg_positional(value, block);
  arg.name = parse_text(parse, name);
  arg.name_span = parse_span(parse, name);
  arg.span = span_join(arg.name_span, arg.span);
  return arg;
}

Stage *stage_new(Parse *parse, StageKind kind, const Token *to, const Path *path, ArgList *args) {
  Stage *stage = arena_alloc(parse->arena, sizeof *stage);
  stage->kind = kind;
  stage->path = *path;
  stage->span = to ? span_join(parse_span(parse, to), path->span) : path->span;
  if (args) {
    stage->args = args->items;
    stage->arg_count = args->count;
    stage->span = span_join(stage->span, args->items[args->count - 1].span);
  }
  return stage;
}

Stage *stage_bad(Parse *parse, const Token *at) {
  Stage *stage = arena_alloc(parse->arena, sizeof *stage);
  stage->kind = STAGE_BAD;
  stage->span = stage->path.span = parse_span(parse, at);
  stage->path.text = TEXT_LITERAL("");
  return stage;
}

/* Pipelines. */

Origin origin_path(const Path *path) {
  return (Origin){.path = *path, .span = path->span};
}

Origin origin_block(Parse *parse, const Token *open, Pipeline *pipeline, const Token *close) {
  return (Origin){.path.text = TEXT_LITERAL(""), .pipeline = pipeline, .span = join(parse, open, close)};
}

Pipeline *pipeline_new(Parse *parse, Stage *call, OriginList *origins) {
  Pipeline *pipeline = arena_alloc(parse->arena, sizeof *pipeline);
  pipeline->is_call = call != NULL;
  pipeline->source = call;
  if (origins) {
    pipeline->origins = origins->items;
    pipeline->origin_count = origins->count;
    pipeline->span = span_join(origins->items[0].span, origins->items[origins->count - 1].span);
  } else {
    pipeline->span = call->span;
  }
  return pipeline;
}

Pipeline *pipeline_stages(Parse *parse, const Token *from, Pipeline *pipeline, StageList *stages) {
  pipeline->span = span_join(parse_span(parse, from), pipeline->span);
  if (stages) {
    pipeline->stages = stages->items;
    pipeline->stage_count = stages->count;
    pipeline->span = span_join(pipeline->span, stages->items[stages->count - 1]->span);
  }
  return pipeline;
}

/* Statements. */

Formal formal_new(Parse *parse, const Token *name, TypeName *type, Expr *value) {
  return (Formal){parse_text(parse, name), parse_span(parse, name), type, value};
}

Stmt *stmt_new(Parse *parse, StmtKind kind, const Token *first, const Token *name) {
  Stmt *stmt = arena_alloc(parse->arena, sizeof *stmt);
  stmt->kind = kind;
  stmt->span = parse_span(parse, first);
  stmt->doc = stmt->name = stmt->use_file = TEXT_LITERAL("");
  if (name) {
    stmt->name = parse_text(parse, name);
    stmt->name_span = parse_span(parse, name);
    stmt->span = span_join(stmt->span, stmt->name_span);
  }
  return stmt;
}

Stmt *stmt_bad(Parse *parse, const Token *at, const Token *name) {
  Stmt *stmt = stmt_new(parse, STMT_BAD, name ? name : at, name);
  stmt->span = span_join(stmt->span, parse_span(parse, at));
  return stmt;
}

static bool is_doc_line(Text line) {
  size_t at = 0;
  while (at < line.length && (line.bytes[at] == ' ' || line.bytes[at] == '\t')) at++;
  return line.length - at >= 2 && line.bytes[at] == '#' && line.bytes[at + 1] == '#';
}

/* The level and all that stands before it change places. */
static void fix_level(Parse *parse, Diag *diag, Span level) {
  Span above = parse->stmts.items[0]->span;
  uint32_t line = source_place(parse->source, above.start).line;
  while (line > 1 && is_doc_line(source_line(parse->source, line - 1))) line--; /* what is said of the first statement stays above it */
  above.start = parse->source->line_starts[line - 1];
  above.end = level.start;
  Text text = span_text(parse->diags->sources, above);
  while (text.length && strchr(" \t\r\n", text.bytes[text.length - 1])) text.length--;
  TextBuilder moved = {.arena = parse->arena};
  text_append(&moved, span_text(parse->diags->sources, level));
  text_append_char(&moved, '\n');
  text_append(&moved, text);
  diag_fix_at(parse->diags, diag, span_join(above, level), text_built(&moved));
}

Stmt *stmt_level(Parse *parse, const Token *word, const Token *number) {
  Stmt *stmt = stmt_new(parse, STMT_LEVEL, word, NULL);
  Expr *level = literal_build(parse, number);
  stmt->level = level->kind == EXPR_INT ? level->integer : 1;
  stmt->span = span_join(stmt->span, level->span);
  if (parse->stmts.count > 0) {
    Diag *diag = diag_report(parse->diags, DIAG_LEVEL_NOT_FIRST, stmt->span, "the level must be the first statement");
    diag_hint(parse->diags, diag, "move it above the others");
    fix_level(parse, diag, stmt->span);
  } else if (stmt->level != 1) {
    Text shown = parse_shown(parse, parse_text(parse, number));
    Diag *diag = diag_report(parse->diags, DIAG_UNKNOWN_LEVEL, level->span,
                             "level " TEXT_FORMAT " of the language is not known to this compiler", TEXT_ARG(shown));
    diag_hint(parse->diags, diag, "it knows level 1");
  }
  return stmt;
}

Stmt *stmt_use_file(Parse *parse, const Token *word, const Token *file, const Token *name) {
  Stmt *stmt = stmt_new(parse, STMT_USE, word, name);
  stmt->use_file = literal_text(parse, file);
  stmt->span = span_join(stmt->span, parse_span(parse, file));
  return stmt;
}

Stmt *stmt_use_path(Parse *parse, const Token *word, const Path *path, const Token *name) {
  Stmt *stmt = stmt_new(parse, STMT_USE, word, name);
  stmt->use_path = *path;
  stmt->span = span_join(stmt->span, path->span);
  return stmt;
}

Stmt *stmt_param(Parse *parse, const Token *word, const Token *name, TypeName *type, Expr *value) {
  Stmt *stmt = stmt_new(parse, STMT_PARAM, word, name);
  stmt->type = type;
  stmt->value = value;
  stmt->span = span_join(stmt->span, value ? value->span : type->span);
  return stmt;
}

Stmt *stmt_let(Parse *parse, const Token *word, const Token *name, Expr *value, Pipeline *pipeline) {
  Stmt *stmt = stmt_new(parse, STMT_LET, word, name);
  stmt->value = value;
  stmt->pipeline = pipeline;
  stmt->span = span_join(stmt->span, value ? value->span : pipeline->span);
  return stmt;
}

Stmt *stmt_stage(Parse *parse, const Token *word, const Token *name, FormalList *formals, Pipeline *pipeline,
                 StageList *stages) {
  Stmt *stmt = stmt_new(parse, STMT_STAGE, word, name);
  stmt->formals = formals->items;
  stmt->formal_count = formals->count;
  stmt->pipeline = pipeline;
  if (stages) {
    stmt->stages = stages->items;
    stmt->stage_count = stages->count;
    stmt->span = span_join(stmt->span, stages->items[stages->count - 1]->span);
  } else {
    stmt->span = span_join(stmt->span, pipeline->span);
  }
  return stmt;
}

Stmt *stmt_pipeline(Parse *parse, Pipeline *pipeline) {
  Stmt *stmt = arena_alloc(parse->arena, sizeof *stmt);
  stmt->kind = STMT_PIPELINE;
  stmt->span = pipeline->span;
  stmt->doc = stmt->name = stmt->use_file = TEXT_LITERAL("");
  stmt->pipeline = pipeline;
  return stmt;
}
