#include "cli/run/run_report.h"

#include <cjson/cJSON.h>
#include <inttypes.h>

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

static cJSON *stages_json(const Run *run) {
  cJSON *stages = cJSON_CreateArray();
  for (uint32_t node = 0; node < run->plan->node_count; node++) {
    const NodeReport *report = &run->reports[node];
    cJSON *stage = cJSON_CreateObject();
    cJSON_AddNumberToObject(stage, "line", line_of(run, node));
    cJSON_AddStringToObject(stage, "stage", plan_stage(run->plan, node)->name);
    cJSON_AddNumberToObject(stage, "rows_in", (double)report->rows_in);
    cJSON_AddNumberToObject(stage, "rows_out", (double)report->rows_out);
    cJSON_AddNumberToObject(stage, "dropped_missing", (double)report->dropped_missing);
    cJSON_AddBoolToObject(stage, "inserted", run->plan->nodes[node].inserted);
    cJSON_AddBoolToObject(stage, "done", report->done);
    cJSON_AddItemToArray(stages, stage);
  }
  return stages;
}

static cJSON *notices_json(const Run *run) {
  cJSON *notices = cJSON_CreateArray();
  for (size_t i = 0; i < run->notice_count; i++) {
    cJSON *notice = cJSON_CreateObject();
    cJSON_AddNumberToObject(notice, "line", line_of(run, run->notices[i].node));
    cJSON_AddBoolToObject(notice, "problem", run->notices[i].problem);
    cJSON_AddStringToObject(notice, "text", run->notices[i].text.bytes);
    cJSON_AddItemToArray(notices, notice);
  }
  return notices;
}

void report_json(const Run *run, Status status, const Error *error, FILE *out) {
  char id[2 * SHA256_SIZE + 1];
  digest_hex(&run->plan->id, SHA256_SIZE, id);
  cJSON *report = cJSON_CreateObject();
  cJSON_AddStringToObject(report, "plan", id);
  cJSON_AddStringToObject(report, "program", arena_copy(run->arena, run->plan->source_name.bytes, run->plan->source_name.length));
  cJSON_AddStringToObject(report, "now", instant_format(run->arena, run->options.now).bytes);
  cJSON_AddStringToObject(report, "seed", arena_format(run->arena, "%" PRIu64, run->seed)); /* a text: 64 bits do not fit a JSON number */
  cJSON_AddStringToObject(report, "status", status_name(status));
  cJSON_AddNumberToObject(report, "exit", (double)status);
  if (status != STATUS_OK && error->message[0]) cJSON_AddStringToObject(report, "error", error->message);
  cJSON_AddItemToObject(report, "stages", stages_json(run));
  cJSON_AddItemToObject(report, "notices", notices_json(run));
  char *text = cJSON_Print(report);
  fputs(text ? text : "{}", out);
  fputc('\n', out);
  cJSON_free(text);
  cJSON_Delete(report);
}
