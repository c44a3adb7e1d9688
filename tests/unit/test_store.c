/* The store: opening, migrating, locking, plays, tracks, likes, playlists; and what happens when something is in the
 * way. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/plays/play_stage.h"
#include "store/upkeep/dump.h"
#include "store/upkeep/load.h"
#include "store/upkeep/migrate.h"
#include "store/upkeep/purge.h"
#include "store/upkeep/verify.h"
#include "store/playlist_keys.h"
#include "store/store_int.h"

#include <cmocka.h> /* last: its macro `fail` hides ours */

#define NOW INT64_C(1700000000000)
#define T0  INT64_C(1600000000000)

typedef struct Place {
  Arena *arena;
  char folder[64];
  char path[96];
  Error error;
} Place;

static int set_up(void **state) {
  Place *place = calloc(1, sizeof *place);
  place->arena = arena_new(0);
  snprintf(place->folder, sizeof place->folder, "/tmp/narada-store-XXXXXX");
  if (!mkdtemp(place->folder)) return -1;
  snprintf(place->path, sizeof place->path, "%s/narada.db", place->folder);
  *state = place;
  return 0;
}

static int tear_down(void **state) {
  Place *place = *state;
  char command[128];
  arena_free(place->arena);
  snprintf(command, sizeof command, "rm -rf '%s'", place->folder);
  int result = system(command);
  free(place);
  return result;
}

static Store *open_store(Place *place, const char *path, StoreMode mode) {
  Store *store = NULL;
  Status status = store_open(place->arena, path, mode, NOW, &store, &place->error);
  if (status != STATUS_OK) print_message("%s\n", place->error.message);
  assert_int_equal(status, STATUS_OK);
  return store;
}

static void close_store(Place *place, Store *store) {
  assert_int_equal(store_close(store, &place->error), STATUS_OK);
}

static void assert_refused(Place *place, const char *path, StoreMode mode, Status status, const char *part) {
  Store *store = NULL;
  place->error.message[0] = '\0';
  assert_int_equal(store_open(place->arena, path, mode, NOW, &store, &place->error), status);
  assert_null(store);
  if (!strstr(place->error.message, part)) print_message("message: %s\n", place->error.message);
  assert_non_null(strstr(place->error.message, part));
  assert_non_null(strstr(place->error.message, path));
}

static int64_t number(Store *store, const char *sql) {
  Error error = {0};
  int64_t value = -1;
  if (store_number(store, sql, &value, &error) != STATUS_OK) print_message("%s: %s\n", sql, error.message);
  assert_int_equal(error.status, STATUS_OK);
  return value;
}

static void sql(Store *store, const char *text) {
  char *message = NULL;
  if (sqlite3_exec(store->db, text, NULL, NULL, &message) != SQLITE_OK) fail_msg("%s: %s", text, message);
}

/* The first column of every row, joined by '|'. */
static const char *joined(Place *place, Store *store, const char *query) {
  sqlite3_stmt *statement = NULL;
  TextBuilder out = {.arena = place->arena};
  assert_int_equal(sqlite3_prepare_v2(store->db, query, -1, &statement, NULL), SQLITE_OK);
  text_append(&out, TEXT_LITERAL(""));
  while (sqlite3_step(statement) == SQLITE_ROW) {
    if (out.length) text_append_char(&out, '|');
    text_append(&out, column_text(statement, 0));
  }
  sqlite3_finalize(statement);
  return out.length ? out.bytes : "";
}

static mode_t mode_of(const char *path) {
  struct stat about;
  assert_int_equal(stat(path, &about), 0);
  return about.st_mode & 07777;
}

static void write_file(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
}

/* ---- opening ---- */

static void new_store_is_private(void **state) {
  Place *place = *state;
  char path[128], folder[96];
  snprintf(folder, sizeof folder, "%s/a/b", place->folder);
  snprintf(path, sizeof path, "%s/narada.db", folder);
  mode_t old = umask(0277); /* takes even the owner's write permission */
  Store *store = open_store(place, path, STORE_WRITE);
  umask(old);
  assert_int_equal(mode_of(path), 0600);
  assert_int_equal(mode_of(folder), 0700);
  assert_string_equal(store_path(store), path);
  assert_int_equal(number(store, "PRAGMA user_version"), (int64_t)store_migration_count);
  assert_int_equal(number(store, "PRAGMA application_id"), STORE_APPLICATION_ID);
  assert_int_equal(number(store, "PRAGMA foreign_keys"), 1);
  assert_int_equal(number(store, "PRAGMA synchronous"), 2);
  assert_string_equal(joined(place, store, "PRAGMA journal_mode"), "wal");
  close_store(place, store);
  store = open_store(place, path, STORE_READ);
  assert_int_equal(number(store, "SELECT count(*) FROM tracks"), 0);
  assert_int_equal(number(store, "PRAGMA foreign_keys"), 1);
  bool added = false;
  assert_int_equal(store_like(store, 1, text_of("x"), T0, &added, &place->error), STATUS_FAILED);
  close_store(place, store);
}

static void opening_twice_changes_nothing(void **state) {
  Place *place = *state;
  close_store(place, open_store(place, place->path, STORE_WRITE));
  Store *store = open_store(place, place->path, STORE_WRITE);
  char backup[128];
  snprintf(backup, sizeof backup, "%s.before-0001", place->path);
  assert_int_equal(access(backup, F_OK), -1);
  close_store(place, store);
}

static void bad_files_are_refused(void **state) {
  Place *place = *state;
  assert_refused(place, place->path, STORE_READ, STATUS_FAILED, "no store yet");
  assert_refused(place, place->folder, STORE_READ, STATUS_FAILED, "is a folder");
  assert_refused(place, place->folder, STORE_WRITE, STATUS_FAILED, "is a folder");
  write_file(place->path, "this is a letter to my aunt, not a database, and it is long enough to be looked at as one");
  assert_refused(place, place->path, STORE_READ, STATUS_FAILED, "is no database");
  assert_refused(place, place->path, STORE_WRITE, STATUS_FAILED, "is no database");
  write_file(place->path, "");
  assert_refused(place, place->path, STORE_READ, STATUS_FAILED, "is empty");
  close_store(place, open_store(place, place->path, STORE_WRITE)); /* an empty file may become a store */
}

static void other_databases_are_refused(void **state) {
  Place *place = *state;
  sqlite3 *db = NULL;
  assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
  assert_int_equal(sqlite3_exec(db, "CREATE TABLE letters(x); INSERT INTO letters VALUES(1)", NULL, NULL, NULL),
                   SQLITE_OK);
  sqlite3_close(db);
  assert_refused(place, place->path, STORE_READ, STATUS_FAILED, "another program");
  assert_refused(place, place->path, STORE_WRITE, STATUS_FAILED, "another program");
  assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
  sqlite3_stmt *statement = NULL;
  assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA journal_mode", -1, &statement, NULL), SQLITE_OK);
  assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
  assert_string_equal(sqlite3_column_text(statement, 0), "delete"); /* untouched */
  sqlite3_finalize(statement);
  sqlite3_close(db);
}

static void newer_store_is_refused(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  sql(store, "PRAGMA user_version=777");
  close_store(place, store);
  const char *message = arena_format(place->arena, "made by a newer Narada (schema 777; this one, %s, reads %zu); upgrade it: %s",
                                     NARADA_VERSION, store_migration_count, NARADA_UPGRADE_COMMAND);
  assert_refused(place, place->path, STORE_READ, STATUS_FAILED, message);
  assert_refused(place, place->path, STORE_WRITE, STATUS_FAILED, message);
}

static void damaged_store_is_told(void **state) {
  Place *place = *state;
  close_store(place, open_store(place, place->path, STORE_WRITE));
  int file = open(place->path, O_RDWR);
  char noise[8192];
  memset(noise, 0x5A, sizeof noise);
  assert_int_equal(pwrite(file, noise, sizeof noise, 100), (ssize_t)sizeof noise);
  close(file);
  assert_refused(place, place->path, STORE_READ, STATUS_FAILED, "damaged");
}

static void no_permission_is_told(void **state) {
  Place *place = *state;
  if (geteuid() == 0) skip();
  close_store(place, open_store(place, place->path, STORE_WRITE));
  assert_int_equal(chmod(place->path, 0), 0);
  assert_refused(place, place->path, STORE_READ, STATUS_FAILED, "no permission to read");
  assert_int_equal(chmod(place->path, 0400), 0);
  assert_refused(place, place->path, STORE_WRITE, STATUS_FAILED, "no permission to write");
}

static void odd_names_are_files(void **state) {
  Place *place = *state;
  char folder[1024];
  assert_non_null(getcwd(folder, sizeof folder));
  assert_int_equal(chdir(place->folder), 0);
  close_store(place, open_store(place, ":memory:", STORE_WRITE));
  assert_true(store_exists(":memory:"));
  close_store(place, open_store(place, "file:x?mode=memory", STORE_WRITE));
  assert_true(store_exists("file:x?mode=memory"));
  Store *store = NULL;
  assert_int_equal(store_open(place->arena, "", STORE_WRITE, NOW, &store, &place->error), STATUS_USAGE);
  assert_int_equal(chdir(folder), 0);
}

static void default_path_follows_the_environment(void **state) {
  Place *place = *state;
  Text path;
  setenv("NARADA_STORE", "/n/s.db", 1);
  setenv("XDG_DATA_HOME", "/x", 1);
  assert_int_equal(store_default_path(place->arena, "/o.db", &path, NULL), STATUS_OK);
  assert_string_equal(path.bytes, "/o.db");
  assert_int_equal(store_default_path(place->arena, NULL, &path, NULL), STATUS_OK);
  assert_string_equal(path.bytes, "/n/s.db");
  unsetenv("NARADA_STORE");
  assert_int_equal(store_default_path(place->arena, NULL, &path, NULL), STATUS_OK);
  assert_string_equal(path.bytes, "/x/narada/narada.db");
  setenv("XDG_DATA_HOME", "relative", 1);
  setenv("HOME", "/h", 1);
  assert_int_equal(store_default_path(place->arena, "", &path, NULL), STATUS_OK);
  assert_string_equal(path.bytes, "/h/.local/share/narada/narada.db");
  unsetenv("HOME");
  assert_int_equal(store_default_path(place->arena, NULL, &path, &place->error), STATUS_USAGE);
  assert_non_null(strstr(place->error.message, "--store"));
  unsetenv("XDG_DATA_HOME");
}

/* ---- locking ---- */

static void one_writer_at_a_time(void **state) {
  Place *place = *state;
  int ready[2], done[2];
  char byte = 0;
  assert_int_equal(pipe(ready) | pipe(done), 0);
  pid_t child = fork();
  if (child == 0) {
    Store *store = NULL;
    Arena *arena = arena_new(0);
    byte = store_open(arena, place->path, STORE_WRITE, NOW, &store, NULL) == STATUS_OK;
    if (write(ready[1], &byte, 1) != 1 || read(done[0], &byte, 1) != 1) _exit(1);
    _exit(0); /* without closing: the lock goes with the process */
  }
  assert_int_equal(read(ready[0], &byte, 1), 1);
  assert_int_equal(byte, 1);
  char holder[64];
  snprintf(holder, sizeof holder, "process %ld is writing", (long)child);
  assert_refused(place, place->path, STORE_WRITE, STATUS_BUSY, holder);
  close_store(place, open_store(place, place->path, STORE_READ)); /* readers need no lock */
  assert_int_equal(write(done[1], &byte, 1), 1);
  assert_int_equal(waitpid(child, NULL, 0), child);
  close_store(place, open_store(place, place->path, STORE_WRITE));
  for (int i = 0; i < 2; i++) close(ready[i]), close(done[i]);
}

static void two_stores_side_by_side(void **state) {
  Place *place = *state;
  char other[128];
  snprintf(other, sizeof other, "%s/other.db", place->folder);
  Store *a = open_store(place, place->path, STORE_WRITE), *b = open_store(place, other, STORE_WRITE);
  int64_t id = 0;
  StoreTrack track = {.title = text_of("One"), .duration_ms = -1, .explicit_content = TRISTATE_MISSING};
  assert_int_equal(store_add_track(a, &track, &id, NULL), STATUS_OK);
  assert_int_equal(store_highest_track(a), 1);
  assert_int_equal(store_highest_track(b), 0);
  close_store(place, a);
  assert_int_equal(store_add_track(b, &track, &id, NULL), STATUS_OK);
  close_store(place, b);
}

