#include <inttypes.h>

#include "connectors/services/service_reading.h"
#include "connectors/spotify/account.h"
#include "connectors/spotify/track_json.h"

typedef struct Reading {
  ServiceReading *reading;
  Pager *pager;
  uint64_t episodes, gone;
} Reading;

static void forget(void *context) {
  Reading *own = context;
  service_rows_again(own->reading->rows);
  own->episodes = own->gone = 0;
}

static Status take_entries(void *context, const JsonNode *rows, size_t count, int64_t position, Error *error) {
  Reading *own = context;
  ServiceRows *to = own->reading->rows;
  SpotifyTrack track;
  Instant added;
  for (size_t i = 0; i < count; i++) {
    spotify_track_read(spotify_entry_thing(&rows[i]), &track);
    own->episodes += track.thing == SPOTIFY_EPISODE;
    own->gone += track.thing == SPOTIFY_GONE;
    if (track.thing != SPOTIFY_TRACK && track.thing != SPOTIFY_LOCAL) continue;
    Status status = service_rows_begin(to, error);
    if (status != STATUS_OK) return status;
    spotify_track_row(to, &track);
    service_rows_int(to, FIELD_POSITION, position + (int64_t)i + 1);
    if (spotify_time(&rows[i], "added_at", &added)) service_rows_time(to, FIELD_ADDED, added);
    service_rows_end(to);
  }
  return STATUS_OK;
}

static Status finish(ServiceReading *reading, Error *error) {
  Reading *own = reading->own;
  const PagesResult *result = pages_result(own->pager);
  Status status = service_pages_judge(own->pager, error);
  if (status != STATUS_OK && result && result->verdict == VERDICT_FORBIDDEN)
    return fail_context(error, "this application may read only playlists of yours and those you make together with others, as all in Spotify's development mode");
  if (status != STATUS_OK && result && result->verdict == VERDICT_ABSENT)
    return fail_context(error, "there is no such playlist, or it is one that Spotify makes itself, which applications do not get");
  if (status != STATUS_OK) return status;
  if (own->episodes)
    run_notice(reading->call->run, reading->call->node, false, "%" PRIu64 " podcast %s left out", own->episodes, own->episodes == 1 ? "episode" : "episodes");
  if (own->gone)
    run_notice(reading->call->run, reading->call->node, false, "%" PRIu64 " %s left out that Spotify does not have any more", own->gone, own->gone == 1 ? "entry" : "entries");
  return STATUS_OK;
}

Status begin_spotify_playlist(ServiceReading *reading, Error *error) {
  SpotifyPlaylist playlist;
  bool found = false;
  Error unknown = {0};
  Status status = spotify_find_playlist(reading->services, call_text(reading->call, "playlist"), false, &playlist, &found, &unknown);
  if (status != STATUS_OK || !found) {
    if (error) *error = unknown;
    return status != STATUS_OK ? status : STATUS_FAILED;
  }
  Reading *own = arena_alloc(reading->call->run->arena, sizeof *own);
  own->reading = reading;
  own->pager = pages_start(reading->http, reading->call->run->arena,
                           &(PagesRequest){.request = {.endpoint = ENDPOINT_SPOTIFY_PLAYLIST_ITEMS, .path = &playlist.id, .path_count = 1},
                                           .page = take_entries,
                                           .again = forget,
                                           .context = own});
  reading->own = own;
  reading->finish = finish;
  return STATUS_OK;
}
