/* workflow_int.h: what the files of the workflow reader share. Private to compiler/workflow/. */
#ifndef NARADA_COMPILER_WORKFLOW_INT_H
#define NARADA_COMPILER_WORKFLOW_INT_H

#include "base/vec.h"
#include "compiler/workflow/workflow.h"
#include "compiler/workflow/workflow_values.h"

typedef struct Task {
  Text id;
  Span span;      /* of its id, else of the whole */
  Text name;      /* in the program */
  NodeType type;  /* NODE_TYPE_COUNT after an error */
  Text written;   /* the type as written */
  const JsonValue *type_value;
  const JsonValue *value, *config; /* config is NULL where there is none */
  VEC(struct Task *) inputs;       /* the tasks upstream that exist, the primary one first */
  const JsonValue *upstream;
  /* While it is written: */
  struct Task **reads; /* its inputs beyond idle tasks */
  struct Task *except; /* the same of its reference */
  bool idle;         /* says nothing in the program */
  unsigned users;    /* tasks that read its stream */
  enum { TASK_UNSEEN, TASK_OPEN, TASK_DONE } state;
  bool reaches;      /* leads to a destination */
  unsigned searched; /* the last search that came by, see Workflow.searches */
} Task;

typedef struct WorkflowParam {
  Text name, type, doc;
  bool required;
  const JsonValue *value;
  const JsonValue *given; /* "default", or NULL */
  Text standard; /* after `|` in the first use of it */
  bool has_standard;
} WorkflowParam;

typedef struct Workflow {
  Arena *arena;
  SourceSet *sources;
  DiagList *diags;
  uint32_t source;
  const JsonValue *root;
  Text id, name, description;
  VEC(WorkflowParam) params;
  VEC(Task *) tasks;
  unsigned searches;
} Workflow;

/* ---- workflow_config.c: values of a task's config, coerced as workflows write them; what does not fit is told ---- */
bool config_given(Task *task, const char *key); /* null and, of `connector`, "" count as absent */
const JsonValue *config_value(Task *task, const char *key);
Text config_text(Workflow *workflow, Task *task, const char *key, bool required);
bool config_bool(Workflow *workflow, Task *task, const char *key, bool otherwise);
/* A whole number within least and most. */
bool config_int(Workflow *workflow, Task *task, const char *key, int64_t least, int64_t most, int64_t *out);
bool config_number(Workflow *workflow, Task *task, const char *key, double *out);
/* A list of texts, or one text with commas. */
size_t config_list(Workflow *workflow, Task *task, const char *key, Text **out);
Task *config_task(Workflow *workflow, Task *task, const char *key);
/* One of `words`, blank-separated; the empty text if it is another, which is told. */
Text config_word(Workflow *workflow, Task *task, const char *key, const char *words, const char *otherwise);
/* Tells of keys that are missing, and of those that the type does not take. */
void config_check_keys(Workflow *workflow, Task *task);

/* Appends a number as the language writes it: without an exponent. */
void append_decimal(TextBuilder *text, double number);

/* ---- workflow_graph.c ---- */
/* Tasks, their types and how they hang together. */
void workflow_check_graph(Workflow *workflow);
Task *task_named(const Workflow *workflow, Text id);
/* Tells of the keys that nothing has asked for; `what` is "a task" and the like. */
void workflow_unknown_keys(Workflow *workflow, const JsonValue *object, const char *what);
/* The task whose tracks a `filter.by_tracks` or `filter.by_artists` leaves out: the one named, which need not be upstream, else the second upstream; or NULL. */
Task *task_reference(const Workflow *workflow, Task *task);

/* ---- workflow_write.c: text with the places it came from ---- */
typedef struct Writer {
  TextBuilder text;
  VEC(SourceOrigin) origins;
} Writer;
/* Appends text that stands for `span`. */
void write_from(Writer *writer, Span span, const char *format, ...) NARADA_PRINTF(3, 4);
/* As a text in double quotes, whatever is in it. */
void write_plain(Writer *writer, Span span, Text text);
/* As a text in double quotes; `{parameters.x}` becomes the parameter, `{date}` the day, and in the name of a destination `{track_count}` the number. */
void write_template(Workflow *workflow, Writer *writer, const JsonValue *value, bool destination);

/* The length of `{date}`, `{parameters.x|standard}` or the like at the beginning of `text`, 0 if it begins with none; `{track_count}` is for a destination. */
size_t template_hole(Text text, bool destination);

/* ---- workflow.c ---- */
/* Whether a name means something in the language by itself, and so cannot be that of a stream or parameter. */
bool workflow_name_taken(Text name);
void write_comment(Writer *writer, Text text);
/* Gives every task of the workflow a name of its own, like its id. */
void workflow_name_tasks(Workflow *workflow);
/* The name of the file without folders and extension. */
Text workflow_file_stem(const Workflow *workflow);
/* Lays out what was written and adds it as a source; false after errors. */
bool workflow_finish(Workflow *workflow, Writer *writer, uint32_t *program);

/* ---- workflow_nsp.c: smart playlists of Navidrome ---- */
bool nsp_is(const JsonValue *root);
bool nsp_read(Workflow *workflow, uint32_t *program);

/* ---- workflow_stages.c ---- */
/* The source, stages or destination that the task says. */
void write_task(Workflow *workflow, Writer *writer, Task *task);

#endif
