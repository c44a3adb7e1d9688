/* Comparisons as facts about one subject, and whether two of them leave any value. A conjunction of such facts is impossible only if two of them are, because
 * intervals of one scale that meet in pairs have a common value; so pairs are all that is looked at. */
#include <math.h>

#include "compiler/lint/lint_int.h"
#include "plan/opcode.h"

/* A scalar function is missing only if an argument is, although its type says that it may be. */
bool typed_may_be_missing(const Typed *typed) {
  if (!type_is_optional(typed->type)) return false;
  if (typed->kind != TYPED_CALL) return true;
  for (size_t i = 0; i < typed->operand_count; i++)
    if (typed_may_be_missing(typed->operands[i])) return true;
  return typed->operand_count == 0;
}

/* ---- points ---- */

static Point whole_number(int64_t integer) {
  return (Point){.kind = POINT_NUMBER, .whole = true, .integer = integer, .number = (double)integer};
}

static Point number_of(double number) {
  bool whole = fabs(number) < 9e15 && trunc(number) == number;
  return whole ? whole_number((int64_t)number) : (Point){.kind = POINT_NUMBER, .number = number};
}

static Point literal_point(const Typed *typed) {
  static const int64_t month_ms = 2629746000; /* 30.436875 days */
  const Literal *literal = &typed->literal;
  switch (type_required(typed->type)) {
    case TYPE_OF(BOOL): return whole_number(literal->boolean);
    case TYPE_OF(INT): return whole_number(literal->integer);
    case TYPE_OF(FLOAT):
    case TYPE_OF(PERCENT): return number_of(literal->number);
    case TYPE_OF(DURATION):
      if (literal->duration.ms > INT64_MAX / 2 || literal->duration.ms < INT64_MIN / 2) break;
      return whole_number(literal->duration.months * month_ms + literal->duration.ms);
    case TYPE_OF(TIME): return (Point){.kind = POINT_INSTANT, .integer = literal->time};
    case TYPE_OF(TEXT):
    case TYPE_OF(PATH):
    case TYPE_OF(PLAYLIST): return (Point){.kind = POINT_TEXT, .text = literal->text};
    default: break;
  }
  return (Point){.kind = POINT_EXPR, .expr = typed};
}

Point point_of(const Typed *typed) {
  static const Duration far = {12 * 1000, INT64_C(31556952000) * 1000}; /* beyond, `ago` reaches the end of the calendar */
  const Typed *operand = typed->operand_count == 1 ? typed->operands[0] : NULL;
  if (typed->kind == TYPED_CONSTANT && !typed->formal) return literal_point(typed);
  if (typed->kind == TYPED_OP && operand && operand->kind == TYPED_CONSTANT && !operand->formal) {
    const Literal *literal = &operand->literal;
    Zone any = {"UTC"}; /* compared only with points of the same unknown zone */
    if (typed->opcode == OPCODE_INT_FLOAT) return whole_number(literal->integer);
    if (typed->opcode == OPCODE_DATE_START) return (Point){.kind = POINT_LOCAL, .integer = date_range(literal->date, any).lo};
    if (typed->opcode == OPCODE_DATE_END) return (Point){.kind = POINT_LOCAL, .integer = date_range(literal->date, any).hi};
    if (typed->opcode == OPCODE_AGO && literal->duration.months >= 0 && literal->duration.ms >= 0 && literal->duration.months < far.months &&
        literal->duration.ms < far.ms)
      return (Point){.kind = POINT_AGO, .ago = literal->duration};
  }
  return (Point){.kind = POINT_EXPR, .expr = typed};
}

enum { UNORDERED = 2 };

static int compare_whole(int64_t a, int64_t b) {
  return a < b ? -1 : a > b;
}

/* Calendar months are between 30.436875 days less 3 and plus 3, and a change of the clocks moves a moment by hours. */
static int compare_ago(Duration a, Duration b) {
  static const double month = 2629746000, slack = 4.0 * 86400000;
  if (a.months == b.months) return compare_whole(b.ms, a.ms);
  double apart = (double)(a.months - b.months) * month + (double)a.ms - (double)b.ms;
  return apart > 2 * slack ? -1 : apart < -2 * slack ? 1 : UNORDERED;
}

