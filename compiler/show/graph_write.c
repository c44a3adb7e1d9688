#include <inttypes.h>

#include "base/json.h"
#include "base/utf8.h"
#include "compiler/show/graph_view_int.h"

enum { LABEL_MAX = 60 }; /* characters of what is written */

const char *graph_format_name(GraphFormat format) {
  static const char *const names[GRAPH_FORMAT_COUNT] = {"dot", "mermaid", "json"};
  return names[format];
}

static const char *effect_word(StageEffect effect) {
  return effect == EFFECT_WRITE ? "writes" : "reads";
}

static Text shortened(Arena *arena, Text text) {
  size_t at = 0;
  for (int count = 0; at < text.length && count < LABEL_MAX; count++) {
    uint32_t code_point;
    size_t length = utf8_decode(text.bytes + at, text.length - at, &code_point);
    at += length ? length : 1;
  }
  return at < text.length ? text_of(arena_format(arena, TEXT_FORMAT "...", TEXT_ARG(((Text){text.bytes, at})))) : text;
}

/* What stands for a character that means something to the format, or NULL. */
typedef const char *(*Escape)(char c);

static const char *escape_dot(char c) {
  return c == '"' ? "\\\"" : c == '\\' ? "\\\\" : c == '&' ? "&amp;" : NULL;
}

static const char *escape_mermaid(char c) {
  switch (c) {
    case '"':
      return "#quot;";
    case '#':
      return "#35;";
    case '&':
      return "#amp;";
    case '<':
      return "#lt;";
    case '>':
      return "#gt;";
    case '`':
      return "#96;";
    case '\\':
      return "#92;";
    default:
      return NULL;
  }
}

static void write_escaped(FILE *out, const View *view, Text text, Escape escape) {
  Text safe = text_escaped(view->arena, text);
  for (size_t i = 0; i < safe.length; i++) {
    const char *instead = escape(safe.bytes[i]);
    if (instead) {
      fputs(instead, out);
    } else {
      fputc(safe.bytes[i], out);
    }
  }
}

/* What is written, and below it what is read or written. */
static void write_label(FILE *out, const View *view, const ViewNode *node, Escape escape, const char *line_break) {
  write_escaped(out, view, shortened(view->arena, node->text), escape);
  if (node->inserted) fprintf(out, "%sinserted", line_break);
  if (node->effect != EFFECT_NONE) fprintf(out, "%s%s %s", line_break, effect_word(node->effect), connector_def(node->connector)->name);
}

static const char *rows_of(const View *view, uint32_t node) {
  return row_kind_name(view->plan->schemas[view->plan->nodes[node].schema].kind);
}

/* Calls `one` for each edge, in the order of the nodes they lead to. */
static void each_edge(FILE *out, const View *view, void (*one)(FILE *out, const View *view, uint32_t from, uint32_t to)) {
  for (uint32_t to = 0; to < view->plan->node_count; to++) {
    const PlanNode *node = &view->plan->nodes[to];
    for (uint32_t i = 0; i < node->input_count; i++) one(out, view, node->inputs[i], to);
  }
}

/* The nodes of one group, in order; a group within it stands behind the `per` that makes it. */
static void write_group(FILE *out, const View *view, uint32_t group, int depth, void (*node_line)(FILE *out, const View *view, const ViewNode *node, int depth),
                        void (*begin)(FILE *out, const View *view, const ViewNode *per, int depth), const char *end) {
  for (uint32_t i = 0; i < view->plan->node_count; i++) {
    const ViewNode *node = &view->nodes[i];
    if (node->group != group) continue;
    node_line(out, view, node, depth);
    if (view->plan->imports[view->plan->nodes[i].stage].id != STAGEID_PER) continue;
    begin(out, view, node, depth);
    write_group(out, view, i, depth + 1, node_line, begin, end);
    fprintf(out, "%*s%s\n", 2 * depth, "", end);
  }
}

/* ---- dot ---- */

static void dot_node(FILE *out, const View *view, const ViewNode *node, int depth) {
  fprintf(out, "%*sn%" PRIu32 " [label=\"", 2 * depth, "", node->id);
  write_label(out, view, node, escape_dot, "\\n");
  fputc('"', out);
  if (node->inserted) fputs(", style=dashed", out);
  else if (node->effect == EFFECT_WRITE) fputs(", shape=box3d, style=filled, fillcolor=\"#ffe0b2\"", out);
  else if (node->effect == EFFECT_READ) fputs(", shape=cylinder", out);
  fputs("];\n", out);
}

static void dot_begin(FILE *out, const View *view, const ViewNode *per, int depth) {
  (void)view;
  fprintf(out, "%*ssubgraph cluster_n%" PRIu32 " {\n%*slabel=\"each group\";\n", 2 * depth, "", per->id, 2 * depth + 2, "");
}

static void dot_edge(FILE *out, const View *view, uint32_t from, uint32_t to) {
  fprintf(out, "  n%" PRIu32 " -> n%" PRIu32 " [label=\"%s\"];\n", from, to, rows_of(view, from));
}

