/* What programs are made of, and what of the tables they never used. */
#include "program.h"

static size_t gap(FILE *out, const char *what, const char *name, const char *more) {
  fprintf(out, "never generated: %s %s%s\n", what, name, more);
  return 1;
}

static bool provider_is_local(Provider provider) {
  ConnectorId connector = provider_connector(provider);
  return provider == PROVIDER_TRACK || connector == CONNECTOR_COUNT || connector_def(connector)->calls == 0;
}

static size_t stage_gaps(const ProgramUse *use, StageId id, FILE *out) {
  const StageDef *def = stage_def(id);
  size_t gaps = use->stages[id] ? 0 : gap(out, stage_prefix(id), def->name, "");
  for (size_t i = 0; i < def->param_count; i++) {
    if ((def->params[i].flags & PARAM_HIDDEN) || use->params[id][i]) continue;
    fprintf(out, "never generated: `%s` of %s%s\n", def->params[i].name, stage_prefix(id), def->name);
    gaps++;
  }
  return gaps;
}

size_t program_use_gaps(const ProgramUse *use, bool local, FILE *out) {
  size_t gaps = 0;
  for (int id = 0; id < STAGEID_COUNT; id++)
    if (stage_is_written((StageId)id) && (!local || stage_is_local((StageId)id))) gaps += stage_gaps(use, (StageId)id, out);
  for (int id = 0; id < FIELD_COUNT; id++) {
    const FieldDef *def = field_def((FieldId)id);
    if (local && (!provider_is_local(def->provider) || !(def->rows & (ON_TRACK | ON_PLAY)))) continue;
    if (!use->fields[id]) gaps += gap(out, "field", def->name, "");
    if (def->windowed && !use->windows[id]) gaps += gap(out, "field", def->name, "(WINDOW)");
  }
  for (int id = 0; id < FUNCTION_ID_COUNT; id++)
    if (!use->functions[id]) gaps += gap(out, "function", function_def((FunctionId)id)->name, function_def((FunctionId)id)->args);
  return gaps;
}
