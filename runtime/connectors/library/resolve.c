#include "connectors/library/resolve.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { MAX_TIERS = 4, DEFAULT_CONFIDENCE = 70 };

typedef struct Resolving {
  StageCall *call;
  ResolveTier tiers[MAX_TIERS];
  size_t tier_count;
  int least; /* confidence */
  bool drop;
  uint64_t resolved, unsure, unknown;
} Resolving;

/* Whether all rows of the stream come from the store itself: they are its tracks already. */
static bool comes_from_library(const StageCall *call) {
  const Plan *plan = call->run->plan;
  bool *of_library = arena_array(call->run->arena, call->node + 1, sizeof *of_library);
  for (uint32_t i = 0; i <= call->node; i++) {
    const PlanNode *node = &plan->nodes[i];
    of_library[i] = node->input_count || plan_stage(plan, i)->connector == CONNECTOR_LIBRARY;
    for (uint32_t k = 0; k < node->input_count; k++) of_library[i] = of_library[i] && of_library[node->inputs[k]];
  }
  return of_library[call->node];
}

static Status resolve_own(void *context, size_t row, Match *out, Error *error) {
  (void)error;
  const Batch *batch = context;
  TrackHandle handle = batch->tracks ? batch->tracks[row] : 0;
  *out = handle > 0 ? (Match){handle, 100} : (Match){0};
  return STATUS_OK;
}

static void add_tier(Resolving *resolving, ResolveTier tier) {
  resolving->tiers[resolving->tier_count++] = tier;
}

static Status resolve_row(Resolving *resolving, size_t row, TrackHandle *handle, bool *kept, Error *error) {
  bool unsure = false;
  for (size_t i = 0; i < resolving->tier_count; i++) {
    Match match;
    Status status = resolving->tiers[i].resolve(resolving->tiers[i].tier, row, &match, error);
    if (status != STATUS_OK) return status;
    unsure = unsure || match.track;
    if (!match.track || match.confidence < resolving->least) continue;
    *handle = match.track;
    *kept = true;
    resolving->resolved++;
    return STATUS_OK;
  }
  *kept = !resolving->drop;
  resolving->unsure += unsure;
  resolving->unknown += !unsure;
  return STATUS_OK;
}

static Status resolve_rows(Resolving *resolving, const Batch **out, Error *error) {
  Arena *arena = resolving->call->run->arena;
  const Batch *input = resolving->call->inputs[0];
  TrackHandle *tracks = arena_array(arena, input->row_count, sizeof *tracks);
  uint32_t *selection = arena_array(arena, input->selected, sizeof *selection);
  size_t selected = 0;
  if (input->tracks && input->row_count) memcpy(tracks, input->tracks, input->row_count * sizeof *tracks);
  for (size_t i = 0; i < input->selected; i++) {
    size_t row = batch_row(input, i);
    bool kept = false;
    Status status = resolve_row(resolving, row, &tracks[row], &kept, error);
    if (status != STATUS_OK) return status;
    if (kept) selection[selected++] = (uint32_t)row;
  }
  Batch *batch = batch_select(arena, input, selection, selected);
  batch->tracks = tracks;
  *out = batch;
  return STATUS_OK;
}

static void tell(const Resolving *resolving) {
  uint64_t left = resolving->unsure + resolving->unknown;
  TextBuilder text = {.arena = resolving->call->run->arena};
  text_append_format(&text, "resolve: %" PRIu64 " %s of the library", resolving->resolved,
                     resolving->resolved == 1 ? "row is a track" : "rows are tracks");
  if (resolving->unknown) text_append_format(&text, ", %" PRIu64 " not known", resolving->unknown);
  if (resolving->unsure)
    text_append_format(&text, ", %" PRIu64 " known with less than %d%% confidence", resolving->unsure,
                       resolving->least);
  if (left) text_append_format(&text, "; %s", resolving->drop ? "these are left out" : "these stay as they are");
  run_notice(resolving->call->run, resolving->call->node, false, TEXT_FORMAT, TEXT_ARG(text_built(&text)));
}

Status stage_run_RESOLVE(StageCall *call, const Batch **out, Error *error) {
  Resolving resolving = {.call = call, .drop = text_is(call_word(call, "unresolved"), "drop")};
  /* A confidence is a whole number, so 69.5% asks for 70. The subtraction takes off the noise of 0.07 * 100. */
  double share = call_share(call, "min_confidence", DEFAULT_CONFIDENCE / 100.0);
  resolving.least = (int)ceil(share * 100 - 1e-9);
  Store *store = NULL;
  Status status = run_store(call->run, &store, error);
  if (status != STATUS_OK) return status;
  if (store && comes_from_library(call)) add_tier(&resolving, (ResolveTier){resolve_own, (void *)call->inputs[0]});
  if (store) add_tier(&resolving, resolve_by_ids(call->run, store, call->inputs[0]));
  status = resolve_rows(&resolving, out, error);
  if (status == STATUS_OK) tell(&resolving);
  return status;
}