/* ---- migrations ---- */

/* The migrations there are and one more. */
static const Migration *with_another(Place *place, const char *more) {
  Migration *all = arena_array(place->arena, store_migration_count + 1, sizeof *all);
  memcpy(all, store_migrations, store_migration_count * sizeof *all);
  all[store_migration_count] = (Migration){(int)store_migration_count + 1, "9999_more.sql", more};
  return all;
}

/* A store as the Narada of that schema left it, with a row or more in what it had. */
static void make_old_store(Place *place, const char *path, int schema) {
  sqlite3 *db = NULL;
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  for (int i = 0; i < schema; i++) {
    assert_int_equal(sqlite3_exec(db, store_migrations[i].sql, NULL, NULL, NULL), SQLITE_OK);
    const char *const filling[] = {
        "INSERT INTO tracks(title, artists, spotify_id, created_at, updated_at) VALUES('kept', '[\"A\",\"B\"]', 'x', 1, 1);"
        "INSERT INTO connector_tracks(connector_name, connector_track_id, title, artists, last_updated, created_at, updated_at)"
        " VALUES('spotify', 'x', 'kept', '[\"A\"]', 1, 1, 1);"
        "INSERT INTO track_mappings(track_id, connector_track_id, match_method, confidence, created_at, updated_at)"
        " VALUES(1, 1, 'spotify_id', 100, 1, 1);"
        "INSERT INTO import_batches(batch, import_source, import_timestamp, first_play_id, last_play_id, rows_read, stored,"
        " created_at, updated_at) VALUES('b', 's', 1, 1, 1, 1, 1, 1, 1);"
        "INSERT INTO play_contexts VALUES(1, 'spotify', '', '', '', '', '', -1, -1, -1, -1, 0, NULL, 1, 1);"
        "INSERT INTO plays VALUES(1600000000000, 1, 200000, 1, 1, 1, NULL);"
        "INSERT INTO track_likes(track_id, service, created_at, updated_at) VALUES(1, 'x', 1, 1);"
        "INSERT INTO playlists(name, track_count, created_at, updated_at) VALUES('p', 1, 1, 1);"
        "INSERT INTO playlist_tracks(playlist_id, track_id, sort_key, created_at, updated_at)"
        " VALUES(1, 1, 'a0000000', 1, 1);",
        "INSERT INTO track_tags(track_id, tag, created_at, updated_at) VALUES(1, 'chill', 1, 1);"
        "INSERT INTO track_ratings(track_id, rating, created_at, updated_at) VALUES(1, 5, 1, 1);"};
    if (i < (int)(sizeof filling / sizeof *filling)) assert_int_equal(sqlite3_exec(db, filling[i], NULL, NULL, NULL), SQLITE_OK);
  }
  const char *stamp = arena_format(place->arena, "PRAGMA application_id=%d;PRAGMA user_version=%d;PRAGMA journal_mode=WAL",
                                   STORE_APPLICATION_ID, schema);
  assert_int_equal(sqlite3_exec(db, stamp, NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close(db);
}

static void a_new_store_is_what_the_migrations_make(void **state) {
  static const char *const all[] = {"SELECT type || name || tbl_name || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name", "SELECT name || is_current FROM derived ORDER BY name",
                                    "SELECT application_id || ' ' || user_version FROM pragma_application_id, pragma_user_version"};
  Place *place = *state;
  Store *at_once = open_store(place, place->path, STORE_WRITE);
  assert_int_equal(number(at_once, "PRAGMA user_version"), (int64_t)store_migration_count);
  Store one_by_one = {.arena = place->arena, .mode = STORE_WRITE, .path = ":memory:"};
  assert_int_equal(sqlite3_open(":memory:", &one_by_one.db), SQLITE_OK);
  const Migration *copied = with_another(place, ""); /* any list but the program's own */
  assert_int_equal(migrate_apply(&one_by_one, copied, store_migration_count, 0, true, &place->error), STATUS_OK);
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) assert_string_equal(joined(place, at_once, all[i]), joined(place, &one_by_one, all[i]));
  const char *sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'";
  sqlite3_stmt *each = NULL;
  assert_int_equal(sqlite3_prepare_v2(one_by_one.db, sql, -1, &each, NULL), SQLITE_OK);
  while (sqlite3_step(each) == SQLITE_ROW) {
    const char *count = arena_format(place->arena, "SELECT count(*) FROM \"%s\"", (const char *)sqlite3_column_text(each, 0));
    assert_int_equal(number(at_once, count), number(&one_by_one, count));
  }
  sqlite3_finalize(each);
  sqlite3_close(one_by_one.db);
  close_store(place, at_once);
}

static void stores_of_every_older_schema_are_brought_up_to_date(void **state) {
  Place *place = *state;
  for (int schema = 1; schema <= (int)store_migration_count; schema++) {
    const char *path = arena_format(place->arena, "%s/old-%d.db", place->folder, schema);
    make_old_store(place, path, schema);
    Store *store = open_store(place, path, STORE_WRITE);
    assert_int_equal(number(store, "PRAGMA user_version"), (int64_t)store_migration_count);
    assert_string_equal(joined(place, store, "SELECT title || artists || spotify_id FROM tracks"), "kept[\"A\",\"B\"]x");
    assert_string_equal(joined(place, store, "SELECT track_id || ' ' || played_at || ' ' || ms_played || service FROM track_plays"),
                        "1 1600000000000 200000spotify");
    assert_string_equal(joined(place, store, "SELECT title || ' ' || played_at || ' ' || heard FROM readable_plays"),
                        "kept 2020-09-13 12:26:40 3:20");
    assert_int_equal(number(store, "SELECT count(*) FROM track_likes"), 1);
    assert_string_equal(joined(place, store, "SELECT sort_key FROM playlist_tracks"), "a0000000");
    assert_int_equal(number(store, "SELECT count(*) FROM track_tags"), schema > 1);
    assert_int_equal(number(store, "SELECT count(*) FROM track_ratings"), schema > 1);
    assert_int_equal(number(store, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    int64_t track = 0;
    assert_int_equal(store_find_by_spotify_id(store, TEXT_LITERAL("x"), &track, NULL), STATUS_OK);
    assert_int_equal(track, 1);
    close_store(place, store);
    const char *backup = arena_format(place->arena, "%s.before-%04d", path, schema + 1);
    assert_int_equal(access(backup, F_OK), schema < (int)store_migration_count ? 0 : -1);
  }
}

static void migration_makes_a_copy_first(void **state) {
  Place *place = *state;
  int newest = (int)store_migration_count;
  const Migration *more = with_another(place, "CREATE TABLE more(x INTEGER); INSERT INTO more VALUES(42)");
  const char *backup = arena_format(place->arena, "%s.before-%04d", place->path, newest + 1);
  Store *store = open_store(place, place->path, STORE_WRITE);
  sql(store, "INSERT INTO tracks(title, created_at, updated_at) VALUES('kept', 1, 1)");
  assert_int_equal(migrate_apply(store, more, (size_t)newest + 1, newest, true, &place->error), STATUS_OK);
  assert_int_equal(number(store, "PRAGMA user_version"), newest + 1);
  assert_int_equal(number(store, "SELECT x FROM more"), 42);
  close_store(place, store);
  assert_int_equal(mode_of(backup), 0600);
  store = open_store(place, backup, STORE_READ); /* a whole store of the old schema */
  assert_int_equal(number(store, "PRAGMA user_version"), newest);
  assert_string_equal(joined(place, store, "SELECT title FROM tracks"), "kept");
  close_store(place, store);
  /* Another store in its place, as one that was copied there: what the first became stays. */
  const char *other = arena_format(place->arena, "%s/other.db", place->folder);
  store = open_store(place, other, STORE_WRITE);
  close_store(place, store);
  assert_int_equal(rename(other, place->path), 0);
  store = open_store(place, place->path, STORE_WRITE);
  assert_int_equal(migrate_apply(store, more, (size_t)newest + 1, newest, true, &place->error), STATUS_OK);
  close_store(place, store);
  store = open_store(place, backup, STORE_READ);
  assert_string_equal(joined(place, store, "SELECT title FROM tracks"), "kept");
  close_store(place, store);
  store = open_store(place, arena_format(place->arena, "%s-2", backup), STORE_READ);
  assert_string_equal(joined(place, store, "SELECT title FROM tracks"), "");
  close_store(place, store);
}

static void failed_migration_leaves_the_store_as_it_was(void **state) {
  Place *place = *state;
  int newest = (int)store_migration_count;
  const Migration *bad = with_another(place, "CREATE TABLE more(x INTEGER); INSERT INTO nowhere VALUES(1)");
  Store *store = open_store(place, place->path, STORE_WRITE);
  assert_int_equal(migrate_apply(store, bad, (size_t)newest + 1, newest, true, &place->error), STATUS_FAILED);
  assert_non_null(strstr(place->error.message, "9999_more.sql"));
  assert_int_equal(number(store, "PRAGMA user_version"), newest);
  assert_int_equal(number(store, "SELECT count(*) FROM sqlite_schema WHERE name = 'more'"), 0);
  close_store(place, store);
  /* Each command would leave another copy of what is there. */
  const char *copy = arena_format(place->arena, "%s.before-%04d", place->path, newest + 1);
  assert_int_equal(access(copy, F_OK), -1);
  assert_int_equal(access(arena_format(place->arena, "%s.sha256", copy), F_OK), -1);
}

/* Nothing is changed where the copy cannot be made. */
static void no_copy_no_migration(void **state) {
  Place *place = *state;
  const char *path = arena_format(place->arena, "%s/old.db", place->folder);
  make_old_store(place, path, 1);
  assert_int_equal(mkdir(arena_format(place->arena, "%s.before-0002.new", path), 0700), 0);
  assert_int_equal(mkdir(arena_format(place->arena, "%s.before-0002.new/x", path), 0700), 0);
  Store *store = NULL;
  assert_int_equal(store_open(place->arena, path, STORE_WRITE, NOW, &store, &place->error), STATUS_FAILED);
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &statement, NULL), SQLITE_OK);
  assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
  assert_int_equal(sqlite3_column_int(statement, 0), 1);
  sqlite3_finalize(statement);
  sqlite3_close(db);
}

/* ---- the schema that readers see ---- */

typedef struct Shape {
  const char *name;
  const char *columns;
} Shape;

static void names_of_the_data_model_hold(void **state) {
  Place *place = *state;
  static const Shape shapes[] = {
      {"tracks", "title artists album duration_ms release_date spotify_id isrc mbid"},
      {"connector_tracks",
       "connector_name connector_track_id title artists album duration_ms isrc release_date raw_metadata last_updated"},
      {"track_mappings", "track_id connector_track_id match_method confidence evidence"},
      {"track_metrics", "track_id connector_name metric_type value collected_at"},
      {"track_likes", "track_id service is_liked liked_at last_synced"},
      {"track_plays", "track_id service played_at ms_played context import_timestamp import_source import_batch_id"},
      {"playlists", "name description track_count"},
      {"playlist_mappings", "playlist_id connector_name connector_playlist_id last_synced"},
      {"playlist_tracks", "playlist_id track_id sort_key"},
      {"sync_checkpoints", "user_id service entity_type last_timestamp cursor"},
      {"track_tags", "track_id tag"},
      {"track_ratings", "track_id rating"},
      {"track_preferences", "track_id preference"},
      {"settings", "name value"},
      {"workflow_versions", "content_hash name"},
      {"workflow_version_files", "version_id position name content"},
      {"runs", "version_id plan_id parameters zone seed status exit_code message notices started_at ended_at"},
      {"run_nodes", "run_id position line stage status rows_in rows_out dropped_missing duration_us"},
      {"outbox", "run_id connector_name account operation target request_key request before_image state attempts"},
      {"response_cache", "connector_name request_key http_status validator body fetched_at expires_at"},
      {"resolution_events", "connector_track_id track_id event match_method confidence evidence occurred_at retry_at"},
  };
  Store *store = open_store(place, place->path, STORE_WRITE);
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    char all[512], query[128];
    snprintf(all, sizeof all, "id %s is_deleted deleted_at created_at updated_at", shapes[i].columns);
    snprintf(query, sizeof query, "SELECT name FROM pragma_table_info('%s')", shapes[i].name);
    char there[1024];
    snprintf(there, sizeof there, "|%s|", joined(place, store, query));
    for (char *word = strtok(all, " "); word; word = strtok(NULL, " ")) {
      char wanted[64];
      snprintf(wanted, sizeof wanted, "|%s|", word);
      if (!strstr(there, wanted)) fail_msg("%s has no column %s", shapes[i].name, word);
    }
  }
  assert_string_equal(joined(place, store, "SELECT name FROM pragma_table_info('track_plays')"),
                      "id|track_id|service|played_at|ms_played|context|import_timestamp|import_source|import_batch_id|"
                      "is_deleted|deleted_at|created_at|updated_at");
  close_store(place, store);
}

