#include <string.h>

#include "store/plays/listens.h"
#include "store/plays/play_refs_int.h"

enum { STAGING = 512 };
enum { TEXTS = 6, FLAGS = 4 };

static int flag(Tristate value) {
  return value == TRISTATE_MISSING ? -1 : (int)value;
}

static Tristate flag_of(int value) {
  return value == 1 ? TRISTATE_TRUE : value == 0 ? TRISTATE_FALSE : TRISTATE_MISSING;
}

Hash128 play_context_hash(const PlayContext *context) {
  const char flags = (char)(context->shuffle | context->skipped << 2 | context->offline << 4 | context->incognito << 6);
  return hash_texts_128((const Text[]){{&flags, 1}, context->service, context->source, context->platform, context->country, context->reason_start, context->reason_end}, 1 + TEXTS);
}

/* The store's own: of the texts in the order of their fields, a long one as a hash of it. */
static int64_t stored_hash(const PlayContext *context) {
  const Text texts[TEXTS] = {context->service, context->source,       context->platform,
                             context->country, context->reason_start, context->reason_end};
  char staging[STAGING];
  size_t length = 0;
  staging[length++] =
      (char)(context->shuffle | context->skipped << 2 | context->offline << 4 | context->incognito << 6);
  Hash128 hash = {0, 0};
  for (size_t i = 0; i < TEXTS; i++) {
    if (texts[i].length + 1 < sizeof staging - length) {
      if (texts[i].length) memcpy(staging + length, texts[i].bytes, texts[i].length);
      length += texts[i].length;
      staging[length++] = '\0';
    } else {
      hash.low = hash.low * 31 + hash_bytes_128(texts[i].bytes, texts[i].length).low + i;
    }
  }
  return (int64_t)((hash_bytes_128(staging, length).low ^ hash.low) & 0x7FFFFFFF);
}

/* Columns from `first` on. */
static PlayContext read_context(sqlite3_stmt *row, int first) {
  PlayContext context;
  Text *texts[TEXTS] = {&context.service, &context.source,       &context.platform,
                        &context.country, &context.reason_start, &context.reason_end};
  Tristate *flags[FLAGS] = {&context.shuffle, &context.skipped, &context.offline, &context.incognito};
  for (int i = 0; i < TEXTS; i++) *texts[i] = column_text(row, first + i);
  for (int i = 0; i < FLAGS; i++) *flags[i] = flag_of(sqlite3_column_int(row, first + TEXTS + i));
  return context;
}

static void hash_context(sqlite3_context *result, int count, sqlite3_value **values) {
  (void)count;
  PlayContext context;
  Text *texts[TEXTS] = {&context.service, &context.source,       &context.platform,
                        &context.country, &context.reason_start, &context.reason_end};
  Tristate *flags[FLAGS] = {&context.shuffle, &context.skipped, &context.offline, &context.incognito};
  for (int i = 0; i < TEXTS; i++) {
    const char *bytes = (const char *)sqlite3_value_text(values[i]);
    *texts[i] = (Text){bytes ? bytes : "", bytes ? (size_t)sqlite3_value_bytes(values[i]) : 0};
  }
  for (int i = 0; i < FLAGS; i++) *flags[i] = flag_of(sqlite3_value_int(values[TEXTS + i]));
  sqlite3_result_int64(result, stored_hash(&context));
}

Status play_contexts_define(Store *store, Error *error) {
  int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  int code = sqlite3_create_function_v2(store->db, "context_hash_of", TEXTS + FLAGS, flags, NULL, hash_context, NULL, NULL, NULL);
  return code == SQLITE_OK ? STATUS_OK : store_fail(store, error, "opening it");
}

/* Those of an older schema have no hash yet. */
static Status hash_all(Store *store, Error *error) {
  sqlite3_stmt *find = store_use(store, SQL_CONTEXT_UNHASHED, error);
  if (!find) return STATUS_FAILED;
  bool row = false, began = false;
  Status status = store_step(store, find, &row, "reading a play's context", error);
  store_done(find);
  if (status != STATUS_OK || !row) return status;
  status = store_enter(store, &began, error);
  if (status != STATUS_OK) return status;
  sqlite3_stmt *fill = store_use(store, SQL_CONTEXT_HASH, error);
  return store_leave(store, began, fill ? store_run(store, fill, "storing a play's context", error) : STATUS_FAILED, error);
}

