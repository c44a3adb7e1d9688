#include "store/summary.h"

#include "store/store_int.h"

/* The first column of the first row, or `none`. */
static Status one_number(Store *store, StatementId id, int64_t none, int64_t *out, Error *error) {
  sqlite3_stmt *statement = store_use(store, id, error);
  if (!statement) return STATUS_FAILED;
  bool row = false;
  Status status = store_step(store, statement, &row, "counting", error);
  if (status != STATUS_OK) return status;
  *out = row ? sqlite3_column_int64(statement, 0) : none;
  store_done(statement);
  return STATUS_OK;
}

static Status last_import(Store *store, Arena *arena, StoreSummary *out, Error *error) {
  sqlite3_stmt *last = store_use(store, SQL_IMPORT_LAST, error);
  if (!last) return STATUS_FAILED;
  Status status = store_step(store, last, &out->has_import, "reading the last import", error);
  if (status != STATUS_OK) return status;
  if (out->has_import) {
    out->imported_at = sqlite3_column_int64(last, 0);
    out->import_source = text_copy(arena, column_text(last, 1));
    int64_t *const figures[] = {&out->rows_read, &out->stored, &out->duplicates, &out->rejected};
    for (int i = 0; i < 4; i++) *figures[i] = sqlite3_column_int64(last, 2 + i);
  }
  store_done(last);
  return STATUS_OK;
}

Status store_summary(Store *store, Arena *arena, StoreSummary *out, Error *error) {
  *out = (StoreSummary){0};
  int64_t schema = 0;
  Status status = store_number(store, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", &out->bytes, error);
  if (status == STATUS_OK) status = store_number(store, "PRAGMA user_version", &schema, error);
  out->schema = (int)schema;
  const struct {
    StatementId id;
    int64_t *to;
  } counts[] = {{SQL_COUNT_TRACKS, &out->tracks},   {SQL_COUNT_PLAYS, &out->plays}, {SQL_COUNT_PLAYLISTS, &out->playlists},
                {SQL_COUNT_LIKES, &out->likes},     {SQL_COUNT_RATINGS, &out->ratings}, {SQL_COUNT_TAGS, &out->tags},
                {SQL_COUNT_OPEN_WRITES, &out->open_writes}, {SQL_PLAY_LOWEST, &out->first_play}, {SQL_PLAY_HIGHEST, &out->last_play}};
  for (size_t i = 0; i < sizeof counts / sizeof *counts && status == STATUS_OK; i++) status = one_number(store, counts[i].id, 0, counts[i].to, error);
  return status == STATUS_OK ? last_import(store, arena, out, error) : status;
}
