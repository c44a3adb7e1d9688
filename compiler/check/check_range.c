/* Ranges of literals that hold nothing. */
#include "compiler/check/check_int.h"
#include "compiler/lint/lint_int.h"

static bool is_date(const Typed *typed) {
  return typed->type == TYPE_OF(DATE);
}

/* A date is the range it covers: from its first moment as the lower end, to its last as the upper one. */
static bool ends_before(const Typed *low, const Typed *high) {
  Zone any = {"UTC"}; /* the order of dates is the same in every zone */
  if (is_date(low) && is_date(high)) return date_range(high->literal.date, any).hi <= date_range(low->literal.date, any).lo;
  if (is_date(low) || is_date(high)) return false;
  Fact above = {.relation = IS_GE, .point = point_of(low)}, below = {.relation = IS_LE, .point = point_of(high)};
  return facts_conflict(&above, &below);
}

bool check_range_is_empty(Checker *checker, const Expr *range, const Typed *low, const Typed *high) {
  bool fixed = typed_is_constant(low) && typed_is_constant(high) && !low->formal && !high->formal;
  if (!fixed || !ends_before(low, high)) return false;
  DiagList *diags = checker->diags;
  Diag *diag = diag_report(diags, DIAG_EMPTY_RANGE, range->span, "this range ends before it begins");
  Text first = span_text(diags->sources, high->span), last = span_text(diags->sources, low->span);
  diag_hint(diags, diag, "write `" TEXT_FORMAT ".." TEXT_FORMAT "`", TEXT_ARG(first), TEXT_ARG(last));
  diag_fix(diags, diag, text_of(arena_format(checker->arena, TEXT_FORMAT ".." TEXT_FORMAT, TEXT_ARG(first), TEXT_ARG(last))));
  return true;
}
