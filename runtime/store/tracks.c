#include "store/plays/play_refs.h"
#include "store/sweep.h"
#include "store/track_homes.h"

int64_t store_highest_track(Store *store) {
  sqlite3_stmt *statement = store_use(store, SQL_TRACK_HIGHEST, NULL);
  if (!statement) return 0;
  bool row = false;
  int64_t highest = 0;
  if (store_step(store, statement, &row, "reading tracks", NULL) == STATUS_OK) {
    if (row) highest = sqlite3_column_int64(statement, 0);
    store_done(statement);
  }
  return highest;
}

/* A column of SQL_TRACK_READ and its fact. */
static const char *const columns[] = {"title", "artists", "album", "duration_ms", "release_date", "spotify_id", "isrc", "mbid", "is_explicit"};
enum { COLUMNS = sizeof columns / sizeof *columns };

static Tristate explicit_of(int64_t number) {
  return number < 0 ? TRISTATE_MISSING : number ? TRISTATE_TRUE : TRISTATE_FALSE;
}

static void read_track(Store *store, sqlite3_stmt *read, int64_t id, StoreTrack *out) {
  *out = (StoreTrack){.id = id};
  out->title = column_text(read, 0);
  out->album = column_text(read, 2);
  out->duration_ms = column_number(read, 3, -1);
  out->release_date = column_text(read, 4);
  out->spotify_id = column_text(read, 5);
  out->isrc = column_text(read, 6);
  out->mbid = column_text(read, 7);
  out->explicit_content = explicit_of(column_number(read, 8, -1));
  store_artists(store, column_text(read, 1), &out->artists, &out->artist_count);
}

static void take_fact(StoreTrack *track, unsigned fact, const Cell *cell) {
  switch (fact) {
    case TRACK_TITLE: track->title = cell_text(cell); break;
    case TRACK_ARTISTS: track->artists_json = cell_text(cell); break;
    case TRACK_ALBUM: track->album = cell_text(cell); break;
    case TRACK_DURATION: track->duration_ms = cell_number(cell, -1); break;
    case TRACK_RELEASED: track->release_date = cell_text(cell); break;
    case TRACK_SPOTIFY_ID: track->spotify_id = cell_text(cell); break;
    case TRACK_ISRC: track->isrc = cell_text(cell); break;
    case TRACK_MBID: track->mbid = cell_text(cell); break;
    default: track->explicit_content = explicit_of(cell_number(cell, -1));
  }
}

typedef struct TrackReading {
  unsigned facts;
  bool (*visit)(void *context, const StoreTrack *track);
  void *context;
} TrackReading;

static bool visit_row(void *context, const Cell *row) {
  const TrackReading *reading = context;
  StoreTrack track = {.id = row->number, .duration_ms = -1, .explicit_content = TRISTATE_MISSING};
  for (unsigned i = 0; i < COLUMNS; i++)
    if (reading->facts >> i & 1) take_fact(&track, 1u << i, ++row);
  return reading->visit(reading->context, &track);
}

/* From so many on a thread that reads ahead pays. */
enum { MANY_TRACKS = 1 << 14 };

Status store_each_track(Store *store, unsigned facts, bool (*visit)(void *context, const StoreTrack *track), void *context, Error *error) {
  sqlite3_stmt *each = NULL;
  bool many = store_highest_track(store) >= MANY_TRACKS;
  Status status = sweep_prepare(store, "id", columns, COLUMNS, facts, "tracks WHERE is_deleted = 0 AND", &each, error);
  if (status != STATUS_OK) return status;
  TrackReading reading = {facts, visit, context};
  status = sweep_each(store, each, many, "reading tracks", visit_row, &reading, error);
  sqlite3_finalize(each);
  return status;
}

