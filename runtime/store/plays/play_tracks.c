#include <stdio.h>

#include "store/plays/listens.h"
#include "store/plays/play_refs_int.h"
#include "store/track_homes.h"

/* Remembered ids are positive. A connector's track that has no names yet is kept negative: the first play that brings
 * them completes it. */

Status play_tracks_open(Store *store, Error *error) {
  return row_stage_open(store, "staged_tracks",
                        "id, maps_itself, kind, title, artists, album, spotify_id, names_hash, connector_name,"
                        " connector_track_id, track_id, match_method, evidence",
                        &store->refs->tracks.stage, error);
}

static Text connector_of(const PlayObservation *play) {
  return play->context.service.length ? play->context.service : TEXT_LITERAL("unknown");
}

static Hash128 hash_of(Text connector, Text id) {
  return hash_texts_128((const Text[]){connector, id}, 2);
}

/* The id in the connector's name space. Episodes and chapters known by names only do not meet tracks of the same names. */
static Text id_of(PlayRefs *refs, const PlayObservation *play) {
  if (play->connector_track_id.length) return play->connector_track_id;
  TextBuilder *key = &refs->key;
  key->length = 0;
  text_append(key, play->kind == PLAY_TRACK     ? TEXT_LITERAL("names:")
                   : play->kind == PLAY_EPISODE ? TEXT_LITERAL("episode-names:")
                                                : TEXT_LITERAL("chapter-names:"));
  text_append(key, play->artist);
  text_append_char(key, '\x1f');
  text_append(key, play->album);
  text_append_char(key, '\x1f');
  text_append(key, play->title);
  return text_built(key);
}

static Text artists_of(PlayRefs *refs, const PlayObservation *play) {
  return names_json(&refs->names, &play->artist, play->artist.length ? 1 : 0);
}

/* ---- what is there ---- */

static Status find_by(Store *store, sqlite3_stmt *find, int64_t *out, bool *nameless, Error *error) {
  bool row = false;
  Status status = store_step(store, find, &row, "reading a track", error);
  if (status != STATUS_OK) return status;
  *out = row ? sqlite3_column_int64(find, 0) : 0;
  *nameless = row && sqlite3_column_int(find, 1);
  store_done(find);
  return STATUS_OK;
}

Status connector_track_find(Store *store, Text connector, Text id, int64_t *out, bool *nameless, Error *error) {
  *out = 0;
  if (text_is(connector, "spotify")) {
    sqlite3_stmt *find = store_use(store, SQL_CONNECTOR_FIND_SPOTIFY, error);
    if (!find) return STATUS_FAILED;
    bind_text(find, 1, id);
    Status status = find_by(store, find, out, nameless, error);
    if (status != STATUS_OK || *out) return status;
  }
  sqlite3_stmt *find = store_use(store, SQL_CONNECTOR_FIND, error);
  if (!find) return STATUS_FAILED;
  bind_text(find, 1, connector);
  bind_text(find, 2, id);
  return find_by(store, find, out, nameless, error);
}

static Status load_all(Store *store, PlayRefs *refs, Error *error) {
  sqlite3_stmt *each = store_use(store, SQL_CONNECTOR_EACH, error);
  if (!each) return STATUS_FAILED;
  refs->tracks.knows_all = true;
  bool row = false;
  Status status = store_step(store, each, &row, "reading a track", error);
  while (status == STATUS_OK && row) {
    int64_t id = sqlite3_column_int64(each, 0);
    IdKey key = id_key(hash_of(column_text(each, 1), column_text(each, 2)));
    ref_remember(&refs->tracks, key, sqlite3_column_int(each, 3) ? -id : id);
    status = store_step(store, each, &row, "reading a track", error);
  }
  store_done(each);
  return status;
}

static Status highest_of(Store *store, StatementId id, int64_t *highest, Error *error) {
  sqlite3_stmt *find = store_use(store, id, error);
  if (!find) return STATUS_FAILED;
  bool row = false;
  Status status = store_step(store, find, &row, "reading a track", error);
  if (status != STATUS_OK) return status;
  if (row && sqlite3_column_int64(find, 0) > *highest) *highest = sqlite3_column_int64(find, 0);
  store_done(find);
  return STATUS_OK;
}

/* A new connector's track and its track have one id, which none of either has, nor a mapping. */
static Status know_next(Store *store, RefTable *table, Error *error) {
  if (table->next) return STATUS_OK;
  int64_t highest = 0;
  Status status = highest_of(store, SQL_CONNECTOR_HIGHEST, &highest, error);
  if (status == STATUS_OK && highest == 0) table->knows_all = true;
  if (status == STATUS_OK) status = highest_of(store, SQL_TRACK_HIGHEST, &highest, error);
  if (highest && !table->asked) store->loose_tracks = true;
  if (!highest) store->all_identified = true;
  table->asked = true; /* those that come now come from here, or are noted where they come from */
  if (status == STATUS_OK) status = highest_of(store, SQL_MAPPING_HIGHEST, &highest, error);
  if (status == STATUS_OK) table->next = highest + 1;
  return status;
}

