#include "connectors/http/http_int.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { CONNECTIONS_MOST = 32, BUFFER_SIZE = 64 << 10 };

/* Into a fixed buffer; what is longer is none of the values we know. */
static void keep_value(char out[HEADER_VALUE], const char *value, size_t length) {
  if (length >= HEADER_VALUE) return;
  memcpy(out, value, length);
  out[length] = '\0';
}

static void keep_header(HttpCall *call, const char *line, size_t length) {
  ReplyHeaders *h = &call->headers;
  const RateHeadersDef *rate = service_rate_headers(endpoint_service(call->request.endpoint));
  const struct {
    const char *name;
    char *value;
  } known[] = {
      {"retry-after", h->retry_after}, {"date", h->date},
      {"etag", h->etag},               {"location", h->location},
      {"content-type", h->content_type}, {rate ? rate->remaining : "", h->remaining},
      {rate ? rate->reset_in : "", h->reset_in},
  };
  const char *colon = memchr(line, ':', length);
  if (!colon) return;
  size_t name = (size_t)(colon - line);
  const char *value = colon + 1, *end = line + length;
  while (value < end && (*value == ' ' || *value == '\t')) value++;
  while (end > value && (end[-1] == '\r' || end[-1] == '\n' || end[-1] == ' ' || end[-1] == '\t')) end--;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (name && strlen(known[i].name) == name && strncasecmp(known[i].name, line, name) == 0) keep_value(known[i].value, value, (size_t)(end - value));
}

/* Both callbacks run inside libcurl: they must not jump, so they use no arena. */
static size_t on_header(char *bytes, size_t size, size_t count, void *context) {
  HttpCall *call = context;
  size_t length = size * count;
  call->header_bytes += length;
  if (call->header_bytes > HEADERS_MOST) return 0;
  if (length > 5 && memcmp(bytes, "HTTP/", 5) == 0) call->headers = (ReplyHeaders){0}; /* an interim answer came before */
  keep_header(call, bytes, length);
  return length;
}

void body_release(HttpCall *call) {
  Http *http = call->http;
  bool keeps = call->body && call->body_capacity <= SPARE_MOST && http->spare_count < SPARE_BODIES;
  if (keeps) http->spare[http->spare_count++] = (Body){call->body, call->body_capacity};
  else free(call->body);
  call->body = NULL;
  call->body_capacity = 0;
}

static bool make_room(HttpCall *call, size_t length) {
  Http *http = call->http;
  if (!call->body && http->spare_count) {
    Body spare = http->spare[--http->spare_count];
    call->body = spare.bytes;
    call->body_capacity = spare.capacity;
  }
  if (length <= call->body_capacity) return true;
  size_t capacity = call->body_capacity ? call->body_capacity : 16 << 10;
  while (capacity < length) capacity *= 2;
  char *body = realloc(call->body, capacity);
  if (!body) return false;
  call->body = body;
  call->body_capacity = capacity;
  return true;
}

/* Counts what comes out of the decompression: libcurl's own limit counts what goes in. */
static size_t on_body(char *bytes, size_t size, size_t count, void *context) {
  HttpCall *call = context;
  size_t length = size * count;
  if (length > call->http->options.body_most - call->body_length) return 0;
  if (!make_room(call, call->body_length + length + 1)) {
    call->no_memory = true;
    return 0;
  }
  memcpy(call->body + call->body_length, bytes, length);
  call->body_length += length;
  call->body[call->body_length] = '\0';
  return length;
}

Status transfer_open(Http *http, Error *error) {
  if (http->multi) return STATUS_OK;
  Status status = curl_calls_load(&http->curl, error);
  if (status) return status;
  http->multi = http->curl->curl_multi_init();
  if (!http->multi) return fail(error, STATUS_FAILED, "", "libcurl does not start: no memory is left");
  http->curl->curl_multi_setopt(http->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
  http->curl->curl_multi_setopt(http->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)CONNECTIONS_MOST);
  http->curl->curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_MOST);
  return STATUS_OK;
}

void transfer_close(Http *http) {
  for (HttpCall *call = http->open.first; call; call = call->next) transfer_stop(call);
  while (http->idle_count) http->curl->curl_easy_cleanup(http->idle[--http->idle_count]);
  if (http->multi) http->curl->curl_multi_cleanup(http->multi);
  http->multi = NULL;
}

void transfer_stop(HttpCall *call) {
  Http *http = call->http;
  if (call->state == CALL_FLIES) {
    http->flying--;
    for (LimitId i = endpoint_def(call->request.endpoint)->limit; i != LIMIT_NONE; i = limit_def(i)->parent) http->in_flight[i]--;
    call->state = CALL_WAITS;
  }
  if (call->list) http->curl->curl_slist_free_all(call->list);
  call->list = NULL;
  if (!call->easy) return;
  http->curl->curl_multi_remove_handle(http->multi, call->easy);
  if (http->idle_count < sizeof http->idle / sizeof *http->idle) {
    http->curl->curl_easy_reset(call->easy);
    http->idle[http->idle_count++] = call->easy;
  } else {
    http->curl->curl_easy_cleanup(call->easy);
  }
  call->easy = NULL;
}

