/* doctor.h: what the parts of `narada doctor` share. */
#ifndef NARADA_CLI_DOCTOR_H
#define NARADA_CLI_DOCTOR_H

#include "base/vec.h"
#include "connectors/services/services.h"

typedef enum FindingKind { FINDING_OK, FINDING_NONE, FINDING_NOTE, FINDING_PROBLEM } FindingKind;

typedef struct Finding {
  FindingKind kind;
  const char *about; /* "store", "Spotify" */
  Text says;
  const char *next;  /* what to do; NULL = nothing */
} Finding;

typedef struct Doctor {
  Arena *arena;
  Services *services;
  uint64_t retries; /* of calls, so far */
  bool offline; /* asks nobody */
  Instant now;
  VEC(Finding) findings;
  int asked, answered; /* services */
} Doctor;

NARADA_PRINTF(5, 6) void doctor_finds(Doctor *doctor, FindingKind kind, const char *about, const char *next, const char *format, ...);
/* Each service that is set up, by using it, and the clock by what they say the time is. */
void doctor_services(Doctor *doctor);

#endif
