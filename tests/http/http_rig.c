#include "http_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static Instant fake_now(void *context) {
  return RIG_NOW + ((HttpRig *)context)->passed;
}

static int64_t fake_ticks(void *context) {
  return ((HttpRig *)context)->passed;
}

static void fake_wait(void *context, int64_t ms) {
  HttpRig *rig = context;
  rig->passed += ms;
  text_append_format(&rig->waits, " %lld", (long long)ms);
}

static void keep_notice(void *context, const char *line) {
  HttpRig *rig = context;
  text_append_format(&rig->notices, "notice: %s\n", line);
}

static Status give_token(void *context, Base base, Text refused, Text *out, Error *error) {
  HttpRig *rig = context;
  (void)base;
  if (refused.length && text_equal(refused, rig->token)) {
    if (!rig->next_token.length) return fail(error, STATUS_LOGIN, "", "the login has ended; log in again");
    rig->token = rig->next_token;
    rig->refreshes++;
  }
  *out = rig->token;
  return STATUS_OK;
}

void rig_start(HttpRig *rig) {
  *rig = (HttpRig){.arena = arena_new(0), .server = fake_server_start(), .token = TEXT_LITERAL("canary-token-one")};
  rig->waits.arena = rig->notices.arena = rig->arena;
  snprintf(rig->url, sizeof rig->url, "http://127.0.0.1:%d", fake_server_port(rig->server));
  snprintf(rig->folder, sizeof rig->folder, "/tmp/narada-http-XXXXXX");
  if (!mkdtemp(rig->folder)) abort();
  HttpOptions *options = &rig->options;
  options->user_agent = "narada-test/1 ( https://example.org )";
  for (int i = 0; i < SERVICE_BASE_COUNT; i++) options->bases[i] = rig->url;
  options->loopback = true;
  options->token = give_token;
  options->notice = keep_notice;
  options->clock = (HttpClock){fake_now, fake_ticks, fake_wait, rig};
  options->token_context = options->notice_context = rig;
  options->seed = 1;
}

void rig_open(HttpRig *rig) {
  if (http_open(rig->arena, &rig->options, &rig->http, &rig->error)) {
    fprintf(stderr, "%s\n", rig->error.message);
    abort();
  }
}

void rig_stop(HttpRig *rig) {
  char command[128];
  arena_free(rig->arena);
  fake_server_stop(rig->server);
  snprintf(command, sizeof command, "rm -rf '%s'", rig->folder);
  if (system(command)) abort();
}

Text rig_outcome(HttpRig *rig, const HttpCall *call) {
  static const char *const names[] = {"done", "refused", "parked", "failed", "uncertain"};
  const HttpReply *reply = http_reply(call);
  TextBuilder b = {.arena = rig->arena};
  text_append_format(&b, "%s: ", endpoint_def(http_endpoint(call))->name);
  if (!reply) {
    text_append_format(&b, "has not ended");
    return text_built(&b);
  }
  text_append_format(&b, "%s %d, attempts %d", names[reply->outcome], reply->status, reply->attempts);
  if (reply->outcome == HTTP_DONE) {
    Text body = {reply->body.bytes, reply->body.length > 120 ? 120 : reply->body.length};
    text_append_format(&b, " " TEXT_FORMAT, TEXT_ARG(text_escaped(rig->arena, body)));
  } else {
    text_append_format(&b, ", exit %d, %s", reply->error.status, reply->error.message);
  }
  return text_built(&b);
}