static bool add_line(HttpCall *call, const char *line) {
  struct curl_slist *list = call->http->curl->curl_slist_append(call->list, line);
  if (list) call->list = list;
  return list != NULL;
}

static bool add_header_lines(HttpCall *call) {
  const EndpointDef *def = endpoint_def(call->request.endpoint);
  static const char *const types[] = {
      [NO_BODY] = "Content-Type:", /* without a value libcurl leaves its own out */
      [FORM_BODY] = "Content-Type: application/x-www-form-urlencoded",
      [JSON_BODY] = "Content-Type: application/json",
      [JPEG_BODY] = "Content-Type: image/jpeg",
  };
  if (!add_line(call, "Accept: application/json") || !add_line(call, types[def->body]) || !add_line(call, "Expect:")) return false;
  if (call->token.length == 0) return true;
  return add_line(call, arena_format(call->arena, "Authorization: %s " TEXT_FORMAT, base_def(def->base)->authorization, TEXT_ARG(call->token)));
}

#define SET(option, value) curl->curl_easy_setopt(easy, option, value)

static void set_method(HttpCall *call, const CurlCalls *curl, CURL *easy) {
  const EndpointDef *def = endpoint_def(call->request.endpoint);
  bool reads = strcmp(def->method, "GET") == 0;
  if (!reads && !(strcmp(def->method, "DELETE") == 0 && def->body == NO_BODY)) {
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->payload.length);
    SET(CURLOPT_POSTFIELDS, call->payload.length ? call->payload.bytes : "");
  }
  if (!reads && strcmp(def->method, "POST") != 0) SET(CURLOPT_CUSTOMREQUEST, def->method);
  /* On a kept connection that breaks, libcurl sends a request again by itself. What must not be done twice goes on a connection of its own. */
  if (def->repeat == ONCE) SET(CURLOPT_FRESH_CONNECT, 1L);
}

static bool is_tls(const HttpCall *call) {
  Text base = call->http->bases[endpoint_def(call->request.endpoint)->base];
  return base.length > 6 && memcmp(base.bytes, "https:", 6) == 0;
}

static void set_security(HttpCall *call, const CurlCalls *curl, CURL *easy) {
  bool local = url_is_loopback(call->http->bases[endpoint_def(call->request.endpoint)->base]);
  SET(CURLOPT_PROTOCOLS_STR, local ? "http,https" : "https");
  SET(CURLOPT_REDIR_PROTOCOLS_STR, "https");
  SET(CURLOPT_FOLLOWLOCATION, 0L);
  SET(CURLOPT_SSL_VERIFYPEER, 1L);
  SET(CURLOPT_SSL_VERIFYHOST, 2L);
  if (call->http->options.ca) SET(CURLOPT_CAINFO, call->http->options.ca);
  SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
  if (local) SET(CURLOPT_NOPROXY, "*");
  SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
  if (is_tls(call)) SET(CURLOPT_PIPEWAIT, 1L); /* many streams of one connection, instead of a connection each */
}

static void set_transfer(HttpCall *call, const CurlCalls *curl, CURL *easy) {
  const HttpOptions *options = &call->http->options;
  SET(CURLOPT_PRIVATE, call);
  SET(CURLOPT_ERRORBUFFER, call->curl_error);
  SET(CURLOPT_NOSIGNAL, 1L);
  SET(CURLOPT_USERAGENT, options->user_agent);
  SET(CURLOPT_HTTPHEADER, call->list);
  SET(CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
  SET(CURLOPT_HEADERFUNCTION, on_header);
  SET(CURLOPT_HEADERDATA, call);
  SET(CURLOPT_WRITEFUNCTION, on_body);
  SET(CURLOPT_WRITEDATA, call);
  SET(CURLOPT_BUFFERSIZE, (long)BUFFER_SIZE);
  SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)options->body_most);
  SET(CURLOPT_TIMEOUT_MS, (long)options->attempt_ms);
  SET(CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_ms);
  SET(CURLOPT_LOW_SPEED_LIMIT, (long)options->slowest);
  SET(CURLOPT_LOW_SPEED_TIME, (long)options->slow_seconds);
}