/* ---- a new one ---- */

static void stage_method(RowStage *stage, const PlayObservation *play, bool spotify) {
  if (play->track && play->track_method.length) {
    char evidence[64];
    int length = snprintf(evidence, sizeof evidence, "{\"same\":[\"%.32s\"]}", play->track_method.bytes);
    row_stage_text(stage, play->track_method);
    row_stage_text(stage, (Text){evidence, (size_t)length});
  } else if (!play->connector_track_id.length) {
    row_stage_text(stage, TEXT_LITERAL("names"));
    row_stage_text(stage, TEXT_LITERAL("{\"same\":[\"artist\",\"album\",\"title\"]}"));
  } else if (spotify) {
    row_stage_text(stage, TEXT_LITERAL("spotify_id"));
    row_stage_text(stage, TEXT_LITERAL("{\"same\":[\"spotify_id\"]}"));
  } else {
    row_stage_text(stage, TEXT_LITERAL("connector_id"));
    row_stage_text(stage, TEXT_LITERAL("{\"same\":[\"connector_track_id\"]}"));
  }
}

/* A like or a playlist may have brought the track before its first play. */
static Status find_loose_track(Store *store, const PlayObservation *play, Text connector, int64_t *track, Error *error) {
  *track = play->track;
  bool may_be = store->loose_tracks && play->kind == PLAY_TRACK && !play->track && play->connector_track_id.length && text_is(connector, "spotify");
  sqlite3_stmt *find = may_be ? store_use(store, SQL_TRACK_LOOSE, error) : NULL;
  if (!find) return may_be ? STATUS_FAILED : STATUS_OK;
  bind_text(find, 1, play->connector_track_id);
  bool row = false;
  Status status = store_step(store, find, &row, "looking for a track", error);
  if (status != STATUS_OK) return status;
  if (row) *track = sqlite3_column_int64(find, 0);
  store_done(find);
  return STATUS_OK;
}

static Status stage(Store *store, const PlayObservation *observed, Text connector, Text id, int64_t *out, Error *error) {
  PlayRefs *refs = store->refs;
  RowStage *stage = refs->tracks.stage;
  PlayObservation known = *observed;
  const PlayObservation *play = &known;
  Status found = find_loose_track(store, observed, connector, &known.track, error);
  if (found != STATUS_OK) return found;
  int64_t hash = 0;
  bool with_track = play->kind == PLAY_TRACK && !play->track;
  Status status = play->title.length ? names_hash(store, play->artist, play->title, &hash, error) : STATUS_OK;
  if (status == STATUS_OK) status = know_next(store, &refs->tracks, error);
  if (status != STATUS_OK) return status;
  bool spotify = play->connector_track_id.length && text_is(connector, "spotify");
  bool shared_id = with_track && spotify;
  *out = refs->tracks.next++;
  if (with_track || (known.track && !known.track_method.length)) track_homes_note(store, with_track ? *out : known.track, shared_id);
  row_stage_number(stage, *out);
  row_stage_number(stage, with_track);
  row_stage_text(stage, text_of(play_kind_name(play->kind)));
  row_stage_text_or_null(stage, play->title);
  row_stage_text(stage, artists_of(refs, play));
  row_stage_text_or_null(stage, play->album);
  row_stage_text_or_null(stage, spotify ? play->connector_track_id : (Text){"", 0});
  if (hash && with_track)
    row_stage_number(stage, names_column(hash));
  else
    row_stage_null(stage);
  row_stage_text_or_null(stage, shared_id ? (Text){"", 0} : connector);
  row_stage_text_or_null(stage, shared_id ? (Text){"", 0} : id);
  if (play->kind == PLAY_TRACK && play->track)
    row_stage_number(stage, play->track);
  else
    row_stage_null(stage);
  stage_method(stage, play, spotify);
  int64_t track = with_track ? *out : play->kind == PLAY_TRACK ? play->track : 0;
  listens_know_thing(store, &(ListenNewThing){.id = *out, .track = track, .names = hash, .connector = connector, .connector_track_id = id});
  return STATUS_OK;
}

/* ---- names that come later ---- */

