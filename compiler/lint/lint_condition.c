/* Conditions that are never true, or always: by themselves, by what the field can be, or after the `keep` and `drop` before them. */
#include <inttypes.h>

#include "compiler/lint/lint_int.h"
#include "plan/opcode.h"

enum { FACTS_LOOKED_AT = 256 }; /* of the latest; a program that has more gets fewer lints, not a slower compiler */

typedef enum Verdict { MAY_BE, NEVER, ALWAYS } Verdict;

/* A part of a condition, looked at under what holds before it. */
typedef struct Part {
  Verdict verdict;
  const Typed *typed;
  Fact fact;         /* the leaf that settled it; `origin` NULL for several together */
  const Fact *cause; /* what it conflicts with; NULL = it cannot be by itself */
  bool limited;      /* the cause is what the field can be */
  const Fact *if_true, *if_false;
} Part;

/* A stage whose rows meet its condition, or do not. */
typedef struct Filter {
  StageId stage;
  const char *param, *name;
  bool keeps;
  const char *leaves_nothing, *leaves_all;
} Filter;

typedef struct Look {
  Lint *lint;
  const Node *node;
  const Filter *filter;
} Look;

static const Fact *add_fact(Look *look, const Fact *before, Fact fact) {
  Fact *added = arena_alloc(look->lint->arena, sizeof *added);
  *added = fact;
  added->node = look->node;
  added->before = before;
  return added;
}

/* True if it cannot hold together with what is known; then `part` says why. */
static bool refuted(const Fact *fact, const Fact *known, Part *part) {
  part->fact = *fact;
  part->cause = NULL;
  part->limited = false;
  if (fact_impossible(fact)) return true;
  if (fact_out_of_limits(fact)) {
    part->limited = true;
    return true;
  }
  int looked_at = 0;
  for (const Fact *other = known; other && looked_at < FACTS_LOOKED_AT; other = other->before, looked_at++) {
    if (!typed_same(other->subject, fact->subject) || !facts_conflict(other, fact)) continue;
    part->cause = other;
    return true;
  }
  return false;
}

static Part look_at_leaf(Look *look, const Typed *typed, const Fact *known) {
  Part part = {.typed = typed, .if_true = known, .if_false = known};
  Fact fact;
  if (fact_of(typed, true, &fact)) {
    if (refuted(&fact, known, &part)) part.verdict = NEVER;
    part.if_true = add_fact(look, known, fact);
  }
  if (part.verdict == MAY_BE && fact_of(typed, false, &fact)) {
    if (refuted(&fact, known, &part)) part.verdict = ALWAYS;
    part.if_false = add_fact(look, known, fact);
  }
  return part;
}

static bool same_span(Span a, Span b) {
  return a.start == b.start && a.end == b.end && a.source == b.source;
}

static void report(Look *look, const Part *part, bool whole);

/* A part that is settled while the whole is not. Ends of a range have no place of their own. */
static void report_part(Look *look, const Part *part, const Typed *whole) {
  if (part->verdict != MAY_BE && !same_span(part->typed->span, whole->span)) report(look, part, false);
}

static Part look_at(Look *look, const Typed *typed, const Fact *known);

static Part look_at_both(Look *look, const Typed *typed, const Fact *known) {
  bool is_and = typed->kind == TYPED_AND;
  Verdict settles = is_and ? NEVER : ALWAYS;
  Part a = look_at(look, typed->operands[0], known);
  Part b = look_at(look, typed->operands[1], is_and ? a.if_true : a.if_false);
  Part part = {.typed = typed};
  if (is_and) {
    part.if_true = b.if_true;
    part.if_false = a.verdict == ALWAYS ? b.if_false : b.verdict == ALWAYS ? a.if_false : known;
  } else {
    part.if_false = b.if_false;
    part.if_true = a.verdict == NEVER ? b.if_true : b.verdict == NEVER ? a.if_true : known;
  }
  const Part *settled = a.verdict == settles ? &a : b.verdict == settles ? &b : NULL;
  if (settled) {
    part.verdict = settles;
    part.fact = settled->fact;
    part.cause = settled->cause;
    part.limited = settled->limited;
  } else if (a.verdict != MAY_BE && b.verdict != MAY_BE) {
    part.verdict = a.verdict;
    part.fact = b.fact;
    part.cause = b.cause;
    part.limited = b.limited;
  } else {
    report_part(look, &a, typed);
    report_part(look, &b, typed);
  }
  return part;
}

static Part look_at(Look *look, const Typed *typed, const Fact *known) {
  if (typed->kind == TYPED_AND || typed->kind == TYPED_OR) return look_at_both(look, typed, known);
  if (typed->kind != TYPED_OP || typed->opcode != OPCODE_NOT) return look_at_leaf(look, typed, known);
  Part part = look_at(look, typed->operands[0], known);
  const Fact *if_true = part.if_true;
  part.typed = typed;
  part.verdict = part.verdict == NEVER ? ALWAYS : part.verdict == ALWAYS ? NEVER : MAY_BE;
  part.if_true = part.if_false;
  part.if_false = if_true;
  return part;
}

