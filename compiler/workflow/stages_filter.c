/* Filters by what tracks have and by when they were played. */
#include <math.h>
#include <string.h>

#include "compiler/workflow/stages_int.h"

/* ---- bounds ---- */

static Text days_ago(Stages *stages, const char *key, int64_t more) {
  int64_t days;
  if (!config_int(stages->workflow, stages->task, key, 0, WORKFLOW_DAYS_MOST, &days)) return (Text){"", 0};
  return text_of(arena_format(stages->workflow->arena, "%" PRId64 "d ago", days + more));
}

static Text whole_number(Stages *stages, const char *key, int64_t least, int64_t most, const char *format) {
  int64_t number;
  if (!config_int(stages->workflow, stages->task, key, least, most, &number)) return (Text){"", 0};
  TextBuilder text = {.arena = stages->workflow->arena};
  if (!format) append_ms(&text, number);
  else text_append_format(&text, "%s%0*" PRId64, format, *format ? 4 : 1, number);
  return text_built(&text);
}

static Text number_for(Stages *stages, const char *key, Text column, bool least) {
  double number;
  if (text_is(column, "duration")) {
    if (!config_number(stages->workflow, stages->task, key, &number)) return (Text){"", 0};
    if (number < 0 || number > (double)WORKFLOW_MS_MOST || number == floor(number)) return whole_number(stages, key, 0, WORKFLOW_MS_MOST, NULL);
    TextBuilder text = {.arena = stages->workflow->arena};
    append_ms(&text, (int64_t)(least ? ceil(number) : floor(number)));
    return text_built(&text);
  }
  const FieldId field = field_find(column);
  BaseType base = field == FIELD_COUNT ? BASE_INT : type_base(field_def(field)->type);
  if (base != BASE_INT && base != BASE_FLOAT) {
    Diag *diag = diag_report(stages->workflow->diags, DIAG_WORKFLOW_BAD_VALUE, stages_key_span(stages, key), "`" TEXT_FORMAT "` is no number and has no \"%s\"",
                             TEXT_ARG(column), key);
    diag_hint(stages->workflow->diags, diag, "leave it out to keep the tracks that have one");
    return (Text){"", 0};
  }
  if (!config_number(stages->workflow, stages->task, key, &number)) return (Text){"", 0};
  if (base == BASE_INT) number = least ? ceil(number) : floor(number);
  TextBuilder text = {.arena = stages->workflow->arena};
  append_decimal(&text, number);
  return text_built(&text);
}

static Text bound_value(Stages *stages, const Bound *bound, Text column) {
  switch (bound->unit) {
    case UNIT_COUNT: return whole_number(stages, bound->key, 0, WORKFLOW_COUNT_MOST, "");
    case UNIT_MS: return whole_number(stages, bound->key, 0, WORKFLOW_MS_MOST, NULL);
    case UNIT_YEAR: return whole_number(stages, bound->key, 1, 9999, "@");
    case UNIT_NUMBER: return number_for(stages, bound->key, column, strcmp(bound->relation, ">=") == 0);
    case UNIT_DAYS_AGO: return days_ago(stages, bound->key, 0);
    /* The age is counted in whole days: it is at most 90 until 91 days are over. */
    case UNIT_DAYS_AGO_OVER: return days_ago(stages, bound->key, 1);
    case UNIT_INSTANT: break;
  }
  return stages_instant(stages, bound->key);
}

/* Whether a bound belongs into one condition with the one before it. Dates and days stand apart, as those programs do not put them together. */
static bool goes_with(const Bound *before, const Bound *bound) {
  if (!before || strcmp(before->column, bound->column) != 0 || strcmp(before->relation, bound->relation) == 0) return false;
  bool dates = before->unit == UNIT_INSTANT, first = strcmp(before->relation, ">=") == 0;
  if (dates && !first) return false; /* the earlier one comes first */
  return dates == (bound->unit == UNIT_INSTANT) && !(before->unit == UNIT_DAYS_AGO && first);
}

static void end_condition(Stages *stages, const char *column) {
  if (strcmp(column, "plays") == 0 || !node_takes(stages->task->type, TEXT_LITERAL("include_missing"))) return; /* no track is without a number of plays */
  if (config_bool(stages->workflow, stages->task, "include_missing", false))
    write_from(stages->writer, stages_key_span(stages, "include_missing"), " or %s is missing", column);
}

