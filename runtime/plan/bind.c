#include "plan/plan_int.h"

/* Whether `name` begins with `prefix`, which is then cut off. */
static bool cut_prefix(Text *name, Text prefix) {
  if (name->length < prefix.length || !text_equal((Text){name->bytes, prefix.length}, prefix)) return false;
  *name = (Text){name->bytes + prefix.length, name->length - prefix.length};
  return true;
}

static StageId find_stage(Text name) {
  if (cut_prefix(&name, TEXT_LITERAL("from "))) return stage_find_source(name);
  if (cut_prefix(&name, TEXT_LITERAL("to "))) return stage_find_destination(name);
  return stage_find(name);
}

/* The overload of `name` with this signature, or the first, or FUNCTION_ID_COUNT. */
static FunctionId find_function(Text name, uint64_t signature) {
  FunctionId first = function_find(name);
  for (int id = (int)first; id < FUNCTION_ID_COUNT && text_is(name, function_def((FunctionId)id)->name); id++) {
    if (function_signature((FunctionId)id) == signature) return (FunctionId)id;
  }
  return first;
}

static ConnectorId find_connector(Text name) {
  for (int id = 0; id < CONNECTOR_COUNT; id++) {
    if (text_is(name, connector_def((ConnectorId)id)->name)) return (ConnectorId)id;
  }
  return CONNECTOR_COUNT;
}

/* Finds what the import names and its signature here; false if there is none. */
static bool find_import(PlanImport *import, Text name, uint64_t *signature) {
  *signature = 0;
  switch (import->kind) {
    case IMPORT_STAGE:
      import->id = find_stage(name);
      if (import->id == STAGEID_COUNT) return false;
      *signature = stage_signature((StageId)import->id);
      return true;
    case IMPORT_FIELD:
      import->id = field_find(name);
      if (import->id == FIELD_COUNT) return false;
      *signature = field_signature((FieldId)import->id);
      return true;
    case IMPORT_FUNCTION:
      import->id = find_function(name, import->signature);
      if (import->id == FUNCTION_ID_COUNT) return false;
      *signature = function_signature((FunctionId)import->id);
      return true;
    case IMPORT_CONNECTOR:
      import->id = find_connector(name);
      return import->id != CONNECTOR_COUNT;
  }
  return false;
}

uint64_t import_signature(PlanImportKind kind, Text name) {
  PlanImport import = {.kind = kind};
  uint64_t signature = 0;
  return find_import(&import, name, &signature) ? signature : 0;
}

static Status bind_import(const Plan *plan, Arena *arena, PlanImport *import, Error *error) {
  static const char *const kinds[] = {"stage", "field", "function", "connector"};
  Text name = plan_string(plan, import->name);
  Text shown = text_escaped(arena, (Text){name.bytes, name.length < 100 ? name.length : 100});
  uint64_t signature;
  if (!find_import(import, name, &signature)) {
    return refuse(error, FAULT_PLAN_IMPORT_UNKNOWN,
                  "the plan needs the %s `" TEXT_FORMAT "`, which this Narada does not have; use a newer one",
                  kinds[import->kind], TEXT_ARG(shown));
  }
  if (signature != import->signature) {
    return refuse(error, FAULT_PLAN_IMPORT_CHANGED,
                  "the plan was made for another form of the %s `" TEXT_FORMAT "`; compile it again from its source",
                  kinds[import->kind], TEXT_ARG(shown));
  }
  return STATUS_OK;
}

Status bind_imports(Plan *plan, Arena *arena, const PlanPlaces *places, Error *error) {
  for (uint32_t i = 0; i < plan->import_count; i++) {
    if (bind_import(plan, arena, &plan->imports[i], error) != STATUS_OK)
      return place_fault(places, SECTION_IMPT, i, error);
  }
  return STATUS_OK;
}