/* -1, 0 or 1, or UNORDERED where it is not known. */
static int compare_points(const Point *a, const Point *b) {
  static const int64_t zones_apart = INT64_C(2) * 86400000;
  bool zoned = (a->kind == POINT_INSTANT && b->kind == POINT_LOCAL) || (a->kind == POINT_LOCAL && b->kind == POINT_INSTANT);
  if (zoned && a->integer - b->integer > zones_apart) return 1;
  if (zoned && b->integer - a->integer > zones_apart) return -1;
  if (a->kind != b->kind) return UNORDERED;
  switch (a->kind) {
    case POINT_EXPR: return typed_same(a->expr, b->expr) ? 0 : UNORDERED;
    case POINT_TEXT: {
      int order = text_compare(a->text, b->text);
      return order < 0 ? -1 : order > 0;
    }
    case POINT_INSTANT:
    case POINT_LOCAL: return compare_whole(a->integer, b->integer);
    case POINT_AGO: return compare_ago(a->ago, b->ago);
    case POINT_NUMBER: break;
  }
  if (a->whole && b->whole) return compare_whole(a->integer, b->integer);
  if (fabs(a->number) > 9e15 || fabs(b->number) > 9e15) return UNORDERED;
  return a->number < b->number ? -1 : a->number > b->number;
}

/* ---- from expressions ---- */

static bool reads_row(const Typed *typed) {
  if (typed->kind == TYPED_COLUMN) return true;
  for (size_t i = 0; i < typed->operand_count; i++)
    if (typed->operands[i] && reads_row(typed->operands[i])) return true;
  return false;
}

static Relation mirrored(Relation relation) {
  switch (relation) {
    case IS_LT: return IS_GT;
    case IS_LE: return IS_GE;
    case IS_GT: return IS_LT;
    case IS_GE: return IS_LE;
    default: return relation;
  }
}

static Relation opposite(Relation relation) {
  switch (relation) {
    case IS_LT: return IS_GE;
    case IS_LE: return IS_GT;
    case IS_GT: return IS_LE;
    case IS_GE: return IS_LT;
    case IS_EQ: return IS_NE;
    case IS_NE: return IS_EQ;
    case IS_IN: return IS_NOT_IN;
    case IS_NOT_IN: return IS_IN;
    case IS_GONE: return IS_KNOWN;
    case IS_KNOWN: break;
  }
  return IS_GONE;
}

static bool relation_of(int opcode, Relation *out) {
  switch (opcode) {
    case OPCODE_EQ_B:
    case OPCODE_EQ_I:
    case OPCODE_EQ_F:
    case OPCODE_EQ_X:
    case OPCODE_EQ_T:
    case OPCODE_EQ_D: *out = IS_EQ; return true;
    case OPCODE_NE_B:
    case OPCODE_NE_I:
    case OPCODE_NE_F:
    case OPCODE_NE_X:
    case OPCODE_NE_T:
    case OPCODE_NE_D: *out = IS_NE; return true;
    case OPCODE_LT_I:
    case OPCODE_LT_F:
    case OPCODE_LT_X:
    case OPCODE_LT_T:
    case OPCODE_LT_D: *out = IS_LT; return true;
    case OPCODE_LE_I:
    case OPCODE_LE_F:
    case OPCODE_LE_X:
    case OPCODE_LE_T:
    case OPCODE_LE_D: *out = IS_LE; return true;
    default: return false;
  }
}

static const Typed *as_written(const Typed *typed) {
  while (typed->kind == TYPED_OP && typed->opcode == OPCODE_INT_FLOAT) typed = typed->operands[0];
  return typed;
}

/* Whole numbers have no value between 2 and 3, so `> 2` is `>= 3`; of true and false, the one that it is not is the other. */
static void tighten(Fact *fact) {
  BaseType base = type_base(fact->subject->type);
  Point *point = &fact->point;
  if (type_form(fact->subject->type) != FORM_ONE || point->kind != POINT_NUMBER) return;
  if (base == BASE_BOOL && fact->relation == IS_NE && point->whole) {
    fact->relation = IS_EQ;
    point->integer = !point->integer;
    point->number = (double)point->integer;
    return;
  }
  bool upper = fact->relation == IS_LT || fact->relation == IS_LE, lower = fact->relation == IS_GT || fact->relation == IS_GE;
  if (base != BASE_INT || (!upper && !lower)) return;
  bool strict = fact->relation == IS_LT || fact->relation == IS_GT;
  if (!point->whole) {
    if (fabs(point->number) > 9e15) return;
    *point = whole_number((int64_t)(upper ? floor(point->number) : ceil(point->number)));
  } else if (strict && point->integer > INT64_MIN && point->integer < INT64_MAX) {
    *point = whole_number(point->integer + (upper ? -1 : 1));
  } else if (strict) {
    return;
  }
  fact->relation = upper ? IS_LE : IS_GE;
}

