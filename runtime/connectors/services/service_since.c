#include "connectors/services/service_since.h"

enum { SECOND_MS = 1000 };

Status service_since(Services *services, const StageCall *call, Service service, const char *entity, ServiceSince *out, Error *error) {
  *out = (ServiceSince){.from = INSTANT_MIN};
  if (!call_given(call, "since") || call_instant(call, "since", &out->from)) return STATUS_OK;
  out->checkpoint = text_is(call_word(call, "since"), "checkpoint");
  if (!out->checkpoint) return STATUS_OK;
  Instant last;
  bool found = false;
  Status status = services_checkpoint(services, call->run, service, entity, &last, &found, error);
  if (status == STATUS_OK && found) out->from = last + 1;
  return status;
}

void service_since_reached(Services *services, const ServiceSince *since, Service service, const char *entity, Instant newest) {
  if (!since->checkpoint || newest == INSTANT_MIN) return;
  Instant over = services_now(services) - 2 * SECOND_MS;
  services_reached(services, service, entity, newest < over ? newest : over > since->from ? over : since->from);
}
