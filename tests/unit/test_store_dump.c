/* A store leaves as JSON Lines and comes back the same: random rows in every table, of this schema and of each older one. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "store/id_hash.h"
#include "store/upkeep/dump.h"
#include "store/upkeep/load.h"
#include "store/upkeep/migrate.h"
#include "store/store_int.h"

#include <cmocka.h> /* last: its macro `fail` hides ours */

#define NOW INT64_C(1700000000000)
enum { LONG_TEXT = 300 << 10, SEEDS = 8 };

static Arena *arena;
static Error error;

static int set_up(void **state) {
  (void)state;
  arena = arena_new(0);
  return arena ? 0 : -1;
}

static int tear_down(void **state) {
  (void)state;
  arena_free(arena);
  return 0;
}

static void check(Status status) {
  if (status != STATUS_OK) print_message("%s\n", error.message);
  assert_int_equal(status, STATUS_OK);
}

/* ---- what a store holds, as text ---- */

typedef struct Dumped {
  int64_t schema;
  VEC(Text) names;
  VEC(TextBuilder) tables;
} Dumped;

static Status take_line(void *context, Text table, Text line, Error *problem) {
  (void)problem;
  Dumped *dumped = context;
  if (line.length == 0) {
    vec_push(arena, &dumped->names, text_copy(arena, table));
    TextBuilder empty = {.arena = arena};
    vec_push(arena, &dumped->tables, empty);
  } else {
    text_append(&dumped->tables.items[dumped->tables.count - 1], line);
  }
  return STATUS_OK;
}

static Dumped dump(Store *store) {
  Dumped dumped = {0};
  check(store_dump(store, &dumped.schema, take_line, &dumped, &error));
  return dumped;
}

static void assert_same(const Dumped *a, const Dumped *b) {
  assert_int_equal(a->schema, b->schema);
  assert_int_equal(a->names.count, b->names.count);
  for (size_t i = 0; i < a->names.count; i++) {
    assert_string_equal(a->names.items[i].bytes, b->names.items[i].bytes);
    Text left = text_built(&a->tables.items[i]), right = text_built(&b->tables.items[i]);
    if (!text_equal(left, right)) print_message("%s:\n%.600s\n--\n%.600s\n", a->names.items[i].bytes, left.bytes, right.bytes);
    assert_true(text_equal(left, right));
  }
}

static Status open_table(void *context, size_t table, Arena *memory, Input **out, Error *problem) {
  (void)problem;
  const Dumped *dumped = context;
  *out = input_of_text(memory, text_built(&dumped->tables.items[table]), "table");
  return STATUS_OK;
}

static Status load(Store *store, Dumped *dumped, StoreLoaded *out) {
  StoreLoad how = {.schema = dumped->schema, .tables = dumped->names.items, .table_count = dumped->names.count, .open = open_table, .context = dumped};
  return store_load(store, &how, out, &error);
}

static Store *new_store(void) {
  Store *store;
  check(store_open_memory(arena, NOW, &store, &error));
  return store;
}

/* ---- random rows ---- */

static void exec(Store *store, const char *sql) {
  check(store_exec(store, sql, "testing", &error));
}

/* Words that a CHECK wants, texts that JSON has to escape, that are not UTF-8, that are long. */
static void bind_random_text(sqlite3_stmt *insert, int at, Random *random) {
  static const char *const texts[] = {"",         "track",  "episode", "running", "complete", "failed",    "pending",           "sent",   "matched",          "[]",       "{}",
                                      "a\nb\t\"\\", "\x1b[2J", "\xe2\x80\xaeltr", "\xff\xfe", "cut \xe2\x82", "=1+1", "\xf0\x9f\x8e\xb5", "Infinity", "\xe2\x80\xa8", "-Infinity"};
  uint64_t which = random_below(random, sizeof texts / sizeof *texts + 3);
  char own[32];
  if (which < sizeof texts / sizeof *texts) {
    sqlite3_bind_text(insert, at, texts[which], -1, SQLITE_STATIC);
  } else if (which == sizeof texts / sizeof *texts) {
    sqlite3_bind_text(insert, at, "NUL \0 inside", 12, SQLITE_STATIC);
  } else if (which == sizeof texts / sizeof *texts + 1 && random_below(random, 20) == 0) {
    char *bytes = malloc(LONG_TEXT);
    assert_non_null(bytes);
    for (size_t i = 0; i < LONG_TEXT; i += 3) memcpy(bytes + i, "\xe2\x82\xac", 3); /* pieces must not cut a character */
    sqlite3_bind_text(insert, at, bytes, (int)(LONG_TEXT - random_below(random, 4)), free);
  } else {
    int length = snprintf(own, sizeof own, "t%llx", (unsigned long long)random_next(random));
    sqlite3_bind_text(insert, at, own, length, SQLITE_TRANSIENT);
  }
}

