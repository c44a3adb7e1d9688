/* smarter_int.h: what the files that read programs of SmarterPlaylists share.
 *
 * A component has a type, settings and inputs. Three shapes are about:
 *   {"_type": "First", "source": "a", "sample_size": 5}                                   all in one, as written by hand
 *   {"type": "First", "params": {"sample_size": 5}, "source": "a", "maxInputs": 1, ...}   as the first editor kept them
 *   {"type": "First", "params": {"sample_size": 5}, "sources": {"source": "a"}, ...}      as the second does */
#ifndef NARADA_COMPILER_SMARTER_INT_H
#define NARADA_COMPILER_SMARTER_INT_H

#include <inttypes.h>

#include "compiler/workflow/smarter.h"

typedef enum SmarterType {
#define COMPONENT(id, name, category, lost) SMARTER_##id,
#include "smarter.def"
  SMARTER_TYPE_COUNT
} SmarterType;

typedef enum SmarterCategory { SMARTER_SOURCE, SMARTER_LOST, SMARTER_NOTHING, SMARTER_STAGES, SMARTER_COMBINER, SMARTER_CHOICE, SMARTER_SINK } SmarterCategory;
typedef enum SmarterPort { PORT_MAIN, PORT_OTHER, PORT_THIRD, PORT_COUNT } SmarterPort;

typedef struct SmarterInput {
  SmarterType type;
  const char *key;
  SmarterPort port;
  bool many;
} SmarterInput;

typedef struct SmarterSetting {
  SmarterType type;
  const char *key;
  KeyNeed need;
} SmarterSetting;

typedef enum AttributeKind { ATTRIBUTE_TEXT, ATTRIBUTE_SECONDS, ATTRIBUTE_AMOUNT, ATTRIBUTE_DATE, ATTRIBUTE_TRUTH } AttributeKind;
typedef struct SmarterAttribute {
  const char *name;
  const char *column; /* "" = nobody gives it */
  AttributeKind kind;
} SmarterAttribute;

typedef struct Component {
  Task task; /* its id, name, settings (config) and users */
  SmarterType type; /* SMARTER_TYPE_COUNT after an error */
  VEC(struct Component *) inputs[PORT_COUNT];
  VEC(Span) places[PORT_COUNT]; /* where the inputs are named */
  bool lost;                    /* none of its tracks can be had here */
} Component;

typedef struct Smarter {
  Workflow *workflow;
  Writer writer;
  VEC(Component *) all;     /* as written */
  VEC(Component *) reached; /* those that the program runs, inputs first */
} Smarter;

/* ---- smarter_types.c ---- */
SmarterType smarter_type_find(Text name);
Text smarter_type_nearest(Text name);
const char *smarter_type_name(SmarterType type);
SmarterCategory smarter_category(SmarterType type);
const char *smarter_reason(SmarterType type); /* why it is left out; "" */
extern const SmarterInput smarter_inputs[];
extern const size_t smarter_input_count;
extern const SmarterSetting smarter_settings[];
extern const size_t smarter_setting_count;
/* NULL for a name that is none. */
const SmarterAttribute *smarter_attribute(Text name);
Text smarter_attribute_nearest(Text name);

/* ---- smarter_graph.c ---- */
/* The components, and which of them run; NULL after an error. Tells of what does not run. */
Component *smarter_read_graph(Smarter *smarter);
/* Of a comment its text, or something else where it has none; NULL for any other component. */
const JsonValue *smarter_comment(const Component *component);
/* Which of the two inputs a CHOICE takes. */
SmarterPort smarter_chosen(Smarter *smarter, Component *component);

/* ---- smarter_stages.c ---- */
/* A source as "from ...", or the stages that the component puts behind its input, each with its bar. */
void smarter_source(Smarter *smarter, Component *component);
void smarter_stages(Smarter *smarter, Component *component);
/* The combination of what stands in the writer as "from a, b". `count` is the number of its main inputs that are left. */
void smarter_combine(Smarter *smarter, Component *component, size_t count);
Diag *smarter_tell(Smarter *smarter, DiagCode code, Span span, const char *message);
/* The place of a setting, or of the component's type. */
Span smarter_place(const Component *component, const char *key);

/* ---- smarter_values.c: conditions and literals; false, and nothing written, for what cannot be said or is wrong, which is told ---- */
bool smarter_title_condition(Smarter *smarter, Component *component);
/* By what a Sorter sorts; NULL if that cannot be said, or is wrong. */
const SmarterAttribute *smarter_sort_attribute(Smarter *smarter, Component *component);
bool smarter_range(Smarter *smarter, Component *component);
bool smarter_ago(Smarter *smarter, Component *component, const char *key, Text *out);
bool smarter_epoch(Smarter *smarter, Component *component, const char *key, Text *out);
/* A duration of so many seconds in its largest unit without a rest. */
Text smarter_duration(Arena *arena, int64_t seconds);
bool smarter_date(Smarter *smarter, Component *component, const char *key, Text *out);

#endif
