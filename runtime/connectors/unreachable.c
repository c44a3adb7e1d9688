/* Columns of providers that this version of Narada knows by name and type and cannot ask: they stay missing. */
#include "connectors/enrich.h"

Status enrich_unanswered(StageCall *call, Provider provider, Batch *batch, const size_t *fill, size_t count) {
  TextBuilder names = {.arena = call->run->arena};
  for (size_t i = 0; i < count; i++)
    text_append_format(&names, "%s`" TEXT_FORMAT "`", i ? ", " : "", TEXT_ARG(plan_string(call->run->plan, batch->schema->columns[fill[i]].name)));
  run_notice(call->run, call->node, true, "%s cannot be asked by this version of Narada: " TEXT_FORMAT " %s missing on %zu rows", provider_name(provider),
             TEXT_ARG(text_built(&names)), count == 1 ? "is" : "are", batch->selected);
  return STATUS_OK;
}
