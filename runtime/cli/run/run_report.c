#include "cli/run/run_report.h"

#include <inttypes.h>

#include "base/json.h"

static uint32_t line_of(const Run *run, uint32_t node) {
  return node != PLAN_NONE && run->plan->spans ? run->plan->spans[node].line : 0;
}

/* Nobody who runs a workflow of the library has its lines before him. */
static void print_place(const Run *run, uint32_t node, bool places, FILE *out) {
  if (places && line_of(run, node)) fprintf(out, "line %" PRIu32 ": ", line_of(run, node));
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
    fprintf(out, "%6" PRIu32 "  %-20s %12" PRIu64 " %12" PRIu64 " %16" PRIu64 "%s\n", line_of(run, node), plan_stage(run->plan, node)->name, report->rows_in,
            report->rows_out, report->dropped_missing, run->plan->nodes[node].inserted ? "  (inserted)" : "");
  }
}

static const char *status_name(Status status) {
  switch (status) {
    case STATUS_OK: return "done";
    case STATUS_PARTIAL: return "partial";
    case STATUS_REFUSED: return "refused";
    case STATUS_BUSY: return "busy";
    default: return "failed";
  }
}

static void append_stages(TextBuilder *json, const Run *run) {
  for (uint32_t node = 0; node < run->plan->node_count; node++) {
    const NodeReport *report = &run->reports[node];
    text_append_format(json, "%s\n    {\"line\": %" PRIu32 ", \"stage\": ", node ? "," : "", line_of(run, node));
    json_append_string(json, text_of(plan_stage(run->plan, node)->name));
    text_append_format(json, ", \"rows_in\": %" PRIu64 ", \"rows_out\": %" PRIu64 ", \"dropped_missing\": %" PRIu64 ", \"inserted\": %s, \"done\": %s}",
                       report->rows_in, report->rows_out, report->dropped_missing, run->plan->nodes[node].inserted ? "true" : "false",
                       report->done ? "true" : "false");
  }
}

static void append_notices(TextBuilder *json, const Run *run) {
  for (size_t i = 0; i < run->notice_count; i++) {
    const Notice *notice = &run->notices[i];
    text_append_format(json, "%s\n    {\"line\": %" PRIu32 ", \"problem\": %s, \"text\": ", i ? "," : "", line_of(run, notice->node),
                       notice->problem ? "true" : "false");
    json_append_string(json, notice->text);
    text_append_char(json, '}');
  }
}

static void append_member(TextBuilder *json, const char *name, Text value) {
  text_append_format(json, "  \"%s\": ", name);
  json_append_string(json, value);
  text_append(json, TEXT_LITERAL(",\n"));
}

void report_json(const Run *run, Status status, const Error *error, FILE *out) {
  char id[2 * SHA256_SIZE + 1];
  digest_hex(&run->plan->id, SHA256_SIZE, id);
  TextBuilder json = {.arena = run->arena};
  text_append(&json, TEXT_LITERAL("{\n"));
  append_member(&json, "plan", text_of(id));
  append_member(&json, "program", run->plan->source_name);
  append_member(&json, "now", instant_format(run->arena, run->options.now));
  append_member(&json, "seed", text_of(arena_format(run->arena, "%" PRIu64, run->seed))); /* a text: 64 bits do not fit a JSON number */
  append_member(&json, "status", text_of(status_name(status)));
  text_append_format(&json, "  \"exit\": %d,\n", (int)status);
  if (status != STATUS_OK && error->message[0]) append_member(&json, "error", text_of(error->message));
  text_append(&json, TEXT_LITERAL("  \"stages\": ["));
  append_stages(&json, run);
  text_append(&json, TEXT_LITERAL("],\n  \"notices\": ["));
  append_notices(&json, run);
  text_append(&json, TEXT_LITERAL("]\n}\n"));
  Text text = text_built(&json);
  fwrite(text.bytes, 1, text.length, out);
}
