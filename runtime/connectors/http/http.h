/* http.h: calls to web services. One event loop for all of them, rates shared between processes, retries, parking, cassettes.
 *
 * A call names a row of stdlib/services.def and its parameters; where it goes, how often it may be made, what its refusals mean and whether it may be made
 * twice stand there. The life of a call:
 *
 *   http_submit ── waits for its limit ── in flight ── judged ──┬─ HTTP_DONE, HTTP_REFUSED
 *                     ^                                         ├─ a passing fault, and the call may be repeated ──┐
 *                     └──────── waits: backoff, Retry-After ────┼──────────────────────────────────────────────────┘
 *                                                               ├─ HTTP_PARKED: the wait would be longer than a run waits
 *                                                               ├─ HTTP_FAILED: no answer, and no effect
 *                                                               └─ HTTP_UNCERTAIN: no answer to a call that must not be repeated; read back
 *
 * Nothing blocks but http_run and http_wait. A call ends exactly once; then its `done` runs, outside of libcurl, and may submit more and release any call.
 * Not for several threads at once; several clients live side by side. Only https, certificates verified, no redirects followed; http only to this machine,
 * where asked for. */
#ifndef NARADA_HTTP_HTTP_H
#define NARADA_HTTP_HTTP_H

#include "connectors/http/service.h"
#include "connectors/http/url.h"

#include "base/clock.h"

typedef struct Http Http;
typedef struct HttpCall HttpCall;

enum { HTTP_BODY_MOST = 8 << 20 }; /* bytes of a reply after decompression, unless the options say otherwise */

typedef enum HttpOutcome {
  HTTP_DONE,
  HTTP_REFUSED, /* answered: no; `verdict` says which no */
  HTTP_PARKED,  /* not before `until`; the caller keeps what is done and ends with STATUS_BUSY */
  HTTP_FAILED,
  HTTP_UNCERTAIN,
} HttpOutcome;

/* Of a call that ended. Borrowed from the call. */
typedef struct HttpReply {
  HttpOutcome outcome;
  int status;      /* of HTTP; 0 = there was no answer */
  Verdict verdict; /* with an answer */
  Text code;       /* the service's own word for a refusal, "" = none */
  Text body;       /* decoded; NUL-terminated */
  Text etag;
  Instant until;   /* of HTTP_PARKED */
  int attempts;    /* times the call was made */
  Error error;     /* unless HTTP_DONE: a whole message, with the status a program may exit with; holds no secret */
} HttpReply;

typedef struct HttpRequest {
  Endpoint endpoint;
  const Text *path; /* for each {} of the path */
  size_t path_count;
  const HttpParam *params; /* of the form where the call has one, else of the query */
  size_t param_count;
  Text body; /* of a call with JSON_BODY or JPEG_BODY */
  void (*done)(void *context, HttpCall *call); /* NULL: fetched with http_wait */
  void *context;
} HttpRequest;

/* Where the time comes from, so that tests need not wait. */
typedef struct HttpClock {
  Instant (*now)(void *context);    /* the wall clock, for dates and for what processes share */
  int64_t (*ticks)(void *context);  /* milliseconds of a clock that never goes back */
  void (*wait)(void *context, int64_t ms);
  void *context;
} HttpClock;
HttpClock http_system_clock(void);

/* What stands behind the word of BASE's authorization. `refused`, unless empty, is a token the service has just refused: give another one (by a refresh, which
 * may use the same Http: http_wait) or fail. Asked for each attempt and for one call of a base at a time, so that of many calls refused together the first
 * renews the token and the others find it new. `*out` is borrowed until the next call. */
typedef Status (*HttpToken)(void *context, Base base, Text refused, Text *out, Error *error);

