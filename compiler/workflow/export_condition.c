/* What `keep` and `drop` say, as filters: a condition is taken apart at its `and`s, and comparisons of one column that one task can hold go together. */
#include "compiler/workflow/export_int.h"

#include <string.h>

#include "compiler/lint/lint_int.h"
#include "compiler/workflow/export_bound.h"
#include "compiler/workflow/workflow_int.h"
#include "plan/opcode.h"

enum { DAY_MS = 86400000 };

/* The filter that is being put together. */
typedef struct Filter {
  const ColumnRef *column; /* NULL = none is open */
  NodeType node;
  Span span;
  bool or_missing;
  const Bound *bounds[2];
  Text values[2];
  size_t count;
} Filter;

typedef struct Conditions {
  Exporter *exporter;
  ExportTask *stream;
  Filter open;
  const Typed *leaf; /* that is being looked at */
  VEC(Text) tags; /* that are all wanted */
} Conditions;

static bool cannot(Conditions *conditions, Span span, const char *hint) {
  const Typed *param = conditions->leaf ? export_param_in(conditions->leaf) : NULL;
  if (param) export_cannot_param(conditions->exporter, param);
  else export_cannot(conditions->exporter, DIAG_EXPORT_CONDITION, span, hint, "no filter of a workflow says this");
  return false;
}

/* ---- closing what is open ---- */

static void close_filter(Conditions *conditions) {
  Exporter *exporter = conditions->exporter;
  Filter *open = &conditions->open;
  if (!open->column) return;
  const char *metric = NULL;
  if (open->node == NODE_FILTER_METRIC) {
    metric = export_metric(exporter, open->column, open->span, &conditions->stream);
    if (!metric) {
      open->column = NULL;
      return;
    }
  } else {
    const Metric *column = metric_of_column(open->column->name);
    conditions->stream = export_enriched(exporter, conditions->stream, node_needs(open->node), column ? column->name : NULL, 0);
  }
  ExportTask *task = conditions->stream = export_task(exporter, open->node, conditions->stream);
  if (metric) export_config_text(exporter, task, "metric_name", text_of(metric));
  for (size_t i = 0; i < open->count; i++) export_config(exporter, task, open->bounds[i]->key, open->values[i]);
  if (open->or_missing) export_config_bool(exporter, task, "include_missing", true);
  open->column = NULL;
}

static Text tag_list(Conditions *conditions) {
  TextBuilder list = {.arena = conditions->exporter->arena};
  for (size_t i = 0; i < conditions->tags.count; i++) text_append_format(&list, "%s" TEXT_FORMAT, i ? ", " : "", TEXT_ARG(conditions->tags.items[i]));
  conditions->tags.count = 0;
  return text_built(&list);
}

static void close_tags(Conditions *conditions, bool all) {
  if (conditions->tags.count == 0) return;
  all = all && conditions->tags.count > 1;
  conditions->stream = export_enriched(conditions->exporter, conditions->stream, NODE_ENRICH_TAGS, NULL, 0);
  ExportTask *task = conditions->stream = export_task(conditions->exporter, NODE_FILTER_TAG, conditions->stream);
  export_config_text(conditions->exporter, task, "tags", tag_list(conditions));
  if (all) export_config_text(conditions->exporter, task, "match_mode", TEXT_LITERAL("all"));
}

static void close_all(Conditions *conditions) {
  close_filter(conditions);
  close_tags(conditions, true);
}

/* ---- bounds ---- */

static bool is_about(const Bound *bound, const ColumnRef *column) {
  if (*bound->column) return !column->window && text_is(column->name, bound->column);
  BaseType base = type_base(column->type);
  return type_form(column->type) == FORM_ONE && (base == BASE_INT || base == BASE_FLOAT) && column->field != FIELD_RATING &&
         !(column->field == FIELD_PLAYS && !column->window);
}

static bool fits_open(const Filter *open, const ColumnRef *column, const Bound *bound, bool or_missing) {
  if (!open->column || open->count != 1 || !column_same(open->column, column) || open->node != bound->node || open->or_missing != or_missing) return false;
  return strcmp(open->bounds[0]->relation, bound->relation) != 0 && (open->bounds[0]->unit == UNIT_INSTANT) == (bound->unit == UNIT_INSTANT);
}

