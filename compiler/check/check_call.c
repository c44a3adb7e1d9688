/* Calls: functions, aggregates, and fields with a window. */
#include "compiler/check/check_int.h"

#include <string.h>

#include "plan/opcode.h"

static bool is_window_type(Type type) {
  Type required = type_required(type);
  return required == TYPE_OF(DURATION) || required == TYPE_OF(DATE) || required == TYPE_RANGE_OF(DATE);
}

Typed *check_window(Checker *checker, const Expr *expr, Place place) {
  place.row = NULL;
  Typed *window = check_expr(checker, expr, place);
  if (window->kind == TYPED_BAD) return NULL;
  bool fixed = window->kind == TYPED_CONSTANT || window->kind == TYPED_PARAM;
  if (!is_window_type(window->type) || !fixed) {
    Diag *diag = diag_report(checker->diags, DIAG_BAD_WINDOW, expr->span, fixed ? "%s is not a window" : "a computed %s is not a window",
                             type_name(checker->arena, type_required(window->type)).bytes);
    diag_hint(checker->diags, diag, "write a duration (`90d`), a date (`@2024`) or a range of dates (`@2020..@2023`)");
    return NULL;
  }
  const Duration *duration = &window->literal.duration;
  if (window->kind == TYPED_CONSTANT && window->type == TYPE_OF(DURATION) && (duration->months < 0 || duration->ms < 0)) {
    Diag *diag = diag_report(checker->diags, DIAG_OUT_OF_RANGE, expr->span, "a window reaches back, so its duration is not negative");
    diag_hint(checker->diags, diag, "write it without the minus");
    if (expr->kind == EXPR_UNARY && expr->op == OP_NEGATE) diag_fix_at(checker->diags, diag, expr->op_span, TEXT_LITERAL(""));
    return NULL;
  }
  if (window->kind == TYPED_CONSTANT && window->type == TYPE_OF(DURATION) && !duration->months && !duration->ms) {
    Diag *diag = diag_report(checker->diags, DIAG_EMPTY_RANGE, expr->span, "a window of no length holds nothing");
    diag_hint(checker->diags, diag, "as in `90d`");
    return NULL;
  }
  return window;
}

static Typed *check_windowed(Checker *checker, const Expr *expr, FieldId field, Place place) {
  const FieldDef *def = field_def(field);
  if (!def->windowed) {
    Diag *diag = diag_report(checker->diags, DIAG_NO_WINDOW, expr->span, "`%s` takes no window", def->name);
    diag_hint(checker->diags, diag, "write `%s`", def->name);
    diag_fix(checker->diags, diag, text_of(def->name));
    return typed_bad(checker, expr->span);
  }
  if (expr->arg_count != 1 || expr->args[0].name.length) {
    Diag *diag = diag_report(checker->diags, DIAG_BAD_WINDOW, expr->span, "`%s` takes one window", def->name);
    diag_hint(checker->diags, diag, "as in `%s(90d)`", def->name);
    return typed_bad(checker, expr->span);
  }
  Typed *window = check_window(checker, expr->args[0].value, place);
  if (!window) return typed_bad(checker, expr->span);
  Typed *typed = typed_column(checker, expr->span, text_of(def->name), field, def->type);
  typed->column.window = window;
  return typed;
}

/* The arguments as this overload takes them, or false. */
static bool fits_overload(Checker *checker, const FunctionDef *def, Typed *const *args, size_t count, Typed **converted) {
  if (strlen(def->args) != count) return false;
  for (size_t i = 0; i < count; i++) {
    converted[i] = typed_convert(checker, args[i], type_of_letter(def->args[i]));
    if (!converted[i]) return false;
  }
  return true;
}

static Typed *no_overload(Checker *checker, const Expr *expr, FunctionId first, Typed *const *args) {
  const char *name = function_def(first)->name;
  TextBuilder given = {.arena = checker->arena}, forms = {.arena = checker->arena};
  for (size_t i = 0; i < expr->arg_count; i++)
    text_append_format(&given, "%s%s", i ? ", " : "", type_name(checker->arena, type_required(args[i]->type)).bytes);
  for (int f = (int)first; f < FUNCTION_ID_COUNT && strcmp(function_def(f)->name, name) == 0; f++) {
    text_append_format(&forms, "%s`%s(", forms.length ? ", " : "", name);
    for (const char *letter = function_def(f)->args; *letter; letter++)
      text_append_format(&forms, "%s%s", letter == function_def(f)->args ? "" : ", ", type_name(checker->arena, type_of_letter(*letter)).bytes);
    text_append_format(&forms, ")`");
  }
  Diag *diag = diag_report(checker->diags, DIAG_WRONG_ARGUMENT, expr->span, "`%s` cannot be used with (" TEXT_FORMAT ")", name,
                           TEXT_ARG(text_built(&given)));
  diag_note(checker->diags, diag, "there is " TEXT_FORMAT, TEXT_ARG(text_built(&forms)));
  return typed_bad(checker, expr->span);
}

