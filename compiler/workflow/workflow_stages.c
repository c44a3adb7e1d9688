#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/tag.h"
#include "compiler/workflow/workflow_int.h"
#include "plan/catalogue.h"

enum { DAYS_MOST = 366000, COUNT_MOST = 1000000000 };

/* What the stages of one task are written with. */
typedef struct Stages {
  Workflow *workflow;
  Writer *writer;
  Task *task;
  Span span; /* of the task's type: what a whole stage stands for */
} Stages;

#define STAGE(stages, ...) write_from((stages)->writer, (stages)->span, __VA_ARGS__)

static void bar(Stages *stages) {
  text_append_format(&stages->writer->text, "\n| ");
}

/* A value with the place of its key. */
static Span key_span(Stages *stages, const char *key) {
  const JsonValue *value = config_value(stages->task, key);
  return value ? value->span : stages->span;
}

static void warn(Stages *stages, DiagCode code, Span span, const char *message, const char *hint) {
  Diag *diag = diag_report(stages->workflow->diags, code, span, "%s", message);
  if (*hint) diag_hint(stages->workflow->diags, diag, "%s", hint);
}

/* ---- metrics ---- */

/* Whether an enricher upstream gives the metric, as those programs see it: a combiner drops what was there. */
static bool is_enriched(Workflow *workflow, const Task *task, NodeType enricher) {
  size_t steps = workflow->tasks.count; /* the tasks may go round in a cycle, which has been told */
  for (task = task->inputs.count ? task->inputs.items[0] : NULL; task && task->type != NODE_TYPE_COUNT && steps--; task = task->inputs.count ? task->inputs.items[0] : NULL) {
    if (task->type == enricher || (enricher == NODE_ENRICH_HISTORY && task->type == NODE_SOURCE_PLAYED)) return true;
    if (node_category(task->type) == CATEGORY_COMBINER) return false;
  }
  return false;
}

static void need_enricher(Stages *stages, NodeType enricher, Span span) {
  if (stages->task->inputs.count == 0 || is_enriched(stages->workflow, stages->task, enricher)) return;
  Diag *diag = diag_report(stages->workflow->diags, DIAG_WORKFLOW_NO_ENRICHER, span, "no `%s` stands upstream of this", node_type_name(enricher));
  diag_hint(stages->workflow->diags, diag, "here it is fetched where it is read");
}

typedef struct Metric {
  const char *name, *column;
} Metric;
static const Metric metrics[] = {
    {"lastfm_user_playcount", "lastfm.plays"},
    {"user_playcount", "lastfm.plays"},
    {"lastfm_global_playcount", "lastfm.global_plays"},
    {"lastfm_listeners", "lastfm.listeners"},
    {"spotify_popularity", "spotify.popularity"},
    {"popularity", "spotify.popularity"},
    {"explicit_flag", "explicit"},
    {"total_plays", "plays"},
    {"plays_last_7_days", "plays(7d)"},
    {"plays_last_30_days", "plays(30d)"},
    {"plays_last_90_days", "plays(90d)"},
    {"last_played_dates", "last_played"},
    {"last_played_date", "last_played"},
    {"first_played_dates", "first_played"},
    {"title", "title"},
    {"artist", "artist"},
    {"album", "album"},
    {"release_date", "released"},
    {"duration_ms", "duration"},
};

/* The days of the enricher upstream that counts `period_plays`, 0 if there is none. */
static int64_t period_days_behind(Workflow *workflow, const Task *task) {
  for (size_t i = 0; i < task->inputs.count; i++) {
    Task *input = task->inputs.items[i];
    int64_t days;
    if (input->searched == workflow->searches) continue;
    input->searched = workflow->searches;
    if (input->type == NODE_ENRICH_HISTORY && config_int(workflow, input, "period_days", 1, DAYS_MOST, &days)) return days;
    days = period_days_behind(workflow, input);
    if (days) return days;
  }
  return 0;
}

static int64_t period_days(Workflow *workflow, const Task *task) {
  workflow->searches++;
  return period_days_behind(workflow, task);
}

