#include "compiler/check/check_int.h"

#include "plan/opcode.h"

static Typed *constant(Checker *checker, const Expr *expr, Literal literal) {
  Typed *typed = typed_new(checker, TYPED_CONSTANT, literal.type, expr->span);
  typed->literal = literal;
  return typed;
}

static Typed *check_date(Checker *checker, const Expr *expr) {
  const Date *date = &expr->date;
  if (date->precision <= DATE_DAY) return constant(checker, expr, (Literal){.type = TYPE_OF(DATE), .date = *date});
  if (!date->has_offset) {
    Diag *diag = diag_report(checker->diags, DIAG_NEEDS_ZONE, expr->span, "this time of day has no zone");
    Text written = span_text(checker->diags->sources, expr->span);
    diag_hint(checker->diags, diag, "for UTC write `" TEXT_FORMAT "Z`", TEXT_ARG(written));
    diag_fix(checker->diags, diag, text_of(arena_format(checker->arena, TEXT_FORMAT "Z", TEXT_ARG(written))));
    return typed_bad(checker, expr->span);
  }
  Zone zone = {"UTC"}; /* the offset decides; no zone is asked */
  return constant(checker, expr, (Literal){.type = TYPE_OF(TIME), .time = date_range(*date, zone).lo});
}

static Typed *check_text(Checker *checker, const Expr *expr, Place place) {
  if (expr->item_count == 0) return constant(checker, expr, (Literal){.type = TYPE_OF(TEXT), .text = TEXT_LITERAL("")});
  if (expr->item_count == 1 && expr->items[0]->kind == EXPR_TEXT_PIECE)
    return constant(checker, expr, (Literal){.type = TYPE_OF(TEXT), .text = expr->items[0]->text});
  Typed *text = typed_new(checker, TYPED_CONCAT, TYPE_OF(TEXT), expr->span);
  text->operands = arena_array(checker->arena, expr->item_count, sizeof *text->operands);
  bool bad = false;
  for (size_t i = 0; i < expr->item_count; i++) {
    const Expr *part = expr->items[i];
    Typed *value = part->kind == EXPR_TEXT_PIECE ? constant(checker, part, (Literal){.type = TYPE_OF(TEXT), .text = part->text})
                                                 : check_expr(checker, part, place);
    bad = bad || value->kind == TYPED_BAD;
    bool plain = type_is_text(type_required(value->type)) && !type_is_optional(value->type);
    if (!bad && type_form(value->type) == FORM_RANGE) {
      diag_report(checker->diags, DIAG_TYPE_MISMATCH, part->span, "a range has no text");
      bad = true;
    }
    text->operands[text->operand_count++] = plain ? value : typed_op(checker, OPCODE_TO_TEXT, TYPE_OF(TEXT), part->span, value, NULL);
  }
  return bad ? typed_bad(checker, expr->span) : text;
}

static Typed *check_list(Checker *checker, const Expr *expr, Place place) {
  Literal list = {.item_count = expr->item_count};
  list.items = arena_array(checker->arena, expr->item_count ? expr->item_count : 1, sizeof *list.items);
  Type element = TYPE_OF(MISSING);
  for (size_t i = 0; i < expr->item_count; i++) {
    Typed *item = check_expr(checker, expr->items[i], place);
    if (item->kind == TYPED_BAD) return item;
    if (!typed_is_constant(item) || type_form(item->type) != FORM_ONE) {
      diag_report(checker->diags, DIAG_NOT_CONSTANT, item->span, "the items of a list are literals");
      return typed_bad(checker, expr->span);
    }
    if (i == 0) element = item->type;
    if (item->type == TYPE_OF(FLOAT) && element == TYPE_OF(INT)) element = item->type;
    Typed *converted = typed_convert(checker, item, element);
    if (!converted) {
      Diag *diag = diag_report(checker->diags, DIAG_TYPE_MISMATCH, item->span, "the items of a list have one type");
      diag_hint(checker->diags, diag, "the others are %s", type_name(checker->arena, element).bytes);
      return typed_bad(checker, expr->span);
    }
    list.items[i] = converted->literal;
  }
  for (size_t i = 0; element == TYPE_OF(FLOAT) && i < list.item_count; i++)
    if (list.items[i].type == TYPE_OF(INT)) list.items[i] = (Literal){.type = element, .number = (double)list.items[i].integer};
  list.type = TYPE_MAKE(type_base(element), FORM_LIST);
  return constant(checker, expr, list);
}