static Typed *unknown_function(Checker *checker, const Expr *expr, Place place) {
  if (place.row && place.row->kind == ROWS_KIND_COUNT) return typed_bad(checker, expr->span);
  VEC(Text) names = {0};
  for (int i = 0; i < FUNCTION_ID_COUNT; i++)
    if ((place.aggregates || !function_def(i)->aggregate) && (i == 0 || strcmp(function_def(i)->name, function_def(i - 1)->name) != 0))
      vec_push(checker->arena, &names, text_of(function_def(i)->name));
  Diag *diag = diag_report(checker->diags, DIAG_UNKNOWN_FUNCTION, expr->path.span, "no function `" TEXT_FORMAT "`", TEXT_ARG(expr->path.text));
  hint_name(checker, diag, SYNONYM_OF_FUNCTION, expr->path.text, names.items, names.count);
  diag_note(checker->diags, diag, "the functions are " TEXT_FORMAT, TEXT_ARG(text_list(checker->arena, names.items, names.count, 50)));
  return typed_bad(checker, expr->span);
}

Typed *check_call(Checker *checker, const Expr *expr, Place place) {
  FunctionId first = function_find(expr->path.text);
  FieldId field = field_find(expr->path.text);
  if (first == FUNCTION_ID_COUNT && field != FIELD_COUNT) {
    Typed *plain = find_column(checker, expr->path.text, expr->path.span, place);
    if (!plain || plain->column.field == FIELD_COUNT) return plain && place.row->kind == ROWS_KIND_COUNT ? plain : unknown_value_name(checker, &expr->path, place);
    return check_windowed(checker, expr, field, place);
  }
  if (first == FUNCTION_ID_COUNT) return unknown_function(checker, expr, place);
  bool aggregate = function_def(first)->aggregate;
  if (first == FUNCTION_COUNT && place.arriving && expr->arg_count == 0) {
    Typed *arriving = typed_new(checker, TYPED_OP, TYPE_OF(INT), expr->span);
    arriving->opcode = OPCODE_ARRIVING;
    return arriving;
  }
  if (aggregate && !place.aggregates) {
    Diag *diag = diag_report(checker->diags, DIAG_AGGREGATE_MISPLACED, expr->span, "`%s` looks at a whole group and cannot stand here",
                             function_def(first)->name);
    diag_hint(checker->diags, diag, "only as a result of `tally`, and `count()` in the name that a destination writes");
    return typed_bad(checker, expr->span);
  }
  Place inner = place;
  if (aggregate) inner.aggregates = false;
  size_t count = expr->arg_count;
  Typed **args = arena_array(checker->arena, count ? count : 1, sizeof *args);
  bool bad = false;
  for (size_t i = 0; i < count; i++) {
    if (expr->args[i].name.length)
      diag_report(checker->diags, DIAG_UNKNOWN_OPTION, expr->args[i].name_span, "`%s` takes its arguments by position", function_def(first)->name);
    args[i] = check_expr(checker, expr->args[i].value, inner);
    bad = bad || args[i]->kind == TYPED_BAD || expr->args[i].name.length;
  }
  if (bad) return typed_bad(checker, expr->span);
  Typed **converted = arena_array(checker->arena, count ? count : 1, sizeof *converted);
  for (int f = (int)first; f < FUNCTION_ID_COUNT && strcmp(function_def(f)->name, function_def(first)->name) == 0; f++) {
    if (!fits_overload(checker, function_def(f), args, count, converted)) continue;
    Typed *call = typed_new(checker, aggregate ? TYPED_AGGREGATE : TYPED_CALL, type_of_letter(function_def(f)->result[0]), expr->span);
    call->function = (FunctionId)f;
    call->operands = converted;
    call->operand_count = count;
    for (size_t i = 0; i < count && !aggregate; i++) call->type |= converted[i]->type & TYPE_OPTIONAL;
    return call;
  }
  return no_overload(checker, expr, first, args);
}
