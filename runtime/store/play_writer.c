#include <string.h>

#include "store/listens.h"
#include "store/play_cache.h"
#include "store/play_stage.h"

/* 131,072 tracks (3 MiB) and 32,768 contexts: a large history has 65,000 and 14,000. What does not fit is found through
 * SQLite's indexes. */
enum { TRACK_SETS = 1 << 15, CONTEXT_SETS = 1 << 13 };
enum { STAGING = 512 };

/* Cached ids are positive. A connector's track that has no names yet is kept negative: the first play that brings them
 * completes it. */
struct PlayWriter {
  Store *store;
  PlayWriter *next; /* in store->writers */
  Text import_source, batch;
  int64_t batch_id;   /* 0 = not recorded: nothing was stored yet */
  uint64_t unflushed; /* stored since the last flush */
  uint64_t rollbacks; /* of the store when the caches were empty */
  PlayCache *tracks, *contexts;
  TextBuilder key;   /* of the track at hand */
  TextBuilder names; /* its artist as JSON */
};

const char *play_kind_name(PlayKind kind) {
  static const char *const names[] = {"track", "episode", "chapter"};
  return names[kind];
}

Status play_writer_new(Store *store, Text import_source, Text batch, PlayWriter **out, Error *error) {
  if (store->mode != STORE_WRITE) return fail(error, STATUS_FAILED, "", "%s: is open for reading only", store->path);
  Status status = store->stage ? STATUS_OK : play_stage_open(store, error);
  if (status != STATUS_OK) return status;
  PlayWriter *writer = arena_alloc(store->arena, sizeof *writer);
  writer->store = store;
  writer->import_source = text_copy(store->arena, import_source);
  writer->batch = text_copy(store->arena, batch);
  writer->rollbacks = store->rollbacks;
  writer->tracks = play_cache_new(store->arena, TRACK_SETS);
  writer->contexts = play_cache_new(store->arena, CONTEXT_SETS);
  writer->key.arena = store->arena;
  writer->names.arena = store->arena;
  writer->next = store->writers;
  store->writers = writer;
  *out = writer;
  return STATUS_OK;
}

/* After a rollback the ids handed out in it mean nothing. */
static void forget_rolled_back(PlayWriter *writer) {
  if (writer->rollbacks == writer->store->rollbacks) return;
  writer->rollbacks = writer->store->rollbacks;
  writer->batch_id = 0;
  writer->unflushed = 0;
  play_cache_clear(writer->tracks);
  play_cache_clear(writer->contexts);
}

/* ---- the connector's track ---- */

/* The id in the connector's name space. Episodes and chapters known by names only do not meet tracks of the same names.
 */
static Text key_of(PlayWriter *writer, const PlayObservation *play, Text connector) {
  TextBuilder *key = &writer->key;
  key->length = 0;
  text_append(key, connector);
  text_append_char(key, '\0');
  if (play->connector_track_id.length) {
    text_append(key, play->connector_track_id);
  } else {
    text_append(key, play->kind == PLAY_TRACK     ? TEXT_LITERAL("names:")
                     : play->kind == PLAY_EPISODE ? TEXT_LITERAL("episode-names:")
                                                  : TEXT_LITERAL("chapter-names:"));
    text_append(key, play->artist);
    text_append_char(key, '\x1f');
    text_append(key, play->album);
    text_append_char(key, '\x1f');
    text_append(key, play->title);
  }
  return text_built(key);
}

static Text artists_of(PlayWriter *writer, const PlayObservation *play) {
  return names_json(&writer->names, &play->artist, play->artist.length ? 1 : 0);
}

static Status add_track(PlayWriter *writer, const PlayObservation *play, Text connector, int64_t *out, Error *error) {
  Store *store = writer->store;
  int64_t hash = 0;
  Status status = play->title.length ? names_hash(store, play->artist, play->title, &hash, error) : STATUS_OK;
  sqlite3_stmt *add = status == STATUS_OK ? store_use(store, SQL_TRACK_ADD, error) : NULL;
  if (!add) return STATUS_FAILED;
  bind_text_or_null(add, 1, play->title);
  bind_text(add, 2, artists_of(writer, play));
  bind_text_or_null(add, 3, play->album);
  for (int i = 4; i <= 9; i++) sqlite3_bind_null(add, i);
  if (play->connector_track_id.length && text_is(connector, "spotify")) bind_text(add, 6, play->connector_track_id);
  bind_number_or_null(add, 10, hash, 0);
  sqlite3_bind_int64(add, 11, store->now);
  status = store_run(store, add, "storing a track", error);
  *out = sqlite3_last_insert_rowid(store->db);
  return status;
}