static bool add_bound(Conditions *conditions, const ColumnRef *column, Relation relation, Point point, bool or_missing, Span span) {
  /* Lengths are whole milliseconds, and so are moments. */
  bool counted = type_base(column->type) == BASE_DURATION || point.kind == POINT_INSTANT;
  if (counted && (relation == IS_LT || relation == IS_GT) && !(point.kind == POINT_INSTANT && relation == IS_LT)) {
    point.integer += relation == IS_LT ? -1 : 1;
    relation = relation == IS_LT ? IS_LE : IS_GE;
  } else if (point.kind == POINT_INSTANT && relation == IS_LE) {
    point.integer++;
    relation = IS_LT;
  }
  for (size_t i = 0; i < workflow_bound_count; i++) {
    const Bound *bound = &workflow_bounds[i];
    if (!is_about(bound, column) || !export_bound_has(bound, relation, &point)) continue;
    if (or_missing && !node_takes(bound->node, TEXT_LITERAL("include_missing"))) continue;
    Text value = export_bound_value(conditions->exporter->arena, bound, &point);
    if (!value.length) continue;
    Filter *open = &conditions->open;
    if (!fits_open(open, column, bound, or_missing)) {
      close_all(conditions);
      *open = (Filter){.column = column, .node = bound->node, .span = span, .or_missing = or_missing};
    }
    open->bounds[open->count] = bound;
    open->values[open->count++] = value;
    return true;
  }
  return false;
}

/* Why a comparison cannot be said that nearly can. */
static bool no_bound(Conditions *conditions, const ColumnRef *column, Relation relation, const Point *point, Span span) {
  bool ago = point->kind == POINT_AGO;
  if (ago && (point->ago.months || point->ago.ms % DAY_MS)) return cannot(conditions, span, "workflows count whole days, as in `180d ago`");
  bool released = column->field == FIELD_RELEASED;
  if (ago && released && (relation == IS_GE || relation == IS_LT || relation == IS_GT || relation == IS_LE))
    return cannot(conditions, span, "of release dates `<=` and `>` can be said");
  if (ago && (relation == IS_GT || relation == IS_LE)) return cannot(conditions, span, relation == IS_GT ? "`>=` can be said" : "`<` can be said");
  if (released) return cannot(conditions, span, "whole years can be said, as in `released in @2010..@2019`");
  return cannot(conditions, span, "");
}

/* ---- marks ---- */

static ExportTask *mark_task(Conditions *conditions, NodeType type) {
  close_all(conditions);
  const char *metric = type == NODE_FILTER_HISTORY ? "total_plays" : NULL;
  conditions->stream = export_enriched(conditions->exporter, conditions->stream, node_needs(type), metric, 0);
  return conditions->stream = export_task(conditions->exporter, type, conditions->stream);
}

static bool add_truth(Conditions *conditions, const ColumnRef *column, bool truth, Span span) {
  if (column->field == FIELD_EXPLICIT) {
    ExportTask *task = mark_task(conditions, NODE_FILTER_EXPLICIT);
    export_config_text(conditions->exporter, task, "keep", text_of(truth ? "explicit" : "clean"));
    return true;
  }
  for (size_t i = 0; i < workflow_service_count; i++) {
    if (!text_is(column->name, workflow_services[i].column)) continue;
    ExportTask *task = mark_task(conditions, NODE_FILTER_LIKED);
    export_config_text(conditions->exporter, task, "service", text_of(workflow_services[i].word));
    export_config_bool(conditions->exporter, task, "is_liked", truth);
    return true;
  }
  return cannot(conditions, span, "");
}

static const char *state_of(int64_t rating) {
  for (size_t i = 0; i < workflow_state_count; i++)
    if (workflow_states[i].rating == rating) return workflow_states[i].word;
  return NULL;
}

static bool satisfies(int rating, const Fact *fact) {
  int64_t other = fact->point.integer;
  switch (fact->relation) {
    case IS_LT: return rating < other;
    case IS_LE: return rating <= other;
    case IS_GT: return rating > other;
    case IS_GE: return rating >= other;
    case IS_EQ: return rating == other;
    default: return rating != other;
  }
}

