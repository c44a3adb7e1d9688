/* stages_int.h: what the files that write tasks as stages share. Private to compiler/workflow/. */
#ifndef NARADA_COMPILER_STAGES_INT_H
#define NARADA_COMPILER_STAGES_INT_H

#include <inttypes.h>

#include "compiler/workflow/workflow_int.h"
#include "plan/catalogue.h"

/* What the stages of one task are written with. */
typedef struct Stages {
  Workflow *workflow;
  Writer *writer;
  Task *task;
  Span span; /* of the task's type: what a whole stage stands for */
} Stages;

#define STAGE(stages, ...) write_from((stages)->writer, (stages)->span, __VA_ARGS__)

/* ---- workflow_stages.c ---- */
void stages_bar(Stages *stages);
/* The place of a key's value; that of the task's type where it is not given. */
Span stages_key_span(Stages *stages, const char *key);
void stages_warn(Stages *stages, DiagCode code, Span span, const char *message, const char *hint);
/* Whether the task says Spotify, in one of the ways in which it can. */
bool stages_on_spotify(Stages *stages);
/* A playlist's link, id or name, from "playlist_id". */
void stages_playlist_id(Stages *stages);

/* ---- stages_metric.c ---- */
/* Tells if no enricher upstream gives what the task reads. */
void stages_need_enricher(Stages *stages, NodeType enricher, Span span);
/* The column of "metric_name"; empty after an error. */
Text stages_metric_column(Stages *stages);

/* ---- stages_source.c, stages_filter.c, stages_tag.c, stages_order.c: false for a type of another file ---- */
bool stages_source(Stages *stages);
bool stages_filter(Stages *stages);
bool stages_tag(Stages *stages);
bool stages_order(Stages *stages);

/* ---- stages_value.c: literals ---- */
/* So many milliseconds, as a duration in the largest unit that has no rest. */
void append_ms(TextBuilder *text, int64_t ms);
/* A date or time of "KEY" as a literal; the empty text after an error. */
Text stages_instant(Stages *stages, const char *key);

#endif