static Status name_track(Store *store, const PlayObservation *play, int64_t track, Text artists, Error *error) {
  int64_t hash = 0;
  Status status = names_hash(store, play->artist, play->title, &hash, error);
  if (status != STATUS_OK) return status;
  sqlite3_stmt *name = store_use(store, SQL_TRACK_NAME, error);
  if (!name) return STATUS_FAILED;
  sqlite3_bind_int64(name, 1, track);
  bind_text(name, 2, play->title);
  bind_text(name, 3, artists);
  bind_text_or_null(name, 4, play->album);
  sqlite3_bind_int64(name, 5, names_column(hash));
  sqlite3_bind_int64(name, 6, store->now);
  track_homes_note(store, track, false);
  return store_run(store, name, "storing a track", error);
}

/* Gives names to a track that was first seen without any. What shares its names with its track gets them there. */
static Status complete_names(Store *store, const PlayObservation *play, int64_t connector_track, Error *error) {
  Status status = play_refs_flush(store, error);
  Text artists = artists_of(store->refs, play);
  if (status == STATUS_OK && play->kind == PLAY_TRACK) {
    sqlite3_stmt *best = store_use(store, SQL_MAPPING_BEST, error);
    if (!best) return STATUS_FAILED;
    sqlite3_bind_int64(best, 1, connector_track);
    bool row = false;
    status = store_step(store, best, &row, "reading a track", error);
    int64_t track = status == STATUS_OK && row ? sqlite3_column_int64(best, 0) : 0;
    store_done(best);
    if (status == STATUS_OK && track) status = name_track(store, play, track, artists, error);
  }
  if (status != STATUS_OK) return status;
  sqlite3_stmt *name = store_use(store, SQL_CONNECTOR_NAME, error);
  if (!name) return STATUS_FAILED;
  sqlite3_bind_int64(name, 1, connector_track);
  bind_text(name, 2, play->title);
  bind_text(name, 3, artists);
  bind_text_or_null(name, 4, play->album);
  sqlite3_bind_int64(name, 5, store->now);
  status = store_run(store, name, "storing a track", error);
  if (status == STATUS_OK) listens_note_thing(store, connector_track);
  return status;
}

/* ---- all of it ---- */

/* Looks for what is not remembered; 0 = it is new. */
static Status find_stored(Store *store, IdKey key, Text connector, Text id, int64_t *out, Error *error) {
  RefTable *table = &store->refs->tracks;
  Status status = play_refs_make_room(store, table, play_tracks_store, error);
  if (status == STATUS_OK) status = know_next(store, table, error);
  if (status != STATUS_OK || table->knows_all) return status;
  bool nameless = false;
  status = connector_track_find(store, connector, id, out, &nameless, error);
  if (nameless) *out = -*out;
  if (status != STATUS_OK || ++table->looked_up != LOOK_UPS) return status;
  status = load_all(store, store->refs, error);
  int64_t known = play_ids_get(table->ids, key);
  if (known) *out = known;
  return status;
}

void play_observation_hash(PlayObservation *play) {
  play->hashes = (PlayHashes){true, hash_of(connector_of(play), play->connector_track_id), play_context_hash(&play->context)};
}

Status play_refs_track(Store *store, const PlayObservation *play, int64_t *out, bool *added, Error *error) {
  PlayRefs *refs = store->refs;
  Text connector = connector_of(play);
  Text id = id_of(refs, play);
  IdKey key = id_key(play->hashes.known && play->connector_track_id.length ? play->hashes.track : hash_of(connector, id));
  int64_t known = play_ids_get(refs->tracks.ids, key);
  *added = false;
  if (!known) {
    Status status = find_stored(store, key, connector, id, &known, error);
    if (status == STATUS_OK && !known) {
      status = stage(store, play, connector, id, &known, error);
      *added = true;
      if (!play->title.length) known = -known;
    }
    if (status != STATUS_OK) return status;
    ref_remember(&refs->tracks, key, known);
  }
  *out = known < 0 ? -known : known;
  if (known > 0 || !play->title.length) return STATUS_OK;
  Status status = complete_names(store, play, *out, error);
  if (status == STATUS_OK) ref_remember(&refs->tracks, key, *out);
  return status;
}

static Status take_over(Store *store, StatementId id, Error *error) {
  sqlite3_stmt *add = store_use(store, id, error);
  if (!add) return STATUS_FAILED;
  if (sqlite3_bind_parameter_count(add)) sqlite3_bind_int64(add, 1, store->now);
  return store_run(store, add, "storing tracks", error);
}

Status play_tracks_store(Store *store, Error *error) {
  row_stage_next(store->refs->tracks.stage);
  static const StatementId steps[] = {SQL_NEW_TRACKS, SQL_NEW_CONNECTOR_IDS, SQL_NEW_CONNECTOR_FACTS, SQL_NEW_MAPPINGS};
  Status status = STATUS_OK;
  for (size_t i = 0; i < sizeof steps / sizeof *steps && status == STATUS_OK; i++) status = take_over(store, steps[i], error);
  return status;
}
