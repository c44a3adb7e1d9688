#include "cli/run/run_report.h"

#include <cjson/cJSON.h>
#include <dlfcn.h>
#include <inttypes.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/json.h"

/* cJSON is loaded when a report is asked for: linked, it would cost every start of the programs. CALL(function, result, parameters); each type is compared with
 * the header's. */
#define CJSON_CALLS                                                                \
  CALL(cJSON_CreateArray, cJSON *, (void))                                         \
  CALL(cJSON_CreateObject, cJSON *, (void))                                        \
  CALL(cJSON_AddNumberToObject, cJSON *, (cJSON *, const char *, double))          \
  CALL(cJSON_AddStringToObject, cJSON *, (cJSON *, const char *, const char *))    \
  CALL(cJSON_AddBoolToObject, cJSON *, (cJSON *, const char *, cJSON_bool))        \
  CALL(cJSON_AddItemToArray, cJSON_bool, (cJSON *, cJSON *))                       \
  CALL(cJSON_AddItemToObject, cJSON_bool, (cJSON *, const char *, cJSON *))        \
  CALL(cJSON_Print, char *, (const cJSON *))                                       \
  CALL(cJSON_free, void, (void *))                                                 \
  CALL(cJSON_Delete, void, (cJSON *))

#define CALL(name, result, parameters) \
  _Static_assert(_Generic(&name, result(*) parameters : 1, default : 0), #name " has another type in this cJSON");
CJSON_CALLS
#undef CALL

/* Of the process; the library stays loaded. */
static struct {
#define CALL(name, result, parameters) result(*name) parameters;
  CJSON_CALLS
#undef CALL
} calls;

/* C has no cast from an object pointer to a function pointer; POSIX has them of one size. */
static bool find(void *library, const char *name, void *function, size_t size) {
  void *symbol = dlsym(library, name);
  if (symbol) memcpy(function, &symbol, size);
  return symbol != NULL;
}

Status report_json_load(Error *error) {
  void *library = dlopen(NARADA_CJSON_SONAME, RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return fail(error, STATUS_FAILED, "", "--json: %s cannot be loaded, and reports are written with it: install cJSON (Debian: apt-get install libcjson1)",
                NARADA_CJSON_SONAME);
#define CALL(name, result, parameters) \
  if (!find(library, #name, &calls.name, sizeof calls.name)) return fail(error, STATUS_FAILED, "", "--json: this cJSON (%s) is too old: it has no %s", NARADA_CJSON_SONAME, #name);
  CJSON_CALLS
#undef CALL
  return STATUS_OK;
}

static const char *status_name(Status status) {
  switch (status) {
    case STATUS_OK: return "done";
    case STATUS_PARTIAL: return "partial";
    case STATUS_REFUSED: return "refused";
    case STATUS_BUSY: return "busy";
    case STATUS_INTERRUPTED: return "interrupted";
    default: return "failed";
  }
}

static cJSON *stages_json(const Run *run) {
  cJSON *stages = calls.cJSON_CreateArray();
  for (uint32_t node = 0; node < run->plan->node_count; node++) {
    const NodeReport *report = &run->reports[node];
    cJSON *stage = calls.cJSON_CreateObject();
    calls.cJSON_AddNumberToObject(stage, "line", report_line(run, node));
    calls.cJSON_AddStringToObject(stage, "stage", plan_stage(run->plan, node)->name);
    calls.cJSON_AddNumberToObject(stage, "rows_in", (double)report->rows_in);
    calls.cJSON_AddNumberToObject(stage, "rows_out", (double)report->rows_out);
    calls.cJSON_AddNumberToObject(stage, "dropped_missing", (double)report->dropped_missing);
    calls.cJSON_AddBoolToObject(stage, "inserted", run->plan->nodes[node].inserted);
    calls.cJSON_AddBoolToObject(stage, "done", report->done);
    calls.cJSON_AddItemToArray(stages, stage);
  }
  return stages;
}

static cJSON *notices_json(const Run *run) {
  cJSON *notices = calls.cJSON_CreateArray();
  for (size_t i = 0; i < run->notice_count; i++) {
    cJSON *notice = calls.cJSON_CreateObject();
    calls.cJSON_AddNumberToObject(notice, "line", report_line(run, run->notices[i].node));
    calls.cJSON_AddBoolToObject(notice, "problem", run->notices[i].problem);
    calls.cJSON_AddStringToObject(notice, "text", run->notices[i].text.bytes);
    calls.cJSON_AddItemToArray(notices, notice);
  }
  return notices;
}

void report_json(const Run *run, Status status, const Error *error, FILE *out) {
  char id[2 * SHA256_SIZE + 1];
  digest_hex(&run->plan->id, SHA256_SIZE, id);
  cJSON *report = calls.cJSON_CreateObject();
  calls.cJSON_AddStringToObject(report, "plan", id);
  calls.cJSON_AddStringToObject(report, "program", arena_copy(run->arena, run->plan->source_name.bytes, run->plan->source_name.length));
  calls.cJSON_AddStringToObject(report, "now", instant_format(run->arena, run->options.now).bytes);
  calls.cJSON_AddStringToObject(report, "seed", arena_format(run->arena, "%" PRIu64, run->seed)); /* a text: 64 bits do not fit a JSON number */
  calls.cJSON_AddStringToObject(report, "status", status_name(status));
  calls.cJSON_AddNumberToObject(report, "exit", interrupt_exit(status));
  if (status != STATUS_OK && error->message[0]) calls.cJSON_AddStringToObject(report, "error", error->message);
  calls.cJSON_AddItemToObject(report, "stages", stages_json(run));
  calls.cJSON_AddItemToObject(report, "notices", notices_json(run));
  char *text = calls.cJSON_Print(report);
  TextBuilder harmless = {.arena = run->arena};
  json_append_harmless(&harmless, text_of(text ? text : "{}"));
  fwrite(harmless.bytes, 1, harmless.length, out);
  fputc('\n', out);
  calls.cJSON_free(text);
  calls.cJSON_Delete(report);
}
