#include "connectors/services/service_reading.h"
#include "connectors/services/service_since.h"
#include "connectors/spotify/track_json.h"

/* The latest come first. With `since` most readings find what is new on the first page; where they do not, the whole list is read side by side. */
typedef struct Reading {
  ServiceReading *reading;
  Pager *pager;
  ServiceSince since;
  Instant newest;
  bool passed;  /* an older like than wanted was seen */
  int64_t rows; /* of the service, seen */
} Reading;

static void forget(void *context) {
  Reading *own = context;
  service_rows_again(own->reading->rows);
  own->newest = INSTANT_MIN;
  own->passed = false;
  own->rows = 0;
}

static Status take_likes(void *context, const JsonNode *rows, size_t count, int64_t position, Error *error) {
  Reading *own = context;
  ServiceRows *to = own->reading->rows;
  SpotifyTrack track;
  (void)position;
  own->rows += (int64_t)count;
  for (size_t i = 0; i < count && !own->passed; i++) {
    Instant added = INSTANT_MIN;
    bool dated = spotify_time(&rows[i], "added_at", &added);
    spotify_track_read(spotify_entry_thing(&rows[i]), &track);
    own->passed = dated && added < own->since.from;
    if (own->passed || track.thing != SPOTIFY_TRACK) continue;
    if (dated && added > own->newest) own->newest = added;
    Status status = service_rows_begin(to, error);
    if (status != STATUS_OK) return status;
    spotify_track_row(to, &track);
    service_rows_int(to, FIELD_POSITION, (int64_t)service_rows_count(to) + 1);
    if (dated) service_rows_time(to, FIELD_ADDED, added);
    service_rows_end(to);
  }
  return STATUS_OK;
}

static void start(Reading *own, int64_t most) {
  forget(own);
  own->pager = pages_start(own->reading->http, own->reading->call->run->arena,
                           &(PagesRequest){.request = {.endpoint = ENDPOINT_SPOTIFY_SAVED_TRACKS}, .most = most, .page = take_likes, .again = forget, .context = own});
}

static Status finish(ServiceReading *reading, Error *error) {
  Reading *own = reading->own;
  Status status = service_pages_judge(own->pager, error);
  if (status == STATUS_OK && !own->passed && pages_result(own->pager)->total > own->rows) {
    start(own, 0);
    status = pages_wait(own->pager, error);
    if (status == STATUS_OK) status = service_pages_judge(own->pager, error);
  }
  if (status == STATUS_OK) service_since_reached(reading->services, &own->since, SERVICE_SPOTIFY, "likes", own->newest);
  return status;
}

Status begin_spotify_likes(ServiceReading *reading, Error *error) {
  Reading *own = arena_alloc(reading->call->run->arena, sizeof *own);
  Status status = service_since(reading->services, reading->call, SERVICE_SPOTIFY, "likes", &own->since, error);
  if (status != STATUS_OK) return status;
  own->reading = reading;
  start(own, own->since.from == INSTANT_MIN ? 0 : pages_def(ENDPOINT_SPOTIFY_SAVED_TRACKS)->most);
  reading->own = own;
  reading->finish = finish;
  return STATUS_OK;
}
