/* stage.h: what a stage, a source or a destination sees when it runs. One stage, one file: runtime/stages/take.c
 * defines stage_run_TAKE. */
#ifndef NARADA_ENGINE_STAGE_H
#define NARADA_ENGINE_STAGE_H

#include "engine/run.h"
#include "engine/tracks.h"
#include "engine/vm.h"

typedef struct StageCall {
  Run *run;
  uint32_t node;
  const StageDef *def;
  const PlanNode *plan_node;
  const Batch *const *inputs; /* input_count of them; 0 is the main stream */
  uint32_t input_count;
  const PlanSchema *schema; /* of the output */
  uint64_t group;           /* inside `per`: which group this is, from 1; 0 outside */
  NodeReport *report;       /* rows_in and rows_out are counted by the engine */
} StageCall;

/* Makes the output; a destination returns its input. Fails with a message that names what and where. */
typedef Status StageRun(StageCall *call, const Batch **out, Error *error);

#define STAGE(id, name, group, inputs, input_rows, output, connector, effect, doc) StageRun stage_run_##id;
#define PARAM(stage, name, kind, flags, min, max, words, doc)
#include "stages.def"
#undef STAGE
#undef PARAM
StageRun *stage_run_of(StageId id);

/* Two more that the connectors define. Before any stage runs, a source may begin what it waits for, so that all sources wait side by side; what is wrong already
 * fails then. After the last stage, what the sources have reached is kept if all went well; `status` of the run, or what went wrong now. */
Status source_begin(const StageCall *call, Error *error);
Status sources_end(Run *run, Status status, Error *error);

/* The rows of `per`'s input, a batch for each group, in the order of first appearance (runtime/stages/per.c). */
const Batch *const *stage_split_groups(StageCall *call, uint32_t *count);

/* Arguments by the parameter's name in stages.def. `given` tells whether the program gave it. A name that the stage
 * does not have is a bug of ours. */
bool call_given(const StageCall *call, const char *name);
int64_t call_int(const StageCall *call, const char *name, int64_t otherwise);
bool call_bool(const StageCall *call, const char *name, bool otherwise);
Text call_text(const StageCall *call,
               const char *name); /* text, path, playlist; empty when not given; borrowed from the run */
Text call_word(const StageCall *call, const char *name); /* empty when not given */
/* PARAM_COUNT of a stream of `rows`: the number, at most `rows`, or the share rounded down but at least 1 of a stream
 * that is not empty. */
size_t call_count(const StageCall *call, const char *name, size_t rows);
/* The same in two steps, for streams or groups of several sizes. */
typedef struct RowCount {
  bool is_share;
  double share;
  size_t number;
} RowCount;
RowCount call_row_count(const StageCall *call, const char *name);
size_t row_count_of(RowCount count, size_t rows);
double call_share(const StageCall *call, const char *name, double otherwise); /* PARAM_SHARE: 0 to 1 */
ListItems call_list(const StageCall *call, const char *name); /* none when not given; borrowed from the run */
InstantRange call_window(const StageCall *call, const char *name); /* everything when not given */
/* Where a time or a date that was given begins; false when none is. */
bool call_instant(const StageCall *call, const char *name, Instant *out);
/* The n-th argument (of any kind) of a parameter, or NULL; in the order written. */
const PlanArg *call_arg(const StageCall *call, const char *name, size_t n);
/* Scalar parameters are checked at the plan and again when a parameter of the run gives them (take --n -1):
 * STATUS_USAGE. Called by the engine. */
Status call_check(const StageCall *call, Error *error);

/* Identity of each row for unique, union, intersect, except: by the `by` argument, else the track, else (anonymous
 * rows) all columns. Equal rows get equal ids across all batches that share one IdentitySet: 1, 2, 3... by first
 * appearance; 0 = the identity is missing. Artist, isrc and title compare case folded, an expression by its exact
 * value. */
typedef struct IdentitySet IdentitySet;
IdentitySet *identity_set_new(const StageCall *call);
/* Whether rows are told apart by their track alone. */
bool identity_is_track(const StageCall *call);
uint32_t identity_of(IdentitySet *set, const Batch *batch, size_t row);

/* Gathers the selected rows of several batches into one batch of `schema` (columns matched by name and window; one that
 * a batch lacks is missing). `order` lists (input, position) pairs; NULL = each input whole, one after another. */
typedef struct RowRef {
  uint32_t input;
  uint32_t position;
} RowRef;
/* Fails if the inputs together have more rows than a batch holds. */
Status gather_check(const StageCall *call, Error *error);
const Batch *batch_gather(StageCall *call, const RowRef *order, size_t count);

#endif
