#include <string.h>
#include <sys/stat.h>

#include "store/store_int.h"

/* Waiting for a writer longer than this would be felt while typing. */
enum { PEEK_BUSY_MS = 20 };

/* SQLite's URI of the path: what has a meaning in one is written %XX. Without a log there is nothing that the file itself does not say; then not even SQLite's
 * own files beside it are made. */
static const char *peek_uri(Arena *arena, const char *path) {
  struct stat log;
  bool quiet = stat(arena_format(arena, "%s-wal", path), &log) != 0 || log.st_size == 0;
  TextBuilder uri = {.arena = arena};
  text_append(&uri, TEXT_LITERAL("file:"));
  for (const char *at = path; *at; at++) {
    if (strchr("?#%", *at)) {
      text_append_format(&uri, "%%%02X", (unsigned)(unsigned char)*at);
    } else {
      text_append_char(&uri, *at);
    }
  }
  if (quiet) text_append(&uri, TEXT_LITERAL("?immutable=1"));
  return text_built(&uri).bytes;
}

static void release_database(void *object) {
  sqlite3_close(object);
}

static void release_statement(void *object) {
  sqlite3_finalize(object);
}

void store_peek_playlists(Arena *arena, const char *path, size_t most, Text **out, size_t *count) {
  VEC(Text) names = {0};
  sqlite3 *database = NULL;
  sqlite3_stmt *each = NULL;
  *out = NULL;
  *count = 0;
  struct stat about;
  if (stat(path, &about) != 0 || !S_ISREG(about.st_mode)) return;
  /* SQLite gives ":memory:" a meaning of its own; a path with a folder has none. */
  const char *place = strchr(path, '/') ? path : arena_format(arena, "./%s", path);
  int opened = sqlite3_open_v2(peek_uri(arena, place), &database, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
  arena_defer(arena, release_database, database);
  if (opened != SQLITE_OK) return;
  sqlite3_busy_timeout(database, PEEK_BUSY_MS);
  sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  if (sqlite3_prepare_v2(database, "SELECT name FROM playlists WHERE is_deleted = 0 ORDER BY name LIMIT ?1", -1, &each, NULL) != SQLITE_OK) return;
  arena_defer(arena, release_statement, each);
  sqlite3_bind_int64(each, 1, (sqlite3_int64)most);
  while (sqlite3_step(each) == SQLITE_ROW) {
    const char *name = (const char *)sqlite3_column_text(each, 0);
    Text text = {name, (size_t)sqlite3_column_bytes(each, 0)};
    if (name && text_invalid_at(text) == text.length) vec_push(arena, &names, text_copy(arena, text));
  }
  *out = names.items;
  *count = names.count;
}
