#include "connectors/http/http_int.h"

#include <stdlib.h>
#include <string.h>

const LimitDef *call_limit(const HttpCall *call) {
  return limit_def(endpoint_def(call->request.endpoint)->limit);
}

const char *call_service(const HttpCall *call) {
  return service_def(endpoint_service(call->request.endpoint))->doc;
}

/* The parts that do not depend on secrets are checked here, so that a wrong request ends as a call and not as a crash. */
static Status check_request(const HttpRequest *request, Error *error) {
  const EndpointDef *def = endpoint_def(request->endpoint);
  size_t holes = 0;
  for (const char *at = strstr(def->path, "{}"); at; at = strstr(at + 2, "{}")) holes++;
  if (holes != request->path_count) return fail(error, STATUS_FAILED, "", "`%s` takes %zu values in its path, not %zu", def->name, holes, request->path_count);
  for (size_t i = 0; i < request->path_count; i++) {
    Text value = request->path[i];
    if (value.length == 0 || text_is(value, ".") || text_is(value, ".."))
      return fail(error, STATUS_FAILED, "", "`%s` cannot be called for \"" TEXT_FORMAT "\"", def->name, TEXT_ARG(value));
  }
  bool wants_body = def->body == JSON_BODY || def->body == JPEG_BODY;
  if (wants_body != (request->body.length > 0)) return fail(error, STATUS_FAILED, "", "`%s` is called %s a body", def->name, wants_body ? "with" : "without");
  return STATUS_OK;
}

static void keep_secrets(HttpCall *call, const HttpRequest *request) {
  call->secrets = arena_array(call->arena, request->param_count, sizeof *call->secrets);
  for (size_t i = 0; i < request->param_count; i++)
    if (secret_name(text_of(request->params[i].name), SECRET_SENT)) call->secrets[call->secret_count++] = text_copy(call->arena, request->params[i].value);
}

Status call_prepare(HttpCall *call, const HttpRequest *request, Error *error) {
  call->request = *request;
  Status status = check_request(request, error);
  if (status) return status;
  const EndpointDef *def = endpoint_def(request->endpoint);
  TextBuilder target = {.arena = call->arena}, form = {.arena = call->arena};
  url_append_path(&target, def->path, request->path, request->path_count);
  if (def->body == FORM_BODY) {
    url_append_params(&form, def->fixed, request->params, request->param_count);
    call->payload = text_built(&form);
  } else {
    if (def->fixed[0] || request->param_count) text_append_char(&target, '?');
    url_append_params(&target, def->fixed, request->params, request->param_count);
    call->payload = text_copy(call->arena, request->body);
  }
  call->target = text_built(&target);
  keep_secrets(call, request);
  call->request.path = NULL;
  call->request.params = NULL;
  call->request.body = call->payload;
  return STATUS_OK;
}

static void unlink_call(CallList *list, HttpCall *call) {
  *(call->previous ? &call->previous->next : &list->first) = call->next;
  *(call->next ? &call->next->previous : &list->last) = call->previous;
  call->previous = call->next = NULL;
}

static void append_call(CallList *list, HttpCall *call) {
  call->previous = list->last;
  *(list->last ? &list->last->next : &list->first) = call;
  list->last = call;
}

void call_deliver(HttpCall *call) {
  unlink_call(&call->http->ended, call);
  append_call(&call->http->kept, call);
  call->delivered = true;
  if (call->request.done) call->request.done(call->request.context, call);
}

static void leave_slot(HttpCall *call) {
  LimitId root = limits_root(endpoint_def(call->request.endpoint)->limit);
  if (call->http->slot[root] == call) call->http->slot[root] = NULL;
  call->has_slot = false;
}

