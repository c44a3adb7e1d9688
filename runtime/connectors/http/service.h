/* service.h: stdlib/services.def in C: the services' addresses, calls, limits, pages and what their refusals mean. */
#ifndef NARADA_HTTP_SERVICE_H
#define NARADA_HTTP_SERVICE_H

#include "base/json_doc.h"
#include "base/text.h"

typedef enum Service {
#define SERVICE(id, ...) SERVICE_##id,
#include "services.def"
  SERVICE_COUNT,
  SERVICE_ANY = SERVICE_COUNT,
} Service;

typedef enum Base {
#define BASE(id, ...) BASE_##id,
#include "services.def"
  SERVICE_BASE_COUNT,
} Base;

typedef enum LimitId {
#define LIMIT(id, ...) LIMIT_##id,
#include "services.def"
  LIMIT_COUNT,
  LIMIT_NONE = LIMIT_COUNT,
} LimitId;

typedef enum Endpoint {
#define ENDPOINT(id, ...) ENDPOINT_##id,
#include "services.def"
  ENDPOINT_COUNT,
} Endpoint;

typedef enum Capability {
#define CAPABILITY(id, ...) CAPABILITY_##id,
#include "services.def"
  CAPABILITY_COUNT,
} Capability;

typedef enum ServicePlace {
#define PLACE(id, ...) PLACE_##id,
#include "services.def"
} ServicePlace;

enum {
#define BOUND(id, service, value, doc) BOUND_##id = value,
#include "services.def"
};

typedef enum BodyKind { NO_BODY, FORM_BODY, JSON_BODY, JPEG_BODY } BodyKind;
typedef enum Repeat { ONCE, REPEAT } Repeat;
typedef enum PagesStyle { PAGES_OFFSET = 1, PAGES_NUMBER, PAGES_CURSOR } PagesStyle;

/* What a reply means for the call. */
typedef enum Verdict {
  VERDICT_DONE,
  VERDICT_RETRY,     /* a passing fault of the service; the effect of a write may or may not be there */
  VERDICT_SLOWER,    /* refused because of too many calls, without effect */
  VERDICT_QUOTA,     /* the same, for hours */
  VERDICT_TOKEN,     /* a fresh access token may help */
  VERDICT_LOGIN,     /* a person has to log in again */
  VERDICT_STOP,      /* the application itself is refused */
  VERDICT_FORBIDDEN, /* not this thing, or not for this user */
  VERDICT_ABSENT,    /* no such thing */
  VERDICT_INVALID,   /* the request is wrong and stays so */
} Verdict;

typedef struct ServiceDef {
  const char *name, *code, *message, *doc;
} ServiceDef;

typedef struct BaseDef {
  Service service;
  const char *name, *url, *authorization;
} BaseDef;

typedef struct LimitDef {
  Service service;
  const char *name;
  LimitId parent;
  int calls, period_ms, burst, at_once;
} LimitDef;

typedef struct EndpointDef {
  Base base;
  const char *name, *method, *path, *fixed;
  LimitId limit;
  BodyKind body;
  int batch;
  Repeat repeat;
  const char *scopes, *doc;
} EndpointDef;

typedef struct PagesDef {
  PagesStyle style; /* 0: the endpoint gives no pages */
  int most;
  const char *size, *position, *items, *total, *next, *echo_position, *echo_size;
} PagesDef;

typedef struct VerdictDef {
  Service service;
  int status;
  const char *code;
  Verdict verdict;
  const char *doc;
} VerdictDef;

typedef struct RateHeadersDef {
  Service service;
  const char *remaining, *reset_in;
} RateHeadersDef;

const ServiceDef *service_def(Service service);
const BaseDef *base_def(Base base);
const LimitDef *limit_def(LimitId limit);
/* Whether the service counts the calls of a network address, whoever makes them. */
bool limit_by_address(LimitId root);
const EndpointDef *endpoint_def(Endpoint endpoint);
const PagesDef *pages_def(Endpoint endpoint);
Service endpoint_service(Endpoint endpoint);
/* By the name a person or a test writes: "spotify.api", "spotify.profile". SERVICE_BASE_COUNT, ENDPOINT_COUNT = there is none. */
Base base_named(Text name);
Endpoint endpoint_named(Text name);

/* What `status` with the refusal `code` ("" = none was given) means. Never NULL; a 2xx status without a code is VERDICT_DONE. */
const VerdictDef *service_verdict(Service service, int status, Text code);
/* Whether a refusal of the service may come with a status of success. */
bool service_refuses_politely(Service service);
/* The refusal's code in a reply, a number as its digits, "" if the reply has none; arena. */
Text service_code(Service service, Arena *arena, const JsonDoc *reply);
/* What the reply says of itself, for a message; "" if nothing. Borrowed from `reply`. */
Text service_message(Service service, const JsonDoc *reply);
/* NULL: the service announces nothing. */
const RateHeadersDef *service_rate_headers(Service service);

/* A permission of a login and what it is for; NULL past the last. */
typedef struct ScopeDef {
  Service service;
  const char *name, *doc;
} ScopeDef;
const ScopeDef *scope_def(size_t index);
/* Whether the scopes granted, separated by spaces, hold this one; whether they suffice for a call of the endpoint. */
bool scope_granted(Text granted, Text scope);
bool scopes_suffice(Endpoint endpoint, Text granted);

typedef struct CapabilityDef {
  Service service;
  const char *name;
  int without, with;
  const char *doc;
} CapabilityDef;
const CapabilityDef *capability_def(Capability capability);

/* What a person can do about a refusal; NULL = the table has nothing to say. */
const char *service_hint(Service service, int status, Text message);
const char *place_url(ServicePlace place);
/* SERVICE_COUNT = there is none of that name. */
Service service_named(Text name);

typedef enum SecretPlace { SECRET_SENT = 1, SECRET_GIVEN = 2 } SecretPlace;
/* Whether what is called so, in small or capital letters, holds a secret there. */
bool secret_name(Text name, SecretPlace place);

#endif
