/* from lastfm.scrobbles. They arrive newest first and are handed over oldest first: until then each is a few interned texts. The reading ends at the run's
 * moment, so that what is scrobbled meanwhile moves no page. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/vec.h"
#include "connectors/lastfm/call.h"
#include "connectors/lastfm/track_entry.h"
#include "connectors/services/service_reading.h"
#include "connectors/services/service_since.h"

static const char entity[] = "plays";

typedef struct Scrobble {
  Instant at;
  TextId title, artist, album;
  uint32_t order; /* in which it came */
} Scrobble;

typedef struct Scrobbles {
  ServiceReading *reading;
  LastfmAccount account;
  ServiceSince since;
  Pager *pager;
  VEC(Scrobble) scrobbles;
  uint64_t unusable;
} Scrobbles;

static Status check(void *context, const JsonNode *reply, Error *error) {
  const Scrobbles *list = context;
  return track_entries_check_user(reply, "/recenttracks", list->account.user, error);
}

static TextId keep(const Scrobbles *list, Text text) {
  return text.length && text_invalid_at(text) == text.length ? text_intern(list->reading->call->run->texts, text) : 0;
}

static Status take_page(void *context, const JsonNode *items, size_t count, int64_t position, Error *error) {
  Scrobbles *list = context;
  (void)position;
  (void)error;
  for (size_t i = 0; i < count; i++) {
    TrackEntry entry;
    track_entry_read(&items[i], &entry);
    if (entry.is_playing) continue;
    Scrobble scrobble = {entry.at, keep(list, entry.title), keep(list, entry.artist), keep(list, entry.album), (uint32_t)list->scrobbles.count};
    if (!scrobble.title || !scrobble.artist || scrobble.at == INSTANT_MIN) {
      list->unusable++;
      continue;
    }
    vec_push(list->reading->call->run->arena, &list->scrobbles, scrobble);
  }
  return STATUS_OK;
}

static void again(void *context) {
  Scrobbles *list = context;
  list->scrobbles.count = 0;
  list->unusable = 0;
}

static Status add_row(const Scrobbles *list, const Scrobble *scrobble, Error *error) {
  ServiceRows *rows = list->reading->rows;
  const TextPool *texts = list->reading->call->run->texts;
  Text artist = text_at(texts, scrobble->artist);
  Status status = service_rows_begin(rows, error);
  if (status != STATUS_OK) return status;
  service_rows_text(rows, FIELD_TITLE, text_at(texts, scrobble->title));
  service_rows_texts(rows, FIELD_ARTISTS, &artist, 1);
  service_rows_text(rows, FIELD_ALBUM, text_at(texts, scrobble->album));
  service_rows_time(rows, FIELD_PLAYED_AT, scrobble->at);
  service_rows_text(rows, FIELD_SERVICE, TEXT_LITERAL("lastfm"));
  service_rows_text(rows, FIELD_SOURCE, TEXT_LITERAL("lastfm"));
  service_rows_text(rows, FIELD_KIND, TEXT_LITERAL("track"));
  service_rows_end(rows);
  return STATUS_OK;
}

/* Those of one second stay as they came, the last first. */
static int by_time(const void *a, const void *b) {
  const Scrobble *left = a, *right = b;
  if (left->at != right->at) return left->at < right->at ? -1 : 1;
  return left->order < right->order ? 1 : -1;
}

static Status finish(ServiceReading *reading, Error *error) {
  Scrobbles *list = reading->own;
  const StageCall *call = reading->call;
  Instant newest = INSTANT_MIN;
  Status status = service_pages_judge(list->pager, error);
  if (status == STATUS_OK && list->scrobbles.count) qsort(list->scrobbles.items, list->scrobbles.count, sizeof *list->scrobbles.items, by_time);
  for (size_t i = 0; i < list->scrobbles.count && status == STATUS_OK; i++) {
    status = add_row(list, &list->scrobbles.items[i], error);
    newest = list->scrobbles.items[i].at;
  }
  if (status != STATUS_OK) return status;
  if (list->unusable)
    run_notice(call->run, call->node, true, "lastfm.scrobbles: %" PRIu64 " %s left out, because Last.fm says neither when nor what was heard", list->unusable,
               list->unusable == 1 ? "scrobble" : "scrobbles");
  service_since_reached(reading->services, &list->since, SERVICE_LASTFM, entity, newest);
  return STATUS_OK;
}

Status from_lastfm_scrobbles(ServiceReading *reading, Error *error) {
  Arena *arena = reading->call->run->arena;
  Scrobbles *list = arena_alloc(arena, sizeof *list);
  list->reading = reading;
  Status status = lastfm_account(reading->services, false, &list->account, error);
  if (status == STATUS_OK) status = service_since(reading->services, reading->call, SERVICE_LASTFM, entity, &list->since, error);
  if (status != STATUS_OK) return status;
  reading->own = list;
  reading->finish = finish;
  const char *to = arena_format(arena, "%" PRId64, services_now(reading->services) / 1000);
  const char *from = arena_format(arena, "%" PRId64, list->since.from > 0 ? (list->since.from + 999) / 1000 : 0);
  const HttpParam params[] = {{"user", list->account.user}, {"api_key", list->account.api_key}, {"to", text_of(to)}, {"from", text_of(from)}};
  list->pager = pages_start(reading->http, arena, &(PagesRequest){.request = {.endpoint = ENDPOINT_LASTFM_SCROBBLES, .params = params, .param_count = list->since.from > 0 ? 4 : 3},
                                                                  .page = take_page, .again = again, .reply = check, .extra = track_entry_is_playing, .context = list});
  return STATUS_OK;
}
