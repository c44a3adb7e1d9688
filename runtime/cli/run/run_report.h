/* run_report.h: what a run did, for a person and for a program. */
#ifndef NARADA_CLI_RUN_REPORT_H
#define NARADA_CLI_RUN_REPORT_H

#include "engine/run.h"

/* The line of the program that a node of its plan comes from; 0 = not known. */
uint32_t report_line(const Run *run, uint32_t node);
/* What the run has to say, a line each, with `places` after the line of the program that it is about; also how many rows a condition dropped because a value was missing. */
void report_notices(const Run *run, bool places, FILE *out);
/* A line for each stage: rows in, rows out, rows dropped for a missing value. */
void report_stages(const Run *run, FILE *out);
/* Says in `error`, of a run that was interrupted, which destinations are written and which are not. */
void report_interrupted(const Run *run, Error *error);
/* Loads what report_json() writes with. To be called first; fails with a message that says what to install. */
Status report_json_load(Error *error);
/* One JSON object: {"plan", "program", "now", "seed", "status", "exit", "error"?, "stages": [{"line", "stage", "rows_in", "rows_out", "dropped_missing",
 * "inserted"}], "notices": [{"line", "problem", "text"}]}. The names are a promise. */
void report_json(const Run *run, Status status, const Error *error, FILE *out);

#endif
