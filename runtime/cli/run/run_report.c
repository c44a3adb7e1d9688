#include "cli/run/run_report.h"

#include <inttypes.h>

uint32_t report_line(const Run *run, uint32_t node) {
  return node != PLAN_NONE && run->plan->spans ? run->plan->spans[node].line : 0;
}

/* Nobody who runs a workflow of the library has its lines before him. */
static void print_place(const Run *run, uint32_t node, bool places, FILE *out) {
  if (places && report_line(run, node)) fprintf(out, "line %" PRIu32 ": ", report_line(run, node));
}

void report_notices(const Run *run, bool places, FILE *out) {
  for (size_t i = 0; i < run->notice_count; i++) {
    print_place(run, run->notices[i].node, places, out);
    if (run->notices[i].problem) fputs("problem: ", out);
    text_print(out, run->notices[i].text);
    fputc('\n', out);
  }
  for (uint32_t node = 0; node < run->plan->node_count; node++) {
    const NodeReport *report = &run->reports[node];
    if (!report->dropped_missing) continue;
    print_place(run, node, places, out);
    fprintf(out, "%s left out %" PRIu64 " row%s because a value was missing\n", plan_stage(run->plan, node)->name, report->dropped_missing,
            report->dropped_missing == 1 ? "" : "s");
  }
}

void report_stages(const Run *run, FILE *out) {
  fprintf(out, "%6s  %-20s %12s %12s %16s\n", "line", "stage", "rows in", "rows out", "missing, dropped");
  for (uint32_t node = 0; node < run->plan->node_count; node++) {
    const NodeReport *report = &run->reports[node];
    if (!report->done) continue;
    fprintf(out, "%6" PRIu32 "  %-20s %12" PRIu64 " %12" PRIu64 " %16" PRIu64 "%s\n", report_line(run, node), plan_stage(run->plan, node)->name, report->rows_in,
            report->rows_out, report->dropped_missing, run->plan->nodes[node].inserted ? "  (inserted)" : "");
  }
}

/* ---- of an interrupted run ---- */

typedef struct Written {
  size_t destinations, done;
  uint32_t last, begun; /* nodes; PLAN_NONE = none. `begun` is one of a service, which may have got a part */
} Written;

static Written what_is_written(const Run *run) {
  Written written = {.last = PLAN_NONE, .begun = PLAN_NONE};
  for (uint32_t node = 0; node < run->plan->node_count; node++) {
    const StageDef *def = plan_stage(run->plan, node);
    const NodeReport *report = &run->reports[node];
    if (def->group != GROUP_DESTINATION || def->connector == CONNECTOR_TERMINAL) continue;
    written.destinations++;
    written.done += report->done;
    if (report->done) written.last = node;
    else if (report->started && connector_def(def->connector)->calls) written.begun = node;
  }
  return written;
}

static const char *place_of(const Run *run, uint32_t node) {
  uint32_t line = report_line(run, node);
  const char *name = plan_stage(run->plan, node)->name;
  return line ? arena_format(run->arena, "line %" PRIu32 ": to %s", line, name) : arena_format(run->arena, "to %s", name);
}

void report_interrupted(const Run *run, Error *error) {
  Written written = what_is_written(run);
  const char *again = written.destinations ? "; the same command begins again" : "";
  const char *begun = written.begun == PLAN_NONE ? "" : arena_format(run->arena, "; what %s sent already stays there, and the same command goes on with the rest", place_of(run, written.begun));
  if (run->options.dry_run) fail(error, STATUS_INTERRUPTED, "", "interrupted: it was a dry run, nothing is written");
  else if (written.done) fail(error, STATUS_INTERRUPTED, "", "interrupted: %zu of %zu destinations are written, up to %s%s", written.done, written.destinations, place_of(run, written.last), *begun ? begun : again);
  else fail(error, STATUS_INTERRUPTED, "", "interrupted: nothing is written%s", *begun ? begun : again);
}
