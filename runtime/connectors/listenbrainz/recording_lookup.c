#include "connectors/listenbrainz/recording_lookup.h"

#include "base/json.h"
#include "base/vec.h"
#include "store/response_cache.h"

#define DAY INT64_C(86400000)
enum { FOUND_DAYS = 30, UNKNOWN_DAYS = 7, SIDE_BY_SIDE = 4 };

typedef struct LookupCall {
  HttpCall *call;
  size_t from, count; /* of `open` */
} LookupCall;

typedef struct Looking {
  Services *services;
  Store *cache;
  Arena *arena;
  RecordingLookup *lookups;
  VEC(size_t) open; /* those to be asked */
} Looking;

static Text key_of(Arena *arena, const RecordingLookup *lookup) {
  TextBuilder key = {.arena = arena};
  text_append(&key, TEXT_LITERAL("lookup\n"));
  text_append(&key, text_fold(arena, lookup->artist));
  text_append_char(&key, '\n');
  text_append(&key, text_fold(arena, lookup->title));
  return text_built(&key);
}

static size_t letters(Text text) {
  size_t count = 0;
  for (size_t i = 0; i < text.length; i++) count += (text.bytes[i] & 0xC0) != 0x80;
  return count;
}

static bool fits(const RecordingLookup *lookup) {
  return letters(lookup->title) + letters(lookup->artist) <= BOUND_LISTENBRAINZ_NAMES;
}

static bool remembered(const Looking *looking, RecordingLookup *lookup) {
  CachedReply reply;
  bool found = false;
  if (!looking->cache || store_cached_reply(looking->cache, looking->arena, text_of(service_def(SERVICE_LISTENBRAINZ)->name), key_of(looking->arena, lookup), &reply, &found, NULL) != STATUS_OK) return false;
  if (!found) return false;
  Instant age = services_now(looking->services) - reply.fetched_at;
  bool known = mbid_read(reply.body, lookup->mbid);
  if (age < 0 || age > (known ? FOUND_DAYS : UNKNOWN_DAYS) * DAY) return false;
  lookup->answer = known ? LOOKUP_FOUND : LOOKUP_UNKNOWN;
  return true;
}

static Status remember(const Looking *looking, const RecordingLookup *lookup) {
  Instant now = services_now(looking->services);
  bool known = lookup->answer == LOOKUP_FOUND;
  return store_cache_reply(looking->cache, text_of(service_def(SERVICE_LISTENBRAINZ)->name), key_of(looking->arena, lookup), text_of(known ? lookup->mbid : "-"), now,
                           now + (known ? FOUND_DAYS : UNKNOWN_DAYS) * DAY, NULL);
}

/* What cannot be remembered is asked again by later runs. */
static void remember_all(Looking *looking, const LookupCall *call) {
  if (!looking->cache || store_begin(looking->cache, NULL) != STATUS_OK) return;
  Status status = STATUS_OK;
  for (size_t i = 0; i < call->count && status == STATUS_OK; i++) status = remember(looking, &looking->lookups[looking->open.items[call->from + i]]);
  if (status == STATUS_OK && store_commit(looking->cache, NULL) == STATUS_OK) return;
  store_rollback(looking->cache);
  looking->cache = NULL;
}

static Text body_of(const Looking *looking, const LookupCall *batch) {
  TextBuilder json = {.arena = looking->arena};
  text_append(&json, TEXT_LITERAL("{\"recordings\":["));
  for (size_t i = 0; i < batch->count; i++) {
    const RecordingLookup *lookup = &looking->lookups[looking->open.items[batch->from + i]];
    text_append(&json, i ? TEXT_LITERAL(",{\"artist_name\":") : TEXT_LITERAL("{\"artist_name\":"));
    json_append_string(&json, lookup->artist);
    text_append(&json, TEXT_LITERAL(",\"recording_name\":"));
    json_append_string(&json, lookup->title);
    if (lookup->album.length && letters(lookup->title) + letters(lookup->artist) + letters(lookup->album) <= BOUND_LISTENBRAINZ_NAMES) {
      text_append(&json, TEXT_LITERAL(",\"release_name\":"));
      json_append_string(&json, lookup->album);
    }
    text_append_char(&json, '}');
  }
  text_append(&json, TEXT_LITERAL("]}"));
  return text_built(&json);
}

