#include "compiler/check/check_int.h"
#include "base/tag.h"
#include "plan/opcode.h"

Typed *typed_new(Checker *checker, TypedKind kind, Type type, Span span) {
  Typed *typed = arena_alloc(checker->arena, sizeof *typed);
  typed->kind = kind;
  typed->type = type;
  typed->span = span;
  typed->column.field = FIELD_COUNT;
  return typed;
}

Typed *typed_bad(Checker *checker, Span span) {
  return typed_new(checker, TYPED_BAD, TYPE_OF(MISSING), span);
}

Typed *typed_op(Checker *checker, int opcode, Type type, Span span, Typed *a, Typed *b) {
  Typed *typed = typed_new(checker, TYPED_OP, type, span);
  typed->opcode = opcode;
  typed->operand_count = b ? 2 : 1;
  typed->operands = arena_array(checker->arena, 2, sizeof *typed->operands);
  typed->operands[0] = a;
  typed->operands[1] = b;
  return typed;
}

static Typed *typed_logic(Checker *checker, TypedKind kind, Span span, Typed *a, Typed *b) {
  Typed *typed = typed_op(checker, 0, TYPE_OF(BOOL), span, a, b);
  typed->kind = kind;
  return typed;
}

bool typed_is_constant(const Typed *typed) {
  return typed->kind == TYPED_CONSTANT;
}

static bool is_bad(const Typed *typed) {
  return typed->kind == TYPED_BAD;
}

static bool is_one(const Typed *typed, BaseType base) {
  return type_form(typed->type) == FORM_ONE && type_base(typed->type) == base;
}

/* int, float or percent */
static bool is_number(const Typed *typed) {
  return is_one(typed, BASE_INT) || is_one(typed, BASE_FLOAT) || is_one(typed, BASE_PERCENT);
}

static Typed *as_float(Checker *checker, Typed *typed) {
  if (!is_one(typed, BASE_INT)) return typed;
  Type type = TYPE_OF(FLOAT) | (typed->type & TYPE_OPTIONAL);
  if (!typed_is_constant(typed)) return typed_op(checker, OPCODE_INT_FLOAT, type, typed->span, typed, NULL);
  Typed *converted = typed_new(checker, TYPED_CONSTANT, type, typed->span);
  converted->literal = (Literal){.type = TYPE_OF(FLOAT), .number = (double)typed->literal.integer};
  converted->formal = typed->formal;
  return converted;
}

Typed *typed_convert(Checker *checker, Typed *typed, Type wanted) {
  if (is_bad(typed)) return typed;
  Type have = type_required(typed->type);
  if (have == type_required(wanted)) return typed;
  if (type_is_text(have) && type_is_text(wanted)) return typed;
  if (have == TYPE_OF(INT) && type_required(wanted) == TYPE_OF(FLOAT)) return as_float(checker, typed);
  return NULL;
}

/* `x == missing` to `x is missing`. */
static void fix_missing_test(Checker *checker, Diag *diag, Operator op, const Typed *left, const Typed *right) {
  if (!is_one(right, BASE_MISSING) || left->span.end >= right->span.start) return;
  Span rest = {left->span.source, left->span.end, right->span.end};
  diag_fix_at(checker->diags, diag, rest, text_of(op == OP_NE ? " is not missing" : " is missing"));
}

static Typed *mismatch(Checker *checker, Operator op, Span span, const Typed *left, const Typed *right) {
  Diag *diag = diag_report(checker->diags, DIAG_TYPE_MISMATCH, span, "`%s` does not fit between %s and %s", operator_text(op),
                           type_name(checker->arena, type_required(left->type)).bytes,
                           type_name(checker->arena, type_required(right->type)).bytes);
  diag_label(checker->diags, diag, left->span, "this is %s", type_name(checker->arena, type_required(left->type)).bytes);
  diag_label(checker->diags, diag, right->span, "this is %s", type_name(checker->arena, type_required(right->type)).bytes);
  hint_mismatch(checker, diag, op, left, right);
  return typed_bad(checker, span);
}

