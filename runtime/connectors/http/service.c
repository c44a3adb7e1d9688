#include "connectors/http/service.h"

#include <string.h>
#include <strings.h>

static const ServiceDef services[] = {
#define SERVICE(id, name, code, message, doc) {name, code, message, doc},
#include "services.def"
};

static const BaseDef bases[] = {
#define BASE(id, service, name, url, authorization) {SERVICE_##service, name, url, authorization},
#include "services.def"
};

static const LimitDef limits[] = {
#define LIMIT(id, service, name, parent, calls, period, burst, at_once) {SERVICE_##service, name, parent, calls, period, burst, at_once},
#include "services.def"
};

static const EndpointDef endpoints[] = {
#define ENDPOINT(id, base, name, method, path, fixed, limit, body, batch, repeat, scopes, doc) \
  {BASE_##base, name, method, path, fixed, LIMIT_##limit, body, batch, repeat, scopes, doc},
#include "services.def"
};

static const PagesDef pages[ENDPOINT_COUNT] = {
#define PAGES(endpoint, style, most, size, position, items, total, next, echo_position, echo_size) \
  [ENDPOINT_##endpoint] = {style, most, size, position, items, total, next, echo_position, echo_size},
#include "services.def"
};

static const VerdictDef verdicts[] = {
#define VERDICT(service, status, code, verdict, doc) {SERVICE_##service, status, code, verdict, doc},
#include "services.def"
};

static const RateHeadersDef rate_headers[] = {
#define RATE_HEADERS(service, remaining, reset_in) {SERVICE_##service, remaining, reset_in},
#include "services.def"
};

static const ScopeDef scopes[] = {
#define SCOPE(service, name, doc) {SERVICE_##service, name, doc},
#include "services.def"
};

static const CapabilityDef capabilities[] = {
#define CAPABILITY(id, service, name, without, with, doc) {SERVICE_##service, name, without, with, doc},
#include "services.def"
};

static const struct {
  Service service;
  int status;
  const char *words, *doc;
} hints[] = {
#define HINT(service, status, words, doc) {SERVICE_##service, status, words, doc},
#include "services.def"
};

static const struct {
  const char *name;
  int places;
} secrets[] = {
#define SECRET(name, places) {name, places},
#include "services.def"
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

const ServiceDef *service_def(Service service) {
  return &services[service];
}

const BaseDef *base_def(Base base) {
  return &bases[base];
}

const LimitDef *limit_def(LimitId limit) {
  return &limits[limit];
}

bool limit_by_address(LimitId root) {
  switch (root) {
#define BY_ADDRESS(limit) \
  case LIMIT_##limit: return true;
#include "services.def"
    default: return false;
  }
}

const EndpointDef *endpoint_def(Endpoint endpoint) {
  return &endpoints[endpoint];
}

const PagesDef *pages_def(Endpoint endpoint) {
  return &pages[endpoint];
}

Service endpoint_service(Endpoint endpoint) {
  return bases[endpoints[endpoint].base].service;
}

Base base_named(Text name) {
  size_t i = 0;
  while (i < COUNT(bases) && !text_is(name, bases[i].name)) i++;
  return (Base)i;
}

Endpoint endpoint_named(Text name) {
  size_t i = 0;
  while (i < COUNT(endpoints) && !text_is(name, endpoints[i].name)) i++;
  return (Endpoint)i;
}

const VerdictDef *service_verdict(Service service, int status, Text code) {
  static const VerdictDef done = {SERVICE_ANY, 200, "", VERDICT_DONE, "done"};
  if (status >= 200 && status < 300 && code.length == 0) return &done;
  size_t i = 0;
  for (; i < COUNT(verdicts) - 1; i++) { /* the last row fits always */
    const VerdictDef *row = &verdicts[i];
    if ((row->service == service || row->service == SERVICE_ANY) && (row->status == 0 || row->status == status) &&
        (!row->code[0] || text_is(code, row->code)))
      break;
  }
  return &verdicts[i];
}

bool service_refuses_politely(Service service) {
  for (size_t i = 0; i < COUNT(verdicts); i++)
    if (verdicts[i].service == service && verdicts[i].status == 0 && verdicts[i].code[0]) return true;
  return false;
}

/* The first of the pointers, separated by spaces, at which a scalar stands. */
static const JsonNode *first_scalar(const char *pointers, const JsonDoc *reply) {
  if (!reply) return NULL;
  for (const char *at = pointers; *at;) {
    size_t length = strcspn(at, " ");
    const JsonNode *node = json_at(reply->root, (Text){at, length});
    if (node && (node->kind == JSON_STRING || node->kind == JSON_INTEGER)) return node;
    at += length;
    if (*at) at++;
  }
  return NULL;
}

Text service_code(Service service, Arena *arena, const JsonDoc *reply) {
  const JsonNode *node = first_scalar(services[service].code, reply);
  if (!node) return TEXT_LITERAL("");
  if (node->kind == JSON_STRING) return node->text;
  return text_of(arena_format(arena, "%lld", (long long)node->integer));
}

Text service_message(Service service, const JsonDoc *reply) {
  const JsonNode *node = first_scalar(services[service].message, reply);
  return node && node->kind == JSON_STRING ? node->text : TEXT_LITERAL("");
}

const RateHeadersDef *service_rate_headers(Service service) {
  for (size_t i = 0; i < COUNT(rate_headers); i++)
    if (rate_headers[i].service == service) return &rate_headers[i];
  return NULL;
}

bool secret_name(Text name, SecretPlace place) {
  for (size_t i = 0; i < COUNT(secrets); i++)
    if ((secrets[i].places & (int)place) && name.length == strlen(secrets[i].name) && strncasecmp(name.bytes, secrets[i].name, name.length) == 0) return true;
  return false;
}

const ScopeDef *scope_def(size_t index) {
  return index < COUNT(scopes) ? &scopes[index] : NULL;
}

/* The part of `list` up to the next `end`; `list` goes behind it. */
static Text next_part(Text *list, char end) {
  const char *found = list->length ? memchr(list->bytes, end, list->length) : NULL;
  Text part = {list->bytes, found ? (size_t)(found - list->bytes) : list->length};
  size_t used = part.length + (found ? 1 : 0);
  list->bytes += used;
  list->length -= used;
  return part;
}

bool scope_granted(Text granted, Text scope) {
  while (granted.length)
    if (text_equal(next_part(&granted, ' '), scope)) return true;
  return false;
}

bool scopes_suffice(Endpoint endpoint, Text granted) {
  Text all = text_of(endpoints[endpoint].scopes);
  while (all.length) {
    Text one_of = next_part(&all, ' ');
    bool found = false;
    while (one_of.length) found = scope_granted(granted, next_part(&one_of, '|')) || found;
    if (!found) return false;
  }
  return true;
}

const CapabilityDef *capability_def(Capability capability) {
  return &capabilities[capability];
}

static bool holds(Text text, const char *words) {
  size_t length = strlen(words);
  for (size_t i = 0; i + length <= text.length; i++)
    if (memcmp(text.bytes + i, words, length) == 0) return true;
  return false;
}

const char *place_url(ServicePlace place) {
  static const char *const urls[] = {
#define PLACE(id, service, url, doc) url,
#include "services.def"
  };
  return urls[place];
}

const char *service_hint(Service service, int status, Text message) {
  for (size_t i = 0; i < COUNT(hints); i++)
    if (hints[i].service == service && hints[i].status == status && holds(message, hints[i].words)) return hints[i].doc;
  return NULL;
}

Service service_named(Text name) {
  size_t i = 0;
  while (i < COUNT(services) && !text_is(name, services[i].name)) i++;
  return (Service)i;
}