/* Every bound that is given. False if there is none. */
static bool write_bounds(Stages *stages, Text metric) {
  const Bound *before = NULL;
  const char *open = NULL;
  bool any = false, full = false; /* one bound of each kind stands in a condition */
  for (size_t i = 0; i < workflow_bound_count; i++) {
    const Bound *bound = &workflow_bounds[i];
    if (bound->node != stages->task->type || !config_given(stages->task, bound->key)) continue;
    any = true;
    const char *column = *bound->column ? bound->column : metric.bytes;
    Text value = bound_value(stages, bound, text_of(column));
    if (!value.length) continue;
    Span span = stages_key_span(stages, bound->key);
    bool together = !full && goes_with(before, bound);
    full = together;
    if (together) {
      text_append_format(&stages->writer->text, bound->unit == UNIT_YEAR ? "" : " and ");
    } else {
      if (open) end_condition(stages, open);
      stages_bar(stages);
      STAGE(stages, "keep ");
    }
    if (bound->unit == UNIT_YEAR) { /* a range reads better */
      bool low = strcmp(bound->relation, ">=") == 0;
      if (!together) STAGE(stages, "%s in ", column);
      if (!together && !low) text_append_format(&stages->writer->text, "..");
      write_from(stages->writer, span, TEXT_FORMAT "%s", TEXT_ARG(value), low ? ".." : "");
    } else {
      write_from(stages->writer, span, "%s %s " TEXT_FORMAT, column, bound->relation, TEXT_ARG(value));
    }
    before = bound;
    open = column;
  }
  if (open) end_condition(stages, open);
  return any;
}

/* A filter that says no bound keeps what has the column at all. */
static void write_known(Stages *stages, const char *column) {
  if (node_takes(stages->task->type, TEXT_LITERAL("include_missing")) && config_bool(stages->workflow, stages->task, "include_missing", false)) {
    stages_warn(stages, DIAG_WORKFLOW_IGNORED, stages_key_span(stages, "include_missing"), "without a bound this keeps every track", "");
    return;
  }
  const FieldId field = field_find(text_of(column));
  bool always = strncmp(column, "plays", 5) == 0 || (field != FIELD_COUNT && !type_is_optional(field_def(field)->type) && field_def(field)->provider != PROVIDER_TRACK);
  if (always) {
    stages_warn(stages, DIAG_WORKFLOW_IGNORED, stages->span, "without a bound this keeps every track", "");
    return;
  }
  stages_bar(stages);
  STAGE(stages, "keep %s is not missing", column);
}

/* ---- when it was played ---- */

