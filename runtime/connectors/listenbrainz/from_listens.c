/* The listens arrive newest first and are handed over oldest first: until then each is a few interned texts. */
#include <inttypes.h>
#include <stdlib.h>

#include "connectors/listenbrainz/listen_walk.h"
#include "connectors/listenbrainz/track_metadata.h"
#include "connectors/listenbrainz/user.h"
#include "connectors/services/service_reading.h"
#include "connectors/services/service_since.h"

static const char entity[] = "plays";

typedef struct Listen {
  int64_t second;
  TextId title, artist, album, mbid, isrc, spotify_id, player;
  uint32_t artists, artist_count; /* of `names` */
  uint32_t order; /* in which it came */
  int64_t duration_ms, played_ms;
  bool on_spotify;
} Listen;

typedef struct Listens {
  ServiceReading *reading;
  ServiceSince since;
  ListenWalk walk;
  VEC(Listen) listens;
  VEC(TextId) names;
  uint64_t nameless;
} Listens;

static TextId keep(const Listens *listens, Text text) {
  return text.length && text_invalid_at(text) == text.length ? text_intern(listens->reading->call->run->texts, text) : 0;
}

static Text kept(const Listens *listens, TextId id) {
  return text_at(listens->reading->call->run->texts, id);
}

static Status visit(void *context, int64_t second, const JsonNode *node, Error *error) {
  Listens *listens = context;
  Arena *arena = listens->reading->call->run->arena;
  TrackMetadata metadata;
  (void)error;
  track_metadata_read(node, &metadata);
  Listen listen = {.second = second, .title = keep(listens, metadata.title), .artist = keep(listens, metadata.artist), .album = keep(listens, metadata.album),
                   .mbid = keep(listens, text_of(metadata.mbid)), .isrc = keep(listens, text_of(metadata.isrc)), .spotify_id = keep(listens, text_of(metadata.spotify_id)),
                   .player = keep(listens, metadata.player), .artists = (uint32_t)listens->names.count, .artist_count = (uint32_t)metadata.artist_count,
                   .order = (uint32_t)listens->listens.count,
                   .duration_ms = metadata.duration_ms, .played_ms = metadata.played_ms, .on_spotify = metadata.on_spotify};
  if (!listen.title && !listen.mbid) {
    listens->nameless++;
    return STATUS_OK;
  }
  for (size_t i = 0; i < metadata.artist_count; i++) vec_push(arena, &listens->names, keep(listens, metadata.artists[i]));
  vec_push(arena, &listens->listens, listen);
  return STATUS_OK;
}

static Status add_row(const Listens *listens, const Listen *listen, Error *error) {
  ServiceRows *rows = listens->reading->rows;
  TrackMetadata metadata = {.title = kept(listens, listen->title), .artist = kept(listens, listen->artist), .album = kept(listens, listen->album),
                            .artist_count = listen->artist_count, .duration_ms = listen->duration_ms};
  for (uint32_t i = 0; i < listen->artist_count; i++) metadata.artists[i] = kept(listens, listens->names.items[listen->artists + i]);
  mbid_read(kept(listens, listen->mbid), metadata.mbid);
  isrc_read(kept(listens, listen->isrc), metadata.isrc);
  Status status = service_rows_begin(rows, error);
  if (status != STATUS_OK) return status;
  track_metadata_rows(rows, &metadata);
  service_rows_text(rows, FIELD_SPOTIFY_ID, kept(listens, listen->spotify_id));
  service_rows_time(rows, FIELD_PLAYED_AT, listen->second * 1000);
  if (listen->played_ms) service_rows_ms(rows, FIELD_MS_PLAYED, listen->played_ms);
  service_rows_text(rows, FIELD_SERVICE, text_of(listen->on_spotify ? "spotify" : "listenbrainz"));
  service_rows_text(rows, FIELD_SOURCE, TEXT_LITERAL("listenbrainz"));
  service_rows_text(rows, FIELD_PLATFORM, kept(listens, listen->player));
  service_rows_text(rows, FIELD_KIND, TEXT_LITERAL("track"));
  service_rows_end(rows);
  return STATUS_OK;
}

/* Those of one second stay as they came, the last first. */
static int by_time(const void *a, const void *b) {
  const Listen *left = a, *right = b;
  if (left->second != right->second) return left->second < right->second ? -1 : 1;
  return left->order < right->order ? 1 : -1;
}

static void tell(const Listens *listens) {
  const StageCall *call = listens->reading->call;
  uint64_t left = listens->nameless + listens->walk.unusable;
  if (left) run_notice(call->run, call->node, true, "listenbrainz.listens: %" PRIu64 " %s left out, because ListenBrainz says neither when nor what was heard", left, left == 1 ? "listen" : "listens");
  if (listens->walk.crowded)
    run_notice(call->run, call->node, true, "listenbrainz.listens: %zu listens have one time, as many as ListenBrainz gives at once; if there are more of them, they cannot be read", listens->walk.page);
}

static Status finish(ServiceReading *reading, Error *error) {
  Listens *listens = reading->own;
  Status status = service_pages_judge(listens->walk.pager, error);
  if (status != STATUS_OK) return status;
  Instant newest = INSTANT_MIN;
  bool sorted = true;
  for (size_t i = 1; i < listens->listens.count; i++) sorted = sorted && listens->listens.items[i].second <= listens->listens.items[i - 1].second;
  if (!sorted) qsort(listens->listens.items, listens->listens.count, sizeof *listens->listens.items, by_time);
  for (size_t i = 0; i < listens->listens.count && status == STATUS_OK; i++) {
    const Listen *listen = &listens->listens.items[sorted ? listens->listens.count - 1 - i : i];
    status = add_row(listens, listen, error);
    newest = listen->second * 1000;
  }
  if (status != STATUS_OK) return status;
  tell(listens);
  service_since_reached(reading->services, &listens->since, SERVICE_LISTENBRAINZ, entity, newest);
  return STATUS_OK;
}

Status from_listenbrainz_listens(ServiceReading *reading, Error *error) {
  Arena *arena = reading->call->run->arena;
  Listens *listens = arena_alloc(arena, sizeof *listens);
  Text user;
  listens->reading = reading;
  Status status = listenbrainz_user(reading->services, reading->http, &user, error);
  if (status == STATUS_OK) status = service_since(reading->services, reading->call, SERVICE_LISTENBRAINZ, entity, &listens->since, error);
  if (status != STATUS_OK) return status;
  reading->own = listens;
  reading->finish = finish;
  listens->walk.from = listens->since.from > 0 ? (listens->since.from + 999) / 1000 : 0;
  listens->walk.visit = visit;
  listens->walk.context = listens;
  listen_walk_start(&listens->walk, reading->http, arena, user);
  return STATUS_OK;
}
