/* runs.h: what ran: programs by their contents, runs, and what each step did. */
#ifndef NARADA_STORE_RUNS_H
#define NARADA_STORE_RUNS_H

#include "store/store.h"

/* A file of a program; the first is the program itself. */
typedef struct ProgramFile {
  Text name, content;
  bool is_plan; /* compiled, not text */
} ProgramFile;

typedef struct RunStart {
  const ProgramFile *files;
  size_t file_count;
  Text plan_id;    /* 64 hexadecimal digits */
  Text parameters; /* JSON object of those that were given */
  Text zone, seed;
  Instant started_at;
} RunStart;

typedef struct RunStep {
  uint32_t position; /* in the plan */
  uint32_t line;     /* of the program; 0 = not known */
  Text stage, status; /* "complete", "failed", "skipped" */
  int64_t rows_in, rows_out, dropped_missing;
  int64_t duration_us; /* -1 = not measured */
} RunStep;

typedef struct RunEnd {
  Text status; /* "complete", "partial", "failed", "refused", "cancelled" */
  int exit_code;
  Text message; /* empty = none */
  Text notices; /* JSON list */
  Instant ended_at;
  const RunStep *steps;
  size_t step_count;
} RunEnd;

/* Keeps the program if this version of it is new, and the run as 'running', of this process; its id. STORE_WRITE and STORE_LOG. */
Status store_begin_run(Store *store, const RunStart *start, int64_t *out, Error *error);
/* What became of it. A run that is not 'running' any more stays as it is. */
Status store_end_run(Store *store, int64_t run, const RunEnd *end, Error *error);
/* Runs that say 'running' although their process is gone become 'crashed'; store_open does so for who may write. */
Status store_mark_crashed_runs(Store *store, Error *error);

/* A run as a reader sees it; texts are borrowed until the visit ends. */
typedef struct StoreRun {
  int64_t id;
  Text program, status; /* "crashed" also if it says 'running' and its process is gone */
  Text message;
  Instant started_at, ended_at; /* ended_at: INSTANT_MIN while it runs */
  int exit_code;                /* -1 = none */
  /* From here only for store_run. */
  Text content_hash, plan_id, parameters, zone, seed, program_version, notices;
} StoreRun;

/* Latest first, those below the id `before`, at most `most`. */
Status store_each_run(Store *store, int64_t before, int64_t most, bool (*visit)(void *context, const StoreRun *run), void *context, Error *error);
/* One run; its texts are the arena's. `*found` is false for an id that is not there. */
Status store_run_read(Store *store, Arena *arena, int64_t id, StoreRun *out, bool *found, Error *error);
Status store_run_steps(Store *store, Arena *arena, int64_t id, RunStep **out, size_t *count, Error *error);
Status store_run_files(Store *store, Arena *arena, int64_t id, ProgramFile **out, size_t *count, Error *error);

/* A program that ran, as its runs share it; texts are the store's arena's. */
typedef struct StoreVersion {
  int64_t id;
  Text name, content_hash;
  Text found_hash; /* of the files that are there: the same, unless they were changed since */
  size_t file_count;
} StoreVersion;
/* By id; reads every file of every program. */
Status store_each_version(Store *store, void (*visit)(void *context, const StoreVersion *version), void *context, Error *error);

#endif