static bool comparison(const Typed *leaf, Relation relation, bool truth, Fact *fact) {
  const Typed *left = as_written(leaf->operands[0]), *right = as_written(leaf->operands[1]);
  bool swap = !reads_row(left) && (reads_row(right) || point_of(left).kind != POINT_EXPR);
  fact->subject = swap ? right : left;
  fact->point = point_of(swap ? left : right);
  fact->relation = swap ? mirrored(relation) : relation;
  if (!truth) {
    if (typed_may_be_missing(swap ? left : right)) return false; /* false because of either */
    fact->relation = opposite(fact->relation);
    fact->or_missing = typed_may_be_missing(fact->subject);
  }
  tighten(fact);
  return true;
}

bool fact_of(const Typed *leaf, bool truth, Fact *out) {
  *out = (Fact){.truth = truth, .origin = leaf, .subject = leaf, .relation = IS_EQ, .point = whole_number(truth)};
  if (leaf->kind == TYPED_CONSTANT) {
    out->relation = leaf->formal ? IS_EQ : leaf->literal.boolean == truth ? IS_KNOWN : IS_GONE;
    return !leaf->formal;
  }
  if (leaf->kind != TYPED_OP) return true;
  Relation relation;
  if (relation_of(leaf->opcode, &relation)) return comparison(leaf, relation, truth, out);
  switch (leaf->opcode) {
    case OPCODE_TRUTH:
      out->subject = leaf->operands[0];
      out->or_missing = !truth;
      return true;
    case OPCODE_IS_MISSING:
      if (!typed_may_be_missing(leaf->operands[0])) return false; /* told by lint_values */
      out->subject = as_written(leaf->operands[0]);
      out->relation = truth ? IS_GONE : IS_KNOWN;
      return true;
    case OPCODE_IN_LIST:
      if (leaf->operands[1]->kind != TYPED_CONSTANT || leaf->operands[1]->formal || type_base(leaf->operands[1]->type) == BASE_DATE) return true;
      out->subject = as_written(leaf->operands[0]);
      out->list = leaf->operands[1];
      out->relation = truth ? IS_IN : IS_NOT_IN;
      out->or_missing = !truth && typed_may_be_missing(out->subject);
      return true;
    default: return true;
  }
}

size_t fact_limits(const Typed *subject, Fact out[2]) {
  typedef struct Limit {
    int id;
    int64_t least, greatest;
  } Limit;
  static const Limit of_fields[] = {
#define FIELD_LIMIT(id, least, greatest) {FIELD_##id, least, greatest},
#define FUNCTION_LIMIT(id, least, greatest)
#include "limits.def"
#undef FIELD_LIMIT
#undef FUNCTION_LIMIT
  };
  static const Limit of_functions[] = {
#define FIELD_LIMIT(id, least, greatest)
#define FUNCTION_LIMIT(id, least, greatest) {FUNCTION_##id, least, greatest},
#include "limits.def"
#undef FIELD_LIMIT
#undef FUNCTION_LIMIT
  };
  bool is_field = subject->kind == TYPED_COLUMN && subject->column.field != FIELD_COUNT;
  if (!is_field && subject->kind != TYPED_CALL) return 0;
  const Limit *limits = is_field ? of_fields : of_functions;
  size_t count = is_field ? sizeof of_fields / sizeof *of_fields : sizeof of_functions / sizeof *of_functions;
  int id = is_field ? (int)subject->column.field : (int)subject->function;
  for (size_t i = 0; i < count; i++) {
    if (limits[i].id != id) continue;
    out[0] = (Fact){.subject = subject, .relation = IS_GE, .point = whole_number(limits[i].least), .or_missing = true, .truth = true};
    out[1] = (Fact){.subject = subject, .relation = IS_LE, .point = whole_number(limits[i].greatest), .or_missing = true, .truth = true};
    return limits[i].greatest == INT64_MAX ? 1 : 2;
  }
  return 0;
}