/* The column of a metric; empty after an error. */
static Text metric_column(Stages *stages) {
  Workflow *workflow = stages->workflow;
  Text name = config_text(workflow, stages->task, "metric_name", true);
  const JsonValue *value = config_value(stages->task, "metric_name");
  if (!name.length) return name;
  if (text_is(name, "period_plays")) {
    int64_t days = period_days(workflow, stages->task);
    if (days) return text_of(arena_format(workflow->arena, "plays(%" PRId64 "d)", days));
    warn(stages, DIAG_WORKFLOW_BAD_VALUE, value->span, "no `enricher.play_history` upstream has \"period_days\"", "period_plays counts the plays of that many days");
    return (Text){"", 0};
  }
  Text known[sizeof metrics / sizeof *metrics];
  for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++) {
    known[i] = text_of(metrics[i].name);
    if (!text_equal(name, known[i])) continue;
    if (strncmp(metrics[i].column, "lastfm", 6) == 0) need_enricher(stages, NODE_ENRICH_LASTFM, value->span);
    if (strncmp(metrics[i].column, "spotify", 7) == 0) need_enricher(stages, NODE_ENRICH_SPOTIFY, value->span);
    if (strstr(metrics[i].column, "play") == metrics[i].column || strstr(metrics[i].column, "_played")) need_enricher(stages, NODE_ENRICH_HISTORY, value->span);
    if (strcmp(metrics[i].column, "spotify.popularity") == 0)
      warn(stages, DIAG_WORKFLOW_NOT_GIVEN, value->span, "Spotify gives its popularity to few applications since 2026", "where it is missing, nothing is sorted or kept by it");
    return text_of(metrics[i].column);
  }
  Diag *diag = diag_report(workflow->diags, DIAG_WORKFLOW_BAD_VALUE, value->span, "no metric is called `" TEXT_FORMAT "`", TEXT_ARG(name));
  size_t near = text_nearest(name, known, sizeof metrics / sizeof *metrics);
  if (near != SIZE_MAX) diag_hint(workflow->diags, diag, "did you mean `" TEXT_FORMAT "`?", TEXT_ARG(known[near]));
  return (Text){"", 0};
}

/* ---- sources ---- */

static bool on_spotify(Stages *stages) {
  bool implied = memchr(stages->task->written.bytes, '_', stages->task->written.length) && strstr(stages->task->written.bytes, "spotify_playlist");
  Text operation = config_given(stages->task, "operation_type")
                       ? config_word(stages->workflow, stages->task, "operation_type", "update_internal update_spotify sync_bidirectional", "")
                       : (Text){"", 0};
  if (text_is(operation, "update_spotify") || text_is(operation, "sync_bidirectional")) implied = true;
  if (!config_given(stages->task, "connector")) return implied;
  return text_is(config_word(stages->workflow, stages->task, "connector", "spotify", ""), "spotify");
}

/* An id that somebody was to fill in. */
static bool is_placeholder(Text id) {
  for (size_t i = 0; i < id.length; i++) {
    char c = id.bytes[i];
    if (c == '<' || c == '>' || c == ' ') return true;
  }
  bool shouted = memchr(id.bytes, '_', id.length) != NULL;
  for (size_t i = 0; i < id.length; i++) shouted = shouted && (id.bytes[i] == '_' || (id.bytes[i] >= 'A' && id.bytes[i] <= 'Z'));
  if (shouted) return true;
  static const char *const words[] = {"YOUR", "your", "REPLACE", "replace", "placeholder", "PLACEHOLDER", "example", "TODO", "xxx", "XXX"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strstr(id.bytes, words[i])) return true;
  return false;
}

static void write_playlist_id(Stages *stages) {
  const JsonValue *id = config_value(stages->task, "playlist_id");
  if (!id || id->kind != JSON_IS_TEXT || !id->text.length) {
    config_text(stages->workflow, stages->task, "playlist_id", true);
    text_append_format(&stages->writer->text, "\"?\"");
    return;
  }
  bool template = strstr(id->text.bytes, "{parameters.") != NULL;
  if (!template && is_placeholder(id->text))
    warn(stages, DIAG_WORKFLOW_PLACEHOLDER, id->span, "this is a placeholder, not the id of a playlist", "put the playlist's link or id there");
  write_template(stages->workflow, stages->writer, id);
}

static void write_limit(Stages *stages) {
  int64_t limit;
  if (!config_int(stages->workflow, stages->task, "limit", 0, COUNT_MOST, &limit) || limit == 0) return;
  bar(stages);
  write_from(stages->writer, key_span(stages, "limit"), "take %" PRId64, limit);
}

static void write_liked(Stages *stages) {
  Text service = config_word(stages->workflow, stages->task, "connector_filter", "spotify lastfm mixd", "mixd");
  Text order = config_word(stages->workflow, stages->task, "sort_by", "liked_at_desc liked_at_asc title_asc random", "liked_at_desc");
  STAGE(stages, "from library.liked");
  if (text_is(service, "spotify") || text_is(service, "lastfm")) {
    bar(stages);
    write_from(stages->writer, key_span(stages, "connector_filter"), text_is(service, "spotify") ? "keep spotify.liked ?? false" : "keep lastfm.loved ?? false");
  }
  bar(stages);
  Span span = key_span(stages, "sort_by");
  if (text_is(order, "title_asc")) write_from(stages->writer, span, "sort title");
  else if (text_is(order, "random")) write_from(stages->writer, span, "shuffle");
  else write_from(stages->writer, span, text_is(order, "liked_at_asc") ? "sort liked_at" : "sort liked_at desc");
  write_limit(stages);
}

