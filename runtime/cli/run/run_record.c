#include "cli/run/run_record.h"

#include <inttypes.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/json.h"
#include "connectors/services/services.h"
#include "store/runs.h"

enum { MOST_NOTICES = 50 };

/* ---- the program ---- */

/* A module's name begins at the program's folder. */
static Text file_name(const RunRecord *record, Text path, bool is_program) {
  const char *slash = strrchr(record->path, '/');
  size_t folder = slash ? (size_t)(slash - record->path) + 1 : 0;
  if (is_program) return text_of(record->path + folder);
  bool inside = folder && path.length > folder && memcmp(path.bytes, record->path, folder) == 0;
  return inside ? (Text){path.bytes + folder, path.length - folder} : path;
}

/* What was written; not what was made from it. */
static ProgramFile *program_files(const RunRecord *record, size_t *count) {
  size_t most = record->sources ? record->sources->count : 0;
  ProgramFile *files = arena_array(record->run->arena, most + 1, sizeof *files);
  *count = 0;
  for (size_t i = 0; i < most; i++) {
    const Source *source = &record->sources->items[i];
    if (source->origin_count) continue;
    files[*count] = (ProgramFile){.name = file_name(record, source->path, *count == 0), .content = source->text};
    ++*count;
  }
  if (*count == 0) files[(*count)++] = (ProgramFile){file_name(record, (Text){"", 0}, true), record->plan_bytes, true};
  return files;
}

static Text parameters_json(const RunRecord *record) {
  TextBuilder json = {.arena = record->run->arena};
  text_append_char(&json, '{');
  for (size_t i = 0; i < record->param_count; i++) {
    if (i) text_append_char(&json, ',');
    json_append_string(&json, record->params[i].name);
    text_append_char(&json, ':');
    json_append_string(&json, record->params[i].value);
  }
  text_append_char(&json, '}');
  return text_built(&json);
}

static Status begin(RunRecord *record, Store *store, Error *error) {
  Run *run = record->run;
  char plan_id[2 * SHA256_SIZE + 1];
  digest_hex(&run->plan->id, SHA256_SIZE, plan_id);
  size_t count;
  const ProgramFile *files = program_files(record, &count);
  RunStart start = {.files = files,
                    .file_count = count,
                    .plan_id = text_of(plan_id),
                    .parameters = parameters_json(record),
                    .zone = text_of(run->options.zone.name),
                    .seed = text_of(arena_format(run->arena, "%" PRIu64, run->seed)),
                    .started_at = run->options.now};
  return store_begin_run(store, &start, &record->id, error);
}

/* ---- its end ---- */

static bool all_done(const Run *run) {
  for (uint32_t i = 0; i < run->plan->node_count; i++) {
    if (!run->reports[i].done) return false;
  }
  return true;
}

/* A run is complete when every step of it reported so, not when nothing complained. */
static const char *status_word(const Run *run, Status status) {
  switch (status) {
    case STATUS_OK: return all_done(run) ? "complete" : "failed";
    case STATUS_PARTIAL: return all_done(run) ? "partial" : "failed";
    case STATUS_REFUSED: return "refused";
    case STATUS_INTERRUPTED: return "cancelled";
    default: return "failed";
  }
}

static RunStep *steps_of(const Run *run) {
  const Plan *plan = run->plan;
  RunStep *steps = arena_array(run->arena, plan->node_count, sizeof *steps);
  for (uint32_t i = 0; i < plan->node_count; i++) {
    const NodeReport *report = &run->reports[i];
    const StageDef *def = plan_stage(plan, i);
    const char *word = def->group == GROUP_SOURCE                                                      ? "from "
                       : def->group == GROUP_DESTINATION && def->connector != CONNECTOR_TERMINAL ? "to "
                                                                                                         : "";
    steps[i] = (RunStep){.position = i,
                         .line = plan->spans ? plan->spans[i].line : 0,
                         .stage = text_of(arena_format(run->arena, "%s%s", word, def->name)),
                         .status = text_of(report->done ? "complete" : report->started ? "failed" : "skipped"),
                         .rows_in = (int64_t)report->rows_in,
                         .rows_out = (int64_t)report->rows_out,
                         .dropped_missing = (int64_t)report->dropped_missing,
                         .duration_us = run->options.ticks && report->started ? report->duration_us : -1};
  }
  return steps;
}

