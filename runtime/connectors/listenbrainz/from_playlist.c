#include <inttypes.h>

#include "connectors/listenbrainz/playlists.h"
#include "connectors/services/service_reading.h"

static Status add_tracks(ServiceReading *reading, const JsonNode *tracks, Error *error) {
  ServiceRows *rows = reading->rows;
  for (uint32_t i = 0; i < tracks->count; i++) {
    TrackMetadata metadata;
    Instant added;
    if (!listenbrainz_playlist_track(&tracks->items[i], &metadata, &added)) metadata.mbid[0] = '\0';
    Status status = service_rows_begin(rows, error);
    if (status != STATUS_OK) return status;
    track_metadata_rows(rows, &metadata);
    if (added != INSTANT_MIN) service_rows_time(rows, FIELD_ADDED, added);
    service_rows_int(rows, FIELD_POSITION, (int64_t)i + 1);
    service_rows_end(rows);
  }
  return STATUS_OK;
}

static Status finish(ServiceReading *reading, Error *error) {
  HttpCall *call = reading->own;
  JsonDoc doc;
  const JsonNode *tracks;
  Status status = http_wait(reading->http, call, error);
  if (status == STATUS_OK) status = listenbrainz_playlist_tracks(call, reading->call->run->arena, &doc, &tracks, error);
  if (status == STATUS_OK) status = add_tracks(reading, tracks, error);
  http_release(reading->http, call);
  return status;
}

Status from_listenbrainz_playlist(ServiceReading *reading, Error *error) {
  ListenbrainzPlaylist playlist;
  Text given = call_text(reading->call, "playlist");
  Secret token;
  bool found = false;
  Status status = services_want(reading->services, SERVICE_LISTENBRAINZ, "token", &token, error);
  if (status == STATUS_OK) status = listenbrainz_find_playlist(reading->services, reading->http, given, false, &playlist, &found, error);
  if (status != STATUS_OK) return status;
  if (!found)
    return fail(error, STATUS_FAILED, "", "no playlist on ListenBrainz, of yours or made for you, is called \"" TEXT_FORMAT "\"; another's is named by its link",
                TEXT_ARG(text_escaped(reading->call->run->arena, given)));
  Text *mbid = arena_alloc(reading->call->run->arena, sizeof *mbid);
  *mbid = playlist.mbid;
  reading->own = listenbrainz_fetch_playlist(reading->http, mbid);
  reading->finish = finish;
  return STATUS_OK;
}