/* Ratings as preferences: those that are kept, or those that are left out where a missing one stays. */
static bool add_rating(Conditions *conditions, const Fact *fact, Span span) {
  VEC(int64_t) ratings = {0};
  Arena *arena = conditions->exporter->arena;
  if (fact->relation == IS_IN || fact->relation == IS_NOT_IN) {
    if (fact->or_missing != (fact->relation == IS_NOT_IN)) return cannot(conditions, span, "");
    for (size_t i = 0; i < fact->list->literal.item_count; i++) vec_push(arena, &ratings, fact->list->literal.items[i].integer);
  } else {
    if (fact->relation > IS_NE || fact->point.kind != POINT_NUMBER || !fact->point.whole) return cannot(conditions, span, "");
    for (int rating = 1; rating <= 5; rating++)
      if (satisfies(rating, fact) != fact->or_missing) vec_push(arena, &ratings, rating);
  }
  TextBuilder list = {.arena = arena};
  for (size_t i = 0; i < ratings.count; i++) {
    const char *state = state_of(ratings.items[i]);
    if (!state) return cannot(conditions, span, "the preferences are 1 nah, 3 hmm, 4 yah and 5 star");
    text_append_format(&list, "%s\"%s\"", i ? ", " : "[", state);
  }
  if (!ratings.count) return cannot(conditions, span, "the preferences are 1 nah, 3 hmm, 4 yah and 5 star");
  text_append_char(&list, ']');
  ExportTask *task = mark_task(conditions, NODE_FILTER_PREFERENCE);
  export_config(conditions->exporter, task, fact->or_missing ? "exclude" : "include", text_built(&list));
  return true;
}

/* The tag of `"TAG" in tags`, or NULL. */
static const Text *tag_of(const Typed *typed) {
  bool in = typed->kind == TYPED_OP && typed->opcode == OPCODE_IN_LIST && typed->operands[0]->kind == TYPED_CONSTANT;
  const ColumnRef *column = in ? export_column(typed->operands[1]) : NULL;
  return column && column->field == FIELD_TAGS ? &typed->operands[0]->literal.text : NULL;
}

/* `"a" in tags or "b" in tags or …`; with `take` they are added to those of the task. */
static bool any_tags(Conditions *conditions, const Typed *typed, bool take) {
  if (typed->kind == TYPED_OR) return any_tags(conditions, typed->operands[0], take) && any_tags(conditions, typed->operands[1], take);
  const Text *tag = tag_of(typed);
  if (tag && take) vec_push(conditions->exporter->arena, &conditions->tags, *tag);
  return tag != NULL;
}

/* ---- conditions ---- */

static bool is_constant_false(const Typed *typed) {
  return typed->kind == TYPED_CONSTANT && typed->type == TYPE_OF(BOOL) && !typed->literal.boolean;
}

/* The column that a comparison is about, through what the checker put round it. */
static const ColumnRef *subject_column(const Typed *subject, bool *year) {
  *year = subject->kind == TYPED_CALL && subject->function == FUNCTION_YEAR_DATE;
  bool start = subject->kind == TYPED_OP && (subject->opcode == OPCODE_DATE_START || subject->opcode == OPCODE_INT_FLOAT);
  return export_column(start || *year ? subject->operands[0] : subject);
}

/* A filter that keeps what has the column at all. */
static bool add_known(Conditions *conditions, const ColumnRef *column, Span span) {
  close_all(conditions);
  NodeType node = column->field == FIELD_RELEASED ? NODE_FILTER_RELEASE_DATE : column->field == FIELD_DURATION ? NODE_FILTER_DURATION : NODE_FILTER_METRIC;
  conditions->open = (Filter){.column = column, .node = node, .span = span};
  close_filter(conditions);
  return true;
}

/* `starts_with(tags, "mood:")`: any tag of a namespace. */
static bool is_namespace(const Typed *typed, Text *namespace) {
  if (typed->kind != TYPED_CALL || typed->function != FUNCTION_STARTS_LIST || typed->operands[1]->kind != TYPED_CONSTANT) return false;
  const ColumnRef *column = export_column(typed->operands[0]);
  Text text = typed->operands[1]->literal.text;
  if (!column || column->field != FIELD_TAGS || text.length < 2 || memchr(text.bytes, ':', text.length) != text.bytes + text.length - 1) return false;
  *namespace = (Text){text.bytes, text.length - 1};
  return true;
}

