/* The tracks of an album, and of an artist's albums and singles. */
#include <stdlib.h>

#include "base/vec.h"
#include "connectors/library/library.h"
#include "connectors/services/service_reading.h"
#include "connectors/spotify/references.h"
#include "connectors/spotify/things.h"
#include "connectors/spotify/track_json.h"

typedef struct Album {
  Text id, name, released;
  size_t first, count; /* of the tracks */
} Album;

typedef struct ListedTrack {
  Text id, title;
  Text *artists;
  size_t artist_count, album;
  int64_t duration_ms, number;
  bool has_explicit, is_explicit;
  Text isrc; /* only where it was asked for */
} ListedTrack;

typedef struct Reading {
  ServiceReading *reading;
  Arena *arena;
  Pager *pager; /* of the artist's albums */
  VEC(Album) albums;
  VEC(ListedTrack) tracks;
  size_t album;   /* that is being read */
  VEC(size_t) long_albums; /* that have more tracks than come with them */
  Status status;
  Error error; /* the first */
} Reading;

/* The first fault is told. */
static void note(Reading *own, const Error *error) {
  if (own->status != STATUS_OK) return;
  own->error = *error;
  own->status = error->status;
}

static void add_track(Reading *own, const JsonNode *node) {
  SpotifyTrack track;
  spotify_track_read(node, &track);
  if (track.thing != SPOTIFY_TRACK) return;
  ListedTrack listed = {.id = text_copy(own->arena, track.id),
                        .title = text_copy(own->arena, track.title),
                        .artists = arena_array(own->arena, track.artist_count, sizeof *listed.artists),
                        .artist_count = track.artist_count,
                        .album = own->album,
                        .duration_ms = track.duration_ms,
                        .number = track.number,
                        .has_explicit = track.has_explicit,
                        .is_explicit = track.is_explicit};
  for (size_t i = 0; i < track.artist_count; i++) listed.artists[i] = text_copy(own->arena, track.artists[i]);
  vec_push(own->arena, &own->tracks, listed);
}

static Status take_tracks(void *context, const JsonNode *rows, size_t count, int64_t position, Error *error) {
  (void)position;
  (void)error;
  for (size_t i = 0; i < count; i++) add_track(context, &rows[i]);
  return STATUS_OK;
}

static void forget_tracks(void *context) {
  Reading *own = context;
  own->tracks.count = own->albums.items[own->album].first;
}

/* An album as it comes; the tracks of a long one are read in pages afterwards. */
static void got_album(void *context, size_t index, const JsonNode *thing, HttpOutcome outcome, const Error *error) {
  Reading *own = context;
  Album *album = &own->albums.items[index];
  const JsonNode *items = json_at(thing, TEXT_LITERAL("/tracks/items"));
  int64_t total = 0;
  (void)outcome;
  if (!thing) {
    if (error) note(own, error);
    else if (own->status == STATUS_OK) own->status = fail(&own->error, STATUS_FAILED, "", "Spotify has no album with the id " TEXT_FORMAT, TEXT_ARG(album->id));
    return;
  }
  album->name = text_copy(own->arena, json_get_text(thing, "name"));
  album->released = text_copy(own->arena, json_get_text(thing, "release_date"));
  album->first = own->tracks.count;
  own->album = index;
  if (items && items->kind == JSON_ARRAY) take_tracks(own, items->items, items->count, 0, NULL);
  album->count = own->tracks.count - album->first;
  json_whole(json_at(thing, TEXT_LITERAL("/tracks/total")), &total);
  if (items && total > (int64_t)items->count) vec_push(own->arena, &own->long_albums, index);
}

static Status read_long_album(Reading *own, size_t index, Error *error) {
  Album *album = &own->albums.items[index];
  album->first = own->tracks.count;
  own->album = index;
  Pager *pager = pages_start(own->reading->http, own->arena,
                             &(PagesRequest){.request = {.endpoint = ENDPOINT_SPOTIFY_ALBUM_TRACKS, .path = &album->id, .path_count = 1},
                                             .page = take_tracks,
                                             .again = forget_tracks,
                                             .context = own});
  Status status = pages_wait(pager, error);
  if (status == STATUS_OK) status = service_pages_judge(pager, error);
  album->count = own->tracks.count - album->first;
  return status;
}

static Status read_albums(Reading *own, Error *error) {
  Text *ids = arena_array(own->arena, own->albums.count, sizeof *ids);
  for (size_t i = 0; i < own->albums.count; i++) ids[i] = own->albums.items[i].id;
  Status status = spotify_ask_things(own->reading->services, own->arena,
                                     &(SpotifyAsk){.many = ENDPOINT_SPOTIFY_ALBUMS, .one = ENDPOINT_SPOTIFY_ALBUM, .list = "albums", .ids = ids, .count = own->albums.count, .got = got_album, .context = own},
                                     error);
  if (status == STATUS_OK && own->status != STATUS_OK) {
    *error = own->error;
    status = own->status;
  }
  for (size_t i = 0; i < own->long_albums.count && status == STATUS_OK; i++) status = read_long_album(own, own->long_albums.items[i], error);
  return status;
}

/* ---- what the tracks of an album do not say ---- */

static void got_track(void *context, size_t index, const JsonNode *thing, HttpOutcome outcome, const Error *error) {
  Reading *own = context;
  SpotifyTrack track;
  (void)outcome;
  if (error) note(own, error);
  spotify_track_read(thing, &track);
  own->tracks.items[index].isrc = text_copy(own->arena, track.isrc);
}

