/* Writes the schema that the migrations make, and the rows that they leave in an empty store, as C data: write_schema FILE.
 * A new store is made from it at once; migration by migration would take several times as long, for each changes what those before it made. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/upkeep/migrate.h"

static sqlite3 *db;

static void check(int code) {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
  fprintf(stderr, "write_schema: %s\n", sqlite3_errmsg(db));
  exit(1);
}

static sqlite3_stmt *prepare(const char *sql) {
  sqlite3_stmt *statement = NULL;
  check(sqlite3_prepare_v2(db, sql, -1, &statement, NULL));
  return statement;
}

static bool next(sqlite3_stmt *statement) {
  int code = sqlite3_step(statement);
  check(code);
  if (code == SQLITE_ROW) return true;
  sqlite3_finalize(statement);
  return false;
}

static const char *column(sqlite3_stmt *row, int at) {
  return (const char *)sqlite3_column_text(row, at);
}

static void write_text(FILE *out, const char *text) {
  for (; *text; text++) fprintf(out, "%d,", (unsigned char)*text < 128 ? *text : *text - 256);
}

static void write_statement(FILE *out, const char *sql) {
  write_text(out, sql);
  write_text(out, ";\n");
}

static void write_rows(FILE *out, const char *table) {
  char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"", table);
  sqlite3_stmt *each = prepare(sql);
  sqlite3_free(sql);
  while (next(each)) {
    sqlite3_str *row = sqlite3_str_new(db);
    sqlite3_str_appendf(row, "INSERT INTO \"%w\" VALUES(", table);
    for (int i = 0; i < sqlite3_column_count(each); i++) {
      const char *comma = i ? "," : "";
      if (sqlite3_column_type(each, i) == SQLITE_NULL) sqlite3_str_appendf(row, "%sNULL", comma);
      else if (sqlite3_column_type(each, i) == SQLITE_INTEGER) sqlite3_str_appendf(row, "%s%lld", comma, sqlite3_column_int64(each, i));
      else sqlite3_str_appendf(row, "%s%Q", comma, column(each, i));
    }
    sqlite3_str_appendall(row, ")");
    char *text = sqlite3_str_finish(row);
    write_statement(out, text);
    sqlite3_free(text);
  }
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fputs("usage: write_schema FILE\n", stderr);
    return 2;
  }
  check(sqlite3_open(":memory:", &db));
  for (size_t i = 0; i < store_migration_count; i++) check(sqlite3_exec(db, store_migrations[i].sql, NULL, NULL, NULL));
  FILE *out = fopen(argv[1], "w");
  if (!out) {
    perror(argv[1]);
    return 1;
  }
  fputs("#include \"store/upkeep/migrate.h\"\n\nconst char store_schema[] = {\n", out);
  sqlite3_stmt *each = prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
                               " ORDER BY instr('table index view trigger', type), rowid");
  while (next(each)) write_statement(out, column(each, 0));
  each = prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY rowid");
  while (next(each)) write_rows(out, column(each, 0));
  fputs("0};\n", out);
  bool written = fclose(out) == 0;
  sqlite3_close(db);
  if (!written) perror(argv[1]);
  return written ? 0 : 1;
}