static void write_played(Stages *stages) {
  int64_t days = 0;
  bool within = config_int(stages->workflow, stages->task, "days_back", 1, DAYS_MOST, &days);
  Text service = config_text(stages->workflow, stages->task, "connector_filter", false);
  Text order = config_word(stages->workflow, stages->task, "sort_by",
                           "played_at_desc played_at_asc total_plays_desc last_played_desc first_played_asc title_asc random", "played_at_desc");
  STAGE(stages, service.length ? "from library.plays" : "from library.played");
  if (within) {
    write_from(stages->writer, key_span(stages, "days_back"), " within: %" PRId64 "d", days);
    warn(stages, DIAG_WORKFLOW_DIFFERS, key_span(stages, "days_back"), "\"days_back\" restricts the plays here; where this file comes from it does nothing",
         "leave it out if all plays were meant");
  }
  if (service.length) {
    bar(stages);
    write_from(stages->writer, key_span(stages, "connector_filter"), "keep service == ");
    write_plain(stages->writer, key_span(stages, "connector_filter"), service);
    bar(stages);
    STAGE(stages, "tracks");
  }
  bar(stages);
  Span span = key_span(stages, "sort_by");
  if (text_is(order, "title_asc")) write_from(stages->writer, span, "sort title");
  else if (text_is(order, "random")) write_from(stages->writer, span, "shuffle");
  else if (text_is(order, "total_plays_desc")) write_from(stages->writer, span, "sort plays desc");
  else if (text_is(order, "first_played_asc")) write_from(stages->writer, span, "sort first_played");
  else write_from(stages->writer, span, text_is(order, "played_at_asc") ? "sort last_played" : "sort last_played desc");
  write_limit(stages);
}

/* ---- preferences ---- */

static int rating_of(Text state) {
  static const struct {
    const char *state;
    int rating;
  } ratings[] = {{"nah", 1}, {"hmm", 3}, {"yah", 4}, {"star", 5}};
  for (size_t i = 0; i < sizeof ratings / sizeof *ratings; i++)
    if (text_is(state, ratings[i].state)) return ratings[i].rating;
  return 0;
}

static void write_preferred(Stages *stages) {
  Text state = config_word(stages->workflow, stages->task, "state", "hmm nah yah star", "");
  STAGE(stages, "from library.tracks");
  bar(stages);
  write_from(stages->writer, key_span(stages, "state"), "keep rating == %d", rating_of(state));
  write_limit(stages);
}

static void write_preference_filter(Stages *stages) {
  bool include = config_given(stages->task, "include"), exclude = config_given(stages->task, "exclude");
  if (include == exclude) {
    warn(stages, DIAG_WORKFLOW_BAD_VALUE, include ? key_span(stages, "exclude") : stages->span,
         include ? "\"include\" and \"exclude\" stand together" : "`filter.by_preference` needs \"include\" or \"exclude\"", "give one of the two");
    return;
  }
  const char *key = include ? "include" : "exclude";
  Text *states;
  size_t count = config_list(stages->workflow, stages->task, key, &states);
  TextBuilder list = {.arena = stages->workflow->arena};
  for (size_t i = 0; i < count; i++) {
    if (!rating_of(states[i])) {
      Diag *diag = diag_report(stages->workflow->diags, DIAG_WORKFLOW_BAD_VALUE, key_span(stages, key), "no preference is called `" TEXT_FORMAT "`", TEXT_ARG(states[i]));
      diag_hint(stages->workflow->diags, diag, "hmm, nah, yah or star");
      continue;
    }
    text_append_format(&list, "%s%d", list.length ? ", " : "", rating_of(states[i]));
  }
  bar(stages);
  write_from(stages->writer, key_span(stages, key), "%s rating in [" TEXT_FORMAT "]", include ? "keep" : "drop", TEXT_ARG(text_built(&list)));
}

/* ---- filters ---- */

