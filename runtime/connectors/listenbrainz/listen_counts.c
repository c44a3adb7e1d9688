#include "connectors/listenbrainz/listen_counts.h"

#include <inttypes.h>

#include "base/json.h"
#include "base/map.h"
#include "connectors/listenbrainz/listen_walk.h"
#include "connectors/listenbrainz/track_metadata.h"
#include "store/response_cache.h"

/* Listens of one recording under one spelling of its names. */
typedef struct CountRow {
  TextId mbid, names;
  int64_t older, newest; /* before the newest second, and in it: more may still come in that one */
} CountRow;

struct PlayCounts {
  Arena *arena;
  TextPool *texts;
  IntMap *places; /* mbid << 32 | names, to an index of `rows` */
  VEC(CountRow) rows;
  IntMap *of_mbid, *of_names; /* TextId to an index of `sums` */
  VEC(int64_t) sums;
  int64_t until; /* the newest second */
  int64_t older; /* listens before it */
  ListenWalk walk;
};

static Text names_of(Arena *arena, Text artist, Text title) {
  TextBuilder names = {.arena = arena};
  text_append(&names, text_fold(arena, artist));
  text_append_char(&names, '\n');
  text_append(&names, text_fold(arena, title));
  return text_built(&names);
}

static int64_t place_of(TextId mbid, TextId names) {
  return (int64_t)((uint64_t)mbid << 32 | names);
}

static CountRow *row_of(PlayCounts *counts, Text mbid, Text names) {
  CountRow row = {.mbid = text_intern(counts->texts, mbid), .names = text_intern(counts->texts, names)};
  bool added;
  uint32_t at = int_map_add(counts->places, place_of(row.mbid, row.names), (uint32_t)counts->rows.count, &added);
  if (added) vec_push(counts->arena, &counts->rows, row);
  return &counts->rows.items[at];
}

static void forget(PlayCounts *counts) {
  counts->texts = text_pool_new(counts->arena);
  counts->places = int_map_new(counts->arena, 1024);
  counts->rows.count = 0;
  counts->until = counts->older = 0;
}

static Status visit(void *context, int64_t second, const JsonNode *node, Error *error) {
  PlayCounts *counts = context;
  TrackMetadata metadata;
  (void)error;
  if (counts->walk.visited == 1) counts->until = second; /* the walk begins with the newest */
  track_metadata_read(node, &metadata);
  Text artist = metadata.artist_count ? metadata.artists[0] : metadata.artist;
  CountRow *row = row_of(counts, text_of(metadata.mbid), names_of(counts->arena, artist, metadata.title));
  row->older += second < counts->until;
  row->newest += second >= counts->until;
  counts->older += second < counts->until;
  return STATUS_OK;
}

/* ---- between runs: {"until":N,"older":N,"rows":[["mbid","names",N],...]} ---- */

static Text connector(void) {
  return text_of(service_def(SERVICE_LISTENBRAINZ)->name);
}

static Text key_of(Arena *arena, Text user) {
  return text_of(arena_format(arena, "counts\n" TEXT_FORMAT, TEXT_ARG(text_fold(arena, user))));
}

static void keep(const PlayCounts *counts, Store *cache, Text user, Instant now) {
  TextBuilder json = {.arena = counts->arena};
  if (!cache) return;
  text_append_format(&json, "{\"until\":%" PRId64 ",\"older\":%" PRId64 ",\"rows\":[", counts->until, counts->older);
  bool first = true;
  for (size_t i = 0; i < counts->rows.count; i++) {
    const CountRow *row = &counts->rows.items[i];
    if (!row->older) continue;
    text_append(&json, first ? TEXT_LITERAL("[") : TEXT_LITERAL(",["));
    json_append_string(&json, text_at(counts->texts, row->mbid));
    text_append_char(&json, ',');
    json_append_string(&json, text_at(counts->texts, row->names));
    text_append_format(&json, ",%" PRId64 "]", row->older);
    first = false;
  }
  text_append(&json, TEXT_LITERAL("]}"));
  store_cache_reply(cache, connector(), key_of(counts->arena, user), text_built(&json), now, INSTANT_MAX, NULL); /* else all is read again next time */
}

static bool recall(PlayCounts *counts, Store *cache, Text user) {
  CachedReply reply;
  JsonDoc doc;
  bool found = false;
  if (!cache || store_cached_reply(cache, counts->arena, connector(), key_of(counts->arena, user), &reply, &found, NULL) != STATUS_OK || !found) return false;
  if (json_doc_read(counts->arena, reply.body, "the cache", &doc, NULL) != STATUS_OK) return false;
  const JsonNode *rows = json_get(doc.root, "rows");
  if (!rows || !json_whole(json_get(doc.root, "until"), &counts->until) || !json_whole(json_get(doc.root, "older"), &counts->older)) return false;
  for (uint32_t i = 0; i < rows->count; i++) {
    const JsonNode *row = &rows->items[i];
    if (row->count != 3 || row->items[2].kind != JSON_INTEGER) return false;
    row_of(counts, row->items[0].text, row->items[1].text)->older += row->items[2].integer;
  }
  return true;
}

