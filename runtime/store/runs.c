#include "store/runs.h"

#include "base/digest.h"
#include "store/process.h"
#include "store/store_int.h"

static Status need_writer(const Store *store, Error *error) {
  if (store->mode != STORE_READ) return STATUS_OK;
  return fail(error, STATUS_FAILED, "", "%s: is open for reading only", store->path);
}

/* ---- programs ---- */

/* Of each file its length and bytes, of a module its name too: the program's own name may change without its becoming another. */
static void hash_file(Sha256 *hash, size_t position, Text name, Text content) {
  if (!position) name.length = 0;
  const uint64_t lengths[2] = {name.length, content.length};
  sha256_add(hash, lengths, sizeof lengths);
  sha256_add(hash, name.bytes, name.length);
  sha256_add(hash, content.bytes, content.length);
}

static Text hash_text(Arena *arena, Sha256 *hash) {
  char hex[2 * SHA256_SIZE + 1];
  Digest digest = sha256_end(hash);
  digest_hex(&digest, SHA256_SIZE, hex);
  return text_copy(arena, (Text){hex, 2 * SHA256_SIZE});
}

static Text content_hash(Store *store, const RunStart *start) {
  Sha256 hash;
  sha256_begin(&hash);
  for (size_t i = 0; i < start->file_count; i++) hash_file(&hash, i, start->files[i].name, start->files[i].content);
  return hash_text(store->arena, &hash);
}

static Status find_version(Store *store, Text hash, int64_t *out, Error *error) {
  *out = 0;
  sqlite3_stmt *find = store_use(store, SQL_VERSION_FIND, error);
  if (!find) return STATUS_FAILED;
  bind_text(find, 1, hash);
  bool row = false;
  Status status = store_step(store, find, &row, "recording a run", error);
  if (status != STATUS_OK) return status;
  if (row) *out = sqlite3_column_int64(find, 0);
  store_done(find);
  return STATUS_OK;
}

static Status add_file(Store *store, int64_t version, size_t position, const ProgramFile *file, Error *error) {
  sqlite3_stmt *add = store_use(store, SQL_VERSION_FILE_ADD, error);
  if (!add) return STATUS_FAILED;
  sqlite3_bind_int64(add, 1, version);
  sqlite3_bind_int64(add, 2, (int64_t)position);
  bind_text(add, 3, file->name);
  if (file->is_plan) {
    sqlite3_bind_blob64(add, 4, file->content.bytes, file->content.length, SQLITE_STATIC);
  } else {
    bind_text(add, 4, file->content);
  }
  sqlite3_bind_int64(add, 5, store->now);
  return store_run(store, add, "recording a run", error);
}

static Status keep_version(Store *store, const RunStart *start, int64_t *out, Error *error) {
  Text hash = content_hash(store, start);
  Status status = find_version(store, hash, out, error);
  if (status != STATUS_OK || *out) return status;
  sqlite3_stmt *add = store_use(store, SQL_VERSION_ADD, error);
  if (!add) return STATUS_FAILED;
  bind_text(add, 1, hash);
  bind_text(add, 2, start->files[0].name);
  sqlite3_bind_int64(add, 3, store->now);
  status = store_run(store, add, "recording a run", error);
  if (status == STATUS_OK) status = find_version(store, hash, out, error);
  for (size_t i = 0; i < start->file_count && status == STATUS_OK; i++) status = add_file(store, *out, i, &start->files[i], error);
  return status;
}

/* ---- runs ---- */

static Status add_run(Store *store, const RunStart *start, int64_t version, int64_t *out, Error *error) {
  sqlite3_stmt *add = store_use(store, SQL_RUN_ADD, error);
  if (!add) return STATUS_FAILED;
  Text process = process_identity(store->arena);
  sqlite3_bind_int64(add, 1, version);
  bind_text(add, 2, start->plan_id);
  bind_text(add, 3, start->parameters);
  bind_text(add, 4, start->zone);
  bind_text(add, 5, start->seed);
  bind_text(add, 6, TEXT_LITERAL(NARADA_VERSION));
  bind_text(add, 7, process);
  sqlite3_bind_int64(add, 8, start->started_at);
  sqlite3_bind_int64(add, 9, store->now);
  Status status = store_run(store, add, "recording a run", error);
  *out = sqlite3_last_insert_rowid(store->db);
  return status;
}

