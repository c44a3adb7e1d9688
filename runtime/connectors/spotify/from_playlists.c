#include "connectors/services/service_reading.h"
#include "connectors/spotify/account.h"

static Status finish(ServiceReading *reading, Error *error) {
  const StageCall *call = reading->call;
  bool only = call_given(call, "owned"), owned = call_bool(call, "owned", true);
  SpotifyPlaylists all;
  Status status = spotify_playlists(reading->services, &all, error);
  for (size_t i = 0; i < all.count && status == STATUS_OK; i++) {
    const SpotifyPlaylist *playlist = &all.items[i];
    if (only && playlist->own != owned) continue;
    status = service_rows_begin(reading->rows, error);
    if (status != STATUS_OK) return status;
    service_rows_text(reading->rows, FIELD_LIST_NAME, playlist->name);
    service_rows_text(reading->rows, FIELD_LIST_DESCRIPTION, playlist->description);
    service_rows_text(reading->rows, FIELD_LIST_OWNER, playlist->owner_name.length ? playlist->owner_name : playlist->owner);
    service_rows_text(reading->rows, FIELD_LIST_ID, playlist->id);
    service_rows_text(reading->rows, FIELD_SERVICE, TEXT_LITERAL("spotify"));
    if (playlist->size >= 0) service_rows_int(reading->rows, FIELD_LIST_SIZE, playlist->size);
    service_rows_end(reading->rows);
  }
  return status;
}

Status begin_spotify_playlists(ServiceReading *reading, Error *error) {
  SpotifyPlaylists all;
  reading->finish = finish;
  return spotify_playlists(reading->services, &all, error);
}