static void write_release_date(Stages *stages) {
  int64_t least = 0, most = 0;
  bool has_least = config_int(stages->workflow, stages->task, "min_age_days", 0, DAYS_MOST, &least);
  bool has_most = config_int(stages->workflow, stages->task, "max_age_days", 0, DAYS_MOST, &most);
  bar(stages);
  STAGE(stages, "keep ");
  /* The age is counted in whole days: it is at most 90 until 91 days are over. */
  if (has_least) write_from(stages->writer, key_span(stages, "min_age_days"), "released <= %" PRId64 "d ago", least);
  if (has_least && has_most) text_append_format(&stages->writer->text, " and ");
  if (has_most) write_from(stages->writer, key_span(stages, "max_age_days"), "released > %" PRId64 "d ago", most + 1);
  if (!has_least && !has_most) STAGE(stages, "released is not missing");
}

static bool include_missing(Stages *stages) {
  return config_bool(stages->workflow, stages->task, "include_missing", false);
}

static void write_release_year(Stages *stages) {
  int64_t least = 0, most = 0;
  bool has_least = config_int(stages->workflow, stages->task, "min_year", 1, 9999, &least);
  bool has_most = config_int(stages->workflow, stages->task, "max_year", 1, 9999, &most);
  if (!has_least && !has_most) {
    if (!config_given(stages->task, "min_year") && !config_given(stages->task, "max_year"))
      warn(stages, DIAG_WORKFLOW_MISSING_KEY, stages->span, "`filter.by_release_year` needs \"min_year\" or \"max_year\"", "");
    return;
  }
  bar(stages);
  STAGE(stages, "keep released in ");
  if (has_least) write_from(stages->writer, key_span(stages, "min_year"), "@%04" PRId64, least);
  text_append_format(&stages->writer->text, "..");
  if (has_most) write_from(stages->writer, key_span(stages, "max_year"), "@%04" PRId64, most);
  if (include_missing(stages)) write_from(stages->writer, key_span(stages, "include_missing"), " or released is missing");
}

/* `keep LOW and HIGH [or column is missing]`, each with a place of its own. */
static void write_bounds(Stages *stages, Text column, const char *low_key, Text low, const char *high_key, Text high) {
  bool missing = include_missing(stages);
  bar(stages);
  STAGE(stages, "keep ");
  if (low.length) write_from(stages->writer, key_span(stages, low_key), TEXT_FORMAT " >= " TEXT_FORMAT, TEXT_ARG(column), TEXT_ARG(low));
  if (low.length && high.length) text_append_format(&stages->writer->text, " and ");
  if (high.length) write_from(stages->writer, key_span(stages, high_key), TEXT_FORMAT " <= " TEXT_FORMAT, TEXT_ARG(column), TEXT_ARG(high));
  if (!low.length && !high.length) STAGE(stages, TEXT_FORMAT " is not missing", TEXT_ARG(column));
  if (missing) write_from(stages->writer, key_span(stages, "include_missing"), " or " TEXT_FORMAT " is missing", TEXT_ARG(column));
}

static Text milliseconds(Stages *stages, const char *key) {
  int64_t ms;
  if (!config_int(stages->workflow, stages->task, key, 0, INT64_C(1000000000000), &ms)) return (Text){"", 0};
  if (ms % 60000 == 0 && ms) return text_of(arena_format(stages->workflow->arena, "%" PRId64 "min", ms / 60000));
  if (ms % 1000 == 0 && ms) return text_of(arena_format(stages->workflow->arena, "%" PRId64 "s", ms / 1000));
  return text_of(arena_format(stages->workflow->arena, "%" PRId64 "ms", ms));
}

static Text number_text(Stages *stages, const char *key) {
  double number;
  if (!config_number(stages->workflow, stages->task, key, &number)) return (Text){"", 0};
  TextBuilder text = {.arena = stages->workflow->arena};
  append_decimal(&text, number);
  return text_built(&text);
}

static void write_metric_filter(Stages *stages) {
  Text column = metric_column(stages);
  if (!column.length) return;
  write_bounds(stages, column, "min_value", number_text(stages, "min_value"), "max_value", number_text(stages, "max_value"));
}

static void write_stream_filter(Stages *stages) {
  const char *key = config_given(stages->task, "exclusion_source") ? "exclusion_source" : "reference";
  Task *reference = config_given(stages->task, key) ? config_task(stages->workflow, stages->task, key) : stages->task->inputs.count > 1 ? stages->task->inputs.items[1] : NULL;
  if (!reference) {
    if (!config_given(stages->task, key)) warn(stages, DIAG_WORKFLOW_MISSING_KEY, stages->span, "it is not said which tracks are left out", "name a task in \"exclusion_source\"");
    return;
  }
  bool artists = stages->task->type == NODE_FILTER_ARTISTS;
  if (artists && config_bool(stages->workflow, stages->task, "exclude_all_artists", false))
    warn(stages, DIAG_WORKFLOW_DIFFERS, key_span(stages, "exclude_all_artists"), "only the first artists are compared", "tracks that share another artist stay");
  bar(stages);
  write_from(stages->writer, key_span(stages, key), "except " TEXT_FORMAT "%s", TEXT_ARG(reference->name), artists ? " by: artist" : "");
}