Typed *check_truth(Checker *checker, Typed *typed) {
  return type_is_optional(typed->type) ? typed_op(checker, OPCODE_TRUTH, TYPE_OF(BOOL), typed->span, typed, NULL) : typed;
}

/* A comparison of two operands of one type, whose six operators come from four opcodes: `a > b` is `b < a`. */
static Typed *compare_with(Checker *checker, Operator op, Span span, Typed *a, Typed *b, int eq, int ne, int lt, int le) {
  Type type = TYPE_OF(BOOL);
  switch (op) {
    case OP_EQ: return typed_op(checker, eq, type, span, a, b);
    case OP_NE: return typed_op(checker, ne, type, span, a, b);
    case OP_LT: return typed_op(checker, lt, type, span, a, b);
    case OP_LE: return typed_op(checker, le, type, span, a, b);
    case OP_GT: return typed_op(checker, lt, type, span, b, a);
    default: return typed_op(checker, le, type, span, b, a);
  }
}

static Typed *compare_times(Checker *checker, Operator op, Span span, Typed *a, Typed *b) {
  return compare_with(checker, op, span, a, b, OPCODE_EQ_T, OPCODE_NE_T, OPCODE_LT_T, OPCODE_LE_T);
}

static Typed *date_edge(Checker *checker, int opcode, Typed *date) {
  return typed_op(checker, opcode, TYPE_OF(TIME) | (date->type & TYPE_OPTIONAL), date->span, date, NULL);
}

static Operator mirrored(Operator op) {
  switch (op) {
    case OP_LT: return OP_GT;
    case OP_LE: return OP_GE;
    case OP_GT: return OP_LT;
    case OP_GE: return OP_LE;
    default: return op;
  }
}

/* A granular date is the range it covers: `t > @2024` is after the whole year, `t <= @2024` before its end. A date that a row gives stands
 * at its first moment, so of two dates the constant one, else the right one, is the range. */
static Typed *compare_with_date(Checker *checker, Operator op, Span span, Typed *left, Typed *right) {
  bool left_is_range = is_one(left, BASE_DATE) && (!is_one(right, BASE_DATE) || (typed_is_constant(left) && !typed_is_constant(right)));
  Typed *range = left_is_range ? left : right;
  Typed *point = left_is_range ? right : left;
  if (left_is_range) op = mirrored(op);
  if (is_one(point, BASE_DATE)) point = date_edge(checker, OPCODE_DATE_START, point);
  Typed *start = date_edge(checker, OPCODE_DATE_START, range), *end = date_edge(checker, OPCODE_DATE_END, range);
  switch (op) {
    case OP_LT: return compare_times(checker, OP_LT, span, point, start);
    case OP_LE: return compare_times(checker, OP_LT, span, point, end);
    case OP_GT: return compare_times(checker, OP_GE, span, point, end);
    case OP_GE: return compare_times(checker, OP_GE, span, point, start);
    case OP_EQ:
      return typed_logic(checker, TYPED_AND, span, compare_times(checker, OP_GE, span, point, start),
                         compare_times(checker, OP_LT, span, point, end));
    default:
      return typed_logic(checker, TYPED_OR, span, compare_times(checker, OP_LT, span, point, start),
                         compare_times(checker, OP_GE, span, point, end));
  }
}