static Status add_mapping(PlayWriter *writer, const PlayObservation *play, Text connector, int64_t track,
                          int64_t connector_track, Error *error) {
  Store *store = writer->store;
  sqlite3_stmt *add = store_use(store, SQL_MAPPING_ADD, error);
  if (!add) return STATUS_FAILED;
  bool by_id = play->connector_track_id.length != 0;
  sqlite3_bind_int64(add, 1, track);
  sqlite3_bind_int64(add, 2, connector_track);
  if (!by_id) {
    bind_text(add, 3, TEXT_LITERAL("names"));
    bind_text(add, 4, TEXT_LITERAL("{\"same\":[\"artist\",\"album\",\"title\"]}"));
  } else if (text_is(connector, "spotify")) {
    bind_text(add, 3, TEXT_LITERAL("spotify_id"));
    bind_text(add, 4, TEXT_LITERAL("{\"same\":[\"spotify_id\"]}"));
  } else {
    bind_text(add, 3, TEXT_LITERAL("connector_id"));
    bind_text(add, 4, TEXT_LITERAL("{\"same\":[\"connector_track_id\"]}"));
  }
  sqlite3_bind_int64(add, 5, store->now);
  return store_run(store, add, "storing a track", error);
}

/* Gives names to a track that was first seen without any. */
static Status complete_names(PlayWriter *writer, const PlayObservation *play, int64_t connector_track, Error *error) {
  Store *store = writer->store;
  sqlite3_stmt *name = store_use(store, SQL_CONNECTOR_NAME, error);
  if (!name) return STATUS_FAILED;
  Text artists = artists_of(writer, play);
  sqlite3_bind_int64(name, 1, connector_track);
  bind_text(name, 2, play->title);
  bind_text(name, 3, artists);
  bind_text_or_null(name, 4, play->album);
  sqlite3_bind_int64(name, 5, store->now);
  Status status = store_run(store, name, "storing a track", error);
  if (status == STATUS_OK) listens_note_thing(store, connector_track);
  if (status != STATUS_OK || play->kind != PLAY_TRACK) return status;

  sqlite3_stmt *best = store_use(store, SQL_MAPPING_BEST, error);
  if (!best) return STATUS_FAILED;
  sqlite3_bind_int64(best, 1, connector_track);
  bool row = false;
  status = store_step(store, best, &row, "reading a track", error);
  int64_t track = row ? sqlite3_column_int64(best, 0) : 0;
  store_done(best);
  int64_t hash = 0;
  if (status == STATUS_OK) status = names_hash(store, play->artist, play->title, &hash, error);
  if (status != STATUS_OK || !track) return status;
  name = store_use(store, SQL_TRACK_NAME, error);
  if (!name) return STATUS_FAILED;
  sqlite3_bind_int64(name, 1, track);
  bind_text(name, 2, play->title);
  bind_text(name, 3, artists);
  bind_text_or_null(name, 4, play->album);
  sqlite3_bind_int64(name, 5, hash);
  sqlite3_bind_int64(name, 6, store->now);
  return store_run(store, name, "storing a track", error);
}

static Status insert_connector_track(PlayWriter *writer, const PlayObservation *play, Text connector, Text id,
                                     int64_t *out, Error *error) {
  Store *store = writer->store;
  *out = 0;
  sqlite3_stmt *add = store_use(store, SQL_CONNECTOR_ADD, error);
  if (!add) return STATUS_FAILED;
  bind_text(add, 1, connector);
  bind_text(add, 2, id);
  bind_text(add, 3, text_of(play_kind_name(play->kind)));
  bind_text_or_null(add, 4, play->title);
  bind_text(add, 5, artists_of(writer, play));
  bind_text_or_null(add, 6, play->album);
  sqlite3_bind_int64(add, 7, store->now);
  Status status = store_run(store, add, "storing a track", error);
  if (status == STATUS_OK && sqlite3_changes(store->db)) *out = sqlite3_last_insert_rowid(store->db);
  return status;
}

