#include "connectors/spotify/track_json.h"

#include <string.h>

#include "base/track_ids.h"

static bool begins(Text text, const char *with) {
  size_t length = strlen(with);
  return text.length >= length && memcmp(text.bytes, with, length) == 0;
}

bool spotify_is_id(Text text) {
  for (size_t i = 0; i < text.length; i++) {
    char c = text.bytes[i], lower = (char)(c | 0x20);
    if ((c < '0' || c > '9') && (lower < 'a' || lower > 'z')) return false;
  }
  return text.length == SPOTIFY_ID_LENGTH;
}

static const JsonNode *object_at(const JsonNode *node, const char *key) {
  const JsonNode *found = json_get(node, key);
  return found && found->kind == JSON_OBJECT ? found : NULL;
}

const JsonNode *spotify_entry_thing(const JsonNode *entry) {
  const JsonNode *item = object_at(entry, "item");
  return item ? item : object_at(entry, "track");
}

static void read_artists(const JsonNode *object, SpotifyTrack *out) {
  const JsonNode *artists = json_get(object, "artists");
  if (!artists || artists->kind != JSON_ARRAY) return;
  for (uint32_t i = 0; i < artists->count && out->artist_count < SPOTIFY_ARTISTS_MOST; i++) {
    Text name = json_get_text(&artists->items[i], "name");
    if (name.length) out->artists[out->artist_count++] = name;
  }
}

/* A number that is not there, or is no number, or cannot be, is -1. */
static int64_t count_at(const JsonNode *object, const char *key) {
  int64_t value;
  return json_whole(json_get(object, key), &value) && value >= 0 ? value : -1;
}

static SpotifyThing thing_of(const JsonNode *object, const SpotifyTrack *track) {
  const JsonNode *local = json_get(object, "is_local");
  Text type = json_get_text(object, "type");
  if (text_is(type, "episode") || begins(track->uri, "spotify:episode:")) return SPOTIFY_EPISODE;
  if ((local && local->kind == JSON_TRUE) || begins(track->uri, "spotify:local:")) return SPOTIFY_LOCAL;
  return spotify_is_id(track->id) ? SPOTIFY_TRACK : SPOTIFY_GONE;
}

void spotify_track_read(const JsonNode *object, SpotifyTrack *out) {
  const JsonNode *album = object_at(object, "album"), *is_explicit = json_get(object, "explicit");
  memset(out, 0, offsetof(SpotifyTrack, artists));
  out->artist_count = 0;
  out->id = json_get_text(object, "id");
  out->uri = json_get_text(object, "uri");
  out->title = json_get_text(object, "name");
  out->album = json_get_text(album, "name");
  out->released = json_get_text(album, "release_date");
  out->isrc = json_get_text(object_at(object, "external_ids"), "isrc");
  out->listed_uri = json_get_text(object_at(object, "linked_from"), "uri");
  if (!out->listed_uri.length) out->listed_uri = out->uri;
  out->duration_ms = count_at(object, "duration_ms");
  out->number = count_at(object, "track_number");
  out->popularity = count_at(object, "popularity");
  out->has_explicit = is_explicit && (is_explicit->kind == JSON_TRUE || is_explicit->kind == JSON_FALSE);
  out->is_explicit = out->has_explicit && is_explicit->kind == JSON_TRUE;
  read_artists(object, out);
  out->thing = object && object->kind == JSON_OBJECT ? thing_of(object, out) : SPOTIFY_GONE;
}

bool spotify_time(const JsonNode *object, const char *key, Instant *out) {
  Date date;
  Text text = json_get_text(object, key);
  if (date_parse(text, &date, NULL) != STATUS_OK || date.precision < DATE_MINUTE || !date.has_offset) return false;
  *out = date_range(date, (Zone){0}).lo;
  return true;
}

void spotify_track_row(ServiceRows *rows, const SpotifyTrack *track) {
  char isrc[ISRC_LENGTH + 1];
  service_rows_text(rows, FIELD_TITLE, track->title);
  service_rows_texts(rows, FIELD_ARTISTS, track->artists, track->artist_count);
  service_rows_text(rows, FIELD_ALBUM, track->album);
  service_rows_date(rows, FIELD_RELEASED, track->released);
  service_rows_text(rows, FIELD_ISRC, isrc_spelling(track->isrc, isrc));
  if (track->thing == SPOTIFY_TRACK) service_rows_text(rows, FIELD_SPOTIFY_ID, track->id);
  if (track->duration_ms > 0) service_rows_ms(rows, FIELD_DURATION, track->duration_ms);
  if (track->number > 0) service_rows_int(rows, FIELD_TRACK_NUMBER, track->number);
  if (track->has_explicit) service_rows_bool(rows, FIELD_EXPLICIT, track->is_explicit);
}
