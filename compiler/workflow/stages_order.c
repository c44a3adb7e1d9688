/* Sorters and selectors. */
#include "base/clock.h"
#include "compiler/workflow/stages_int.h"

static void write_sort(Stages *stages, const char *column, const char *key, bool when, bool standard) {
  bool given = config_bool(stages->workflow, stages->task, key, standard);
  stages_bar(stages);
  STAGE(stages, "sort %s%s", column, given == when ? " desc" : "");
}

/* The window from "start_date" to before "end_date", of whole days; the empty text where there is none, or it cannot be said so. */
static Text date_window(Stages *stages) {
  Text start = stages_instant(stages, "start_date"), end = stages_instant(stages, "end_date"); /* @2024-01-31, or longer with a time */
  enum { DAY_LENGTH = sizeof "@2024-01-31" - 1 };
  if ((start.length && start.length != DAY_LENGTH) || (end.length && end.length != DAY_LENGTH)) return (Text){"", 0};
  if (!start.length && !end.length) return start;
  Date last = {0};
  if (end.length) {
    date_parse((Text){end.bytes + 1, end.length - 1}, &last, NULL);
    int year, month, day;
    civil_of_days(days_of_civil(last.year, last.month, last.day) - 1, &year, &month, &day);
    end = text_of(arena_format(stages->workflow->arena, "@%04d-%02d-%02d", year, month, day));
    if (year < 1 || (start.length && text_compare(start, end) > 0)) return (Text){"", 0}; /* no day at all */
  }
  return text_of(arena_format(stages->workflow->arena, "plays(" TEXT_FORMAT ".." TEXT_FORMAT ")", TEXT_ARG(start), TEXT_ARG(end)));
}

static void write_history_sort(Stages *stages) {
  Workflow *workflow = stages->workflow;
  static const char *const keys[] = {"played_within_days", "max_days_back", "days_back"};
  static const char *const others[] = {"not_played_in_days", "min_days_back", "start_date", "end_date"};
  const char *column = "plays";
  bool days_given = false;
  size_t unsaid = sizeof others / sizeof *others;
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    int64_t days;
    if (!config_int(workflow, stages->task, keys[i], 1, WORKFLOW_DAYS_MOST, &days)) continue;
    if (days_given) stages_warn(stages, DIAG_WORKFLOW_IGNORED, stages_key_span(stages, keys[i]), "there is already a number of days", "");
    else column = arena_format(workflow->arena, "plays(%" PRId64 "d)", days);
    days_given = true;
  }
  Text window = days_given ? (Text){"", 0} : date_window(stages);
  if (window.length) {
    column = window.bytes;
    unsaid = 2; /* the dates are said */
  }
  for (size_t i = 0; i < unsaid; i++)
    if (config_given(stages->task, others[i]))
      stages_warn(stages, DIAG_WORKFLOW_DIFFERS, stages_key_span(stages, others[i]), "this bound is left out where plays are counted", "days back, or two dates without a time of day, count the plays between");
  write_sort(stages, column, "reverse", true, true);
}

static void write_selection(Stages *stages, Text count) {
  Text method = config_word(stages->workflow, stages->task, "method", "first last random", "first");
  stages_bar(stages);
  if (text_is(method, "random")) {
    STAGE(stages, "shuffle");
    stages_bar(stages);
    STAGE(stages, "take " TEXT_FORMAT, TEXT_ARG(count));
  } else if (text_is(method, "last") && count.bytes[count.length - 1] == '%') {
    STAGE(stages, "reverse");
    stages_bar(stages);
    STAGE(stages, "take " TEXT_FORMAT, TEXT_ARG(count));
    stages_bar(stages);
    STAGE(stages, "reverse");
  } else {
    STAGE(stages, "%s " TEXT_FORMAT, text_is(method, "last") ? "last" : "take", TEXT_ARG(count));
  }
}