static void write_dot(FILE *out, const View *view) {
  fputs("digraph \"", out);
  write_escaped(out, view, view->plan->source_name, escape_dot);
  fputs("\" {\n  node [shape=box, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n", out);
  write_group(out, view, PLAN_NONE, 1, dot_node, dot_begin, "}");
  each_edge(out, view, dot_edge);
  fputs("}\n", out);
}

/* ---- mermaid ---- */

static void mermaid_node(FILE *out, const View *view, const ViewNode *node, int depth) {
  bool reads = node->effect == EFFECT_READ && !node->inserted, writes = node->effect == EFFECT_WRITE;
  fprintf(out, "%*sn%" PRIu32 "%s\"", 2 * depth, "", node->id, reads ? "[(" : writes ? "[[" : "[");
  write_label(out, view, node, escape_mermaid, "<br>");
  fprintf(out, "\"%s%s\n", reads ? ")]" : writes ? "]]" : "]", node->inserted ? ":::inserted" : writes ? ":::writes" : "");
}

static void mermaid_begin(FILE *out, const View *view, const ViewNode *per, int depth) {
  (void)view;
  fprintf(out, "%*ssubgraph g%" PRIu32 "[\"each group\"]\n", 2 * depth, "", per->id);
}

static void mermaid_edge(FILE *out, const View *view, uint32_t from, uint32_t to) {
  fprintf(out, "  n%" PRIu32 " -->|%s| n%" PRIu32 "\n", from, rows_of(view, from), to);
}

static void write_mermaid(FILE *out, const View *view) {
  fputs("flowchart TD\n", out);
  write_group(out, view, PLAN_NONE, 1, mermaid_node, mermaid_begin, "end");
  each_edge(out, view, mermaid_edge);
  fputs("  classDef inserted stroke-dasharray: 5 5\n  classDef writes fill:#ffe0b2,color:#000,stroke-width:2px\n", out);
}

/* ---- JSON ---- */

static void json_member(TextBuilder *out, const char *name, Text value) {
  text_append_format(out, ", \"%s\": ", name);
  json_append_string(out, value);
}

static void json_node(TextBuilder *out, const View *view, const ViewNode *node) {
  static const char *const kinds[] = {"none", "read", "write"};
  const PlanSchema *schema = &view->plan->schemas[view->plan->nodes[node->id].schema];
  text_append_format(out, "    {\"id\": %" PRIu32, node->id);
  json_member(out, "stage", text_of(arena_format(view->arena, "%s%s", node->prefix, node->stage)));
  json_member(out, "text", node->text);
  text_append_format(out, ", \"line\": %" PRIu32 ", \"inserted\": %s, \"group\": ", node->line, node->inserted ? "true" : "false");
  if (node->group == PLAN_NONE) text_append_format(out, "null");
  else text_append_format(out, "%" PRIu32, node->group);
  if (node->effect == EFFECT_NONE) {
    text_append_format(out, ", \"effect\": null");
  } else {
    text_append_format(out, ", \"effect\": {\"kind\": \"%s\", \"connector\": \"%s\"", kinds[node->effect], connector_def(node->connector)->name);
    json_member(out, "resource", node->resource);
    text_append_char(out, '}');
  }
  json_member(out, "rows", text_of(row_kind_name(schema->kind)));
  text_append_format(out, ", \"columns\": [");
  for (uint32_t i = 0; i < schema->column_count; i++) {
    if (i) text_append_format(out, ", ");
    json_append_string(out, plan_column_name(view->plan, view->arena, &schema->columns[i]));
  }
  text_append_format(out, "]}");
}

static void write_json(FILE *file, const View *view) {
  TextBuilder out = {.arena = view->arena};
  char id[2 * SHA256_SIZE + 1];
  digest_hex(&view->plan->id, SHA256_SIZE, id);
  text_append_format(&out, "{\n  \"program\": ");
  json_append_string(&out, view->plan->source_name);
  text_append_format(&out, ",\n  \"plan\": \"%s\",\n  \"nodes\": [\n", id);
  for (uint32_t i = 0; i < view->plan->node_count; i++) {
    if (i) text_append_format(&out, ",\n");
    json_node(&out, view, &view->nodes[i]);
  }
  text_append_format(&out, "\n  ],\n  \"edges\": [");
  bool any = false;
  for (uint32_t to = 0; to < view->plan->node_count; to++) {
    const PlanNode *node = &view->plan->nodes[to];
    for (uint32_t i = 0; i < node->input_count; i++, any = true)
      text_append_format(&out, "%s\n    {\"from\": %" PRIu32 ", \"to\": %" PRIu32 ", \"rows\": \"%s\"}", any ? "," : "", node->inputs[i], to,
                         rows_of(view, node->inputs[i]));
  }
  text_append_format(&out, "\n  ]\n}\n");
  fwrite(out.bytes, 1, out.length, file);
}

void graph_write(const Compiled *compiled, const SourceSet *sources, GraphFormat format, FILE *out) {
  static void (*const writers[GRAPH_FORMAT_COUNT])(FILE * out, const View *view) = {write_dot, write_mermaid, write_json};
  writers[format](out, view_of(compiled, sources));
}
