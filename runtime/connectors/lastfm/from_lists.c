/* from lastfm.loved, from lastfm.top: lists of tracks. */
#include <inttypes.h>

#include "connectors/lastfm/call.h"
#include "connectors/lastfm/track_entry.h"
#include "connectors/services/service_reading.h"

typedef struct TrackList {
  ServiceReading *reading;
  const char *name, *pointer; /* of the source; of the list in the reply */
  LastfmAccount account;
  Pager *pager;
  uint64_t nameless;
} TrackList;

static Status check(void *context, const JsonNode *reply, Error *error) {
  const TrackList *list = context;
  return track_entries_check_user(reply, list->pointer, list->account.user, error);
}

static Status add_page(void *context, const JsonNode *items, size_t count, int64_t position, Error *error) {
  TrackList *list = context;
  ServiceRows *rows = list->reading->rows;
  (void)position;
  for (size_t i = 0; i < count; i++) {
    TrackEntry entry;
    track_entry_read(&items[i], &entry);
    if (!entry.title.length || !entry.artist.length) {
      list->nameless++;
      continue;
    }
    Status status = service_rows_begin(rows, error);
    if (status != STATUS_OK) return status;
    service_rows_text(rows, FIELD_TITLE, entry.title);
    service_rows_texts(rows, FIELD_ARTISTS, &entry.artist, 1);
    service_rows_text(rows, FIELD_ALBUM, entry.album);
    if (entry.at != INSTANT_MIN) service_rows_time(rows, FIELD_ADDED, entry.at);
    service_rows_int(rows, FIELD_POSITION, (int64_t)service_rows_count(rows) + 1);
    service_rows_end(rows);
  }
  return STATUS_OK;
}

static void again(void *context) {
  TrackList *list = context;
  service_rows_again(list->reading->rows);
  list->nameless = 0;
}

static Status finish(ServiceReading *reading, Error *error) {
  const TrackList *list = reading->own;
  Status status = service_pages_judge(list->pager, error);
  if (status == STATUS_OK && list->nameless)
    run_notice(reading->call->run, reading->call->node, true, "%s: %" PRIu64 " %s left out, because Last.fm does not say what it is", list->name, list->nameless,
               list->nameless == 1 ? "track" : "tracks");
  return status;
}

static Status begin(ServiceReading *reading, Endpoint endpoint, const char *name, const char *pointer, const HttpParam *more, Error *error) {
  Arena *arena = reading->call->run->arena;
  TrackList *list = arena_alloc(arena, sizeof *list);
  *list = (TrackList){.reading = reading, .name = name, .pointer = pointer};
  Status status = lastfm_account(reading->services, false, &list->account, error);
  if (status != STATUS_OK) return status;
  reading->own = list;
  reading->finish = finish;
  HttpParam params[3] = {{"user", list->account.user}, {"api_key", list->account.api_key}};
  if (more) params[2] = *more;
  list->pager = pages_start(reading->http, arena, &(PagesRequest){.request = {.endpoint = endpoint, .params = params, .param_count = more ? 3 : 2},
                                                                  .page = add_page, .again = again, .reply = check, .context = list});
  return STATUS_OK;
}

Status from_lastfm_loved(ServiceReading *reading, Error *error) {
  return begin(reading, ENDPOINT_LASTFM_LOVED, "lastfm.loved", "/lovedtracks", NULL, error);
}

Status from_lastfm_top(ServiceReading *reading, Error *error) {
  static const struct {
    const char *word, *period;
  } periods[] = {{"week", "7day"}, {"month", "1month"}, {"quarter", "3month"}, {"half_year", "6month"}, {"year", "12month"}, {"all", "overall"}};
  Text word = call_word(reading->call, "range");
  HttpParam period = {"period", TEXT_LITERAL("overall")};
  for (size_t i = 0; i < sizeof periods / sizeof *periods; i++)
    if (text_is(word, periods[i].word)) period.value = text_of(periods[i].period);
  return begin(reading, ENDPOINT_LASTFM_TOP_TRACKS, "lastfm.top", "/toptracks", &period, error);
}
