#include "store/row_feed.h"
#include "store/row_stage.h"

enum { FULL_ROWS = 4096, FULL_BYTES = 1 << 20, ROOMS = 2 };

typedef enum CellKind { CELL_NULL, CELL_NUMBER, CELL_TEXT } CellKind;

typedef struct Cell {
  uint32_t kind;
  uint32_t length; /* of a text */
  int64_t value;   /* the number, or where the text begins */
} Cell;

typedef struct Rows {
  VEC(Cell) cells;
  TextBuilder texts;
  StoreTicket stored; /* of the job that stores them */
} Rows;

struct RowStage {
  Store *store;
  Arena *arena;
  RowFeed feed;
  size_t columns;
  Rows rooms[ROOMS];
  Rows *filling;
  Rows *storing; /* of the job at work, or the last one */
};

static Rows *after(RowStage *stage, const Rows *rows) {
  return &stage->rooms[(size_t)(rows - stage->rooms + 1) % ROOMS];
}

/* ---- the virtual table ---- */

static size_t stage_rows(const void *rows) {
  const RowStage *stage = rows;
  return stage->storing->cells.count / stage->columns;
}

static void stage_cell(const void *rows, size_t row, int column, sqlite3_context *out) {
  const RowStage *stage = rows;
  const Rows *from = stage->storing;
  const Cell *cell = &from->cells.items[row * stage->columns + (size_t)column];
  if (cell->kind == CELL_NUMBER) sqlite3_result_int64(out, cell->value);
  if (cell->kind == CELL_TEXT) sqlite3_result_text(out, cell->length ? from->texts.bytes + cell->value : "", (int)cell->length, SQLITE_STATIC);
}

Status row_stage_open(Store *store, const char *name, const char *columns, RowStage **out, Error *error) {
  RowStage *stage = arena_alloc(store->arena, sizeof *stage);
  stage->arena = store->arena;
  stage->store = store;
  for (int i = 0; i < ROOMS; i++) stage->rooms[i].texts.arena = store->arena;
  stage->filling = stage->rooms;
  stage->storing = &stage->rooms[ROOMS - 1];
  stage->feed = (RowFeed){columns, FULL_ROWS, stage, stage_rows, stage_cell};
  stage->columns = 1;
  for (const char *at = columns; *at; at++) stage->columns += *at == ',';
  *out = stage;
  return row_feed_open(store, name, &stage->feed, error);
}

/* ---- filling ---- */

void row_stage_number(RowStage *stage, int64_t number) {
  vec_push(stage->arena, &stage->filling->cells, (Cell){.kind = CELL_NUMBER, .value = number});
}

void row_stage_text(RowStage *stage, Text text) {
  Rows *to = stage->filling;
  vec_push(stage->arena, &to->cells, (Cell){CELL_TEXT, (uint32_t)text.length, (int64_t)to->texts.length});
  text_append(&to->texts, text);
}

void row_stage_text_or_null(RowStage *stage, Text text) {
  if (text.length)
    row_stage_text(stage, text);
  else
    row_stage_null(stage);
}

void row_stage_null(RowStage *stage) {
  vec_push(stage->arena, &stage->filling->cells, (Cell){.kind = CELL_NULL});
}

size_t row_stage_count(const RowStage *stage) {
  return stage->filling->cells.count / stage->columns;
}

bool row_stage_full(const RowStage *stage) {
  return row_stage_count(stage) >= FULL_ROWS || stage->filling->texts.length >= FULL_BYTES;
}

static void empty(Rows *rows) {
  rows->stored = 0;
  rows->cells.count = 0;
  rows->texts.length = 0;
}

Status row_stage_hand_over(RowStage *stage, StoreJob *job, Error *error) {
  if (!stage->filling->cells.count) return STATUS_OK;
  Rows *filled = stage->filling, *next = after(stage, filled);
  Status status = store_wait(stage->store, next->stored, error);
  if (status != STATUS_OK) return status;
  empty(next);
  stage->filling = next; /* the job may be done at once, and look whether any wait */
  return store_work(stage->store, job, &filled->stored, error);
}

void row_stage_next(RowStage *stage) {
  stage->storing = after(stage, stage->storing);
}

void row_stage_clear(RowStage *stage) {
  for (int i = 0; i < ROOMS; i++) empty(&stage->rooms[i]);
  stage->filling = stage->rooms;
  stage->storing = &stage->rooms[ROOMS - 1];
}