static bool add_leaf(Conditions *conditions, const Typed *leaf, bool truth, bool or_missing) {
  Fact fact;
  Span span = leaf->span;
  conditions->leaf = leaf;
  if (truth && tag_of(leaf)) {
    if (or_missing) return cannot(conditions, span, "");
    close_filter(conditions);
    vec_push(conditions->exporter->arena, &conditions->tags, *tag_of(leaf));
    return true;
  }
  Text namespace;
  if (truth && !or_missing && is_namespace(leaf, &namespace)) {
    export_config_text(conditions->exporter, mark_task(conditions, NODE_FILTER_NAMESPACE), "namespace", namespace);
    return true;
  }
  if (leaf->kind == TYPED_OP && leaf->opcode == OPCODE_ELSE_VAL && is_constant_false(leaf->operands[1])) {
    const ColumnRef *column = export_column(leaf->operands[0]);
    return column && !or_missing ? add_truth(conditions, column, truth, span) : cannot(conditions, span, "");
  }
  bool year;
  if (!fact_of(leaf, truth, &fact)) return cannot(conditions, span, "");
  const ColumnRef *column = subject_column(fact.subject, &year);
  bool of_release = fact.subject->kind == TYPED_OP && fact.subject->opcode == OPCODE_DATE_END;
  if (of_release) return cannot(conditions, span, "of release dates `<=` and `>` can be said");
  if (!column || (year && column->field != FIELD_RELEASED)) return cannot(conditions, span, "");
  fact.or_missing = fact.or_missing || or_missing;
  if (type_required(column->type) == TYPE_OF(BOOL) && fact.relation == IS_EQ && fact.point.kind == POINT_NUMBER) {
    bool whole = fact.point.integer == 1 ? !fact.or_missing : fact.or_missing || !type_is_optional(column->type);
    return whole ? add_truth(conditions, column, fact.point.integer == 1, span) : cannot(conditions, span, "what is not known counts as not liked, and as clean");
  }
  if (column->field == FIELD_RATING && !column->window && fact.relation != IS_KNOWN && fact.relation != IS_GONE) return add_rating(conditions, &fact, span);
  if (fact.relation == IS_KNOWN && !fact.or_missing) return add_known(conditions, column, span);
  bool never = fact.relation == IS_GONE && !column->window && (column->field == FIELD_LAST_PLAYED || column->field == FIELD_FIRST_PLAYED);
  if (never) { /* a track without a play that counts has no such moment */
    ExportTask *task = mark_task(conditions, NODE_FILTER_HISTORY);
    export_config_integer(conditions->exporter, task, "max_plays", 0);
    return true;
  }
  if (fact.relation == IS_EQ && fact.point.kind == POINT_NUMBER && type_base(column->type) != BASE_BOOL)
    return (add_bound(conditions, column, IS_GE, fact.point, fact.or_missing, span) && add_bound(conditions, column, IS_LE, fact.point, fact.or_missing, span)) ||
           cannot(conditions, span, "");
  if (fact.relation <= IS_GE && add_bound(conditions, column, fact.relation, fact.point, fact.or_missing, span)) return true;
  return fact.relation <= IS_GE ? no_bound(conditions, column, fact.relation, &fact.point, span) : cannot(conditions, span, "");
}

/* The column of `column is missing`, or NULL. */
static const ColumnRef *missing_column(const Typed *typed) {
  bool year;
  return typed->kind == TYPED_OP && typed->opcode == OPCODE_IS_MISSING ? subject_column(typed->operands[0], &year) : NULL;
}

/* Whether every comparison in a conjunction is about the column. */
static bool all_about(const Typed *typed, const ColumnRef *column) {
  if (typed->kind == TYPED_AND) return all_about(typed->operands[0], column) && all_about(typed->operands[1], column);
  Fact fact;
  bool year;
  if (typed->kind == TYPED_OR || !fact_of(typed, true, &fact)) return false;
  const ColumnRef *subject = subject_column(fact.subject, &year);
  return subject && column_same(subject, column);
}

static bool add(Conditions *conditions, const Typed *typed, bool truth, bool or_missing) {
  if (typed->kind == TYPED_OP && typed->opcode == OPCODE_NOT) return add(conditions, typed->operands[0], !truth, or_missing);
  if ((typed->kind == TYPED_AND && truth) || (typed->kind == TYPED_OR && !truth)) {
    bool first = add(conditions, typed->operands[0], truth, or_missing);
    return add(conditions, typed->operands[1], truth, or_missing) && first;
  }
  conditions->leaf = NULL;
  if (typed->kind == TYPED_OR && !or_missing) {
    if (any_tags(conditions, typed, false)) {
      close_all(conditions);
      any_tags(conditions, typed, true);
      close_tags(conditions, false);
      return true;
    }
    const ColumnRef *column = missing_column(typed->operands[1]);
    if (column && all_about(typed->operands[0], column)) return add(conditions, typed->operands[0], true, true);
    return cannot(conditions, typed->span, "only all of several conditions can be asked for: each may be a filter of its own");
  }
  if (typed->kind == TYPED_OR || typed->kind == TYPED_AND) return cannot(conditions, typed->span, "");
  return add_leaf(conditions, typed, truth, or_missing);
}

ExportTask *export_condition(Exporter *exporter, const Node *node, ExportTask *input) {
  Conditions conditions = {.exporter = exporter, .stream = input};
  const NodeArg *condition = export_arg(node, "condition");
  add(&conditions, condition->value, node->stage == STAGEID_KEEP, false);
  close_all(&conditions);
  return conditions.stream;
}
