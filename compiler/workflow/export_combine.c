/* Combiners, exceptions, enrichers and destinations. */
#include "compiler/workflow/export_int.h"

#include <string.h>

/* The word of `by:`; empty where it is not said, NULL bytes for an expression. */
static Text identity_of(const Node *node, Span *span) {
  const NodeArg *by = export_arg(node, "by");
  if (!by) return (Text){"", 0};
  *span = by->span;
  if (by->kind == NODE_WORD) return by->word;
  const ColumnRef *column = by->value ? export_column(by->value) : NULL;
  return column ? column->name : (Text){NULL, 0};
}

/* Whether tracks are compared as tracks; else told. */
static bool is_by_track(Exporter *exporter, const Node *node) {
  Span span = node->span;
  Text by = identity_of(node, &span);
  if (by.bytes && (by.length == 0 || text_is(by, "track"))) return true;
  export_cannot(exporter, DIAG_EXPORT_STAGE, span, "", "no task of a workflow compares tracks by this");
  return false;
}

/* The tasks that give the inputs, each once: a second use gets a task that hands on the first one's tracks. */
static ExportTask *combiner(Exporter *exporter, const Node *node, NodeType type) {
  VEC(ExportTask *) inputs = {0};
  for (size_t i = 0; i < node->input_count; i++) {
    ExportTask *input = export_node(exporter, node->inputs[i])->task;
    bool again = false;
    for (size_t k = 0; k < inputs.count; k++) again = again || inputs.items[k] == input;
    if (again) input = export_task(exporter, NODE_COMBINE_MERGE, input);
    vec_push(exporter->arena, &inputs, input);
  }
  ExportTask *task = export_task(exporter, type, NULL);
  for (size_t i = 0; i < inputs.count; i++)
    if (inputs.items[i]) vec_push(exporter->arena, &task->inputs, inputs.items[i]);
  return task;
}

static ExportTask *combine(Exporter *exporter, const Node *node) {
  const NodeArg *weights = export_arg(node, "weights");
  if (weights) export_cannot(exporter, DIAG_EXPORT_STAGE, weights->span, "", "no combiner of a workflow takes weights");
  if (node->stage == STAGEID_INTERLEAVE) return combiner(exporter, node, NODE_COMBINE_INTERLEAVE);
  if (node->stage == STAGEID_CONCAT) return combiner(exporter, node, NODE_COMBINE_MERGE);
  if (!is_by_track(exporter, node)) return NULL;
  if (node->stage == STAGEID_INTERSECT) return combiner(exporter, node, NODE_COMBINE_INTERSECT);
  ExportTask *task = combiner(exporter, node, NODE_COMBINE_MERGE);
  export_config_bool(exporter, task, "deduplicate", true);
  return task;
}

/* Other streams' tracks or artists left out, one stream after another. */
static ExportTask *except(Exporter *exporter, const Node *node, ExportTask *stream) {
  Span span = node->span;
  Text by = identity_of(node, &span);
  bool all = by.bytes && text_is(by, "artists"), artists = all || (by.bytes && text_is(by, "artist"));
  if (!artists && !is_by_track(exporter, node)) return stream;
  for (size_t i = 1; i < node->input_count; i++) {
    ExportTask *other = export_node(exporter, node->inputs[i])->task;
    stream = export_task(exporter, artists ? NODE_FILTER_ARTISTS : NODE_FILTER_TRACKS, stream);
    if (other && stream->inputs.count && other != stream->inputs.items[0]) vec_push(exporter->arena, &stream->inputs, other);
    if (all) export_config_bool(exporter, stream, "exclude_all_artists", true);
  }
  return stream;
}

/* ---- enrichers ---- */

