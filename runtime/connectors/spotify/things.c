#include "connectors/spotify/things.h"

#include "base/vec.h"
#include "connectors/spotify/regime.h"

enum { IN_FLIGHT_MOST = 32 };

typedef struct Asking Asking;

typedef struct Part {
  Asking *asking;
  size_t from, count;
  bool many;
} Part;

struct Asking {
  SpotifyRegime *regime;
  Http *http;
  Arena *arena;
  const SpotifyAsk *ask;
  size_t next, flying;
  VEC(Part) again; /* of a call for many that was refused: one by one */
};

static void submit_more(Asking *asking);

static void deliver_error(const Part *part, HttpOutcome outcome, const Error *error) {
  const SpotifyAsk *ask = part->asking->ask;
  for (size_t i = 0; i < part->count; i++) ask->got(ask->context, part->from + i, NULL, outcome, error);
}

/* What is neither a thing nor null says nothing, least of all that there is none. */
static void deliver_one(const Part *part, size_t index, const JsonNode *thing) {
  const SpotifyAsk *ask = part->asking->ask;
  Error error;
  if (thing->kind == JSON_OBJECT || (part->many && thing->kind == JSON_NULL)) {
    ask->got(ask->context, index, thing->kind == JSON_OBJECT ? thing : NULL, HTTP_DONE, NULL);
    return;
  }
  fail(&error, STATUS_FAILED, "", "Spotify: `%s` was answered with something else", endpoint_def(part->many ? ask->many : ask->one)->name);
  ask->got(ask->context, index, NULL, HTTP_REFUSED, &error);
}

static void deliver(const Part *part, const JsonDoc *doc) {
  const SpotifyAsk *ask = part->asking->ask;
  Error error;
  if (!part->many) {
    deliver_one(part, part->from, doc->root);
    return;
  }
  const JsonNode *list = json_get(doc->root, ask->list);
  if (list && list->kind == JSON_ARRAY && list->count == part->count) {
    for (size_t i = 0; i < part->count; i++) deliver_one(part, part->from + i, list->items + i); /* in the order of the ids, null for one that is no more */
    return;
  }
  fail(&error, STATUS_FAILED, "", "Spotify: `%s` was asked for %zu and gives %u", endpoint_def(ask->many)->name, part->count, list ? list->count : 0);
  deliver_error(part, HTTP_REFUSED, &error);
}

static void take_reply(const Part *part, const HttpCall *call) {
  Asking *asking = part->asking;
  const HttpReply *reply = http_reply(call);
  spotify_regime_heed(asking->regime, call, (int)part->count);
  if (reply->outcome == HTTP_DONE) {
    Error error;
    JsonDoc doc;
    Arena *scratch = arena_new(0);
    if (!scratch) fail(&error, STATUS_FAILED, "", "no memory is left for a reply");
    if (scratch && http_json(call, scratch, &doc, &error) == STATUS_OK) deliver(part, &doc);
    else deliver_error(part, HTTP_REFUSED, &error);
    arena_free(scratch);
  } else if (part->many && !asking->ask->many_only && spotify_regime(asking->regime, CAPABILITY_SPOTIFY_BATCH_READS) == SPOTIFY_CANNOT) {
    vec_push(asking->arena, &asking->again, *part);
  } else if (!part->many && reply->verdict == VERDICT_ABSENT) {
    asking->ask->got(asking->ask->context, part->from, NULL, HTTP_DONE, NULL);
  } else {
    deliver_error(part, reply->outcome, &reply->error);
  }
}

static void on_done(void *context, HttpCall *call) {
  Part *part = context;
  Asking *asking = part->asking;
  asking->flying--;
  take_reply(part, call);
  http_release(asking->http, call);
  submit_more(asking);
}

static void submit(Asking *asking, size_t from, size_t count, bool many) {
  Part *part = arena_alloc(asking->arena, sizeof *part);
  HttpRequest request = {.endpoint = many ? asking->ask->many : asking->ask->one, .done = on_done, .context = part};
  HttpParam param = {"ids", {"", 0}};
  *part = (Part){asking, from, count, many};
  if (many) {
    TextBuilder ids = {.arena = asking->arena};
    for (size_t i = 0; i < count; i++) {
      if (i) text_append_char(&ids, ',');
      text_append(&ids, asking->ask->ids[from + i]);
    }
    param.value = text_built(&ids);
    request.params = &param;
    request.param_count = 1;
  } else {
    request.path = &asking->ask->ids[from];
    request.path_count = 1;
  }
  asking->flying++;
  http_submit(asking->http, &request);
}

static bool next_part(Asking *asking, Part *out) {
  while (asking->again.count) {
    Part *part = &asking->again.items[asking->again.count - 1];
    *out = (Part){asking, part->from++, 1, false};
    if (--part->count == 0) asking->again.count--;
    return true;
  }
  if (asking->next == asking->ask->count) return false;
  size_t left = asking->ask->count - asking->next, most = (size_t)endpoint_def(asking->ask->many)->batch;
  bool many = left > 1 && spotify_regime(asking->regime, CAPABILITY_SPOTIFY_BATCH_READS) != SPOTIFY_CANNOT;
  many = many || asking->ask->many_only;
  if (!many) most = 1;
  *out = (Part){asking, asking->next, left < most ? left : most, many};
  asking->next += out->count;
  return true;
}

static void submit_more(Asking *asking) {
  Part part;
  while (asking->flying < IN_FLIGHT_MOST && next_part(asking, &part)) submit(asking, part.from, part.count, part.many);
}

static bool is_over(const void *context) {
  const Asking *asking = context;
  return asking->flying == 0;
}

Status spotify_ask_things(Services *services, Arena *arena, const SpotifyAsk *ask, Error *error) {
  Asking asking = {.arena = arena, .ask = ask};
  Status status = services_http(services, &asking.http, error);
  if (status == STATUS_OK) status = services_regime(services, &asking.regime, error);
  if (status != STATUS_OK) return status;
  submit_more(&asking);
  return http_run_until(asking.http, is_over, &asking, error);
}
