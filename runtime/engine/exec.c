#include <inttypes.h>

#include "base/interrupt.h"
#include "engine/world.h"
#include "plan/infer.h"

/* The state of an execution. A node is ready when its inputs have results; the table's order makes every node ready in
 * its turn, so one walk is a schedule. Whatever overlaps sources only needs to fill `results` in another order that
 * keeps `node_ready`. */
typedef struct Execution {
  Run *run;
  const Batch **results; /* one for each node, NULL until it has run; inside `per`, of the group that was run last */
  PlanGroups groups;
  uint64_t group; /* number of the group that is being run, from 1; 0 outside of all */
} Execution;

static bool node_ready(const Execution *execution, uint32_t node) {
  const PlanNode *plan_node = &execution->run->plan->nodes[node];
  for (uint32_t i = 0; i < plan_node->input_count; i++) {
    if (!execution->results[plan_node->inputs[i]]) return false;
  }
  return true;
}

static const Batch **node_inputs(Execution *execution, const PlanNode *node, NodeReport *report) {
  const Batch **inputs = arena_array(execution->run->arena, node->input_count, sizeof *inputs);
  for (uint32_t i = 0; i < node->input_count; i++) {
    inputs[i] = execution->results[node->inputs[i]];
    report->rows_in += inputs[i]->selected;
  }
  return inputs;
}

/* "line 4: sort", "line 9: to file.csv", or without spans "node 7: sort". */
static Status name_place(const Run *run, uint32_t node, const StageDef *def, Error *error) {
  const PlanSpan *spans = run->plan->spans;
  const char *word = "";
  if (def->group == GROUP_SOURCE) word = "from ";
  if (def->group == GROUP_DESTINATION && def->connector != CONNECTOR_TERMINAL) word = "to ";
  if (spans && spans[node].line) return fail_context(error, "line %u: %s%s", spans[node].line, word, def->name);
  return fail_context(error, "node %u: %s%s", node, word, def->name);
}

static StageCall call_of(Run *run, uint32_t node) {
  const PlanNode *plan_node = &run->plan->nodes[node];
  return (StageCall){.run = run,
                     .node = node,
                     .def = plan_stage(run->plan, node),
                     .plan_node = plan_node,
                     .schema = &run->plan->schemas[plan_node->schema],
                     .report = &run->reports[node]};
}

static Status execute_nodes(Execution *execution, uint32_t from, uint32_t to, Error *error);

/* Runs the nodes between the two ends once for each group of the entry's rows, and gathers what comes out. */
static Status execute_groups(Execution *execution, StageCall *entry, const Batch **out, Error *error) {
  Run *run = execution->run;
  uint32_t end = execution->groups.end[entry->node];
  uint32_t result = run->plan->nodes[end].inputs[0];
  StageCall gathering = call_of(run, end);
  uint32_t count;
  const Batch *const *parts = stage_split_groups(entry, &count);
  const Batch **results = arena_array(run->arena, count, sizeof *results);
  uint64_t outer = execution->group;
  for (uint32_t i = 0; i < count; i++) {
    for (uint32_t node = entry->node + 1; node < end; node++) execution->results[node] = NULL;
    execution->results[entry->node] = parts[i];
    execution->group = outer * count + i + 1;
    Status status = execute_nodes(execution, entry->node + 1, end, error);
    if (status) return status;
    results[i] = execution->results[result];
  }
  execution->group = outer;
  gathering.inputs = results;
  gathering.input_count = count;
  for (uint32_t i = 0; i < count; i++) gathering.report->rows_in += results[i]->selected;
  Status status = gather_check(&gathering, error);
  if (status) return status;
  *out = batch_gather(&gathering, NULL, 0);
  gathering.report->rows_out += (*out)->selected;
  gathering.report->started = gathering.report->done = true;
  return STATUS_OK;
}

