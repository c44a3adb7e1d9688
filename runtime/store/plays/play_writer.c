#include "store/plays/listens.h"
#include "store/plays/play_refs.h"
#include "store/plays/play_stage.h"
#include "store/plays/totals.h"
#include "store/worker.h"

/* Rejected rows wait for the next flush, like the plays beside them. */
enum { REJECTED_MOST = 4096 };
typedef struct Rejected {
  uint64_t line;
  size_t file, reason, end; /* where in the texts they begin */
} Rejected;

/* What is recorded of a batch now and then. */
typedef struct Waiting {
  uint64_t stored;
  int64_t last_play;
  VEC(Rejected) rejected;
  TextBuilder texts;
} Waiting;

struct PlayWriter {
  Store *store;
  PlayWriter *next; /* in store->writers */
  Text import_source, batch;
  int64_t batch_id;   /* 0 = not recorded: nothing was stored yet */
  uint64_t rollbacks; /* of the store when the batch was recorded */
  Waiting waiting, handed_over;
};

const char *play_kind_name(PlayKind kind) {
  static const char *const names[] = {"track", "episode", "chapter"};
  return names[kind];
}

Status play_writer_new(Store *store, Text import_source, Text batch, PlayWriter **out, Error *error) {
  if (store->mode != STORE_WRITE) return fail(error, STATUS_FAILED, "", "%s: is open for reading only", store->path);
  Status status = store_join(store, error); /* a job may be reading store->writers */
  /* A transaction that was begun before checks foreign keys (see store_begin), and plays may come before what they refer to. */
  if (status == STATUS_OK && store->in_transaction && !store->unchecked) status = store_exec(store, "PRAGMA defer_foreign_keys=ON", "storing plays", error);
  if (status == STATUS_OK && !store->stage) status = play_stage_open(store, error);
  if (status == STATUS_OK && !store->writers) status = play_refs_open(store, error);
  if (status == STATUS_OK) status = totals_import(store, error);
  if (status == STATUS_OK && !store->counting_known) status = store_counting_rule(store, &(CountingRule){0}, error);
  if (status != STATUS_OK) return status;
  PlayWriter *writer = arena_alloc(store->arena, sizeof *writer);
  writer->store = store;
  writer->waiting.texts.arena = writer->handed_over.texts.arena = store->arena;
  writer->import_source = text_copy(store->arena, import_source);
  writer->batch = text_copy(store->arena, batch);
  writer->rollbacks = store->rollbacks;
  writer->next = store->writers;
  store->writers = writer;
  *out = writer;
  return STATUS_OK;
}

static void empty(Waiting *waiting) {
  waiting->stored = 0;
  waiting->rejected.count = waiting->texts.length = 0;
}

/* After a rollback the ids handed out in it mean nothing. */
static void forget_rolled_back(PlayWriter *writer) {
  if (writer->rollbacks == writer->store->rollbacks) return;
  writer->rollbacks = writer->store->rollbacks;
  writer->batch_id = 0;
  empty(&writer->waiting);
  empty(&writer->handed_over);
}

/* ---- rejected rows ---- */

static Status store_rejected(PlayWriter *writer, const Rejected *rejected, Error *error) {
  Store *store = writer->store;
  const char *texts = writer->handed_over.texts.bytes;
  Text file = {texts + rejected->file, rejected->reason - rejected->file}, reason = {texts + rejected->reason, rejected->end - rejected->reason};
  sqlite3_stmt *find = store_use(store, SQL_REJECTION_FIND, error);
  if (!find) return STATUS_FAILED;
  sqlite3_bind_int64(find, 1, (int64_t)rejected->line);
  bind_text(find, 2, file);
  bind_text(find, 3, reason);
  bool known = false;
  Status status = store_step(store, find, &known, "reading the rejected rows", error);
  if (status != STATUS_OK) return status;
  store_done(find);
  sqlite3_stmt *add = known ? NULL : store_use(store, SQL_REJECTION_ADD, error);
  if (!add) return known ? STATUS_OK : STATUS_FAILED;
  bind_text(add, 1, writer->import_source);
  bind_text(add, 2, file);
  sqlite3_bind_int64(add, 3, (int64_t)rejected->line);
  bind_text(add, 4, reason);
  sqlite3_bind_int64(add, 5, store->now);
  return store_run(store, add, "recording a rejected row", error);
}

static Status store_counts(PlayWriter *writer, Error *error) {
  const Waiting *counts = &writer->handed_over;
  sqlite3_stmt *update = store_use(writer->store, SQL_BATCH_FLUSH, error);
  if (!update) return STATUS_FAILED;
  sqlite3_bind_int64(update, 1, writer->batch_id);
  sqlite3_bind_int64(update, 2, counts->last_play);
  sqlite3_bind_int64(update, 3, (int64_t)counts->stored);
  sqlite3_bind_int64(update, 4, writer->store->now);
  return store_run(writer->store, update, "recording the import", error);
}

static void hand_over(PlayWriter *writer) {
  Waiting waiting = writer->waiting;
  writer->waiting = writer->handed_over;
  writer->handed_over = waiting;
  writer->handed_over.last_play = writer->store->next_play - 1;
}

static Status store_handed_over(PlayWriter *writer, Error *error) {
  Waiting *waiting = &writer->handed_over;
  Status status = waiting->stored ? store_counts(writer, error) : STATUS_OK;
  for (size_t i = 0; status == STATUS_OK && i < waiting->rejected.count; i++) status = store_rejected(writer, &waiting->rejected.items[i], error);
  if (status == STATUS_OK) empty(waiting);
  return status;
}

