#include <inttypes.h>

#include "connectors/listenbrainz/track_metadata.h"
#include "connectors/listenbrainz/user.h"
#include "connectors/services/service_reading.h"

typedef struct Loved {
  ServiceReading *reading;
  Pager *pager;
  uint64_t nameless;
} Loved;

static Status add_page(void *context, const JsonNode *items, size_t count, int64_t position, Error *error) {
  Loved *loved = context;
  ServiceRows *rows = loved->reading->rows;
  (void)position;
  for (size_t i = 0; i < count; i++) {
    TrackMetadata metadata;
    int64_t created;
    track_metadata_read(json_get(&items[i], "track_metadata"), &metadata);
    if (!metadata.mbid[0]) mbid_read(json_get_text(&items[i], "recording_mbid"), metadata.mbid);
    if (!metadata.title.length && !metadata.mbid[0]) {
      loved->nameless++;
      continue;
    }
    Status status = service_rows_begin(rows, error);
    if (status != STATUS_OK) return status;
    track_metadata_rows(rows, &metadata);
    if (json_whole(json_get(&items[i], "created"), &created) && created > 0 && created <= INSTANT_MAX / 1000) service_rows_time(rows, FIELD_ADDED, created * 1000);
    service_rows_int(rows, FIELD_POSITION, (int64_t)service_rows_count(rows) + 1);
    service_rows_end(rows);
  }
  return STATUS_OK;
}

static void again(void *context) {
  Loved *loved = context;
  service_rows_again(loved->reading->rows);
  loved->nameless = 0;
}

static Status finish(ServiceReading *reading, Error *error) {
  const Loved *loved = reading->own;
  Status status = service_pages_judge(loved->pager, error);
  if (status != STATUS_OK) return status;
  if (loved->nameless)
    run_notice(reading->call->run, reading->call->node, true, "listenbrainz.loved: %" PRIu64 " %s left out, because ListenBrainz does not say what it is", loved->nameless,
               loved->nameless == 1 ? "track" : "tracks");
  return STATUS_OK;
}

Status from_listenbrainz_loved(ServiceReading *reading, Error *error) {
  Arena *arena = reading->call->run->arena;
  Loved *loved = arena_alloc(arena, sizeof *loved);
  Text *user = arena_array(arena, 1, sizeof *user);
  Status status = listenbrainz_user(reading->services, reading->http, user, error);
  if (status != STATUS_OK) return status;
  loved->reading = reading;
  reading->own = loved;
  reading->finish = finish;
  const HttpParam params[] = {{"score", TEXT_LITERAL("1")}, {"metadata", TEXT_LITERAL("true")}};
  loved->pager = pages_start(reading->http, arena, &(PagesRequest){.request = {.endpoint = ENDPOINT_LISTENBRAINZ_FEEDBACK, .path = user, .path_count = 1, .params = params, .param_count = 2},
                                                                   .page = add_page, .again = again, .context = loved});
  return STATUS_OK;
}
