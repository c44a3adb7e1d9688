#include "plan/catalogue.h"

static const ConnectorDef connectors[CONNECTOR_COUNT] = {
#define CONNECTOR(id, name, calls, page, batch, write, doc) {name, calls, page, batch, write, doc},
#include "connectors.def"
#undef CONNECTOR
};

/* `form` is ONE or LIST; the parentheses keep `rows` whole. */
static const FieldDef fields[FIELD_COUNT] = {
#define FIELD(id, name, rows, base, form, optional, provider, windowed, ttl, doc)  \
  {name,                                                                           \
   (rows),                                                                         \
   (Type)(TYPE_MAKE(BASE_##base, FORM_##form) | ((optional) ? TYPE_OPTIONAL : 0)), \
   PROVIDER_##provider,                                                            \
   (windowed),                                                                     \
   (ttl),                                                                          \
   doc},
#include "fields.def"
#undef FIELD
};

static const FunctionDef functions[FUNCTION_ID_COUNT] = {
#define FUNCTION(id, name, result, args, aggregate, doc) {name, result, args, aggregate, doc},
#include "functions.def"
#undef FUNCTION
};

static const ParamDef params[] = {
#define STAGE(id, name, group, inputs, input_rows, output, connector, effect, doc)
#define PARAM(stage, name, kind, flags, min, max, words, doc) \
  {STAGEID_##stage, name, kind, flags, min, max, words, doc},
#include "stages.def"
#undef STAGE
#undef PARAM
};

/* Numbers the params: PARAM_OF_x is the first param at or after stage x, so it is where x's own begin if it has any. */
#define LINE_NAME(prefix, line)    LINE_NAME_OF(prefix, line)
#define LINE_NAME_OF(prefix, line) prefix##line
enum {
#define STAGE(id, name, group, inputs, input_rows, output, connector, effect, doc) \
  FIRST_PARAM_##id, BEFORE_PARAM_##id = FIRST_PARAM_##id - 1,
#define PARAM(stage, name, kind, flags, min, max, words, doc) LINE_NAME(PARAM_AT_LINE_, __LINE__),
#include "stages.def"
#undef STAGE
#undef PARAM
};

/* Counts them: struct params_of_x has one byte, and one for each param that follows stage x. Never made, only measured.
 */
struct params_before_all {
  char none;
#define STAGE(id, name, group, inputs, input_rows, output, connector, effect, doc) \
  }                                                                                \
  ;                                                                                \
  struct params_of_##id {                                                          \
    char none;
#define PARAM(stage, name, kind, flags, min, max, words, doc) char LINE_NAME(param_at_line_, __LINE__);
#include "stages.def"
#undef STAGE
#undef PARAM
};

static const StageDef stages[STAGEID_COUNT] = {
#define STAGE(id, name, group, inputs, input_rows, output, connector, effect, doc) \
  {name,                                                                           \
   group,                                                                          \
   inputs,                                                                         \
   (input_rows),                                                                   \
   output,                                                                         \
   CONNECTOR_##connector,                                                          \
   effect,                                                                         \
   doc,                                                                            \
   params + FIRST_PARAM_##id,                                                      \
   sizeof(struct params_of_##id) - 1},
#define PARAM(stage, name, kind, flags, min, max, words, doc)
#include "stages.def"
#undef STAGE
#undef PARAM
};

const ConnectorDef *connector_def(ConnectorId id) {
  return &connectors[id];
}

static const char *const provider_names[PROVIDER_COUNT] = {"source", "track",       "library",     "spotify",
                                                           "lastfm", "musicbrainz", "listenbrainz"};

const char *provider_name(Provider provider) {
  return provider_names[provider];
}

ConnectorId provider_connector(Provider provider) {
  static const ConnectorId answering[PROVIDER_COUNT] = {
      [PROVIDER_SOURCE] = CONNECTOR_COUNT,
      [PROVIDER_TRACK] = CONNECTOR_LIBRARY,
      [PROVIDER_LIBRARY] = CONNECTOR_LIBRARY,
      [PROVIDER_SPOTIFY] = CONNECTOR_SPOTIFY,
      [PROVIDER_LASTFM] = CONNECTOR_LASTFM,
      [PROVIDER_MUSICBRAINZ] = CONNECTOR_MUSICBRAINZ,
      [PROVIDER_LISTENBRAINZ] = CONNECTOR_LISTENBRAINZ,
  };
  return answering[provider];
}

const FieldDef *field_def(FieldId id) {
  return &fields[id];
}

FieldId field_find(Text name) {
  for (int id = 0; id < FIELD_COUNT; id++) {
    if (text_is(name, fields[id].name)) return (FieldId)id;
  }
  return FIELD_COUNT;
}

const FunctionDef *function_def(FunctionId id) {
  return &functions[id];
}

FunctionId function_find(Text name) {
  for (int id = 0; id < FUNCTION_ID_COUNT; id++) {
    if (text_is(name, functions[id].name)) return (FunctionId)id;
  }
  return FUNCTION_ID_COUNT;
}

const char *stage_group_name(StageGroup group) {
  static const char *const names[] = {"source", "rows", "order", "choose", "combine", "group", "destination"};
  return names[group];
}

const StageDef *stage_def(StageId id) {
  return &stages[id];
}

/* The three namespaces of stage names. `show` is a destination that stands in a pipeline by itself. */
typedef enum Namespace { IN_PIPELINE, AFTER_FROM, AFTER_TO } Namespace;

static Namespace namespace_of(StageId id) {
  if (stages[id].group == GROUP_SOURCE) return AFTER_FROM;
  if (stages[id].group == GROUP_DESTINATION && id != STAGEID_SHOW) return AFTER_TO;
  return IN_PIPELINE;
}

static StageId find_in(Namespace space, Text name) {
  for (int id = 0; id < STAGEID_COUNT; id++) {
    if (namespace_of((StageId)id) == space && text_is(name, stages[id].name)) return (StageId)id;
  }
  return STAGEID_COUNT;
}

bool stage_gives(StageId id, FieldId field) {
  if (field == FIELD_LIKED_AT) return id == STAGEID_FROM_SPOTIFY_LIKES || id == STAGEID_FROM_LASTFM_LOVED || id == STAGEID_FROM_LISTENBRAINZ_LOVED;
  return id == STAGEID_FROM_LIBRARY_PLAYED && field_def(field)->provider == PROVIDER_LIBRARY && field_def(field)->windowed;
}

bool stage_is_written(StageId id) {
  return id != STAGEID_PER_END;
}

StageId stage_find(Text name) {
  return find_in(IN_PIPELINE, name);
}

StageId stage_find_source(Text name) {
  return find_in(AFTER_FROM, name);
}

StageId stage_find_destination(Text name) {
  return find_in(AFTER_TO, name);
}

const char *stage_prefix(StageId id) {
  static const char *const prefixes[] = {[IN_PIPELINE] = "", [AFTER_FROM] = "from ", [AFTER_TO] = "to "};
  return prefixes[namespace_of(id)];
}
