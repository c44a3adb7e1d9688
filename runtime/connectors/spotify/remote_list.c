#include "connectors/spotify/remote_list.h"

#include "connectors/http/pager.h"
#include "connectors/services/service_reading.h"

/* No URI has a blank in it. */
#define GONE TEXT_LITERAL(" ")

typedef struct Reading {
  RemoteNames *names;
  RemoteList *list;
} Reading;

RemoteNames *remote_names_new(Arena *arena) {
  RemoteNames *names = arena_alloc(arena, sizeof *names);
  *names = (RemoteNames){.arena = arena, .uris = text_pool_new(arena), .listed = int_map_new(arena, 16)};
  return names;
}

EntryKey remote_track_key(RemoteNames *names, Text id) {
  Text uri = text_of(arena_format(names->arena, "spotify:track:" TEXT_FORMAT, TEXT_ARG(id)));
  EntryKey key = text_intern(names->uris, uri);
  return int_map_get(names->listed, key, key);
}

Text remote_uri(const RemoteNames *names, EntryKey key) {
  Text uri = text_at(names->uris, key);
  return text_equal(uri, GONE) ? (Text){"", 0} : uri;
}

static RemoteEntry read_entry(RemoteNames *names, const JsonNode *node) {
  SpotifyTrack track;
  spotify_track_read(spotify_entry_thing(node), &track);
  RemoteEntry entry = {.thing = track.uri.length ? track.thing : SPOTIFY_GONE};
  entry.key = text_intern(names->uris, entry.thing == SPOTIFY_GONE ? GONE : track.listed_uri);
  entry.title = text_copy(names->arena, track.title);
  entry.artist = text_copy(names->arena, track.artist_count ? track.artists[0] : (Text){"", 0});
  if (!text_equal(track.uri, track.listed_uri)) int_map_set(names->listed, text_intern(names->uris, track.uri), entry.key);
  return entry;
}

static Status take_entries(void *context, const JsonNode *rows, size_t count, int64_t position, Error *error) {
  Reading *reading = context;
  (void)position;
  (void)error;
  for (size_t i = 0; i < count; i++) {
    RemoteEntry entry = read_entry(reading->names, &rows[i]);
    vec_push(reading->names->arena, &reading->list->entries, entry);
  }
  return STATUS_OK;
}

static void forget(void *context) {
  Reading *reading = context;
  reading->list->entries.count = 0;
}

Status remote_list_read(Services *services, RemoteNames *names, Text playlist, RemoteList *out, Error *error) {
  Http *http;
  Reading reading = {names, out};
  *out = (RemoteList){0};
  Status status = services_http(services, &http, error);
  if (status != STATUS_OK) return status;
  Pager *pager = pages_start(http, names->arena,
                             &(PagesRequest){.request = {.endpoint = ENDPOINT_SPOTIFY_PLAYLIST_ITEMS, .path = &playlist, .path_count = 1},
                                             .page = take_entries,
                                             .again = forget,
                                             .context = &reading});
  status = pages_wait(pager, error);
  return status == STATUS_OK ? service_pages_judge(pager, error) : status;
}

EntryList remote_keys(Arena *arena, const RemoteList *list) {
  EntryKey *keys = arena_array(arena, list->entries.count, sizeof *keys);
  for (size_t i = 0; i < list->entries.count; i++) keys[i] = list->entries.items[i].key;
  return (EntryList){keys, list->entries.count};
}
