/* run.h: one run of one plan: its clock, zone, seed, parameters, pools, tracks, store, and what it has to tell. */
#ifndef NARADA_ENGINE_RUN_H
#define NARADA_ENGINE_RUN_H

#include "base/map.h"
#include "base/random.h"
#include "engine/batch.h"
#include "engine/lists.h"

typedef struct Store Store;
typedef struct TrackRegistry TrackRegistry;
typedef struct DateCache DateCache;
typedef struct Services Services;

typedef struct RunOptions {
  Instant now;
  Zone zone;
  bool has_seed;
  uint64_t seed;          /* without it: from the plan id and the day of `now` in `zone` */
  const char *store_path; /* NULL = the default place */
  bool dry_run;           /* nothing is written: files, store or terminal tables excepted */
  bool yes;               /* consent to what a guard would refuse */
  bool no_pushdown;       /* the store is not asked to filter; for comparing */
  FILE *out;              /* where `show` prints */
  int terminal_width;     /* columns for tables; 0 = unlimited */
  int64_t (*ticks)(void); /* microseconds, only going forward, for the durations of steps; NULL = not measured */
  Services *services; /* the web services, see connectors/services/services.h; NULL = they cannot be reached; borrowed */
  struct World *world;    /* what stands in for the world outside, see world.h; NULL = the world itself; borrowed */
} RunOptions;

/* What one node did. */
typedef struct NodeReport {
  uint64_t rows_in; /* of all inputs */
  uint64_t rows_out;
  uint64_t dropped_missing; /* rows a condition dropped while a value it compared was missing */
  uint64_t too_close;       /* rows of space_out that stand nearer to the one before of their key than asked */
  int64_t duration_us; /* of a `per` with all that stands in it */
  bool started, done;
} NodeReport;

/* A sentence the user should see after the run, e.g. "312 podcast plays left out". */
typedef struct Notice {
  uint32_t node; /* PLAN_NONE = the run as a whole */
  Text text;
  bool problem; /* rows were lost or skipped: the run ends as STATUS_PARTIAL */
} Notice;

typedef struct Run {
  Arena *arena;
  const Plan *plan;
  RunOptions options;
  uint64_t seed;
  TextPool *texts;
  ListPool *lists;
  Value *constants; /* one for each of the plan's, of its type */
  Value *params;    /* one for each of the plan's */
  TextId *strings;  /* the plan's strings, interned */
  TrackRegistry *tracks;
  Store *store;        /* NULL until run_store() opened it */
  bool store_absent;   /* run_store() looked and there is none */
  bool prepared;
  size_t arriving;     /* rows that arrive at the stage whose argument is computed */
  DateCache *dates;    /* what dates cover, for vm.c; made on first use */
  IntMap *folds;       /* TextId -> TextId of its folded form, for run_fold */
  NodeReport *reports; /* one for each node */
  Notice *notices;
  size_t notice_count, notice_capacity;
} Run;

/* A parameter as the user gave it on the command line. */
typedef struct ParamText {
  Text name;
  Text value;
} ParamText;

/* Makes a run. Parameters are read by their declared types ("90d", "20%", "2024-03", "2010..2019", lists
 * comma-separated); an unknown, repeated, unreadable or missing one is STATUS_USAGE and names what would be right.
 * `arena` holds everything. */
Status run_new(Arena *arena, const Plan *plan, const RunOptions *options, const ParamText *params, size_t param_count,
               Run **out, Error *error);
/* Refuses what can be refused before anything is read or written, and opens the store if the plan uses it. run_execute does so itself where it was not
 * asked for. */
Status run_prepare(Run *run, Error *error);
/* Executes every node in order of the table, once. */
Status run_execute(Run *run, Error *error);

/* The store, opened on first use: for writing if the plan writes to the library and this is no dry run, else for
 * reading. A plan that only reads runs on a store that is not there as on an empty one, after a notice (`*out` is then
 * NULL). */
Status run_store(Run *run, Store **out, Error *error);
/* The case-folded form of an interned text (text_fold), computed once for each. */
TextId run_fold(Run *run, TextId text);
void run_notice(Run *run, uint32_t node, bool problem, const char *format, ...) NARADA_PRINTF(4, 5);

/* [lo, hi) of a window argument: a duration is [now - d, now), a date or a range of dates what it covers. */
InstantRange run_window(const Run *run, PlanWindow window);
/* The same for a constant or parameter value of that type. */
InstantRange run_window_value(const Run *run, Type type, Value value);

#endif