static Typed *check_comparison(Checker *checker, Operator op, Span span, Typed *left, Typed *right) {
  if (is_number(left) && is_number(right)) {
    if (is_one(left, BASE_INT) && is_one(right, BASE_INT))
      return compare_with(checker, op, span, left, right, OPCODE_EQ_I, OPCODE_NE_I, OPCODE_LT_I, OPCODE_LE_I);
    return compare_with(checker, op, span, as_float(checker, left), as_float(checker, right), OPCODE_EQ_F, OPCODE_NE_F, OPCODE_LT_F,
                        OPCODE_LE_F);
  }
  if (type_is_text(type_required(left->type)) && type_is_text(type_required(right->type)))
    return compare_with(checker, op, span, left, right, OPCODE_EQ_X, OPCODE_NE_X, OPCODE_LT_X, OPCODE_LE_X);
  if (is_one(left, BASE_DURATION) && is_one(right, BASE_DURATION))
    return compare_with(checker, op, span, left, right, OPCODE_EQ_D, OPCODE_NE_D, OPCODE_LT_D, OPCODE_LE_D);
  if (is_one(left, BASE_TIME) && is_one(right, BASE_TIME)) return compare_times(checker, op, span, left, right);
  if ((is_one(left, BASE_TIME) || is_one(left, BASE_DATE)) && (is_one(right, BASE_TIME) || is_one(right, BASE_DATE)))
    return compare_with_date(checker, op, span, left, right);
  if (is_one(left, BASE_BOOL) && is_one(right, BASE_BOOL) && (op == OP_EQ || op == OP_NE))
    return typed_op(checker, op == OP_EQ ? OPCODE_EQ_B : OPCODE_NE_B, TYPE_OF(BOOL), span, left, right);
  if (is_one(left, BASE_MISSING) || is_one(right, BASE_MISSING)) {
    Diag *diag = diag_report(checker->diags, DIAG_TYPE_MISMATCH, span, "a comparison with `missing` is never true");
    diag_hint(checker->diags, diag, op == OP_NE ? "write `is not missing`" : "write `is missing`");
    if (op == OP_EQ || op == OP_NE) fix_missing_test(checker, diag, op, left, right);
    return typed_bad(checker, span);
  }
  return mismatch(checker, op, span, left, right);
}

typedef struct Arithmetic {
  Operator op;
  BaseType left, right;
  int opcode;
  BaseType result;
  bool may_fail; /* overflow, division by zero: the result may be missing */
} Arithmetic;

static const Arithmetic arithmetic[] = {
    {OP_ADD, BASE_INT, BASE_INT, OPCODE_ADD_I, BASE_INT, true},
    {OP_SUB, BASE_INT, BASE_INT, OPCODE_SUB_I, BASE_INT, true},
    {OP_MUL, BASE_INT, BASE_INT, OPCODE_MUL_I, BASE_INT, true},
    {OP_ADD, BASE_FLOAT, BASE_FLOAT, OPCODE_ADD_F, BASE_FLOAT, true},
    {OP_SUB, BASE_FLOAT, BASE_FLOAT, OPCODE_SUB_F, BASE_FLOAT, true},
    {OP_MUL, BASE_FLOAT, BASE_FLOAT, OPCODE_MUL_F, BASE_FLOAT, true},
    {OP_DIV, BASE_FLOAT, BASE_FLOAT, OPCODE_DIV_F, BASE_FLOAT, true},
    {OP_ADD, BASE_DURATION, BASE_DURATION, OPCODE_ADD_D, BASE_DURATION, true},
    {OP_SUB, BASE_DURATION, BASE_DURATION, OPCODE_SUB_D, BASE_DURATION, true},
    {OP_MUL, BASE_DURATION, BASE_FLOAT, OPCODE_MUL_DF, BASE_DURATION, true},
    {OP_MUL, BASE_FLOAT, BASE_DURATION, OPCODE_MUL_DF, BASE_DURATION, true},
    {OP_DIV, BASE_DURATION, BASE_FLOAT, OPCODE_DIV_DF, BASE_DURATION, true},
    {OP_DIV, BASE_DURATION, BASE_DURATION, OPCODE_DIV_DD, BASE_FLOAT, true},
    {OP_ADD, BASE_TIME, BASE_DURATION, OPCODE_ADD_TD, BASE_TIME, false},
    {OP_SUB, BASE_TIME, BASE_DURATION, OPCODE_SUB_TD, BASE_TIME, false},
    {OP_SUB, BASE_TIME, BASE_TIME, OPCODE_SUB_TT, BASE_DURATION, false},
};

