/* run_report.h: what a run did, for a person and for a program. */
#ifndef NARADA_CLI_RUN_REPORT_H
#define NARADA_CLI_RUN_REPORT_H

#include "engine/run.h"

/* What the run has to say, a line each, with `places` after the line of the program that it is about; also how many rows a condition dropped because a value was missing. */
void report_notices(const Run *run, bool places, FILE *out);
/* A line for each stage: rows in, rows out, rows dropped for a missing value. */
void report_stages(const Run *run, FILE *out);
/* One JSON object: {"plan", "program", "now", "seed", "status", "exit", "error"?, "stages": [{"line", "stage", "rows_in", "rows_out", "dropped_missing",
 * "inserted"}], "notices": [{"line", "problem", "text"}]}. The names are a promise. */
void report_json(const Run *run, Status status, const Error *error, FILE *out);

#endif