static Status find_connector_track(PlayWriter *writer, Text connector, Text id, int64_t *out, bool *nameless,
                                   Error *error) {
  Store *store = writer->store;
  sqlite3_stmt *find = store_use(store, SQL_CONNECTOR_FIND, error);
  if (!find) return STATUS_FAILED;
  bind_text(find, 1, connector);
  bind_text(find, 2, id);
  bool row = false;
  Status status = store_step(store, find, &row, "reading a track", error);
  if (status != STATUS_OK) return status;
  *out = row ? sqlite3_column_int64(find, 0) : 0;
  *nameless = row && sqlite3_column_int(find, 1);
  store_done(find);
  return STATUS_OK;
}

/* The id of the connector's track; `*added` when this play is the first that shows it. */
static Status place_track(PlayWriter *writer, const PlayObservation *play, int64_t *out, bool *added, Error *error) {
  Text connector = play->context.service.length ? play->context.service : TEXT_LITERAL("unknown");
  Text key = key_of(writer, play, connector);
  Text id = {key.bytes + connector.length + 1, key.length - connector.length - 1};
  CacheKey cached = cache_key(key);
  int64_t known = play_cache_get(writer->tracks, cached);
  bool nameless = known < 0;
  *added = false;
  Status status = STATUS_OK;
  if (!known) {
    status = insert_connector_track(writer, play, connector, id, &known, error);
    *added = known != 0;
    nameless = *added && !play->title.length;
    if (status == STATUS_OK && *added && play->kind == PLAY_TRACK) {
      int64_t track = play->track;
      if (!track) status = add_track(writer, play, connector, &track, error);
      if (status == STATUS_OK) status = add_mapping(writer, play, connector, track, known, error);
    } else if (status == STATUS_OK && !*added) {
      status = find_connector_track(writer, connector, id, &known, &nameless, error);
    }
    if (status != STATUS_OK) return status;
    play_cache_put(writer->tracks, cached, nameless ? -known : known);
  }
  *out = known < 0 ? -known : known;
  if (!nameless || !play->title.length) return STATUS_OK;
  status = complete_names(writer, play, *out, error);
  if (status == STATUS_OK) play_cache_put(writer->tracks, cached, *out);
  return status;
}

/* ---- the context ---- */

static int flag(Tristate value) {
  return value == TRISTATE_MISSING ? -1 : (int)value;
}

static void bind_context(sqlite3_stmt *statement, const PlayContext *context) {
  const Text texts[] = {context->service, context->source,       context->platform,
                        context->country, context->reason_start, context->reason_end};
  const Tristate flags[] = {context->shuffle, context->skipped, context->offline, context->incognito};
  for (int i = 0; i < 6; i++) bind_text(statement, i + 1, texts[i]);
  for (int i = 0; i < 4; i++) sqlite3_bind_int(statement, i + 7, flag(flags[i]));
}

/* A text in the order of its fields, or, when it is long, a hash of it. */
static CacheKey context_key(const PlayContext *context) {
  const Text texts[] = {context->service, context->source,       context->platform,
                        context->country, context->reason_start, context->reason_end};
  char staging[STAGING];
  size_t length = 0;
  staging[length++] =
      (char)(context->shuffle | context->skipped << 2 | context->offline << 4 | context->incognito << 6);
  CacheKey hash = {0, 0};
  for (size_t i = 0; i < 6; i++) {
    if (texts[i].length + 1 < sizeof staging - length) {
      if (texts[i].length) memcpy(staging + length, texts[i].bytes, texts[i].length);
      length += texts[i].length;
      staging[length++] = '\0';
    } else {
      CacheKey part = cache_key(texts[i]);
      hash.a = hash.a * 31 + part.a + i;
      hash.b = hash.b * 31 + part.b + i;
    }
  }
  CacheKey key = cache_key((Text){staging, length});
  return (CacheKey){key.a ^ hash.a, key.b ^ hash.b};
}