static Text notices_json(const Run *run) {
  TextBuilder json = {.arena = run->arena};
  text_append_char(&json, '[');
  for (size_t i = 0; i < run->notice_count && i < MOST_NOTICES; i++) {
    const Notice *notice = &run->notices[i];
    uint32_t line = notice->node != PLAN_NONE && run->plan->spans ? run->plan->spans[notice->node].line : 0;
    text_append_format(&json, "%s{\"line\":%" PRIu32 ",\"problem\":%s,\"text\":", i ? "," : "", line, notice->problem ? "true" : "false");
    json_append_string(&json, notice->text);
    text_append_char(&json, '}');
  }
  if (run->notice_count > MOST_NOTICES) text_append_format(&json, ",{\"more\":%zu}", run->notice_count - MOST_NOTICES);
  text_append_char(&json, ']');
  return text_built(&json);
}

static Status end(RunRecord *record, Store *store, Status status, const Error *error, Error *own) {
  const Run *run = record->run;
  int64_t took_us = run->options.ticks ? run->options.ticks() - record->started : 0;
  RunEnd how = {.status = text_of(status_word(run, status)),
                .exit_code = interrupt_exit(status),
                .message = status == STATUS_OK || status == STATUS_PARTIAL ? (Text){"", 0} : text_of(error->message),
                .notices = notices_json(run),
                .ended_at = run->options.now + took_us / 1000,
                .steps = steps_of(run),
                .step_count = run->plan->node_count};
  return store_end_run(store, record->id, &how, own);
}

/* ---- both ---- */

/* A run that only shows rows leaves nothing that one might want to trace, and it should cost no more than showing them. */
static bool is_remembered(const Run *run) {
  bool writes = false;
  for (uint32_t i = 0; i < run->plan->effect_count; i++) {
    const PlanEffect *effect = &run->plan->effects[i];
    writes = writes || (effect->effect == EFFECT_WRITE && effect->connector != CONNECTOR_TERMINAL);
  }
  return writes && !run->options.dry_run;
}

typedef struct Recording {
  RunRecord *record;
  Status status;
  const Error *error;
} Recording;

static bool holds_store(const Run *run) {
  return run->store && store_mode(run->store) == STORE_WRITE;
}

/* The store that is open for writing, the run's or its services'; NULL = none is. */
static Store *held_store(const Run *run) {
  if (holds_store(run)) return run->store;
  return run->options.services ? services_store(run->options.services) : NULL;
}

static Status begin_body(void *context, Error *error) {
  RunRecord *record = context;
  const Run *run = record->run;
  /* What it does to a service stays there, however it ends: the store is held from now on. */
  if (run->options.services && run_writes_to_service(run)) services_cache(run->options.services, run);
  Store *store = held_store(run);
  return store ? begin(record, store, error) : STATUS_OK;
}

/* What is not there yet. A store that cannot be written to does without, unless it has the beginning. */
static Status record_rest(const Recording *recording, Store *store, Error *error) {
  RunRecord *record = recording->record;
  store_rollback(store); /* what a failed step left open */
  Status status = store_begin(store, error);
  if (status != STATUS_OK) return record->id ? status : STATUS_OK;
  if (!record->id) status = begin(record, store, error);
  if (status == STATUS_OK) status = end(record, store, recording->status, recording->error, error);
  if (status == STATUS_OK) return store_commit(store, error);
  store_rollback(store);
  return status;
}

static Status end_body(void *context, Error *error) {
  Recording *recording = context;
  RunRecord *record = recording->record;
  Store *held = held_store(record->run);
  if (held) return record_rest(recording, held, error); /* nobody else could write to it */
  Arena *arena = record->run->arena;
  Text path;
  Store *store;
  Status status = store_default_path(arena, record->run->options.store_path, &path, error);
  if (status != STATUS_OK || !store_exists(path.bytes)) return STATUS_OK;
  status = store_open(arena, path.bytes, STORE_LOG, record->run->options.now, &store, error);
  if (status != STATUS_OK) return STATUS_OK; /* somebody writes to it, or it is not to be written to */
  status = record_rest(recording, store, error);
  Status closed = store_close(store, NULL);
  return status == STATUS_OK ? closed : status;
}

static void note_unrecorded(RunRecord *record, Status status, const Error *own) {
  if (status != STATUS_OK) run_notice(record->run, PLAN_NONE, false, "this run is not remembered: %s", own->message);
}

void run_record_begin(RunRecord *record) {
  Run *run = record->run;
  record->started = run->options.ticks ? run->options.ticks() : 0;
  if (!is_remembered(run)) return;
  Error own = {0};
  note_unrecorded(record, arena_protect(run->arena, begin_body, record, &own), &own);
}

void run_record_end(RunRecord *record, Status status, const Error *error) {
  if (!is_remembered(record->run) || (holds_store(record->run) && !record->id)) return;
  Error own = {0};
  Recording recording = {.record = record, .status = status, .error = error};
  note_unrecorded(record, arena_protect(record->run->arena, end_body, &recording, &own), &own);
}
