/* report.h: what is wrong with one file after another, as people, CI systems and other programs read it. */
#ifndef NARADA_COMPILER_REPORT_H
#define NARADA_COMPILER_REPORT_H

#include "compiler/source/diag.h"

typedef enum ReportFormat { REPORT_HUMAN, REPORT_JSON, REPORT_JSONL, REPORT_SARIF, REPORT_GITHUB, REPORT_FORMAT_COUNT } ReportFormat;
/* "human", "json", ... */
const char *report_format_name(ReportFormat format);

typedef struct Report Report;

/* Writes to `out` as it goes; colour is of REPORT_HUMAN alone. Nothing is kept of a list but what is needed to tell each message once: a module's mistake
 * also where several programs use it. */
Report *report_new(Arena *arena, ReportFormat format, FILE *out, bool colour);
/* The messages about one program, in order. `diags` may be released behind it. */
void report_diags(Report *report, const DiagList *diags);
/* About a file as a whole, without a place or a code: that it could not be read. REPORT_HUMAN says nothing: the caller does. */
void report_file(Report *report, Arena *arena, Text path, Severity severity, Text message);
/* Completes a document. */
void report_end(Report *report);

#endif