static ExportTask *enrich(Exporter *exporter, const Node *node, ExportTask *stream) {
  const NodeArg *provider = export_arg(node, "provider"), *age = export_arg(node, "max_age");
  bool lastfm = text_is(provider->word, "lastfm"), spotify = text_is(provider->word, "spotify");
  if (!lastfm && !spotify) {
    export_cannot(exporter, DIAG_EXPORT_STAGE, node->span, "leave it out: what is read is fetched where it is read", "no enricher of a workflow asks %.*s here", TEXT_ARG(provider->word));
    return stream;
  }
  if (age && (age->value->kind != TYPED_CONSTANT || age->value->literal.duration.months)) {
    export_cannot(exporter, DIAG_EXPORT_VALUE, age->value->span, "hours can be said, as in `24h`", "a task needs a length of time that is written down");
    return stream;
  }
  ExportTask *task = export_task(exporter, lastfm ? NODE_ENRICH_LASTFM : NODE_ENRICH_SPOTIFY, stream);
  if (age) export_config_number(exporter, task, "max_age_hours", (double)age->value->literal.duration.ms / 3600000);
  return task;
}

/* ---- destinations ---- */

static bool is_hex_id(Text id) {
  static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (id.length != sizeof form - 1) return false;
  for (size_t i = 0; i < id.length; i++)
    if (form[i] == '-' ? id.bytes[i] != '-' : !memchr("0123456789abcdefABCDEF", id.bytes[i], 22)) return false;
  return true;
}

static bool is_spotify_id(Text id) {
  static const char *const before[] = {"spotify:playlist:", "https://open.spotify.com/playlist/"};
  for (size_t i = 0; i < 2; i++)
    if (id.length > strlen(before[i]) && memcmp(id.bytes, before[i], strlen(before[i])) == 0) return true;
  bool letters = id.length == 22;
  for (size_t i = 0; i < id.length && letters; i++) {
    char c = id.bytes[i];
    letters = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
  return letters;
}

void export_check_id(Exporter *exporter, const Typed *value, bool spotify) {
  if (value->kind != TYPED_CONSTANT || (spotify ? is_spotify_id(value->literal.text) : is_hex_id(value->literal.text))) return;
  export_cannot(exporter, DIAG_EXPORT_BY_NAME, value->span, spotify ? "put its link or id there" : "", "other programs find a playlist by its id only");
}

static ExportTask *destination(Exporter *exporter, const Node *node, bool spotify, ExportTask *stream) {
  const NodeArg *name = export_arg(node, spotify ? "playlist" : "name"), *mode = export_arg(node, "mode");
  bool create = mode && text_is(mode->word, "replace");
  Text text;
  if (!export_template(exporter, name->value, true, &text)) return stream;
  if (!create) export_check_id(exporter, name->value, spotify);
  ExportTask *task = export_task(exporter, create ? NODE_CREATE_PLAYLIST : NODE_UPDATE_PLAYLIST, stream);
  export_config_text(exporter, task, create ? "name" : "playlist_id", text);
  Text description = export_node(exporter, node)->description;
  if (description.length) export_config_text(exporter, task, "description", description);
  if (spotify) export_config_text(exporter, task, "connector", TEXT_LITERAL("spotify"));
  if (mode && text_is(mode->word, "append")) export_config_bool(exporter, task, "append", true);
  return task;
}

bool export_combine(Exporter *exporter, const Node *node, ExportTask **stream) {
  switch (node->stage) {
    case STAGEID_UNIQUE:
      if (is_by_track(exporter, node)) *stream = export_task(exporter, NODE_FILTER_UNIQUE, *stream);
      return true;
    case STAGEID_CONCAT:
    case STAGEID_INTERLEAVE:
    case STAGEID_UNION:
    case STAGEID_INTERSECT: *stream = combine(exporter, node); return true;
    case STAGEID_EXCEPT: *stream = except(exporter, node, *stream); return true;
    case STAGEID_ENRICH: *stream = enrich(exporter, node, *stream); return true;
    case STAGEID_TO_LIBRARY_PLAYLIST: *stream = destination(exporter, node, false, *stream); return true;
    case STAGEID_TO_SPOTIFY_PLAYLIST: *stream = destination(exporter, node, true, *stream); return true;
    default: break;
  }
  if (stage_def(node->stage)->group != GROUP_DESTINATION) return false;
  export_cannot(exporter, DIAG_EXPORT_DESTINATION, node->span, "`to library.playlist` and `to spotify.playlist` can be said", "no task writes this");
  return true;
}