/* ---- what was played when ---- */

/* An ISO date or time as a literal; the empty text after an error. */
static Text instant_text(Stages *stages, const char *key) {
  Text text = config_text(stages->workflow, stages->task, key, true);
  if (!text.length) return text;
  /* ISO 8601 by agreement: a blank for the T */
  char *blank = text.length > 10 && text.bytes[10] == ' ' ? arena_copy(stages->workflow->arena, text.bytes, text.length + 1) : NULL;
  if (blank) {
    blank[10] = 'T';
    text.bytes = blank;
  }
  Date date;
  bool good = date_parse(text, &date, NULL) == STATUS_OK;
  if (!good) {
    Diag *diag = diag_report(stages->workflow->diags, DIAG_WORKFLOW_BAD_VALUE, key_span(stages, key), "\"" TEXT_FORMAT "\" is not a date", TEXT_ARG(text));
    diag_hint(stages->workflow->diags, diag, "such as 2024-01-31 or 2024-01-31T12:00:00Z");
    return (Text){"", 0};
  }
  bool zoned = text.bytes[text.length - 1] == 'Z' || date.precision <= DATE_DAY || date.has_offset;
  return text_of(arena_format(stages->workflow->arena, "@" TEXT_FORMAT "%s", TEXT_ARG(text), zoned ? "" : "Z"));
}

typedef struct Bound {
  const char *key, *sign;
  bool days; /* so many days ago, else a date */
} Bound;
static const Bound bounds[] = {
    {"start_date", ">=", false}, {"after_date", ">=", false},         {"end_date", "<", false},     {"before_date", "<", false},   {"not_played_in_days", "<", true},
    {"min_days_back", "<", true}, {"played_within_days", ">=", true}, {"max_days_back", ">=", true}, {"days_back", ">=", true},
};

/* All bounds hold together. False if there is none. */
static bool write_when(Stages *stages, const char *column) {
  size_t written = 0;
  for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
    const Bound *bound = &bounds[i];
    if (!node_takes(stages->task->type, text_of(bound->key)) || !config_given(stages->task, bound->key)) continue;
    Text value = {"", 0};
    int64_t days;
    if (!bound->days) value = instant_text(stages, bound->key);
    else if (config_int(stages->workflow, stages->task, bound->key, 0, DAYS_MOST, &days)) value = text_of(arena_format(stages->workflow->arena, "%" PRId64 "d ago", days));
    if (written == 0) {
      bar(stages);
      STAGE(stages, "keep ");
    } else {
      text_append_format(&stages->writer->text, " and ");
    }
    written++;
    write_from(stages->writer, key_span(stages, bound->key), "%s %s " TEXT_FORMAT, column, bound->sign, TEXT_ARG(value.length ? value : TEXT_LITERAL("0d ago")));
  }
  if (written && include_missing(stages)) write_from(stages->writer, key_span(stages, "include_missing"), " or %s is missing", column);
  return written > 0;
}

