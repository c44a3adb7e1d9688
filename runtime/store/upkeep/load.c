#include "store/upkeep/load.h"

#include <inttypes.h>
#include <math.h>

#include "base/json.h"
#include "store/id_hash.h"
#include "store/plays/play_stage.h"
#include "store/upkeep/migrate.h"
#include "store/store_int.h"

typedef VEC(Text) Names;

/* ---- the tables that are there ---- */

static Status list(Store *store, const char *sql, Names *out, Error *error) {
  sqlite3_stmt *each = NULL;
  bool row = false;
  out->count = 0;
  if (sqlite3_prepare_v2(store->db, sql, -1, &each, NULL) != SQLITE_OK) return store_fail(store, error, "reading its schema");
  Status status;
  while ((status = store_step(store, each, &row, "reading its schema", error)) == STATUS_OK && row) vec_push(store->arena, out, text_copy(store->arena, column_text(each, 0)));
  sqlite3_finalize(each);
  return status;
}

static Status list_tables(Store *store, Names *out, Error *error) {
  return list(store, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name", out, error);
}

Status store_is_empty(Store *store, bool *out, Error *error) {
  Names tables = {0};
  int64_t rows = 0;
  Status status = list_tables(store, &tables, error);
  for (size_t i = 0; i < tables.count && status == STATUS_OK && !rows; i++) {
    if (text_is(tables.items[i], "derived")) continue; /* a new store has rows there */
    status = store_number(store, arena_format(store->arena, "SELECT EXISTS (SELECT 1 FROM \"" TEXT_FORMAT "\")", TEXT_ARG(tables.items[i])), &rows, error);
  }
  *out = rows == 0;
  return status;
}

/* ---- the schema of the rows ---- */

static Status apply(Store *store, int64_t from, int64_t to, Error *error) {
  Status status = STATUS_OK;
  for (int64_t i = from; i < to && status == STATUS_OK; i++) status = store_exec(store, store_migrations[i].sql, "changing its schema", error);
  if (status != STATUS_OK) return status;
  return store_exec(store, arena_format(store->arena, "PRAGMA user_version=%" PRId64, to), "changing its schema", error);
}

/* An empty store is made anew with the schema that the rows have. */
static Status step_back(Store *store, int64_t schema, Error *error) {
  Names drops = {0};
  Status status = list(store,
                       "SELECT 'DROP ' || type || ' IF EXISTS \"' || name || '\"' FROM sqlite_schema WHERE type IN ('table', 'view')"
                       " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type = 'table'",
                       &drops, error);
  for (size_t i = 0; i < drops.count && status == STATUS_OK; i++) status = store_exec(store, drops.items[i].bytes, "changing its schema", error);
  return status == STATUS_OK ? apply(store, 0, schema, error) : status;
}

/* ---- values ---- */

typedef enum ColumnType { COLUMN_ANY, COLUMN_BLOB, COLUMN_NUMBER, COLUMN_TEXT } ColumnType;

typedef struct Column {
  Text name;
  ColumnType type;
} Column;

typedef struct Loading {
  Store *store;
  Text table;
  const StoreLoad *load;
  size_t index; /* of the table in `load` */
  Arena *arena; /* of the table at hand */
  JsonReader *reader;
  const char *file;
  VEC(Column) columns;
  sqlite3_stmt *insert; /* of the row at hand: one of the next two */
  sqlite3_stmt *at_once, *set_aside;
  sqlite3_stmt *take_in, *forget; /* what was set aside */
  TextBuilder bytes;
  uint64_t rows;
} Loading;

static Status refuse(const Loading *loading, Error *error, const char *what, Text name) {
  return fail(error, STATUS_FAILED, "", "%s:%" PRIu64 ": %s" TEXT_FORMAT "`", loading->file, json_line(loading->reader), what, TEXT_ARG(text_escaped(loading->arena, name)));
}

static int hex_digit(char c) {
  return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool append_hex(TextBuilder *out, Text digits) {
  if (digits.length % 2) return false;
  for (size_t i = 0; i < digits.length; i += 2) {
    int high = hex_digit(digits.bytes[i]), low = hex_digit(digits.bytes[i + 1]);
    if (high < 0 || low < 0) return false;
    text_append_char(out, (char)(high << 4 | low));
  }
  return true;
}

/* {"hex":"..."}, {"text":"..."} or {"text_hex":"..."}, or a list of such pieces of a long value. */
static Status read_bytes(Loading *loading, bool *is_text, Error *error) {
  JsonToken token;
  loading->bytes.length = 0;
  Status status = json_next(loading->reader, &token, error);
  if (status != STATUS_OK) return status;
  Text form = json_text(loading->reader);
  bool hex = !text_is(form, "text");
  *is_text = !text_is(form, "hex");
  if (token != JSON_KEY || (hex && *is_text && !text_is(form, "text_hex"))) return refuse(loading, error, "no such form of a value: `", form);
  status = json_next(loading->reader, &token, error);
  bool list = status == STATUS_OK && token == JSON_ARRAY;
  if (list) status = json_next(loading->reader, &token, error);
  while (status == STATUS_OK && token == JSON_STRING) {
    if (!hex) text_append(&loading->bytes, json_text(loading->reader));
    else if (!append_hex(&loading->bytes, json_text(loading->reader))) return refuse(loading, error, "not hexadecimal: `", json_text(loading->reader));
    status = json_next(loading->reader, &token, error);
  }
  if (list && status == STATUS_OK && token == JSON_ARRAY_END) status = json_next(loading->reader, &token, error);
  return status == STATUS_OK && token != JSON_OBJECT_END ? refuse(loading, error, "no such form of a value: `", form) : status;
}

static Status bind_value(Loading *loading, int index, JsonToken token, Error *error) {
  const Column *column = &loading->columns.items[index - 1];
  Text text;
  bool is_text = true;
  Status status = STATUS_OK;
  switch (token) {
    case JSON_NULL: sqlite3_bind_null(loading->insert, index); return STATUS_OK;
    case JSON_INTEGER: sqlite3_bind_int64(loading->insert, index, json_integer(loading->reader)); return STATUS_OK;
    case JSON_NUMBER: sqlite3_bind_double(loading->insert, index, json_number(loading->reader)); return STATUS_OK;
    case JSON_STRING:
      text = json_text(loading->reader);
      if (column->type == COLUMN_NUMBER && (text_is(text, "Infinity") || text_is(text, "-Infinity"))) {
        sqlite3_bind_double(loading->insert, index, text.bytes[0] == '-' ? -INFINITY : INFINITY);
        return STATUS_OK;
      }
      break;
    case JSON_OBJECT:
      status = read_bytes(loading, &is_text, error);
      if (status != STATUS_OK) return status;
      text = text_built(&loading->bytes);
      break;
    default: return refuse(loading, error, "this is no value for the column `", column->name);
  }
  const char *bytes = text.length ? text.bytes : "";
  if (is_text) sqlite3_bind_text64(loading->insert, index, bytes, text.length, SQLITE_TRANSIENT, SQLITE_UTF8);
  else sqlite3_bind_blob64(loading->insert, index, bytes, text.length, SQLITE_TRANSIENT);
  return STATUS_OK;
}

/* ---- rows ---- */

static Status read_row(Loading *loading, Error *error) {
  JsonToken token;
  Status status = STATUS_OK;
  for (size_t i = 0; i < loading->columns.count; i++) {
    Text name = loading->columns.items[i].name;
    status = json_next(loading->reader, &token, error);
    if (status != STATUS_OK) return status;
    if (token != JSON_KEY || !text_equal(json_text(loading->reader), name)) return refuse(loading, error, "the next column should be `", name);
    status = json_next(loading->reader, &token, error);
    if (status == STATUS_OK) status = bind_value(loading, (int)i + 1, token, error);
    if (status != STATUS_OK) return status;
  }
  status = json_next(loading->reader, &token, error);
  if (status == STATUS_OK && token != JSON_OBJECT_END) return refuse(loading, error, "the row has more columns than the table `", loading->table);
  return status;
}

/* ---- rows that are set aside ---- */

/* Rows of a table without rowid come in the order of its key, which leaves an eighth of each page free. So here too each ninth comes when those
 * around it are in, as play_stage.c has it. */
static Status prepare_set_aside(Loading *loading, const char *table, const char *values, Error *error) {
  Store *store = loading->store;
  Arena *arena = loading->arena;
  int64_t without_rowid = 0;
  const char *ask = arena_format(arena, "SELECT wr FROM pragma_table_list('" TEXT_FORMAT "') WHERE schema = 'main'", TEXT_ARG(loading->table));
  Status status = store_number(store, ask, &without_rowid, error);
  if (status != STATUS_OK || !without_rowid) return status;
  status = store_exec(store, arena_format(arena, "CREATE TEMP TABLE set_aside AS SELECT * FROM %s WHERE 0", table), "setting rows aside", error);
  if (status != STATUS_OK) return status;
  bool good = sqlite3_prepare_v2(store->db, arena_format(arena, "INSERT INTO temp.set_aside %s", values), -1, &loading->set_aside, NULL) == SQLITE_OK &&
              sqlite3_prepare_v2(store->db, arena_format(arena, "INSERT INTO %s SELECT * FROM temp.set_aside", table), -1, &loading->take_in, NULL) == SQLITE_OK &&
              sqlite3_prepare_v2(store->db, "DELETE FROM temp.set_aside", -1, &loading->forget, NULL) == SQLITE_OK;
  return good ? STATUS_OK : store_fail(store, error, "setting rows aside");
}

static Status take_in(Loading *loading, Error *error) {
  if (!loading->take_in) return STATUS_OK;
  Status status = store_run(loading->store, loading->take_in, "storing rows", error);
  if (status != STATUS_OK) return fail_context(error, "%s: up to line %" PRIu64, loading->file, loading->rows);
  return store_run(loading->store, loading->forget, "storing rows", error);
}

static void choose_insert(Loading *loading) {
  bool late = loading->set_aside && loading->rows % PLAY_LATE == PLAY_LATE - 1;
  loading->insert = late ? loading->set_aside : loading->at_once;
}

static Status load_rows(Loading *loading, Error *error) {
  for (;;) {
    JsonToken token;
    Status status = json_next(loading->reader, &token, error);
    if (status == STATUS_OK && (token == JSON_END || loading->rows % PLAYS_AT_ONCE == 0)) status = take_in(loading, error);
    if (status != STATUS_OK || token == JSON_END) return status;
    choose_insert(loading);
    if (token != JSON_OBJECT) return refuse(loading, error, "this is no row of `", loading->table);
    status = read_row(loading, error);
    uint64_t line = json_line(loading->reader);
    if (status == STATUS_OK) status = json_next(loading->reader, &token, error); /* the end of the row's document */
    if (status == STATUS_OK && (status = store_run(loading->store, loading->insert, "storing a row", error)) != STATUS_OK)
      return fail_context(error, "%s:%" PRIu64, loading->file, line);
    if (status != STATUS_OK) return status;
    loading->rows++;
  }
}

static ColumnType column_type(const char *declared) {
  Text name = text_of(declared ? declared : "");
  if (text_is(name, "INTEGER") || text_is(name, "REAL")) return COLUMN_NUMBER;
  return text_is(name, "TEXT") ? COLUMN_TEXT : text_is(name, "BLOB") ? COLUMN_BLOB : COLUMN_ANY;
}

static Status read_columns(Loading *loading, Error *error) {
  Store *store = loading->store;
  TextBuilder values = {.arena = loading->arena};
  sqlite3_stmt *all = NULL;
  const char *table = arena_format(loading->arena, "\"" TEXT_FORMAT "\"", TEXT_ARG(loading->table));
  if (sqlite3_prepare_v2(store->db, arena_format(loading->arena, "SELECT * FROM %s", table), -1, &all, NULL) != SQLITE_OK)
    return store_fail(store, error, "reading its schema");
  text_append(&values, TEXT_LITERAL("VALUES("));
  for (int i = 0; i < sqlite3_column_count(all); i++) {
    Column column = {text_copy(loading->arena, text_of(sqlite3_column_name(all, i))), column_type(sqlite3_column_decltype(all, i))};
    vec_push(loading->arena, &loading->columns, column);
    text_append_format(&values, "%s?%d", i ? "," : "", i + 1);
  }
  sqlite3_finalize(all);
  text_append_char(&values, ')');
  const char *insert = arena_format(loading->arena, "INSERT INTO %s %s", table, text_built(&values).bytes);
  if (sqlite3_prepare_v2(store->db, insert, -1, &loading->at_once, NULL) != SQLITE_OK) return store_fail(store, error, "reading its schema");
  return prepare_set_aside(loading, table, text_built(&values).bytes, error);
}

static void release_statements(void *object) {
  Loading *loading = object;
  sqlite3_stmt *const all[] = {loading->at_once, loading->set_aside, loading->take_in, loading->forget};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) sqlite3_finalize(all[i]);
}

static Status load_body(void *context, Error *error) {
  Loading *loading = context;
  Input *input;
  loading->bytes.arena = loading->arena;
  arena_defer(loading->arena, release_statements, loading);
  Status status = read_columns(loading, error);
  if (status == STATUS_OK) status = store_exec(loading->store, arena_format(loading->arena, "DELETE FROM \"" TEXT_FORMAT "\"", TEXT_ARG(loading->table)), "emptying a table", error);
  if (status == STATUS_OK) status = loading->load->open(loading->load->context, loading->index, loading->arena, &input, error);
  if (status != STATUS_OK) return status;
  loading->file = input->name;
  loading->reader = json_reader_new(loading->arena, input);
  json_reader_lines(loading->reader);
  return load_rows(loading, error);
}

static Status load_table(Store *store, const StoreLoad *load, size_t index, StoreLoaded *out, Error *error) {
  Loading loading = {.store = store, .table = load->tables[index], .load = load, .index = index, .arena = arena_new(0)};
  if (!loading.arena) return fail(error, STATUS_FAILED, "", "memory is out");
  Status status = arena_protect(loading.arena, load_body, &loading, error);
  arena_free(loading.arena);
  if (status == STATUS_OK) status = store_exec(store, "DROP TABLE IF EXISTS temp.set_aside", "setting rows aside", error);
  out->rows += loading.rows;
  out->tables++;
  return status;
}

/* ---- all of it ---- */

static bool has(const Text *names, size_t count, Text name) {
  for (size_t i = 0; i < count; i++)
    if (text_equal(names[i], name)) return true;
  return false;
}

static Status set_triggers(Store *store, bool on, Error *error) {
  if (sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, (int)on, NULL) == SQLITE_OK) return STATUS_OK;
  return store_fail(store, error, "opening it");
}

