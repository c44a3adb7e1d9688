#include "compiler/compile.h"

#include "compiler/lint/lint.h"
#include "compiler/lower/lower.h"
#include "compiler/check/module.h"
#include "compiler/lower/optimise.h"
#include "compiler/workflow/workflow.h"

/* A JSON workflow is compiled as the program it says. */
static bool program_of(Arena *arena, SourceSet *sources, uint32_t *source, DiagList *diags) {
  return !workflow_is(sources, *source) || workflow_read(arena, sources, *source, diags, source);
}

/* NULL if a workflow says no program. */
static Graph *checked_graph(Arena *arena, SourceSet *sources, uint32_t *source, bool as_module, DiagList *diags) {
  if (!program_of(arena, sources, source, diags)) return NULL;
  Graph *graph = check_program(arena, program_load(arena, *source, diags), as_module, diags);
  lint_graph(graph);
  program_label_uses(graph->program, diags);
  return graph;
}

const Graph *compile_check(Arena *arena, SourceSet *sources, uint32_t source, DiagList *diags) {
  const Graph *graph = checked_graph(arena, sources, &source, true, diags);
  diag_sort(diags);
  return graph;
}

/* A plan of ours that the verifier refuses is our mistake, not the user's. */
static Status internal(Status status, Error *error) {
  if (status == STATUS_OK) return status;
  return fail(error, STATUS_FAILED, "N9001", "a mistake of ours: the compiled plan is refused: %s", error ? error->message : "");
}

Status compile_source(Arena *arena, SourceSet *sources, uint32_t source, DiagList *diags, Compiled *out, Error *error) {
  return compile_source_with(arena, sources, source, (CompileOptions){0}, diags, out, error);
}

/* Changes the graph. */
static Status plan_of(Arena *arena, SourceSet *sources, Graph *graph, CompileOptions options, Compiled *out, Error *error) {
  if (!options.naive) optimise_graph(graph);
  demand_columns(graph);
  Plan *built;
  Status status = lower_graph(graph, sources, &built, error);
  if (status == STATUS_OK) status = plan_encode(arena, built, &out->bytes, error);
  if (status != STATUS_OK) return internal(status, error);
  out->graph = graph;
  return internal(plan_load(arena, out->bytes.bytes, out->bytes.length, &out->plan, error), error);
}

Status compile_check_plan(Arena *arena, SourceSet *sources, uint32_t source, DiagList *diags, Compiled *out, Error *error) {
  Graph *graph = checked_graph(arena, sources, &source, true, diags);
  diag_sort(diags);
  *out = (Compiled){0};
  if (diags->errors || !graph || graph->sinks.count == 0) return STATUS_OK;
  return plan_of(arena, sources, graph, (CompileOptions){0}, out, error);
}

Status compile_source_with(Arena *arena, SourceSet *sources, uint32_t source, CompileOptions options, DiagList *diags, Compiled *out, Error *error) {
  Graph *graph = checked_graph(arena, sources, &source, false, diags);
  diag_sort(diags);
  if (diags->errors)
    return fail(error, STATUS_USAGE, "", TEXT_FORMAT ": %zu error%s", TEXT_ARG(sources->items[source].path), diags->errors, diags->errors == 1 ? "" : "s");
  return plan_of(arena, sources, graph, options, out, error);
}