static bool wants_isrc(const StageCall *call) {
  for (uint32_t i = 0; i < call->schema->column_count; i++)
    if (library_field(call->run, &call->schema->columns[i]) == FIELD_ISRC) return true;
  return false;
}

static Status read_isrcs(Reading *own, Error *error) {
  Text *ids = arena_array(own->arena, own->tracks.count, sizeof *ids);
  for (size_t i = 0; i < own->tracks.count; i++) ids[i] = own->tracks.items[i].id;
  Status status = spotify_ask_things(own->reading->services, own->arena,
                                     &(SpotifyAsk){.many = ENDPOINT_SPOTIFY_TRACKS, .one = ENDPOINT_SPOTIFY_TRACK, .list = "tracks", .ids = ids, .count = own->tracks.count, .got = got_track, .context = own},
                                     error);
  if (status == STATUS_OK && own->status != STATUS_OK) {
    *error = own->error;
    status = own->status;
  }
  return status;
}

static Status write_row(Reading *own, const Album *album, const ListedTrack *listed, Error *error) {
  ServiceRows *to = own->reading->rows;
  SpotifyTrack track = {.thing = SPOTIFY_TRACK,
                        .id = listed->id,
                        .title = listed->title,
                        .album = album->name,
                        .released = album->released,
                        .isrc = listed->isrc,
                        .artist_count = listed->artist_count,
                        .duration_ms = listed->duration_ms,
                        .number = listed->number,
                        .has_explicit = listed->has_explicit,
                        .is_explicit = listed->is_explicit};
  for (size_t i = 0; i < listed->artist_count; i++) track.artists[i] = listed->artists[i];
  Status status = service_rows_begin(to, error);
  if (status != STATUS_OK) return status;
  spotify_track_row(to, &track);
  service_rows_int(to, FIELD_POSITION, (int64_t)service_rows_count(to) + 1);
  service_rows_end(to);
  return STATUS_OK;
}

static Status write_rows(Reading *own, Error *error) {
  Status status = wants_isrc(own->reading->call) ? read_isrcs(own, error) : STATUS_OK;
  for (size_t i = 0; i < own->albums.count && status == STATUS_OK; i++) {
    const Album *album = &own->albums.items[i];
    for (size_t t = 0; t < album->count && status == STATUS_OK; t++) status = write_row(own, album, &own->tracks.items[album->first + t], error);
  }
  return status;
}

/* ---- an album ---- */

static Status finish_album(ServiceReading *reading, Error *error) {
  Reading *own = reading->own;
  Status status = read_albums(own, error);
  return status == STATUS_OK ? write_rows(own, error) : status;
}

static Reading *reading_new(ServiceReading *reading) {
  Reading *own = arena_alloc(reading->call->run->arena, sizeof *own);
  own->reading = reading;
  own->arena = reading->call->run->arena;
  reading->own = own;
  return own;
}

Status begin_spotify_album(ServiceReading *reading, Error *error) {
  Text id;
  Status status = spotify_reference_id(call_text(reading->call, "album"), "album", &id, error);
  if (status != STATUS_OK) return status;
  Reading *own = reading_new(reading);
  vec_push(own->arena, &own->albums, ((Album){.id = id}));
  reading->finish = finish_album;
  return STATUS_OK;
}

/* ---- an artist's albums ---- */

static Status take_albums(void *context, const JsonNode *rows, size_t count, int64_t position, Error *error) {
  Reading *own = context;
  (void)position;
  (void)error;
  for (size_t i = 0; i < count; i++) {
    Text id = json_get_text(&rows[i], "id");
    if (spotify_is_id(id))
      vec_push(own->arena, &own->albums, ((Album){.id = text_copy(own->arena, id), .released = text_copy(own->arena, json_get_text(&rows[i], "release_date")), .first = own->albums.count}));
  }
  return STATUS_OK;
}

static void forget_albums(void *context) {
  Reading *own = context;
  own->albums.count = 0;
}

/* By date; of the same day in the order of the service. A date of less precision comes before the days in it. */
static int compare_albums(const void *a, const void *b) {
  const Album *x = a, *y = b;
  int order = text_compare(x->released, y->released);
  return order ? order : (x->first > y->first) - (x->first < y->first);
}

static Status finish_artist(ServiceReading *reading, Error *error) {
  Reading *own = reading->own;
  Status status = service_pages_judge(own->pager, error);
  if (status != STATUS_OK) return status;
  if (own->albums.count) qsort(own->albums.items, own->albums.count, sizeof *own->albums.items, compare_albums);
  return finish_album(reading, error);
}

Status begin_spotify_artist(ServiceReading *reading, Error *error) {
  Text id;
  Status status = spotify_reference_id(call_text(reading->call, "artist"), "artist", &id, error);
  if (status != STATUS_OK) return status;
  Reading *own = reading_new(reading);
  own->pager = pages_start(reading->http, own->arena,
                           &(PagesRequest){.request = {.endpoint = ENDPOINT_SPOTIFY_ARTIST_ALBUMS, .path = &id, .path_count = 1, .params = &(HttpParam){"include_groups", TEXT_LITERAL("album,single")}, .param_count = 1},
                                           .page = take_albums,
                                           .again = forget_albums,
                                           .context = own});
  reading->finish = finish_artist;
  return STATUS_OK;
}