Status store_track(Store *store, int64_t id, StoreTrack *out, bool *found, Error *error) {
  *found = false;
  sqlite3_stmt *read = store_use(store, SQL_TRACK_READ, error);
  if (!read) return STATUS_FAILED;
  store_done(read); /* what the last call lent ends here */
  sqlite3_bind_int64(read, 1, id);
  bool row = false;
  Status status = store_step(store, read, &row, "reading a track", error);
  if (status != STATUS_OK || !row) {
    if (status == STATUS_OK) store_done(read);
    return status;
  }
  *found = true;
  read_track(store, read, id, out);
  return STATUS_OK;
}

Status store_each_track_id(Store *store, bool (*visit)(void *context, int64_t id), void *context, Error *error) {
  sqlite3_stmt *each = store_use(store, SQL_TRACK_EACH, error);
  if (!each) return STATUS_FAILED;
  Status status = STATUS_OK;
  Sweep *sweep = sweep_begin(store, each);
  for (const Cell *row; (row = sweep_row(sweep, "reading tracks", &status, error));)
    if (!visit(context, row->number)) break;
  sweep_end(sweep);
  return status;
}

/* ---- finding ---- */

/* The first id by a text key; 0 when none fits, or when two do and that is not `several`. */
static Status find_by_text(Store *store, StatementId by, Text key, bool several, int64_t *out, Error *error) {
  *out = 0;
  if (!key.length) return STATUS_OK;
  sqlite3_stmt *find = store_use(store, by, error);
  if (!find) return STATUS_FAILED;
  bind_text(find, 1, key);
  bool row = false;
  Status status = store_step(store, find, &row, "looking for a track", error);
  if (status == STATUS_OK && row) {
    *out = sqlite3_column_int64(find, 0);
    status = store_step(store, find, &row, "looking for a track", error);
    if (status == STATUS_OK && row && !several) *out = 0;
  }
  store_done(find);
  return status;
}

Status store_find_by_spotify_id(Store *store, Text id, int64_t *out, Error *error) {
  return find_by_text(store, SQL_TRACK_BY_SPOTIFY_ID, id, true, out, error);
}

Status store_find_by_mbid(Store *store, Text mbid, int64_t *out, Error *error) {
  return find_by_text(store, SQL_TRACK_BY_MBID, mbid, true, out, error);
}

Status store_find_by_isrc(Store *store, Text isrc, int64_t *out, Error *error) {
  return find_by_text(store, SQL_TRACK_BY_ISRC, isrc, false, out, error);
}

static Status best_mapping(Store *store, StatementId id, int64_t connector_track, int64_t *track, int *confidence,
                           Error *error) {
  sqlite3_stmt *find = store_use(store, id, error);
  if (!find) return STATUS_FAILED;
  sqlite3_bind_int64(find, 1, connector_track);
  bool row = false;
  Status status = store_step(store, find, &row, "looking for a track", error);
  if (status != STATUS_OK) return status;
  if (row) {
    *track = sqlite3_column_int64(find, 0);
    *confidence = sqlite3_column_int(find, 1);
  }
  store_done(find);
  return STATUS_OK;
}

Status store_find_mapping(Store *store, Text connector, Text id, int64_t *track, int *confidence, Error *error) {
  *track = *confidence = 0;
  int64_t connector_track = 0;
  bool nameless;
  Status status = play_refs_flush(store, error);
  if (status == STATUS_OK) status = connector_track_find(store, connector, id, &connector_track, &nameless, error);
  if (status != STATUS_OK || !connector_track) return status;
  status = best_mapping(store, SQL_MAPPING_ITSELF, connector_track, track, confidence, error);
  if (status != STATUS_OK || *track) return status;
  return best_mapping(store, SQL_MAPPING_OF, connector_track, track, confidence, error);
}

/* Whether the row of SQL_TRACK_BY_NAMES has these names indeed. */
static Status names_fit(Store *store, sqlite3_stmt *find, Text title, Text artist, bool *out, Error *error) {
  const Text *artists = NULL;
  uint32_t count = 0;
  Status status = names_equal(store, column_text(find, 1), title, out, error);
  if (status != STATUS_OK || !*out) return status;
  store_artists(store, column_text(find, 2), &artists, &count);
  return names_equal(store, count ? artists[0] : (Text){"", 0}, artist, out, error);
}