/* Reading brings an old store up to date too, as far as it may. */
static void readers_of_an_old_store_bring_it_up_to_date(void **state) {
  Place *place = *state;
  make_old_store(place, place->path, 1);
  Store *store = open_store(place, place->path, STORE_READ);
  assert_string_equal(joined(place, store, "SELECT title FROM readable_tracks"), "kept");
  assert_int_equal(store_tag(store, 1, TEXT_LITERAL("x"), &place->error), STATUS_FAILED);
  close_store(place, store);
  const char *other = arena_format(place->arena, "%s/held.db", place->folder);
  make_old_store(place, other, 1);
  int lock = open(arena_format(place->arena, "%s.lock", other), O_RDWR | O_CREAT, 0600);
  assert_int_equal(flock(lock, LOCK_EX), 0);
  assert_refused(place, other, STORE_READ, STATUS_BUSY, "was made by an older Narada (schema 1; this one reads");
  close(lock);
}

typedef struct Seen {
  char text[256];
} Seen;

static bool see_tag(void *context, int64_t track, Text tag) {
  Seen *seen = context;
  size_t used = strlen(seen->text);
  snprintf(seen->text + used, sizeof seen->text - used, "%lld=" TEXT_FORMAT " ", (long long)track, TEXT_ARG(tag));
  return true;
}

static bool see_rating(void *context, int64_t track, int rating) {
  Seen *seen = context;
  size_t used = strlen(seen->text);
  snprintf(seen->text + used, sizeof seen->text - used, "%lld=%d ", (long long)track, rating);
  return true;
}

static void marks_are_put_and_taken(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  sql(store, "INSERT INTO tracks(title, created_at, updated_at) VALUES('a', 1, 1), ('b', 1, 1), ('c', 1, 1)");
  sql(store, "UPDATE tracks SET is_deleted = 1 WHERE id = 3");
  const char *const tags[] = {"z", "mood:chill", "z"};
  for (size_t i = 0; i < 3; i++) assert_int_equal(store_tag(store, 1, text_of(tags[i]), NULL), STATUS_OK);
  assert_int_equal(store_tag(store, 3, TEXT_LITERAL("gone"), NULL), STATUS_OK);
  assert_int_equal(store_tag(store, 2, TEXT_LITERAL("a b"), NULL), STATUS_OK);
  assert_int_equal(store_untag(store, 1, TEXT_LITERAL("z"), NULL), STATUS_OK);
  assert_int_equal(store_untag(store, 2, TEXT_LITERAL("z"), NULL), STATUS_OK);
  Seen seen = {""};
  assert_int_equal(store_each_tag(store, see_tag, &seen, NULL), STATUS_OK);
  assert_string_equal(seen.text, "1=mood:chill 2=a b ");
  bool has = true;
  assert_int_equal(store_has_tag(store, 1, TEXT_LITERAL("z"), &has, NULL), STATUS_OK);
  assert_false(has);
  assert_int_equal(number(store, "SELECT count(*) FROM track_tags WHERE is_deleted = 1 AND deleted_at IS NOT NULL"), 1);
  assert_int_equal(store_tag(store, 1, TEXT_LITERAL("z"), NULL), STATUS_OK); /* the same row again */
  assert_int_equal(number(store, "SELECT count(*) FROM track_tags WHERE track_id = 1 AND is_deleted = 0"), 2);
  assert_int_equal(number(store, "SELECT count(*) FROM track_tags"), 4);

  assert_int_equal(store_rate(store, 1, 5, NULL), STATUS_OK);
  assert_int_equal(store_rate(store, 2, 3, NULL), STATUS_OK);
  assert_int_equal(store_rate(store, 2, 1, NULL), STATUS_OK);
  assert_int_equal(store_rate(store, 3, 4, NULL), STATUS_OK);
  seen.text[0] = '\0';
  assert_int_equal(store_each_rating(store, see_rating, &seen, NULL), STATUS_OK);
  assert_string_equal(seen.text, "1=5 2=1 ");
  int rating = 0;
  assert_int_equal(store_rate(store, 1, 0, NULL), STATUS_OK);
  assert_int_equal(store_rating(store, 1, &rating, NULL), STATUS_OK);
  assert_int_equal(rating, 0);
  assert_int_equal(store_rate(store, 1, 2, NULL), STATUS_OK);
  assert_int_equal(store_rating(store, 1, &rating, NULL), STATUS_OK);
  assert_int_equal(rating, 2);
  assert_int_equal(number(store, "SELECT count(*) FROM track_ratings"), 3);
  close_store(place, store);
}

static void best_mapping_is_found(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  int64_t track = 9;
  int confidence = 9;
  sql(store, "INSERT INTO tracks(title, created_at, updated_at) VALUES('a', 1, 1), ('b', 1, 1), ('c', 1, 1)");
  sql(store, "INSERT INTO connector_tracks(connector_name, connector_track_id, last_updated, created_at, updated_at)"
             " VALUES('spotify', 'x', 1, 1, 1), ('lastfm', 'x', 1, 1, 1)");
  sql(store, "INSERT INTO track_mappings(track_id, connector_track_id, match_method, confidence, created_at, updated_at)"
             " VALUES(1, 1, 'm', 60, 1, 1), (2, 1, 'm', 85, 1, 1), (3, 1, 'm', 99, 1, 1), (1, 2, 'm', 70, 1, 1)");
  sql(store, "UPDATE track_mappings SET is_deleted = 1 WHERE track_id = 3");
  assert_int_equal(store_find_mapping(store, TEXT_LITERAL("spotify"), TEXT_LITERAL("x"), &track, &confidence, NULL), STATUS_OK);
  assert_int_equal(track, 2);
  assert_int_equal(confidence, 85);
  sql(store, "UPDATE tracks SET is_deleted = 1 WHERE id = 2");
  assert_int_equal(store_find_mapping(store, TEXT_LITERAL("spotify"), TEXT_LITERAL("x"), &track, &confidence, NULL), STATUS_OK);
  assert_int_equal(track, 1);
  assert_int_equal(confidence, 60);
  assert_int_equal(store_find_mapping(store, TEXT_LITERAL("spotify"), TEXT_LITERAL("y"), &track, &confidence, NULL), STATUS_OK);
  assert_int_equal(track, 0);
  close_store(place, store);
}

static void bad_marks_are_refused(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  sql(store, "INSERT INTO tracks(title, created_at, updated_at) VALUES('a', 1, 1)");
  const char *const bad[] = {"", "Mood", "mood: x", ":x", "x:", "caf\xC3\xA9", "a  b", " a"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_int_equal(store_tag(store, 1, text_of(bad[i]), &place->error), STATUS_FAILED);
    assert_non_null(strstr(place->error.message, "a tag is 1 to 64 of the letters"));
  }
  assert_int_equal(store_tag(store, 9, TEXT_LITERAL("x"), &place->error), STATUS_FAILED);
  assert_non_null(strstr(place->error.message, "FOREIGN KEY"));
  assert_int_equal(store_rate(store, 1, 6, &place->error), STATUS_FAILED);
  close_store(place, store);
  store = open_store(place, place->path, STORE_READ);
  assert_int_equal(store_tag(store, 1, TEXT_LITERAL("x"), &place->error), STATUS_FAILED);
  assert_int_equal(store_rate(store, 1, 1, &place->error), STATUS_FAILED);
  assert_non_null(strstr(place->error.message, "is open for reading only"));
  close_store(place, store);
}

static void foreign_keys_are_enforced(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  bool added = false;
  assert_int_equal(store_like(store, 99, text_of("library"), T0, &added, &place->error), STATUS_FAILED);
  assert_non_null(strstr(place->error.message, "FOREIGN KEY"));
  close_store(place, store);
}

typedef enum Reach { INDEXED, WHOLE } Reach;
static const struct {
  const char *name;
  Reach reach;
} statements[] = {
#define STATEMENT(id, reach, text) {#id, reach},
#include "store/statements.def"
#undef STATEMENT
};

/* The views, asked as people and programs ask them. */
static const struct {
  const char *query;
  Reach reach;
} questions[] = {
    {"SELECT * FROM readable_tracks WHERE track_id = 7", INDEXED},
    {"SELECT * FROM readable_tracks ORDER BY track_id DESC LIMIT 1", INDEXED},
    {"SELECT * FROM readable_plays WHERE played_at_ms >= 1600000000000 AND played_at_ms < 1700000000000", INDEXED},
    {"SELECT * FROM readable_plays WHERE played_at_ms >= 1600000000000 ORDER BY played_at_ms DESC LIMIT 50", INDEXED},
    {"SELECT * FROM track_plays WHERE played_at >= 1600000000000 ORDER BY played_at", INDEXED},
    {"SELECT * FROM episode_plays WHERE played_at >= 1600000000000 ORDER BY played_at", INDEXED},
    {"SELECT * FROM track_preferences WHERE track_id = 7", INDEXED},
    {"SELECT * FROM readable_likes WHERE track_id = 7", INDEXED},
    {"SELECT * FROM readable_playlists WHERE name = 'x'", INDEXED},
    {"SELECT * FROM readable_playlist_tracks WHERE playlist_id = 7 ORDER BY sort_key", INDEXED},
    {"SELECT * FROM readable_playlist_tracks WHERE playlist = 'x' ORDER BY sort_key", WHOLE}, /* names repeat: sorted */
    {"SELECT id, track_id, played_at, ms_played FROM listens WHERE played_at >= 1600000000000 ORDER BY played_at", INDEXED},
    {"SELECT * FROM observations WHERE played_at >= 1600000000000 ORDER BY played_at", INDEXED},
    {"SELECT * FROM readable_imports ORDER BY import_id DESC LIMIT 1", INDEXED},
    {"SELECT * FROM readable_runs WHERE run_id = 7", INDEXED},
    {"SELECT * FROM outbox WHERE connector_name = 'x' AND account = '' AND (state = 'pending' OR state = 'sending')"
     " ORDER BY id", INDEXED},
    {"SELECT body FROM response_cache WHERE connector_name = 'x' AND request_key = 'y'", INDEXED},
    {"DELETE FROM response_cache WHERE expires_at < 7", INDEXED},
    {"SELECT * FROM resolution_events WHERE connector_track_id = 7 ORDER BY occurred_at DESC LIMIT 1", INDEXED},
    {"SELECT * FROM resolution_events WHERE track_id = 7", INDEXED},
};

/* SQLite says "SEARCH t USING INDEX ..." for a look-up and "SCAN t" for reading all of it; "SCAN t" of one row that
 * ORDER BY ... LIMIT 1 ends is a look-up too, and so is reading the items of a list or the tags of one track. */