Status play_contexts_open(Store *store, Error *error) {
  Status status = row_stage_open(store, "staged_contexts",
                                 "id, context_hash, service, source, platform, country, reason_start, reason_end, shuffle,"
                                 " skipped, offline, incognito",
                                 &store->refs->contexts.stage, error);
  return status == STATUS_OK ? hash_all(store, error) : status;
}

/* ---- finding ---- */

static Status know_next(Store *store, RefTable *table, Error *error) {
  if (table->next) return STATUS_OK;
  sqlite3_stmt *highest = store_use(store, SQL_CONTEXT_HIGHEST, error);
  if (!highest) return STATUS_FAILED;
  bool row = false;
  Status status = store_step(store, highest, &row, "reading a play's context", error);
  if (status != STATUS_OK) return status;
  table->next = row ? sqlite3_column_int64(highest, 0) + 1 : 1;
  store_done(highest);
  if (table->next == 1) table->knows_all = true;
  return STATUS_OK;
}

static Status load_all(Store *store, RefTable *table, Error *error) {
  sqlite3_stmt *each = store_use(store, SQL_CONTEXT_EACH, error);
  if (!each) return STATUS_FAILED;
  table->knows_all = true;
  bool row = false;
  Status status = store_step(store, each, &row, "reading a play's context", error);
  while (status == STATUS_OK && row) {
    PlayContext context = read_context(each, 1);
    ref_remember(table, id_key(play_context_hash(&context)), sqlite3_column_int64(each, 0));
    status = store_step(store, each, &row, "reading a play's context", error);
  }
  store_done(each);
  return status;
}

static Status find_stored(Store *store, const PlayContext *context, int64_t *out, Error *error) {
  sqlite3_stmt *find = store_use(store, SQL_CONTEXT_FIND, error);
  if (!find) return STATUS_FAILED;
  const Text texts[TEXTS] = {context->service, context->source,       context->platform,
                             context->country, context->reason_start, context->reason_end};
  const Tristate flags[FLAGS] = {context->shuffle, context->skipped, context->offline, context->incognito};
  for (int i = 0; i < TEXTS; i++) bind_text(find, i + 1, texts[i]);
  for (int i = 0; i < FLAGS; i++) sqlite3_bind_int(find, TEXTS + i + 1, flag(flags[i]));
  sqlite3_bind_int64(find, TEXTS + FLAGS + 1, stored_hash(context));
  bool row = false;
  Status status = store_step(store, find, &row, "reading a play's context", error);
  if (status != STATUS_OK) return status;
  *out = row ? sqlite3_column_int64(find, 0) : 0;
  store_done(find);
  return STATUS_OK;
}

static void stage(RefTable *table, const PlayContext *context, int64_t id) {
  const Text texts[TEXTS] = {context->service, context->source,       context->platform,
                             context->country, context->reason_start, context->reason_end};
  const Tristate flags[FLAGS] = {context->shuffle, context->skipped, context->offline, context->incognito};
  row_stage_number(table->stage, id);
  row_stage_number(table->stage, stored_hash(context));
  for (int i = 0; i < TEXTS; i++) row_stage_text(table->stage, texts[i]);
  for (int i = 0; i < FLAGS; i++) row_stage_number(table->stage, flag(flags[i]));
}

Status play_refs_context(Store *store, const PlayObservation *play, int64_t *out, Error *error) {
  RefTable *table = &store->refs->contexts;
  const PlayContext *context = &play->context;
  IdKey key = id_key(play->hashes.known ? play->hashes.context : play_context_hash(context));
  *out = play_ids_get(table->ids, key);
  if (*out) return STATUS_OK;
  Status status = play_refs_make_room(store, table, play_contexts_store, error);
  if (status == STATUS_OK) status = know_next(store, table, error);
  if (status == STATUS_OK && !table->knows_all) {
    if (++table->looked_up == LOOK_UPS) {
      status = load_all(store, table, error);
      *out = play_ids_get(table->ids, key);
    } else {
      status = find_stored(store, context, out, error);
    }
  }
  if (status != STATUS_OK) return status;
  if (!*out) {
    *out = table->next++;
    stage(table, context, *out);
    listens_know_context(store, *out, context->source, context->reason_end);
  }
  ref_remember(table, key, *out);
  return STATUS_OK;
}

Status play_contexts_store(Store *store, Error *error) {
  row_stage_next(store->refs->contexts.stage);
  sqlite3_stmt *add = store_use(store, SQL_NEW_CONTEXTS, error);
  if (!add) return STATUS_FAILED;
  sqlite3_bind_int64(add, 1, store->now);
  return store_run(store, add, "storing a play's context", error);
}
