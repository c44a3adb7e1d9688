/* Tracks of connectors: how they lie in the store must not show in what the views say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/id_hash.h"
#include "store/store_int.h"

#include <cmocka.h> /* last: its macro `fail` hides ours */

enum { MS = 200000 };
static const Instant T0 = INT64_C(1600000000000), NOW = INT64_C(1700000000000);

typedef struct Place {
  Arena *arena;
  Store *store;
  PlayWriter *writer;
  Error error;
} Place;

static int set_up(void **state) {
  Arena *arena = arena_new(0);
  Place *place = arena_alloc(arena, sizeof *place);
  place->arena = arena;
  *state = place;
  assert_int_equal(store_open_memory(arena, NOW, &place->store, NULL), STATUS_OK);
  return 0;
}

static int tear_down(void **state) {
  arena_free(((Place *)*state)->arena);
  return 0;
}

static int64_t number(const Place *place, const char *sql) {
  int64_t value = -1;
  Error error = {0};
  if (store_number(place->store, sql, &value, &error) != STATUS_OK) fail_msg("%s: %s", sql, error.message);
  return value;
}

static const char *text(const Place *place, const char *sql) {
  sqlite3_stmt *statement = NULL;
  assert_int_equal(sqlite3_prepare_v2(place->store->db, sql, -1, &statement, NULL), SQLITE_OK);
  TextBuilder out = {.arena = place->arena};
  while (sqlite3_step(statement) == SQLITE_ROW) {
    if (out.length) text_append_char(&out, '|');
    text_append(&out, column_text(statement, 0));
  }
  sqlite3_finalize(statement);
  text_append_char(&out, '\0');
  return text_built(&out).bytes;
}

static void sql(const Place *place, const char *text) {
  Error error = {0};
  if (store_exec(place->store, text, "testing", &error) != STATUS_OK) fail_msg("%s: %s", text, error.message);
}

static void refused(const Place *place, const char *text, const char *why) {
  Error error = {0};
  assert_int_not_equal(store_exec(place->store, text, "testing", &error), STATUS_OK);
  if (!strstr(error.message, why)) fail_msg("%s: %s", text, error.message);
}

static PlayObservation play_of(const char *id, const char *title, Instant at) {
  return (PlayObservation){.kind = PLAY_TRACK,
                           .connector_track_id = text_of(id),
                           .title = text_of(title),
                           .artist = text_of(*title ? "Artist" : ""),
                           .album = text_of(*title ? "Album" : ""),
                           .played_at = at,
                           .ms_played = MS,
                           .context = {.service = TEXT_LITERAL("spotify"),
                                       .source = TEXT_LITERAL("spotify_export"),
                                       .shuffle = TRISTATE_MISSING,
                                       .skipped = TRISTATE_MISSING,
                                       .offline = TRISTATE_MISSING,
                                       .incognito = TRISTATE_MISSING}};
}

static PlayAdded add(Place *place, PlayObservation play) {
  PlayAdded added;
  if (!place->writer)
    assert_int_equal(play_writer_new(place->store, TEXT_LITERAL("s"), TEXT_LITERAL("b"), &place->writer, NULL), STATUS_OK);
  Status status = play_writer_add(place->writer, &play, &added, &place->error);
  if (status != STATUS_OK) fail_msg("%s", place->error.message);
  return added;
}

static void finish(Place *place) {
  assert_int_equal(play_writer_finish(place->writer, (ImportCounts){.rows = 1}, NULL), STATUS_OK);
  place->writer = NULL;
}

/* A track by its id, one by its names, one of another service, an episode. */
static void fill(Place *place) {
  add(place, play_of("a", "One", T0));
  add(place, play_of("", "Two", T0 + 1));
  PlayObservation other = play_of("c", "Three", T0 + 2);
  other.context.service = TEXT_LITERAL("lastfm");
  add(place, other);
  PlayObservation episode = play_of("d", "Four", T0 + 3);
  episode.kind = PLAY_EPISODE;
  add(place, episode);
  finish(place);
}