static Status place_context(PlayWriter *writer, const PlayContext *context, int64_t *out, Error *error) {
  Store *store = writer->store;
  CacheKey key = context_key(context);
  *out = play_cache_get(writer->contexts, key);
  if (*out) return STATUS_OK;
  sqlite3_stmt *find = store_use(store, SQL_CONTEXT_FIND, error);
  if (!find) return STATUS_FAILED;
  bind_context(find, context);
  bool row = false;
  Status status = store_step(store, find, &row, "reading a play's context", error);
  if (status != STATUS_OK) return status;
  if (row) *out = sqlite3_column_int64(find, 0);
  store_done(find);
  if (!row) {
    sqlite3_stmt *add = store_use(store, SQL_CONTEXT_ADD, error);
    if (!add) return STATUS_FAILED;
    bind_context(add, context);
    sqlite3_bind_int64(add, 11, store->now);
    status = store_run(store, add, "storing a play's context", error);
    if (status != STATUS_OK) return status;
    *out = sqlite3_last_insert_rowid(store->db);
  }
  play_cache_put(writer->contexts, key, *out);
  return STATUS_OK;
}

/* ---- the batch ---- */

static Status find_next_play(Store *store, Error *error) {
  if (store->next_play) return STATUS_OK;
  sqlite3_stmt *last = store_use(store, SQL_BATCH_LAST_PLAY, error);
  if (!last) return STATUS_FAILED;
  bool row = false;
  Status status = store_step(store, last, &row, "reading the imports", error);
  if (status != STATUS_OK) return status;
  store->next_play = row ? sqlite3_column_int64(last, 0) + 1 : 1;
  store_done(last);
  return STATUS_OK;
}

static Status record_batch(PlayWriter *writer, Error *error) {
  Store *store = writer->store;
  Status status = find_next_play(store, error);
  if (status != STATUS_OK) return status;
  sqlite3_stmt *add = store_use(store, SQL_BATCH_ADD, error);
  sqlite3_stmt *find = add ? store_use(store, SQL_BATCH_FIND, error) : NULL;
  if (!find) return STATUS_FAILED;
  bind_text(add, 1, writer->batch);
  bind_text(add, 2, writer->import_source);
  sqlite3_bind_int64(add, 3, store->now);
  sqlite3_bind_int64(add, 4, store->next_play);
  status = store_run(store, add, "recording the import", error);
  if (status != STATUS_OK) return status;
  bool row = false;
  bind_text(find, 1, writer->batch);
  status = store_step(store, find, &row, "recording the import", error);
  if (status != STATUS_OK) return status;
  writer->batch_id = sqlite3_column_int64(find, 0);
  store_done(find);
  return STATUS_OK;
}

static Status flush(PlayWriter *writer, Error *error) {
  Store *store = writer->store;
  forget_rolled_back(writer);
  if (!writer->unflushed) return STATUS_OK;
  sqlite3_stmt *update = store_use(store, SQL_BATCH_FLUSH, error);
  if (!update) return STATUS_FAILED;
  sqlite3_bind_int64(update, 1, writer->batch_id);
  sqlite3_bind_int64(update, 2, store->next_play - 1);
  sqlite3_bind_int64(update, 3, (int64_t)writer->unflushed);
  sqlite3_bind_int64(update, 4, store->now);
  Status status = store_run(store, update, "recording the import", error);
  if (status == STATUS_OK) writer->unflushed = 0;
  return status;
}

Status play_writers_flush(Store *store, Error *error) {
  Status staged = play_stage_flush(store, error);
  if (staged != STATUS_OK) return staged;
  for (PlayWriter *writer = store->writers; writer; writer = writer->next) {
    Status status = flush(writer, error);
    if (status != STATUS_OK) return status;
  }
  return listens_refresh(store, error);
}

/* ---- the play ---- */