static bool fits_operand(const Typed *typed, BaseType base) {
  if (base == BASE_FLOAT) return is_number(typed);
  if (base == BASE_TIME) return is_one(typed, BASE_TIME) || is_one(typed, BASE_DATE);
  return is_one(typed, base);
}

static Typed *as_operand(Checker *checker, Typed *typed, BaseType base) {
  if (base == BASE_FLOAT) return as_float(checker, typed);
  if (base == BASE_TIME && is_one(typed, BASE_DATE)) return date_edge(checker, OPCODE_DATE_START, typed);
  return typed;
}

static Typed *check_arithmetic(Checker *checker, Operator op, Span span, Typed *left, Typed *right) {
  for (size_t i = 0; i < sizeof arithmetic / sizeof *arithmetic; i++) {
    const Arithmetic *row = &arithmetic[i];
    if (row->op != op || !fits_operand(left, row->left) || !fits_operand(right, row->right)) continue;
    Typed *a = as_operand(checker, left, row->left), *b = as_operand(checker, right, row->right);
    bool swapped = row->opcode == OPCODE_MUL_DF && row->left == BASE_FLOAT;
    uint8_t optional = row->may_fail || type_is_optional(a->type) || type_is_optional(b->type) ? TYPE_OPTIONAL : 0;
    return typed_op(checker, row->opcode, (Type)(TYPE_MAKE(row->result, FORM_ONE) | optional), span, swapped ? b : a, swapped ? a : b);
  }
  return mismatch(checker, op, span, left, right);
}

static Typed *check_else(Checker *checker, Span span, Typed *left, Typed *right) {
  if (is_one(left, BASE_MISSING)) return right;
  Typed *other = typed_convert(checker, right, left->type), *main = left;
  if (!other && typed_convert(checker, left, right->type)) {
    main = typed_convert(checker, left, right->type);
    other = right;
  }
  if (!other) return mismatch(checker, OP_ELSE, span, left, right);
  Type type = (Type)(type_required(main->type) | (other->type & TYPE_OPTIONAL));
  return typed_op(checker, OPCODE_ELSE_VAL, type, span, main, other);
}

static Typed *need_condition(Checker *checker, Operator op, Typed *operand) {
  if (is_bad(operand) || is_one(operand, BASE_BOOL)) return check_truth(checker, operand);
  Diag *diag = diag_report(checker->diags, DIAG_NOT_A_CONDITION, operand->span, "`%s` needs a condition, this is %s", operator_text(op),
                           type_name(checker->arena, type_required(operand->type)).bytes);
  if (op != OP_NOT && typed_is_constant(operand))
    diag_hint(checker->diags, diag, "say again what is compared, as in `artist == \"a\" or artist == \"b\"`");
  else
    diag_hint(checker->diags, diag, "compare it with something, as in `plays > 3`");
  return typed_bad(checker, operand->span);
}

Typed *check_binary(Checker *checker, Operator op, Span span, Typed *left, Typed *right) {
  if (op == OP_AND || op == OP_OR) {
    left = need_condition(checker, op, left);
    right = need_condition(checker, op, right);
    if (is_bad(left) || is_bad(right)) return typed_bad(checker, span);
    return typed_logic(checker, op == OP_AND ? TYPED_AND : TYPED_OR, span, left, right);
  }
  if (is_bad(left) || is_bad(right)) return typed_bad(checker, span);
  switch (op) {
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE: return check_comparison(checker, op, span, left, right);
    case OP_ELSE: return check_else(checker, span, left, right);
    default: return check_arithmetic(checker, op, span, left, right);
  }
}

static Typed *negated_constant(Checker *checker, Span span, const Typed *operand) {
  Typed *result = typed_new(checker, TYPED_CONSTANT, operand->type, span);
  result->formal = operand->formal;
  result->literal = operand->literal;
  result->literal.integer = -operand->literal.integer; /* a literal is never below zero, so this cannot overflow */
  result->literal.number = -operand->literal.number;
  result->literal.duration.months = -operand->literal.duration.months;
  result->literal.duration.ms = -operand->literal.duration.ms;
  return result;
}

