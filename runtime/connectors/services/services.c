#include "connectors/services/services.h"

#include <stdlib.h>

#include "connectors/services/machine_limits.h"
#include "connectors/services/services_int.h"
#include "store/checkpoints.h"

Services *services_new(Arena *arena, const ServicesOptions *options) {
  Services *services = arena_alloc(arena, sizeof *services);
  services->arena = arena;
  services->options = *options;
  return services;
}

Status run_services(const Run *run, Services **out, Error *error) {
  *out = run->options.services;
  return *out ? STATUS_OK : fail(error, STATUS_FAILED, "", "web services cannot be reached from here");
}

Arena *services_arena(const Services *services) {
  return services->arena;
}

Instant services_now(const Services *services) {
  return services->options.now;
}

const char *services_account(const Services *services, Service service) {
  const char *account = services->options.accounts[service];
  return account ? account : "";
}

Status services_store_path(const Services *services, const char **out, Error *error) {
  Text path;
  *out = NULL;
  Status status = store_default_path(services->arena, services->options.store_path, &path, error);
  if (status == STATUS_OK && store_exists(path.bytes)) *out = path.bytes;
  return status;
}

/* ---- accounts ---- */

Status services_credentials(Services *services, Credentials **out, Error *error) {
  Status status = STATUS_OK;
  if (!services->credentials) {
    const char *folder = services->options.credentials ? services->options.credentials : getenv("NARADA_CREDENTIALS");
    Text standard;
    if (!folder || !*folder) {
      status = credentials_default_folder(services->arena, &standard, error);
      if (status == STATUS_OK) folder = standard.bytes;
    }
    if (status == STATUS_OK) status = credentials_open(services->arena, folder, &services->credentials, error);
  }
  *out = services->credentials;
  return status;
}

Status services_secret(Services *services, Service service, const char *name, Secret *out, bool *found, Error *error) {
  Credentials *credentials;
  Status status = services_credentials(services, &credentials, error);
  return status == STATUS_OK ? credentials_get(credentials, service, services_account(services, service), name, out, found, error) : status;
}

Status services_want(Services *services, Service service, const char *name, Secret *out, Error *error) {
  bool found = false;
  Status status = services_secret(services, service, name, out, &found, error);
  if (status != STATUS_OK || found) return status;
  const char *account = services_account(services, service), *of = service_def(service)->name;
  if (*account)
    return fail(error, STATUS_LOGIN, "", "Narada has no %s for the account `%s` of %s yet; `narada setup %s --account %s=%s` asks for it", name, text_escaped(services->arena, text_of(account)).bytes,
                service_def(service)->doc, of, of, account);
  return fail(error, STATUS_LOGIN, "", "Narada has no %s for %s yet; `narada setup %s` asks for it", name, service_def(service)->doc, of);
}

static Status spotify(Services *services, Text refused, Text *out, Error *error) {
  Credentials *credentials;
  Http *http;
  Status status = services_credentials(services, &credentials, error);
  if (status == STATUS_OK) status = services_http(services, &http, error);
  if (status != STATUS_OK) return status;
  if (!services->spotify) services->spotify = spotify_tokens_new(services->arena, credentials, services_account(services, SERVICE_SPOTIFY));
  return spotify_token(services->spotify, http, refused, out, error);
}

static Status token(void *context, Base base, Text refused, Text *out, Error *error) {
  Services *services = context;
  Service service = base_def(base)->service;
  if (service == SERVICE_SPOTIFY) return spotify(services, refused, out, error);
  if (refused.length)
    return fail(error, STATUS_LOGIN, "", "%s does not accept the token any more; `narada setup %s` asks for another", service_def(service)->doc, service_def(service)->name);
  Secret secret;
  Status status = services_want(services, service, "token", &secret, error);
  if (status == STATUS_OK) *out = secret_reveal(secret);
  return status;
}

/* ---- the event loop ---- */

static const char *user_agent(Services *services, Text contact) {
  if (!contact.length) return "narada/" NARADA_VERSION;
  return arena_format(services->arena, "narada/%s ( " TEXT_FORMAT " )", NARADA_VERSION, TEXT_ARG(contact));
}

static Status open_http(Services *services, Text contact, HttpToken token_of, void *context, Http **out, Error *error) {
  HttpOptions options = services->options.http;
  const char *store = NULL;
  Status status = services_store_path(services, &store, error);
  if (status != STATUS_OK) return status;
  if (store) options.limits_path = http_limits_path(services->arena, store);
  options.machine_limits_path = machine_limits_path(services->arena);
  options.user_agent = user_agent(services, contact);
  options.token = token_of;
  options.token_context = context;
  return http_open(services->arena, &options, out, error);
}

Status services_http(Services *services, Http **out, Error *error) {
  Status status = STATUS_OK;
  if (!services->http) {
    Secret contact; /* MusicBrainz asks every program for a way to reach who runs it */
    bool found = false;
    status = services_secret(services, SERVICE_MUSICBRAINZ, "contact", &contact, &found, error);
    if (status == STATUS_OK) status = open_http(services, secret_reveal(contact), token, services, &services->http, error);
  }
  *out = services->http;
  return status;
}

static Status given_token(void *context, Base base, Text refused, Text *out, Error *error) {
  *out = *(Text *)context;
  if (!refused.length) return STATUS_OK;
  return fail(error, STATUS_LOGIN, "", "%s does not accept the token", service_def(base_def(base)->service)->doc);
}

Status services_http_with(Services *services, Text text, Text contact, Http **out, Error *error) {
  Text *kept = arena_alloc(services->arena, sizeof *kept);
  *kept = text;
  return open_http(services, contact, text.length ? given_token : token, text.length ? (void *)kept : services, out, error);
}