/* ---- what cannot be ---- */

static Point item_point(const Typed *list, size_t index) {
  Typed item = {.kind = TYPED_CONSTANT, .type = TYPE_MAKE(type_base(list->type), FORM_ONE), .literal = list->literal.items[index]};
  return literal_point(&item);
}

/* False only if it is certain that a value at `point` breaks the fact. */
static bool may_satisfy(const Point *point, const Fact *fact) {
  int order = compare_points(point, &fact->point);
  switch (fact->relation) {
    case IS_LT: return order == -1 || order == UNORDERED;
    case IS_LE: return order != 1;
    case IS_GT: return order == 1 || order == UNORDERED;
    case IS_GE: return order != -1;
    case IS_EQ: return order == 0 || order == UNORDERED;
    case IS_NE: return order != 0;
    case IS_IN:
    case IS_NOT_IN: {
      bool any = false, surely = false;
      for (size_t i = 0; i < fact->list->literal.item_count; i++) {
        Point item = item_point(fact->list, i);
        int same = compare_points(point, &item);
        any = any || same == 0 || same == UNORDERED;
        surely = surely || same == 0;
      }
      return fact->relation == IS_IN ? any : !surely;
    }
    default: return true;
  }
}

static bool is_upper(const Fact *fact) {
  return fact->relation == IS_LT || fact->relation == IS_LE;
}

static bool is_lower(const Fact *fact) {
  return fact->relation == IS_GT || fact->relation == IS_GE;
}

bool facts_conflict(const Fact *a, const Fact *b) {
  bool a_gone = a->relation == IS_GONE, b_gone = b->relation == IS_GONE;
  if (a_gone || b_gone) return !((a_gone || a->or_missing) && (b_gone || b->or_missing));
  if (a->or_missing && b->or_missing) return false;
  if (a->relation == IS_KNOWN || b->relation == IS_KNOWN) return false;
  if (a->relation == IS_EQ) return !may_satisfy(&a->point, b);
  if (b->relation == IS_EQ) return !may_satisfy(&b->point, a);
  if (a->relation != IS_IN && b->relation == IS_IN) return facts_conflict(b, a);
  if (a->relation == IS_IN) {
    for (size_t i = 0; i < a->list->literal.item_count; i++) {
      Point item = item_point(a->list, i);
      if (may_satisfy(&item, b)) return false;
    }
    return true;
  }
  if (is_upper(a) && is_lower(b)) return facts_conflict(b, a);
  if (!is_lower(a) || !is_upper(b)) return false;
  int order = compare_points(&a->point, &b->point);
  return order == 1 || (order == 0 && (a->relation == IS_GT || b->relation == IS_LT));
}

bool fact_out_of_limits(const Fact *fact) {
  Fact limits[2];
  size_t count = fact_limits(fact->subject, limits);
  if (fact->relation == IS_IN && count) {
    for (size_t i = 0; i < fact->list->literal.item_count; i++) {
      Point item = item_point(fact->list, i);
      if (may_satisfy(&item, &limits[0]) && may_satisfy(&item, &limits[count - 1])) return false;
    }
    return true;
  }
  for (size_t i = 0; i < count; i++)
    if (facts_conflict(&limits[i], fact)) return true;
  return false;
}

bool fact_impossible(const Fact *fact) {
  if (fact->origin && fact->origin->kind == TYPED_CONSTANT) return fact->relation == IS_GONE;
  if (fact->or_missing) return false;
  if (fact->relation == IS_IN) return fact->list->literal.item_count == 0;
  if (fact->relation > IS_NE) return false;
  bool fraction = fact->point.kind == POINT_NUMBER && !fact->point.whole && fabs(fact->point.number) < 9e15;
  if (fact->relation == IS_EQ && fraction && type_required(fact->subject->type) == TYPE_OF(INT)) return true;
  Point subject = fact->point.kind == POINT_EXPR ? (Point){.kind = POINT_EXPR, .expr = fact->subject} : point_of(fact->subject);
  return !may_satisfy(&subject, fact);
}