Typed *check_unary(Checker *checker, Operator op, Span span, Typed *operand) {
  if (op == OP_NOT) {
    operand = need_condition(checker, op, operand);
    return is_bad(operand) ? operand : typed_op(checker, OPCODE_NOT, TYPE_OF(BOOL), span, operand, NULL);
  }
  if (is_bad(operand)) return operand;
  if (!is_number(operand) && !is_one(operand, BASE_DURATION)) {
    diag_report(checker->diags, DIAG_TYPE_MISMATCH, span, "`-` does not fit before %s",
                type_name(checker->arena, type_required(operand->type)).bytes);
    return typed_bad(checker, span);
  }
  bool first_minus = operand->literal.integer >= 0 && operand->literal.duration.ms >= 0 && operand->literal.duration.months >= 0;
  if (typed_is_constant(operand) && first_minus) return negated_constant(checker, span, operand);
  if (is_one(operand, BASE_INT))
    return typed_op(checker, OPCODE_NEG_I, TYPE_OF(INT) | TYPE_OPTIONAL, span, operand, NULL);
  Type type = is_one(operand, BASE_DURATION) ? TYPE_OF(DURATION) : TYPE_OF(FLOAT);
  return typed_op(checker, is_one(operand, BASE_DURATION) ? OPCODE_NEG_D : OPCODE_NEG_F, (Type)(type | (operand->type & TYPE_OPTIONAL)),
                  span, operand, NULL);
}

/* Two-valued: with a missing value `x not in s` is false like every comparison, so it is `x == x and not (x in s)`. */
static Typed *negate_in(Checker *checker, Span span, Typed *value, Typed *in) {
  if (is_bad(in)) return in;
  Typed *not_in = typed_op(checker, OPCODE_NOT, TYPE_OF(BOOL), span, in, NULL);
  if (!type_is_optional(value->type)) return not_in;
  Typed *known = is_one(value, BASE_DATE) ? date_edge(checker, OPCODE_DATE_START, value) : value;
  return typed_logic(checker, TYPED_AND, span, check_comparison(checker, OP_EQ, span, known, known), not_in);
}

static Typed *in_ends(Checker *checker, Span span, Typed *value, Typed *low, Typed *high) {
  Typed *above = low ? check_binary(checker, OP_GE, span, value, low) : NULL;
  Typed *below = high ? check_binary(checker, OP_LE, span, value, high) : NULL;
  if ((above && is_bad(above)) || (below && is_bad(below))) return typed_bad(checker, span);
  if (above && below) return typed_logic(checker, TYPED_AND, span, above, below);
  return above ? above : below;
}

static Typed *in_items(Checker *checker, Span span, Typed *value, const Expr *set, Place place) {
  Typed *any = NULL;
  bool constant = true;
  Typed **items = arena_array(checker->arena, set->item_count ? set->item_count : 1, sizeof *items);
  for (size_t i = 0; i < set->item_count; i++) {
    items[i] = check_expr(checker, set->items[i], place);
    if (is_bad(items[i])) return items[i];
    Typed *converted = typed_convert(checker, items[i], value->type);
    constant = constant && converted && typed_is_constant(converted) && !is_one(converted, BASE_DATE);
    if (constant) items[i] = converted;
  }
  if (constant) {
    Typed *list = typed_new(checker, TYPED_CONSTANT, TYPE_MAKE(type_base(value->type), FORM_LIST), set->span);
    if (type_is_text(type_required(value->type))) list->type = TYPE_LIST_OF(TEXT);
    list->literal = (Literal){.type = list->type, .item_count = set->item_count};
    list->literal.items = arena_array(checker->arena, set->item_count ? set->item_count : 1, sizeof(Literal));
    for (size_t i = 0; i < set->item_count; i++) list->literal.items[i] = items[i]->literal;
    return typed_op(checker, OPCODE_IN_LIST, TYPE_OF(BOOL), span, value, list);
  }
  for (size_t i = 0; i < set->item_count; i++) {
    bool moments = (is_one(value, BASE_DATE) || is_one(value, BASE_TIME)) && (is_one(items[i], BASE_DATE) || is_one(items[i], BASE_TIME));
    bool fits = moments || (is_number(value) && is_number(items[i])) || typed_convert(checker, items[i], value->type);
    if (!fits) return mismatch(checker, OP_IN, span, value, items[i]);
    Typed *equal = check_binary(checker, OP_EQ, span, value, items[i]);
    if (is_bad(equal)) return equal;
    any = any ? typed_logic(checker, TYPED_OR, span, any, equal) : equal;
  }
  return any;
}