static void check_plan(Place *place, Store *store, const char *name, const char *text, Reach reach) {
  const char *query = arena_format(place->arena, "EXPLAIN QUERY PLAN %s", text);
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(store->db, query, -1, &statement, NULL) != SQLITE_OK) fail_msg("%s: %s", name, sqlite3_errmsg(store->db));
  bool inside = false; /* a subquery that lists what belongs to one row */
  while (sqlite3_step(statement) == SQLITE_ROW) {
    const char *detail = (const char *)sqlite3_column_text(statement, 3);
    if (strstr(detail, "CO-ROUTINE") || strstr(detail, "json_each")) inside = true;
    bool last_one = (strstr(text, "DESC LIMIT ") || strstr(text, "played_at LIMIT 1")) && !strstr(detail, "TEMP B-TREE");
    bool listing = strstr(detail, "json_each") || (inside && strstr(detail, "SCAN (subquery"));
    bool bad = !listing && (strstr(detail, "SCAN") || strstr(detail, "TEMP B-TREE"));
    if (bad && reach == INDEXED && !last_one) fail_msg("%s: %s", name, detail);
  }
  sqlite3_finalize(statement);
}

/* The statements of an upkeep that reads all of a table: what they look up for each of its rows must not read another. */
static void check_no_scan_per_row(Place *place, Store *store, const char *name, const char *text) {
  const char *query = arena_format(place->arena, "EXPLAIN QUERY PLAN %s", text);
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(store->db, query, -1, &statement, NULL) != SQLITE_OK) fail_msg("%s: %s", name, sqlite3_errmsg(store->db));
  VEC(int) inside = {0}; /* parts of the plan that are run for each row of another */
  while (sqlite3_step(statement) == SQLITE_ROW) {
    const char *detail = (const char *)sqlite3_column_text(statement, 3);
    bool repeated = strncmp(detail, "CORRELATED", 10) == 0;
    for (size_t i = 0; i < inside.count && !repeated; i++) repeated = inside.items[i] == sqlite3_column_int(statement, 1);
    if (!repeated) continue;
    vec_push(place->arena, &inside, sqlite3_column_int(statement, 0));
    if (strstr(detail, "SCAN") && !strstr(detail, "json_each") && !strstr(detail, "CONSTANT ROW")) fail_msg("%s: for each row: %s", name, detail);
  }
  sqlite3_finalize(statement);
}

static const struct {
  const char *name, *sql;
} upkeep[] = {
#define PURGE(one, many, table, condition) {"purge of " many, "DELETE FROM " table " WHERE " condition},
#include "store/upkeep/purge.def"
#undef PURGE
#define CHECK(what, sql) {"check: " what, sql},
#include "store/upkeep/verify_checks.def"
};

/* A check of verify_checks.def reads no table of plays: each reading takes a second for some millions, each sorting their memory. */
static void check_leaves_plays_alone(Place *place, Store *store, const char *name, const char *text) {
  sqlite3_stmt *statement = NULL;
  assert_int_equal(sqlite3_prepare_v2(store->db, arena_format(place->arena, "EXPLAIN QUERY PLAN %s", text), -1, &statement, NULL), SQLITE_OK);
  while (sqlite3_step(statement) == SQLITE_ROW) {
    const char *detail = (const char *)sqlite3_column_text(statement, 3);
    if (strstr(detail, " plays") || strstr(detail, "play_listens")) fail_msg("%s: %s", name, detail);
  }
  sqlite3_finalize(statement);
}

static void check_upkeep(Place *place, Store *store) {
#define CHECK(what, sql) check_leaves_plays_alone(place, store, what, sql);
#include "store/upkeep/verify_checks.def"
  for (size_t i = 0; i < sizeof upkeep / sizeof *upkeep; i++) check_no_scan_per_row(place, store, upkeep[i].name, upkeep[i].sql);
  for (int id = 0; id < SQL_COUNT; id++) check_no_scan_per_row(place, store, statements[id].name, store_sql((StatementId)id));
}

/* ---- queries that are put together as they are needed: seen as SQLite gets them ---- */

typedef struct LastQuery {
  Arena *arena;
  const char *sql;
} LastQuery;

static int keep_query(unsigned event, void *context, void *statement, void *text) {
  LastQuery *last = context;
  (void)event;
  (void)statement;
  last->sql = arena_format(last->arena, "%s", (const char *)text);
  return 0;
}

static bool no_play(void *context, const StorePlay *play) {
  (void)context;
  (void)play;
  return true;
}

static bool no_track(void *context, const StoreTrack *track) {
  (void)context;
  (void)track;
  return true;
}

static void no_total(void *context, int64_t track, Instant first_played) {
  (void)context;
  (void)track;
  (void)first_played;
}

/* Finds its rows by the key of their table and hands them out in its order. */
static void check_last(Place *place, Store *store, LastQuery *last, const char *table) {
  sqlite3_trace_v2(store->db, 0, NULL, NULL);
  assert_non_null(last->sql);
  if (!strstr(last->sql, table)) fail_msg("%s is not about %s", last->sql, table);
  const char *query = arena_format(place->arena, "EXPLAIN QUERY PLAN %s", last->sql);
  sqlite3_stmt *statement = NULL;
  assert_int_equal(sqlite3_prepare_v2(store->db, query, -1, &statement, NULL), SQLITE_OK);
  while (sqlite3_step(statement) == SQLITE_ROW) {
    const char *detail = (const char *)sqlite3_column_text(statement, 3);
    bool by_time = strstr(last->sql, "played_at >= ?1") != NULL;
    if (strstr(detail, "TEMP B-TREE") || (by_time && strstr(detail, "SCAN"))) fail_msg("%s: %s", last->sql, detail);
  }
  sqlite3_finalize(statement);
  *last = (LastQuery){.arena = place->arena};
  sqlite3_trace_v2(store->db, SQLITE_TRACE_STMT, keep_query, last);
}

static void composed_queries_use_indexes(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  const StoreCondition plays = {TEXT_LITERAL("ms_played >= ?3"), &(StoreBind){.integer = 30000}, 1};
  const StoreCondition tracks = {TEXT_LITERAL("duration_ms >= ?3"), &(StoreBind){.integer = 30000}, 1};
  const StoreCondition totals = {TEXT_LITERAL("plays >= ?3"), &(StoreBind){.integer = 3}, 1};
  uint64_t bits[1] = {0};
  const StoreFigures *figures;
  LastQuery last = {.arena = place->arena};
  sqlite3_trace_v2(store->db, SQLITE_TRACE_STMT, keep_query, &last);
  assert_int_equal(store_each_play_where(store, (InstantRange){T0, NOW}, PLAYS_AS_OBSERVED, &plays, no_play, NULL, NULL), STATUS_OK);
  check_last(place, store, &last, "FROM plays");
  assert_int_equal(store_tracks_where(store, &tracks, bits, 1, NULL), STATUS_OK);
  check_last(place, store, &last, "FROM tracks");
  assert_int_equal(store_played_where(store, &totals, no_total, NULL, NULL), STATUS_OK);
  check_last(place, store, &last, "FROM track_totals");
  assert_int_equal(store_each_track(store, TRACK_TITLE, no_track, NULL, NULL), STATUS_OK);
  check_last(place, store, &last, "FROM tracks");
  assert_int_equal(store_figures(store, 1, &figures, NULL), STATUS_OK);
  check_last(place, store, &last, "FROM track_totals WHERE place(");
  sqlite3_trace_v2(store->db, 0, NULL, NULL);
  close_store(place, store);
}

/* ---- upkeep: every query of it, as SQLite gets them ---- */

typedef struct Queries {
  Arena *arena;
  VEC(const char *) all;
} Queries;

static int note_query(unsigned event, void *context, void *statement, void *text) {
  Queries *queries = context;
  (void)event;
  (void)statement;
  static const char *const verbs[] = {"SELECT", "DELETE", "UPDATE", "INSERT", "WITH"};
  for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
    if (strncmp(text, verbs[i], strlen(verbs[i])) == 0) vec_push(queries->arena, &queries->all, arena_format(queries->arena, "%s", (const char *)text));
  return 0;
}

static Status no_row(void *context, Text table, Text line, Error *error) {
  (void)context;
  (void)table;
  (void)line;
  (void)error;
  return STATUS_OK;
}

static void no_finding(void *context, const VerifyFinding *finding) {
  (void)context;
  if (finding->problems) fail_msg("%s", finding->what);
}

/* An index that SQLite makes for one query is one that is missing. A few rows of a table without plays may be sorted. */
static void check_one_reading(Place *place, Store *store, const char *text, bool may_sort) {
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(store->db, arena_format(place->arena, "EXPLAIN QUERY PLAN %s", text), -1, &statement, NULL) != SQLITE_OK) fail_msg("%s: %s", text, sqlite3_errmsg(store->db));
  while (sqlite3_step(statement) == SQLITE_ROW) {
    const char *detail = (const char *)sqlite3_column_text(statement, 3);
    if (strstr(detail, "AUTOMATIC") || (!may_sort && strstr(detail, "TEMP B-TREE"))) fail_msg("%s: %s", text, detail);
  }
  sqlite3_finalize(statement);
  check_no_scan_per_row(place, store, text, text);
}

static void upkeep_reads_each_table_once(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  Queries queries = {.arena = place->arena};
  int64_t schema = 0;
  Purged purged[PURGE_KINDS_MAX];
  size_t count = 0, dumped;
  sql(store, "INSERT INTO playlists(name, created_at, updated_at) VALUES('p', 1, 1)");
  sqlite3_trace_v2(store->db, SQLITE_TRACE_STMT, note_query, &queries);
  assert_int_equal(store_dump(store, &schema, no_row, NULL, NULL), STATUS_OK);
  dumped = queries.all.count;
  assert_int_equal(store_verify(store, NULL, no_finding, NULL, NULL), STATUS_OK);
  for (int dry = 1; dry >= 0; dry--)
    assert_int_equal(store_purge(store, (PurgeWish){.deleted_before = NOW, .runs_before = NOW, .now = NOW}, dry, purged, &count, NULL), STATUS_OK);
  sqlite3_trace_v2(store->db, 0, NULL, NULL);
  assert_true(dumped > 20 && queries.all.count > dumped + 20);
  for (size_t i = 0; i < queries.all.count; i++) {
    const char *text = queries.all.items[i];
    check_one_reading(place, store, text, i >= dumped || strstr(text, "sqlite_schema") != NULL);
  }
  close_store(place, store);
}

typedef struct Dumped {
  Arena *arena;
  VEC(Text) tables, rows;
} Dumped;

static Status keep_rows(void *context, Text table, Text line, Error *error) {
  Dumped *dumped = context;
  (void)error;
  if (line.length) {
    dumped->rows.items[dumped->rows.count - 1] = text_copy(dumped->arena, line); /* the last is enough */
    return STATUS_OK;
  }
  vec_push(dumped->arena, &dumped->tables, text_copy(dumped->arena, table));
  vec_push(dumped->arena, &dumped->rows, (Text){"", 0});
  return STATUS_OK;
}

static Status open_rows(void *context, size_t table, Arena *memory, Input **out, Error *error) {
  const Dumped *dumped = context;
  (void)error;
  *out = input_of_text(memory, dumped->rows.items[table], "rows");
  return STATUS_OK;
}

/* What SQLite looks up beside the row that comes in, such as whether its key is there, no plan shows. */
static void loading_reads_nothing_twice(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE), *empty;
  Queries queries = {.arena = place->arena};
  Dumped dumped = {.arena = place->arena};
  StoreLoaded loaded;
  bool is_empty;
  int64_t schema = 0;
  sql(store, "INSERT INTO playlists(name, created_at, updated_at) VALUES('p', 1, 1)");
  assert_int_equal(store_dump(store, &schema, keep_rows, &dumped, NULL), STATUS_OK);
  assert_int_equal(store_open_memory(place->arena, NOW, &empty, NULL), STATUS_OK);
  sqlite3_trace_v2(empty->db, SQLITE_TRACE_STMT, note_query, &queries);
  assert_int_equal(store_is_empty(empty, &is_empty, NULL), STATUS_OK);
  const StoreLoad load = {schema, dumped.tables.items, dumped.tables.count, open_rows, &dumped};
  assert_int_equal(store_load(empty, &load, &loaded, NULL), STATUS_OK);
  sqlite3_trace_v2(empty->db, 0, NULL, NULL);
  assert_true(queries.all.count > 3 * dumped.tables.count);
  size_t set_aside = 0;
  for (size_t i = 0; i < queries.all.count; i++) {
    const char *text = queries.all.items[i], *table = strchr(text, '"');
    if (table && strstr(text, "FROM temp.set_aside")) { /* which is then one of that table's columns */
      set_aside++;
      sql(empty, "DROP TABLE IF EXISTS temp.set_aside");
      sql(empty, arena_format(place->arena, "CREATE TEMP TABLE set_aside AS SELECT * FROM %.*s WHERE 0", (int)strcspn(table, " "), table));
    }
    check_one_reading(place, empty, text, strstr(text, "sqlite_schema") != NULL);
  }
  assert_true(set_aside >= 3); /* plays, their listens, and what is derived */
  assert_int_equal(store_close(empty, NULL), STATUS_OK);
  close_store(place, store);
}

