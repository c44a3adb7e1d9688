/* The tasks as JSON, laid out like the workflows that people write. */
#include "compiler/workflow/export_int.h"

#include <string.h>

#include "base/json.h"
#include "compiler/workflow/workflow_int.h"

/* ---- parameters ---- */

/* NULL for a type that no parameter of a workflow has. */
static const char *param_type(Type type) {
  switch (type_required(type)) {
    case TYPE_OF(TEXT):
    case TYPE_OF(PATH):
    case TYPE_OF(PLAYLIST): return "string";
    case TYPE_OF(INT): return "integer";
    case TYPE_OF(FLOAT): return "number";
    case TYPE_OF(BOOL): return "boolean";
    default: return NULL;
  }
}

static bool is_own(const ProgramParam *param) {
  return param->reached && !memchr(param->name.bytes, '.', param->name.length);
}

bool export_params(Exporter *exporter) {
  size_t errors = exporter->diags->errors;
  for (size_t i = 0; i < exporter->graph->params.count; i++) {
    const ProgramParam *param = &exporter->graph->params.items[i];
    if (!is_own(param)) continue;
    if (!param_type(param->type))
      export_cannot(exporter, DIAG_EXPORT_PARAM, param->span, "texts, numbers and true or false can be said", "a workflow has no parameter of the type %s",
                    type_name(exporter->arena, param->type).bytes);
    else if (workflow_name_taken(param->name))
      export_cannot(exporter, DIAG_EXPORT_PARAM, param->span, "give it another name", "`" TEXT_FORMAT "` means something else where the workflow is read", TEXT_ARG(param->name));
  }
  return exporter->diags->errors == errors;
}

static void write_default(TextBuilder *json, const Literal *standard) {
  text_append_format(json, ", \"default\": ");
  switch (type_required(standard->type)) {
    case TYPE_OF(INT): text_append_format(json, "%lld", (long long)standard->integer); break;
    case TYPE_OF(FLOAT): append_decimal(json, standard->number); break;
    case TYPE_OF(BOOL): text_append_format(json, standard->boolean ? "true" : "false"); break;
    default: json_append_string(json, standard->text); break;
  }
}

static void write_params(const Exporter *exporter, TextBuilder *json) {
  bool any = false;
  for (size_t i = 0; i < exporter->graph->params.count; i++) {
    const ProgramParam *param = &exporter->graph->params.items[i];
    if (!is_own(param)) continue;
    text_append_format(json, any ? ",\n    " : "  \"parameters\": [\n    ");
    any = true;
    text_append_format(json, "{\"name\": ");
    json_append_string(json, param->name);
    text_append_format(json, ", \"type\": \"%s\", \"required\": %s", param_type(param->type), param->default_value ? "false" : "true");
    if (param->default_value) write_default(json, param->default_value);
    if (param->doc.length) {
      text_append_format(json, ", \"description\": ");
      json_append_string(json, param->doc);
    }
    text_append_char(json, '}');
  }
  if (any) text_append_format(json, "\n  ],\n");
}

/* ---- tasks ---- */

static void write_ids(TextBuilder *json, const ExportTask *task) {
  text_append_char(json, '[');
  for (size_t i = 0; i < task->inputs.count; i++) {
    if (i) text_append_format(json, ", ");
    json_append_string(json, task->inputs.items[i]->id);
  }
  text_append_char(json, ']');
}

static void open_pair(TextBuilder *json, bool *any, const char *key) {
  text_append_format(json, *any ? ",\n        \"%s\": " : ",\n      \"config\": {\n        \"%s\": ", key);
  *any = true;
}

static void write_task_json(TextBuilder *json, const ExportTask *task) {
  text_append_format(json, "    {\n      \"id\": ");
  json_append_string(json, task->id);
  text_append_format(json, ",\n      \"type\": \"%s\"", node_type_name(task->type));
  if (task->inputs.count) {
    text_append_format(json, ",\n      \"upstream\": ");
    write_ids(json, task);
  }
  bool any = false;
  for (size_t i = 0; i < task->config.count; i++) {
    open_pair(json, &any, task->config.items[i].key);
    text_append(json, task->config.items[i].json);
  }
  if (node_category(task->type) == CATEGORY_COMBINER) { /* some read the order of the streams here */
    open_pair(json, &any, "sources");
    write_ids(json, task);
  }
  if (task->type == NODE_FILTER_TRACKS || task->type == NODE_FILTER_ARTISTS) {
    open_pair(json, &any, "exclusion_source");
    json_append_string(json, task->inputs.items[task->inputs.count - 1]->id);
  }
  text_append_format(json, any ? "\n      }\n    }" : "\n    }");
}

/* ---- the whole ---- */

static void write_text(TextBuilder *json, const char *key, Text text) {
  text_append_format(json, "  \"%s\": ", key);
  json_append_string(json, text);
  text_append_format(json, ",\n");
}

Text export_json(Exporter *exporter, Text name) {
  TextBuilder json = {.arena = exporter->arena};
  Text doc = exporter->graph->doc;
  const char *end = doc.length ? memchr(doc.bytes, '\n', doc.length) : NULL;
  size_t first = end ? (size_t)(end - doc.bytes) : doc.length;
  text_append_format(&json, "{\n");
  write_text(&json, "id", name);
  write_text(&json, "name", first ? (Text){doc.bytes, first} : name);
  if (first < doc.length) write_text(&json, "description", (Text){doc.bytes + first + 1, doc.length - first - 1});
  write_text(&json, "version", TEXT_LITERAL("1.0"));
  write_params(exporter, &json);
  text_append_format(&json, "  \"tasks\": [\n");
  for (size_t i = 0; i < exporter->tasks.count; i++) {
    if (i) text_append_format(&json, ",\n");
    write_task_json(&json, exporter->tasks.items[i]);
  }
  text_append_format(&json, "\n  ]\n}\n");
  return text_built(&json);
}