static void bind_random_blob(sqlite3_stmt *insert, int at, Random *random) {
  size_t length = (size_t)(random_below(random, 30) == 0 ? LONG_TEXT : random_below(random, 9));
  char *bytes = malloc(length + 1);
  assert_non_null(bytes);
  for (size_t i = 0; i < length; i++) bytes[i] = (char)random_next(random);
  sqlite3_bind_blob(insert, at, bytes, (int)length, free);
}

static int64_t random_integer(Random *random) {
  switch (random_below(random, 6)) {
    case 0: return (int64_t)random_next(random);
    case 1: return random_below(random, 2) ? INT64_MAX : INT64_MIN;
    case 2: return 0;
    case 3: return NOW + (int64_t)random_below(random, 1000000);
    default: return (int64_t)random_below(random, 6);
  }
}

static double random_double(Random *random) {
  switch (random_below(random, 5)) {
    case 0: return INFINITY;
    case 1: return -INFINITY;
    case 2: return 1e300 * random_unit(random);
    case 3: return (double)random_below(random, 1000);
    default: return random_unit(random) / 3;
  }
}

static void bind_random(sqlite3_stmt *insert, int at, const char *type, Random *random) {
  bool any = strcmp(type, "ANY") == 0;
  if (random_below(random, 8) == 0) sqlite3_bind_null(insert, at);
  else if (strcmp(type, "INTEGER") == 0) sqlite3_bind_int64(insert, at, random_integer(random));
  else if (strcmp(type, "REAL") == 0) sqlite3_bind_double(insert, at, random_double(random));
  else if (strcmp(type, "BLOB") == 0 || (any && random_below(random, 2))) bind_random_blob(insert, at, random);
  else bind_random_text(insert, at, random);
}

static void fill_table(Store *store, const char *table, Random *random, int rows) {
  sqlite3_stmt *all = NULL, *insert = NULL;
  TextBuilder sql = {.arena = arena};
  assert_int_equal(sqlite3_prepare_v2(store->db, arena_format(arena, "SELECT * FROM \"%s\"", table), -1, &all, NULL), SQLITE_OK);
  int columns = sqlite3_column_count(all);
  text_append_format(&sql, "INSERT OR IGNORE INTO \"%s\" VALUES(?1", table); /* what a rule of the table forbids does not get in */
  for (int i = 1; i < columns; i++) text_append_format(&sql, ",?%d", i + 1);
  text_append_char(&sql, ')');
  assert_int_equal(sqlite3_prepare_v2(store->db, text_built(&sql).bytes, -1, &insert, NULL), SQLITE_OK);
  for (int row = 0; row < rows; row++) {
    for (int i = 0; i < columns; i++) bind_random(insert, i + 1, sqlite3_column_decltype(all, i), random);
    sqlite3_step(insert); /* a value of the wrong kind is refused even so */
    sqlite3_reset(insert);
  }
  sqlite3_finalize(insert);
  sqlite3_finalize(all);
}

static void fill(Store *store, uint64_t seed) {
  Random random = random_seeded(seed);
  Dumped names = dump(store);
  exec(store, "PRAGMA foreign_keys=OFF");
  for (size_t i = 0; i < names.names.count; i++) fill_table(store, names.names.items[i].bytes, &random, (int)random_below(&random, 60));
}

/* ---- the tests ---- */

static void any_rows_come_back_the_same(void **state) {
  (void)state;
  uint64_t rows = 0;
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    Store *store = new_store(), *empty = new_store();
    StoreLoaded loaded;
    bool is_empty;
    fill(store, seed);
    check(store_is_empty(empty, &is_empty, &error));
    assert_true(is_empty);
    Dumped before = dump(store);
    check(load(empty, &before, &loaded));
    Dumped after = dump(empty);
    assert_same(&before, &after);
    assert_int_equal(loaded.tables, before.names.count);
    rows += loaded.rows;
    check(store_is_empty(empty, &is_empty, &error));
    assert_false(is_empty);
    check(store_close(store, &error));
    check(store_close(empty, &error));
  }
  assert_true(rows > 1000); /* else the rules of the tables let too little in */
}

