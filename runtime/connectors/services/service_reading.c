#include "connectors/services/service_reading.h"

#include "connectors/services/services_int.h"

typedef struct BegunReading {
  uint32_t node;
  ServiceReading reading;
  StageCall call;
  const Batch *batch; /* NULL until it has finished */
} BegunReading;

static ServiceBegin *begin_of(StageId stage) {
  switch (stage) {
#define SERVICE_SOURCE(stage, begin) \
  case STAGEID_##stage: return begin;
#include "connectors/services/service_sources.def"
#undef SERVICE_SOURCE
    default: return NULL;
  }
}

static BegunReading *begun_of(const Services *services, uint32_t node) {
  for (size_t i = 0; i < services->begun.count; i++)
    if (services->begun.items[i]->node == node) return services->begun.items[i];
  return NULL;
}

Status source_begin(const StageCall *call, Error *error) {
  Run *run = call->run;
  ServiceBegin *begin = begin_of((StageId)run->plan->imports[call->plan_node->stage].id);
  Services *services = run->options.services;
  if (!begin || run->options.world) return STATUS_OK;
  Status status = run_services(run, &services, error);
  if (status != STATUS_OK || begun_of(services, call->node)) return status;
  BegunReading *begun = arena_alloc(run->arena, sizeof *begun);
  begun->node = call->node;
  begun->call = *call;
  begun->reading = (ServiceReading){.call = &begun->call, .services = services, .rows = service_rows_new(call)};
  status = services_http(services, &begun->reading.http, error);
  if (status == STATUS_OK) status = begin(&begun->reading, error);
  if (status == STATUS_OK) vec_push(services->arena, &services->begun, begun);
  return status;
}

Status sources_end(Run *run, Status status, Error *error) {
  Services *services = run->options.services;
  if (!services) return status;
  if (status == STATUS_OK) status = services_keep_checkpoints(services, run, error);
  Text warning = services_warning(services);
  if (warning.length) run_notice(run, PLAN_NONE, false, TEXT_FORMAT, TEXT_ARG(warning));
  return status;
}

Status service_run_source(StageCall *call, const Batch **out, Error *error) {
  Services *services;
  Status status = run_services(call->run, &services, error);
  if (status == STATUS_OK) status = source_begin(call, error);
  BegunReading *begun = status == STATUS_OK ? begun_of(services, call->node) : NULL;
  if (!begun) return status;
  if (!begun->batch) {
    status = http_run(begun->reading.http, error);
    if (status == STATUS_OK) status = begun->reading.finish(&begun->reading, error);
    if (status == STATUS_OK) status = service_rows_finish(begun->reading.rows, &begun->batch, error);
  }
  *out = begun->batch;
  return status;
}

#define SERVICE_SOURCE(stage, begin)                                              \
  Status stage_run_##stage(StageCall *call, const Batch **out, Error *error) { \
    return service_run_source(call, out, error);                                          \
  }
#include "connectors/services/service_sources.def"
#undef SERVICE_SOURCE

Status service_pages_judge(const Pager *pager, Error *error) {
  const PagesResult *result = pages_result(pager);
  if (!result) return fail(error, STATUS_FAILED, "", "the list was not read to its end");
  if (result->outcome != HTTP_DONE) {
    if (error) *error = result->error;
    return result->outcome == HTTP_PARKED ? STATUS_BUSY : result->error.status ? result->error.status : STATUS_FAILED;
  }
  if (result->complete) return STATUS_OK;
  if (result->readings == 1) return fail(error, STATUS_FAILED, "", "the list was not read to its end: " TEXT_FORMAT "; try again in a moment", TEXT_ARG(result->doubt));
  return fail(error, STATUS_FAILED, "", "the list changed while it was read, %d times in a row: " TEXT_FORMAT "; try again in a moment", result->readings, TEXT_ARG(result->doubt));
}