static bool says_forgotten(Text text) {
  static const char *const words[] = {"forgot", "Forgot", "haven't", "not played", "rediscover", "Rediscover", "neglected"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (text.length && strstr(text.bytes, words[i])) return true;
  return false;
}

static void write_history(Stages *stages) {
  Workflow *workflow = stages->workflow;
  if (config_given(stages->task, "days_forward"))
    stages_warn(stages, DIAG_WORKFLOW_IGNORED, stages_key_span(stages, "days_forward"), "\"days_forward\" changes nothing: nothing was played in the future", "");
  if (!write_bounds(stages, (Text){"", 0}))
    stages_warn(stages, DIAG_WORKFLOW_MISSING_KEY, stages->span, "`filter.by_play_history` says nothing to filter by", "give it \"min_plays\", \"played_within_days\" or another bound");
  static const char *const within[] = {"played_within_days", "max_days_back", "days_back"};
  const char *key = NULL;
  for (size_t i = 0; i < sizeof within / sizeof *within && !key; i++)
    if (config_given(stages->task, within[i])) key = within[i];
  bool both = config_given(stages->task, "not_played_in_days") || config_given(stages->task, "min_days_back");
  if (key && !both && (says_forgotten(workflow->name) || says_forgotten(workflow->description)))
    stages_warn(stages, DIAG_WORKFLOW_OPPOSITE, stages_key_span(stages, key), "this keeps what was played lately; the description speaks of what was not", "\"not_played_in_days\" keeps the forgotten");
}

/* ---- marks ---- */

static void write_liked(Stages *stages) {
  TextBuilder words = {.arena = stages->workflow->arena};
  for (size_t i = 0; i < workflow_service_count; i++) text_append_format(&words, "%s%s", i ? " " : "", workflow_services[i].word);
  Text service = config_word(stages->workflow, stages->task, "service", text_built(&words).bytes, "");
  bool liked = config_bool(stages->workflow, stages->task, "is_liked", true);
  const char *column = "liked";
  for (size_t i = 0; i < workflow_service_count; i++)
    if (text_is(service, workflow_services[i].word)) column = workflow_services[i].column;
  stages_bar(stages);
  write_from(stages->writer, stages_key_span(stages, "service"), "%s %s%s", liked ? "keep" : "drop", column, strcmp(column, "liked") == 0 ? "" : " ?? false");
}

static void write_explicit(Stages *stages) {
  Text keep = config_word(stages->workflow, stages->task, "keep", "explicit clean all", "all");
  if (text_is(keep, "all")) return;
  stages_bar(stages);
  write_from(stages->writer, stages_key_span(stages, "keep"), text_is(keep, "explicit") ? "keep explicit" : "drop explicit");
}

static int rating_of(Text state) {
  for (size_t i = 0; i < workflow_state_count; i++)
    if (text_is(state, workflow_states[i].word)) return workflow_states[i].rating;
  return 0;
}

static void write_preference(Stages *stages) {
  bool include = config_given(stages->task, "include"), exclude = config_given(stages->task, "exclude");
  if (include == exclude) {
    stages_warn(stages, DIAG_WORKFLOW_BAD_VALUE, include ? stages_key_span(stages, "exclude") : stages->span,
                include ? "\"include\" and \"exclude\" stand together" : "`filter.by_preference` needs \"include\" or \"exclude\"", "give one of the two");
    return;
  }
  const char *key = include ? "include" : "exclude";
  Text *states;
  size_t count = config_list(stages->workflow, stages->task, key, &states);
  if (count == 0) {
    stages_warn(stages, DIAG_WORKFLOW_BAD_VALUE, stages_key_span(stages, key), "it is not said which preferences", "hmm, nah, yah or star");
    return;
  }
  TextBuilder list = {.arena = stages->workflow->arena};
  for (size_t i = 0; i < count; i++) {
    if (!rating_of(states[i])) {
      Diag *diag = diag_report(stages->workflow->diags, DIAG_WORKFLOW_BAD_VALUE, stages_key_span(stages, key), "no preference is called `" TEXT_FORMAT "`", TEXT_ARG(states[i]));
      diag_hint(stages->workflow->diags, diag, "hmm, nah, yah or star");
      continue;
    }
    text_append_format(&list, "%s%d", list.length ? ", " : "", rating_of(states[i]));
  }
  stages_bar(stages);
  write_from(stages->writer, stages_key_span(stages, key), "%s rating in [" TEXT_FORMAT "]", include ? "keep" : "drop", TEXT_ARG(text_built(&list)));
}

/* ---- other streams ---- */

static void write_except(Stages *stages) {
  const char *key = config_given(stages->task, "exclusion_source") ? "exclusion_source" : "reference";
  Task *reference = config_given(stages->task, key) ? config_task(stages->workflow, stages->task, key) : stages->task->inputs.count > 1 ? stages->task->inputs.items[1] : NULL;
  if (!reference) {
    if (!config_given(stages->task, key))
      stages_warn(stages, DIAG_WORKFLOW_MISSING_KEY, stages->span, "it is not said which tracks are left out", "name a task in \"exclusion_source\"");
    return;
  }
  if (stages->task->except) reference = stages->task->except;
  bool artists = stages->task->type == NODE_FILTER_ARTISTS;
  bool all = artists && config_bool(stages->workflow, stages->task, "exclude_all_artists", false);
  stages_bar(stages);
  write_from(stages->writer, stages_key_span(stages, key), "except " TEXT_FORMAT "%s", TEXT_ARG(reference->name), all ? " by: artists" : artists ? " by: artist" : "");
}

bool stages_filter(Stages *stages) {
  switch (stages->task->type) {
    case NODE_FILTER_UNIQUE:
      stages_bar(stages);
      STAGE(stages, "unique");
      return true;
    case NODE_FILTER_RELEASE_DATE:
      if (!write_bounds(stages, (Text){"", 0})) write_known(stages, "released");
      return true;
    case NODE_FILTER_RELEASE_YEAR:
      if (!write_bounds(stages, (Text){"", 0})) stages_warn(stages, DIAG_WORKFLOW_MISSING_KEY, stages->span, "`filter.by_release_year` needs \"min_year\" or \"max_year\"", "");
      return true;
    case NODE_FILTER_DURATION:
      if (!write_bounds(stages, (Text){"", 0})) write_known(stages, "duration");
      return true;
    case NODE_FILTER_METRIC: {
      Text column = stages_metric_column(stages);
      if (column.length && !write_bounds(stages, column)) write_known(stages, column.bytes);
      return true;
    }
    case NODE_FILTER_HISTORY: write_history(stages); return true;
    case NODE_FILTER_FIRST_PLAYED:
      if (!write_bounds(stages, (Text){"", 0})) stages_warn(stages, DIAG_WORKFLOW_MISSING_KEY, stages->span, "`filter.by_first_played_date` says nothing to filter by", "give it \"start_date\", \"played_within_days\" or another bound");
      return true;
    case NODE_FILTER_LIKED: write_liked(stages); return true;
    case NODE_FILTER_EXPLICIT: write_explicit(stages); return true;
    case NODE_FILTER_PREFERENCE: write_preference(stages); return true;
    case NODE_FILTER_TRACKS:
    case NODE_FILTER_ARTISTS: write_except(stages); return true;
    default: return false;
  }
}
