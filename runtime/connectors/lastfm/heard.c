#include "connectors/lastfm/heard.h"

#include <inttypes.h>

#include "base/map.h"
#include "base/vec.h"
#include "connectors/lastfm/sent_row.h"
#include "connectors/lastfm/track_entry.h"
#include "connectors/services/service_reading.h"

#define NONE UINT32_MAX

typedef struct Stamp {
  int64_t second;
  uint32_t next; /* of the same track, or NONE */
} Stamp;

struct Heard {
  Arena *arena;
  Text user;
  const char *pointer;
  TextPool *names;
  IntMap *first; /* TextId of the names to an index of `stamps` */
  VEC(Stamp) stamps;
};

static void forget(void *context) {
  Heard *heard = context;
  heard->names = text_pool_new(heard->arena);
  heard->first = int_map_new(heard->arena, 64);
  heard->stamps.count = 0;
}

static Status check(void *context, const JsonNode *reply, Error *error) {
  const Heard *heard = context;
  return track_entries_check_user(reply, heard->pointer, heard->user, error);
}

static Status take_page(void *context, const JsonNode *items, size_t count, int64_t position, Error *error) {
  Heard *heard = context;
  (void)position;
  (void)error;
  for (size_t i = 0; i < count; i++) {
    TrackEntry entry;
    track_entry_read(&items[i], &entry);
    if (entry.is_playing) continue;
    TextId names = text_intern(heard->names, sent_names_key(heard->arena, entry.artist, entry.title));
    Stamp stamp = {entry.at == INSTANT_MIN ? 0 : entry.at / 1000, int_map_get(heard->first, names, NONE)};
    int_map_set(heard->first, names, (uint32_t)heard->stamps.count);
    vec_push(heard->arena, &heard->stamps, stamp);
  }
  return STATUS_OK;
}

static Status read_list(Run *run, Http *http, const LastfmAccount *account, Endpoint endpoint, const char *pointer, const HttpParam *params, size_t count, Heard **out,
                        Error *error) {
  Heard *heard = arena_alloc(run->arena, sizeof *heard);
  *heard = (Heard){.arena = run->arena, .user = account->user, .pointer = pointer};
  forget(heard);
  *out = heard;
  const Pager *pager = pages_start(http, run->arena, &(PagesRequest){.request = {.endpoint = endpoint, .params = params, .param_count = count},
                                                                     .page = take_page, .again = forget, .reply = check, .extra = track_entry_is_playing, .context = heard});
  Status status = http_run(http, error);
  return status == STATUS_OK ? service_pages_judge(pager, error) : status;
}

Status heard_scrobbles(Run *run, Http *http, const LastfmAccount *account, int64_t from, int64_t to, Heard **out, Error *error) {
  const char *low = arena_format(run->arena, "%" PRId64, from), *high = arena_format(run->arena, "%" PRId64, to);
  const HttpParam params[] = {{"user", account->user}, {"api_key", account->api_key}, {"from", text_of(low)}, {"to", text_of(high)}};
  return read_list(run, http, account, ENDPOINT_LASTFM_SCROBBLES, "/recenttracks", params, 4, out, error);
}

Status heard_loved(Run *run, Http *http, const LastfmAccount *account, Heard **out, Error *error) {
  const HttpParam params[] = {{"user", account->user}, {"api_key", account->api_key}};
  return read_list(run, http, account, ENDPOINT_LASTFM_LOVED, "/lovedtracks", params, 2, out, error);
}

static uint32_t first_of(const Heard *heard, Text artist, Text title) {
  TextId names = text_interned(heard->names, sent_names_key(heard->arena, artist, title));
  return names == UINT32_MAX ? NONE : int_map_get(heard->first, names, NONE);
}

bool heard_at(Heard *heard, Text artist, Text title, int64_t second) {
  for (uint32_t at = first_of(heard, artist, title); at != NONE; at = heard->stamps.items[at].next) {
    int64_t apart = heard->stamps.items[at].second - second;
    if (apart >= -HEARD_TOLERANCE_S && apart <= HEARD_TOLERANCE_S) return true;
  }
  return false;
}

bool heard_is_loved(Heard *heard, Text artist, Text title) {
  return first_of(heard, artist, title) != NONE;
}