Status store_begin_run(Store *store, const RunStart *start, int64_t *out, Error *error) {
  *out = 0;
  Status status = need_writer(store, error);
  bool began = false;
  if (status == STATUS_OK) status = store_enter(store, &began, error);
  if (status != STATUS_OK) return status;
  int64_t version = 0;
  status = keep_version(store, start, &version, error);
  if (status == STATUS_OK) status = add_run(store, start, version, out, error);
  return store_leave(store, began, status, error);
}

static Status add_step(Store *store, int64_t run, const RunStep *step, Error *error) {
  sqlite3_stmt *add = store_use(store, SQL_RUN_NODE_ADD, error);
  if (!add) return STATUS_FAILED;
  sqlite3_bind_int64(add, 1, run);
  sqlite3_bind_int64(add, 2, step->position);
  bind_number_or_null(add, 3, step->line, 0);
  bind_text(add, 4, step->stage);
  bind_text(add, 5, step->status);
  sqlite3_bind_int64(add, 6, step->rows_in);
  sqlite3_bind_int64(add, 7, step->rows_out);
  sqlite3_bind_int64(add, 8, step->dropped_missing);
  bind_number_or_null(add, 9, step->duration_us, -1);
  sqlite3_bind_int64(add, 10, store->now);
  return store_run(store, add, "recording a run", error);
}

static Status end_run(Store *store, int64_t run, const RunEnd *end, Error *error) {
  sqlite3_stmt *update = store_use(store, SQL_RUN_END, error);
  if (!update) return STATUS_FAILED;
  sqlite3_bind_int64(update, 1, run);
  bind_text(update, 2, end->status);
  sqlite3_bind_int(update, 3, end->exit_code);
  bind_text_or_null(update, 4, end->message);
  bind_text(update, 5, end->notices);
  sqlite3_bind_int64(update, 6, end->ended_at);
  sqlite3_bind_int64(update, 7, store->now);
  Status status = store_run(store, update, "recording a run", error);
  if (status != STATUS_OK || sqlite3_changes(store->db) == 0) return status;
  for (size_t i = 0; i < end->step_count && status == STATUS_OK; i++) status = add_step(store, run, &end->steps[i], error);
  return status;
}

Status store_end_run(Store *store, int64_t run, const RunEnd *end, Error *error) {
  Status status = need_writer(store, error);
  bool began = false;
  if (status == STATUS_OK) status = store_enter(store, &began, error);
  if (status != STATUS_OK) return status;
  return store_leave(store, began, end_run(store, run, end, error), error);
}

Status store_mark_crashed_runs(Store *store, Error *error) {
  VEC(int64_t) crashed = {0};
  sqlite3_stmt *each = store_use(store, SQL_RUN_RUNNING, error);
  if (!each) return STATUS_FAILED;
  bool row = false;
  Status status = store_step(store, each, &row, "looking for runs that ended without a word", error);
  while (status == STATUS_OK && row) {
    if (!process_is_alive(store->arena, column_text(each, 1))) vec_push(store->arena, &crashed, sqlite3_column_int64(each, 0));
    status = store_step(store, each, &row, "looking for runs that ended without a word", error);
  }
  store_done(each);
  for (size_t i = 0; i < crashed.count && status == STATUS_OK; i++) {
    sqlite3_stmt *mark = store_use(store, SQL_RUN_CRASHED, error);
    if (!mark) return STATUS_FAILED;
    sqlite3_bind_int64(mark, 1, crashed.items[i]);
    sqlite3_bind_int64(mark, 2, store->now);
    status = store_run(store, mark, "marking a run that ended without a word", error);
  }
  return status;
}

/* ---- reading ---- */

/* The columns that RUN_LAST and RUN_READ have in common. */
static StoreRun run_of(Store *store, sqlite3_stmt *row) {
  StoreRun run = {.id = sqlite3_column_int64(row, 0),
                  .program = column_text(row, 1),
                  .status = column_text(row, 2),
                  .started_at = sqlite3_column_int64(row, 4),
                  .ended_at = column_number(row, 5, INSTANT_MIN),
                  .exit_code = (int)column_number(row, 6, -1),
                  .message = column_text(row, 7)};
  if (text_is(run.status, "running") && !process_is_alive(store->arena, column_text(row, 3))) run.status = TEXT_LITERAL("crashed");
  return run;
}

Status store_each_run(Store *store, int64_t before, int64_t most, bool (*visit)(void *context, const StoreRun *run), void *context, Error *error) {
  sqlite3_stmt *each = store_use(store, SQL_RUN_LAST, error);
  if (!each) return STATUS_FAILED;
  sqlite3_bind_int64(each, 1, before);
  sqlite3_bind_int64(each, 2, most);
  bool row = false, more = true;
  Status status = STATUS_OK;
  while (more && (status = store_step(store, each, &row, "reading runs", error)) == STATUS_OK && row) {
    StoreRun run = run_of(store, each);
    more = visit(context, &run);
  }
  store_done(each);
  return status;
}

