/* Sorters and selectors. */
#include "compiler/workflow/export_int.h"

#include <math.h>
#include <string.h>

static const SortRow *sort_of_column(const ColumnRef *column) {
  for (size_t i = 0; i < workflow_sort_count && !column->window; i++)
    if (!workflow_sorts[i].old && text_is(column->name, workflow_sorts[i].column)) return &workflow_sorts[i];
  return NULL;
}

/* The days of `plays(@2024-01-01..@2024-06-30)`, as the sorter by play history names them; false for another window. */
static bool find_dates(const ColumnRef *column, Text out[2], Arena *arena) {
  bool fixed = column->field == FIELD_PLAYS && column->window && column->window->kind == TYPED_CONSTANT;
  const Literal *window = fixed ? &column->window->literal : NULL;
  if (!window || (window->type != TYPE_OF(DATE) && window->type != TYPE_RANGE_OF(DATE))) return false;
  const Literal *ends[2] = {window->type == TYPE_OF(DATE) ? window : window->low, window->type == TYPE_OF(DATE) ? window : window->high};
  for (int i = 0; i < 2; i++) {
    Zone any = {"UTC"}; /* days are days in every zone */
    out[i] = (Text){"", 0};
    if (!ends[i]) continue;
    Date date = ends[i]->date;
    InstantRange range = date_range(date, any);
    int year, month, day;
    civil_of_days((int32_t)((i == 0 ? range.lo : range.hi) / 86400000 - ((i == 0 ? range.lo : range.hi) % 86400000 < 0)), &year, &month, &day);
    if (year > 9999) return false;
    out[i] = text_of(arena_format(arena, "%04d-%02d-%02d", year, month, day));
  }
  return true;
}

static ExportTask *sort_between(Exporter *exporter, const Text dates[2], bool descending, ExportTask *input) {
  input = export_enriched(exporter, input, node_needs(NODE_SORT_HISTORY), "total_plays", 0);
  ExportTask *task = export_task(exporter, NODE_SORT_HISTORY, input);
  if (dates[0].length) export_config_text(exporter, task, "start_date", dates[0]);
  if (dates[1].length) export_config_text(exporter, task, "end_date", dates[1]);
  export_config_bool(exporter, task, "reverse", descending);
  return task;
}

static ExportTask *sort_by(Exporter *exporter, const NodeArg *key, bool descending, ExportTask *input) {
  const ColumnRef *column = export_column(key->value);
  if (!column) {
    export_cannot(exporter, DIAG_EXPORT_KEY, key->value->span, "a field by itself can be said", "no sorter of a workflow sorts by this");
    return input;
  }
  const SortRow *row = sort_of_column(column);
  if (row) {
    const Metric *metric = metric_of_column(column->name);
    input = export_enriched(exporter, input, node_needs(row->node), metric ? metric->name : NULL, 0);
    ExportTask *task = export_task(exporter, row->node, input);
    export_config_bool(exporter, task, row->key, descending == row->when);
    return task;
  }
  Text dates[2];
  if (find_dates(column, dates, exporter->arena)) return sort_between(exporter, dates, descending, input);
  const char *metric = export_metric(exporter, column, key->value->span, &input);
  if (!metric) return input;
  ExportTask *task = export_task(exporter, NODE_SORT_METRIC, input);
  export_config_text(exporter, task, "metric_name", text_of(metric));
  export_config_bool(exporter, task, "reverse", descending);
  return task;
}

/* Sorts keep the order of what is equal, so the last key is sorted by first. */
static ExportTask *sort(Exporter *exporter, const Node *node, ExportTask *stream) {
  for (size_t i = node->arg_count; i-- > 0;)
    if (node->args[i].kind == NODE_KEY) stream = sort_by(exporter, &node->args[i], node->args[i].descending, stream);
  return stream;
}

/* ---- numbers of tracks ---- */

/* A share of whole percent, 0 if it is none. */
static int whole_percent(const Typed *value) {
  if (value->kind != TYPED_CONSTANT || type_required(value->type) != TYPE_OF(PERCENT)) return 0;
  double percent = round(value->literal.number * 100);
  return percent >= 1 && percent <= 100 && fabs(percent - value->literal.number * 100) < 1e-9 ? (int)percent : 0;
}

static bool is_percent(const Typed *value) {
  return type_required(value->type) == TYPE_OF(PERCENT);
}

/* The number or share that is all a `take` says; NULL if it says more. */
static const NodeArg *plain_count(const Node *take) {
  const NodeArg *count = export_arg(take, "count");
  return take->stage == STAGEID_TAKE && count && take->arg_count == 1 ? count : NULL;
}

