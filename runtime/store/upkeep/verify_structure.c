#include "store/upkeep/verify_structure.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "store/store_int.h"

static const char sql[] = "SELECT integrity_check FROM pragma_integrity_check(20) WHERE integrity_check <> 'ok'";
enum { SENTENCE_SIZE = 256, BUSY_MS = 5000 };

struct StructureCheck {
  Store *store;
  pthread_t thread;
  bool running, done; /* done: `problems` is what there is */
  uint64_t problems;
  bool beyond_indexes; /* not all of them are in what an index holds */
  char examples[VERIFY_EXAMPLES][SENTENCE_SIZE];
};

/* Of what an index lacks SQLite says which, and counts it then; of pages that cannot be read it does not know whose they are. */
static bool is_of_index(const char *line, size_t length) {
  char words[SENTENCE_SIZE];
  snprintf(words, sizeof words, "%.*s", (int)length, line);
  return strstr(words, " missing from index ") || strncmp(words, "wrong # of entries in index ", 28) == 0;
}

static void add_line(StructureCheck *check, const char *line, size_t length) {
  static const char header[] = "*** in database";
  if (!length || strncmp(line, header, sizeof header - 1) == 0) return;
  if (check->problems < VERIFY_EXAMPLES) snprintf(check->examples[check->problems], SENTENCE_SIZE, "%.*s", (int)length, line);
  check->beyond_indexes = check->beyond_indexes || !is_of_index(line, length);
  check->problems++;
}

/* SQLite puts what it finds in the pages into one row, a line each. */
static void add_lines(StructureCheck *check, const char *lines) {
  for (const char *line = lines; line;) {
    const char *end = strchr(line, '\n');
    add_line(check, line, end ? (size_t)(end - line) : strlen(line));
    line = end ? end + 1 : NULL;
  }
}

/* What it says before it comes to where it cannot read on is what is wrong. */
static bool ask(StructureCheck *check, sqlite3 *db) {
  sqlite3_stmt *each = NULL;
  int code = sqlite3_prepare_v2(db, sql, -1, &each, NULL);
  if (code == SQLITE_OK)
    while ((code = sqlite3_step(each)) == SQLITE_ROW) add_lines(check, (const char *)sqlite3_column_text(each, 0));
  sqlite3_finalize(each);
  return code == SQLITE_DONE || ((code & 0xFF) == SQLITE_CORRUPT && check->problems);
}

static void *work(void *context) {
  StructureCheck *check = context;
  sqlite3 *db = NULL;
  if (sqlite3_open_v2(check->store->path, &db, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READONLY, NULL) == SQLITE_OK) {
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_busy_timeout(db, BUSY_MS);
    check->done = ask(check, db);
  }
  sqlite3_close(db);
  return NULL;
}

static void wait_for(void *object) {
  StructureCheck *check = object;
  if (check->running) pthread_join(check->thread, NULL);
  check->running = false;
}

StructureCheck *structure_check_begin(Store *store) {
  StructureCheck *check = arena_alloc(store->arena, sizeof *check);
  check->store = store;
  arena_defer(store->arena, wait_for, check);
  check->running = strcmp(store->path, ":memory:") != 0 && pthread_create(&check->thread, NULL, work, check) == 0;
  return check;
}

Status structure_check_end(StructureCheck *check, VerifyFinding *out, Error *error) {
  Store *store = check->store;
  wait_for(check);
  if (!check->done) {
    check->problems = 0;
    check->beyond_indexes = false;
    if (!ask(check, store->db)) {
      store_fail(store, error, "checking it");
      return fail_context(error, "%s", out->what);
    }
  }
  if (check->beyond_indexes) out->repair = REPAIR_UNSAFE;
  for (uint64_t i = 0; i < check->problems; i++) verify_problem(store, out, "%s", i < VERIFY_EXAMPLES ? check->examples[i] : "");
  return STATUS_OK;
}
