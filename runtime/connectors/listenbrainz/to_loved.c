#include <inttypes.h>
#include <string.h>

#include "base/vec.h"
#include "connectors/listenbrainz/loved_set.h"
#include "connectors/listenbrainz/recording_lookup.h"
#include "connectors/listenbrainz/row_facts.h"
#include "connectors/listenbrainz/user.h"
#include "connectors/services/service_reading.h"
#include "store/outbox.h"

static const char operation[] = "love";

typedef struct Love {
  char mbid[MBID_LENGTH + 1]; /* "" until it is looked up */
  int64_t wish;
  bool ended;
} Love;

typedef struct Loving {
  StageCall *call;
  Services *services;
  Http *http;
  LovedSet loved;
  VEC(Love) loves;
  VEC(RecordingLookup) lookups;
  TextPool *chosen; /* MBIDs */
  IntMap *tracks;   /* that were seen */
  Store *outbox;
  Text account;
  uint64_t there, unknown, sent, refused, kept;
  Error refusal;
} Loving;

static void choose_mbid(Loving *loving, Text mbid, int64_t wish) {
  size_t before = text_pool_count(loving->chosen);
  text_intern(loving->chosen, mbid);
  if (text_pool_count(loving->chosen) == before) return;
  Love love = {.wish = wish};
  memcpy(love.mbid, mbid.bytes, MBID_LENGTH);
  vec_push(loving->call->run->arena, &loving->loves, love);
}

static Status choose_row(Loving *loving, const RowReader *reader, size_t row, Error *error) {
  Arena *arena = loving->call->run->arena;
  TrackHandle track = reader->batch->tracks ? reader->batch->tracks[row] : 0;
  bool added = true;
  RowFacts facts;
  if (track) int_map_add(loving->tracks, track, 1, &added);
  Status status = added ? row_facts(reader, arena, row, &facts, error) : STATUS_OK;
  if (status != STATUS_OK || !added) return status;
  if (loved_set_has_mbid(&loving->loved, text_of(facts.mbid)) || loved_set_has_names(&loving->loved, arena, facts.first_artist, facts.title)) {
    loving->there++;
  } else if (facts.mbid[0]) {
    choose_mbid(loving, text_copy(arena, text_of(facts.mbid)), 0);
  } else if (facts.title.length && facts.artist.length) {
    vec_push(arena, &loving->lookups, ((RecordingLookup){.title = facts.title, .artist = facts.artist, .album = facts.album}));
  } else {
    loving->unknown++;
  }
  return STATUS_OK;
}

static Status choose_rows(Loving *loving, Error *error) {
  const Batch *input = loving->call->inputs[0];
  RowReader reader = row_reader(loving->call->run, input);
  Status status = STATUS_OK;
  for (size_t i = 0; i < input->selected && status == STATUS_OK; i++) status = choose_row(loving, &reader, batch_row(input, i), error);
  if (status == STATUS_OK) status = listenbrainz_lookup(loving->services, loving->call->run, loving->lookups.items, loving->lookups.count, error);
  for (size_t i = 0; i < loving->lookups.count && status == STATUS_OK; i++) {
    const RecordingLookup *lookup = &loving->lookups.items[i];
    Text mbid = text_of(lookup->mbid);
    if (lookup->answer != LOOKUP_FOUND) loving->unknown++;
    else if (loved_set_has_mbid(&loving->loved, mbid)) loving->there++;
    else choose_mbid(loving, mbid, 0);
  }
  return status;
}

static bool take_wish(void *context, const OutboxEntry *entry) {
  Loving *loving = context;
  char mbid[MBID_LENGTH + 1];
  if (mbid_read(entry->key, mbid)) choose_mbid(loving, text_of(mbid), entry->id);
  return true;
}

static Text connector(void) {
  return text_of(service_def(SERVICE_LISTENBRAINZ)->name);
}

static Status take_wishes(Loving *loving, Error *error) {
  Store *cache = services_cache(loving->services, loving->call->run);
  uint64_t counts[OUTBOX_STATES] = {0};
  Status status = cache ? outbox_count(cache, connector(), loving->account, text_of(operation), counts, error) : STATUS_OK;
  if (status != STATUS_OK || !(counts[OUTBOX_PENDING] + counts[OUTBOX_SENDING])) return status;
  status = services_outbox(loving->services, loving->call->run, &loving->outbox, error);
  return status == STATUS_OK ? outbox_each_open(loving->outbox, connector(), loving->account, text_of(operation), take_wish, loving, error) : status;
}

static Status end_love(Loving *loving, Love *love, const HttpReply *reply, Error *error) {
  bool refused = reply->outcome != HTTP_DONE;
  love->ended = true;
  loving->sent += !refused;
  if (refused && !loving->refused++) loving->refusal = reply->error;
  if (!love->wish) return STATUS_OK;
  return outbox_end(loving->outbox, love->wish, refused ? OUTBOX_IGNORED : OUTBOX_SENT, reply->code, text_of(refused ? reply->error.message : ""), error);
}