/* ---- messages ---- */

/* "0 or more", "1 to 12" */
static Text limits_text(Arena *arena, const Fact *fact) {
  Fact limits[2];
  size_t count = fact_limits(fact->subject, limits);
  const char *unit = type_base(fact->subject->type) != BASE_DURATION ? "" : limits[0].point.integer ? "ms" : "s";
  int64_t least = limits[0].point.integer;
  if (count == 1) return text_of(arena_format(arena, "%" PRId64 "%s or more", least, unit));
  return text_of(arena_format(arena, "%" PRId64 "%s to %" PRId64 "%s", least, unit, limits[1].point.integer, unit));
}

/* By whether the leaf can never be true, or never false; and whether what it conflicts with is true or false. */
static const char *const with_other[2][2] = {{"one of these two is always true", "this is true wherever the other is"},
                                             {"this is true only where the other is", "these two are never true together"}};
static const char *const with_arriving[2] = {"this is true for every row that arrives", "this is true for no row that arrives"};
static const char *const arriving[2] = {"no row for which this is true arrives", "only rows for which this is true arrive"};

static const char *why_impossible(const Fact *fact) {
  if (fact->origin->kind == TYPED_CONSTANT || fact->relation == IS_IN) return "";
  if (fact->point.kind == POINT_EXPR) return ": both sides are the same";
  if (fact->point.kind == POINT_NUMBER && !fact->point.whole) return ": a whole number has no fraction";
  return "";
}

static Diag *report_why(Look *look, const Part *part, DiagCode code) {
  DiagList *diags = look->lint->diags;
  const Fact *fact = &part->fact;
  bool never = fact->truth;
  if (part->limited) {
    Text subject = span_text(diags->sources, fact->subject->span);
    return diag_report(diags, DIAG_IMPOSSIBLE_VALUE, fact->origin->span, "this is %s true: `" TEXT_FORMAT "` is " TEXT_FORMAT, never ? "never" : "always",
                       TEXT_ARG(subject), TEXT_ARG(limits_text(look->lint->arena, fact)));
  }
  if (!part->cause) return diag_report(diags, code, fact->origin->span, "this is %s true%s", never ? "never" : "always", why_impossible(fact));
  bool here = part->cause->node == look->node;
  Diag *diag = diag_report(diags, code, fact->origin->span, "%s", here ? with_other[never][part->cause->truth] : with_arriving[never]);
  diag_label(diags, diag, part->cause->origin->span, "%s", here ? "the other" : arriving[part->cause->truth]);
  return diag;
}

static void report(Look *look, const Part *part, bool whole) {
  bool nothing_passes = whole && look->filter->keeps == (part->verdict == NEVER);
  /* A stage of the program is written for all its uses; what is idle in one of them need not be in another. */
  if (!nothing_passes && part->cause && part->cause->node->expansion != look->node->expansion) return;
  Diag *diag = report_why(look, part, !whole ? DIAG_PART_IDLE : nothing_passes ? DIAG_NOTHING_PASSES : DIAG_CONDITION_IDLE);
  bool is_leaf = same_span(part->typed->span, part->fact.origin->span);
  if (!whole && is_leaf) diag_hint(look->lint->diags, diag, "the condition is the same without it");
  if (whole)
    diag_hint(look->lint->diags, diag, "`%s` %s", look->filter->name, nothing_passes ? look->filter->leaves_nothing : look->filter->leaves_all);
}

void lint_condition(Lint *lint, const Node *node) {
  static const Filter filters[] = {{STAGEID_KEEP, "condition", "keep", true, "lets no row pass", "drops no row"},
                                   {STAGEID_DROP, "condition", "drop", false, "drops every row", "drops no row"},
                                   {STAGEID_TAKE, "while", "take while:", true, "takes no row", "takes every row"}};
  const Filter *filter = filters;
  while (filter < filters + 3 && filter->stage != node->stage) filter++;
  const NodeArg *condition = filter < filters + 3 ? lint_arg(node, filter->param) : NULL;
  if (!condition) return;
  Look look = {.lint = lint, .node = node, .filter = filter};
  Part part = look_at(&look, condition->value, lint->facts[node->place]);
  if (part.verdict != MAY_BE) report(&look, &part, true);
  bool nothing_passes = part.verdict == (filter->keeps ? NEVER : ALWAYS);
  lint->facts[node->place] = nothing_passes ? NULL : filter->keeps ? part.if_true : part.if_false; /* of no rows, nothing more need be said */
}