void transfer_start(HttpCall *call) {
  Http *http = call->http;
  const CurlCalls *curl = http->curl;
  CURL *easy = http->idle_count ? http->idle[--http->idle_count] : curl->curl_easy_init();
  call->easy = easy;
  call->body_length = call->header_bytes = 0;
  call->headers = (ReplyHeaders){0};
  call->curl_error[0] = '\0';
  if (!easy || !add_header_lines(call)) {
    call_fail(call, HTTP_FAILED, STATUS_FAILED, "no memory is left for a call to %s", call_service(call));
    return;
  }
  Text base = http->bases[endpoint_def(call->request.endpoint)->base];
  SET(CURLOPT_URL, arena_format(call->arena, TEXT_FORMAT TEXT_FORMAT, TEXT_ARG(base), TEXT_ARG(call->target)));
  set_transfer(call, curl, easy);
  set_security(call, curl, easy);
  set_method(call, curl, easy);
  CURLMcode code = curl->curl_multi_add_handle(http->multi, easy);
  if (code != CURLM_OK) {
    call_fail(call, HTTP_FAILED, STATUS_FAILED, "a call to %s cannot begin: %s", call_service(call), curl->curl_multi_strerror(code));
    return;
  }
  call->state = CALL_FLIES;
  http->flying++;
  for (LimitId i = endpoint_def(call->request.endpoint)->limit; i != LIMIT_NONE; i = limit_def(i)->parent) http->in_flight[i]++;
}

/* What no second attempt changes. */
static bool is_lasting(CURLcode code) {
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_NOT_BUILT_IN:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_FILESIZE_EXCEEDED:
    case CURLE_WRITE_ERROR:
    case CURLE_BAD_FUNCTION_ARGUMENT:
    case CURLE_OUT_OF_MEMORY: return true;
    default: return false;
  }
}

/* What a person can do something with; libcurl's own words tell byte counts and times that differ from one attempt to the next. */
static void describe(const HttpCall *call, CURLcode code, char *out, size_t size) {
  const CurlCalls *curl = call->http->curl;
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: snprintf(out, size, "its address cannot be found; is this machine online?"); break;
    case CURLE_COULDNT_RESOLVE_PROXY: snprintf(out, size, "the address of the proxy cannot be found"); break;
    case CURLE_COULDNT_CONNECT: snprintf(out, size, "no connection can be made; is this machine online?"); break;
    case CURLE_OPERATION_TIMEDOUT:
      if (strstr(call->curl_error, "too slow")) snprintf(out, size, "the answer came too slowly");
      else snprintf(out, size, "no whole answer came in %lld ms", (long long)call->http->options.attempt_ms);
      break;
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR: snprintf(out, size, "the connection was cut before the answer"); break;
    case CURLE_PARTIAL_FILE: snprintf(out, size, "the connection was cut in the middle of the answer"); break;
    case CURLE_FILESIZE_EXCEEDED: snprintf(out, size, "the answer is larger than the limit of %zu bytes", call->http->options.body_most); break;
    case CURLE_WRITE_ERROR:
      if (call->no_memory) snprintf(out, size, "no memory is left for the answer");
      else if (call->header_bytes > HEADERS_MOST) snprintf(out, size, "the headers of the answer are larger than the limit of %d bytes", HEADERS_MOST);
      else snprintf(out, size, "the answer is larger than the limit of %zu bytes", call->http->options.body_most);
      break;
    case CURLE_PEER_FAILED_VERIFICATION: snprintf(out, size, "its certificate is not valid: %s", call->curl_error); break;
    default: snprintf(out, size, "%s", call->curl_error[0] ? call->curl_error : curl->curl_easy_strerror(code)); break;
  }
}

static void finish(HttpCall *call, CURLcode code) {
  Http *http = call->http;
  long status = 0, sent = 0;
  http->curl->curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
  http->curl->curl_easy_getinfo(call->easy, CURLINFO_REQUEST_SIZE, &sent);
  char fault[2 * CURL_ERROR_SIZE];
  describe(call, code, fault, sizeof fault);
  transfer_stop(call);
  http->counts.received += call->body_length;
  call->reply.status = code == CURLE_OK ? (int)status : 0;
  if (code == CURLE_OK)
    judge_reply(call);
  else
    judge_fault(call, fault, sent > 0, !is_lasting(code));
}

Status transfer_step(Http *http, int64_t wait_ms, Error *error) {
  int running = 0, left = 0;
  const CurlCalls *curl = http->curl;
  CURLMcode code = curl->curl_multi_perform(http->multi, &running);
  bool ended = false;
  /* Messages die with their handles, so what they say is taken at once. */
  for (CURLMsg *message = curl->curl_multi_info_read(http->multi, &left); message; message = curl->curl_multi_info_read(http->multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    HttpCall *call = NULL;
    CURLcode result = message->data.result;
    curl->curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
    finish(call, result);
    ended = true;
  }
  if (code == CURLM_OK && !ended) code = curl->curl_multi_poll(http->multi, NULL, 0, wait_ms < 0 || wait_ms > 1000 ? 1000 : (int)wait_ms, NULL);
  if (code == CURLM_OK) return STATUS_OK;
  return fail(error, STATUS_FAILED, "", "the network cannot be used: %s", curl->curl_multi_strerror(code));
}