Status store_find_by_names(Store *store, Text title, Text artist, int64_t *out, Error *error) {
  *out = 0;
  int64_t hash = 0;
  if (!title.length || !artist.length) return STATUS_OK;
  Status status = names_hash(store, artist, title, &hash, error);
  sqlite3_stmt *find = status == STATUS_OK ? store_use(store, SQL_TRACK_BY_NAMES, error) : NULL;
  if (!find) return STATUS_FAILED;
  sqlite3_bind_int64(find, 1, names_column(hash));
  int found = 0;
  bool row = false;
  status = store_step(store, find, &row, "looking for a track", error);
  while (status == STATUS_OK && row && found < 2) {
    bool fits = false;
    status = names_fit(store, find, title, artist, &fits, error);
    if (status == STATUS_OK && fits && found++ == 0) *out = sqlite3_column_int64(find, 0);
    if (status == STATUS_OK) status = store_step(store, find, &row, "looking for a track", error);
  }
  store_done(find);
  if (found != 1) *out = 0;
  return status;
}

/* ---- adding ---- */

static Status insert_track(Store *store, const StoreTrack *track, Text artists, int64_t hash, int64_t *out,
                           Error *error) {
  sqlite3_stmt *add = store_use(store, SQL_TRACK_ADD, error);
  if (!add) return STATUS_FAILED;
  bind_text_or_null(add, 1, track->title);
  bind_text(add, 2, artists);
  bind_text_or_null(add, 3, track->album);
  bind_number_or_null(add, 4, track->duration_ms, -1);
  bind_text_or_null(add, 5, track->release_date);
  bind_text_or_null(add, 6, track->spotify_id);
  bind_text_or_null(add, 7, track->isrc);
  bind_text_or_null(add, 8, track->mbid);
  bind_number_or_null(add, 9, track->explicit_content, TRISTATE_MISSING);
  bind_number_or_null(add, 10, hash ? names_column(hash) : 0, 0);
  sqlite3_bind_int64(add, 11, store->now);
  Status status = store_run(store, add, "storing a track", error);
  *out = sqlite3_last_insert_rowid(store->db);
  track_homes_note(store, *out, track->spotify_id.length > 0);
  return status;
}

Status store_add_track(Store *store, const StoreTrack *track, int64_t *out, Error *error) {
  *out = 0;
  if (store->mode != STORE_WRITE) return fail(error, STATUS_FAILED, "", "%s: is open for reading only", store->path);
  store->loose_tracks = true;
  int64_t hash = 0;
  if (track->title.length) {
    Text artist = track->artist_count ? track->artists[0] : (Text){"", 0};
    Status status = names_hash(store, artist, track->title, &hash, error);
    if (status != STATUS_OK) return status;
  }
  TextBuilder artists = {.arena = store->arena};
  return insert_track(store, track, names_json(&artists, track->artists, track->artist_count), hash, out, error);
}

Status store_complete_track(Store *store, int64_t id, const StoreTrack *facts, Error *error) {
  if (store->mode != STORE_WRITE) return fail(error, STATUS_FAILED, "", "%s: is open for reading only", store->path);
  sqlite3_stmt *complete = store_use(store, SQL_TRACK_COMPLETE, error);
  if (!complete) return STATUS_FAILED;
  sqlite3_bind_int64(complete, 1, id);
  bind_text_or_null(complete, 2, facts->album);
  bind_number_or_null(complete, 3, facts->duration_ms, -1);
  bind_text_or_null(complete, 4, facts->isrc);
  bind_text_or_null(complete, 5, facts->mbid);
  bind_text_or_null(complete, 6, facts->spotify_id);
  sqlite3_bind_int64(complete, 7, store->now);
  if (store->durations && (size_t)id < store->duration_size) store->durations[id] = 0;
  return store_run(store, complete, "storing a track", error);
}