static bool says_forgotten(Text text) {
  static const char *const words[] = {"forgot", "Forgot", "haven't", "not played", "rediscover", "Rediscover", "neglected"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (text.length && strstr(text.bytes, words[i])) return true;
  return false;
}

static void write_history_filter(Stages *stages) {
  Workflow *workflow = stages->workflow;
  need_enricher(stages, NODE_ENRICH_HISTORY, stages->span);
  int64_t least = 0, most = 0;
  bool has_least = config_int(workflow, stages->task, "min_plays", 0, COUNT_MOST, &least);
  bool has_most = config_int(workflow, stages->task, "max_plays", 0, COUNT_MOST, &most);
  if (config_given(stages->task, "days_forward"))
    warn(stages, DIAG_WORKFLOW_IGNORED, key_span(stages, "days_forward"), "\"days_forward\" changes nothing: nothing was played in the future", "");
  if (has_least || has_most) {
    bar(stages);
    STAGE(stages, "keep ");
    if (has_least) write_from(stages->writer, key_span(stages, "min_plays"), "plays >= %" PRId64, least);
    if (has_least && has_most) text_append_format(&stages->writer->text, " and ");
    if (has_most) write_from(stages->writer, key_span(stages, "max_plays"), "plays <= %" PRId64, most);
  }
  bool when = write_when(stages, "last_played");
  if (!when && !has_least && !has_most) warn(stages, DIAG_WORKFLOW_MISSING_KEY, stages->span, "`filter.by_play_history` says nothing to filter by", "give it \"min_plays\", \"played_within_days\" or another bound");
  const char *within = config_given(stages->task, "played_within_days") ? "played_within_days" : "max_days_back";
  if (config_given(stages->task, within) && !config_given(stages->task, "not_played_in_days") && (says_forgotten(workflow->name) || says_forgotten(workflow->description)))
    warn(stages, DIAG_WORKFLOW_OPPOSITE, key_span(stages, within), "this keeps what was played lately; the description speaks of what was not", "\"not_played_in_days\" keeps the forgotten");
}

static void write_first_played(Stages *stages) {
  need_enricher(stages, NODE_ENRICH_HISTORY, stages->span);
  if (!write_when(stages, "first_played")) warn(stages, DIAG_WORKFLOW_MISSING_KEY, stages->span, "`filter.by_first_played_date` says nothing to filter by", "");
}

static void write_liked_filter(Stages *stages) {
  Text service = config_word(stages->workflow, stages->task, "service", "spotify lastfm mixd", "");
  bool liked = config_bool(stages->workflow, stages->task, "is_liked", true);
  const char *column = text_is(service, "spotify") ? "(spotify.liked ?? false)" : text_is(service, "lastfm") ? "(lastfm.loved ?? false)" : "liked";
  bar(stages);
  write_from(stages->writer, key_span(stages, "service"), "%s %s", liked ? "keep" : "drop", column);
}

static void write_tag_filter(Stages *stages, const char *key, Text namespace) {
  Text *tags;
  size_t count = config_list(stages->workflow, stages->task, key, &tags);
  bool all = stages->task->type == NODE_FILTER_TAG && text_is(config_word(stages->workflow, stages->task, "match_mode", "any all", "any"), "all");
  if (count == 0) {
    warn(stages, DIAG_WORKFLOW_BAD_VALUE, key_span(stages, key), "it is not said which tags", "");
    return;
  }
  bar(stages);
  STAGE(stages, "keep ");
  for (size_t i = 0; i < count; i++) {
    TextBuilder tag = {.arena = stages->workflow->arena};
    text_append_format(&tag, TEXT_FORMAT "%s" TEXT_FORMAT, TEXT_ARG(namespace), namespace.length ? ":" : "", TEXT_ARG(tags[i]));
    char bytes[TAG_MAX_LENGTH];
    size_t length = 0;
    bool good = tag_normalise(text_built(&tag), bytes, &length);
    Text normal = text_copy(stages->workflow->arena, (Text){bytes, length});
    if (!good) {
      Diag *diag = diag_report(stages->workflow->diags, DIAG_WORKFLOW_BAD_VALUE, key_span(stages, key), "`" TEXT_FORMAT "` is no tag", TEXT_ARG(tags[i]));
      diag_hint(stages->workflow->diags, diag, "a tag is %s", TAG_RULE);
      normal = TEXT_LITERAL("?");
    }
    write_from(stages->writer, key_span(stages, key), "%s\"" TEXT_FORMAT "\" in tags", i == 0 ? "" : all ? " and " : " or ", TEXT_ARG(normal));
  }
}

/* ---- orders and choices ---- */

static void write_sort(Stages *stages, const char *column, const char *key, bool descending_when, bool standard) {
  bool given = config_bool(stages->workflow, stages->task, key, standard);
  bar(stages);
  STAGE(stages, "sort %s%s", column, given == descending_when ? " desc" : "");
}

static void write_history_sort(Stages *stages) {
  int64_t days;
  need_enricher(stages, NODE_ENRICH_HISTORY, stages->span);
  const char *within = config_given(stages->task, "played_within_days") ? "played_within_days" : config_given(stages->task, "max_days_back") ? "max_days_back" : "days_back";
  bool window = node_takes(stages->task->type, text_of(within)) && config_int(stages->workflow, stages->task, within, 1, DAYS_MOST, &days);
  const char *column = window ? arena_format(stages->workflow->arena, "plays(%" PRId64 "d)", days) : "plays";
  static const char *const others[] = {"start_date", "end_date", "not_played_in_days", "min_days_back"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (config_given(stages->task, others[i])) warn(stages, DIAG_WORKFLOW_DIFFERS, key_span(stages, others[i]), "all plays are counted, not only those of this time", "\"played_within_days\" counts those of the last days");
  write_sort(stages, column, "reverse", true, true);
}

static void write_selection(Stages *stages, Text count) {
  Text method = config_word(stages->workflow, stages->task, "method", "first last random", "first");
  bar(stages);
  if (text_is(method, "random")) {
    STAGE(stages, "shuffle");
    bar(stages);
    STAGE(stages, "take " TEXT_FORMAT, TEXT_ARG(count));
  } else if (text_is(method, "last") && count.bytes[count.length - 1] == '%') {
    STAGE(stages, "reverse");
    bar(stages);
    STAGE(stages, "take " TEXT_FORMAT, TEXT_ARG(count));
    bar(stages);
    STAGE(stages, "reverse");
  } else {
    STAGE(stages, "%s " TEXT_FORMAT, text_is(method, "last") ? "last" : "take", TEXT_ARG(count));
  }
}

static void write_limit_tracks(Stages *stages) {
  int64_t count = 10;
  config_int(stages->workflow, stages->task, "count", 0, COUNT_MOST, &count);
  write_selection(stages, text_of(arena_format(stages->workflow->arena, "%" PRId64, count)));
}

static void write_percentage(Stages *stages) {
  int64_t share = 1;
  config_int(stages->workflow, stages->task, "percentage", 1, 100, &share);
  write_selection(stages, text_of(arena_format(stages->workflow->arena, "%" PRId64 "%%", share)));
}

static void write_shuffle(Stages *stages) {
  double strength = 0.5;
  int64_t seed;
  config_number(stages->workflow, stages->task, "shuffle_strength", &strength);
  if (strength < 0 || strength > 1) {
    warn(stages, DIAG_WORKFLOW_BAD_VALUE, key_span(stages, "shuffle_strength"), "\"shuffle_strength\" is between 0 and 1", "");
    return;
  }
  TextBuilder number = {.arena = stages->workflow->arena};
  append_decimal(&number, strength);
  bar(stages);
  STAGE(stages, "shuffle strength: " TEXT_FORMAT, TEXT_ARG(text_built(&number)));
  if (config_int(stages->workflow, stages->task, "seed", INT64_MIN, INT64_MAX, &seed)) write_from(stages->writer, key_span(stages, "seed"), " seed: %" PRId64, seed);
}

static void write_enricher(Stages *stages, const char *provider) {
  double hours;
  if (!config_number(stages->workflow, stages->task, "max_age_hours", &hours)) return;
  if (hours < 0 || hours > DAYS_MOST * 24.0) {
    warn(stages, DIAG_WORKFLOW_BAD_VALUE, key_span(stages, "max_age_hours"), "\"max_age_hours\" cannot be this", "");
    return;
  }
  int64_t minutes = (int64_t)(hours * 60 + 0.5);
  bar(stages);
  if (minutes % 60 == 0 && minutes) write_from(stages->writer, key_span(stages, "max_age_hours"), "enrich %s max_age: %" PRId64 "h", provider, minutes / 60);
  else write_from(stages->writer, key_span(stages, "max_age_hours"), "enrich %s max_age: %" PRId64 "min", provider, minutes);
}

/* ---- combiners and destinations ---- */

static void write_combiner(Stages *stages, const char *stage) {
  if (stages->task->inputs.count > 1) {
    bar(stages);
    STAGE(stages, "%s", stage);
  }
  if (!config_bool(stages->workflow, stages->task, "deduplicate", false)) return;
  bar(stages);
  write_from(stages->writer, key_span(stages, "deduplicate"), "unique");
}

static void write_destination(Stages *stages) {
  bool create = stages->task->type == NODE_CREATE_PLAYLIST;
  bar(stages);
  STAGE(stages, "to %s.playlist ", on_spotify(stages) ? "spotify" : "library");
  const JsonValue *name = config_value(stages->task, "name");
  if (!create) {
    write_playlist_id(stages);
    if (config_bool(stages->workflow, stages->task, "append", false)) write_from(stages->writer, key_span(stages, "append"), " mode: append");
    if (config_bool(stages->workflow, stages->task, "dry_run", false))
      warn(stages, DIAG_WORKFLOW_IGNORED, key_span(stages, "dry_run"), "\"dry_run\" is said when the program is run", "narada-run --dry-run");
    return;
  }
  if (name && name->kind == JSON_IS_TEXT && name->text.length) {
    write_template(stages->workflow, stages->writer, name);
  } else if (name) {
    config_text(stages->workflow, stages->task, "name", true);
    text_append_format(&stages->writer->text, "\"?\"");
  } else {
    STAGE(stages, "\"Narada Playlist\"");
  }
  text_append_format(&stages->writer->text, " mode: replace");
}

void write_task(Workflow *workflow, Writer *writer, Task *task) {
  Stages all = {workflow, writer, task, task->type_value ? task->type_value->span : task->span}, *stages = &all;
  switch (task->type) {
    case NODE_SOURCE_PLAYLIST:
      STAGE(stages, "from %s.playlist ", on_spotify(stages) ? "spotify" : "library");
      write_playlist_id(stages);
      break;
    case NODE_SOURCE_LIKED: write_liked(stages); break;
    case NODE_SOURCE_PLAYED: write_played(stages); break;
    case NODE_SOURCE_PREFERRED: write_preferred(stages); break;
    case NODE_ENRICH_LASTFM: write_enricher(stages, "lastfm"); break;
    case NODE_ENRICH_SPOTIFY: write_enricher(stages, "spotify"); break;
    case NODE_FILTER_UNIQUE:
      bar(stages);
      STAGE(stages, "unique");
      break;
    case NODE_FILTER_RELEASE_DATE: write_release_date(stages); break;
    case NODE_FILTER_RELEASE_YEAR: write_release_year(stages); break;
    case NODE_FILTER_DURATION: write_bounds(stages, TEXT_LITERAL("duration"), "min_ms", milliseconds(stages, "min_ms"), "max_ms", milliseconds(stages, "max_ms")); break;
    case NODE_FILTER_TRACKS:
    case NODE_FILTER_ARTISTS: write_stream_filter(stages); break;
    case NODE_FILTER_METRIC: write_metric_filter(stages); break;
    case NODE_FILTER_HISTORY: write_history_filter(stages); break;
    case NODE_FILTER_FIRST_PLAYED: write_first_played(stages); break;
    case NODE_FILTER_LIKED: write_liked_filter(stages); break;
    case NODE_FILTER_EXPLICIT: {
      Text keep = config_word(workflow, task, "keep", "explicit clean all", "all");
      if (text_is(keep, "all")) break;
      bar(stages);
      STAGE(stages, text_is(keep, "explicit") ? "keep explicit" : "drop explicit");
      break;
    }
    case NODE_FILTER_PREFERENCE: write_preference_filter(stages); break;
    case NODE_FILTER_TAG: write_tag_filter(stages, "tags", (Text){"", 0}); break;
    case NODE_FILTER_NAMESPACE:
      if (config_given(task, "values"))
        write_tag_filter(stages, "values", config_text(workflow, task, "namespace", true));
      else
        warn(stages, DIAG_WORKFLOW_CANNOT, stages->span, "a namespace without \"values\" cannot be said", "name the values that are wanted");
      break;
    case NODE_SORT_METRIC: {
      Text column = metric_column(stages);
      if (column.length) write_sort(stages, column.bytes, "reverse", true, true);
      break;
    }
    case NODE_SORT_POPULARITY:
      warn(stages, DIAG_WORKFLOW_NOT_GIVEN, stages->span, "Spotify gives its popularity to few applications since 2026", "where it is missing, nothing is sorted by it");
      write_sort(stages, "spotify.popularity", "reverse", true, true);
      break;
    case NODE_SORT_USER_PLAYS: write_sort(stages, "lastfm.plays", "reverse", true, true); break;
    case NODE_SORT_RELEASE_DATE: write_sort(stages, "released", "reverse", true, false); break;
    case NODE_SORT_HISTORY: write_history_sort(stages); break;
    case NODE_SORT_PREFERENCE: write_sort(stages, "rating", "reverse", true, true); break;
    case NODE_SORT_ADDED: write_sort(stages, "added", "ascending", false, true); break;
    case NODE_SORT_FIRST_PLAYED: write_sort(stages, "first_played", "ascending", false, true); break;
    case NODE_SORT_LAST_PLAYED: write_sort(stages, "last_played", "ascending", false, true); break;
    case NODE_SORT_REVERSE:
      bar(stages);
      STAGE(stages, "reverse");
      break;
    case NODE_SORT_SHUFFLE: write_shuffle(stages); break;
    case NODE_SELECT_LIMIT: write_limit_tracks(stages); break;
    case NODE_SELECT_PERCENTAGE: write_percentage(stages); break;
    case NODE_COMBINE_MERGE:
    case NODE_COMBINE_CONCAT: write_combiner(stages, "concat"); break;
    case NODE_COMBINE_INTERLEAVE: write_combiner(stages, "interleave"); break;
    case NODE_COMBINE_INTERSECT: write_combiner(stages, "intersect"); break;
    case NODE_CREATE_PLAYLIST:
    case NODE_UPDATE_PLAYLIST: write_destination(stages); break;
    default: break; /* the other enrichers: what they fetch is fetched where it is read */
  }
}