void services_hurry(Services *services) {
  services->options.http.attempts = 2;
  services->options.http.longest_wait_ms = 5000;
  services->options.http.total_ms = 20000;
  services->options.http.attempt_ms = 15000;
}

Status services_regime(Services *services, SpotifyRegime **out, Error *error) {
  Credentials *credentials;
  Http *http;
  Status status = services_credentials(services, &credentials, error);
  if (status == STATUS_OK) status = services_http(services, &http, error);
  if (status == STATUS_OK && !services->regime)
    services->regime = spotify_regime_open(services->arena, credentials, services_account(services, SERVICE_SPOTIFY), http_now(http));
  *out = services->regime;
  return status;
}

Text services_warning(Services *services) {
  return services->spotify ? spotify_tokens_warning(services->spotify, services->arena, services->options.now) : TEXT_LITERAL("");
}

void services_pause(const Services *services, Base base, int64_t ms) {
  const char *address = services->options.http.bases[base];
  if (address && url_is_loopback(text_of(address))) ms /= 50;
  HttpClock clock = services->options.http.clock.wait ? services->options.http.clock : http_system_clock();
  if (!services->options.http.replay) clock.wait(clock.context, ms);
}

/* ---- what is kept in the store ---- */

bool run_writes_to_service(const Run *run) {
  bool writes = false;
  for (uint32_t i = 0; run && !run->options.dry_run && i < run->plan->effect_count; i++) {
    const PlanEffect *effect = &run->plan->effects[i];
    writes = writes || (effect->effect == EFFECT_WRITE && connector_def(effect->connector)->calls);
  }
  return writes;
}

Store *services_cache(Services *services, const Run *run) {
  if (services->outbox) return services->outbox;
  if (run && run->store && store_mode(run->store) == STORE_WRITE) return run->store;
  if (services->cache_tried) return services->cache;
  services->cache_tried = true;
  const char *path = NULL;
  if (services_store_path(services, &path, NULL) != STATUS_OK) return NULL;
  /* Its destination makes the store in any case; made now, it keeps what is asked for on the way there. */
  if (!path && run_writes_to_service(run) && services_outbox(services, run, &services->outbox, NULL) != STATUS_OK) services->outbox = NULL;
  if (!path) return services->outbox;
  if (store_open(services->arena, path, STORE_LOG, services->options.now, &services->cache, NULL) != STATUS_OK) services->cache = NULL;
  return services->cache;
}

Store *services_store(const Services *services) {
  return services->outbox ? services->outbox : services->cache;
}

Status services_outbox(Services *services, const Run *run, Store **out, Error *error) {
  *out = services->outbox;
  if (services->outbox) return STATUS_OK;
  if (run && run->store && store_mode(run->store) == STORE_WRITE) {
    *out = run->store;
    return STATUS_OK;
  }
  if (services->cache) store_close(services->cache, NULL); /* it holds the writer's lock */
  services->cache = NULL;
  Text path;
  Status status = store_default_path(services->arena, services->options.store_path, &path, error);
  if (status == STATUS_OK) status = store_open(services->arena, path.bytes, STORE_WRITE, services->options.now, &services->outbox, error);
  *out = services->outbox;
  return status;
}

Status services_settle(Services *services, const Run *run, const OutboxWish *has, Error *error) {
  uint64_t counts[OUTBOX_STATES] = {0};
  const char *path = NULL;
  Status status = services_store_path(services, &path, error);
  Store *store = path ? services_cache(services, run) : NULL;
  if (store) status = outbox_count(store, has->connector, has->account, has->operation, counts, error);
  if (status != STATUS_OK || !(counts[OUTBOX_PENDING] + counts[OUTBOX_SENDING])) return status;
  status = services_outbox(services, run, &store, error);
  return status == STATUS_OK ? outbox_settle(store, has, error) : status;
}

static Text account_text(const Services *services, Service service) {
  return text_of(services_account(services, service));
}

Status services_checkpoint(Services *services, const Run *run, Service service, const char *entity, Instant *out, bool *found, Error *error) {
  Store *store = services_cache(services, run);
  Checkpoint checkpoint;
  *found = false;
  if (!store) return STATUS_OK;
  Status status = store_checkpoint(store, account_text(services, service), text_of(service_def(service)->name), text_of(entity), &checkpoint, found, error);
  if (status == STATUS_OK && *found) *out = checkpoint.last;
  return status;
}

void services_reached(Services *services, Service service, const char *entity, Instant until) {
  vec_push(services->arena, &services->reached, ((Reached){service, entity, until}));
}

Status services_keep_checkpoints(Services *services, Run *run, Error *error) {
  if (!services->reached.count || run->options.dry_run) return STATUS_OK;
  const char *path = NULL;
  Store *store;
  Status status = services_store_path(services, &path, error);
  if (status != STATUS_OK || !path) return status;
  status = services_outbox(services, run, &store, error);
  if (status != STATUS_OK) return fail_context(error, "the place up to which was read could not be kept");
  status = store_begin(store, error);
  for (size_t i = 0; i < services->reached.count && status == STATUS_OK; i++) {
    const Reached *reached = &services->reached.items[i];
    status = store_set_checkpoint(store, account_text(services, reached->service), text_of(service_def(reached->service)->name), text_of(reached->entity),
                                  &(Checkpoint){.last = reached->until}, error);
  }
  if (status == STATUS_OK) {
    status = store_commit(store, error);
  } else {
    store_rollback(store);
  }
  services->reached.count = 0;
  return status;
}