static ExportTask *select_tracks(Exporter *exporter, const NodeArg *count, const char *method, ExportTask *input) {
  ExportTask *task;
  int64_t number;
  const Typed *param = export_param_in(count->value);
  if (param) {
    export_cannot_param(exporter, param);
    return input;
  }
  if (is_percent(count->value)) {
    int percent = whole_percent(count->value);
    if (!percent) {
      export_cannot(exporter, DIAG_EXPORT_VALUE, count->value->span, "1% to 100%", "a task takes a share of whole percent");
      return input;
    }
    task = export_task(exporter, NODE_SELECT_PERCENTAGE, input);
    export_config_integer(exporter, task, "percentage", percent);
  } else {
    if (!export_integer(exporter, count->value, 0, WORKFLOW_COUNT_MOST, &number)) return input;
    task = export_task(exporter, NODE_SELECT_LIMIT, input);
    export_config_integer(exporter, task, "count", number);
  }
  export_config_text(exporter, task, "method", text_of(method));
  return task;
}

static ExportTask *take(Exporter *exporter, const Node *node, ExportTask *input) {
  const NodeArg *count = plain_count(node);
  if (count) return select_tracks(exporter, count, "first", input);
  const NodeArg *other = export_arg(node, "while") ? export_arg(node, "while") : export_arg(node, "per");
  export_cannot(exporter, DIAG_EXPORT_STAGE, other ? other->span : node->span, "a number or a share can be said", "no selector of a workflow does this");
  return input;
}

static ExportTask *shuffle(Exporter *exporter, const Node *node, ExportTask *input) {
  const NodeArg *weight = export_arg(node, "weight"), *strength = export_arg(node, "strength"), *seed = export_arg(node, "seed");
  int64_t number;
  if (weight) {
    export_cannot(exporter, DIAG_EXPORT_STAGE, weight->span, "", "no sorter of a workflow gives tracks a weight");
    return input;
  }
  if (strength && strength->value->kind != TYPED_CONSTANT) {
    const Typed *param = export_param_in(strength->value);
    if (param) export_cannot_param(exporter, param);
    else export_cannot(exporter, DIAG_EXPORT_VALUE, strength->value->span, "write the number itself", "a task needs a number that is written down");
    return input;
  }
  if (seed && !export_integer(exporter, seed->value, INT64_MIN + 1, INT64_MAX, &number)) return input;
  ExportTask *task = export_task(exporter, NODE_SORT_SHUFFLE, input);
  export_config_number(exporter, task, "shuffle_strength", strength ? strength->value->literal.number : 1);
  if (seed) export_config_integer(exporter, task, "seed", number);
  return task;
}

bool export_order(Exporter *exporter, const Node *node, ExportTask **stream) {
  switch (node->stage) {
    case STAGEID_SORT: *stream = sort(exporter, node, *stream); return true;
    case STAGEID_TOP:
      *stream = sort_by(exporter, export_arg(node, "by"), true, *stream);
      *stream = select_tracks(exporter, export_arg(node, "count"), "first", *stream);
      return true;
    case STAGEID_REVERSE: *stream = export_task(exporter, NODE_SORT_REVERSE, *stream); return true;
    case STAGEID_SHUFFLE: *stream = shuffle(exporter, node, *stream); return true;
    case STAGEID_TAKE: *stream = take(exporter, node, *stream); return true;
    case STAGEID_LAST: *stream = select_tracks(exporter, export_arg(node, "count"), "last", *stream); return true;
    default: return false;
  }
}

/* ---- stages that are one task ---- */

static bool is_plain(const Node *node, StageId stage) {
  return node && node->stage == stage && node->arg_count == 0 && !node->per;
}

static void join(Exporter *exporter, Node *first, Node *last) {
  export_node(exporter, last)->first = first;
  for (Node *node = first;; node = export_next(exporter, node)) {
    export_node(exporter, node)->within = true;
    if (node == last) return;
  }
}

void export_find_selections(Exporter *exporter) {
  const Graph *graph = exporter->graph;
  for (size_t i = 0; i < graph->nodes.count; i++) {
    Node *first = graph->nodes.items[i], *next = export_next(exporter, first);
    if (export_node(exporter, first)->within || !next || !plain_count(next)) continue;
    if (is_plain(first, STAGEID_SHUFFLE)) join(exporter, first, next);
    Node *last = export_next(exporter, next);
    bool share = is_plain(first, STAGEID_REVERSE) && is_percent(plain_count(next)->value) && is_plain(last, STAGEID_REVERSE);
    if (share) join(exporter, first, last);
  }
}

ExportTask *export_selection(Exporter *exporter, const Node *first, const Node *last, ExportTask *input) {
  const Node *take = last->stage == STAGEID_TAKE ? last : last->inputs[0];
  return select_tracks(exporter, plain_count(take), first->stage == STAGEID_SHUFFLE ? "random" : "last", input);
}
