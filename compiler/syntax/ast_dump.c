#include "compiler/syntax/ast_dump.h"

static void dump_expr(TextBuilder *out, const Expr *expr);
static void dump_pipeline(TextBuilder *out, const Pipeline *pipeline);

static void put(TextBuilder *out, const char *text) {
  text_append(out, text_of(text));
}

/* With quotes, and with what is not printable made visible. */
static void put_text(TextBuilder *out, Text text) {
  text_append_char(out, '"');
  text_append(out, text_escaped(out->arena, text));
  text_append_char(out, '"');
}

static void put_date(TextBuilder *out, Date date) {
  text_append_char(out, '@');
  text_append(out, date_format(out->arena, date));
}

static void dump_items(TextBuilder *out, const char *head, const Expr *expr) {
  put(out, head);
  for (size_t i = 0; i < expr->item_count; i++) {
    put(out, " ");
    dump_expr(out, expr->items[i]);
  }
  put(out, ")");
}

static void dump_call(TextBuilder *out, const Expr *expr) {
  put(out, "(call ");
  text_append(out, expr->path.text);
  for (size_t i = 0; i < expr->arg_count; i++) {
    put(out, " ");
    if (expr->args[i].name.length) {
      text_append(out, expr->args[i].name);
      put(out, ":");
    }
    dump_expr(out, expr->args[i].value);
  }
  put(out, ")");
}

static void dump_operands(TextBuilder *out, const char *head, const Expr *left, const Expr *right) {
  put(out, "(");
  put(out, head);
  for (int i = 0; i < 2; i++) {
    const Expr *operand = i ? right : left;
    if (!operand) continue;
    put(out, " ");
    dump_expr(out, operand);
  }
  put(out, ")");
}

static void dump_range(TextBuilder *out, const Expr *expr) {
  put(out, "(range ");
  if (expr->left)
    dump_expr(out, expr->left);
  else
    put(out, "_");
  put(out, " ");
  if (expr->right)
    dump_expr(out, expr->right);
  else
    put(out, "_");
  put(out, ")");
}

static void dump_expr(TextBuilder *out, const Expr *expr) {
  switch (expr->kind) {
    case EXPR_BAD:
      put(out, "BAD");
      break;
    case EXPR_INT:
      text_append_format(out, "%lld", (long long)expr->integer);
      break;
    case EXPR_FLOAT:
      text_append_format(out, "%.17g", expr->number);
      break;
    case EXPR_PERCENT:
      text_append_format(out, "%.12g%%", expr->number * 100);
      break;
    case EXPR_BOOL:
      put(out, expr->boolean ? "true" : "false");
      break;
    case EXPR_MISSING:
      put(out, "missing");
      break;
    case EXPR_DURATION:
      text_append(out, duration_format(out->arena, expr->duration));
      break;
    case EXPR_DATE:
      put_date(out, expr->date);
      break;
    case EXPR_TEXT:
      dump_items(out, expr->raw_text ? "(raw" : "(text", expr);
      break;
    case EXPR_TEXT_PIECE:
      put_text(out, expr->text);
      break;
    case EXPR_LIST:
      dump_items(out, "(list", expr);
      break;
    case EXPR_RANGE:
      dump_range(out, expr);
      break;
    case EXPR_NAME:
      text_append(out, expr->path.text);
      break;
    case EXPR_CALL:
      dump_call(out, expr);
      break;
    case EXPR_UNARY:
    case EXPR_BINARY:
      dump_operands(out, expr->chained ? "chain" : operator_text(expr->op), expr->left, expr->right);
      break;
    case EXPR_IS_MISSING:
      dump_operands(out, expr->op == OP_IS ? "is-missing" : "is-not-missing", expr->left, NULL);
      break;
    case EXPR_AGO:
      dump_operands(out, "ago", expr->left, NULL);
      break;
    case EXPR_KEY:
      dump_operands(out, expr->descending ? "desc" : "asc", expr->left, NULL);
      break;
  }
}

static void dump_stage(TextBuilder *out, const Stage *stage);

