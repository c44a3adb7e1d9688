#include "compiler/report/report_int.h"

#include "base/vec.h"
#include "compiler/source/position.h"

const char *report_format_name(ReportFormat format) {
  static const char *const names[] = {"human", "json", "jsonl", "sarif", "github"};
  return names[format];
}

Report *report_new(Arena *arena, ReportFormat format, FILE *out, bool colour) {
  Report *report = arena_alloc(arena, sizeof *report);
  *report = (Report){.arena = arena, .format = format, .out = out, .colour = colour, .told = text_pool_new(arena), .about_files = {.arena = arena}};
  if (format == REPORT_JSON) report_json_begin(report);
  if (format == REPORT_SARIF) report_sarif_begin(report);
  return report;
}

const char *report_severity(Severity severity) {
  static const char *const names[] = {"error", "warning", "note"};
  return names[severity];
}

Text report_path(const SourceSet *sources, Span span) {
  return sources->items[span.source].path;
}

static SourcePlace place_of(const Report *report, const Source *source, uint32_t offset) {
  SourcePlace place = source_place(source, offset);
  if (report->format != REPORT_SARIF) return place;
  uint32_t start = source->line_starts[place.line - 1];
  if (offset > source->text.length) offset = (uint32_t)source->text.length;
  place.column = 1 + encoding_length(ENCODING_UTF16, (Text){source->text.bytes + start, offset - start});
  return place;
}

ReportRegion report_region(const Report *report, const SourceSet *sources, Span span) {
  const Source *source = &sources->items[span.source];
  return (ReportRegion){place_of(report, source, span.start), place_of(report, source, span.end)};
}

Text report_text(Arena *arena, const DiagList *diags, const Diag *diag, bool labels) {
  TextBuilder text = {.arena = arena};
  text_append(&text, diag->message);
  if (diag->hint.length) text_append_format(&text, "\n" TEXT_FORMAT, TEXT_ARG(diag->hint));
  for (const DiagLabel *label = diag->labels; labels && label; label = label->next) {
    const Source *source = &diags->sources->items[label->span.source];
    uint32_t line = source_place(source, label->span.start).line;
    if (label->span.source == diag->span.source)
      text_append_format(&text, "\nline %u: " TEXT_FORMAT, line, TEXT_ARG(label->message));
    else
      text_append_format(&text, "\n" TEXT_FORMAT ":%u: " TEXT_FORMAT, TEXT_ARG(source->path), line, TEXT_ARG(label->message));
  }
  for (size_t i = 0; i < diag->note_count; i++) text_append_format(&text, "\n" TEXT_FORMAT, TEXT_ARG(diag->notes[i]));
  return text_built(&text);
}

/* Whether the message was not told before, through another file. */
static bool first_time(Report *report, const DiagList *diags, const Diag *diag) {
  Text key = text_of(arena_format(diags->arena, TEXT_FORMAT "\n%u %u %u " TEXT_FORMAT, TEXT_ARG(report_path(diags->sources, diag->span)), (unsigned)diag->code, diag->span.start,
                                  diag->span.end, TEXT_ARG(diag->message)));
  if (text_interned(report->told, key) != UINT32_MAX) return false;
  text_intern(report->told, key);
  return true;
}

static void write_message(Report *report, const DiagList *diags, const Diag *diag) {
  switch (report->format) {
    case REPORT_JSON:
    case REPORT_JSONL: report_json_message(report, diags->arena, diags, diag); break;
    case REPORT_SARIF: report_sarif_message(report, diags->arena, diags, diag); break;
    case REPORT_GITHUB: report_github_message(report, diags->arena, diags, diag); break;
    default: break;
  }
  report->severities[diag_info(diag->code)->severity]++;
  report->used[diag->code] = true;
  report->count++;
}

void report_diags(Report *report, const DiagList *diags) {
  DiagList fresh = *diags;
  fresh.items = NULL;
  fresh.count = fresh.capacity = 0;
  for (size_t i = 0; i < diags->count; i++)
    if (first_time(report, diags, diags->items[i])) vec_push(diags->arena, &fresh, diags->items[i]);
  if (report->format == REPORT_HUMAN) {
    if (fresh.count && report->count) fputc('\n', report->out);
    diag_render(&fresh, report->out, report->colour);
    report->count += fresh.count;
    return;
  }
  for (size_t i = 0; i < fresh.count; i++) write_message(report, &fresh, fresh.items[i]);
  if (fresh.full && fresh.count)
    report_file(report, diags->arena, report_path(diags->sources, fresh.items[0]->span), SEVERITY_NOTE, text_of(arena_format(diags->arena, "only the first %d messages are shown", DIAG_MAX)));
}

void report_file(Report *report, Arena *arena, Text path, Severity severity, Text message) {
  switch (report->format) {
    case REPORT_JSON:
    case REPORT_JSONL: report_json_file(report, arena, path, severity, message); break;
    case REPORT_SARIF: report_sarif_file(report, path, severity, message); break;
    case REPORT_GITHUB: report_github_file(report, arena, path, severity, message); break;
    default: break;
  }
  report->unreadable = report->unreadable || severity == SEVERITY_ERROR;
  report->severities[severity]++;
  report->count += report->format == REPORT_JSON;
}

void report_end(Report *report) {
  if (report->format == REPORT_JSON) report_json_end(report);
  if (report->format == REPORT_SARIF) report_sarif_end(report);
}