static void the_views_show_all(void **state) {
  Place *place = *state;
  fill(place);
  assert_string_equal(text(place, "SELECT id || kind || connector_name || ' ' || replace(connector_track_id, char(31), '/') || ' ' || title || artists"
                                  " || coalesce(album, '-') || created_at FROM connector_tracks ORDER BY id"),
                      "1trackspotify a One[\"Artist\"]Album1700000000000|2trackspotify names:Artist/Album/Two Two[\"Artist\"]Album1700000000000|"
                      "3tracklastfm c Three[\"Artist\"]Album1700000000000|4episodespotify d Four[\"Artist\"]Album1700000000000");
  assert_string_equal(text(place, "SELECT id || ' ' || track_id || connector_track_id || match_method || confidence || evidence FROM track_mappings ORDER BY id"),
                      "1 11spotify_id100{\"same\":[\"spotify_id\"]}|2 22names100{\"same\":[\"artist\",\"album\",\"title\"]}|"
                      "3 33connector_id100{\"same\":[\"connector_track_id\"]}");
  assert_string_equal(text(place, "SELECT id || title || coalesce(spotify_id, '-') FROM tracks ORDER BY id"), "1Onea|2Two-|3Three-");
  assert_string_equal(text(place, "SELECT track_id FROM track_plays ORDER BY played_at"), "1|2|3");
  assert_string_equal(text(place, "SELECT title FROM episode_plays"), "Four");
  assert_int_equal(number(place, "SELECT count(*) FROM connector_track_facts"), 1); /* only what no track says */
  assert_int_equal(number(place, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

static void a_connector_keeps_what_it_said(void **state) {
  Place *place = *state;
  fill(place);
  sql(place, "UPDATE tracks SET title = 'Uno', album = NULL WHERE id = 1");
  sql(place, "UPDATE tracks SET spotify_id = 'z' WHERE id = 1");
  sql(place, "UPDATE tracks SET title = 'Dos' WHERE id = 2");
  assert_string_equal(text(place, "SELECT connector_track_id || title || album FROM connector_tracks WHERE id = 1"), "aOneAlbum");
  assert_string_equal(text(place, "SELECT title FROM connector_tracks WHERE id = 2"), "Two");
  assert_string_equal(text(place, "SELECT title || spotify_id FROM tracks WHERE id = 1"), "Unoz");
  /* Its plays are still known by its id, and by no other. */
  assert_true(add(place, play_of("a", "One", T0)).duplicate);
  assert_true(add(place, play_of("z", "One", T0)).new_track);
  assert_int_equal(number(place, "SELECT count(*) FROM tracks WHERE spotify_id = 'z'"), 2);
  refused(place, "DELETE FROM tracks WHERE id = 2", "FOREIGN KEY");
  refused(place, "DELETE FROM connector_tracks WHERE id = 2", "FOREIGN KEY");
}

static void mappings_can_be_changed(void **state) {
  Place *place = *state;
  fill(place);
  sql(place, "INSERT INTO track_mappings(track_id, connector_track_id, match_method, confidence, created_at, updated_at)"
             " VALUES(3, 1, 'm', 90, 1, 1)");
  assert_int_equal(number(place, "SELECT track_id FROM best_mappings WHERE connector_track_id = 1"), 1);
  sql(place, "UPDATE track_mappings SET confidence = 80 WHERE id = 1");
  assert_int_equal(number(place, "SELECT track_id FROM best_mappings WHERE connector_track_id = 1"), 3);
  assert_string_equal(text(place, "SELECT track_id || ' ' || confidence || match_method FROM track_mappings WHERE connector_track_id = 1 ORDER BY id"),
                      "1 80spotify_id|3 90m");
  int64_t track;
  int confidence;
  assert_int_equal(store_find_mapping(place->store, TEXT_LITERAL("spotify"), TEXT_LITERAL("a"), &track, &confidence, NULL), STATUS_OK);
  assert_int_equal(track * 100 + confidence, 390);
  assert_int_equal(store_find_mapping(place->store, TEXT_LITERAL("lastfm"), TEXT_LITERAL("c"), &track, &confidence, NULL), STATUS_OK);
  assert_int_equal(track * 1000 + confidence, 3100);
  sql(place, "UPDATE track_mappings SET is_deleted = 1, deleted_at = 5 WHERE connector_track_id = 2");
  assert_int_equal(number(place, "SELECT track_id IS NULL FROM best_mappings WHERE connector_track_id = 2"), 1);
  assert_int_equal(number(place, "SELECT count(*) FROM track_mappings WHERE is_deleted = 1"), 1);
  assert_int_equal(number(place, "SELECT count(*) FROM track_plays WHERE track_id IS NULL"), 1);
  sql(place, "DELETE FROM track_mappings WHERE id = 3");
  assert_int_equal(number(place, "SELECT count(*) FROM track_mappings WHERE connector_track_id = 3"), 0);
  sql(place, "PRAGMA foreign_keys=ON"); /* which they are in every transaction but an import's */
  refused(place, "INSERT INTO track_mappings(track_id, connector_track_id, match_method, confidence, created_at, updated_at)"
                 " VALUES(99, 1, 'm', 90, 1, 1)", "FOREIGN KEY");
  assert_int_equal(number(place, "SELECT count(*) FROM track_mappings"), 3);
}

static void connector_tracks_can_be_written(void **state) {
  Place *place = *state;
  fill(place);
  const char *const again[] = {"'spotify', 'a'", "'lastfm', 'c'", "'spotify', 'd'"};
  for (size_t i = 0; i < sizeof again / sizeof *again; i++)
    refused(place, arena_format(place->arena, "INSERT INTO connector_tracks(connector_name, connector_track_id, last_updated, created_at, updated_at)"
                                              " VALUES(%s, 1, 1, 1)", again[i]), "UNIQUE");
  refused(place, "INSERT INTO connector_tracks(connector_name, last_updated, created_at, updated_at) VALUES('x', 1, 1, 1)", "NOT NULL");
  sql(place, "INSERT INTO connector_tracks(connector_name, connector_track_id, title, isrc, last_updated, created_at, updated_at)"
             " VALUES('lastfm', 'a', 'One', 'X', 1, 2, 3)");
  sql(place, "UPDATE connector_tracks SET raw_metadata = '{}', is_deleted = 1 WHERE id = 1");
  assert_string_equal(text(place, "SELECT connector_name || connector_track_id || title || coalesce(isrc, '-') || coalesce(raw_metadata, '-') || is_deleted"
                                  " FROM connector_tracks WHERE title = 'One' ORDER BY id"),
                      "spotifyaOne-{}1|lastfmaOneX-0");
  int64_t track;
  int confidence;
  assert_int_equal(store_find_mapping(place->store, TEXT_LITERAL("spotify"), TEXT_LITERAL("a"), &track, &confidence, NULL), STATUS_OK);
  assert_int_equal(track, 0);
  /* The next track gets an id that none of them has. */
  sql(place, "INSERT INTO track_mappings(id, track_id, connector_track_id, match_method, confidence, created_at, updated_at)"
             " VALUES(70, 1, 5, 'm', 90, 1, 1)");
  add(place, play_of("e", "Five", T0 + 9));
  assert_int_equal(number(place, "SELECT max(id) FROM connector_tracks"), 71);
  assert_int_equal(number(place, "SELECT count(*) = count(DISTINCT id) FROM track_mappings"), 1);
}

/* Names that come later name the track and what the connector says of it. */
static void late_names_name_both(void **state) {
  Place *place = *state;
  add(place, play_of("a", "", T0));
  assert_int_equal(number(place, "SELECT title IS NULL FROM connector_tracks"), 1);
  add(place, play_of("a", "One", T0 + 1));
  assert_string_equal(text(place, "SELECT c.title || t.title || c.artists FROM connector_tracks c JOIN tracks t"), "OneOne[\"Artist\"]");
  assert_int_equal(number(place, "SELECT count(*) FROM connector_track_facts"), 0);
  /* One that stands for another track by now. */
  add(place, play_of("b", "", T0 + 2));
  sql(place, "UPDATE track_mappings SET track_id = 1 WHERE connector_track_id = 2");
  finish(place);
  add(place, play_of("b", "Two", T0 + 3));
  assert_string_equal(text(place, "SELECT title FROM connector_tracks WHERE id = 2"), "Two");
  assert_string_equal(text(place, "SELECT title FROM tracks WHERE id = 1"), "One");
}

/* Tracks that still wait to be stored are there for everybody, and two writers share them. */
static void nobody_misses_what_waits(void **state) {
  Place *place = *state;
  Store *store = place->store;
  int64_t id = 0;
  assert_int_equal(store_begin(store, NULL), STATUS_OK);
  add(place, play_of("a", "One", T0));
  assert_int_equal(store_find_by_spotify_id(store, TEXT_LITERAL("a"), &id, NULL), STATUS_OK);
  assert_int_equal(id, 1);
  add(place, play_of("b", "Two", T0 + 1));
  assert_int_equal(store_highest_track(store), 2);
  add(place, play_of("c", "Three", T0 + 2));
  StoreTrack track = {.title = text_of("Added"), .duration_ms = -1, .explicit_content = TRISTATE_MISSING};
  assert_int_equal(store_add_track(store, &track, &id, NULL), STATUS_OK);
  assert_int_equal(id, 4);
  PlayWriter *first = place->writer;
  place->writer = NULL;
  assert_false(add(place, play_of("c", "Three", T0 + 3)).new_track);
  assert_true(add(place, play_of("d", "Four", T0 + 4)).new_track);
  PlayAdded added;
  PlayObservation play = play_of("d", "Four", T0 + 4);
  assert_int_equal(play_writer_add(first, &play, &added, NULL), STATUS_OK);
  assert_true(added.duplicate);
  assert_int_equal(store_commit(store, NULL), STATUS_OK);
  assert_string_equal(text(place, "SELECT id || title FROM tracks ORDER BY id"), "1One|2Two|3Three|4Added|5Four");
  assert_int_equal(number(place, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

static int64_t add_loose(Place *place, const char *id) {
  int64_t track = 0;
  StoreTrack liked = {.title = text_of("Liked"), .spotify_id = text_of(id), .duration_ms = -1, .explicit_content = TRISTATE_MISSING};
  assert_int_equal(store_add_track(place->store, &liked, &track, NULL), STATUS_OK);
  return track;
}

static void is_track(Place *place, const char *id, int64_t track) {
  const char *mapped = arena_format(place->arena,
      "SELECT m.track_id FROM track_mappings m JOIN connector_tracks c ON c.id = m.connector_track_id WHERE c.connector_track_id = '%s'", id);
  assert_int_equal(number(place, mapped), track);
  assert_int_equal(number(place, arena_format(place->arena, "SELECT count(*) FROM tracks WHERE spotify_id = '%s'", id)), 1);
}

/* The first play of a track that a pipeline brought belongs to that track, whenever it came and whatever was rolled
 * back in between. */
static void a_play_finds_the_track_that_was_there_before(void **state) {
  Place *place = *state;
  Store *store = place->store;
  add(place, play_of("a", "One", T0)); /* the store was empty, so nothing can be loose yet */
  int64_t b = add_loose(place, "b");
  add(place, play_of("b", "Bee", T0 + 1));
  finish(place);
  is_track(place, "b", b);
  int64_t c = add_loose(place, "c");
  assert_int_equal(store_begin(store, NULL), STATUS_OK);
  add(place, play_of("c", "Liked", T0 + 2));
  add(place, play_of("d", "Two", T0 + 3));
  add_loose(place, "e");
  store_rollback(store);
  place->writer = NULL;
  add(place, play_of("e", "Three", T0 + 4)); /* its track went with the rollback */
  add(place, play_of("c", "See", T0 + 5));
  finish(place);
  is_track(place, "c", c);
  assert_string_equal(text(place, "SELECT title FROM connector_tracks WHERE connector_track_id < 'd' ORDER BY connector_track_id"), "One|Bee|See");
  is_track(place, "e", number(place, "SELECT id FROM tracks WHERE title = 'Three'"));
  int64_t f = add_loose(place, "f");
  store->refs = NULL; /* as if opened anew */
  store->loose_tracks = false;
  store->writers = NULL;
  add(place, play_of("f", "Liked", T0 + 6));
  finish(place);
  is_track(place, "f", f);
  assert_int_equal(number(place, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

/* As a store of an older schema has them: without their hashes. */
static void contexts_are_kept_once(void **state) {
  Place *place = *state;
  add(place, play_of("a", "One", T0));
  finish(place);
  sql(place, "UPDATE play_contexts SET context_hash = NULL");
  place->store->refs = NULL; /* as if opened anew */
  add(place, play_of("a", "One", T0 + 1));
  assert_int_equal(number(place, "SELECT count(*) FROM play_contexts"), 1);
  assert_int_equal(number(place, "SELECT count(*) FROM play_contexts WHERE context_hash IS NULL"), 0);
}

/* An import that was interrupted after a commit and asked for again as of the same moment. */
static void imports_of_one_name_count_for_themselves(void **state) {
  Place *place = *state;
  for (int i = 0; i < 3; i++) {
    for (int j = 0; j <= i; j++) add(place, play_of("a", "One", T0 + 10 * i + j));
    finish(place);
  }
  assert_string_equal(text(place, "SELECT batch || stored || ' ' || first_play_id || ' ' || last_play_id FROM import_batches ORDER BY id"), "b1 1 1|b-22 2 3|b-33 4 6");
}

/* A transaction that was open before there was a writer checks foreign keys; more plays than wait in one go, so that some are stored before what they refer to. */
static void a_writer_may_come_into_a_transaction(void **state) {
  Place *place = *state;
  enum { COUNT = 9000 };
  assert_int_equal(store_begin(place->store, NULL), STATUS_OK);
  for (int i = 0; i < COUNT; i++) add(place, play_of(arena_format(place->arena, "id%d", i), arena_format(place->arena, "Song %d", i), T0 + i));
  finish(place);
  assert_int_equal(store_commit(place->store, NULL), STATUS_OK);
  assert_int_equal(number(place, "SELECT count(*) FROM track_plays"), COUNT);
  assert_int_equal(number(place, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

/* More than are looked up one by one, known and new ones mixed. */
static void many_are_found_again(void **state) {
  Place *place = *state;
  enum { COUNT = 700 };
  for (int pass = 0; pass < 3; pass++) {
    assert_int_equal(store_begin(place->store, NULL), STATUS_OK);
    for (int i = 0; i < COUNT + 100 * pass; i++) {
      PlayObservation play = play_of(arena_format(place->arena, "id%d", i), i % 3 ? "Song" : "", T0 + i);
      play.context.platform = text_of(arena_format(place->arena, "platform %d", i % 300));
      PlayAdded added = add(place, play);
      assert_int_equal(added.new_track, pass == 0 || i >= COUNT + 100 * (pass - 1));
      assert_int_equal(added.duplicate, !added.new_track);
    }
    finish(place);
    assert_int_equal(store_commit(place->store, NULL), STATUS_OK);
  }
  assert_int_equal(number(place, "SELECT count(*) FROM tracks"), COUNT + 200);
  assert_int_equal(number(place, "SELECT count(*) FROM play_contexts"), 300);
  assert_int_equal(number(place, "SELECT count(*) FROM connector_tracks c JOIN tracks t ON t.id = c.id AND t.spotify_id = c.connector_track_id"), COUNT + 200);
}

/* ---- many tracks, which a thread of the store reads ahead ---- */

enum { MANY = 40000, LONG_TITLE = 60000 };

typedef struct Walk {
  const Place *place;
  int64_t seen, last, stop_at;
} Walk;

/* What many_tracks() gave the track. */
static bool check_track(void *context, const StoreTrack *track) {
  Walk *walk = context;
  assert_true(track->id > walk->last);
  for (int64_t id = walk->last + 1; id < track->id; id++) assert_int_equal(id % 17, 0); /* deleted */
  walk->last = track->id;
  walk->seen++;
  if (track->id % 9001 == 5) {
    assert_int_equal(track->title.length, LONG_TITLE);
    for (size_t i = 0; i < LONG_TITLE; i++) assert_int_equal(track->title.bytes[i], '0');
  } else if (track->id % 13 == 1) {
    assert_int_equal(track->title.length, 0);
  } else {
    char title[32];
    assert_int_equal(track->title.length, snprintf(title, sizeof title, "title %lld", (long long)track->id));
    assert_memory_equal(track->title.bytes, title, track->title.length);
  }
  assert_int_equal(track->duration_ms, track->id % 3 ? track->id * 10 : -1);
  return track->id != walk->stop_at;
}

static void many_tracks(void **state) {
  const Place *place = *state;
  char folder[] = "/tmp/narada-tracks-XXXXXX";
  assert_non_null(mkdtemp(folder));
  const char *path = arena_format(place->arena, "%s/narada.db", folder);
  Store *store;
  Error error = {0};
  assert_int_equal(store_open(place->arena, path, STORE_WRITE, NOW, &store, &error), STATUS_OK);
  const char *fill = arena_format(place->arena,
                                  "CREATE TEMP TABLE numbers AS WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < %d)"
                                  " SELECT value FROM n",
                                  MANY);
  assert_int_equal(store_exec(store, fill, "testing", &error), STATUS_OK);
  fill = arena_format(place->arena,
                      "BEGIN; INSERT INTO tracks(id, title, duration_ms, is_deleted, created_at, updated_at)"
                      " SELECT value, CASE WHEN value %% 9001 = 5 THEN hex(zeroblob(%d)) WHEN value %% 13 = 1 THEN NULL ELSE 'title ' || value END,"
                      " CASE WHEN value %% 3 THEN value * 10 END, value %% 17 = 0, 1, 1 FROM numbers; COMMIT",
                      LONG_TITLE / 2);
  assert_int_equal(store_exec(store, fill, "testing", &error), STATUS_OK);
  assert_int_equal(store_close(store, &error), STATUS_OK);

  assert_int_equal(store_open(place->arena, path, STORE_READ, NOW, &store, &error), STATUS_OK);
  for (int64_t stop_at = 0; stop_at < MANY; stop_at = stop_at * 7 + 1) {
    Walk walk = {.place = place, .stop_at = stop_at};
    assert_int_equal(store_each_track(store, TRACK_TITLE | TRACK_DURATION, check_track, &walk, &error), STATUS_OK);
    if (stop_at && stop_at % 17) assert_int_equal(walk.last, stop_at);
    if (!stop_at) assert_int_equal(walk.seen, MANY - MANY / 17);
    StoreTrack track;
    bool found = false;
    assert_int_equal(store_track(store, MANY - 1, &track, &found, &error), STATUS_OK);
    assert_true(found);
  }
  assert_int_equal(store_close(store, &error), STATUS_OK);
  static const char *const files[] = {"narada.db", "narada.db-wal", "narada.db-shm", "narada.db.lock"};
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) unlink(arena_format(place->arena, "%s/%s", folder, files[i]));
  assert_int_equal(rmdir(folder), 0);
}

/* Steps of SQLite's machine, however long they take. */
static int steps_to_find(const Place *place, const char *id, int64_t *track) {
  Store *store = place->store;
  Error error = {0};
  if (store_find_by_spotify_id(store, text_of(id), track, &error) != STATUS_OK) fail_msg("%s", error.message);
  return sqlite3_stmt_status(store->statements[SQL_TRACK_BY_SPOTIFY_ID], SQLITE_STMTSTATUS_VM_STEP, 1);
}

/* Whatever their ids have in common, at the beginning or at the end. */
static void ids_that_are_alike_are_found_as_quickly(void **state) {
  Place *place = *state;
  sql(place, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
             " INSERT INTO tracks(title, spotify_id, spotify_hash, created_at, updated_at)"
             " SELECT i, format('4uLU6hMC%06dIzX0000', i), id_hash(format('4uLU6hMC%06dIzX0000', i)), 1, 1 FROM n");
  int64_t track = 0;
  steps_to_find(place, "4uLU6hMC000001IzX0000", &track);
  for (int i = 1; i <= 20000; i += 619) {
    char id[32];
    snprintf(id, sizeof id, "4uLU6hMC%06dIzX0000", i);
    assert_in_range(steps_to_find(place, id, &track), 1, 60);
    assert_int_equal(track, i);
  }
  assert_in_range(steps_to_find(place, "4uLU6hMC999999IzX0000", &track), 1, 60);
  assert_int_equal(track, 0);
  /* A play that a connector does not know asks for a track without one, too. */
  add(place, play_of("4uLU6hMC000007IzX0000", "Seven", T0));
  finish(place);
  assert_in_range(sqlite3_stmt_status(place->store->statements[SQL_TRACK_LOOSE], SQLITE_STMTSTATUS_VM_STEP, 0), 1, 100);
  int confidence = 0;
  assert_int_equal(store_find_mapping(place->store, TEXT_LITERAL("spotify"), TEXT_LITERAL("4uLU6hMC000008IzX0000"), &track, &confidence, NULL), STATUS_OK);
  assert_in_range(sqlite3_stmt_status(place->store->statements[SQL_CONNECTOR_FIND_SPOTIFY], SQLITE_STMTSTATUS_VM_STEP, 0), 1, 100);
  assert_int_equal(number(place, "SELECT track_id FROM track_plays"), 7);
}

/* What another program writes has no hash, or none any more, until the next one that opens the store to write. */
static void ids_that_others_write_are_found(void **state) {
  Place *place = *state;
  int64_t track = 0;
  sql(place, "INSERT INTO tracks(title, spotify_id, created_at, updated_at) VALUES('one', 'a', 1, 1), ('two', 'b', 1, 1), ('three', NULL, 1, 1)");
  assert_int_equal(id_hash_fill(place->store, NULL), STATUS_OK);
  steps_to_find(place, "b", &track);
  assert_int_equal(track, 2);
  sql(place, "UPDATE tracks SET spotify_id = 'c' WHERE id = 2; UPDATE tracks SET spotify_id = spotify_id WHERE id = 1");
  assert_int_equal(number(place, "SELECT count(*) FROM tracks WHERE spotify_id IS NOT NULL AND spotify_hash IS NULL"), 1);
  assert_int_equal(id_hash_fill(place->store, NULL), STATUS_OK);
  steps_to_find(place, "b", &track);
  assert_int_equal(track, 0);
  steps_to_find(place, "c", &track);
  assert_int_equal(track, 2);
  sql(place, "UPDATE tracks SET spotify_id = NULL WHERE id = 2");
  assert_int_equal(number(place, "SELECT count(*) FROM tracks WHERE spotify_hash IS NOT id_hash(spotify_id)"), 0);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
      TEST(the_views_show_all),       TEST(a_connector_keeps_what_it_said),
      TEST(mappings_can_be_changed),  TEST(connector_tracks_can_be_written),
      TEST(late_names_name_both),     TEST(nobody_misses_what_waits),
      TEST(a_writer_may_come_into_a_transaction),
      TEST(contexts_are_kept_once),   TEST(many_are_found_again),
      TEST(imports_of_one_name_count_for_themselves),
      TEST(a_play_finds_the_track_that_was_there_before),
      TEST(many_tracks),
      TEST(ids_that_are_alike_are_found_as_quickly),
      TEST(ids_that_others_write_are_found),
  };
  return cmocka_run_group_tests_name("store.tracks", tests, NULL, NULL);
}