Status store_run_read(Store *store, Arena *arena, int64_t id, StoreRun *out, bool *found, Error *error) {
  *found = false;
  sqlite3_stmt *read = store_use(store, SQL_RUN_READ, error);
  if (!read) return STATUS_FAILED;
  sqlite3_bind_int64(read, 1, id);
  Status status = store_step(store, read, found, "reading a run", error);
  if (status != STATUS_OK || !*found) {
    store_done(read);
    return status;
  }
  *out = run_of(store, read);
  Text *const first[] = {&out->program, &out->status, &out->message};
  for (size_t i = 0; i < sizeof first / sizeof *first; i++) *first[i] = text_copy(arena, *first[i]);
  Text *const rest[] = {&out->content_hash, &out->plan_id, &out->parameters, &out->zone, &out->seed, &out->program_version, &out->notices};
  for (int i = 0; i < (int)(sizeof rest / sizeof *rest); i++) *rest[i] = text_copy(arena, column_text(read, 8 + i));
  store_done(read);
  return STATUS_OK;
}

Status store_run_steps(Store *store, Arena *arena, int64_t id, RunStep **out, size_t *count, Error *error) {
  VEC(RunStep) steps = {0};
  sqlite3_stmt *each = store_use(store, SQL_RUN_NODE_EACH, error);
  if (!each) return STATUS_FAILED;
  sqlite3_bind_int64(each, 1, id);
  bool row = false;
  Status status;
  while ((status = store_step(store, each, &row, "reading a run", error)) == STATUS_OK && row) {
    vec_push(arena, &steps, (RunStep){.position = (uint32_t)sqlite3_column_int64(each, 0),
                                      .line = (uint32_t)sqlite3_column_int64(each, 1),
                                      .stage = text_copy(arena, column_text(each, 2)),
                                      .status = text_copy(arena, column_text(each, 3)),
                                      .rows_in = sqlite3_column_int64(each, 4),
                                      .rows_out = sqlite3_column_int64(each, 5),
                                      .dropped_missing = sqlite3_column_int64(each, 6),
                                      .duration_us = column_number(each, 7, -1)});
  }
  store_done(each);
  *out = steps.items;
  *count = steps.count;
  return status;
}

Status store_each_version(Store *store, void (*visit)(void *context, const StoreVersion *version), void *context, Error *error) {
  StoreVersion version = {0};
  Sha256 hash;
  bool row = false;
  Status status;
  sqlite3_stmt *each = store_use(store, SQL_VERSION_EACH, error);
  if (!each) return STATUS_FAILED;
  while ((status = store_step(store, each, &row, "reading the programs that ran", error)) == STATUS_OK) {
    bool next = !row || sqlite3_column_int64(each, 0) != version.id;
    if (next && version.id) {
      version.found_hash = hash_text(store->arena, &hash);
      visit(context, &version);
    }
    if (!row) break;
    if (next) {
      version = (StoreVersion){.id = sqlite3_column_int64(each, 0), .name = text_copy(store->arena, column_text(each, 1)), .content_hash = text_copy(store->arena, column_text(each, 2))};
      sha256_begin(&hash);
    }
    if (sqlite3_column_type(each, 3) == SQLITE_NULL) continue;
    hash_file(&hash, version.file_count++, column_text(each, 3), (Text){sqlite3_column_blob(each, 4), (size_t)sqlite3_column_bytes(each, 4)});
  }
  store_done(each);
  return status;
}

Status store_run_files(Store *store, Arena *arena, int64_t id, ProgramFile **out, size_t *count, Error *error) {
  VEC(ProgramFile) files = {0};
  sqlite3_stmt *each = store_use(store, SQL_VERSION_FILE_EACH, error);
  if (!each) return STATUS_FAILED;
  sqlite3_bind_int64(each, 1, id);
  bool row = false;
  Status status;
  while ((status = store_step(store, each, &row, "reading a program that ran", error)) == STATUS_OK && row) {
    bool is_plan = sqlite3_column_type(each, 1) == SQLITE_BLOB;
    Text content = {sqlite3_column_blob(each, 1), (size_t)sqlite3_column_bytes(each, 1)};
    vec_push(arena, &files, (ProgramFile){text_copy(arena, column_text(each, 0)), text_copy(arena, content), is_plan});
  }
  store_done(each);
  *out = files.items;
  *count = files.count;
  return status;
}