void call_end(HttpCall *call, HttpOutcome outcome) {
  Http *http = call->http;
  transfer_stop(call);
  leave_slot(call);
  call->state = CALL_ENDED;
  call->reply.outcome = outcome;
  call->reply.attempts = call->attempts;
  call->reply.body = call->body ? (Text){call->body, call->body_length} : TEXT_LITERAL("");
  call->reply.etag = text_of(call->headers.etag);
  if (outcome == HTTP_PARKED) http->counts.parked++;
  unlink_call(&http->open, call);
  append_call(&http->ended, call);
}

void call_fail(HttpCall *call, HttpOutcome outcome, Status status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fail_with(&call->reply.error, status, "", format, arguments);
  va_end(arguments);
  call_end(call, outcome);
}

void call_again(HttpCall *call, int64_t wait_ms) {
  transfer_stop(call);
  leave_slot(call);
  call->state = CALL_WAITS;
  call->ready = http_ticks(call->http) + wait_ms;
  if (call->attempts) call->http->counts.retries++;
}

typedef struct Submission {
  HttpCall *call;
  const HttpRequest *request;
} Submission;

static Status submit_protected(void *context, Error *error) {
  Submission *submission = context;
  return call_prepare(submission->call, submission->request, error);
}

HttpCall *http_submit(Http *http, const HttpRequest *request) {
  HttpCall *call = http->unused;
  if (call)
    http->unused = call->next;
  else
    call = arena_alloc(http->arena, sizeof *call);
  *call = (HttpCall){.http = http, .number = http->next_number++, .request = *request, .arena = arena_new(0)};
  append_call(&http->open, call);
  http->counts.calls++;
  if (!call->arena) {
    call_fail(call, HTTP_FAILED, STATUS_FAILED, "no memory is left for a call to %s", call_service(call));
    return call;
  }
  if (arena_protect(call->arena, submit_protected, &(Submission){call, request}, &call->reply.error)) call_end(call, HTTP_FAILED);
  return call;
}

const HttpReply *http_reply(const HttpCall *call) {
  return call->state == CALL_ENDED ? &call->reply : NULL;
}

Endpoint http_endpoint(const HttpCall *call) {
  return call->request.endpoint;
}

typedef struct Reading {
  const HttpCall *call;
  Arena *arena;
  JsonDoc *out;
} Reading;

static Status json_protected(void *context, Error *error) {
  Reading *reading = context;
  return json_doc_read(reading->arena, reading->call->reply.body, endpoint_def(reading->call->request.endpoint)->name, reading->out, error);
}

Status http_json(const HttpCall *call, Arena *arena, JsonDoc *out, Error *error) {
  Error local;
  *out = (JsonDoc){0};
  return arena_protect(arena, json_protected, &(Reading){call, arena, out}, error ? error : &local);
}

Status http_judge(const HttpReply *reply, Error *error) {
  if (reply->outcome == HTTP_DONE) return STATUS_OK;
  if (error) *error = reply->error;
  if (reply->outcome == HTTP_PARKED) return STATUS_BUSY;
  return reply->error.status ? reply->error.status : STATUS_FAILED;
}

Status http_ask(Http *http, const HttpRequest *request, Arena *arena, JsonDoc *out, Error *error) {
  *out = (JsonDoc){0};
  HttpCall *call = http_submit(http, request);
  Status status = http_wait(http, call, error);
  if (status) return status;
  status = http_judge(http_reply(call), error);
  if (!status) status = http_json(call, arena, out, error);
  http_release(http, call);
  return status;
}

void http_release(Http *http, HttpCall *call) {
  if (!call || call->called_off) return;
  if (call->state == CALL_STARTS) { /* somebody further up still holds it */
    call->called_off = true;
    return;
  }
  if (call->state != CALL_ENDED) call_end(call, HTTP_FAILED);
  unlink_call(call->delivered ? &http->kept : &http->ended, call);
  body_release(call);
  arena_free(call->arena);
  *call = (HttpCall){.next = http->unused, .called_off = true};
  http->unused = call;
}

void http_progress(const Http *http, const char *what, uint64_t done, uint64_t total) {
  if (http->options.progress) http->options.progress(http->options.progress_context, what, done, total);
}