typedef struct HttpOptions {
  const char *user_agent;         /* with a version and a contact: MusicBrainz asks for both */
  const char *bases[SERVICE_BASE_COUNT];  /* another address than the table's; NULL = the table's */
  bool loopback;                  /* http:// addresses of this machine are allowed */
  const char *ca;                 /* a file of certificates that vouch for servers, in the place of the system's; NULL = the system's */
  const char *limits_path;        /* the file of limits.h, see http_limits_path; NULL: rates of this process alone */
  struct {
    int calls, period_ms;         /* another rate than the table's; 0 = the table's. A faster one only with an address of its own */
  } rates[LIMIT_COUNT];
  const char *machine_limits_path; /* the same for services that count by network address; NULL or not to be opened: as all others */
  HttpToken token;                /* NULL: calls that need one are refused with STATUS_LOGIN */
  void *token_context;
  void (*notice)(void *context, const char *line); /* told of waits and retries; NULL = nobody */
  void *notice_context;
  /* Told how far something long is, as `done` of `total` rows; `what` as "lastfm.scrobbles". NULL = nobody */
  void (*progress)(void *context, const char *what, uint64_t done, uint64_t total);
  void *progress_context;
  HttpClock clock;                /* all NULL: the system's */
  uint64_t seed;                  /* of the jitter */
  const char *record, *replay;    /* folders of exchanges, see cassette.h; at most one of them */
  int64_t longest_wait_ms;        /* a call that has to wait longer is parked; 0 = 5 minutes */
  int64_t attempt_ms;             /* for one attempt, from its start to its last byte; 0 = 1 minute */
  int64_t connect_ms;             /* of that, until there is a connection; 0 = 10 s */
  int64_t total_ms;               /* no attempt begins later than this after the first; 0 = 5 minutes */
  size_t body_most;               /* 0 = HTTP_BODY_MOST */
  int slowest, slow_seconds;      /* fewer bytes a second than this, for so long, and a reply is given up; 0 = 100, 20 */
  int attempts;                   /* of a call that meets passing faults; 0 = 5 */
  int at_once;                    /* calls in flight of each limit; 0 = as the table says */
} HttpOptions;

/* "spotify.api=http://127.0.0.1:4010", as a person or a test gives another address: sets that base. STATUS_USAGE for a name that no base has; the nearest is
 * told. The address itself is checked by http_open. Arena. */
Status http_set_base(HttpOptions *options, Arena *arena, Text assignment, Error *error);
/* "lastfm=2/1": so many calls in so many seconds. STATUS_USAGE as above. */
Status http_set_rate(HttpOptions *options, Text assignment, Error *error);
/* The file of the rates for all who use a store: beside it, "<store>.limits". Arena. */
const char *http_limits_path(Arena *arena, const char *store_path);

/* Strings of `options` are borrowed. Checks the addresses (STATUS_USAGE); libcurl is loaded with the first call. Arena. */
Status http_open(Arena *arena, const HttpOptions *options, Http **out, Error *error);

/* Takes the call; everything in `request` is copied. It ends later, also when it is wrong in itself. Freed by http_release, or with the arena of the client.
 * A call costs some 20 KiB until then: of thousands, submit the next few dozen as others end. */
HttpCall *http_submit(Http *http, const HttpRequest *request);
/* Until every call has ended, those that `done` submits included. Fails only where nothing can go on (libcurl is missing, the limits' file is unusable);
 * calls under way are then failed with the same message. */
Status http_run(Http *http, Error *error);
/* Until this call has ended. Others go on meanwhile, and their `done` may run. */
Status http_wait(Http *http, HttpCall *call, Error *error);
/* Until `over(context)`, which is asked between steps; at the latest until every call has ended. */
Status http_run_until(Http *http, bool (*over)(const void *context), const void *context, Error *error);
const HttpReply *http_reply(const HttpCall *call); /* NULL: it has not ended */
Endpoint http_endpoint(const HttpCall *call);
/* The body as JSON; STATUS_FAILED with a message that names the endpoint for what is none, for one key twice, too deep or not UTF-8. `arena` may be one without
 * arena_protect around it. */
Status http_json(const HttpCall *call, Arena *arena, JsonDoc *out, Error *error);
/* STATUS_OK for HTTP_DONE, else the reply's own error. */
Status http_judge(const HttpReply *reply, Error *error);
/* Makes a call, waits for it and gives its body as JSON; all but HTTP_DONE fails with the reply's own error. */
Status http_ask(Http *http, const HttpRequest *request, Arena *arena, JsonDoc *out, Error *error);
/* Gives the call's memory back; one that has not ended is called off without `done`. NULL is allowed. */
void http_release(Http *http, HttpCall *call);

typedef struct HttpCounts {
  uint64_t calls, attempts, retries, parked;
  uint64_t received; /* decoded bytes */
  int64_t waited_ms; /* with nothing in flight */
} HttpCounts;
HttpCounts http_counts(const Http *http);
/* Tells who wants to know how far something is that needs many calls. */
void http_progress(const Http *http, const char *what, uint64_t done, uint64_t total);
/* The client's wall clock. */
Instant http_now(const Http *http);
/* By how much that is ahead of the clock of who answered last; false: nobody has said what time it is. */
bool http_clock_ahead(const Http *http, int64_t *ms);
/* Until when a service has asked not to be called; now or earlier: it has not. */
Instant http_closed_until(const Http *http, LimitId limit);

/* The address a call would go to, for pages a person opens in the browser. Arena. */
Text http_address(const Http *http, Arena *arena, Endpoint endpoint, const HttpParam *params, size_t count);

#endif
