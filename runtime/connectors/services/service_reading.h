/* service_reading.h: how a source of a web service runs. Before any stage of a run does anything, all its sources begin: each submits its first calls or starts
 * its pager, so that they wait for the network side by side. When a source's turn comes, the calls are waited for and its rows handed over.
 *
 * A source is one function `begin` and one line in service_sources.def. */
#ifndef NARADA_CONNECTORS_SERVICES_SERVICE_READING_H
#define NARADA_CONNECTORS_SERVICES_SERVICE_READING_H

#include "connectors/http/pager.h"
#include "connectors/services/service_rows.h"
#include "connectors/services/services.h"

typedef struct ServiceReading ServiceReading;
struct ServiceReading {
  StageCall *call;
  Services *services;
  Http *http;
  ServiceRows *rows;
  void *own; /* the source's state */
  /* Set by begin: called once all calls have ended; leaves `rows` whole or fails. It may submit more and wait for them. */
  Status (*finish)(ServiceReading *reading, Error *error);
};

/* Submits and sets `finish`. What is wrong already (no login, an unknown word) fails before anything is read or written. */
typedef Status ServiceBegin(ServiceReading *reading, Error *error);

#define SERVICE_SOURCE(stage, begin) ServiceBegin begin;
#include "connectors/services/service_sources.def"
#undef SERVICE_SOURCE

/* STATUS_OK for pages that came whole, else why not: STATUS_BUSY with the time for a parked reading, STATUS_FAILED for a list that did not hold still. */
Status service_pages_judge(const Pager *pager, Error *error);

/* stage_run of every such source. In `per` it is read once, for all groups. */
Status service_run_source(StageCall *call, const Batch **out, Error *error);

#endif
