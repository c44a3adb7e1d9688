#include "connectors/http/http_int.h"
#include "base/interrupt.h"
#include "connectors/http/retry_after.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { NOTICE_MOST = 400 };

static Instant system_now(void *context) {
  (void)context;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t system_ticks(void *context) {
  (void)context;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void system_wait(void *context, int64_t ms) {
  (void)context;
  struct timespec left = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
  while (nanosleep(&left, &left) != 0 && errno == EINTR && !interrupt_signal()) continue;
}

HttpClock http_system_clock(void) {
  return (HttpClock){system_now, system_ticks, system_wait, NULL};
}

Instant http_now(const Http *http) {
  return http->options.clock.now(http->options.clock.context) + http->skipped;
}

int64_t http_ticks(const Http *http) {
  return http->options.clock.ticks(http->options.clock.context) + http->skipped;
}

void http_tell(Http *http, const char *format, ...) {
  if (!http->options.notice) return;
  char line[NOTICE_MOST];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  http->options.notice(http->options.notice_context, line);
}

static void set_defaults(HttpOptions *options) {
  if (!options->user_agent) options->user_agent = "narada";
  if (!options->clock.now) options->clock = http_system_clock();
  if (!options->longest_wait_ms) options->longest_wait_ms = 300000;
  if (!options->attempt_ms) options->attempt_ms = 60000;
  if (!options->connect_ms) options->connect_ms = 10000;
  if (!options->total_ms) options->total_ms = 300000;
  if (!options->body_most) options->body_most = HTTP_BODY_MOST;
  if (!options->slowest) options->slowest = 100;
  if (!options->slow_seconds) options->slow_seconds = 20;
  if (!options->attempts) options->attempts = 5;
}

static Status set_bases(Http *http, Error *error) {
  for (size_t i = 0; i < SERVICE_BASE_COUNT; i++) {
    const BaseDef *def = base_def((Base)i);
    const char *other = http->options.bases[i];
    Text url = text_of(other ? other : def->url);
    if (other) {
      Status status = url_check_base(url, http->options.loopback, def->name, error);
      if (status) return status;
      /* Paths begin with a slash; an address that is itself the call keeps its own. */
      if (url.length && url.bytes[url.length - 1] == '/' && def->url[strlen(def->url) - 1] != '/') url.length--;
      http->tags[def->service] = arena_copy(http->arena, url.bytes, url.length > 100 ? 100 : url.length);
    }
    http->bases[i] = url;
  }
  return STATUS_OK;
}

static void close_http(void *object) {
  Http *http = object;
  if (http->curl) transfer_close(http);
  const CallList *const lists[] = {&http->open, &http->ended, &http->kept};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    for (HttpCall *call = lists[i]->first, *next; call; call = next) {
      next = call->next;
      free(call->body);
      arena_free(call->arena);
    }
  }
  while (http->spare_count) free(http->spare[--http->spare_count].bytes);
}

Limits *http_limits(const Http *http, LimitId limit) {
  return http->machine && limit_by_address(limits_root(limit)) ? http->machine : http->limits;
}

static Status set_rates(Http *http, Error *error) {
  for (int i = 0; i < LIMIT_COUNT; i++) {
    const LimitDef *def = limit_def((LimitId)i);
    int calls = http->options.rates[i].calls, period = http->options.rates[i].period_ms;
    if (!calls) continue;
    if ((int64_t)calls * def->period_ms > (int64_t)def->calls * period && !http->tags[def->service])
      return fail(error, STATUS_USAGE, "", "%s is called at most %d times in %d s; faster only at an address of your own", def->name, def->calls, def->period_ms / 1000);
    if (http->limits) limits_set_rate(http_limits(http, (LimitId)i), (LimitId)i, calls, period);
  }
  return STATUS_OK;
}

Status http_open(Arena *arena, const HttpOptions *options, Http **out, Error *error) {
  Http *http = arena_alloc(arena, sizeof *http);
  *out = http;
  http->arena = arena;
  http->options = *options;
  arena_defer(arena, close_http, http);
  set_defaults(&http->options);
  Status status = set_bases(http, error);
  if (!status && (options->record || options->replay)) status = cassette_open(arena, options->record, options->replay, &http->cassette, error);
  if (!status && !options->replay) status = limits_open(arena, options->limits_path, http->tags, &http->limits, error);
  if (!status && http->limits && options->machine_limits_path && limits_open(arena, options->machine_limits_path, http->tags, &http->machine, NULL)) http->machine = NULL;
  return status ? status : set_rates(http, error);
}

static bool has_room(const Http *http, LimitId limit) {
  for (LimitId i = limit; i != LIMIT_NONE; i = limit_def(i)->parent)
    if (http->in_flight[i] >= (http->options.at_once ? http->options.at_once : limit_def(i)->at_once)) return false;
  return true;
}

/* Puts the call's turn at `at`: now, later, or not in this run. */
static void schedule(HttpCall *call, Instant at, Instant now) {
  Http *http = call->http;
  if (at - now > http->options.longest_wait_ms) {
    call_park(call, at, "it has asked for a pause");
    return;
  }
  if (at > now) call->ready = http_ticks(http) + (at - now);
}

/* A slot of the limit, or the news that a slot taken before has become worthless because the service was closed meanwhile. */
static Status take_turn(HttpCall *call, Error *error) {
  Http *http = call->http;
  LimitId limit = endpoint_def(call->request.endpoint)->limit, root = limits_root(limit);
  Instant now = http_now(http), at = now;
  Limits *limits = http_limits(http, limit);
  if (!limits) return STATUS_OK;
  Status status;
  if (call->has_slot) {
    status = limits_closed_until(limits, limit, now, &at, error);
  } else {
    status = limits_take(limits, limit, now, http->options.longest_wait_ms, &at, &call->has_slot, error);
    if (call->has_slot) http->slot[root] = call;
  }
  if (!status) schedule(call, at, now);
  return status;
}

/* The token, if the call needs one. False: the call has ended. */
static bool fetch_token(HttpCall *call) {
  Http *http = call->http;
  Base base = endpoint_def(call->request.endpoint)->base;
  if (!base_def(base)->authorization[0]) return true;
  if (http->cassette && cassette_plays(http->cassette)) {
    call->token = TEXT_LITERAL("(played)"); /* so that a recorded refusal goes the way it went */
    return true;
  }
  Error error = {0};
  Text token = {0};
  Status status;
  call->state = CALL_STARTS;
  http->fetching[base] = true;
  if (http->options.token)
    status = http->options.token(http->options.token_context, base, call->refused, &token, &error);
  else
    status = fail(&error, STATUS_LOGIN, "", "%s: `%s` needs a login, and there is none", call_service(call), endpoint_def(call->request.endpoint)->name);
  http->fetching[base] = false;
  call->state = CALL_WAITS;
  if (!status && call->refused.length && text_equal(token, call->refused))
    status = fail(&error, STATUS_LOGIN, "", "%s does not accept the login, and there is no other; log in again", call_service(call));
  if (status) {
    call->reply.error = error;
    /* Where the login is good and only could not be renewed just now, nobody has to log in. */
    call->reply.verdict = status == STATUS_LOGIN ? VERDICT_LOGIN : VERDICT_RETRY;
    call_end(call, status == STATUS_LOGIN ? HTTP_REFUSED : HTTP_FAILED);
    return false;
  }
  call->token = text_copy(call->arena, token);
  call->refused = (Text){0};
  return true;
}

static void play(HttpCall *call) {
  ExchangeKey key = cassette_key(call->http->cassette, call->arena, call->request.endpoint, call->target, call->payload);
  Exchange exchange;
  Error error;
  if (cassette_read(call->http->cassette, call->arena, &key, &exchange, &error)) {
    call->reply.error = error;
    call_end(call, HTTP_FAILED);
    return;
  }
  char *body = realloc(call->body, exchange.body.length + 1);
  if (!body) {
    call_fail(call, HTTP_FAILED, STATUS_FAILED, "no memory is left for an answer of %s", call_service(call));
    return;
  }
  memcpy(body, exchange.body.bytes, exchange.body.length);
  body[exchange.body.length] = '\0';
  call->body = body;
  call->body_length = exchange.body.length;
  call->body_capacity = exchange.body.length + 1;
  call->headers = (ReplyHeaders){0};
  snprintf(call->headers.retry_after, HEADER_VALUE, TEXT_FORMAT, TEXT_ARG(exchange_header(&exchange, "retry-after")));
  snprintf(call->headers.etag, HEADER_VALUE, TEXT_FORMAT, TEXT_ARG(exchange_header(&exchange, "etag")));
  call->reply.status = exchange.status;
  if (exchange.status)
    judge_reply(call);
  else
    judge_fault(call, body, true, true);
}

static Status start_protected(void *context, Error *error) {
  (void)error;
  HttpCall *call = context;
  Http *http = call->http;
  if (!fetch_token(call)) return STATUS_OK;
  if (call->called_off) {
    call->called_off = false;
    http_release(http, call);
    return STATUS_OK;
  }
  if (call->attempts == 0) call->first = http_ticks(http);
  call->attempts++;
  http->counts.attempts++;
  LimitId root = limits_root(endpoint_def(call->request.endpoint)->limit);
  if (http->slot[root] == call) http->slot[root] = NULL;
  call->has_slot = false;
  if (http->cassette && cassette_plays(http->cassette))
    play(call);
  else
    transfer_start(call);
  return STATUS_OK;
}

static void start(HttpCall *call) {
  Error error;
  if (arena_protect(call->arena, start_protected, call, &error)) call_fail(call, HTTP_FAILED, STATUS_FAILED, "%s: %s", call_service(call), error.message);
}

typedef enum Turn { TURN_NEXT, TURN_TAKEN, TURN_FAILED } Turn;

typedef struct Turning {
  HttpCall *call;
  Error *error;
} Turning;

static Status take_turn_protected(void *context, Error *error) {
  return take_turn(((Turning *)context)->call, error);
}

/* What can be done with a call that waits; `*wake` becomes the tick at which there is more to do. TURN_TAKEN: the list may have changed. */
static Turn turn(HttpCall *call, int64_t *wake, Error *error) {
  Http *http = call->http;
  const EndpointDef *def = endpoint_def(call->request.endpoint);
  LimitId root = limits_root(def->limit);
  int64_t ticks = http_ticks(http);
  if (call->state != CALL_WAITS || !has_room(http, def->limit)) return TURN_NEXT;
  if (http->storm_until[root] > ticks && call->attempts == 0) {
    call_fail(call, HTTP_FAILED, STATUS_FAILED, "%s: `%s` was not called: the last %d calls have failed one after another", call_service(call), def->name,
              http->streak[root]);
    return TURN_TAKEN;
  }
  if (call->ready > ticks) {
    if (call->ready < *wake) *wake = call->ready;
    return TURN_NEXT;
  }
  if ((http->slot[root] && http->slot[root] != call) || http->fetching[def->base]) return TURN_NEXT;
  if (arena_protect(call->arena, take_turn_protected, &(Turning){call, error}, error)) return TURN_FAILED;
  if (call->state == CALL_ENDED) return TURN_TAKEN;
  if (call->ready > ticks) {
    if (call->ready < *wake) *wake = call->ready;
    return TURN_NEXT;
  }
  start(call);
  return TURN_TAKEN;
}

static Status start_calls(Http *http, int64_t *wake, Error *error) {
  for (bool again = true; again;) {
    again = false;
    *wake = INT64_MAX;
    for (HttpCall *call = http->open.first; call && !again; call = call->next) {
      Turn taken = turn(call, wake, error);
      if (taken == TURN_FAILED) return error->status;
      again = taken == TURN_TAKEN;
    }
  }
  return STATUS_OK;
}

static bool deliver_one(Http *http) {
  if (!http->ended.first) return false;
  call_deliver(http->ended.first);
  return true;
}

static Status step(Http *http, Error *error) {
  if (deliver_one(http)) return STATUS_OK;
  if (interrupt_check(error) != STATUS_OK) return STATUS_INTERRUPTED;
  if (!(http->cassette && cassette_plays(http->cassette))) {
    Status status = transfer_open(http, error);
    if (status) return status;
  }
  int64_t wake;
  Status status = start_calls(http, &wake, error);
  if (status || http->ended.first) return status;
  int64_t wait = wake == INT64_MAX ? -1 : wake - http_ticks(http);
  if (http->flying) return transfer_step(http, wait < 0 && wake != INT64_MAX ? 0 : wait, error);
  if (wake == INT64_MAX) return fail(error, STATUS_FAILED, "", "a call waits for a token that waits for the call");
  if (wait <= 0) return STATUS_OK;
  http->counts.waited_ms += wait;
  if (http->cassette && cassette_plays(http->cassette))
    http->skipped += wait; /* a recording need not be waited for */
  else
    http->options.clock.wait(http->options.clock.context, wait);
  return STATUS_OK;
}

/* Nothing can go on: every call ends with the reason. */
static Status end_all(Http *http, const Error *error) {
  for (HttpCall *call = http->open.first, *next; call; call = next) {
    next = call->next;
    if (call->state == CALL_STARTS) continue;
    bool perhaps = call->state == CALL_FLIES && endpoint_def(call->request.endpoint)->repeat == ONCE;
    call->reply.error = *error;
    call_end(call, perhaps ? HTTP_UNCERTAIN : HTTP_FAILED);
  }
  while (deliver_one(http)) continue;
  return error->status;
}

Status http_run_until(Http *http, bool (*over)(const void *context), const void *context, Error *error) {
  Error local;
  while ((http->open.first || http->ended.first) && !(over && over(context)))
    if (step(http, &local)) {
      if (error) *error = local;
      return end_all(http, &local);
    }
  return STATUS_OK;
}

Status http_run(Http *http, Error *error) {
  return http_run_until(http, NULL, NULL, error);
}

Status http_wait(Http *http, HttpCall *call, Error *error) {
  Error local;
  while (call->state != CALL_ENDED)
    if (step(http, &local)) {
      if (error) *error = local;
      return end_all(http, &local);
    }
  return STATUS_OK;
}

bool http_clock_ahead(const Http *http, int64_t *ms) {
  Instant theirs;
  if (!http->date[0] || !http_date(text_of(http->date), &theirs)) return false;
  *ms = http->dated - theirs;
  return true;
}

Instant http_closed_until(const Http *http, LimitId limit) {
  Instant now = http_now(http), until = now;
  Error ignored;
  Limits *limits = http_limits(http, limit);
  if (limits && limits_closed_until(limits, limit, now, &until, &ignored)) return now;
  return until;
}

HttpCounts http_counts(const Http *http) {
  return http->counts;
}

Text http_address(const Http *http, Arena *arena, Endpoint endpoint, const HttpParam *params, size_t count) {
  const EndpointDef *def = endpoint_def(endpoint);
  TextBuilder url = {.arena = arena};
  text_append(&url, http->bases[def->base]);
  text_append(&url, text_of(def->path));
  if (def->fixed[0] || count) text_append_char(&url, '?');
  url_append_params(&url, def->fixed, params, count);
  return text_built(&url);
}
