/* From checked streams to tasks. */
#include "compiler/workflow/export_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "compiler/check/module.h"
#include "compiler/workflow/workflow_int.h"

ExportNode *export_node(const Exporter *exporter, const Node *node) {
  return &exporter->nodes[node->number];
}

const NodeArg *export_arg(const Node *node, const char *param) {
  for (size_t i = 0; i < node->arg_count; i++)
    if (strcmp(stage_def(node->stage)->params[node->args[i].param].name, param) == 0) return &node->args[i];
  return NULL;
}

Diag *export_cannot(Exporter *exporter, DiagCode code, Span span, const char *hint, const char *format, ...) {
  char message[400];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  Diag *diag = diag_report(exporter->diags, code, span, "%s", message);
  if (hint && *hint) diag_hint(exporter->diags, diag, "%s", hint);
  return diag;
}

Node *export_next(const Exporter *exporter, const Node *node) {
  const ExportNode *of = export_node(exporter, node);
  return of->name.length ? NULL : of->reader;
}

/* ---- names ---- */

static bool is_taken(const Exporter *exporter, Text name) {
  for (size_t i = 0; i < exporter->names.count; i++)
    if (text_equal(exporter->names.items[i], name)) return true;
  return workflow_name_taken(name);
}

/* What stands behind the dot of the type, with a number if it is taken. */
static Text new_name(Exporter *exporter, NodeType type) {
  const char *behind = strchr(node_type_name(type), '.') + 1;
  Text name = text_of(behind);
  for (unsigned number = workflow_name_taken(name) ? 1 : 2; is_taken(exporter, name); number++) name = text_of(arena_format(exporter->arena, "%s_%u", behind, number));
  vec_push(exporter->arena, &exporter->names, name);
  return name;
}

ExportTask *export_task(Exporter *exporter, NodeType type, ExportTask *input) {
  ExportTask *task = arena_alloc(exporter->arena, sizeof *task);
  *task = (ExportTask){.type = type};
  if (input) vec_push(exporter->arena, &task->inputs, input);
  vec_push(exporter->arena, &exporter->tasks, task);
  return task;
}

/* ---- configs ---- */

void export_config(Exporter *exporter, ExportTask *task, const char *key, Text json) {
  vec_push(exporter->arena, &task->config, (ExportPair){key, json});
}

void export_config_text(Exporter *exporter, ExportTask *task, const char *key, Text text) {
  TextBuilder json = {.arena = exporter->arena};
  json_append_string(&json, text);
  export_config(exporter, task, key, text_built(&json));
}

void export_config_integer(Exporter *exporter, ExportTask *task, const char *key, int64_t integer) {
  export_config(exporter, task, key, text_of(arena_format(exporter->arena, "%lld", (long long)integer)));
}

void export_config_number(Exporter *exporter, ExportTask *task, const char *key, double number) {
  TextBuilder json = {.arena = exporter->arena};
  append_decimal(&json, number);
  export_config(exporter, task, key, text_built(&json));
}

void export_config_bool(Exporter *exporter, ExportTask *task, const char *key, bool value) {
  export_config(exporter, task, key, text_of(value ? "true" : "false"));
}

/* ---- stages ---- */

static bool is_source(const Node *node) {
  return stage_def(node->stage)->inputs == INPUTS_NONE;
}

/* Rows that are no tracks come from a source or stage that was told; what follows it would only add noise. */
static bool is_about_tracks(const Node *node) {
  for (size_t i = 0; i < node->input_count; i++)
    if (node->inputs[i]->type.kind != ROWS_TRACK) return false;
  return !node->per;
}

static ExportTask *write_node(Exporter *exporter, const Node *node, ExportTask *input) {
  ExportTask *stream = input;
  if (!is_about_tracks(node) || node->stage == STAGEID_PER_END) return stream;
  switch (node->stage) {
    case STAGEID_KEEP:
    case STAGEID_DROP: return export_condition(exporter, node, stream);
    default: break;
  }
  if (export_order(exporter, node, &stream) || export_combine(exporter, node, &stream)) return stream;
  export_cannot(exporter, DIAG_EXPORT_STAGE, node->span, "", "no task does what `%s` does", stage_def(node->stage)->name);
  return stream;
}

static void write_whole(Exporter *exporter, Node *node);

static bool is_combiner(const Node *node) {
  return node->input_count > 1 && node->stage != STAGEID_EXCEPT;
}

static Node *first_of(const Exporter *exporter, Node *node) {
  Node *first = export_node(exporter, node)->first;
  return first ? first : node;
}