static Status load_all(Store *store, const StoreLoad *load, StoreLoaded *out, Error *error) {
  Names tables = {0};
  Status status = load->schema < (int64_t)store_migration_count ? step_back(store, load->schema, error) : STATUS_OK;
  if (status == STATUS_OK) status = list_tables(store, &tables, error);
  for (size_t i = 0; i < tables.count && status == STATUS_OK; i++)
    if (!has(load->tables, load->table_count, tables.items[i])) return fail(error, STATUS_FAILED, "", "the table `" TEXT_FORMAT "` is missing", TEXT_ARG(tables.items[i]));
  if (status == STATUS_OK) status = set_triggers(store, false, error);
  for (size_t i = 0; i < load->table_count && status == STATUS_OK; i++) {
    if (has(tables.items, tables.count, load->tables[i])) status = load_table(store, load, i, out, error);
    else vec_push(store->arena, &out->foreign, load->tables[i]);
  }
  if (status == STATUS_OK) status = set_triggers(store, true, error);
  if (status != STATUS_OK || load->schema == (int64_t)store_migration_count) return status;
  status = apply(store, load->schema, (int64_t)store_migration_count, error);
  return status == STATUS_OK ? id_hash_fill(store, error) : status;
}

/* Rows come table by table, so what they refer to may come later; and no trigger adds to what was dumped. */
Status store_load(Store *store, const StoreLoad *load, StoreLoaded *out, Error *error) {
  *out = (StoreLoaded){0};
  if (load->schema < 1 || load->schema > (int64_t)store_migration_count)
    return fail(error, STATUS_FAILED, "", "made by a newer Narada (schema %" PRId64 "; this one, " NARADA_VERSION ", reads %zu); upgrade it: " NARADA_UPGRADE_COMMAND, load->schema,
                store_migration_count);
  store->schema_changes = true;
  Status status = store_begin(store, error);
  if (status == STATUS_OK) status = store_leave(store, true, load_all(store, load, out, error), error);
  store->schema_changes = store->unchecked = false;
  Status again = set_triggers(store, true, status == STATUS_OK ? error : NULL);
  if (again == STATUS_OK) again = store_exec(store, "PRAGMA foreign_keys=ON", "storing", status == STATUS_OK ? error : NULL);
  return status == STATUS_OK ? again : status;
}