static Queries *queries_of_new_connections;

static int trace_connection(sqlite3 *db, const char **message, const struct sqlite3_api_routines *routines) {
  (void)message;
  (void)routines;
  return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, note_query, queries_of_new_connections);
}

static void peeking_reads_an_index(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  Queries queries = {.arena = place->arena};
  Text *names = NULL;
  size_t count = 0;
  queries_of_new_connections = &queries;
  sqlite3_auto_extension((void (*)(void))trace_connection);
  store_peek_playlists(place->arena, place->path, 7, &names, &count);
  sqlite3_reset_auto_extension();
  assert_int_equal(queries.all.count, 1);
  check_one_reading(place, store, queries.all.items[0], false);
  close_store(place, store);
}

/* Removing a row asks each table that refers to it, which no plan shows. */
static void references_have_indexes(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  assert_string_equal(joined(place, store,
      "SELECT m.name || '.' || f.\"from\" FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f.seq = 0"
      " AND NOT EXISTS (SELECT 1 FROM pragma_index_list(m.name) l JOIN pragma_index_info(l.name) i"
      "  WHERE i.seqno = 0 AND i.name = f.\"from\" COLLATE NOCASE)"
      " AND NOT EXISTS (SELECT 1 FROM pragma_table_info(m.name) c WHERE c.pk = 1 AND c.name = f.\"from\" COLLATE NOCASE)"
      " ORDER BY 1"),
      "play_batches.batch_id|" /* has few rows: one for each stretch of an import */
      "plays.connector_track_id|plays.context_id" /* refer to what is never removed */);
  close_store(place, store);
}

static void check_statements(Place *place, Store *store) {
  for (int id = 0; id < SQL_COUNT; id++)
    check_plan(place, store, statements[id].name, store_sql((StatementId)id), statements[id].reach);
}

static void check_questions(Place *place, Store *store) {
  for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
    check_plan(place, store, questions[i].query, questions[i].query, questions[i].reach);
}

static void statements_use_indexes(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  PlayWriter *writer; /* brings the virtual table of new plays */
  assert_int_equal(play_writer_new(store, TEXT_LITERAL("test"), TEXT_LITERAL("batch"), &writer, NULL), STATUS_OK);
  check_statements(place, store);
  check_upkeep(place, store);
  check_questions(place, store);
  close_store(place, store);
}

/* As if ANALYZE had seen `rows` in each table, of which `same` share a value of an index's first columns. A table that
 * `sizes` names has that many rows instead. */
static void pretend_statistics(Place *place, Store *store, int64_t rows, int64_t same, const char *sizes) {
  sql(store, "ANALYZE sqlite_schema");
  sql(store, arena_format(place->arena,
      "CREATE TEMP TABLE size(tbl, rows); INSERT INTO size VALUES%s;"
      "DELETE FROM sqlite_stat1;"
      "INSERT INTO sqlite_stat1 SELECT m.tbl_name, m.name, coalesce(s.rows, %lld) || (SELECT group_concat("
      " CASE WHEN k.seqno = (SELECT max(seqno) FROM pragma_index_xinfo(m.name) WHERE key) AND l.\"unique\" THEN ' 1'"
      " ELSE ' ' || min(%lld, coalesce(s.rows, %lld)) END, '') FROM pragma_index_xinfo(m.name) k WHERE k.key)"
      " FROM sqlite_schema m JOIN pragma_index_list(m.tbl_name) l ON l.name = m.name LEFT JOIN size s ON s.tbl = m.tbl_name"
      " WHERE m.type = 'index';"
      "INSERT INTO sqlite_stat1 SELECT m.name, NULL, coalesce(s.rows, %lld) FROM sqlite_schema m LEFT JOIN size s ON s.tbl = m.name"
      " WHERE m.type = 'table' AND m.name NOT IN (SELECT tbl FROM sqlite_stat1)",
      sizes, (long long)rows, (long long)same, (long long)rows, (long long)rows));
  assert_true(number(store, "SELECT count(*) FROM sqlite_stat1") > 20);
}

/* Whatever statistics a store has, from a large library or left over from when it was small: they must not talk SQLite
 * out of an index. */
static void statistics_do_not_change_that(void **state) {
  Place *place = *state;
  static const struct {
    int64_t rows, same;
    const char *sizes;
    bool views;
  } figures[] = {
      {1000, 3, "('plays', 5000000), ('tracks', 300000), ('connector_tracks', 320000), ('track_mappings', 320000),"
                "('play_contexts', 14000), ('import_batches', 12), ('track_likes', 2500), ('playlists', 40), ('playlist_tracks', 6000)", true},
      {100000, 90000, "('import_batches', 3)", false},
      {1000, 3, "('plays', 1), ('tracks', 1), ('connector_tracks', 1), ('track_mappings', 1), ('playlist_tracks', 1)", false},
  };
  for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
    const char *path = arena_format(place->arena, "%s/figures-%zu.db", place->folder, i);
    Store *store = open_store(place, path, STORE_WRITE);
    pretend_statistics(place, store, figures[i].rows, figures[i].same, figures[i].sizes);
    close_store(place, store);
    store = open_store(place, path, STORE_WRITE); /* statistics are read at opening */
    PlayWriter *writer;
    assert_int_equal(play_writer_new(store, TEXT_LITERAL("test"), TEXT_LITERAL("batch"), &writer, NULL), STATUS_OK);
    check_statements(place, store);
    check_upkeep(place, store);
    if (figures[i].views) check_questions(place, store);
    close_store(place, store);
  }
}

/* ---- plays ---- */

typedef struct Heard {
  int id; /* of the track; 0 = by names only */
  int64_t at, ms;
  PlayKind kind;
} Heard;

static PlayObservation observation(Place *place, Heard heard) {
  PlayObservation play = {.kind = heard.kind,
                          .title = text_of(arena_format(place->arena, "Title \"%d\"", heard.id)),
                          .artist = text_of("Artist"),
                          .album = text_of("Album"),
                          .played_at = heard.at,
                          .ms_played = heard.ms,
                          .context = {.service = text_of("spotify"),
                                      .source = text_of("spotify_export"),
                                      .platform = text_of(heard.id % 2 ? "ios" : "android"),
                                      .shuffle = heard.id % 2 ? TRISTATE_TRUE : TRISTATE_FALSE,
                                      .skipped = TRISTATE_MISSING,
                                      .offline = TRISTATE_FALSE,
                                      .incognito = TRISTATE_MISSING}};
  if (heard.id) play.connector_track_id = text_of(arena_format(place->arena, "id%020d", heard.id));
  return play;
}

static ImportCounts import(Place *place, Store *store, const char *batch, const Heard *heard, size_t count) {
  PlayWriter *writer = NULL;
  ImportCounts counts = {.rows = count};
  assert_int_equal(play_writer_new(store, text_of("spotify_export"), text_of(batch), &writer, NULL), STATUS_OK);
  assert_int_equal(store_begin(store, &place->error), STATUS_OK);
  for (size_t i = 0; i < count; i++) {
    PlayObservation play = observation(place, heard[i]);
    PlayAdded added;
    if (i == count / 2) { /* a file ends in the middle */
      assert_int_equal(store_commit(store, &place->error), STATUS_OK);
      assert_int_equal(store_begin(store, &place->error), STATUS_OK);
    }
    Status status = play_writer_add(writer, &play, &added, &place->error);
    if (status != STATUS_OK) print_message("%s\n", place->error.message);
    assert_int_equal(status, STATUS_OK);
    assert_true(added.play > 0);
    counts.stored += !added.duplicate;
    counts.duplicates += added.duplicate;
  }
  assert_int_equal(play_writer_finish(writer, counts, &place->error), STATUS_OK);
  assert_int_equal(store_commit(store, &place->error), STATUS_OK);
  return counts;
}

static const Heard history[] = {
    {1, T0, 180000, PLAY_TRACK},         {2, T0 + 1000, 200000, PLAY_TRACK}, {1, T0 + 2000, 1000, PLAY_TRACK},
    {1, T0 + 2000, 2000, PLAY_TRACK},    {0, T0 + 3000, -1, PLAY_TRACK},     {3, T0 + 4000, 30000, PLAY_EPISODE},
    {1, T0, 180000, PLAY_TRACK},         {4, T0 + 5000, 0, PLAY_TRACK},      {0, T0 + 6000, 5000, PLAY_CHAPTER},
    {2, INSTANT_MIN, 29999, PLAY_TRACK}, {2, INSTANT_MAX, 5, PLAY_TRACK},    {5, T0 - 500, 1, PLAY_TRACK},
};
enum { HISTORY = sizeof history / sizeof *history };

/* Everything a play says, whatever ids and batches it got. */
static const char *contents(Place *place, Store *store) {
  return joined(place, store,
                "SELECT p.played_at || ' ' || ct.kind || ' ' || ct.connector_track_id || ' ' || p.ms_played || ' ' ||"
                " ct.title || ' ' || ct.artists || ' ' || c.platform || c.shuffle FROM plays p"
                " JOIN connector_tracks ct ON ct.id = p.connector_track_id JOIN play_contexts c ON c.id = p.context_id"
                " ORDER BY p.played_at, ct.connector_track_id, p.ms_played");
}

