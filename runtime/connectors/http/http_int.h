/* http_int.h: what the files of the client share. */
#ifndef NARADA_HTTP_INT_H
#define NARADA_HTTP_INT_H

#include "connectors/http/cassette.h"
#include "connectors/http/curl_calls.h"
#include "connectors/http/http.h"
#include "connectors/http/limits.h"

enum { HEADER_VALUE = 256, HEADERS_MOST = 64 << 10, SPARE_BODIES = 16, SPARE_MOST = 1 << 20 };

typedef enum CallState {
  CALL_WAITS,
  CALL_STARTS, /* its token is being fetched */
  CALL_FLIES,
  CALL_ENDED,
} CallState;

/* What is kept of a reply's headers. */
typedef struct ReplyHeaders {
  char retry_after[HEADER_VALUE], date[HEADER_VALUE], etag[HEADER_VALUE], location[HEADER_VALUE], content_type[HEADER_VALUE];
  char remaining[HEADER_VALUE], reset_in[HEADER_VALUE];
} ReplyHeaders;

struct HttpCall {
  Http *http;
  Arena *arena;
  HttpCall *previous, *next; /* in one of the client's lists */
  CallState state;
  bool delivered, called_off;
  uint64_t number;
  HttpRequest request;
  Text target;  /* path and query */
  Text payload; /* what the call carries */
  int64_t ready; /* ticks: not tried before */
  bool has_slot; /* of its limit */
  int attempts, faults, slowed;
  bool refreshed;
  int64_t first; /* ticks of the first attempt */
  Text token, refused;
  Text *secrets; /* values of the parameters that are */
  size_t secret_count;
  CURL *easy;
  struct curl_slist *list;
  char curl_error[CURL_ERROR_SIZE];
  char *body; /* malloc: filled inside libcurl, where no arena may jump */
  size_t body_length, body_capacity, header_bytes;
  bool no_memory;
  ReplyHeaders headers;
  HttpReply reply;
};

typedef struct CallList {
  HttpCall *first, *last;
} CallList;

/* Room for a reply's body: malloc, for it grows inside libcurl, where no arena may jump. */
typedef struct Body {
  char *bytes;
  size_t capacity;
} Body;

struct Http {
  Arena *arena;
  HttpOptions options;
  Text bases[SERVICE_BASE_COUNT];
  const char *tags[SERVICE_COUNT];
  const CurlCalls *curl; /* NULL until the first call */
  CURLM *multi;
  CURL *idle[32];
  size_t idle_count;
  Limits *limits; /* NULL while replaying */
  Limits *machine; /* of services that count by network address; NULL = `limits` too */
  Cassette *cassette;
  CallList open, ended, kept; /* not ended, in order of submission; to be delivered; delivered and not released */
  HttpCall *unused; /* released, by `next` */
  Body spare[SPARE_BODIES]; /* of released calls, for the next ones */
  size_t spare_count;
  uint64_t next_number;
  int flying;
  int in_flight[LIMIT_COUNT];
  HttpCall *slot[LIMIT_COUNT]; /* of a root: the call that has taken its next slot and waits for it */
  bool fetching[SERVICE_BASE_COUNT];   /* a token */
  int streak[LIMIT_COUNT];     /* of a root: faults in a row */
  int64_t storm_until[LIMIT_COUNT];
  int64_t skipped; /* ms of waiting left out while replaying */
  HttpCounts counts;
  char date[HEADER_VALUE]; /* of the last answer that had one */
  Instant dated;           /* when it came */
};

int64_t http_ticks(const Http *http);
const LimitDef *call_limit(const HttpCall *call);
const char *call_service(const HttpCall *call); /* "Spotify" */
NARADA_PRINTF(2, 3) void http_tell(Http *http, const char *format, ...);

/* call.c */
void call_deliver(HttpCall *call); /* runs its `done` */
Status call_prepare(HttpCall *call, const HttpRequest *request, Error *error);
void call_end(HttpCall *call, HttpOutcome outcome);
NARADA_PRINTF(4, 5) void call_fail(HttpCall *call, HttpOutcome outcome, Status status, const char *format, ...);
void call_again(HttpCall *call, int64_t wait_ms); /* back into the queue */

void call_park(HttpCall *call, Instant until, const char *why); /* in call's arena */

/* transfer.c */
Status transfer_open(Http *http, Error *error);
void transfer_close(Http *http);
void transfer_start(HttpCall *call);
/* Moves bytes, ends what is over, and waits for more at most `wait_ms` (-1: as long as it takes) if nothing was. */
Status transfer_step(Http *http, int64_t wait_ms, Error *error);
void body_release(HttpCall *call);
void transfer_stop(HttpCall *call); /* gives the handle back; also of a call that does not fly */

/* judge.c */
void judge_reply(HttpCall *call);
/* `sent`: something of the request had left; `fault`: a word or two; `passing`: it may be otherwise next time. */
void judge_fault(HttpCall *call, const char *fault, bool sent, bool passing);

/* Where the calls of a limit are counted; NULL while replaying. */
Limits *http_limits(const Http *http, LimitId limit);

#endif