/* By `index`; an answer without it stands in its place. Whatever is not there was not found. */
static Status read_answers(Looking *looking, const LookupCall *batch, Error *error) {
  JsonDoc doc;
  Status status = http_json(batch->call, looking->arena, &doc, error);
  if (status != STATUS_OK) return status;
  if (doc.root->kind != JSON_ARRAY) return fail(error, STATUS_FAILED, "", "ListenBrainz: `listenbrainz.lookup` was answered without a list");
  for (size_t i = 0; i < batch->count; i++) looking->lookups[looking->open.items[batch->from + i]].answer = LOOKUP_UNKNOWN;
  for (uint32_t i = 0; i < doc.root->count; i++) {
    const JsonNode *item = &doc.root->items[i];
    int64_t index = i;
    const JsonNode *said = json_get(item, "index");
    if (said && !json_whole(said, &index)) continue;
    if (index < 0 || (uint64_t)index >= batch->count) return fail(error, STATUS_FAILED, "", "ListenBrainz: `listenbrainz.lookup` answered what was not asked");
    RecordingLookup *lookup = &looking->lookups[looking->open.items[batch->from + (size_t)index]];
    if (mbid_read(json_get_text(item, "recording_mbid"), lookup->mbid)) lookup->answer = LOOKUP_FOUND;
  }
  remember_all(looking, batch);
  return STATUS_OK;
}

static Status finish(Looking *looking, Http *http, LookupCall *batch, Error *error) {
  Status status = http_wait(http, batch->call, error);
  if (status == STATUS_OK) status = http_judge(http_reply(batch->call), error);
  if (status == STATUS_OK) status = read_answers(looking, batch, error);
  http_release(http, batch->call);
  batch->call = NULL;
  return status;
}

static Status ask(Looking *looking, Http *http, Error *error) {
  size_t most = (size_t)endpoint_def(ENDPOINT_LISTENBRAINZ_LOOKUP)->batch, count = (looking->open.count + most - 1) / most, asked = 0;
  LookupCall *batches = arena_array(looking->arena, count, sizeof *batches);
  Status status = STATUS_OK;
  for (size_t done = 0; done < count; done++) {
    for (; status == STATUS_OK && asked < count && asked < done + SIDE_BY_SIDE; asked++) {
      LookupCall *batch = &batches[asked];
      *batch = (LookupCall){.from = asked * most, .count = looking->open.count - asked * most < most ? looking->open.count - asked * most : most};
      batch->call = http_submit(http, &(HttpRequest){.endpoint = ENDPOINT_LISTENBRAINZ_LOOKUP, .body = body_of(looking, batch)});
    }
    if (status == STATUS_OK) {
      status = finish(looking, http, &batches[done], error);
    } else if (batches[done].call) {
      http_release(http, batches[done].call);
    }
  }
  return status;
}

Status listenbrainz_lookup(Services *services, const Run *run, RecordingLookup *lookups, size_t count, Error *error) {
  Looking looking = {.services = services, .cache = services_cache(services, run), .arena = services_arena(services), .lookups = lookups};
  Http *http;
  for (size_t i = 0; i < count; i++) {
    RecordingLookup *lookup = &lookups[i];
    if (lookup->answer != LOOKUP_OPEN || !lookup->title.length || !lookup->artist.length || remembered(&looking, lookup)) continue;
    if (fits(lookup)) vec_push(looking.arena, &looking.open, i);
    else lookup->answer = LOOKUP_UNKNOWN;
  }
  if (!looking.open.count) return STATUS_OK;
  Status status = services_http(services, &http, error);
  return status == STATUS_OK ? ask(&looking, http, error) : status;
}
