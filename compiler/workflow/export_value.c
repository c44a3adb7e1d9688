/* Values, columns and metrics. */
#include "compiler/workflow/export_int.h"

#include <string.h>

const Typed *export_param_in(const Typed *typed) {
  if (typed->kind == TYPED_PARAM) return typed;
  if (typed->column.window && typed->column.window->kind == TYPED_PARAM) return typed->column.window;
  for (size_t i = 0; i < typed->operand_count; i++) {
    const Typed *found = typed->operands[i] ? export_param_in(typed->operands[i]) : NULL;
    if (found) return found;
  }
  return NULL;
}

void export_cannot_param(Exporter *exporter, const Typed *param) {
  const ProgramParam *of = &exporter->graph->params.items[param->param];
  export_cannot(exporter, DIAG_EXPORT_VALUE, param->span, of->default_value ? "--defaults writes what it is without a flag" : "write the value itself",
                "a task holds no parameter here");
}

bool export_integer(Exporter *exporter, const Typed *value, int64_t least, int64_t most, int64_t *out) {
  if (value->kind != TYPED_CONSTANT) {
    const Typed *param = export_param_in(value);
    if (param) export_cannot_param(exporter, param);
    else export_cannot(exporter, DIAG_EXPORT_VALUE, value->span, "write the number itself", "a task needs a number that is written down");
    return false;
  }
  if (type_required(value->type) != TYPE_OF(INT)) {
    export_cannot(exporter, DIAG_EXPORT_VALUE, value->span, "", "a task needs a whole number here");
    return false;
  }
  *out = value->literal.integer;
  if (*out >= least && *out <= most) return true;
  const char *hint = arena_format(exporter->arena, "%lld to %lld", (long long)least, (long long)most);
  export_cannot(exporter, DIAG_EXPORT_VALUE, value->span, hint, "a task cannot hold this number");
  return false;
}

const ColumnRef *export_column(const Typed *typed) {
  return typed->kind == TYPED_COLUMN && typed->column.field != FIELD_COUNT ? &typed->column : NULL;
}

int64_t export_window_days(const ColumnRef *column) {
  static const int64_t day = 86400000;
  if (!column->window) return 0;
  const Literal *window = &column->window->literal;
  bool days = column->window->kind == TYPED_CONSTANT && window->type == TYPE_OF(DURATION) && window->duration.months == 0 && window->duration.ms > 0 &&
              window->duration.ms % day == 0 && window->duration.ms / day <= WORKFLOW_DAYS_MOST;
  return days ? window->duration.ms / day : -1;
}

/* ---- enrichers ---- */

/* What an enricher of plays gives where nothing is said; so does a source of played tracks. */
static bool is_standard(const char *metric) {
  return strcmp(metric, "total_plays") == 0 || strcmp(metric, "last_played_dates") == 0;
}

static bool gives(const ExportTask *task, NodeType enricher, const char *metric, int64_t period_days) {
  if (task->type == NODE_SOURCE_PLAYED && enricher == NODE_ENRICH_HISTORY) return !metric || is_standard(metric);
  if (task->type != enricher) return false;
  if (enricher != NODE_ENRICH_HISTORY || !metric) return true;
  if (task->metrics.count == 0) return is_standard(metric);
  for (size_t i = 0; i < task->metrics.count; i++)
    if (strcmp(task->metrics.items[i], metric) == 0) return task->period_days == period_days;
  return false;
}

ExportTask *export_enriched(Exporter *exporter, ExportTask *input, NodeType enricher, const char *metric, int64_t period_days) {
  if (enricher == NODE_TYPE_COUNT || !input) return input;
  for (const ExportTask *task = input; task; task = task->inputs.count ? task->inputs.items[0] : NULL) {
    if (gives(task, enricher, metric, period_days)) return input;
    if (node_category(task->type) == CATEGORY_COMBINER) break; /* those programs lose it there */
    if (period_days && task->period_days) break;               /* the nearest period counts */
  }
  ExportTask *task = export_task(exporter, enricher, input);
  if (enricher != NODE_ENRICH_HISTORY || !metric || is_standard(metric)) return task;
  vec_push(exporter->arena, &task->metrics, metric);
  TextBuilder list = {.arena = exporter->arena};
  text_append_format(&list, "[\"%s\"]", metric);
  export_config(exporter, task, "metrics", text_built(&list));
  if (period_days) export_config_integer(exporter, task, "period_days", period_days);
  task->period_days = period_days;
  return task;
}

const char *export_metric(Exporter *exporter, const ColumnRef *column, Span span, ExportTask **input) {
  int64_t days = export_window_days(column);
  if (days > 0 && column->field == FIELD_PLAYS) {
    *input = export_enriched(exporter, *input, NODE_ENRICH_HISTORY, "period_plays", days);
    return "period_plays";
  }
  if (column->window && column->window->kind == TYPED_PARAM) {
    export_cannot_param(exporter, column->window);
    return NULL;
  }
  const Metric *metric = days == 0 ? metric_of_column(column->name) : NULL;
  if (!metric) {
    bool window = days != 0 && column->field == FIELD_PLAYS;
    export_cannot(exporter, DIAG_EXPORT_KEY, span, window ? "a window of whole days can be said" : "", "workflows have no metric for this");
    return NULL;
  }
  *input = export_enriched(exporter, *input, metric->enricher, metric->name, 0);
  return metric->name;
}
