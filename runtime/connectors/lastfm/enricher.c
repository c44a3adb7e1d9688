#include "connectors/lastfm/enricher.h"

#include "connectors/lastfm/call.h"

enum {
  AT_ONCE = 32,  /* submitted, so that the next is ready whenever the limit lets one go */
  GIVE_UP = 5,   /* faults in a row: the service is down, and the rest would only wait for it */
};

typedef struct Asking Asking;
typedef struct Question {
  Asking *asking;
  size_t item;
} Question;

struct Asking {
  Enrichment *enrichment;
  LastfmAccount account;
  Question *questions;
  size_t next, faults;
  bool stopped;
};

/* By names, as scrobbles are counted: Last.fm's ids of tracks are not those of MusicBrainz. */
static Status key(Services *services, Arena *arena, EnrichItem *item, Error *error) {
  LastfmAccount account;
  if (!item->clues.title.length || !item->clues.artist.length) return STATUS_OK;
  Status status = lastfm_account(services, false, &account, error);
  if (status != STATUS_OK) return status;
  item->key = text_of(arena_format(arena, TEXT_FORMAT "\x1f" TEXT_FORMAT "\x1f" TEXT_FORMAT, TEXT_ARG(text_fold(arena, account.user)),
                                   TEXT_ARG(text_fold(arena, item->clues.artist)), TEXT_ARG(text_fold(arena, item->clues.title))));
  return STATUS_OK;
}

static void number(const Question *question, const JsonNode *track, const char *name, FieldId field) {
  int64_t value;
  if (json_whole(json_get(track, name), &value) && value >= 0) enrich_known(question->asking->enrichment, question->item, field, (Value){.integer = value});
}

static void answered(const Question *question, const JsonNode *track) {
  Enrichment *enrichment = question->asking->enrichment;
  int64_t loved;
  enrich_known(enrichment, question->item, FIELD_LASTFM_PLAYS, (Value){.integer = 0}); /* userplaycount is left out for a track never played */
  number(question, track, "userplaycount", FIELD_LASTFM_PLAYS);
  number(question, track, "playcount", FIELD_LASTFM_GLOBAL_PLAYS);
  number(question, track, "listeners", FIELD_LASTFM_LISTENERS);
  if (json_whole(json_get(track, "userloved"), &loved)) enrich_known(enrichment, question->item, FIELD_LASTFM_LOVED, (Value){.integer = loved != 0});
  enrich_done(enrichment, question->item);
}

static void read_reply(const Question *question, const HttpCall *call) {
  Asking *asking = question->asking;
  const HttpReply *reply = http_reply(call);
  Error error = reply->error;
  if (reply->outcome == HTTP_DONE) {
    Arena *arena = arena_new(0);
    JsonDoc doc;
    Status status = arena ? http_json(call, arena, &doc, &error) : fail(&error, STATUS_FAILED, "", "memory is out");
    const JsonNode *track = status == STATUS_OK ? json_get(doc.root, "track") : NULL;
    if (status == STATUS_OK && !track) status = fail(&error, STATUS_FAILED, "", "Last.fm: `%s` was answered without a track", endpoint_def(http_endpoint(call))->name);
    if (status == STATUS_OK) answered(question, track);
    arena_free(arena);
    if (status == STATUS_OK) return;
  } else if (lastfm_knows_not(reply)) {
    for (size_t i = 0; i < asking->enrichment->field_count; i++) enrich_absent(asking->enrichment, question->item, asking->enrichment->fields[i]);
    enrich_done(asking->enrichment, question->item);
    return;
  }
  enrich_failed(asking->enrichment, question->item, &error);
  bool lasting = reply->outcome == HTTP_PARKED || reply->verdict == VERDICT_LOGIN || reply->verdict == VERDICT_STOP;
  if (lasting || ++asking->faults == GIVE_UP) asking->stopped = true;
}

static void submit_next(Asking *asking);

static void done(void *context, HttpCall *call) {
  const Question *question = context;
  Asking *asking = question->asking;
  if (http_reply(call)->outcome == HTTP_DONE) asking->faults = 0;
  read_reply(question, call);
  http_release(asking->enrichment->http, call);
  submit_next(asking);
}

static void submit_next(Asking *asking) {
  Enrichment *enrichment = asking->enrichment;
  if (asking->stopped || asking->next == enrichment->count) return;
  size_t item = asking->next++;
  const TrackClues *clues = &enrichment->items[item].clues;
  HttpParam params[4 + LASTFM_OWN_PARAMS] = {{"artist", clues->artist}, {"track", clues->title}, {"autocorrect", TEXT_LITERAL("1")}, {"username", asking->account.user}};
  asking->questions[item] = (Question){asking, item};
  lastfm_submit(enrichment->http, enrichment->call->run->arena, &asking->account, ENDPOINT_LASTFM_TRACK, params, 4, done, &asking->questions[item]);
}

static Status ask(Enrichment *enrichment, Error *error) {
  Asking asking = {.enrichment = enrichment, .questions = arena_array(enrichment->call->run->arena, enrichment->count, sizeof(Question))};
  Status status = lastfm_account(enrichment->services, false, &asking.account, error);
  if (status != STATUS_OK) return status;
  for (int i = 0; i < AT_ONCE; i++) submit_next(&asking);
  return http_run(enrichment->http, error);
}

const Enricher lastfm_enricher = {PROVIDER_LASTFM, key, ask};