static Status send_love(Loving *loving, Love *love, Error *stopped, Error *error) {
  char body[MBID_LENGTH + 40];
  Error failure = {0};
  snprintf(body, sizeof body, "{\"recording_mbid\":\"%s\",\"score\":1}", love->mbid);
  HttpCall *call = http_submit(loving->http, &(HttpRequest){.endpoint = ENDPOINT_LISTENBRAINZ_SET_FEEDBACK, .body = text_of(body)});
  Status status = http_wait(loving->http, call, error);
  if (status != STATUS_OK) return status;
  const HttpReply *reply = http_reply(call);
  bool about_this = reply->outcome == HTTP_REFUSED && (reply->verdict == VERDICT_INVALID || reply->verdict == VERDICT_ABSENT);
  if (reply->outcome == HTTP_DONE || about_this) {
    status = end_love(loving, love, reply, error);
  } else {
    http_judge(reply, &failure);
    *stopped = failure;
    stopped->status = http_judge(reply, NULL);
  }
  http_release(loving->http, call);
  return status;
}

static Status keep_rest(Loving *loving, Error *error) {
  Status status = services_outbox(loving->services, loving->call->run, &loving->outbox, error);
  if (status == STATUS_OK) status = store_begin(loving->outbox, error);
  if (status != STATUS_OK) return status;
  for (size_t i = 0; i < loving->loves.count && status == STATUS_OK; i++) {
    const Love *love = &loving->loves.items[i];
    int64_t id;
    OutboxState state;
    if (love->ended) continue;
    loving->kept++;
    if (love->wish) continue;
    OutboxWish wish = {.connector = connector(), .account = loving->account, .operation = text_of(operation), .key = text_of(love->mbid),
                       .request = TEXT_LITERAL("{\"score\":1}")};
    status = outbox_queue(loving->outbox, &wish, &id, &state, error);
  }
  if (status == STATUS_OK) return store_commit(loving->outbox, error);
  store_rollback(loving->outbox);
  return status;
}

static const char *tracks(uint64_t count) {
  return count == 1 ? "track" : "tracks";
}

static void tell(const Loving *loving, const char *why) {
  Run *run = loving->call->run;
  uint32_t node = loving->call->node;
  bool dry = run->options.dry_run;
  uint64_t new_ones = dry ? loving->loves.count : loving->sent;
  run_notice(run, node, false, "listenbrainz.loved: %" PRIu64 " %s %s, %" PRIu64 " already there", new_ones, tracks(new_ones), dry ? "would be loved" : "loved", loving->there);
  if (loving->unknown)
    run_notice(run, node, true, "listenbrainz.loved: %" PRIu64 " %s left out, because ListenBrainz finds no recording for %s", loving->unknown, tracks(loving->unknown),
               loving->unknown == 1 ? "it" : "them");
  if (loving->refused) run_notice(run, node, true, "listenbrainz.loved: %" PRIu64 " %s not taken: %s", loving->refused, tracks(loving->refused), loving->refusal.message);
  if (loving->kept)
    run_notice(run, node, true, "listenbrainz.loved: %" PRIu64 " %s could not be loved%s%s; they are kept, and the next run that writes to listenbrainz.loved does it", loving->kept,
               tracks(loving->kept), *why ? ": " : "", why);
}

static Status send_all(Loving *loving, Error *error) {
  Error stopped = {0};
  Status status = STATUS_OK;
  for (size_t i = 0; i < loving->loves.count && status == STATUS_OK && !stopped.status; i++) {
    status = send_love(loving, &loving->loves.items[i], &stopped, error);
    http_progress(loving->http, endpoint_def(ENDPOINT_LISTENBRAINZ_SET_FEEDBACK)->name, i + 1, loving->loves.count);
  }
  if (status == STATUS_OK && stopped.status) status = keep_rest(loving, error);
  if (status != STATUS_OK) return status;
  bool ends = stopped.status == STATUS_BUSY || stopped.status == STATUS_LOGIN;
  tell(loving, ends ? "" : stopped.message);
  if (!ends) return STATUS_OK;
  if (error) *error = stopped;
  return stopped.status;
}

/* What is loved already is read first: a call for each of the others is the only way to love them. */
static Status read_loved(Loving *loving, Error *error) {
  Text user;
  Status status = listenbrainz_user(loving->services, loving->http, &user, error);
  if (status != STATUS_OK) return status;
  loved_set_start(&loving->loved, loving->http, loving->call->run->arena, user);
  status = http_run(loving->http, error);
  return status == STATUS_OK ? service_pages_judge(loving->loved.pager, error) : status;
}

Status stage_run_TO_LISTENBRAINZ_LOVED(StageCall *call, const Batch **out, Error *error) {
  Run *run = call->run;
  Loving loving = {.call = call, .chosen = text_pool_new(run->arena), .tracks = int_map_new(run->arena, 64)};
  *out = call->inputs[0];
  Status status = run_services(run, &loving.services, error);
  if (status == STATUS_OK) status = services_http(loving.services, &loving.http, error);
  if (status != STATUS_OK) return status;
  loving.account = text_of(services_account(loving.services, SERVICE_LISTENBRAINZ));
  status = read_loved(&loving, error);
  if (status == STATUS_OK && !run->options.dry_run) status = take_wishes(&loving, error);
  if (status == STATUS_OK) status = choose_rows(&loving, error);
  if (status != STATUS_OK) return status;
  if (!run->options.dry_run) return send_all(&loving, error);
  tell(&loving, "");
  return STATUS_OK;
}
