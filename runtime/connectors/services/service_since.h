/* service_since.h: `since:` of a source: a time, a date, or where an earlier run of the same account got to. */
#ifndef NARADA_CONNECTORS_SERVICES_SERVICE_SINCE_H
#define NARADA_CONNECTORS_SERVICES_SERVICE_SINCE_H

#include "connectors/services/services.h"
#include "engine/stage.h"

typedef struct ServiceSince {
  Instant from;    /* what came then or later is wanted; INSTANT_MIN = everything */
  bool checkpoint; /* where this reading gets to is to be kept */
} ServiceSince;

/* `entity` as for services_checkpoint. */
Status service_since(Services *services, const StageCall *call, Service service, const char *entity, ServiceSince *out, Error *error);
/* The newest row that was read is of `newest`; INSTANT_MIN = there was none. A service counts in seconds: what may still come in the second that is not over
 * is read again next time. */
void service_since_reached(Services *services, const ServiceSince *since, Service service, const char *entity, Instant newest);

#endif
