/* services.h: what the sources, destinations, enrichers and commands of the web services share: one event loop, the accounts' secrets, the cache, checkpoints.
 *
 * Made by a program's main for a run or a command; nothing is opened before it is needed. */
#ifndef NARADA_CONNECTORS_SERVICES_SERVICES_H
#define NARADA_CONNECTORS_SERVICES_SERVICES_H

#include "connectors/http/credentials.h"
#include "connectors/http/http.h"
#include "connectors/spotify/regime.h"
#include "engine/run.h"
#include "store/outbox.h"

typedef struct Services Services;

typedef struct ServicesOptions {
  HttpOptions http;         /* bases, loopback, record, replay, clock, seed, notice; what stands behind tokens, limits and user agent is set here */
  const char *credentials;  /* folder; NULL = NARADA_CREDENTIALS, else credentials_default_folder */
  const char *accounts[SERVICE_COUNT]; /* NULL or "" = the account used when none is named */
  const char *store_path;   /* as of --store; NULL = the default */
  Instant now;
} ServicesOptions;

/* Strings are borrowed. Arena. */
Services *services_new(Arena *arena, const ServicesOptions *options);
/* The services of a run; STATUS_FAILED for a run that has none. */
Status run_services(const Run *run, Services **out, Error *error);
/* Whether it may change something at a service; a dry run does not. */
bool run_writes_to_service(const Run *run);

Arena *services_arena(const Services *services);
Instant services_now(const Services *services);
/* Opened on first use. */
Status services_http(Services *services, Http **out, Error *error);
Status services_credentials(Services *services, Credentials **out, Error *error);
const char *services_account(const Services *services, Service service); /* "" = the default one */
/* A value of the account's file. `services_want` makes one that is not there STATUS_LOGIN with the command that sets it. */
Status services_secret(Services *services, Service service, const char *name, Secret *out, bool *found, Error *error);
Status services_want(Services *services, Service service, const char *name, Secret *out, Error *error);

/* A client of its own that sends this token, "" = the stored ones, and this contact, to try what is not stored yet. */
Status services_http_with(Services *services, Text token, Text contact, Http **out, Error *error);
/* For commands that only look: a call is tried twice at most, and waits for seconds at most. Before the first call. */
void services_hurry(Services *services);
/* What Spotify lets the account's application do: for batch reads and the rows of a search. */
Status services_regime(Services *services, SpotifyRegime **out, Error *error);
/* What a person should know of the logins that were used, a line, "" = nothing. Each is told once. */
Text services_warning(Services *services);

/* Where values that services gave are kept between runs: the run's store where it writes, else a connection of its own; NULL where it cannot be written to just
 * now, or where there is no store and the run has nothing to write to a service either. */
Store *services_cache(Services *services, const Run *run);

/* The store that is open for one of these two, for writing or for records; NULL = none is, or it is the run's. */
Store *services_store(const Services *services);

/* The store for the outbox (store/outbox.h): the run's where it writes, else one opened for writing, which is made where there is none. STATUS_BUSY while
 * somebody else writes. Not for a dry run. */
Status services_outbox(Services *services, const Run *run, Store **out, Error *error);
/* outbox_settle where there is anything open; while somebody else writes to the store it is left for the next run. Not for a dry run. */
Status services_settle(Services *services, const Run *run, const OutboxWish *has, Error *error);

/* Where a reading with `since: checkpoint` goes on: the moment up to which an earlier run has everything. `entity`: "plays", "likes". */
Status services_checkpoint(Services *services, const Run *run, Service service, const char *entity, Instant *out, bool *found, Error *error);
/* To be kept once the run has done everything it was to do, so that a checkpoint never leads the data. */
void services_reached(Services *services, Service service, const char *entity, Instant until);
/* At the end of a run that succeeded. */
Status services_keep_checkpoints(Services *services, Run *run, Error *error);

/* For a service to come to rest; not where its replies are replayed, and a fiftieth of it for a server on this machine. */
void services_pause(const Services *services, Base base, int64_t ms);

#endif
