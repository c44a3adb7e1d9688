/* catalogue.h: the .def tables of stdlib as data: stages, fields, functions, connectors. */
#ifndef NARADA_PLAN_CATALOGUE_H
#define NARADA_PLAN_CATALOGUE_H

#include "base/digest.h"
#include "plan/type.h"

/* ---- connectors ---- */
typedef enum ConnectorId {
#define CONNECTOR(id, name, calls, page, batch, write, doc) CONNECTOR_##id,
#include "connectors.def"
#undef CONNECTOR
  CONNECTOR_COUNT
} ConnectorId;

typedef struct ConnectorDef {
  const char *name;
  uint16_t calls; /* a minute, see connectors.def; 0 = no service behind it */
  uint16_t page;  /* rows a call of a source brings at most */
  uint16_t batch; /* tracks a call of an enricher answers at most */
  uint16_t write; /* rows a call of a destination takes at most */
  const char *doc;
} ConnectorDef;
const ConnectorDef *connector_def(ConnectorId id);

/* ---- fields ---- */
typedef enum FieldId {
#define FIELD(id, name, rows, base, form, optional, provider, windowed, ttl, doc) FIELD_##id,
#include "fields.def"
#undef FIELD
  FIELD_COUNT
} FieldId;

/* Where a field's value comes from. */
typedef enum Provider {
  PROVIDER_SOURCE,  /* only what made the row knows it (position, added, played_at): missing from any other source */
  PROVIDER_TRACK,   /* a fact of the track: a file gives it, the store knows it */
  PROVIDER_LIBRARY, /* the own history and marks, from the store */
  PROVIDER_SPOTIFY,
  PROVIDER_LASTFM,
  PROVIDER_MUSICBRAINZ,
  PROVIDER_LISTENBRAINZ,
  PROVIDER_COUNT
} Provider;
const char *provider_name(Provider provider); /* "source", "track", "library", "spotify", ... */
/* The connector that must answer for it; CONNECTOR_COUNT for PROVIDER_SOURCE. */
ConnectorId provider_connector(Provider provider);

enum { ON_TRACK = 1 << ROWS_TRACK, ON_PLAY = 1 << ROWS_PLAY, ON_PLAYLIST = 1 << ROWS_PLAYLIST };

typedef struct FieldDef {
  const char *name; /* "lastfm.plays" */
  uint8_t rows;     /* ON_TRACK | ON_PLAY | ON_PLAYLIST */
  Type type;        /* with TYPE_OPTIONAL where a provider may not know */
  Provider provider;
  bool windowed; /* takes a window argument: plays(90d) */
  int32_t ttl_s; /* how long a fetched value is fresh, seconds; 0 = does not go stale */
  const char *doc;
} FieldDef;
const FieldDef *field_def(FieldId id);
/* The field called `name`, or FIELD_COUNT. */
FieldId field_find(Text name);

/* ---- functions of expressions ---- */
typedef enum FunctionId {
#define FUNCTION(id, name, result, args, aggregate, doc) FUNCTION_##id,
#include "functions.def"
#undef FUNCTION
  FUNCTION_ID_COUNT
} FunctionId;

/* Argument and result types are spelled one letter each, see functions.def. */
typedef struct FunctionDef {
  const char *name;
  const char *result;
  const char *args;
  bool aggregate; /* only inside `tally` */
  const char *doc;
} FunctionDef;
const FunctionDef *function_def(FunctionId id);
/* The first overload called `name`; overloads follow each other. FUNCTION_ID_COUNT if there is none. */
FunctionId function_find(Text name);

/* ---- stages ---- */
typedef enum StageId {
#define STAGE(id, name, group, inputs, input_rows, output, connector, effect, doc) STAGEID_##id,
#define PARAM(stage, name, kind, flags, min, max, words, doc)
#include "stages.def"
#undef STAGE
#undef PARAM
  STAGEID_COUNT
} StageId;

typedef enum StageGroup {
  GROUP_SOURCE,
  GROUP_ROWS,
  GROUP_ORDER,
  GROUP_CHOOSE,
  GROUP_COMBINE,
  GROUP_GROUP,
  GROUP_DESTINATION, /* named after `to`, except `show` */
} StageGroup;
const char *stage_group_name(StageGroup group);

typedef enum StageInputs {
  INPUTS_NONE, /* a source */
  INPUTS_ONE,
  INPUTS_MANY,   /* a bundle of two or more */
  INPUTS_SET,    /* one main stream and one or more streams by argument, or a bundle */
} StageInputs;