static Store *store_of_schema(size_t schema) {
  Store *store = new_store();
  sqlite3_stmt *each = NULL;
  TextBuilder sql = {.arena = arena};
  exec(store, "PRAGMA foreign_keys=OFF");
  assert_int_equal(sqlite3_prepare_v2(store->db, "SELECT type, name FROM sqlite_schema WHERE type IN ('view', 'table') AND name NOT LIKE 'sqlite%' ORDER BY type = 'table'", -1,
                                      &each, NULL),
                   SQLITE_OK);
  while (sqlite3_step(each) == SQLITE_ROW) text_append_format(&sql, "DROP %s \"%s\";", sqlite3_column_text(each, 0), sqlite3_column_text(each, 1));
  sqlite3_finalize(each);
  exec(store, text_built(&sql).bytes);
  for (size_t i = 0; i < schema; i++) exec(store, store_migrations[i].sql);
  exec(store, arena_format(arena, "PRAGMA user_version=%zu", schema));
  return store;
}

/* To load the rows and to change their schema is the same in either order. */
static void older_schemas_come_up_to_date(void **state) {
  (void)state;
  size_t migrated = 0;
  for (size_t schema = 1; schema < store_migration_count; schema++) {
    Store *store = store_of_schema(schema), *empty = new_store();
    StoreLoaded loaded;
    fill(store, schema);
    Dumped before = dump(store);
    assert_int_equal(before.schema, schema);
    bool can = true;
    for (size_t i = schema; i < store_migration_count && can; i++) can = sqlite3_exec(store->db, store_migrations[i].sql, NULL, NULL, NULL) == SQLITE_OK;
    if (!can) { /* random rows may be what no migration expects; then neither way goes */
      assert_int_not_equal(load(empty, &before, &loaded), STATUS_OK);
      continue;
    }
    exec(store, arena_format(arena, "PRAGMA user_version=%zu", store_migration_count));
    check(id_hash_fill(store, NULL)); /* as whoever opens it */
    check(load(empty, &before, &loaded));
    Dumped right = dump(store), got = dump(empty);
    assert_same(&right, &got);
    migrated++;
  }
  assert_true(migrated > store_migration_count / 2);
}

/* Schema 9 keeps the imports of stretches of plays, where schema 8 kept that of each: also of imports that went on at
 * the same time, whose plays took turns. */
static void plays_stay_with_their_imports(void **state) {
  (void)state;
  Store *store = store_of_schema(8);
  exec(store, "PRAGMA foreign_keys=OFF;"
              "INSERT INTO import_batches(id, batch, import_source, import_timestamp, first_play_id, last_play_id, stored, created_at, updated_at)"
              " VALUES(1, 'a', 'x', 1, 1, 4, 4, 1, 1), (2, 'b', 'x', 1, 5, 9, 3, 1, 1), (3, 'c', 'x', 1, 6, 8, 2, 1, 1), (4, 'd', 'x', 1, 10, 10, 1, 1, 1);"
              "INSERT INTO plays(played_at, connector_track_id, ms_played, id, context_id, batch_id)"
              " SELECT 1000 - value, 1, 1, value, 1, CASE WHEN value < 5 THEN 1 WHEN value IN (6, 8) THEN 3 WHEN value < 10 THEN 2 ELSE 4 END"
              " FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 10) SELECT value FROM n);"
              "CREATE TEMP TABLE was AS SELECT id, batch_id FROM plays");
  exec(store, store_migrations[8].sql);
  int64_t wrong = -1, rows = 0;
  check(store_number(store, "SELECT count(*) FROM was WHERE batch_id IS NOT (SELECT batch_id FROM play_batches WHERE first_play_id <= was.id"
                            " ORDER BY first_play_id DESC LIMIT 1)", &wrong, &error));
  check(store_number(store, "SELECT count(*) FROM plays", &rows, &error));
  assert_int_equal(wrong, 0);
  assert_int_equal(rows, 10);
  check(store_number(store, "SELECT count(*) FROM play_batches", &rows, &error));
  assert_int_equal(rows, 7);
}

/* They come in the order of their key, which must not leave pages emptier than an import does. */
static void loaded_plays_fill_their_pages(void **state) {
  (void)state;
  Store *store = new_store(), *copy = new_store();
  StoreLoaded loaded;
  int64_t pages = 0, loaded_pages = 0;
  exec(store, "PRAGMA foreign_keys=OFF;"
              "WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 40000)"
              "INSERT INTO plays SELECT 1700000000000 + value * 200000, value % 5000, 180000, value, value % 900, NULL FROM n ORDER BY value % 9 = 0, value");
  Dumped before = dump(store);
  check(load(copy, &before, &loaded));
  Dumped after = dump(copy);
  assert_same(&before, &after);
  check(store_number(store, "PRAGMA page_count", &pages, &error));
  check(store_number(copy, "PRAGMA page_count", &loaded_pages, &error));
  if (loaded_pages > pages + pages / 50) fail_msg("%lld pages became %lld", (long long)pages, (long long)loaded_pages);
}

