#include "base/map.h"
#include "base/track_ids.h"
#include "base/vec.h"
#include "connectors/library/library.h"

struct RowTracks {
  Run *run;
  Store *store; /* NULL: nothing is known, nothing is added */
  const Batch *batch;
  bool add;
  size_t title, artist, artists, album, duration, released, isrc, mbid, musicbrainz, spotify,
      explicit_content; /* columns */
  IntMap *known;        /* handle of this run to an index of `ids` */
  char isrc_room[ISRC_LENGTH + 1], mbid_room[MBID_LENGTH + 1]; /* of the track being read */
  VEC(int64_t) ids;
};

RowTracks *row_tracks_new(Run *run, Store *store, const Batch *batch, bool add) {
  RowTracks *tracks = arena_alloc(run->arena, sizeof *tracks);
  tracks->run = run;
  tracks->store = store;
  tracks->batch = batch;
  tracks->add = add;
  tracks->title = library_column(run, batch, FIELD_TITLE);
  tracks->artist = library_column(run, batch, FIELD_ARTIST);
  tracks->artists = library_column(run, batch, FIELD_ARTISTS);
  tracks->album = library_column(run, batch, FIELD_ALBUM);
  tracks->duration = library_column(run, batch, FIELD_DURATION);
  tracks->released = library_column(run, batch, FIELD_RELEASED);
  tracks->isrc = library_column(run, batch, FIELD_ISRC);
  tracks->mbid = library_column(run, batch, FIELD_MBID);
  tracks->musicbrainz = library_column(run, batch, FIELD_MUSICBRAINZ_ID);
  tracks->spotify = library_column(run, batch, FIELD_SPOTIFY_ID);
  tracks->explicit_content = library_column(run, batch, FIELD_EXPLICIT);
  tracks->known = int_map_new(run->arena, 64);
  return tracks;
}

static bool has(const RowTracks *tracks, size_t column, size_t row) {
  return column != SIZE_MAX && !column_is_missing(&tracks->batch->columns[column], row);
}

static int64_t number(const RowTracks *tracks, size_t column, size_t row) {
  return tracks->batch->columns[column].values[row].integer;
}

static void read_artists(const RowTracks *tracks, size_t row, StoreTrack *out) {
  Arena *arena = tracks->run->arena;
  if (has(tracks, tracks->artists, row)) {
    ListItems list = list_items(tracks->run->lists, tracks->batch->columns[tracks->artists].values[row]);
    Text *artists = arena_array(arena, list.count, sizeof *artists);
    for (uint32_t i = 0; i < list.count; i++) artists[i] = text_at(tracks->run->texts, (TextId)list.items[i].integer);
    out->artists = artists;
    out->artist_count = list.count;
  } else if (has(tracks, tracks->artist, row)) {
    Text *artist = arena_array(arena, 1, sizeof *artist);
    artist[0] = library_text(tracks->run, tracks->batch, tracks->artist, row);
    out->artists = artist;
    out->artist_count = 1;
  }
}

static void read_track(RowTracks *tracks, size_t row, StoreTrack *out) {
  const Run *run = tracks->run;
  *out = (StoreTrack){.duration_ms = -1, .explicit_content = TRISTATE_MISSING};
  out->title = library_text(run, tracks->batch, tracks->title, row);
  out->album = library_text(run, tracks->batch, tracks->album, row);
  out->isrc = isrc_spelling(library_text(run, tracks->batch, tracks->isrc, row), tracks->isrc_room);
  out->mbid = library_text(run, tracks->batch, tracks->mbid, row);
  if (!out->mbid.length) out->mbid = library_text(run, tracks->batch, tracks->musicbrainz, row);
  out->mbid = mbid_spelling(out->mbid, tracks->mbid_room);
  out->spotify_id = library_text(run, tracks->batch, tracks->spotify, row);
  read_artists(tracks, row, out);
  if (has(tracks, tracks->duration, row)) {
    int64_t ms = duration_unpack(number(tracks, tracks->duration, row)).ms;
    if (ms >= 0) out->duration_ms = ms;
  }
  if (has(tracks, tracks->released, row)) {
    out->release_date = date_format(run->arena, date_unpack(number(tracks, tracks->released, row)));
  }
  if (has(tracks, tracks->explicit_content, row)) {
    out->explicit_content = number(tracks, tracks->explicit_content, row) ? TRISTATE_TRUE : TRISTATE_FALSE;
  }
}

/* The store may have learned of the track since the row was identified, for example from an earlier destination of this
 * run. */
static Status find_track(Store *store, const StoreTrack *track, int64_t *out, Error *error) {
  Text artist = track->artist_count ? track->artists[0] : (Text){"", 0};
  Status status = store_find_by_spotify_id(store, track->spotify_id, out, error);
  if (status == STATUS_OK && !*out) status = store_find_by_mbid(store, track->mbid, out, error);
  if (status == STATUS_OK && !*out) status = store_find_by_isrc(store, track->isrc, out, error);
  if (status == STATUS_OK && !*out) status = store_find_by_names(store, track->title, artist, out, error);
  return status;
}

Status row_track(RowTracks *tracks, size_t row, int64_t *out, Error *error) {
  TrackHandle handle = tracks->batch->tracks ? tracks->batch->tracks[row] : 0;
  *out = handle;
  if (handle >= 0 || !tracks->store) return STATUS_OK;
  uint32_t at = int_map_get(tracks->known, handle, UINT32_MAX);
  if (at != UINT32_MAX) {
    *out = tracks->ids.items[at];
    return STATUS_OK;
  }
  StoreTrack track;
  read_track(tracks, row, &track);
  int64_t id = 0;
  Status status = find_track(tracks->store, &track, &id, error);
  if (status == STATUS_OK && !id && tracks->add) status = store_add_track(tracks->store, &track, &id, error);
  if (status != STATUS_OK) return status;
  if (!id) id = handle;
  int_map_add(tracks->known, handle, (uint32_t)tracks->ids.count, NULL);
  vec_push(tracks->run->arena, &tracks->ids, id);
  *out = id;
  return STATUS_OK;
}
