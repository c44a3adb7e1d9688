/* A task as the source, stages or destination that it says; here enrichers, combiners and destinations. */
#include <string.h>

#include "compiler/workflow/stages_int.h"
#include "plan/catalogue.h"

void stages_bar(Stages *stages) {
  text_append_format(&stages->writer->text, "\n| ");
}

Span stages_key_span(Stages *stages, const char *key) {
  const JsonValue *value = config_value(stages->task, key);
  return value ? value->span : stages->span;
}

void stages_warn(Stages *stages, DiagCode code, Span span, const char *message, const char *hint) {
  Diag *diag = diag_report(stages->workflow->diags, code, span, "%s", message);
  if (*hint) diag_hint(stages->workflow->diags, diag, "%s", hint);
}

/* ---- playlists ---- */

bool stages_on_spotify(Stages *stages) {
  bool implied = strstr(stages->task->written.bytes, "spotify_playlist") != NULL;
  Text operation = config_given(stages->task, "operation_type")
                       ? config_word(stages->workflow, stages->task, "operation_type", "update_internal update_spotify sync_bidirectional", "")
                       : (Text){"", 0};
  if (text_is(operation, "update_spotify") || text_is(operation, "sync_bidirectional")) implied = true;
  const JsonValue *connector = config_value(stages->task, "connector");
  if (!connector) return implied;
  if (connector->kind == JSON_IS_TEXT && text_is(connector->text, "lastfm")) {
    stages_warn(stages, DIAG_WORKFLOW_CANNOT, connector->span, "Last.fm gives programs no playlists", "read it from a file, or from Spotify");
    return false;
  }
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

void stages_playlist_id(Stages *stages) {
  const JsonValue *id = config_value(stages->task, "playlist_id");
  if (!id || id->kind != JSON_IS_TEXT || !id->text.length) {
    config_text(stages->workflow, stages->task, "playlist_id", true);
    text_append_format(&stages->writer->text, "\"?\"");
    return;
  }
  bool template = strstr(id->text.bytes, "{parameters.") != NULL;
  if (!template && is_placeholder(id->text))
    stages_warn(stages, DIAG_WORKFLOW_PLACEHOLDER, id->span, "this is a placeholder, not the id of a playlist", "put the playlist's link or id there");
  write_template(stages->workflow, stages->writer, id, node_category(stages->task->type) == CATEGORY_DESTINATION);
}

/* ---- enrichers, combiners and destinations ---- */

static void write_enricher(Stages *stages, const char *provider) {
  double hours;
  if (!config_number(stages->workflow, stages->task, "max_age_hours", &hours)) return;
  if (hours < 0 || hours > WORKFLOW_DAYS_MOST * 24.0) {
    Diag *diag = diag_report(stages->workflow->diags, DIAG_WORKFLOW_BAD_VALUE, stages_key_span(stages, "max_age_hours"), "\"max_age_hours\" cannot be this");
    diag_hint(stages->workflow->diags, diag, "0 to %d", WORKFLOW_DAYS_MOST * 24);
    return;
  }
  TextBuilder age = {.arena = stages->workflow->arena};
  append_ms(&age, (int64_t)(hours * 3600000 + 0.5));
  stages_bar(stages);
  write_from(stages->writer, stages_key_span(stages, "max_age_hours"), "enrich %s max_age: " TEXT_FORMAT, provider, TEXT_ARG(text_built(&age)));
}

/* What those programs count is counted here where it is read; what cannot be meant is told. */
static void check_history(Stages *stages) {
  static const char *const names[] = {"total_plays", "last_played_dates", "first_played_dates", "period_plays"};
  Workflow *workflow = stages->workflow;
  Text *metrics;
  size_t count = config_list(workflow, stages->task, "metrics", &metrics);
  bool period = false;
  int64_t days;
  for (size_t i = 0; i < count; i++) {
    bool known = false;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) known = known || text_is(metrics[i], names[k]);
    period = period || text_is(metrics[i], "period_plays");
    if (known) continue;
    Diag *diag = diag_report(workflow->diags, DIAG_WORKFLOW_BAD_VALUE, stages_key_span(stages, "metrics"), "no metric of plays is called `" TEXT_FORMAT "`", TEXT_ARG(metrics[i]));
    diag_hint(workflow->diags, diag, "total_plays, last_played_dates, first_played_dates or period_plays");
  }
  bool given = config_int(workflow, stages->task, "period_days", 1, WORKFLOW_DAYS_MOST, &days);
  if (given && !period)
    stages_warn(stages, DIAG_WORKFLOW_IGNORED, stages_key_span(stages, "period_days"), "\"period_days\" is for `period_plays`, which is not among the metrics", "");
  if (period && !config_given(stages->task, "period_days"))
    stages_warn(stages, DIAG_WORKFLOW_IGNORED, stages_key_span(stages, "metrics"), "`period_plays` needs \"period_days\"", "");
}

static void write_combiner(Stages *stages, const char *stage) {
  if (stages->task->inputs.count > 1) {
    stages_bar(stages);
    STAGE(stages, "%s", stage);
  }
  if (!config_bool(stages->workflow, stages->task, "deduplicate", false)) return;
  stages_bar(stages);
  write_from(stages->writer, stages_key_span(stages, "deduplicate"), "unique");
}

static void write_destination(Stages *stages) {
  bool create = stages->task->type == NODE_CREATE_PLAYLIST;
  stages_bar(stages);
  STAGE(stages, "to %s.playlist ", stages_on_spotify(stages) ? "spotify" : "library");
  const JsonValue *name = config_value(stages->task, "name");
  if (!create) {
    stages_playlist_id(stages);
    if (config_bool(stages->workflow, stages->task, "append", false)) write_from(stages->writer, stages_key_span(stages, "append"), " mode: append");
    if (config_bool(stages->workflow, stages->task, "dry_run", false))
      stages_warn(stages, DIAG_WORKFLOW_IGNORED, stages_key_span(stages, "dry_run"), "\"dry_run\" is said when the program is run", "narada-run --dry-run");
    return;
  }
  if (name && name->kind == JSON_IS_TEXT && name->text.length) {
    write_template(stages->workflow, stages->writer, name, true);
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
  stages_need_enricher(stages, node_needs(task->type), stages->span);
  if (stages_source(stages) || stages_filter(stages) || stages_tag(stages) || stages_order(stages)) return;
  switch (task->type) {
    case NODE_ENRICH_LASTFM: write_enricher(stages, "lastfm"); break;
    case NODE_ENRICH_SPOTIFY: write_enricher(stages, "spotify"); break;
    case NODE_ENRICH_HISTORY: check_history(stages); break;
    case NODE_COMBINE_MERGE:
    case NODE_COMBINE_CONCAT: write_combiner(stages, "concat"); break;
    case NODE_COMBINE_INTERLEAVE: write_combiner(stages, "interleave"); break;
    case NODE_COMBINE_INTERSECT: write_combiner(stages, "intersect"); break;
    case NODE_CREATE_PLAYLIST:
    case NODE_UPDATE_PLAYLIST: write_destination(stages); break;
    default: break; /* the other enrichers: what they fetch is fetched where it is read */
  }
}
