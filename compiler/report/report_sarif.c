/* SARIF 2.1.0 (OASIS). Results come first, so that nothing has to be kept; the rules behind them are those that were used. */
#include <string.h>

#include "compiler/report/report_int.h"

static void append_string(TextBuilder *out, const char *name, Text text) {
  text_append_format(out, "\"%s\":", name);
  json_append_string(out, text);
}

static void append_text(TextBuilder *out, const char *name, Text text) {
  text_append_format(out, "\"%s\":{", name);
  append_string(out, "text", text);
  text_append_char(out, '}');
}

static bool climbs(Text path) {
  for (size_t i = 0; i + 1 < path.length; i++)
    if (path.bytes[i] == '.' && path.bytes[i + 1] == '.' && (i == 0 || path.bytes[i - 1] == '/') && (i + 2 == path.length || path.bytes[i + 2] == '/')) return true;
  return false;
}

/* A path as a URI: below the folder where the program was started, or absolute. */
static void append_artifact(TextBuilder *out, const char *name, Text path) {
  static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  bool absolute = path.length && path.bytes[0] == '/';
  while (path.length > 2 && path.bytes[0] == '.' && path.bytes[1] == '/') path = (Text){path.bytes + 2, path.length - 2};
  text_append_format(out, "\"%s\":{\"uri\":\"%s", name, absolute ? "file://" : "");
  for (size_t i = 0; i < path.length; i++) {
    if (path.bytes[i] && strchr(plain, path.bytes[i]))
      text_append_char(out, path.bytes[i]);
    else
      text_append_format(out, "%%%02X", (unsigned)(unsigned char)path.bytes[i]);
  }
  text_append_format(out, "\"%s}", absolute || climbs(path) ? "" : ",\"uriBaseId\":\"%SRCROOT%\"");
}

static void append_region(const Report *report, TextBuilder *out, const char *name, const SourceSet *sources, Span span) {
  ReportRegion region = report_region(report, sources, span);
  text_append_format(out, "\"%s\":{\"startLine\":%u,\"startColumn\":%u,\"endLine\":%u,\"endColumn\":%u}", name, region.start.line, region.start.column, region.end.line,
                     region.end.column);
}

static void append_physical(const Report *report, TextBuilder *out, const SourceSet *sources, Span span) {
  text_append(out, TEXT_LITERAL("\"physicalLocation\":{"));
  append_artifact(out, "artifactLocation", report_path(sources, span));
  text_append_char(out, ',');
  append_region(report, out, "region", sources, span);
  text_append_char(out, '}');
}

static void append_fix(const Report *report, TextBuilder *out, const DiagList *diags, const Diag *diag) {
  text_append(out, TEXT_LITERAL(",\"fixes\":[{"));
  append_text(out, "description", diag->hint.length ? diag->hint : diag->message);
  text_append(out, TEXT_LITERAL(",\"artifactChanges\":[{"));
  append_artifact(out, "artifactLocation", report_path(diags->sources, diag->fix_span));
  text_append(out, TEXT_LITERAL(",\"replacements\":[{"));
  append_region(report, out, "deletedRegion", diags->sources, diag->fix_span);
  text_append_char(out, ',');
  append_text(out, "insertedContent", diag->replacement);
  text_append(out, TEXT_LITERAL("}]}]}]"));
}

void report_sarif_message(Report *report, Arena *scratch, const DiagList *diags, const Diag *diag) {
  const DiagInfo *info = diag_info(diag->code);
  TextBuilder text = {.arena = scratch}, *out = &text;
  text_append_format(out, "%s{\"ruleId\":\"%s\",\"level\":\"%s\",", report->count ? ",\n" : "", info->code, report_severity(info->severity));
  append_text(out, "message", report_text(scratch, diags, diag, false));
  text_append(out, TEXT_LITERAL(",\"locations\":[{"));
  append_physical(report, out, diags->sources, diag->span);
  Text pointer = source_pointer(diags->sources, diag->span);
  if (pointer.length) {
    text_append(out, TEXT_LITERAL(",\"logicalLocations\":[{"));
    append_string(out, "fullyQualifiedName", pointer);
    text_append(out, TEXT_LITERAL("}]"));
  }
  text_append(out, TEXT_LITERAL("}]"));
  unsigned id = 0;
  for (const DiagLabel *label = diag->labels; label; label = label->next) {
    text_append_format(out, "%s{\"id\":%u,", id ? "," : ",\"relatedLocations\":[", id);
    append_physical(report, out, diags->sources, label->span);
    text_append_char(out, ',');
    append_text(out, "message", label->message);
    text_append_char(out, '}');
    id++;
  }
  if (id) text_append_char(out, ']');
  if (diag->has_fix) append_fix(report, out, diags, diag);
  text_append_char(out, '}');
  fwrite(out->bytes, 1, out->length, report->out);
}

void report_sarif_begin(Report *report) {
  fputs("{\"$schema\":\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\"results\":[\n", report->out);
}

/* What has no place is no result: it is told of the run. */
void report_sarif_file(Report *report, Text path, Severity severity, Text message) {
  TextBuilder *out = &report->about_files;
  text_append_format(out, "%s{\"level\":\"%s\",", out->length ? ",\n" : "", report_severity(severity));
  append_text(out, "message", message);
  text_append(out, TEXT_LITERAL(",\"locations\":[{\"physicalLocation\":{"));
  append_artifact(out, "artifactLocation", path);
  text_append(out, TEXT_LITERAL("}}]}"));
}

static void write_rules(Report *report) {
  const char *comma = "";
  for (int code = 0; code < DIAG_COUNT; code++) {
    if (!report->used[code]) continue;
    const DiagInfo *info = diag_info((DiagCode)code);
    TextBuilder text = {.arena = report->arena}, *out = &text;
    text_append_format(out, "%s{\"id\":\"%s\",", comma, info->code);
    append_text(out, "shortDescription", text_of(info->title));
    text_append_char(out, ',');
    const char *paragraph = strstr(info->explanation, "\n\n"); /* examples follow, indented as Markdown has them */
    append_text(out, "fullDescription", (Text){info->explanation, paragraph ? (size_t)(paragraph - info->explanation) : strlen(info->explanation)});
    text_append(out, TEXT_LITERAL(",\"help\":{"));
    append_string(out, "text", text_of(info->explanation));
    text_append_char(out, ',');
    append_string(out, "markdown", text_of(info->explanation));
    text_append_char(out, '}');
    text_append_format(out, ",\"defaultConfiguration\":{\"level\":\"%s\"}}", report_severity(info->severity));
    fwrite(out->bytes, 1, out->length, report->out);
    comma = ",\n";
  }
}

void report_sarif_end(Report *report) {
  FILE *out = report->out;
  fputs("\n],\"columnKind\":\"utf16CodeUnits\",\n\"originalUriBaseIds\":{\"%SRCROOT%\":{\"description\":{\"text\":\"the folder in which naradac was started\"}}},\n", out);
  fprintf(out, "\"invocations\":[{\"executionSuccessful\":%s", report->unreadable ? "false" : "true");
  if (report->about_files.length) fprintf(out, ",\"toolExecutionNotifications\":[\n" TEXT_FORMAT "]", TEXT_ARG(text_built(&report->about_files)));
  fprintf(out, "}],\n\"tool\":{\"driver\":{\"name\":\"naradac\",\"version\":\"%s\",\"rules\":[\n", NARADA_VERSION);
  write_rules(report);
  fputs("]}}}]}\n", out);
}
