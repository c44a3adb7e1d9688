#include "store/upkeep/dump.h"

#include <math.h>

#include "base/json.h"
#include "store/store_int.h"

typedef VEC(Text) TableNames;

/* A reader of JSON takes strings up to a length; of a longer value these are the pieces. */
enum { PIECE = 128 << 10 };

static void append_piece(TextBuilder *line, Text bytes, bool hex) {
  if (!hex) {
    json_append_string(line, bytes);
    return;
  }
  text_append_char(line, '"');
  for (size_t i = 0; i < bytes.length; i++) {
    text_append_char(line, "0123456789abcdef"[(unsigned char)bytes.bytes[i] >> 4]);
    text_append_char(line, "0123456789abcdef"[(unsigned char)bytes.bytes[i] & 15]);
  }
  text_append_char(line, '"');
}

static size_t piece_length(Text rest, bool hex) {
  if (rest.length <= PIECE) return rest.length;
  size_t length = PIECE;
  while (!hex && (rest.bytes[length] & 0xC0) == 0x80) length--; /* between characters */
  return length;
}

static void append_pieces(TextBuilder *line, const char *form, Text bytes, bool hex) {
  bool several = bytes.length > PIECE;
  text_append_format(line, "{\"%s\":%s", form, several ? "[" : "");
  for (size_t at = 0; at == 0 || at < bytes.length;) {
    Text rest = {bytes.bytes + at, bytes.length - at};
    rest.length = piece_length(rest, hex);
    if (at) text_append_char(line, ',');
    append_piece(line, rest, hex);
    at += rest.length;
    if (!rest.length) break;
  }
  text_append(line, several ? TEXT_LITERAL("]}") : TEXT_LITERAL("}"));
}

static void append_value(TextBuilder *line, sqlite3_stmt *row, int column) {
  Text bytes;
  double number;
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_NULL: text_append(line, TEXT_LITERAL("null")); return;
    case SQLITE_INTEGER: text_append_integer(line, sqlite3_column_int64(row, column)); return;
    case SQLITE_FLOAT:
      number = sqlite3_column_double(row, column);
      if (isinf(number)) text_append(line, number < 0 ? TEXT_LITERAL("\"-Infinity\"") : TEXT_LITERAL("\"Infinity\""));
      else json_append_number(line, number);
      return;
    default:
      bytes.bytes = sqlite3_column_blob(row, column);
      bytes.length = (size_t)sqlite3_column_bytes(row, column);
      if (!bytes.bytes) bytes = (Text){"", 0};
      if (sqlite3_column_type(row, column) == SQLITE_BLOB) append_pieces(line, "hex", bytes, true);
      else if (text_invalid_at(bytes) != bytes.length) append_pieces(line, "text_hex", bytes, true);
      else if (bytes.length > PIECE) append_pieces(line, "text", bytes, false);
      else json_append_string(line, bytes);
  }
}

/* What stands before each value: {"id": and ,"title": */
static Text *column_keys(Arena *arena, sqlite3_stmt *rows, int columns) {
  Text *keys = arena_array(arena, (size_t)columns, sizeof *keys);
  for (int i = 0; i < columns; i++) {
    TextBuilder key = {.arena = arena};
    text_append_char(&key, i ? ',' : '{');
    json_append_string(&key, text_of(sqlite3_column_name(rows, i)));
    text_append_char(&key, ':');
    keys[i] = text_built(&key);
  }
  return keys;
}

static Status dump_rows(Store *store, Text table, sqlite3_stmt *rows, TextBuilder *line, StoreDumpVisit *visit, void *context, Error *error) {
  Status status = visit(context, table, (Text){"", 0}, error);
  int columns = sqlite3_column_count(rows);
  Text *keys = column_keys(store->arena, rows, columns);
  bool row = false;
  while (status == STATUS_OK && (status = store_step(store, rows, &row, "reading a table", error)) == STATUS_OK && row) {
    line->length = 0;
    for (int i = 0; i < columns; i++) {
      text_append(line, keys[i]);
      append_value(line, rows, i);
    }
    text_append(line, TEXT_LITERAL("}\n"));
    status = visit(context, table, text_built(line), error);
  }
  return status;
}

/* The first columns are the key of every table, or begin it; a table that a user added may have just one. */
static Status prepare_rows(Store *store, Text table, sqlite3_stmt **out) {
  char *sql = sqlite3_mprintf("SELECT * FROM \"%w\" ORDER BY 1", table.bytes);
  int result = sql ? sqlite3_prepare_v2(store->db, sql, -1, out, NULL) : SQLITE_NOMEM;
  if (result == SQLITE_OK && sqlite3_column_count(*out) > 1) {
    sqlite3_finalize(*out);
    *out = NULL;
    char *both = sqlite3_mprintf("%s, 2", sql);
    result = both ? sqlite3_prepare_v2(store->db, both, -1, out, NULL) : SQLITE_NOMEM;
    sqlite3_free(both);
  }
  sqlite3_free(sql);
  return result == SQLITE_OK ? STATUS_OK : STATUS_FAILED;
}

static Status dump_table(Store *store, Text table, TextBuilder *line, StoreDumpVisit *visit, void *context, Error *error) {
  sqlite3_stmt *rows = NULL;
  Status status = prepare_rows(store, table, &rows);
  status = status == STATUS_OK ? dump_rows(store, table, rows, line, visit, context, error) : store_fail(store, error, "reading a table");
  sqlite3_finalize(rows);
  return status;
}

static Status list_tables(Store *store, TableNames *names, Error *error) {
  sqlite3_stmt *each = NULL;
  bool row = false;
  if (sqlite3_prepare_v2(store->db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name", -1, &each,
                         NULL) != SQLITE_OK)
    return store_fail(store, error, "reading the tables");
  Status status;
  while ((status = store_step(store, each, &row, "reading the tables", error)) == STATUS_OK && row)
    vec_push(store->arena, names, text_copy(store->arena, column_text(each, 0)));
  sqlite3_finalize(each);
  return status;
}

Status store_dump(Store *store, int64_t *schema, StoreDumpVisit *visit, void *context, Error *error) {
  TableNames names = {0};
  TextBuilder line = {.arena = store->arena};
  bool begins = sqlite3_get_autocommit(store->db) != 0; /* else what is open is one moment already */
  Status status = begins ? store_exec(store, "BEGIN", "reading the store", error) : STATUS_OK;
  if (status != STATUS_OK) return status;
  status = store_number(store, "PRAGMA user_version", schema, error);
  if (status == STATUS_OK) status = list_tables(store, &names, error);
  for (size_t i = 0; i < names.count && status == STATUS_OK; i++) status = dump_table(store, names.items[i], &line, visit, context, error);
  Status ended = begins ? store_exec(store, "ROLLBACK", "reading the store", status == STATUS_OK ? error : NULL) : STATUS_OK;
  return status == STATUS_OK ? ended : status;
}