static Status stage_play(PlayWriter *writer, const PlayObservation *play, int64_t connector_track, int64_t context, Error *error) {
  StagedPlay staged = {.played_at = play->played_at,
                       .connector_track = connector_track,
                       .ms_played = play->ms_played < 0 ? -1 : play->ms_played,
                       .id = writer->store->next_play,
                       .context = context,
                       .batch = writer->batch_id,
                       .has_offline_delta = play->has_offline_at,
                       .offline_delta = play->has_offline_at ? play->offline_at - play->played_at : 0};
  return play_stage_add(writer->store, &staged, error);
}

static Status check_play(const PlayObservation *play, Error *error) {
  if (!play->connector_track_id.length && !play->title.length) {
    return fail(error, STATUS_FAILED, "", "a play needs the id or the title of what was played");
  }
  if (play->played_at < INSTANT_MIN || play->played_at > INSTANT_MAX ||
      (play->has_offline_at && (play->offline_at < INSTANT_MIN || play->offline_at > INSTANT_MAX))) {
    return fail(error, STATUS_FAILED, "", "a play's time must lie in the years 0001 to 9999");
  }
  return STATUS_OK;
}

static Status add_play(PlayWriter *writer, const PlayObservation *play, PlayAdded *out, Error *error) {
  Store *store = writer->store;
  int64_t connector_track = 0, context = 0;
  Status status = place_track(writer, play, &connector_track, &out->new_track, error);
  if (status != STATUS_OK) return status;
  if (!out->new_track)
    status = play_stage_find(store, play->played_at, connector_track, play->ms_played < 0 ? -1 : play->ms_played, &out->play, error);
  out->duplicate = out->play != 0;
  if (status != STATUS_OK || out->duplicate) return status;
  /* An import that brings nothing new leaves no batch, so the batch waits for the first play that is new. */
  if (!writer->batch_id) status = record_batch(writer, error);
  if (status == STATUS_OK) status = place_context(writer, &play->context, &context, error);
  if (status == STATUS_OK) status = stage_play(writer, play, connector_track, context, error);
  if (status != STATUS_OK) return status;
  out->play = store->next_play++;
  writer->unflushed++;
  return STATUS_OK;
}

Status play_writer_add(PlayWriter *writer, const PlayObservation *play, PlayAdded *out, Error *error) {
  *out = (PlayAdded){0};
  Status status = check_play(play, error);
  if (status != STATUS_OK) return status;
  forget_rolled_back(writer);
  if (writer->store->in_transaction) return add_play(writer, play, out, error);
  bool began = false;
  status = store_enter(writer->store, &began, error);
  if (status != STATUS_OK) return status;
  return store_leave(writer->store, began, add_play(writer, play, out, error), error);
}

Status play_writer_finish(PlayWriter *writer, ImportCounts counts, Error *error) {
  Store *store = writer->store;
  Status status = flush(writer, error);
  if (status == STATUS_OK && writer->batch_id) {
    sqlite3_stmt *finish = store_use(store, SQL_BATCH_FINISH, error);
    if (!finish) return STATUS_FAILED;
    sqlite3_bind_int64(finish, 1, writer->batch_id);
    sqlite3_bind_int64(finish, 2, (int64_t)counts.rows);
    sqlite3_bind_int64(finish, 3, (int64_t)counts.duplicates);
    sqlite3_bind_int64(finish, 4, (int64_t)counts.rejected);
    sqlite3_bind_int64(finish, 5, store->now);
    status = store_run(store, finish, "recording the import", error);
  }
  PlayWriter **link = &store->writers;
  while (*link && *link != writer) link = &(*link)->next;
  if (*link) *link = writer->next;
  return status;
}

Status play_writer_reject(PlayWriter *writer, Text file, uint64_t line, Text reason, Error *error) {
  Store *store = writer->store;
  sqlite3_stmt *add = store_use(store, SQL_REJECTION_ADD, error);
  if (!add) return STATUS_FAILED;
  bind_text(add, 1, writer->import_source);
  bind_text(add, 2, file);
  sqlite3_bind_int64(add, 3, (int64_t)line);
  bind_text(add, 4, reason);
  sqlite3_bind_int64(add, 5, store->now);
  return store_run(store, add, "recording a rejected row", error);
}