static Typed *check_range(Checker *checker, const Expr *expr, Place place) {
  Typed *ends[2] = {NULL, NULL};
  const Expr *written[2] = {expr->left, expr->right};
  Type type = TYPE_OF(MISSING);
  for (int i = 0; i < 2; i++) {
    if (!written[i]) continue;
    ends[i] = check_expr(checker, written[i], place);
    if (ends[i]->kind == TYPED_BAD) return ends[i];
    if (!typed_is_constant(ends[i])) {
      Diag *diag = diag_report(checker->diags, DIAG_NOT_CONSTANT, ends[i]->span, "the ends of a range are literals here");
      diag_note(checker->diags, diag, "a range of computed ends can stand only after `in`");
      return typed_bad(checker, expr->span);
    }
    if (type == TYPE_OF(MISSING) || type == TYPE_OF(INT)) type = ends[i]->type;
  }
  bool ordered = type == TYPE_OF(INT) || type == TYPE_OF(FLOAT) || type == TYPE_OF(DATE) || type == TYPE_OF(TIME);
  Literal range = {.type = TYPE_MAKE(type_base(type), FORM_RANGE)};
  for (int i = 0; i < 2; i++) {
    if (!ends[i]) continue;
    Typed *end = typed_convert(checker, ends[i], type);
    if (!end || !ordered) {
      diag_report(checker->diags, DIAG_TYPE_MISMATCH, ends[i]->span, "a range goes from and to a number, a date or a time of one type");
      return typed_bad(checker, expr->span);
    }
    Literal *copy = arena_alloc(checker->arena, sizeof *copy);
    *copy = end->literal;
    *(i == 0 ? &range.low : &range.high) = copy;
  }
  if (ends[0] && ends[1] && check_range_is_empty(checker, expr, ends[0], ends[1])) return typed_bad(checker, expr->span);
  return constant(checker, expr, range);
}

Binding *check_value_binding(Checker *checker, Binding *binding, Span span) {
  binding->used = true;
  if (binding->kind == BINDING_PARAM && !binding->value) check_param(checker, binding); /* a module's, met for the first time */
  if (binding->value) return binding;
  if (binding->state == BINDING_OPEN) {
    scope_report_cycle(checker, binding, span);
    binding->value = typed_bad(checker, span);
    return binding;
  }
  if (binding->kind == BINDING_MODULE) {
    report_module_alone(checker, binding, span);
    return NULL;
  }
  if (binding->kind != BINDING_LET || !binding->stmt->value) {
    Diag *diag = diag_report(checker->diags, DIAG_NOT_A_VALUE, span, "`" TEXT_FORMAT "` is a %s, not a value", TEXT_ARG(binding->name),
                             binding->kind == BINDING_STAGE ? "stage" : "stream");
    diag_label(checker->diags, diag, binding->span, "defined here");
    return NULL;
  }
  Span outside;
  open_definition(checker, binding, span, &outside);
  Typed *value = check_expr(checker, binding->stmt->value, (Place){.scope = binding->home});
  close_definition(checker, binding, outside);
  if (!binding->value) binding->value = value;
  return binding;
}

Typed *check_condition(Checker *checker, const Expr *expr, Place place) {
  place.wants_text = true;
  Typed *typed = check_expr(checker, expr, place);
  if (typed->kind == TYPED_BAD) return typed;
  if (type_required(typed->type) == TYPE_OF(BOOL)) return check_truth(checker, typed);
  Diag *diag = diag_report(checker->diags, DIAG_NOT_A_CONDITION, expr->span, "this is %s, not a condition",
                           type_name(checker->arena, type_required(typed->type)).bytes);
  diag_hint(checker->diags, diag, "compare it with something, as in `plays > 3`");
  return typed_bad(checker, expr->span);
}

