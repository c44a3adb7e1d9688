#include "store/store_int.h"

/* Grows when a reader learns to take more from a file than it did: then what was imported is read again. */
enum { READER_VERSION = 1 };

static const char doing_read[] = "looking for files that were imported";

static void bind_state(sqlite3_stmt *statement, int at, const FileState *state) {
  sqlite3_bind_int64(statement, at, state->size);
  sqlite3_bind_int64(statement, at + 1, state->modified_ns);
  sqlite3_bind_int64(statement, at + 2, state->changed_ns);
  sqlite3_bind_int64(statement, at + 3, state->device);
  sqlite3_bind_int64(statement, at + 4, state->inode);
}

Status store_find_imported_file(Store *store, Text path, const FileState *state, ImportedFile *out, bool *found, Error *error) {
  *found = false;
  sqlite3_stmt *find = store_use(store, SQL_IMPORTED_FILE_FIND, error);
  if (!find) return STATUS_FAILED;
  bind_text(find, 1, path);
  bind_state(find, 2, state);
  sqlite3_bind_int64(find, 7, READER_VERSION);
  bool row = false;
  Status status = store_step(store, find, &row, doing_read, error);
  if (status != STATUS_OK) return status;
  *found = row;
  for (int kind = 0; row && kind < IMPORT_KINDS; kind++) {
    out->rows[kind] = (uint64_t)sqlite3_column_int64(find, 2 * kind);
    out->rejected[kind] = (uint64_t)sqlite3_column_int64(find, 2 * kind + 1);
  }
  store_done(find);
  return STATUS_OK;
}

/* ---- noting ---- */

typedef struct NotedFile {
  Text path;
  FileState state;
  ImportedFile file;
} NotedFile;
typedef VEC(NotedFile) NotedList;

struct NotedFiles {
  NotedList noted, handed_over;
};

Status store_note_imported_file(Store *store, Text path, const FileState *state, const ImportedFile *file, Error *error) {
  if (!store->noted_files) store->noted_files = arena_alloc(store->arena, sizeof *store->noted_files);
  vec_push(store->arena, &store->noted_files->noted, (NotedFile){text_copy(store->arena, path), *state, *file});
  if (store->in_transaction) return STATUS_OK;
  imported_files_hand_over(store);
  return imported_files_store(store, error);
}

void imported_files_hand_over(Store *store) {
  NotedFiles *files = store->noted_files;
  if (!files) return;
  NotedList noted = files->noted;
  files->noted = files->handed_over;
  files->handed_over = noted;
}

void imported_files_forget(Store *store) {
  if (store->noted_files) store->noted_files->noted.count = store->noted_files->handed_over.count = 0;
}

static Status put(Store *store, const NotedFile *noted, Error *error) {
  sqlite3_stmt *put = store_use(store, SQL_IMPORTED_FILE_PUT, error);
  if (!put) return STATUS_FAILED;
  bind_text(put, 1, noted->path);
  bind_state(put, 2, &noted->state);
  sqlite3_bind_int64(put, 7, READER_VERSION);
  for (int kind = 0; kind < IMPORT_KINDS; kind++) {
    sqlite3_bind_int64(put, 8 + 2 * kind, (int64_t)noted->file.rows[kind]);
    sqlite3_bind_int64(put, 9 + 2 * kind, (int64_t)noted->file.rejected[kind]);
  }
  sqlite3_bind_int64(put, 8 + 2 * IMPORT_KINDS, store->now);
  return store_run(store, put, "recording an imported file", error);
}

Status imported_files_store(Store *store, Error *error) {
  Status status = STATUS_OK;
  if (!store->noted_files) return status;
  NotedList *files = &store->noted_files->handed_over;
  for (size_t i = 0; i < files->count && status == STATUS_OK; i++) status = put(store, &files->items[i], error);
  files->count = 0;
  return status;
}