static void write_limit(Stages *stages) {
  int64_t count = 10;
  config_int(stages->workflow, stages->task, "count", 0, WORKFLOW_COUNT_MOST, &count);
  write_selection(stages, text_of(arena_format(stages->workflow->arena, "%" PRId64, count)));
}

static void write_percentage(Stages *stages) {
  int64_t share = 1;
  config_int(stages->workflow, stages->task, "percentage", 1, 100, &share);
  if (share < 100)
    stages_warn(stages, DIAG_WORKFLOW_DIFFERS, stages_key_span(stages, "percentage"), "a share is rounded down here, to one track at least; where this file comes from, to the nearest number",
                "50% of 7 are 3 here, and 4 there");
  write_selection(stages, text_of(arena_format(stages->workflow->arena, "%" PRId64 "%%", share)));
}

static void write_shuffle(Stages *stages) {
  double strength = 0.5;
  int64_t seed;
  config_number(stages->workflow, stages->task, "shuffle_strength", &strength);
  if (strength < 0 || strength > 1) {
    stages_warn(stages, DIAG_WORKFLOW_BAD_VALUE, stages_key_span(stages, "shuffle_strength"), "\"shuffle_strength\" is between 0 and 1", "");
    return;
  }
  TextBuilder number = {.arena = stages->workflow->arena};
  append_decimal(&number, strength);
  stages_bar(stages);
  STAGE(stages, "shuffle");
  if (strength < 1) write_from(stages->writer, stages_key_span(stages, "shuffle_strength"), " strength: " TEXT_FORMAT, TEXT_ARG(text_built(&number)));
  if (config_int(stages->workflow, stages->task, "seed", INT64_MIN + 1, INT64_MAX, &seed)) write_from(stages->writer, stages_key_span(stages, "seed"), " seed: %" PRId64, seed);
}

/* Whether a playlist stands upstream: only its tracks were added at a time. */
static bool is_of_playlist(Workflow *workflow, Task *task) {
  if (task->searched == workflow->searches) return false;
  task->searched = workflow->searches;
  if (task->type == NODE_SOURCE_PLAYLIST || task->type == NODE_TYPE_COUNT || task->inputs.count == 0) return task->type == NODE_SOURCE_PLAYLIST || task->inputs.count > 0;
  for (size_t i = 0; i < task->inputs.count; i++)
    if (is_of_playlist(workflow, task->inputs.items[i])) return true;
  return false;
}

bool stages_order(Stages *stages) {
  const SortRow *sort = sort_of_node(stages->task->type);
  stages->workflow->searches++;
  if (stages->task->type == NODE_SORT_ADDED && stages->task->inputs.count && !is_of_playlist(stages->workflow, stages->task))
    stages_warn(stages, DIAG_WORKFLOW_IGNORED, stages->span, "this sorts nothing: only tracks of a playlist were added at a time, and none is upstream", "");
  if (stages->task->type == NODE_SORT_POPULARITY)
    stages_warn(stages, DIAG_WORKFLOW_NOT_GIVEN, stages->span, "Spotify gives its popularity to few applications since 2026", "where it is missing, nothing is sorted by it");
  if (sort) {
    write_sort(stages, sort->column, sort->key, sort->when, sort->standard);
    return true;
  }
  switch (stages->task->type) {
    case NODE_SORT_METRIC: {
      Text column = stages_metric_column(stages);
      if (column.length) write_sort(stages, column.bytes, "reverse", true, true);
      return true;
    }
    case NODE_SORT_HISTORY: write_history_sort(stages); return true;
    case NODE_SORT_REVERSE:
      stages_bar(stages);
      STAGE(stages, "reverse");
      return true;
    case NODE_SORT_SHUFFLE: write_shuffle(stages); return true;
    case NODE_SELECT_LIMIT: write_limit(stages); return true;
    case NODE_SELECT_PERCENTAGE: write_percentage(stages); return true;
    default: return false;
  }
}
