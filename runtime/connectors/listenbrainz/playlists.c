#include "connectors/listenbrainz/playlists.h"

#include <stdio.h>
#include <string.h>

#include "connectors/file/track_links.h"
#include "connectors/http/pager.h"
#include "connectors/listenbrainz/user.h"
#include "connectors/services/service_reading.h"

static const char *const playlist_extension = "https://musicbrainz.org/doc/jspf#track";

/* The id in a link to a playlist, or one that stands alone. */
static bool read_reference(Text text, char out[MBID_LENGTH + 1]) {
  static const char word[] = "playlist/";
  for (size_t i = 0; i + sizeof word - 1 < text.length; i++)
    if (memcmp(text.bytes + i, word, sizeof word - 1) == 0) return mbid_read((Text){text.bytes + i + sizeof word - 1, text.length - i - (sizeof word - 1)}, out);
  return text.length == MBID_LENGTH && mbid_read(text, out);
}

typedef struct Search {
  Arena *arena;
  Text name;
  ListenbrainzPlaylist found[2];
  size_t count;
} Search;

static Status look_through(void *context, const JsonNode *rows, size_t count, int64_t position, Error *error) {
  Search *search = context;
  (void)position;
  (void)error;
  for (size_t i = 0; i < count; i++) {
    const JsonNode *playlist = json_get(&rows[i], "playlist");
    char mbid[MBID_LENGTH + 1];
    Text title = json_get_text(playlist, "title");
    if (!text_equal(title, search->name) || !read_reference(json_get_text(playlist, "identifier"), mbid)) continue;
    if (search->count < 2) search->found[search->count] = (ListenbrainzPlaylist){text_copy(search->arena, text_of(mbid)), text_copy(search->arena, title)};
    search->count++;
  }
  return STATUS_OK;
}

static void forget(void *context) {
  ((Search *)context)->count = 0;
}

static Status search_list(Http *http, Endpoint endpoint, const Text *user, Search *search, Error *error) {
  Pager *pager = pages_start(http, search->arena, &(PagesRequest){.request = {.endpoint = endpoint, .path = user, .path_count = 1}, .page = look_through, .again = forget, .context = search});
  Status status = pages_wait(pager, error);
  return status == STATUS_OK ? service_pages_judge(pager, error) : status;
}

Status listenbrainz_find_playlist(Services *services, Http *http, Text given, bool own, ListenbrainzPlaylist *out, bool *found, Error *error) {
  Search search = {.arena = services_arena(services), .name = given};
  char mbid[MBID_LENGTH + 1];
  Text user;
  *out = (ListenbrainzPlaylist){.title = given};
  *found = read_reference(given, mbid);
  if (*found) {
    *out = (ListenbrainzPlaylist){.mbid = text_copy(search.arena, text_of(mbid))};
    return STATUS_OK;
  }
  Status status = listenbrainz_user(services, http, &user, error);
  if (status == STATUS_OK) status = search_list(http, ENDPOINT_LISTENBRAINZ_PLAYLISTS, &user, &search, error);
  if (status == STATUS_OK && !search.count && !own) status = search_list(http, ENDPOINT_LISTENBRAINZ_PLAYLISTS_FOR, &user, &search, error);
  if (status != STATUS_OK) return status;
  if (search.count > 1)
    return fail(error, STATUS_USAGE, "", "%zu playlists on ListenBrainz are called \"" TEXT_FORMAT "\"; name one by its id, as " TEXT_FORMAT " or " TEXT_FORMAT, search.count, TEXT_ARG(given),
                TEXT_ARG(search.found[0].mbid), TEXT_ARG(search.found[1].mbid));
  *found = search.count == 1;
  if (*found) *out = search.found[0];
  return STATUS_OK;
}

HttpCall *listenbrainz_fetch_playlist(Http *http, const Text *mbid) {
  return http_submit(http, &(HttpRequest){.endpoint = ENDPOINT_LISTENBRAINZ_PLAYLIST, .path = mbid, .path_count = 1});
}

Status listenbrainz_playlist_tracks(const HttpCall *call, Arena *arena, JsonDoc *doc, const JsonNode **tracks, Error *error) {
  Status status = http_judge(http_reply(call), error);
  if (status != STATUS_OK) return http_reply(call)->verdict == VERDICT_ABSENT ? fail_context(error, "there is no such playlist, or it is somebody's own") : status;
  status = http_json(call, arena, doc, error);
  if (status != STATUS_OK) return status;
  *tracks = json_get(json_get(doc->root, "playlist"), "track");
  if (!*tracks || (*tracks)->kind != JSON_ARRAY) return fail(error, STATUS_FAILED, "", "ListenBrainz: `listenbrainz.playlist` was answered without tracks");
  return STATUS_OK;
}

/* One address or a list of them, of which the first that names a recording counts. */
static bool read_identifier(const JsonNode *node, char out[MBID_LENGTH + 1]) {
  const JsonNode *items = node && node->kind == JSON_ARRAY ? node->items : node;
  uint32_t count = !node ? 0 : node->kind == JSON_ARRAY ? node->count : 1;
  for (uint32_t i = 0; i < count; i++) {
    TrackLink link = track_link(items[i].kind == JSON_STRING ? items[i].text : TEXT_LITERAL(""));
    if (link.kind != LINK_MBID) continue;
    memcpy(out, link.id, MBID_LENGTH + 1);
    return true;
  }
  return false;
}

/* ListenBrainz tells microseconds. */
static Instant read_time(Text text) {
  char whole[64];
  Date date;
  const char *point = text.length ? memchr(text.bytes, '.', text.length) : NULL;
  size_t head = point ? (size_t)(point - text.bytes) : text.length, tail = head;
  while (tail < text.length && (tail == head || (text.bytes[tail] >= '0' && text.bytes[tail] <= '9'))) tail++;
  if (text.length >= sizeof whole) return INSTANT_MIN;
  int length = snprintf(whole, sizeof whole, "%.*s%.*s", (int)head, text.bytes, (int)(text.length - tail), text.bytes + tail);
  if (date_parse((Text){whole, (size_t)length}, &date, NULL) != STATUS_OK || date.precision < DATE_MINUTE || !date.has_offset) return INSTANT_MIN;
  return date_range(date, (Zone){0}).lo;
}

bool listenbrainz_playlist_track(const JsonNode *node, TrackMetadata *out, Instant *added) {
  const JsonNode *extension = json_get(json_get(node, "extension"), playlist_extension), *artists = json_get(json_get(extension, "additional_metadata"), "artists");
  int64_t ms;
  *out = (TrackMetadata){.title = json_get_text(node, "title"), .artist = json_get_text(node, "creator"), .album = json_get_text(node, "album")};
  for (uint32_t i = 0; artists && artists->kind == JSON_ARRAY && i < artists->count && out->artist_count < CREDITED_MOST; i++) {
    Text name = json_get_text(&artists->items[i], "artist_credit_name");
    if (name.length) out->artists[out->artist_count++] = name;
  }
  if (json_whole(json_get(node, "duration"), &ms) && ms > 0 && ms <= BOUND_LISTENBRAINZ_LONGEST) out->duration_ms = ms;
  *added = read_time(json_get_text(extension, "added_at"));
  return read_identifier(json_get(node, "identifier"), out->mbid);
}
