/* Metrics: which column each is, and whether those programs would have it there. */
#include <string.h>

#include "compiler/workflow/stages_int.h"

/* Whether an enricher upstream gives the metric, as those programs see it: a combiner drops what was there. */
static bool is_enriched(Workflow *workflow, const Task *task, NodeType enricher) {
  size_t steps = workflow->tasks.count; /* the tasks may go round in a cycle, which has been told */
  for (task = task->inputs.count ? task->inputs.items[0] : NULL; task && task->type != NODE_TYPE_COUNT && steps--; task = task->inputs.count ? task->inputs.items[0] : NULL) {
    if (task->type == enricher || (enricher == NODE_ENRICH_HISTORY && task->type == NODE_SOURCE_PLAYED)) return true;
    if (node_category(task->type) == CATEGORY_COMBINER) return false;
  }
  return false;
}

void stages_need_enricher(Stages *stages, NodeType enricher, Span span) {
  if (enricher == NODE_TYPE_COUNT || stages->task->inputs.count == 0 || is_enriched(stages->workflow, stages->task, enricher)) return;
  Diag *diag = diag_report(stages->workflow->diags, DIAG_WORKFLOW_NO_ENRICHER, span, "no `%s` stands upstream of this", node_type_name(enricher));
  diag_hint(stages->workflow->diags, diag, "here it is fetched where it is read");
}

/* The days of the enricher upstream that counts `period_plays`, 0 if there is none. */
static int64_t period_days_behind(Workflow *workflow, const Task *task) {
  for (size_t i = 0; i < task->inputs.count; i++) {
    Task *input = task->inputs.items[i];
    int64_t days;
    if (input->searched == workflow->searches) continue;
    input->searched = workflow->searches;
    if (input->type == NODE_ENRICH_HISTORY && config_int(workflow, input, "period_days", 1, WORKFLOW_DAYS_MOST, &days)) return days;
    days = period_days_behind(workflow, input);
    if (days) return days;
  }
  return 0;
}

static int64_t period_days(Workflow *workflow, const Task *task) {
  workflow->searches++;
  return period_days_behind(workflow, task);
}

static Text unknown_metric(Workflow *workflow, Span span, Text name) {
  Text *known = arena_array(workflow->arena, workflow_metric_count, sizeof *known);
  for (size_t i = 0; i < workflow_metric_count; i++) known[i] = text_of(workflow_metrics[i].name);
  Diag *diag = diag_report(workflow->diags, DIAG_WORKFLOW_BAD_VALUE, span, "no metric is called `" TEXT_FORMAT "`", TEXT_ARG(name));
  size_t near = text_nearest(name, known, workflow_metric_count);
  if (near != SIZE_MAX) diag_hint(workflow->diags, diag, "did you mean `" TEXT_FORMAT "`?", TEXT_ARG(known[near]));
  return (Text){"", 0};
}

Text stages_metric_column(Stages *stages) {
  Workflow *workflow = stages->workflow;
  Text name = config_text(workflow, stages->task, "metric_name", true);
  if (!name.length) return name;
  Span span = stages_key_span(stages, "metric_name");
  if (text_is(name, "period_plays")) {
    int64_t days = period_days(workflow, stages->task);
    if (days) return text_of(arena_format(workflow->arena, "plays(%" PRId64 "d)", days));
    stages_warn(stages, DIAG_WORKFLOW_BAD_VALUE, span, "no `enricher.play_history` upstream has \"period_days\"", "period_plays counts the plays of that many days");
    return (Text){"", 0};
  }
  const Metric *metric = metric_named(name);
  if (!metric) return unknown_metric(workflow, span, name);
  stages_need_enricher(stages, metric->enricher, span);
  if (strcmp(metric->column, "spotify.popularity") == 0)
    stages_warn(stages, DIAG_WORKFLOW_NOT_GIVEN, span, "Spotify gives its popularity to few applications since 2026", "where it is missing, nothing is sorted or kept by it");
  return text_of(metric->column);
}
