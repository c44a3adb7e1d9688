#include "connectors/spotify/saved.h"

enum { IN_FLIGHT_MOST = 32 };

typedef struct Asking {
  Http *http;
  Arena *arena;
  const SpotifySavedAsk *ask;
  size_t next, flying;
} Asking;

typedef struct Part {
  Asking *asking;
  size_t from, count;
} Part;

Text spotify_track_uris(Arena *arena, const Text *ids, size_t count) {
  TextBuilder uris = {.arena = arena};
  for (size_t i = 0; i < count; i++) text_append_format(&uris, "%sspotify:track:" TEXT_FORMAT, i ? "," : "", TEXT_ARG(ids[i]));
  return text_built(&uris);
}

static bool is_answer(const JsonNode *list, size_t count) {
  if (!list || list->kind != JSON_ARRAY || list->count != count) return false;
  for (size_t i = 0; i < count; i++)
    if (list->items[i].kind != JSON_TRUE && list->items[i].kind != JSON_FALSE) return false;
  return true;
}

static void deliver(const Part *part, const JsonNode *list, const Error *error) {
  const SpotifySavedAsk *ask = part->asking->ask;
  for (size_t i = 0; i < part->count; i++) ask->got(ask->context, part->from + i, !error && list->items[i].kind == JSON_TRUE, error);
}

static void take_reply(const Part *part, const HttpCall *call) {
  const HttpReply *reply = http_reply(call);
  Error error;
  JsonDoc doc = {0};
  if (reply->outcome != HTTP_DONE) {
    deliver(part, NULL, &reply->error);
    return;
  }
  Arena *scratch = arena_new(0);
  Status status = scratch ? http_json(call, scratch, &doc, &error) : fail(&error, STATUS_FAILED, "", "no memory is left for a reply");
  if (status == STATUS_OK && !is_answer(doc.root, part->count))
    status = fail(&error, STATUS_FAILED, "", "Spotify: `spotify.library_contains` was asked about %zu tracks and does not answer for each", part->count);
  deliver(part, doc.root, status == STATUS_OK ? NULL : &error);
  arena_free(scratch);
}

static void submit_more(Asking *asking);

static void on_done(void *context, HttpCall *call) {
  Part *part = context;
  part->asking->flying--;
  take_reply(part, call);
  http_release(part->asking->http, call);
  submit_more(part->asking);
}

static void submit_more(Asking *asking) {
  size_t most = (size_t)endpoint_def(ENDPOINT_SPOTIFY_LIBRARY_CONTAINS)->batch;
  while (asking->flying < IN_FLIGHT_MOST && asking->next < asking->ask->count) {
    size_t left = asking->ask->count - asking->next;
    Part *part = arena_alloc(asking->arena, sizeof *part);
    *part = (Part){asking, asking->next, left < most ? left : most};
    HttpParam uris = {"uris", spotify_track_uris(asking->arena, &asking->ask->ids[part->from], part->count)};
    asking->next += part->count;
    asking->flying++;
    http_submit(asking->http, &(HttpRequest){.endpoint = ENDPOINT_SPOTIFY_LIBRARY_CONTAINS, .params = &uris, .param_count = 1, .done = on_done, .context = part});
  }
}

static bool is_over(const void *context) {
  return ((const Asking *)context)->flying == 0;
}

Status spotify_ask_saved(Services *services, Arena *arena, const SpotifySavedAsk *ask, Error *error) {
  Asking asking = {.arena = arena, .ask = ask};
  Status status = services_http(services, &asking.http, error);
  if (status != STATUS_OK) return status;
  submit_more(&asking);
  return http_run_until(asking.http, is_over, &asking, error);
}