Typed *check_tag(Checker *checker, const Typed *constant) {
  char tag[TAG_MAX_LENGTH];
  size_t length;
  if (tag_normalise(constant->literal.text, tag, &length)) {
    Typed *normal = typed_new(checker, TYPED_CONSTANT, TYPE_OF(TEXT), constant->span);
    normal->literal = (Literal){.type = TYPE_OF(TEXT), .text = {arena_copy(checker->arena, tag, length), length}};
    return normal;
  }
  Diag *diag = diag_report(checker->diags, DIAG_NOT_A_TAG, constant->span, "this is no tag");
  diag_note(checker->diags, diag, "a tag is " TAG_RULE);
  return NULL;
}

static Typed *in_value(Checker *checker, Span span, Typed *value, Typed *set) {
  BaseType base = type_base(set->type);
  bool of_tags = set->kind == TYPED_COLUMN && set->column.field == FIELD_TAGS && is_one(value, BASE_TEXT);
  if (of_tags && typed_is_constant(value)) value = check_tag(checker, value);
  if (!value) return typed_bad(checker, span);
  if (type_form(set->type) == FORM_LIST) {
    Type element = TYPE_MAKE(base, FORM_ONE);
    Typed *item = typed_convert(checker, value, element);
    if (item) return typed_op(checker, OPCODE_IN_LIST, TYPE_OF(BOOL), span, item, set);
  } else if (type_form(set->type) == FORM_RANGE) {
    bool moments = base == BASE_DATE || base == BASE_TIME;
    if (moments && is_one(value, BASE_DATE)) value = date_edge(checker, OPCODE_DATE_START, value);
    if (moments && is_one(value, BASE_TIME)) return typed_op(checker, OPCODE_IN_RANGE_T, TYPE_OF(BOOL), span, value, set);
    Typed *item = moments ? NULL : typed_convert(checker, value, TYPE_MAKE(base, FORM_ONE));
    if (item) return typed_op(checker, base == BASE_INT ? OPCODE_IN_RANGE_I : OPCODE_IN_RANGE_F, TYPE_OF(BOOL), span, item, set);
  } else if (is_one(set, BASE_DATE)) {
    return check_comparison(checker, OP_EQ, span, value, set);
  }
  return mismatch(checker, OP_IN, span, value, set);
}

Typed *check_in(Checker *checker, Span span, Typed *value, const Expr *set, Place place, bool negated) {
  Typed *in;
  if (set->kind == EXPR_RANGE) {
    Typed *low = set->left ? check_expr(checker, set->left, place) : NULL;
    Typed *high = set->right ? check_expr(checker, set->right, place) : NULL;
    if (low && high && check_range_is_empty(checker, set, low, high)) return typed_bad(checker, span);
    in = is_bad(value) ? value : in_ends(checker, span, value, low, high);
  } else if (set->kind == EXPR_LIST) {
    in = is_bad(value) ? value : in_items(checker, span, value, set, place);
    if (!in) in = typed_bad(checker, span);
  } else {
    Typed *right = check_expr(checker, set, place);
    in = is_bad(value) || is_bad(right) ? typed_bad(checker, span) : in_value(checker, span, value, right);
  }
  return negated ? negate_in(checker, span, value, in) : in;
}
