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
