#include "connectors/http/http_int.h"

#include <inttypes.h>
#include <string.h>

#include "base/random.h"
#include "connectors/http/retry_after.h"

enum {
  REFUSAL_MOST = 8 << 10, /* bytes of a reply that are looked at for a refusal */
  MESSAGE_MOST = 200,
  SLOWED_MOST = 8,        /* times one call waits for the service's rate */
  STORM = 16,             /* faults in a row after which a service is left alone */
  STORM_MS = 60000,
  BACKOFF_MS = 1000,
  BACKOFF_MOST_MS = 60000,
  QUOTA_MS = 3600000,     /* where a used-up quota does not say until when */
};

/* Half of the doubled time is certain, half is drawn: calls that failed together do not come back together. The draw depends on nothing but the seed, the call
 * and the attempt, so that a run can be repeated. */
static int64_t backoff(const HttpCall *call, int step) {
  int64_t whole = BACKOFF_MOST_MS;
  if (step < 7 && (int64_t)BACKOFF_MS << (step - 1) < whole) whole = (int64_t)BACKOFF_MS << (step - 1);
  Random random = random_seeded(call->http->options.seed ^ (call->number << 16) ^ (uint64_t)step);
  return whole / 2 + (int64_t)random_below(&random, (uint64_t)(whole / 2) + 1);
}

static LimitId root_of(const HttpCall *call) {
  return limits_root(endpoint_def(call->request.endpoint)->limit);
}

static const char *name_of(const HttpCall *call) {
  return endpoint_def(call->request.endpoint)->name;
}

static bool is_late(const HttpCall *call, int64_t wait) {
  return http_ticks(call->http) + wait - call->first > call->http->options.total_ms;
}

static void fail_finally(HttpCall *call, bool done_perhaps, bool answered, const char *why) {
  const char *times = call->attempts > 1 ? arena_format(call->arena, " (%d attempts)", call->attempts) : "";
  if (done_perhaps)
    call_fail(call, HTTP_UNCERTAIN, STATUS_FAILED, "%s: `%s` may or may not have been done: %s; it is not sent a second time unread", call_service(call),
              name_of(call), why);
  else
    call_fail(call, answered ? HTTP_REFUSED : HTTP_FAILED, STATUS_FAILED, "%s: `%s` failed%s: %s", call_service(call), name_of(call), times, why);
}

/* A passing fault, with an answer or without. `again`: a second call cannot do harm. */
static void retry(HttpCall *call, bool again, bool answered, const char *why, int64_t asked_ms) {
  Http *http = call->http;
  LimitId root = root_of(call);
  call->faults++;
  if (++http->streak[root] >= STORM) http->storm_until[root] = http_ticks(http) + STORM_MS;
  int64_t wait = backoff(call, call->faults);
  if (asked_ms > wait) wait = asked_ms;
  bool over = call->faults >= http->options.attempts || http->streak[root] >= STORM || wait > http->options.longest_wait_ms || is_late(call, wait);
  if (!again || over) {
    fail_finally(call, !again, answered, why);
    return;
  }
  http_tell(http, "%s: %s; `%s` is called again in %" PRId64 " ms", call_service(call), why, name_of(call), wait);
  call_again(call, wait);
}

/* `status` 0 and the fault as the body where there was no answer. */
static void record(HttpCall *call, int status, Text body) {
  Http *http = call->http;
  if (!http->cassette || cassette_plays(http->cassette)) return;
  const ReplyHeaders *h = &call->headers;
  const RateHeadersDef *rate = service_rate_headers(endpoint_service(call->request.endpoint));
  const ExchangeHeader headers[] = {
      {"content-type", h->content_type},
      {"etag", h->etag},
      {"retry-after", h->retry_after},
      {rate ? rate->remaining : "", h->remaining},
      {rate ? rate->reset_in : "", h->reset_in},
  };
  ExchangeKey key = cassette_key(http->cassette, call->arena, call->request.endpoint, call->target, call->payload);
  Error error;
  body = redact_values(call->arena, redact_values(call->arena, body, &call->token, 1), call->secrets, call->secret_count);
  if (cassette_write(http->cassette, call->arena, &key, status, headers, status ? sizeof headers / sizeof *headers : 0, body, &error))
    http_tell(http, "not recorded: %s", error.message);
}

