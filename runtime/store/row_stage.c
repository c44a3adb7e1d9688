#include "store/row_stage.h"

#include <string.h>

enum { FULL_ROWS = 4096, FULL_BYTES = 1 << 20 };

typedef enum CellKind { CELL_NULL, CELL_NUMBER, CELL_TEXT } CellKind;

typedef struct Cell {
  uint32_t kind;
  uint32_t length; /* of a text */
  int64_t value;   /* the number, or where the text begins */
} Cell;

struct RowStage {
  Arena *arena;
  const char *declaration;
  size_t columns;
  VEC(Cell) cells;
  TextBuilder texts;
};

/* ---- the virtual table ---- */

typedef struct StageTable {
  sqlite3_vtab base;
  const RowStage *stage;
} StageTable;

typedef struct StageCursor {
  sqlite3_vtab_cursor base;
  size_t at;
} StageCursor;

static const RowStage *stage_of(sqlite3_vtab_cursor *cursor) {
  return ((StageTable *)cursor->pVtab)->stage;
}

static int stage_connect(sqlite3 *db, void *context, int argc, const char *const *argv, sqlite3_vtab **out, char **message) {
  (void)argc;
  (void)argv;
  (void)message;
  const RowStage *stage = context;
  int result = sqlite3_declare_vtab(db, stage->declaration);
  if (result != SQLITE_OK) return result;
  StageTable *table = sqlite3_malloc(sizeof *table);
  if (!table) return SQLITE_NOMEM;
  *table = (StageTable){.stage = stage};
  *out = &table->base;
  return SQLITE_OK;
}

static int stage_disconnect(sqlite3_vtab *table) {
  sqlite3_free(table);
  return SQLITE_OK;
}

static int stage_best_index(sqlite3_vtab *table, sqlite3_index_info *info) {
  (void)table;
  info->estimatedCost = FULL_ROWS;
  info->estimatedRows = FULL_ROWS;
  return SQLITE_OK;
}

static int stage_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out) {
  (void)table;
  StageCursor *cursor = sqlite3_malloc(sizeof *cursor);
  if (!cursor) return SQLITE_NOMEM;
  memset(cursor, 0, sizeof *cursor);
  *out = &cursor->base;
  return SQLITE_OK;
}

static int stage_close(sqlite3_vtab_cursor *cursor) {
  sqlite3_free(cursor);
  return SQLITE_OK;
}

static int stage_filter(sqlite3_vtab_cursor *cursor, int number, const char *text, int argc, sqlite3_value **argv) {
  (void)number;
  (void)text;
  (void)argc;
  (void)argv;
  ((StageCursor *)cursor)->at = 0;
  return SQLITE_OK;
}

static int stage_next(sqlite3_vtab_cursor *cursor) {
  ((StageCursor *)cursor)->at++;
  return SQLITE_OK;
}

static int stage_eof(sqlite3_vtab_cursor *cursor) {
  return ((StageCursor *)cursor)->at >= row_stage_count(stage_of(cursor));
}

static int stage_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
  const RowStage *stage = stage_of(cursor);
  const Cell *cell = &stage->cells.items[((StageCursor *)cursor)->at * stage->columns + (size_t)column];
  if (cell->kind == CELL_NUMBER)
    sqlite3_result_int64(context, cell->value);
  else if (cell->kind == CELL_TEXT)
    sqlite3_result_text(context, cell->length ? stage->texts.bytes + cell->value : "", (int)cell->length, SQLITE_STATIC);
  else
    sqlite3_result_null(context);
  return SQLITE_OK;
}

static int stage_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out) {
  *out = (sqlite3_int64)((StageCursor *)cursor)->at + 1;
  return SQLITE_OK;
}

static const sqlite3_module stage_module = {
    .xConnect = stage_connect,
    .xBestIndex = stage_best_index,
    .xDisconnect = stage_disconnect,
    .xOpen = stage_open,
    .xClose = stage_close,
    .xFilter = stage_filter,
    .xNext = stage_next,
    .xEof = stage_eof,
    .xColumn = stage_column,
    .xRowid = stage_rowid,
};

Status row_stage_open(Store *store, const char *name, const char *columns, RowStage **out, Error *error) {
  RowStage *stage = arena_alloc(store->arena, sizeof *stage);
  stage->arena = store->arena;
  stage->texts.arena = store->arena;
  stage->declaration = arena_format(store->arena, "CREATE TABLE staged(%s)", columns);
  stage->columns = 1;
  for (const char *at = columns; *at; at++) stage->columns += *at == ',';
  *out = stage;
  if (sqlite3_create_module(store->db, name, &stage_module, stage) == SQLITE_OK) return STATUS_OK;
  return store_fail(store, error, "opening it");
}

/* ---- filling ---- */

void row_stage_number(RowStage *stage, int64_t number) {
  vec_push(stage->arena, &stage->cells, (Cell){.kind = CELL_NUMBER, .value = number});
}

void row_stage_text(RowStage *stage, Text text) {
  vec_push(stage->arena, &stage->cells, (Cell){CELL_TEXT, (uint32_t)text.length, (int64_t)stage->texts.length});
  text_append(&stage->texts, text);
}

void row_stage_text_or_null(RowStage *stage, Text text) {
  if (text.length)
    row_stage_text(stage, text);
  else
    row_stage_null(stage);
}

void row_stage_null(RowStage *stage) {
  vec_push(stage->arena, &stage->cells, (Cell){.kind = CELL_NULL});
}

size_t row_stage_count(const RowStage *stage) {
  return stage->cells.count / stage->columns;
}

bool row_stage_full(const RowStage *stage) {
  return row_stage_count(stage) >= FULL_ROWS || stage->texts.length >= FULL_BYTES;
}

void row_stage_clear(RowStage *stage) {
  stage->cells.count = 0;
  stage->texts.length = 0;
}