/* The streams that a chain of stages takes besides its own, which an imported workflow has before it. */
static void write_others(Exporter *exporter, Node *node) {
  const Node *first = first_of(exporter, node);
  if (export_node(exporter, node)->written || !first->input_count) return;
  bool apart = is_combiner(first) || export_node(exporter, first->inputs[0])->name.length;
  if (!apart) write_others(exporter, first->inputs[0]);
  for (size_t i = apart ? 0 : 1; i < first->input_count; i++) write_whole(exporter, first->inputs[i]);
}

static void write_chain(Exporter *exporter, Node *node) {
  ExportNode *of = export_node(exporter, node);
  if (of->written) return;
  of->written = true;
  const Node *first = first_of(exporter, node);
  if (first->input_count) write_chain(exporter, first->inputs[0]);
  ExportTask *input = first->input_count ? export_node(exporter, first->inputs[0])->task : NULL;
  size_t before = exporter->tasks.count;
  if (is_source(first)) of->task = export_source(exporter, first, node);
  else if (of->first) of->task = export_selection(exporter, first, node, input);
  else of->task = write_node(exporter, node, input);
  for (size_t i = before; i < exporter->tasks.count; i++) {
    ExportTask *task = exporter->tasks.items[i];
    task->id = task == of->task && of->name.length ? of->name : new_name(exporter, task->type);
  }
  bool renamed = of->name.length && of->task && exporter->tasks.count == before;
  if (renamed && of->task == input) { /* a name for what another task gives already */
    of->task = export_task(exporter, NODE_COMBINE_MERGE, input);
    of->task->id = of->name;
  }
}

static void write_whole(Exporter *exporter, Node *node) {
  write_others(exporter, node);
  write_chain(exporter, node);
}

/* ---- the whole ---- */

static void find_readers(Exporter *exporter) {
  Graph *graph = exporter->graph;
  exporter->nodes = arena_array(exporter->arena, graph->nodes.count + 1, sizeof *exporter->nodes);
  for (size_t i = 0; i < graph->nodes.count; i++) graph->nodes.items[i]->number = (uint32_t)i;
  for (size_t i = 0; i < graph->nodes.count; i++) {
    Node *node = graph->nodes.items[i];
    for (size_t n = 0; n < node->input_count; n++) {
      ExportNode *input = export_node(exporter, node->inputs[n]);
      input->reader = input->readers++ == 0 && n == 0 ? node : NULL;
    }
  }
}

/* The last destination that the statement itself writes. */
static Node *destination_of(const Exporter *exporter, const StreamOf *stream) {
  for (Node *node = stream->node; node; node = node->input_count ? node->inputs[0] : NULL) {
    if (node != stream->node && export_node(exporter, node)->name.length) return NULL;
    if (stage_def(node->stage)->group == GROUP_DESTINATION) return node;
  }
  return NULL;
}

static void find_names(Exporter *exporter) {
  const Graph *graph = exporter->graph;
  for (size_t i = 0; i < graph->params.count; i++) vec_push(exporter->arena, &exporter->names, graph->params.items[i].name);
  for (size_t i = 0; i < graph->streams.count; i++) {
    const StreamOf *stream = &graph->streams.items[i];
    if (!stream->stmt->name.length) continue;
    ExportNode *of = export_node(exporter, stream->node);
    bool again = of->name.length > 0;
    for (size_t k = 0; k < exporter->names.count; k++) again = again || text_equal(exporter->names.items[k], stream->stmt->name);
    if (again) continue;
    of->name = stream->stmt->name;
    vec_push(exporter->arena, &exporter->names, of->name);
  }
  for (size_t i = 0; i < graph->streams.count; i++) {
    Node *destination = destination_of(exporter, &graph->streams.items[i]);
    if (destination) export_node(exporter, destination)->description = graph->streams.items[i].stmt->doc;
  }
}

bool workflow_export(Arena *arena, Graph *graph, Text name, bool defaults, DiagList *diags, Text *json) {
  Exporter *exporter = arena_alloc(arena, sizeof *exporter);
  *exporter = (Exporter){.arena = arena, .graph = graph, .diags = diags};
  size_t errors = diags->errors;
  export_settle(exporter, defaults);
  find_readers(exporter);
  find_names(exporter);
  export_find_sources(exporter);
  export_find_selections(exporter);
  export_params(exporter);
  const Unit *unit = graph->program->modules.items[0]->unit;
  for (size_t s = 0; s < unit->stmt_count; s++)
    for (size_t i = 0; i < graph->streams.count; i++)
      if (graph->streams.items[i].stmt == unit->stmts[s]) write_whole(exporter, graph->streams.items[i].node);
  if (diags->errors == errors && !graph->sinks.count)
    export_cannot(exporter, DIAG_EXPORT_DESTINATION, (Span){graph->source, 0, 0}, "end with `| to library.playlist \"NAME\"`", "a workflow needs a pipeline that writes a playlist");
  if (diags->errors > errors) return false;
  *json = export_json(exporter, name);
  return true;
}
