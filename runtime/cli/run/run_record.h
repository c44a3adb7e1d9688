/* run_record.h: remembers a run that writes (to the library, a file or a service) in the store, for `narada runs`. A run that cannot be remembered goes on all
 * the same; one that only shows rows, and a dry run, are not remembered. */
#ifndef NARADA_CLI_RUN_RECORD_H
#define NARADA_CLI_RUN_RECORD_H

#include "compiler/source/source.h"
#include "engine/run.h"

typedef struct RunRecord {
  Run *run;
  const char *path;         /* of the program, as given */
  const SourceSet *sources; /* what was compiled; without any: */
  Text plan_bytes;          /* the compiled plan that was given */
  const ParamText *params;
  size_t param_count;
  int64_t started; /* by run->options.ticks */
  int64_t id;      /* of the run in the store; 0 = not there yet */
} RunRecord;

/* Once run_prepare has succeeded: a run that writes to the store or to a service is remembered as running, durably, before it does anything. */
void run_record_begin(RunRecord *record);
/* How it ended. A run that only writes files is remembered here, if the store is there and nobody is writing to it; it makes none. */
void run_record_end(RunRecord *record, Status status, const Error *error);

#endif