/* ---- reading ---- */

static Status judge_walk(const ListenWalk *walk, Error *error) {
  const PagesResult *result = pages_result(walk->pager);
  if (result->outcome != HTTP_DONE) {
    if (error) *error = result->error;
    return result->outcome == HTTP_PARKED ? STATUS_BUSY : result->error.status ? result->error.status : STATUS_FAILED;
  }
  return result->complete ? STATUS_OK : fail(error, STATUS_FAILED, "", "ListenBrainz: the listens were not read to their end: " TEXT_FORMAT, TEXT_ARG(result->doubt));
}

/* Reads the listens of `from` and later into the counts. */
static Status read_from(PlayCounts *counts, Http *http, Text user, int64_t from, Error *error) {
  counts->walk = (ListenWalk){.from = from, .visit = visit, .context = counts};
  listen_walk_start(&counts->walk, http, counts->arena, user);
  Status status = http_run(http, error);
  return status == STATUS_OK ? judge_walk(&counts->walk, error) : status;
}

static Status read_total(Http *http, Arena *arena, Text user, int64_t *out, Error *error) {
  JsonDoc doc;
  Status status = http_ask(http, &(HttpRequest){.endpoint = ENDPOINT_LISTENBRAINZ_LISTEN_COUNT, .path = &user, .path_count = 1}, arena, &doc, error);
  if (status == STATUS_OK && !json_whole(json_at(doc.root, TEXT_LITERAL("/payload/count")), out))
    status = fail(error, STATUS_FAILED, "", "ListenBrainz: `listenbrainz.listen_count` was answered without a number");
  return status;
}

static void add_sum(PlayCounts *counts, IntMap *map, TextId text, int64_t more) {
  bool added;
  uint32_t at = int_map_add(map, text, (uint32_t)counts->sums.count, &added);
  if (added) vec_push(counts->arena, &counts->sums, 0);
  counts->sums.items[at] += more;
}

static void sum_up(PlayCounts *counts) {
  counts->of_mbid = int_map_new(counts->arena, counts->rows.count);
  counts->of_names = int_map_new(counts->arena, counts->rows.count);
  for (size_t i = 0; i < counts->rows.count; i++) {
    const CountRow *row = &counts->rows.items[i];
    add_sum(counts, counts->of_mbid, row->mbid, row->older + row->newest);
    add_sum(counts, counts->of_names, row->names, row->older + row->newest);
  }
}

/* Whether the number of listens agrees with what is known: less, and some were deleted; more, and older ones came. */
static Status read_newer(PlayCounts *counts, Http *http, Text user, bool *agrees, Error *error) {
  int64_t total = 0, before = counts->older;
  Status status = read_from(counts, http, user, counts->until, error);
  if (status == STATUS_OK) status = read_total(http, counts->arena, user, &total, error);
  *agrees = total >= before && total <= before + (int64_t)counts->walk.visited; /* the number may lag behind what is new */
  return status;
}

Status listen_counts_read(Services *services, const Run *run, Http *http, Text user, PlayCounts **out, Error *error) {
  PlayCounts *counts = arena_alloc(services_arena(services), sizeof *counts);
  Store *cache = services_cache(services, run);
  bool agrees = false;
  Status status = STATUS_OK;
  counts->arena = services_arena(services);
  forget(counts);
  if (recall(counts, cache, user)) status = read_newer(counts, http, user, &agrees, error);
  if (status == STATUS_OK && !agrees) {
    forget(counts);
    status = read_from(counts, http, user, 0, error);
  }
  if (status != STATUS_OK) return status;
  if (!run || !run->options.dry_run) keep(counts, cache, user, services_now(services));
  sum_up(counts);
  *out = counts;
  return STATUS_OK;
}

static int64_t sum_of(const PlayCounts *counts, const IntMap *map, TextId text) {
  uint32_t at = text == UINT32_MAX ? UINT32_MAX : int_map_get(map, text, UINT32_MAX);
  return at == UINT32_MAX ? 0 : counts->sums.items[at];
}

int64_t listen_counts_of(const PlayCounts *counts, Arena *arena, Text mbid, Text artist, Text title) {
  TextId id = mbid.length ? text_interned(counts->texts, mbid) : UINT32_MAX;
  TextId names = artist.length && title.length ? text_interned(counts->texts, names_of(arena, artist, title)) : UINT32_MAX;
  int64_t sum = sum_of(counts, counts->of_mbid, id) + sum_of(counts, counts->of_names, names);
  if (id == UINT32_MAX || names == UINT32_MAX) return sum;
  uint32_t both = int_map_get(counts->places, place_of(id, names), UINT32_MAX);
  return both == UINT32_MAX ? sum : sum - counts->rows.items[both].older - counts->rows.items[both].newest;
}
