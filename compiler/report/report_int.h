/* report_int.h: what the writers of reports share. Private to compiler/report/. */
#ifndef NARADA_COMPILER_REPORT_INT_H
#define NARADA_COMPILER_REPORT_INT_H

#include "base/json.h"
#include "compiler/report/report.h"

struct Report {
  Arena *arena;
  ReportFormat format;
  FILE *out;
  bool colour;
  TextPool *told;
  size_t count;        /* of messages written one after another */
  size_t severities[3];
  bool used[DIAG_COUNT]; /* codes written */
  TextBuilder about_files; /* SARIF: notifications */
  bool unreadable;
};

/* A span as a report names it. Lines and columns count from 1, the end is behind the last character; the columns of
 * REPORT_SARIF count UTF-16 units, others code points. */
typedef struct ReportRegion {
  SourcePlace start, end;
} ReportRegion;
ReportRegion report_region(const Report *report, const SourceSet *sources, Span span);

const char *report_severity(Severity severity); /* "error", "warning", "note" */
Text report_path(const SourceSet *sources, Span span);
/* The message, what would be right and what is good to know, each on a line; with `labels` also what is said about other places. */
Text report_text(Arena *arena, const DiagList *diags, const Diag *diag, bool labels);

/* ---- for each format; a scratch arena lives as long as the call ---- */
void report_json_message(Report *report, Arena *scratch, const DiagList *diags, const Diag *diag);
void report_json_file(Report *report, Arena *scratch, Text path, Severity severity, Text message);
void report_json_begin(Report *report);
void report_json_end(Report *report);
void report_sarif_message(Report *report, Arena *scratch, const DiagList *diags, const Diag *diag);
void report_sarif_begin(Report *report);
void report_sarif_file(Report *report, Text path, Severity severity, Text message);
void report_sarif_end(Report *report);
void report_github_message(Report *report, Arena *scratch, const DiagList *diags, const Diag *diag);
void report_github_file(Report *report, Arena *scratch, Text path, Severity severity, Text message);

#endif