static Status flush(PlayWriter *writer, Error *error) {
  forget_rolled_back(writer);
  Status status = store_join(writer->store, error); /* who may have what was handed over before */
  if (status != STATUS_OK) return status;
  hand_over(writer);
  return store_handed_over(writer, error);
}

Status play_writer_reject(PlayWriter *writer, Text file, uint64_t line, Text reason, Error *error) {
  forget_rolled_back(writer);
  TextBuilder *texts = &writer->waiting.texts;
  Rejected rejected = {.line = line, .file = texts->length};
  text_append(texts, file);
  rejected.reason = texts->length;
  text_append(texts, reason);
  rejected.end = texts->length;
  vec_push(writer->store->arena, &writer->waiting.rejected, rejected);
  bool waits = writer->store->in_transaction && writer->waiting.rejected.count < REJECTED_MOST;
  return waits ? STATUS_OK : flush(writer, error);
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
  last = store_use(store, SQL_BATCH_OF_LAST_PLAY, error);
  if (!last) return STATUS_FAILED;
  status = store_step(store, last, &row, "reading the imports", error);
  if (status != STATUS_OK) return status;
  store->batch_of_last_play = row ? sqlite3_column_int64(last, 0) : 0;
  store_done(last);
  return STATUS_OK;
}

/* The plays from the next one on are of this import. */
static Status begin_plays(PlayWriter *writer, Error *error) {
  Store *store = writer->store;
  if (store->batch_of_last_play == writer->batch_id) return STATUS_OK;
  sqlite3_stmt *begin = store_use(store, SQL_BATCH_PLAYS, error);
  if (!begin) return STATUS_FAILED;
  sqlite3_bind_int64(begin, 1, store->next_play);
  sqlite3_bind_int64(begin, 2, writer->batch_id);
  Status status = store_run(store, begin, "recording the import", error);
  if (status == STATUS_OK) store->batch_of_last_play = writer->batch_id;
  return status;
}

/* `*added` is false if there is a batch of this name. */
static Status add_batch(PlayWriter *writer, bool *added, Error *error) {
  Store *store = writer->store;
  sqlite3_stmt *add = store_use(store, SQL_BATCH_ADD, error);
  if (!add) return STATUS_FAILED;
  bind_text(add, 1, writer->batch);
  bind_text(add, 2, writer->import_source);
  sqlite3_bind_int64(add, 3, store->now);
  sqlite3_bind_int64(add, 4, store->next_play);
  Status status = store_run(store, add, "recording the import", error);
  *added = status == STATUS_OK && sqlite3_changes(store->db);
  if (*added) writer->batch_id = sqlite3_last_insert_rowid(store->db);
  return status;
}

/* An import that was interrupted and is asked for again at the same moment has its name again, but counts of its own. */
static Status record_batch(PlayWriter *writer, Error *error) {
  Text name = writer->batch;
  bool added = false;
  Status status = find_next_play(writer->store, error);
  for (unsigned number = 2; status == STATUS_OK; number++) {
    status = add_batch(writer, &added, error);
    if (status != STATUS_OK || added) break;
    writer->batch = text_of(arena_format(writer->store->arena, TEXT_FORMAT "-%u", TEXT_ARG(name), number));
  }
  return status;
}

Status play_writers_flush(Store *store, Error *error) {
  Status staged = play_refs_flush(store, error);
  if (staged == STATUS_OK) staged = play_stage_flush(store, error);
  if (staged != STATUS_OK) return staged;
  for (PlayWriter *writer = store->writers; writer; writer = writer->next) {
    Status status = flush(writer, error);
    if (status != STATUS_OK) return status;
  }
  return listens_refresh(store, error);
}

Status play_writers_hand_over(Store *store, bool *all, Error *error) {
  Status status = play_refs_hand_over(store, 1, error);
  if (status == STATUS_OK) status = play_stage_hand_over(store, error);
  *all = status == STATUS_OK && totals_hand_over(store) && listens_hand_over(store);
  for (PlayWriter *writer = store->writers; *all && writer; writer = writer->next) {
    forget_rolled_back(writer);
    hand_over(writer);
  }
  return status;
}

Status play_writers_store(Store *store, Error *error) {
  Status status = listens_store(store, error);
  for (PlayWriter *writer = store->writers; status == STATUS_OK && writer; writer = writer->next) status = store_handed_over(writer, error);
  return status;
}

/* ---- the play ---- */

static Status stage_play(PlayWriter *writer, const PlayObservation *play, int64_t connector_track, int64_t context, Error *error) {
  StagedPlay staged = {.played_at = play->played_at,
                       .connector_track = connector_track,
                       .ms_played = play->ms_played < 0 ? -1 : play->ms_played,
                       .id = writer->store->next_play,
                       .context = context,
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
  Status status = play_refs_track(store, play, &connector_track, &out->new_track, error);
  if (status != STATUS_OK) return status;
  if (!out->new_track)
    status = play_stage_find(store, play->played_at, connector_track, play->ms_played < 0 ? -1 : play->ms_played, &out->play, error);
  out->duplicate = out->play != 0;
  if (status != STATUS_OK || out->duplicate) return status;
  /* An import that brings nothing new leaves no batch, so the batch waits for the first play that is new. */
  if (!writer->batch_id) status = record_batch(writer, error);
  if (status == STATUS_OK) status = begin_plays(writer, error);
  if (status == STATUS_OK) status = play_refs_context(store, play, &context, error);
  if (status == STATUS_OK) status = stage_play(writer, play, connector_track, context, error);
  if (status != STATUS_OK) return status;
  out->play = store->next_play++;
  writer->waiting.stored++;
  return STATUS_OK;
}

void play_writer_expect(const PlayWriter *writer, const PlayObservation *play) {
  play_refs_expect(writer->store, &play->hashes);
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