typedef struct Fault {
  HttpCall *call;
  const char *what;
  bool sent, passing;
} Fault;

static Status judge_fault_protected(void *context, Error *error) {
  (void)error;
  Fault *fault = context;
  record(fault->call, 0, text_of(fault->what));
  bool again = !fault->sent || endpoint_def(fault->call->request.endpoint)->repeat == REPEAT;
  if (fault->passing)
    retry(fault->call, again, false, fault->what, 0);
  else
    fail_finally(fault->call, !again, false, fault->what);
  return STATUS_OK;
}

void judge_fault(HttpCall *call, const char *fault, bool sent, bool passing) {
  Error error;
  if (arena_protect(call->arena, judge_fault_protected, &(Fault){call, fault, sent, passing}, &error))
    call_fail(call, HTTP_FAILED, STATUS_FAILED, "%s", error.message);
}

void call_park(HttpCall *call, Instant until, const char *why) {
  call->reply.until = until;
  call_fail(call, HTTP_PARKED, STATUS_BUSY, "%s: %s; no calls before " TEXT_FORMAT ", run this again then: what is done is kept", call_service(call), why,
            TEXT_ARG(instant_format(call->arena, (until + 999) / 1000 * 1000)));
}

/* Refused without effect because of too many calls: everybody on this limit waits. */
static void slow_down(HttpCall *call, LimitId limit, int64_t asked_ms, int64_t otherwise_ms, const char *why) {
  Http *http = call->http;
  Instant now = http_now(http);
  int64_t wait = asked_ms >= 0 ? asked_ms : otherwise_ms;
  Error error;
  if (http->limits && limits_close(http_limits(http, limit), limit, now + wait, now, &error)) {
    call->reply.error = error;
    call_end(call, HTTP_REFUSED);
    return;
  }
  call->slowed++;
  if (wait > http->options.longest_wait_ms) {
    call_park(call, now + wait, why);
  } else if (call->slowed >= SLOWED_MOST) {
    call_fail(call, HTTP_REFUSED, STATUS_BUSY, "%s: %s, also after %d waits; try again later", call_service(call), why, call->slowed);
  } else {
    http_tell(http, "%s: %s; `%s` waits %" PRId64 " ms", call_service(call), why, name_of(call), wait);
    call_again(call, wait);
  }
}

/* What the service says of itself, unless it repeats a secret. */
static Text said(const HttpCall *call, const JsonDoc *reply) {
  Text message = service_message(endpoint_service(call->request.endpoint), reply);
  if (holds_value(message, &call->token, 1) || holds_value(message, call->secrets, call->secret_count)) return TEXT_LITERAL("");
  if (message.length > MESSAGE_MOST) message.length = MESSAGE_MOST;
  return message;
}

/* What a person can do about it, if anything is known. */
static const char *way_out(const HttpCall *call, const VerdictDef *verdict, Text message) {
  Service service = endpoint_service(call->request.endpoint);
  const char *hint = service_hint(service, call->reply.status, message);
  if (hint) return arena_format(call->arena, "; %s", hint);
  if (verdict->verdict == VERDICT_LOGIN) return arena_format(call->arena, "; `narada setup %s` helps", service_def(service)->name);
  return "";
}