static void no_play_is_lost(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  ImportCounts counts = import(place, store, "one", history, HISTORY);
  assert_int_equal(counts.stored, HISTORY - 1);
  assert_int_equal(counts.duplicates, 1);
  assert_int_equal(number(store, "SELECT count(*) FROM plays"), HISTORY - 1);
  assert_int_equal(number(store, "SELECT count(DISTINCT id) FROM plays"), HISTORY - 1);
  assert_int_equal(number(store, "SELECT count(*) FROM track_plays"), HISTORY - 3);
  assert_int_equal(number(store, "SELECT count(*) FROM track_plays WHERE track_id IS NULL"), 0);
  assert_int_equal(number(store, "SELECT count(*) FROM episode_plays"), 2);
  assert_int_equal(number(store, "SELECT count(*) FROM tracks"), 5); /* 1 2 4 5 and the one known by names */
  assert_int_equal(number(store, "SELECT last_play_id - first_play_id + 1 FROM import_batches"), HISTORY - 1);
  assert_int_equal(number(store, "SELECT stored * 100 + duplicates FROM import_batches"), (HISTORY - 1) * 100 + 1);
  assert_int_equal(number(store, "SELECT count(*) FROM play_contexts"), 2);
  assert_int_equal(number(store, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
  assert_string_equal(joined(place, store, "SELECT context FROM track_plays WHERE played_at = 1600000000000"),
                      "{\"source\":\"spotify_export\",\"platform\":\"ios\",\"shuffle\":true,\"offline\":false,"
                      "\"connector_track_id\":\"id00000000000000000001\"}");
  assert_string_equal(joined(place, store, "SELECT artists FROM tracks WHERE id = 1"), "[\"Artist\"]");
  assert_string_equal(joined(place, store, "SELECT title FROM tracks WHERE id = 1"), "Title \"1\"");
  assert_string_equal(joined(place, store, "SELECT match_method || confidence FROM track_mappings WHERE track_id < 4"),
                      "spotify_id100|spotify_id100|names100");
  assert_int_equal(number(store, "SELECT count(*) FROM track_plays WHERE ms_played IS NULL"), 1);
  close_store(place, store);
}

static void importing_again_changes_nothing(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  import(place, store, "one", history, HISTORY);
  const char *before = contents(place, store);
  int64_t changes = sqlite3_total_changes(store->db);
  ImportCounts counts = import(place, store, "two", history, HISTORY);
  assert_int_equal(counts.stored, 0);
  assert_int_equal(counts.duplicates, HISTORY);
  assert_int_equal(sqlite3_total_changes(store->db), changes);
  assert_int_equal(number(store, "SELECT count(*) FROM import_batches"), 1);
  assert_string_equal(contents(place, store), before);
  Heard one_more[] = {history[3], {9, T0 + 9000, 7, PLAY_TRACK}, history[0]};
  counts = import(place, store, "three", one_more, 3);
  assert_int_equal(counts.stored, 1);
  assert_int_equal(number(store, "SELECT max(id) FROM plays"), HISTORY);
  assert_int_equal(number(store, "SELECT first_play_id FROM import_batches WHERE batch = 'three'"), HISTORY);
  close_store(place, store);
}

static void order_of_import_does_not_matter(void **state) {
  Place *place = *state;
  Heard backwards[HISTORY];
  for (size_t i = 0; i < HISTORY; i++) backwards[i] = history[HISTORY - 1 - i];
  char other[128];
  snprintf(other, sizeof other, "%s/other.db", place->folder);
  Store *a = open_store(place, place->path, STORE_WRITE), *b = open_store(place, other, STORE_WRITE);
  import(place, a, "one", history, HISTORY);
  import(place, b, "one", backwards, 5);
  import(place, b, "two", backwards + 3, HISTORY - 3);
  assert_string_equal(contents(place, a), contents(place, b));
}

static void twins_are_found(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  PlayWriter *writer = NULL;
  PlayAdded first, second;
  assert_int_equal(play_writer_new(store, text_of("s"), text_of("b"), &writer, NULL), STATUS_OK);
  PlayObservation play = observation(place, history[0]);
  assert_int_equal(play_writer_add(writer, &play, &first, NULL), STATUS_OK); /* without a transaction: its own */
  assert_false(first.duplicate);
  assert_true(first.new_track);
  play.context.platform = text_of("another platform");
  assert_int_equal(play_writer_add(writer, &play, &second, NULL), STATUS_OK);
  assert_true(second.duplicate);
  assert_false(second.new_track);
  assert_int_equal(second.play, first.play);
  play.title = play.connector_track_id = (Text){"", 0};
  assert_int_equal(play_writer_add(writer, &play, &second, &place->error), STATUS_FAILED);
  play.title = text_of("x");
  play.played_at = INSTANT_MAX + 1;
  assert_int_equal(play_writer_add(writer, &play, &second, &place->error), STATUS_FAILED);
  close_store(place, store);
}

static void imports_that_take_turns_keep_their_plays(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  PlayWriter *writers[2];
  PlayAdded added;
  assert_int_equal(play_writer_new(store, text_of("s"), text_of("even"), &writers[0], NULL), STATUS_OK);
  assert_int_equal(play_writer_new(store, text_of("s"), text_of("odd"), &writers[1], NULL), STATUS_OK);
  for (int i = 0; i < 12; i++) {
    PlayObservation play = observation(place, (Heard){1, T0 + i * 100000, 40000, PLAY_TRACK});
    assert_int_equal(store_begin(store, NULL), STATUS_OK);
    assert_int_equal(play_writer_add(writers[i / 3 % 2], &play, &added, NULL), STATUS_OK);
    if (i % 5 == 4) { /* tried once more */
      store_rollback(store);
      assert_int_equal(play_writer_add(writers[i / 3 % 2], &play, &added, NULL), STATUS_OK);
    } else {
      assert_int_equal(store_commit(store, NULL), STATUS_OK);
    }
  }
  int64_t wrong = number(store, arena_format(place->arena, "SELECT count(*) FROM track_plays WHERE substr(import_batch_id, 1, 3) <> "
                                             "CASE (played_at - %" PRId64 ") / 300000 %% 2 WHEN 0 THEN 'eve' ELSE 'odd' END", (int64_t)T0));
  assert_int_equal(wrong, 0);
  assert_int_equal(number(store, "SELECT count(*) FROM track_plays"), 12);
  close_store(place, store);
}

static void rolled_back_plays_are_forgotten(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  PlayWriter *writer = NULL;
  PlayAdded added;
  assert_int_equal(play_writer_new(store, text_of("s"), text_of("b"), &writer, NULL), STATUS_OK);
  PlayObservation play = observation(place, history[0]), other = observation(place, history[1]);
  assert_int_equal(store_begin(store, NULL), STATUS_OK);
  assert_int_equal(play_writer_add(writer, &play, &added, NULL), STATUS_OK);
  store_rollback(store);
  assert_int_equal(store_begin(store, NULL), STATUS_OK);
  assert_int_equal(play_writer_add(writer, &other, &added, NULL), STATUS_OK);
  assert_int_equal(play_writer_add(writer, &play, &added, NULL), STATUS_OK);
  assert_false(added.duplicate);
  assert_true(added.new_track);
  assert_int_equal(play_writer_finish(writer, (ImportCounts){.rows = 2}, NULL), STATUS_OK);
  assert_int_equal(store_commit(store, NULL), STATUS_OK);
  assert_int_equal(number(store, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
  assert_int_equal(number(store, "SELECT count(*) FROM track_plays WHERE track_id > 0"), 2);
  close_store(place, store);
}

static void late_names_complete_a_track(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  PlayWriter *writer = NULL;
  PlayAdded added;
  assert_int_equal(play_writer_new(store, text_of("s"), text_of("b"), &writer, NULL), STATUS_OK);
  PlayObservation play = observation(place, history[0]), bare = play;
  bare.title = bare.artist = bare.album = (Text){"", 0};
  bare.played_at -= 1;
  assert_int_equal(play_writer_add(writer, &bare, &added, NULL), STATUS_OK);
  assert_int_equal(play_writer_add(writer, &play, &added, NULL), STATUS_OK);
  assert_false(added.new_track);
  int64_t id = 0;
  assert_int_equal(store_find_by_names(store, text_of("TITLE \"1\""), text_of("artist"), &id, NULL), STATUS_OK);
  assert_int_equal(id, 1);
  close_store(place, store);
}

static void rejections_are_kept_once(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  PlayWriter *writer = NULL;
  assert_int_equal(play_writer_new(store, text_of("s"), text_of("b"), &writer, NULL), STATUS_OK);
  for (int i = 0; i < 2; i++) {
    assert_int_equal(play_writer_reject(writer, text_of("a.json"), 7, text_of("no time"), NULL), STATUS_OK);
  }
  assert_int_equal(play_writer_finish(writer, (ImportCounts){.rows = 1, .rejected = 1}, NULL), STATUS_OK);
  assert_int_equal(number(store, "SELECT count(*) FROM import_rejections"), 1);
  assert_int_equal(number(store, "SELECT count(*) FROM import_batches"), 0);
  close_store(place, store);
}

typedef struct Visited {
  Store *store;
  size_t count, stop;
  StorePlay last;
  int64_t tracks;
} Visited;

static bool visit(void *context, const StorePlay *play) {
  Visited *visited = context;
  assert_true(visited->count == 0 || visited->last.played_at <= play->played_at);
  visited->last = *play;
  visited->tracks += play->track;
  return ++visited->count != visited->stop;
}

static void plays_are_read_in_order(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  import(place, store, "one", history, HISTORY);
  InstantRange all = {INSTANT_MIN, INSTANT_MAX + 1};
  Visited visited = {0};
  assert_int_equal(store_each_play(store, all, false, visit, &visited, NULL), STATUS_OK);
  assert_int_equal(visited.count, HISTORY - 3);
  visited = (Visited){0};
  assert_int_equal(store_each_play(store, all, true, visit, &visited, NULL), STATUS_OK);
  assert_int_equal(visited.count, HISTORY - 1);
  visited = (Visited){.stop = 2};
  assert_int_equal(store_each_play(store, all, true, visit, &visited, NULL), STATUS_OK);
  assert_int_equal(visited.count, 2);
  visited = (Visited){0};
  assert_int_equal(store_each_play(store, (InstantRange){T0, T0 + 1000}, true, visit, &visited, NULL), STATUS_OK);
  assert_int_equal(visited.count, 1);
  assert_int_equal(visited.last.track, 1);
  const PlayContext *context = NULL;
  assert_int_equal(store_play_context(store, visited.last.context, &context, NULL), STATUS_OK);
  assert_true(text_is(context->platform, "ios"));
  assert_int_equal(context->shuffle, TRISTATE_TRUE);
  assert_int_equal(context->skipped, TRISTATE_MISSING);
  visited = (Visited){0};
  assert_int_equal(store_each_play(store, (InstantRange){T0 + 4000, T0 + 4001}, true, visit, &visited, NULL),
                   STATUS_OK);
  assert_int_equal(visited.last.kind, PLAY_EPISODE);
  assert_int_equal(visited.last.track, 0);
  visited = (Visited){0};
  assert_int_equal(store_each_play(store, (InstantRange){T0, T0}, true, visit, &visited, NULL), STATUS_OK);
  assert_int_equal(visited.count, 0);
  close_store(place, store);
}

/* Many tracks, so that the map from connector tracks to tracks is first looked up and then loaded. */
static void every_play_finds_its_track(void **state) {
  Place *place = *state;
  enum { COUNT = 3000 };
  Heard *heard = calloc(COUNT, sizeof *heard);
  for (int i = 0; i < COUNT; i++) {
    heard[i] = (Heard){1 + i % 1500, T0 + i * 1000, 40000, i % 7 == 0 && i < 1500 ? PLAY_EPISODE : PLAY_TRACK};
  }
  for (int i = 1500; i < COUNT; i++) heard[i].kind = heard[i - 1500].kind;
  Store *store = open_store(place, place->path, STORE_WRITE);
  import(place, store, "one", heard, COUNT);
  free(heard);
  Visited visited = {0};
  assert_int_equal(store_each_play(store, (InstantRange){INSTANT_MIN, INSTANT_MAX + 1}, false, visit, &visited, NULL),
                   STATUS_OK);
  assert_int_equal(visited.count, number(store, "SELECT count(*) FROM track_plays"));
  assert_int_equal(visited.tracks, number(store, "SELECT sum(track_id) FROM track_plays"));
  /* a better match moves the plays */
  sql(store, "UPDATE track_mappings SET is_deleted = 1 WHERE connector_track_id = 2");
  sql(store,
      "INSERT INTO track_mappings(track_id, connector_track_id, match_method, confidence, created_at, updated_at)"
      " VALUES(9, 2, 'x', 80, 1, 1), (5, 2, 'y', 90, 1, 1)");
  close_store(place, store);
  store = open_store(place, place->path, STORE_READ);
  visited = (Visited){0};
  assert_int_equal(store_each_play(store, (InstantRange){T0 + 1000, T0 + 1001}, false, visit, &visited, NULL),
                   STATUS_OK);
  assert_int_equal(visited.last.track, 5);
  assert_int_equal(number(store, "SELECT track_id FROM track_plays WHERE played_at = 1600000001000"), 5);
  close_store(place, store);
}

/* ---- tracks ---- */

static void tracks_are_found(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  Text names[] = {text_of("Bj\xC3\xB6rk \"B\" \\ \n"), text_of("Thom Yorke")};
  StoreTrack in = {.title = text_of("\xC3\x89ire"),
                   .album = text_of("Album"),
                   .isrc = text_of("GBAYE0601498"),
                   .mbid = text_of("m1"),
                   .spotify_id = text_of("s1"),
                   .artists = names,
                   .artist_count = 2,
                   .duration_ms = 1234,
                   .release_date = text_of("2024-03"),
                   .explicit_content = TRISTATE_TRUE};
  int64_t id = 0, found = 0;
  assert_int_equal(store_add_track(store, &in, &id, NULL), STATUS_OK);
  StoreTrack out;
  bool there = false;
  assert_int_equal(store_track(store, id, &out, &there, NULL), STATUS_OK);
  assert_true(there);
  assert_true(text_equal(out.title, in.title) && text_equal(out.album, in.album) && text_equal(out.isrc, in.isrc));
  assert_int_equal(out.artist_count, 2);
  assert_true(text_equal(out.artists[0], names[0]) && text_equal(out.artists[1], names[1]));
  assert_int_equal(out.duration_ms, 1234);
  assert_int_equal(out.explicit_content, TRISTATE_TRUE);
  assert_true(text_is(out.release_date, "2024-03"));
  assert_int_equal(store_track(store, 99, &out, &there, NULL), STATUS_OK);
  assert_false(there);
  assert_int_equal(store_find_by_spotify_id(store, text_of("s1"), &found, NULL), STATUS_OK);
  assert_int_equal(found, id);
  assert_int_equal(store_find_by_mbid(store, text_of("m1"), &found, NULL), STATUS_OK);
  assert_int_equal(found, id);
  assert_int_equal(
      store_find_by_names(store, text_of("e\xCC\x81IRE"), text_of("BJ\xC3\x96RK \"b\" \\ \n"), &found, NULL),
      STATUS_OK);
  assert_int_equal(found, id);
  assert_int_equal(store_find_by_names(store, text_of("Eire"), names[0], &found, NULL), STATUS_OK);
  assert_int_equal(found, 0);
  assert_int_equal(store_find_by_isrc(store, in.isrc, &found, NULL), STATUS_OK);
  assert_int_equal(found, id);
  assert_int_equal(store_find_by_isrc(store, text_of(""), &found, NULL), STATUS_OK);
  assert_int_equal(found, 0);
  int64_t second = 0;
  assert_int_equal(store_add_track(store, &in, &second, NULL), STATUS_OK);
  assert_int_equal(store_find_by_isrc(store, in.isrc, &found, NULL), STATUS_OK);
  assert_int_equal(found, 0); /* one ISRC may name two recordings: no guess */
  assert_int_equal(store_find_by_names(store, in.title, names[0], &found, NULL), STATUS_OK);
  assert_int_equal(found, 0);
  assert_int_equal(store_find_by_spotify_id(store, text_of("s1"), &found, NULL), STATUS_OK);
  assert_int_equal(found, id);
  assert_int_equal(store_highest_track(store), second);
  close_store(place, store);
}

static void foreign_artists_are_read(void **state) {
  Place *place = *state;
  static const struct {
    const char *json;
    uint32_t count;
    const char *first;
  } rows[] = {{"[]", 0, ""},
              {"[ \"a\" , \"b\" ]", 2, "a"},
              {"[\"\\u0041\\ud83d\\ude00\\n\",\"b\"]", 2, "A\xF0\x9F\x98\x80\n"},
              {"[\"open", 0, ""},
              {"[\"a\",", 1, "a"},
              {"[\"\\x\"]", 0, ""},
              {"[\"\\u12", 0, ""},
              {"{\"a\":1}", 0, ""},
              {"[1,2]", 0, ""},
              {"", 0, ""},
              {"[\"\"]", 1, ""}};
  Store *store = open_store(place, place->path, STORE_WRITE);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const Text *artists = NULL;
    uint32_t count = 99;
    store_artists(store, text_of(rows[i].json), &artists, &count);
    assert_int_equal(count, rows[i].count);
    if (count) assert_true(text_is(artists[0], rows[i].first));
  }
  close_store(place, store);
}

/* ---- likes ---- */

typedef struct Likes {
  int64_t tracks[8];
  Instant times[8];
  size_t count;
} Likes;

static bool visit_like(void *context, int64_t track, Instant liked_at, bool has_liked_at) {
  Likes *likes = context;
  likes->tracks[likes->count] = track;
  likes->times[likes->count++] = has_liked_at ? liked_at : -1;
  return true;
}

static void add_tracks(Store *store, int count) {
  StoreTrack track = {.duration_ms = -1, .explicit_content = TRISTATE_MISSING};
  int64_t id = 0;
  for (int i = 0; i < count; i++) assert_int_equal(store_add_track(store, &track, &id, NULL), STATUS_OK);
}

static void earliest_like_wins(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  add_tracks(store, 3);
  bool added = false;
  assert_int_equal(store_like(store, 1, text_of("library"), T0 + 5, &added, NULL), STATUS_OK);
  assert_true(added);
  assert_int_equal(store_like(store, 1, text_of("library"), T0 + 9, &added, NULL), STATUS_OK);
  assert_false(added);
  assert_int_equal(store_like(store, 1, text_of("spotify"), T0 + 3, &added, NULL), STATUS_OK);
  assert_true(added);
  assert_int_equal(store_like(store, 2, text_of("library"), T0 + 4, &added, NULL), STATUS_OK);
  assert_int_equal(store_like(store, 2, text_of("library"), T0 + 1, &added, NULL), STATUS_OK);
  assert_false(added);
  assert_int_equal(store_like(store, 3, text_of("library"), T0, &added, NULL), STATUS_OK);
  sql(store, "UPDATE track_likes SET is_liked = 0 WHERE track_id = 3");
  Likes likes = {0};
  assert_int_equal(store_each_like(store, visit_like, &likes, NULL), STATUS_OK);
  assert_int_equal(likes.count, 2);
  assert_int_equal(likes.tracks[0], 2);
  assert_int_equal(likes.times[0], T0 + 1);
  assert_int_equal(likes.tracks[1], 1);
  assert_int_equal(likes.times[1], T0 + 3);
  assert_int_equal(store_like(store, 3, text_of("library"), T0 + 8, &added, NULL), STATUS_OK);
  assert_true(added);
  close_store(place, store);
}

/* ---- playlists ---- */

static PlaylistChange write_list(Place *place, Store *store, const char *name, PlaylistMode mode, const char *tracks) {
  int64_t ids[64];
  size_t count = 0;
  for (const char *at = tracks; *at; at++) ids[count++] = *at - 'a' + 1;
  PlaylistChange planned, done;
  assert_int_equal(store_plan_playlist(store, text_of(name), mode, ids, count, &planned, &place->error), STATUS_OK);
  Status status = store_write_playlist(store, text_of(name), mode, ids, count, &done, &place->error);
  if (status != STATUS_OK) print_message("%s\n", place->error.message);
  assert_int_equal(status, STATUS_OK);
  assert_memory_equal(&planned.before, &done.before, sizeof done - offsetof(PlaylistChange, before));
  assert_int_equal(planned.created, done.created);
  return done;
}

static bool visit_entry(void *context, int64_t track, Instant added_at) {
  assert_true(added_at > 0);
  text_append_char(context, (char)('a' + track - 1));
  return true;
}

static void assert_list(Place *place, Store *store, const char *name, const char *tracks) {
  int64_t id = 0;
  TextBuilder out = {.arena = place->arena};
  text_append(&out, TEXT_LITERAL(""));
  assert_int_equal(store_find_playlist(store, text_of(name), &id, NULL), STATUS_OK);
  assert_true(id > 0);
  assert_int_equal(store_each_playlist_entry(store, id, visit_entry, &out, NULL), STATUS_OK);
  assert_string_equal(out.length ? out.bytes : "", tracks);
  assert_int_equal(
      number(store, arena_format(place->arena, "SELECT track_count FROM playlists WHERE id = %lld", (long long)id)),
      (int64_t)strlen(tracks));
}

static void playlist_modes(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  add_tracks(store, 26);
  PlaylistChange change = write_list(place, store, "P", PLAYLIST_UPDATE, "abcde");
  assert_true(change.created);
  assert_int_equal(change.added, 5);
  assert_list(place, store, "P", "abcde");
  assert_list(place, store, "1", "abcde"); /* by id */
  sql(store, "UPDATE playlist_tracks SET created_at = 5");

  change = write_list(place, store, "P", PLAYLIST_UPDATE, "eabdxa");
  assert_false(change.created);
  assert_int_equal(change.before, 5);
  assert_int_equal(change.after, 6);
  assert_int_equal(change.added, 2);
  assert_int_equal(change.removed, 1);
  assert_list(place, store, "P", "eabdxa");
  assert_int_equal(number(store, "SELECT count(*) FROM playlist_tracks WHERE created_at = 5 AND is_deleted = 0"), 4);
  assert_int_equal(
      number(store, "SELECT count(*) FROM playlist_tracks WHERE is_deleted = 1 AND deleted_at = 1700000000000"), 1);

  int64_t before = sqlite3_total_changes(store->db);
  change = write_list(place, store, "P", PLAYLIST_UPDATE, "eabdxa");
  assert_int_equal(change.added + change.removed, 0);
  assert_int_equal(sqlite3_total_changes(store->db), before);

  change = write_list(place, store, "P", PLAYLIST_APPEND, "zeyz");
  assert_int_equal(change.added, 2);
  assert_int_equal(change.removed, 0);
  assert_list(place, store, "P", "eabdxazy");

  change = write_list(place, store, "P", PLAYLIST_REPLACE, "yb");
  assert_int_equal(change.added, 0);
  assert_int_equal(change.removed, 6);
  assert_list(place, store, "P", "yb");
  assert_int_equal(number(store, "SELECT count(*) FROM playlist_tracks WHERE created_at = 5 AND is_deleted = 0"), 0);

  change = write_list(place, store, "P", PLAYLIST_UPDATE, "");
  assert_int_equal(change.removed, 2);
  assert_list(place, store, "P", "");
  write_list(place, store, "Q", PLAYLIST_APPEND, "aab");
  assert_list(place, store, "Q", "ab");
  Text *names = NULL;
  size_t count = 0;
  assert_int_equal(store_playlist_names(store, place->arena, &names, &count, NULL), STATUS_OK);
  assert_int_equal(count, 2);
  assert_true(text_is(names[0], "P") && text_is(names[1], "Q"));
  close_store(place, store);
}

/* Beside a writer: what is committed, also while a transaction is open, without waiting and without a trace. */
static void playlists_are_peeked(void **state) {
  Place *place = *state;
  Text *names = NULL;
  size_t count = 7;
  store_peek_playlists(place->arena, place->path, 10, &names, &count);
  assert_int_equal(count, 0);
  assert_int_equal(access(place->path, F_OK), -1);
  Store *store = open_store(place, place->path, STORE_WRITE);
  add_tracks(store, 2);
  write_list(place, store, "Q", PLAYLIST_UPDATE, "ab");
  write_list(place, store, "P", PLAYLIST_UPDATE, "a");
  store_peek_playlists(place->arena, place->path, 10, &names, &count);
  assert_int_equal(count, 2);
  assert_true(text_is(names[0], "P") && text_is(names[1], "Q"));
  assert_int_equal(store_begin(store, NULL), STATUS_OK);
  assert_int_equal(number(store, "UPDATE playlists SET name = 'R' RETURNING 1"), 1);
  store_peek_playlists(place->arena, place->path, 1, &names, &count);
  assert_int_equal(count, 1);
  assert_true(text_is(names[0], "P"));
  store_rollback(store);
  close_store(place, store);
}

static void a_move_changes_one_key(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  add_tracks(store, 26);
  write_list(place, store, "P", PLAYLIST_UPDATE, "abcdefgh");
  assert_string_equal(joined(place, store, "SELECT min(sort_key) FROM playlist_tracks"), "a0000000");
  const char *orders[] = {"bcdefgha", "habcdefg", "hacbdefg", "gfedcbah", "abcdefgh"};
  int64_t before = sqlite3_total_changes(store->db);
  write_list(place, store, "P", PLAYLIST_UPDATE, orders[0]);
  assert_int_equal(sqlite3_total_changes(store->db) - before, 2); /* the entry and the playlist */
  for (size_t i = 1; i < sizeof orders / sizeof *orders; i++) {
    write_list(place, store, "P", PLAYLIST_UPDATE, orders[i]);
    assert_list(place, store, "P", orders[i]);
  }
  /* always to the same place: keys grow until its neighbours move apart */
  char order[] = "abcdefgh";
  for (int i = 0; i < 400; i++) {
    char last = order[7];
    memmove(order + 2, order + 1, 6);
    order[1] = last;
    write_list(place, store, "P", PLAYLIST_UPDATE, order);
    assert_list(place, store, "P", order);
  }
  assert_true(number(store, "SELECT max(length(sort_key)) FROM playlist_tracks") <= PLAYLIST_KEY_MAX);
  close_store(place, store);
}

/* The same through SQLite: a move is one row of entries and the playlist's own. */
static void random_moves_write_one_row_each(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  enum { SONGS = 40, STEPS = 3000 };
  int64_t tracks[SONGS], id;
  PlaylistChange change;
  uint64_t seed = 7;
  for (int i = 0; i < SONGS; i++) {
    StoreTrack track = {.title = text_of(arena_format(place->arena, "%d", i)), .duration_ms = -1, .explicit_content = TRISTATE_MISSING};
    assert_int_equal(store_add_track(store, &track, &id, NULL), STATUS_OK);
    tracks[i] = id;
  }
  assert_int_equal(store_begin(store, NULL), STATUS_OK);
  assert_int_equal(store_write_playlist(store, text_of("P"), PLAYLIST_UPDATE, tracks, SONGS, &change, NULL), STATUS_OK);
  for (int i = 0; i < STEPS; i++) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    size_t from = (seed >> 33) % SONGS, to = (seed >> 45) % SONGS;
    int64_t moved = tracks[from], before = sqlite3_total_changes(store->db);
    memmove(tracks + from, tracks + from + 1, (SONGS - from - 1) * sizeof *tracks);
    memmove(tracks + to + 1, tracks + to, (SONGS - to - 1) * sizeof *tracks);
    tracks[to] = moved;
    assert_int_equal(store_write_playlist(store, text_of("P"), PLAYLIST_UPDATE, tracks, SONGS, &change, NULL), STATUS_OK);
    assert_int_equal(sqlite3_total_changes(store->db) - before, from == to ? 0 : 2);
  }
  assert_int_equal(store_commit(store, NULL), STATUS_OK);
  assert_int_equal(number(store, "SELECT count(*) FROM playlist_tracks"), SONGS);
  close_store(place, store);
}

static void keys_keep_order(void **state) {
  Place *place = *state;
  enum { COUNT = 2000 };
  Text *keys = arena_array(place->arena, COUNT, sizeof *keys);
  const char *bounds[][2] = {{"", ""},         {"a0000000", ""},          {"", "a0000000"}, {"a0000000", "a0000001"},
                             {"azzzzzzz", ""}, {"a0000000", "a0000000i"}, {"zzzz", ""},     {"0i", "0j"}};
  for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
    Text low = text_of(bounds[i][0]), high = text_of(bounds[i][1]);
    assert_true(playlist_keys_between(place->arena, low, high, PLAYLIST_KEY_MAX, keys, COUNT));
    for (size_t k = 0; k < COUNT; k++) {
      assert_true(text_compare(k ? keys[k - 1] : low, keys[k]) < 0);
      if (high.length) assert_true(text_compare(keys[k], high) < 0);
    }
  }
  assert_false(playlist_keys_between(place->arena, text_of("a1"), text_of("a1"), PLAYLIST_KEY_MAX, keys, 1));
  assert_false(playlist_keys_between(place->arena, text_of("b"), text_of("a"), PLAYLIST_KEY_MAX, keys, 1));
  assert_false(playlist_keys_between(place->arena, text_of("\xC3\xA9"), text_of(""), PLAYLIST_KEY_MAX, keys, 1));
  playlist_keys_fresh(place->arena, keys, COUNT);
  for (size_t k = 1; k < COUNT; k++) assert_true(text_compare(keys[k - 1], keys[k]) < 0);
}

static void failed_playlist_is_not_written(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  add_tracks(store, 2);
  int64_t tracks[] = {1, 2, 77};
  PlaylistChange change;
  assert_int_equal(store_write_playlist(store, text_of("P"), PLAYLIST_UPDATE, tracks, 3, &change, &place->error),
                   STATUS_FAILED);
  assert_int_equal(number(store, "SELECT count(*) FROM playlists"), 0);
  assert_int_equal(number(store, "SELECT count(*) FROM playlist_tracks"), 0);
  assert_int_equal(store_write_playlist(store, text_of(""), PLAYLIST_UPDATE, tracks, 2, &change, &place->error),
                   STATUS_USAGE);
  close_store(place, store);
}

/* ---- trouble ---- */

static void fill_until_full(Place *place, Store *store) {
  PlayWriter *writer = NULL;
  PlayAdded added;
  Status status = STATUS_OK;
  assert_int_equal(play_writer_new(store, text_of("s"), text_of("full"), &writer, NULL), STATUS_OK);
  assert_int_equal(store_begin(store, NULL), STATUS_OK);
  for (int i = 0; i < 200000 && status == STATUS_OK; i++) {
    PlayObservation play = {.title = text_of(arena_format(place->arena, "Long title to need room %d", i)),
                            .artist = text_of("Artist"),
                            .played_at = T0 + i,
                            .context = {.service = text_of("spotify")}};
    status = play_writer_add(writer, &play, &added, &place->error);
    if (status == STATUS_OK && i % 2000 == 1999) {
      status = store_commit(store, &place->error);
      if (status == STATUS_OK) status = store_begin(store, &place->error);
    }
  }
  store_rollback(store);
  assert_int_equal(status, STATUS_FAILED);
  if (!strstr(place->error.message, "no room")) print_message("%s\n", place->error.message);
  assert_non_null(strstr(place->error.message, "no room"));
}

static void assert_whole(Store *store) {
  assert_int_equal(number(store, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
  assert_int_equal(number(store, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
  assert_int_equal(number(store, "SELECT count(*) FROM plays") % 2000, 0);
  assert_int_equal(number(store, "SELECT count(*) FROM plays"),
                   number(store, "SELECT coalesce(max(last_play_id), 0) FROM import_batches"));
}

static void full_database_is_told(void **state) {
  Place *place = *state;
  Store *store = open_store(place, place->path, STORE_WRITE);
  sql(store, "PRAGMA max_page_count=600");
  fill_until_full(place, store);
  assert_whole(store);
  close_store(place, store);
  play_stage_test_most(100); /* while plays are stored beside */
  store = open_store(place, place->path, STORE_WRITE);
  sql(store, "PRAGMA max_page_count=1200");
  fill_until_full(place, store);
  assert_whole(store);
  play_stage_test_most(4096);
  close_store(place, store);
}

static void full_disk_is_told(void **state) {
  Place *place = *state;
  struct rlimit old, small;
  Store *store = open_store(place, place->path, STORE_WRITE);
  signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
  small = old;
  small.rlim_cur = 4 << 20;
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  fill_until_full(place, store);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
  close_store(place, store);
  store = open_store(place, place->path, STORE_WRITE);
  assert_whole(store);
  import(place, store, "after", history, HISTORY); /* and it goes on */
  close_store(place, store);
}

static void reader_beside_a_writer(void **state) {
  Place *place = *state;
  Store *writer = open_store(place, place->path, STORE_WRITE);
  import(place, writer, "one", history, HISTORY);
  Store *reader = open_store(place, place->path, STORE_READ);
  assert_int_equal(number(reader, "SELECT count(*) FROM plays"), HISTORY - 1);
  Heard more = {8, T0 + 80000, 5, PLAY_TRACK};
  import(place, writer, "two", &more, 1);
  assert_int_equal(number(reader, "SELECT count(*) FROM plays"), HISTORY - 1); /* one state for the whole run */
  close_store(place, reader);
  reader = open_store(place, place->path, STORE_READ);
  assert_int_equal(number(reader, "SELECT count(*) FROM plays"), HISTORY);
  close_store(place, writer);
  close_store(place, reader);
}

enum { WORK_PLAYS = 3 };
typedef struct Work {
  Place *place;
  Store *store;
} Work;

static Status do_work(void *context, Error *error) {
  Work *work = context;
  Status status = store_open(work->place->arena, work->place->path, STORE_WRITE, NOW, &work->store, error);
  if (status != STATUS_OK) return status;
  PlayWriter *writer = NULL;
  PlayAdded added;
  status = play_writer_new(work->store, text_of("s"), text_of("b"), &writer, error);
  if (status == STATUS_OK) status = store_begin(work->store, error);
  PlayObservation play = {.title = text_of("T"), .artist = text_of("A"), .played_at = T0, .ms_played = 5};
  for (int i = 0; status == STATUS_OK && i < WORK_PLAYS; i++, play.played_at += 100000) status = play_writer_add(writer, &play, &added, error);
  if (status == STATUS_OK) status = play_writer_finish(writer, (ImportCounts){WORK_PLAYS, WORK_PLAYS, 0, 0}, error);
  int64_t track = 1;
  PlaylistChange change;
  if (status == STATUS_OK)
    status = store_write_playlist(work->store, text_of("P"), PLAYLIST_UPDATE, &track, 1, &change, error);
  return status == STATUS_OK ? store_commit(work->store, error) : status;
}

static void memory_may_run_out_anywhere(void **state) {
  Place *place = *state;
  play_stage_test_most(1); /* each play but the last is stored beside what goes on */
  for (unsigned long n = 1;; n++) {
    Work work = {.place = place};
    arena_free(place->arena);
    place->arena = arena_new(0);
    assert_true(n < 1000);
    arena_test_fail_at(n);
    Status status = arena_protect(place->arena, do_work, &work, &place->error);
    arena_test_fail_at(0);
    if (status == STATUS_OK) break;
    assert_non_null(strstr(place->error.message, "memory ran out"));
  }
  arena_free(place->arena);
  place->arena = arena_new(0);
  play_stage_test_most(4096);
  Store *store = open_store(place, place->path, STORE_WRITE);
  assert_int_equal(number(store, "SELECT count(*) FROM plays"), WORK_PLAYS);
  assert_int_equal(number(store, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
  close_store(place, store);
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      STORE_TEST(new_store_is_private),
      STORE_TEST(opening_twice_changes_nothing),
      STORE_TEST(bad_files_are_refused),
      STORE_TEST(other_databases_are_refused),
      STORE_TEST(newer_store_is_refused),
      STORE_TEST(damaged_store_is_told),
      STORE_TEST(no_permission_is_told),
      STORE_TEST(odd_names_are_files),
      STORE_TEST(default_path_follows_the_environment),
      STORE_TEST(one_writer_at_a_time),
      STORE_TEST(two_stores_side_by_side),
      STORE_TEST(stores_of_every_older_schema_are_brought_up_to_date),
      STORE_TEST(a_new_store_is_what_the_migrations_make),
      STORE_TEST(migration_makes_a_copy_first),
      STORE_TEST(no_copy_no_migration),
      STORE_TEST(failed_migration_leaves_the_store_as_it_was),
      STORE_TEST(readers_of_an_old_store_bring_it_up_to_date),
      STORE_TEST(marks_are_put_and_taken),
      STORE_TEST(bad_marks_are_refused),
      STORE_TEST(best_mapping_is_found),
      STORE_TEST(names_of_the_data_model_hold),
      STORE_TEST(foreign_keys_are_enforced),
      STORE_TEST(statements_use_indexes),
      STORE_TEST(composed_queries_use_indexes),
      STORE_TEST(references_have_indexes),
      STORE_TEST(upkeep_reads_each_table_once),
      STORE_TEST(loading_reads_nothing_twice),
      STORE_TEST(peeking_reads_an_index),
      STORE_TEST(statistics_do_not_change_that),
      STORE_TEST(no_play_is_lost),
      STORE_TEST(importing_again_changes_nothing),
      STORE_TEST(order_of_import_does_not_matter),
      STORE_TEST(twins_are_found),
      STORE_TEST(imports_that_take_turns_keep_their_plays),
      STORE_TEST(rolled_back_plays_are_forgotten),
      STORE_TEST(late_names_complete_a_track),
      STORE_TEST(rejections_are_kept_once),
      STORE_TEST(plays_are_read_in_order),
      STORE_TEST(every_play_finds_its_track),
      STORE_TEST(tracks_are_found),
      STORE_TEST(foreign_artists_are_read),
      STORE_TEST(earliest_like_wins),
      STORE_TEST(playlist_modes),
      STORE_TEST(playlists_are_peeked),
      STORE_TEST(a_move_changes_one_key),
      STORE_TEST(random_moves_write_one_row_each),
      STORE_TEST(keys_keep_order),
      STORE_TEST(failed_playlist_is_not_written),
      STORE_TEST(full_database_is_told),
      STORE_TEST(full_disk_is_told),
      STORE_TEST(reader_beside_a_writer),
      STORE_TEST(memory_may_run_out_anywhere),
  };
  return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