static Status execute_call(Execution *execution, uint32_t node, Error *error) {
  Run *run = execution->run;
  StageCall call = call_of(run, node);
  call.inputs = node_inputs(execution, call.plan_node, call.report);
  call.input_count = call.plan_node->input_count;
  call.group = execution->group;
  if (execution->groups.end[node] != PLAN_NONE) {
    uint32_t end = execution->groups.end[node];
    Status status = execute_groups(execution, &call, &execution->results[end], error);
    if (status) return status;
    call.report->rows_out += call.inputs[0]->selected;
    call.report->done = true;
    return STATUS_OK;
  }
  Status status = world_run_stage(&call, &execution->results[node], error);
  if (status) return name_place(run, node, call.def, error);
  call.report->rows_out += execution->results[node]->selected;
  call.report->done = true;
  return STATUS_OK;
}

static Status execute_node(Execution *execution, uint32_t node, Error *error) {
  Run *run = execution->run;
  NodeReport *report = &run->reports[node];
  int64_t (*ticks)(void) = run->options.ticks;
  int64_t before = ticks ? ticks() : 0;
  Status status = interrupt_check(error);
  if (status) return status;
  report->started = true;
  report->done = false; /* in `per` it may have been, for another group */
  status = execute_call(execution, node, error);
  if (ticks) report->duration_us += ticks() - before;
  return status;
}

static Status execute_nodes(Execution *execution, uint32_t from, uint32_t to, Error *error) {
  for (uint32_t node = from; node < to; node++) {
    if (!node_ready(execution, node)) return fail(error, STATUS_BAD_PLAN, "", "node %u comes before one of its inputs", node);
    Status status = execute_node(execution, node, error);
    if (status) return status;
    if (execution->groups.end[node] != PLAN_NONE) node = execution->groups.end[node]; /* its groups were run, and their end has its rows */
  }
  return STATUS_OK;
}

/* What can be refused is refused before anything is read or written: arguments that the run's parameters put out of range, and a store that
 * cannot be used. */
static Status prepare(void *context, Error *error) {
  Run *run = context;
  for (uint32_t node = 0; node < run->plan->node_count; node++) {
    StageCall call = call_of(run, node);
    Status status = call_check(&call, error);
    if (status) return name_place(run, node, call.def, error);
  }
  for (uint32_t i = 0; i < run->plan->effect_count; i++) {
    Store *store;
    if (run->plan->effects[i].connector != CONNECTOR_LIBRARY) continue;
    Status status = run_store(run, &store, error);
    if (status) return status;
    break;
  }
  run->prepared = true;
  return STATUS_OK;
}

Status run_prepare(Run *run, Error *error) {
  return run->prepared ? STATUS_OK : arena_protect(run->arena, prepare, run, error);
}

/* All sources of web services wait for the network side by side. */
static Status begin_sources(Run *run, Error *error) {
  for (uint32_t node = 0; node < run->plan->node_count; node++) {
    StageCall call = call_of(run, node);
    Status status = source_begin(&call, error);
    if (status) return name_place(run, node, call.def, error);
  }
  return STATUS_OK;
}

/* Told once for a node, however many groups it ran for. */
static void note_too_close(Run *run, uint32_t node) {
  uint64_t pairs = run->reports[node].too_close;
  if (pairs == 0) return;
  run_notice(run, node, false, "%s left %" PRIu64 " pair%s closer than its gap: some values have too many rows for it",
             plan_stage(run->plan, node)->name, pairs, pairs == 1 ? "" : "s");
}

static Status execute_all(void *context, Error *error) {
  Execution *execution = context;
  Run *run = execution->run;
  if (!run->tracks) run->tracks = track_registry_new(run);
  execution->results = arena_array(run->arena, run->plan->node_count, sizeof *execution->results);
  uint32_t fault;
  Status prepared = plan_infer_groups(run->plan, run->arena, &execution->groups, &fault, error);
  if (prepared == STATUS_OK) prepared = run_prepare(run, error);
  if (prepared == STATUS_OK) prepared = begin_sources(run, error);
  if (prepared) return prepared;
  Status status = execute_nodes(execution, 0, run->plan->node_count, error);
  status = sources_end(run, status, error);
  for (uint32_t node = 0; node < run->plan->node_count; node++) note_too_close(run, node);
  return status;
}

Status run_execute(Run *run, Error *error) {
  Execution execution = {.run = run};
  Status status = arena_protect(run->arena, execute_all, &execution, error);
  return status && interrupt_signal() ? interrupt_check(error) : status; /* whatever it complains of, it was not let finish */
}
