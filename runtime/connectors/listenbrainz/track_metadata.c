#include "connectors/listenbrainz/track_metadata.h"

#include <string.h>

#include "connectors/file/track_links.h"

/* As long as ListenBrainz lets a track be. */
enum { SECONDS_MOST = 24 * 86400 };

static void read_artists(const JsonNode *list, const char *key, TrackMetadata *out) {
  for (uint32_t i = 0; list && list->kind == JSON_ARRAY && i < list->count && out->artist_count < CREDITED_MOST; i++) {
    const JsonNode *item = &list->items[i];
    Text name = key ? json_get_text(item, key) : item->kind == JSON_STRING ? item->text : (Text){"", 0};
    if (name.length) out->artists[out->artist_count++] = name;
  }
}

static int64_t read_length(const JsonNode *info, const char *ms_key, const char *seconds_key) {
  int64_t value;
  if (ms_key && json_whole(json_get(info, ms_key), &value) && value > 0 && value <= INT64_C(1000) * SECONDS_MOST) return value;
  if (json_whole(json_get(info, seconds_key), &value) && value > 0 && value <= SECONDS_MOST) return value * 1000;
  return 0;
}

void track_metadata_read(const JsonNode *node, TrackMetadata *out) {
  *out = (TrackMetadata){.title = json_get_text(node, "track_name"), .artist = json_get_text(node, "artist_name"), .album = json_get_text(node, "release_name")};
  const JsonNode *info = json_get(node, "additional_info"), *mapping = json_get(node, "mbid_mapping");
  read_artists(json_get(mapping, "artists"), "artist_credit_name", out);
  if (!out->artist_count) read_artists(json_get(info, "artist_names"), NULL, out);
  if (!mbid_read(json_get_text(mapping, "recording_mbid"), out->mbid) && !mbid_read(json_get_text(info, "recording_mbid"), out->mbid)) out->mbid[0] = '\0';
  if (!isrc_read(json_get_text(info, "isrc"), out->isrc)) out->isrc[0] = '\0';
  TrackLink link = track_link(json_get_text(info, "spotify_id"));
  if (link.kind == LINK_SPOTIFY) memcpy(out->spotify_id, link.id, sizeof out->spotify_id);
  out->duration_ms = read_length(info, "duration_ms", "duration");
  out->played_ms = read_length(info, NULL, "duration_played");
  out->player = json_get_text(info, "media_player");
  if (!out->player.length) out->player = json_get_text(info, "listening_from");
  out->on_spotify = out->spotify_id[0] && text_is(json_get_text(info, "music_service"), "spotify.com");
}

void track_metadata_rows(ServiceRows *rows, const TrackMetadata *metadata) {
  service_rows_text(rows, FIELD_TITLE, metadata->title);
  service_rows_text(rows, FIELD_ALBUM, metadata->album);
  service_rows_text(rows, FIELD_MBID, text_of(metadata->mbid));
  service_rows_text(rows, FIELD_ISRC, text_of(metadata->isrc));
  service_rows_text(rows, FIELD_SPOTIFY_ID, text_of(metadata->spotify_id));
  if (metadata->artist_count) {
    service_rows_texts(rows, FIELD_ARTISTS, metadata->artists, metadata->artist_count);
  } else {
    service_rows_texts(rows, FIELD_ARTISTS, &metadata->artist, metadata->artist.length > 0);
  }
  if (metadata->duration_ms) service_rows_ms(rows, FIELD_DURATION, metadata->duration_ms);
}