/* What comes out. */
typedef enum StageOutput {
  OUTPUT_TRACKS,
  OUTPUT_PLAYS,
  OUTPUT_PLAYLISTS,
  OUTPUT_BY_WORD, /* a source whose `rows:` option says tracks, plays or playlists; tracks without it */
  OUTPUT_SAME,    /* the columns of the input */
  OUTPUT_UNION,   /* of all inputs, see plan_infer.h */
  OUTPUT_ADD,     /* the input and the columns of its named expressions */
  OUTPUT_TALLY,   /* anonymous: the keys, then the named results */
  OUTPUT_ENRICH,  /* the input and the columns it names */
} StageOutput;

typedef enum StageEffect { EFFECT_NONE, EFFECT_READ, EFFECT_WRITE } StageEffect;

typedef enum ParamKind {
  PARAM_INT,      /* whole number within min..max */
  PARAM_COUNT,    /* whole number, or a percentage (0%..100%) */
  PARAM_NUMBER,   /* float within min..max */
  PARAM_PERCENT,
  PARAM_BOOL,
  PARAM_TEXT,
  PARAM_TAG,      /* a text that is a tag, see base/tag.h */
  PARAM_PATH,     /* a text naming a file; may not be empty */
  PARAM_PLAYLIST, /* a text naming a playlist */
  PARAM_WINDOW,   /* a duration, a date or a range of dates */
  PARAM_DURATION,
  PARAM_WORD,     /* one bare name of `words`, blank-separated */
  PARAM_CONDITION, /* bool expression on the row */
  PARAM_KEY,      /* any comparable expression on the row */
  PARAM_KEYS,     /* one or more of them, each with asc or desc */
  PARAM_IDENTITY, /* a bare word of `words` (track artist isrc title), or an expression on the row */
  PARAM_STREAM,   /* the name of a let, or { pipeline } */
  PARAM_NAMED,    /* any number of `name: expression` */
  PARAM_RESULTS,  /* any number of `name: expression of aggregates` */
  PARAM_PROVIDER, /* a bare provider name */
  PARAM_BLOCK,    /* { stages } */
  PARAM_SINCE,    /* a bare word of `words`, or a time or date */
  PARAM_SHARE,    /* float 0..1, or a percentage (0%..100%) */
  PARAM_WEIGHT,   /* a number on the row: int, float or percent */
  PARAM_WEIGHTS,  /* list of whole numbers within min..max, one for each input of the stage */
} ParamKind;

enum {
  PARAM_REQUIRED = 1,
  PARAM_POSITIONAL = 2, /* else by name only */
  PARAM_REPEATED = 4,   /* takes all further positionals */
  PARAM_RESOURCE = 8,   /* names what the stage reads or writes, for the effects */
  PARAM_HIDDEN = 16,    /* given by the compiler, never written */
  PARAM_EITHER = 32,    /* exactly one of the stage's parameters so marked is given */
  PARAM_WITH_FIRST = 64, /* only together with the stage's first parameter */
};

typedef struct ParamDef {
  StageId stage;
  const char *name;
  ParamKind kind;
  uint8_t flags;
  int64_t min, max;  /* PARAM_INT, PARAM_COUNT (the number), PARAM_NUMBER, PARAM_WEIGHTS (each) */
  const char *words; /* PARAM_WORD, PARAM_IDENTITY, PARAM_PROVIDER: the valid words, blank-separated */
  const char *doc;
} ParamDef;

typedef struct StageDef {
  const char *name; /* "take", "spotify.export", "file.csv"; a destination is found by stage_find_destination */
  StageGroup group;
  StageInputs inputs;
  uint8_t input_rows; /* ON_... of what it accepts, 0xFF = any */
  StageOutput output;
  ConnectorId connector; /* CONNECTOR_COUNT = none */
  StageEffect effect;
  const char *doc;
  const ParamDef *params; /* in the order of stages.def */
  uint8_t param_count;
} StageDef;
enum { STAGE_MAX_PARAMS = 16, ACCEPTS_ANY = 0xFF };

const StageDef *stage_def(StageId id);
StageId stage_find(Text name);             /* a stage of a pipeline (`show` too), or STAGEID_COUNT */
/* Whether a source gives a field for which the library is asked otherwise: a service's likes `liked_at`, `library.played` the figures of the whole history. */
bool stage_gives(StageId id, FieldId field);
bool stage_is_written(StageId id);         /* false for what only the compiler makes */
StageId stage_find_source(Text name);      /* after `from` */
StageId stage_find_destination(Text name); /* after `to` */
const char *stage_prefix(StageId id);      /* what stands before the name in a program and in an import: "from ", "to " or "" */

/* Hash of all four tables: names, kinds, types, ranges, words; not the docs. The catalogue id of a plan. */
Digest catalogue_digest(void);
/* Hash of one row with its params, the signature a plan's import carries: first 8 bytes, little-endian. */
uint64_t stage_signature(StageId id);
uint64_t field_signature(FieldId id);
uint64_t function_signature(FunctionId id);

#endif