static void refuse(HttpCall *call, const VerdictDef *verdict, const JsonDoc *reply) {
  Status status = verdict->verdict == VERDICT_LOGIN || verdict->verdict == VERDICT_TOKEN ? STATUS_LOGIN : STATUS_FAILED;
  Text message = said(call, reply);
  if (call->reply.status >= 300 && call->reply.status < 400) {
    call_fail(call, HTTP_REFUSED, status, "%s: `%s` was answered with a redirect (%d), which is never followed", call_service(call), name_of(call),
              call->reply.status);
    return;
  }
  const char *quote = message.length ? "\"" : "";
  Text code = call->reply.code;
  if (!code.length) code = text_of(arena_format(call->arena, "HTTP %d", call->reply.status));
  call_fail(call, HTTP_REFUSED, status, "%s: `%s`: %s (%s" TEXT_FORMAT "%s%s" TEXT_FORMAT "%s)%s", call_service(call), name_of(call), verdict->doc,
            call->reply.code.length ? "error " : "", TEXT_ARG(code), message.length ? ": " : "", quote, TEXT_ARG(message), quote, way_out(call, verdict, message));
}

/* Some services announce the end of the allowance before it is overdrawn. */
static void heed_announcement(HttpCall *call) {
  const ReplyHeaders *h = &call->headers;
  Http *http = call->http;
  if (!h->remaining[0] || !h->reset_in[0] || !http->limits || strcmp(h->remaining, "0") != 0) return;
  int64_t ms = retry_after(text_of(h->reset_in), TEXT_LITERAL(""), http_now(http));
  Error ignored; /* the next call tells of a file that cannot be written */
  if (ms > 0) limits_close(http_limits(http, root_of(call)), root_of(call), http_now(http) + ms, http_now(http), &ignored);
}

static void read_refusal(HttpCall *call, JsonDoc *reply) {
  Text body = {call->body ? call->body : "", call->body_length};
  call->reply.code = TEXT_LITERAL("");
  if (body.length == 0 || body.length > REFUSAL_MOST) return;
  if (json_doc_read(call->arena, body, "reply", reply, NULL)) return;
  call->reply.code = service_code(endpoint_service(call->request.endpoint), call->arena, reply);
}

static void act_on(HttpCall *call, const VerdictDef *verdict, const JsonDoc *reply) {
  const EndpointDef *def = endpoint_def(call->request.endpoint);
  Http *http = call->http;
  int64_t asked = retry_after(text_of(call->headers.retry_after), text_of(call->headers.date), http_now(http));
  switch (verdict->verdict) {
    case VERDICT_DONE:
      http->streak[root_of(call)] = 0;
      call_end(call, HTTP_DONE);
      break;
    case VERDICT_RETRY: retry(call, def->repeat == REPEAT, true, verdict->doc, asked); break;
    case VERDICT_SLOWER: slow_down(call, root_of(call), asked, backoff(call, call->slowed + 1), verdict->doc); break;
    case VERDICT_QUOTA: slow_down(call, def->limit, asked, QUOTA_MS, verdict->doc); break;
    case VERDICT_TOKEN:
      if (!call->refreshed && call->token.length) {
        call->refreshed = true;
        call->refused = call->token;
        call_again(call, 0);
        break;
      }
      refuse(call, verdict, reply);
      break;
    default: refuse(call, verdict, reply); break;
  }
}

static Status judge_protected(void *context, Error *error) {
  (void)error;
  HttpCall *call = context;
  int status = call->reply.status;
  JsonDoc reply = {0};
  if (call->headers.date[0]) {
    memcpy(call->http->date, call->headers.date, HEADER_VALUE);
    call->http->dated = http_now(call->http);
  }
  record(call, status, (Text){call->body ? call->body : "", call->body_length});
  call->reply.code = TEXT_LITERAL("");
  if (status < 200 || status >= 300 || service_refuses_politely(endpoint_service(call->request.endpoint))) read_refusal(call, &reply);
  const VerdictDef *verdict = service_verdict(endpoint_service(call->request.endpoint), status, call->reply.code);
  call->reply.verdict = verdict->verdict;
  heed_announcement(call);
  act_on(call, verdict, &reply);
  return STATUS_OK;
}

void judge_reply(HttpCall *call) {
  Error error;
  if (arena_protect(call->arena, judge_protected, call, &error))
    call_fail(call, HTTP_FAILED, STATUS_FAILED, "no memory is left for the answer of %s", call_service(call));
}