static void dump_block(TextBuilder *out, const Block *block) {
  put(out, "{");
  if (block->pipeline) dump_pipeline(out, block->pipeline);
  for (size_t i = 0; i < block->stage_count; i++) {
    if (i) put(out, " ");
    dump_stage(out, block->stages[i]);
  }
  put(out, "}");
}

static void dump_stage(TextBuilder *out, const Stage *stage) {
  if (stage->kind == STAGE_BAD) {
    put(out, "BAD");
    return;
  }
  put(out, stage->kind == STAGE_TO ? "(to " : "(");
  text_append(out, stage->path.text);
  for (size_t i = 0; i < stage->arg_count; i++) {
    const Arg *arg = &stage->args[i];
    put(out, " ");
    if (arg->name.length) {
      text_append(out, arg->name);
      put(out, ":");
    }
    if (arg->block)
      dump_block(out, arg->block);
    else
      dump_expr(out, arg->value);
  }
  put(out, ")");
}

static void dump_pipeline(TextBuilder *out, const Pipeline *pipeline) {
  put(out, "(from");
  if (pipeline->is_call) {
    put(out, " ");
    dump_stage(out, pipeline->source);
  }
  for (size_t i = 0; i < pipeline->origin_count; i++) {
    const Origin *origin = &pipeline->origins[i];
    put(out, " ");
    if (origin->pipeline)
      dump_pipeline(out, origin->pipeline);
    else
      text_append(out, origin->path.text);
  }
  for (size_t i = 0; i < pipeline->stage_count; i++) {
    put(out, " ");
    dump_stage(out, pipeline->stages[i]);
  }
  put(out, ")");
}

static void dump_type(TextBuilder *out, const TypeName *type) {
  text_append(out, type->name);
  if (!type->element) return;
  put(out, "[");
  dump_type(out, type->element);
  put(out, "]");
}

static void dump_formals(TextBuilder *out, const Stmt *stmt) {
  put(out, " (");
  for (size_t i = 0; i < stmt->formal_count; i++) {
    const Formal *formal = &stmt->formals[i];
    if (i) put(out, " ");
    text_append(out, formal->name);
    put(out, ":");
    dump_type(out, formal->type);
    if (!formal->default_value) continue;
    put(out, "=");
    dump_expr(out, formal->default_value);
  }
  put(out, ")");
}

static void dump_stmt(TextBuilder *out, const Stmt *stmt) {
  static const char *const heads[] = {"BAD", "level", "use", "param", "let", "stage", "run"};
  put(out, "(");
  put(out, heads[stmt->kind]);
  if (stmt->name.length) {
    put(out, " ");
    text_append(out, stmt->name);
  }
  if (stmt->kind == STMT_LEVEL) text_append_format(out, " %lld", (long long)stmt->level);
  if (stmt->type) {
    put(out, ":");
    dump_type(out, stmt->type);
  }
  if (stmt->kind == STMT_USE) {
    put(out, " ");
    if (stmt->use_path.count)
      text_append(out, stmt->use_path.text);
    else
      put_text(out, stmt->use_file);
  }
  if (stmt->kind == STMT_STAGE) dump_formals(out, stmt);
  if (stmt->value) {
    put(out, " ");
    dump_expr(out, stmt->value);
  }
  if (stmt->pipeline) {
    put(out, " ");
    dump_pipeline(out, stmt->pipeline);
  }
  for (size_t i = 0; i < stmt->stage_count; i++) {
    put(out, " ");
    dump_stage(out, stmt->stages[i]);
  }
  if (stmt->doc.length) {
    put(out, " ## ");
    put_text(out, stmt->doc);
  }
  put(out, ")\n");
}

Text ast_dump(Arena *arena, const Unit *unit) {
  TextBuilder out = {.arena = arena};
  if (unit->doc.length) {
    put(&out, "## ");
    put_text(&out, unit->doc);
    put(&out, "\n");
  }
  for (size_t i = 0; i < unit->stmt_count; i++) dump_stmt(&out, unit->stmts[i]);
  return out.length ? text_built(&out) : TEXT_LITERAL("");
}
