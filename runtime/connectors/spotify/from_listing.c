/* The sources that are one list of the service: top tracks, what was played last, and what a search finds. */
#include "connectors/services/service_reading.h"
#include "connectors/spotify/regime.h"
#include "connectors/spotify/track_json.h"

enum { RECENT_MOST = 50 };

typedef struct Reading {
  ServiceReading *reading;
  Pager *pager;
  int size; /* rows a page of a search */
} Reading;

static Status take_tracks(void *context, const JsonNode *rows, size_t count, int64_t position, Error *error) {
  Reading *own = context;
  SpotifyTrack track;
  (void)position;
  for (size_t i = 0; i < count; i++) {
    spotify_track_read(&rows[i], &track);
    if (track.thing != SPOTIFY_TRACK) continue;
    Status status = service_rows_begin(own->reading->rows, error);
    if (status != STATUS_OK) return status;
    spotify_track_row(own->reading->rows, &track);
    service_rows_int(own->reading->rows, FIELD_POSITION, (int64_t)service_rows_count(own->reading->rows) + 1);
    service_rows_end(own->reading->rows);
  }
  return STATUS_OK;
}

/* What came last is given first, so the page is taken from its end. */
static Status take_plays(void *context, const JsonNode *rows, size_t count, int64_t position, Error *error) {
  Reading *own = context;
  ServiceRows *to = own->reading->rows;
  SpotifyTrack track;
  Instant at;
  (void)position;
  for (size_t i = count; i-- > 0;) {
    spotify_track_read(spotify_entry_thing(&rows[i]), &track);
    if (track.thing != SPOTIFY_TRACK || !spotify_time(&rows[i], "played_at", &at)) continue;
    Status status = service_rows_begin(to, error);
    if (status != STATUS_OK) return status;
    spotify_track_row(to, &track);
    service_rows_time(to, FIELD_PLAYED_AT, at);
    service_rows_text(to, FIELD_SERVICE, TEXT_LITERAL("spotify"));
    service_rows_text(to, FIELD_SOURCE, TEXT_LITERAL("spotify_recent"));
    service_rows_text(to, FIELD_KIND, TEXT_LITERAL("track"));
    service_rows_end(to);
  }
  return STATUS_OK;
}

static void forget(void *context) {
  Reading *own = context;
  service_rows_again(own->reading->rows);
}

static Status finish(ServiceReading *reading, Error *error) {
  Reading *own = reading->own;
  return service_pages_judge(own->pager, error);
}

static Status start(ServiceReading *reading, PagesRequest *request) {
  Reading *own = arena_alloc(reading->call->run->arena, sizeof *own);
  own->reading = reading;
  request->again = forget;
  request->context = own;
  own->pager = pages_start(reading->http, reading->call->run->arena, request);
  reading->own = own;
  reading->finish = finish;
  return STATUS_OK;
}

Status begin_spotify_top(ServiceReading *reading, Error *error) {
  Text range = call_word(reading->call, "range");
  const char *word = text_is(range, "month") ? "short_term" : text_is(range, "years") ? "long_term" : "medium_term";
  (void)error;
  return start(reading, &(PagesRequest){.request = {.endpoint = ENDPOINT_SPOTIFY_TOP_TRACKS, .params = &(HttpParam){"time_range", text_of(word)}, .param_count = 1},
                                        .page = take_tracks});
}

Status begin_spotify_recent(ServiceReading *reading, Error *error) {
  (void)error;
  return start(reading, &(PagesRequest){.request = {.endpoint = ENDPOINT_SPOTIFY_RECENT}, .most = RECENT_MOST, .page = take_plays});
}

/* ---- what a search finds ---- */

static void start_search(Reading *own, int size) {
  const StageCall *call = own->reading->call;
  own->size = size;
  own->pager = pages_start(own->reading->http, call->run->arena,
                           &(PagesRequest){.request = {.endpoint = ENDPOINT_SPOTIFY_SEARCH_TRACKS, .params = &(HttpParam){"q", call_text(call, "query")}, .param_count = 1},
                                           .size = size,
                                           .most = call_int(call, "limit", 50),
                                           .page = take_tracks,
                                           .again = forget,
                                           .context = own});
}

/* What the application was allowed before may have been taken from it. Two pages of a search need not agree on how much there is. */
static Status finish_search(ServiceReading *reading, Error *error) {
  Reading *own = reading->own;
  SpotifyRegime *regime;
  const PagesResult *result = pages_result(own->pager);
  int narrow = capability_def(CAPABILITY_SPOTIFY_WIDE_SEARCH)->without;
  Status status = services_regime(reading->services, &regime, error);
  if (status == STATUS_OK && result && result->outcome == HTTP_REFUSED && result->verdict == VERDICT_INVALID && own->size > narrow) {
    spotify_regime_learn(regime, CAPABILITY_SPOTIFY_WIDE_SEARCH, false);
    forget(own);
    start_search(own, narrow);
    status = pages_wait(own->pager, error);
    result = pages_result(own->pager);
  }
  if (status != STATUS_OK || (result && result->outcome == HTTP_DONE)) return status;
  return service_pages_judge(own->pager, error);
}

Status begin_spotify_search(ServiceReading *reading, Error *error) {
  SpotifyRegime *regime;
  if (!call_text(reading->call, "query").length) return fail(error, STATUS_USAGE, "", "there is nothing to look for: the text is empty");
  Status status = services_regime(reading->services, &regime, error);
  if (status != STATUS_OK) return status;
  Reading *own = arena_alloc(reading->call->run->arena, sizeof *own);
  own->reading = reading;
  reading->own = own;
  reading->finish = finish_search;
  start_search(own, spotify_regime_most(regime, CAPABILITY_SPOTIFY_WIDE_SEARCH));
  return STATUS_OK;
}
