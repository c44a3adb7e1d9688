/* export_int.h: what the files of the exporter share. Private to compiler/workflow/. */
#ifndef NARADA_COMPILER_EXPORT_INT_H
#define NARADA_COMPILER_EXPORT_INT_H

#include "compiler/workflow/export.h"
#include "compiler/workflow/workflow_values.h"

typedef struct ExportPair {
  const char *key;
  Text json; /* the value, as JSON */
} ExportPair;

typedef struct ExportTask {
  Text id;
  NodeType type;
  VEC(struct ExportTask *) inputs; /* the main one first */
  VEC(ExportPair) config;
  VEC(const char *) metrics; /* of an enricher of plays */
  int64_t period_days;       /* the same, 0 = no period */
} ExportTask;

/* What becomes of a node. */
typedef struct ExportNode {
  Node *reader;     /* the only node that reads it, as its main stream; NULL if there is none or more */
  unsigned readers;
  Text name;        /* of the `let`; empty without one */
  Text description; /* of a destination */
  Node *first;      /* of the last node of several that are one task: the first of them */
  bool within;      /* of such nodes another one */
  bool written;
  ExportTask *task; /* that gives its rows; NULL where it could not be said */
} ExportNode;

typedef struct Exporter {
  Arena *arena;
  Graph *graph;
  DiagList *diags;
  ExportNode *nodes; /* by Node.number */
  VEC(ExportTask *) tasks;
  VEC(Text) names; /* that are taken */
} Exporter;

ExportNode *export_node(const Exporter *exporter, const Node *node);
/* The argument given for the parameter, or NULL. */
const NodeArg *export_arg(const Node *node, const char *param);
Diag *export_cannot(Exporter *exporter, DiagCode code, Span span, const char *hint, const char *format, ...) NARADA_PRINTF(5, 6);

/* A task of the type that reads `input` (NULL = nothing), named after `name` or else its type. The last one of a node bears the node's name. */
ExportTask *export_task(Exporter *exporter, NodeType type, ExportTask *input);
void export_config(Exporter *exporter, ExportTask *task, const char *key, Text json);
void export_config_text(Exporter *exporter, ExportTask *task, const char *key, Text text);
void export_config_integer(Exporter *exporter, ExportTask *task, const char *key, int64_t integer);
void export_config_number(Exporter *exporter, ExportTask *task, const char *key, double number);
void export_config_bool(Exporter *exporter, ExportTask *task, const char *key, bool value);

/* ---- export_settle.c ---- */
/* Makes what a use of a stage was given as good as written there; with `defaults` also parameters that no text holds, which then are none any more. */
void export_settle(Exporter *exporter, bool defaults);

/* ---- export_value.c ---- */
/* The first parameter in an expression, or NULL: it may be why something cannot be said. */
const Typed *export_param_in(const Typed *typed);
/* Tells that no task holds a parameter there. */
void export_cannot_param(Exporter *exporter, const Typed *param);
/* A whole number that is known now and within the limits; else told. */
bool export_integer(Exporter *exporter, const Typed *value, int64_t least, int64_t most, int64_t *out);
/* The column of a plain field, NULL for anything else. */
const ColumnRef *export_column(const Typed *typed);
/* Of `plays(90d)` 90, of a column without a window 0, of any other window -1. */
int64_t export_window_days(const ColumnRef *column);
/* The name of a metric and what enriches it, told where the column is none. `input` is extended by the enricher if it has none. */
const char *export_metric(Exporter *exporter, const ColumnRef *column, Span span, ExportTask **input);
/* The enricher that the tasks of a type need, after `input` if none stands upstream that gives the metric (NULL = any). */
ExportTask *export_enriched(Exporter *exporter, ExportTask *input, NodeType enricher, const char *metric, int64_t period_days);

/* ---- export_text.c ---- */
/* A text as a template; false (told) if a workflow would read it otherwise. */
bool export_template(Exporter *exporter, const Typed *value, bool destination, Text *out);

/* ---- export_condition.c: `keep` and `drop` ---- */
ExportTask *export_condition(Exporter *exporter, const Node *node, ExportTask *input);

/* ---- export_order.c: sorters and selectors ---- */
/* False for a stage of another kind. */
bool export_order(Exporter *exporter, const Node *node, ExportTask **stream);
/* Marks `shuffle | take` and `reverse | take | reverse` as one task. */
void export_find_selections(Exporter *exporter);
ExportTask *export_selection(Exporter *exporter, const Node *first, const Node *last, ExportTask *input);

/* ---- export_source.c ---- */
/* Marks the stages behind a source that belong to its task. */
void export_find_sources(Exporter *exporter);
ExportTask *export_source(Exporter *exporter, const Node *first, const Node *last);

/* ---- export_combine.c: combiners, exceptions and destinations ---- */
bool export_combine(Exporter *exporter, const Node *node, ExportTask **stream);
/* Tells of a playlist that is named where those programs want an id. */
void export_check_id(Exporter *exporter, const Typed *value, bool spotify);

/* ---- export_json.c ---- */
Text export_json(Exporter *exporter, Text name);
/* Whether parameters can be said; else told. */
bool export_params(Exporter *exporter);

/* The next of a chain: the only reader, if the stream has no name. */
Node *export_next(const Exporter *exporter, const Node *node);

#endif