static Typed *check_any(Checker *checker, const Expr *expr, Place place) {
  switch (expr->kind) {
    case EXPR_INT: return constant(checker, expr, (Literal){.type = TYPE_OF(INT), .integer = expr->integer});
    case EXPR_FLOAT: return constant(checker, expr, (Literal){.type = TYPE_OF(FLOAT), .number = expr->number});
    case EXPR_PERCENT: return constant(checker, expr, (Literal){.type = TYPE_OF(PERCENT), .number = expr->number});
    case EXPR_BOOL: return constant(checker, expr, (Literal){.type = TYPE_OF(BOOL), .boolean = expr->boolean});
    case EXPR_DURATION: return constant(checker, expr, (Literal){.type = TYPE_OF(DURATION), .duration = expr->duration});
    case EXPR_MISSING: return typed_new(checker, TYPED_MISSING, TYPE_OF(MISSING) | TYPE_OPTIONAL, expr->span);
    case EXPR_DATE: return check_date(checker, expr);
    case EXPR_TEXT: return check_text(checker, expr, place);
    case EXPR_LIST: return check_list(checker, expr, place);
    case EXPR_RANGE: return check_range(checker, expr, place);
    case EXPR_NAME: return check_name(checker, expr, place);
    case EXPR_CALL: return check_call(checker, expr, place);
    case EXPR_UNARY: return check_unary(checker, expr->op, expr->span, check_expr(checker, expr->right ? expr->right : expr->left, place));
    case EXPR_BINARY: {
      Typed *left = check_expr(checker, expr->left, place);
      if (expr->op == OP_IN || expr->op == OP_NOT_IN) return check_in(checker, expr->span, left, expr->right, place, expr->op == OP_NOT_IN);
      return check_binary(checker, expr->op, expr->span, left, check_expr(checker, expr->right, place));
    }
    case EXPR_IS_MISSING: {
      Typed *value = check_expr(checker, expr->left, place);
      if (value->kind == TYPED_BAD) return value;
      Typed *missing = typed_op(checker, OPCODE_IS_MISSING, TYPE_OF(BOOL), expr->span, value, NULL);
      return expr->op == OP_IS_NOT ? typed_op(checker, OPCODE_NOT, TYPE_OF(BOOL), expr->span, missing, NULL) : missing;
    }
    case EXPR_AGO: {
      Typed *value = check_expr(checker, expr->left, place);
      if (value->kind == TYPED_BAD) return value;
      if (type_required(value->type) == TYPE_OF(DURATION))
        return typed_op(checker, OPCODE_AGO, (Type)(TYPE_OF(TIME) | (value->type & TYPE_OPTIONAL)), expr->span, value, NULL);
      Diag *diag = diag_report(checker->diags, DIAG_TYPE_MISMATCH, expr->span, "`ago` stands after a duration, this is %s",
                               type_name(checker->arena, type_required(value->type)).bytes);
      diag_hint(checker->diags, diag, "as in `6mo ago`");
      return typed_bad(checker, expr->span);
    }
    case EXPR_KEY: {
      diag_report(checker->diags, DIAG_DIRECTION_MISPLACED, expr->span, "`%s` cannot stand here", expr->descending ? "desc" : "asc");
      return typed_bad(checker, expr->span);
    }
    case EXPR_TEXT_PIECE:
    case EXPR_BAD: break;
  }
  return typed_bad(checker, expr->span);
}

static uint32_t weight_of(Typed *typed) {
  if (typed->weight) return typed->weight;
  uint64_t weight = 1;
  for (size_t i = 0; i < typed->operand_count; i++)
    if (typed->operands[i]) weight += weight_of(typed->operands[i]);
  typed->weight = weight < UINT32_MAX ? (uint32_t)weight : UINT32_MAX;
  return typed->weight;
}

Typed *check_expr(Checker *checker, const Expr *expr, Place place) {
  Typed *typed = check_any(checker, expr, place);
  if (typed->kind == TYPED_BAD || weight_of(typed) <= CHECK_MAX_WEIGHT) return typed;
  diag_hint(checker->diags, diag_report(checker->diags, DIAG_TOO_LARGE, expr->span, "this has more than %d operations with those of the names in it", CHECK_MAX_WEIGHT),
            "compute parts of it with `add`");
  return typed_bad(checker, expr->span);
}