static Text *table_of(Dumped *dumped, const char *name, TextBuilder **rows) {
  for (size_t i = 0; i < dumped->names.count; i++) {
    *rows = &dumped->tables.items[i];
    if (text_is(dumped->names.items[i], name)) return &dumped->names.items[i];
  }
  fail_msg("no table %s", name);
  return NULL;
}

static void expect_refused(Dumped *dumped, const char *why) {
  Store *store = new_store();
  StoreLoaded loaded;
  Dumped before = dump(store);
  assert_int_equal(load(store, dumped, &loaded), STATUS_FAILED);
  if (!strstr(error.message, why)) print_message("%s\n", error.message);
  assert_non_null(strstr(error.message, why));
  Dumped after = dump(store);
  assert_same(&before, &after); /* nothing of it stays */
}

static void rows_of_another_kind_are_refused(void **state) {
  (void)state;
  static const struct {
    const char *row, *why;
  } cases[] = {
      {"{\"id\":1}\n", "table:1: the next column should be `name`"},
      {"{\"id\":1,\"name\":\"a\",\"value\":\"b\",\"is_deleted\":0,\"deleted_at\":null,\"created_at\":1,\"updated_at\":1,\"more\":1}\n", "more columns than the table `settings`"},
      {"{\"id\":1,\"name\":\"a\",\"value\":[],\"is_deleted\":0,\"deleted_at\":null,\"created_at\":1,\"updated_at\":1}\n", "no value for the column `value`"},
      {"{\"id\":1,\"name\":\"a\",\"value\":null,\"is_deleted\":0,\"deleted_at\":null,\"created_at\":1,\"updated_at\":1}\n", "table:1: "},
      {"{\"id\":1,\"name\":\"a\",\"value\":{\"hex\":\"0\"},\"is_deleted\":0,\"deleted_at\":null,\"created_at\":1,\"updated_at\":1}\n", "not hexadecimal: `0`"},
      {"{\"id\":1,\"name\":\"a\",\"value\":{\"wax\":\"0\"},\"is_deleted\":0,\"deleted_at\":null,\"created_at\":1,\"updated_at\":1}\n", "no such form of a value: `wax`"},
      {"{\"id\":1,\"name\":\"a\",\"value\":{\"hex\":[\"00\",1]},\"is_deleted\":0,\"deleted_at\":null,\"created_at\":1,\"updated_at\":1}\n", "no such form of a value"},
      {"{\"id\":\"one\",\"name\":\"a\",\"value\":\"\",\"is_deleted\":0,\"deleted_at\":null,\"created_at\":1,\"updated_at\":1}\n", "table:1: "},
      {"[1]\n", "this is no row of `settings`"},
      {"{\"id\":1,\"na", "table:1"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Store *store = new_store();
    Dumped dumped = dump(store);
    TextBuilder *rows;
    table_of(&dumped, "settings", &rows);
    text_append(rows, text_of(cases[i].row));
    expect_refused(&dumped, cases[i].why);
  }
}

static void another_set_of_tables_is_told(void **state) {
  (void)state;
  Store *store = new_store();
  Dumped dumped = dump(store);
  TextBuilder *rows;
  StoreLoaded loaded;
  *table_of(&dumped, "settings", &rows) = TEXT_LITERAL("mine");
  expect_refused(&dumped, "the table `settings` is missing");
  exec(store, "CREATE TABLE mine(a); INSERT INTO mine VALUES(1)");
  dumped = dump(store);
  check(load(new_store(), &dumped, &loaded));
  assert_int_equal(loaded.foreign.count, 1);
  assert_string_equal(loaded.foreign.items[0].bytes, "mine");
  dumped.schema = (int64_t)store_migration_count + 1;
  expect_refused(&dumped, "made by a newer Narada");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(any_rows_come_back_the_same, set_up, tear_down),
      cmocka_unit_test_setup_teardown(older_schemas_come_up_to_date, set_up, tear_down),
      cmocka_unit_test_setup_teardown(plays_stay_with_their_imports, set_up, tear_down),
      cmocka_unit_test_setup_teardown(loaded_plays_fill_their_pages, set_up, tear_down),
      cmocka_unit_test_setup_teardown(rows_of_another_kind_are_refused, set_up, tear_down),
      cmocka_unit_test_setup_teardown(another_set_of_tables_is_told, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
