/* One object a message; as one document, or one a line. */
#include "compiler/report/report_int.h"

static void append_member(TextBuilder *out, const char *name, Text text) {
  text_append_format(out, "\"%s\":", name);
  json_append_string(out, text);
}

static void append_span(const Report *report, TextBuilder *out, const SourceSet *sources, Span span) {
  ReportRegion region = report_region(report, sources, span);
  text_append_format(out, "\"span\":{\"line\":%u,\"column\":%u,\"endLine\":%u,\"endColumn\":%u,\"start\":%u,\"end\":%u}", region.start.line, region.start.column,
                     region.end.line, region.end.column, span.start, span.end);
}

static void append_notes(const Report *report, TextBuilder *out, const DiagList *diags, const Diag *diag) {
  const char *comma = "";
  text_append(out, TEXT_LITERAL(",\"notes\":["));
  for (const DiagLabel *label = diag->labels; label; label = label->next) {
    text_append_format(out, "%s{", comma);
    append_member(out, "message", label->message);
    text_append_char(out, ',');
    append_member(out, "file", report_path(diags->sources, label->span));
    text_append_char(out, ',');
    append_span(report, out, diags->sources, label->span);
    text_append_char(out, '}');
    comma = ",";
  }
  for (size_t i = 0; i < diag->note_count; i++) {
    text_append_format(out, "%s{", comma);
    append_member(out, "message", diag->notes[i]);
    text_append(out, TEXT_LITERAL(",\"file\":null,\"span\":null}"));
    comma = ",";
  }
  text_append_char(out, ']');
}

static void append_fixes(const Report *report, TextBuilder *out, const DiagList *diags, const Diag *diag) {
  text_append(out, TEXT_LITERAL(",\"fixes\":["));
  if (diag->has_fix) {
    text_append(out, TEXT_LITERAL("{\"edits\":[{"));
    append_member(out, "file", report_path(diags->sources, diag->fix_span));
    text_append_char(out, ',');
    append_span(report, out, diags->sources, diag->fix_span);
    text_append_char(out, ',');
    append_member(out, "replacement", diag->replacement);
    text_append(out, TEXT_LITERAL("}]}"));
  }
  text_append_char(out, ']');
}

static void begin_message(const Report *report, TextBuilder *out) {
  if (report->format == REPORT_JSON && report->count) text_append(out, TEXT_LITERAL(",\n"));
  text_append_char(out, '{');
}

static void write_out(Report *report, TextBuilder *out) {
  if (report->format == REPORT_JSONL) text_append_char(out, '\n');
  fwrite(out->bytes, 1, out->length, report->out);
}

void report_json_message(Report *report, Arena *scratch, const DiagList *diags, const Diag *diag) {
  const DiagInfo *info = diag_info(diag->code);
  TextBuilder text = {.arena = scratch}, *out = &text;
  begin_message(report, out);
  append_member(out, "file", report_path(diags->sources, diag->span));
  text_append_format(out, ",\"code\":\"%s\",\"severity\":\"%s\",", info->code, report_severity(info->severity));
  append_member(out, "message", diag->message);
  text_append(out, TEXT_LITERAL(",\"hint\":"));
  if (diag->hint.length) json_append_string(out, diag->hint);
  else text_append(out, TEXT_LITERAL("null"));
  text_append_char(out, ',');
  append_span(report, out, diags->sources, diag->span);
  text_append(out, TEXT_LITERAL(",\"pointer\":"));
  if (diags->sources->items[diag->span.source].pointer_count) json_append_string(out, source_pointer(diags->sources, diag->span));
  else text_append(out, TEXT_LITERAL("null"));
  append_notes(report, out, diags, diag);
  append_fixes(report, out, diags, diag);
  text_append_char(out, '}');
  write_out(report, out);
}

void report_json_file(Report *report, Arena *scratch, Text path, Severity severity, Text message) {
  TextBuilder text = {.arena = scratch}, *out = &text;
  begin_message(report, out);
  append_member(out, "file", path);
  text_append_format(out, ",\"code\":null,\"severity\":\"%s\",", report_severity(severity));
  append_member(out, "message", message);
  text_append(out, TEXT_LITERAL(",\"hint\":null,\"span\":null,\"pointer\":null,\"notes\":[],\"fixes\":[]}"));
  write_out(report, out);
}

void report_json_begin(Report *report) {
  fputs("{\"version\":1,\"messages\":[\n", report->out);
}

void report_json_end(Report *report) {
  fprintf(report->out, "%s],\"errors\":%zu,\"warnings\":%zu}\n", report->count ? "\n" : "", report->severities[SEVERITY_ERROR], report->severities[SEVERITY_WARNING]);
}
