/* The services that this version of Narada knows by name and type and cannot reach: programs for them are checked, explained, tested and compiled; a
 * source or destination fails when it is run, a column stays missing. */
#include "connectors/enrich.h"

Status enrich_unanswered(StageCall *call, Provider provider, Batch *batch, const size_t *fill, size_t count) {
  TextBuilder names = {.arena = call->run->arena};
  for (size_t i = 0; i < count; i++)
    text_append_format(&names, "%s`" TEXT_FORMAT "`", i ? ", " : "", TEXT_ARG(plan_string(call->run->plan, batch->schema->columns[fill[i]].name)));
  run_notice(call->run, call->node, true, "%s cannot be asked by this version of Narada: " TEXT_FORMAT " %s missing on %zu rows", provider_name(provider),
             TEXT_ARG(text_built(&names)), count == 1 ? "is" : "are", batch->selected);
  return STATUS_OK;
}

static Status unreachable(const StageCall *call, Error *error) {
  return fail(error, STATUS_FAILED, "", "this version of Narada cannot %s %s; `naradac test` runs such a program on rows of your own",
              call->def->effect == EFFECT_WRITE ? "write to" : "read from", connector_def(call->def->connector)->name);
}

#define UNREACHABLE(id)                                                          \
  Status stage_run_##id(StageCall *call, const Batch **out, Error *error) {      \
    (void)out;                                                                   \
    return unreachable(call, error);                                             \
  }

UNREACHABLE(TO_SPOTIFY_PLAYLIST)
UNREACHABLE(TO_SPOTIFY_LIKES)
