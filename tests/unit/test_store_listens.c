/* Listens through the store: whatever the order of the imports, their batches and repetitions, the same listens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "store/plays/play_stage.h"
#include "store/plays/totals.h"

#include <cmocka.h> /* last: its macro `fail` hides ours */

#define NOW INT64_C(1700000000000)
#define T0  INT64_C(1600000000000)

static Arena *arena;
static Error error;
static char stores[] = "/tmp/narada-listens-XXXXXX";

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

static int64_t number(Store *store, const char *sql) {
  int64_t value = -1;
  check(store_number(store, sql, &value, &error));
  return value;
}

/* ---- random histories ---- */

enum { MOST = 3000 };
static const char *const titles[] = {"Amber Road", "AMBER ROAD", "Blue Hour", "Drift", "Ember", "Copper Sky"};
static const char *const sources[] = {"spotify_export", "spotify_account", "spotify_recent", "lastfm", "listenbrainz", "my list"};
static const char *const reasons[] = {"trackdone", "endplay", "fwdbtn", ""};

typedef struct History {
  PlayObservation plays[MOST];
  size_t count;
} History;

static void add(History *history, int source, size_t title, int64_t recorded, int64_t ms, const char *reason) {
  if (history->count == MOST) return;
  PlayObservation *play = &history->plays[history->count++];
  bool has_id = source == 0 || source == 2;
  *play = (PlayObservation){.kind = title == 4 ? PLAY_EPISODE : PLAY_TRACK,
                            .title = text_of(titles[title]),
                            .artist = TEXT_LITERAL("Ada Lind"),
                            .played_at = recorded - (source < 3 && ms > 0 ? ms : 0),
                            .ms_played = ms,
                            .context = {.service = text_of(source < 3 ? "spotify" : sources[source]),
                                        .source = text_of(sources[source]),
                                        .reason_end = text_of(reason),
                                        .shuffle = TRISTATE_MISSING,
                                        .skipped = TRISTATE_MISSING,
                                        .offline = TRISTATE_MISSING,
                                        .incognito = TRISTATE_MISSING}};
  if (has_id) play->connector_track_id = text_of(arena_format(arena, "id%zu", title));
}

/* The context that is not part of the key, so that which of two equal plays comes first cannot matter. */
static bool repeats(const History *history, const PlayObservation *play) {
  for (size_t i = 0; i < history->count; i++) {
    const PlayObservation *other = &history->plays[i];
    if (other != play && other->played_at == play->played_at && other->ms_played == play->ms_played && text_equal(other->title, play->title) &&
        text_equal(other->context.service, play->context.service) && other->connector_track_id.length == play->connector_track_id.length)
      return true;
  }
  return false;
}

static void make_history(History *history, Random *random, size_t listens) {
  int64_t clock = T0;
  history->count = 0;
  for (size_t i = 0; i < listens; i++) {
    size_t title = (size_t)random_below(random, random_below(random, 3) ? 3 : sizeof titles / sizeof *titles);
    int64_t heard = (int64_t)random_below(random, random_below(random, 4) ? 260 : 20) * 1000 + (int64_t)random_below(random, 4) * 250;
    const char *reason = reasons[random_below(random, 4)];
    for (int source = 0; source < 6; source++) {
      if (random_below(random, 3) == 0) continue;
      int64_t late = source >= 3 ? (int64_t)random_below(random, 80) * 1000 - 40000 : random_below(random, 8) ? 0 : (int64_t)random_below(random, 5) * 1000;
      int64_t recorded = (source < 3 ? clock + heard : clock) + late, ms = source >= 3 || random_below(random, 6) == 0 ? -1 : heard;
      if (source == 1) recorded -= recorded % 60000;
      for (int copy = 0; copy < 2; copy++) {
        add(history, source, title, recorded, copy ? ms / 2 : ms, source == 0 ? reason : "");
        if (repeats(history, &history->plays[history->count - 1])) history->count--;
        if (random_below(random, 12)) break;
      }
    }
    clock += heard + (int64_t)random_below(random, random_below(random, 3) ? 45 : 2000) * 1000;
    if (random_below(random, 40) == 0) clock += 30000000;
  }
}

/* ---- totals ---- */

typedef struct Sums {
  StoreTotals of[64];
} Sums;

static bool sum_visit(void *context, const StorePlay *play) {
  StoreTotals *mine = &((Sums *)context)->of[play->track];
  assert_true(play->track > 0 && play->track < 64);
  if (play->counted == COUNTED_SKIP) mine->skips++;
  if (play->counted != COUNTED_PLAY) return true;
  if (!mine->plays++) mine->first_played = play->played_at;
  mine->last_played = play->played_at;
  if (play->ms_played > 0) mine->listened_ms += play->ms_played;
  return true;
}

static bool compare_visit(void *context, const StoreTotals *totals) {
  StoreTotals *mine = &((Sums *)context)->of[totals->track];
  assert_int_equal(totals->plays, mine->plays);
  assert_int_equal(totals->skips, mine->skips);
  assert_int_equal(totals->listened_ms, mine->listened_ms);
  assert_true(totals->plays || totals->skips);
  assert_int_equal(totals->first_played, mine->plays ? mine->first_played : INSTANT_MAX);
  assert_int_equal(totals->last_played, mine->plays ? mine->last_played : INSTANT_MIN);
  *mine = (StoreTotals){0};
  return true;
}

/* The totals kept with each import are what the listens give when they are counted now. */
static void check_totals(Store *store) {
  static Sums sums;
  bool current = false;
  memset(&sums, 0, sizeof sums);
  check(store_has_totals(store, &current, &error));
  assert_true(current);
  check(store_each_figure(store, (InstantRange){INSTANT_MIN, INSTANT_MAX + 1}, sum_visit, &sums, &error));
  check(store_each_total(store, compare_visit, &sums, &error));
  for (size_t i = 0; i < 64; i++) assert_true(sums.of[i].plays == 0 && sums.of[i].skips == 0);
}

/* ---- imports ---- */

static bool count_visit(void *context, const StorePlay *play) {
  (void)play;
  (*(uint64_t *)context)++;
  return true;
}

static Store *open_file(bool fresh) {
  Store *store = NULL;
  const char *path = arena_format(arena, "%s/n.db", stores);
  if (fresh) unlink(path);
  check(store_open(arena, path, STORE_WRITE, NOW, &store, &error));
  return store;
}

/* Nothing is remembered any more. */
static Store *reopen(Store *store) {
  check(store_close(store, &error));
  return open_file(false);
}

/* Everything at least once, some of it again, in any order, in batches and transactions of any size. */
static Store *import(const History *history, Random *random) {
  static const size_t most[] = {4096, 100, 13, 2};
  Store *store = NULL;
  play_stage_test_most(most[random_below(random, 4)]); /* most of them are stored in the thread beside */
  totals_test_waiting(random_below(random, 3), random_below(random, 2) ? 0 : 1 + random_below(random, 8)); /* 0 is the program's own */
  bool file = random_below(random, 3) == 0;
  if (file) store = open_file(true);
  else check(store_open_memory(arena, NOW, &store, &error));
  size_t total = history->count + history->count / 4, stored = 0, duplicates = 0;
  uint32_t *order = arena_array(arena, total, sizeof *order);
  for (size_t i = 0; i < total; i++) order[i] = (uint32_t)(i < history->count ? i : random_below(random, history->count));
  bool shuffled = random_below(random, 3) != 0;
  for (size_t i = total; shuffled && i > 1; i--) {
    size_t other = (size_t)random_below(random, i);
    uint32_t kept = order[i - 1];
    order[i - 1] = order[other];
    order[other] = kept;
  }
  for (size_t at = 0; at < total;) {
    PlayWriter *writer = NULL;
    check(play_writer_new(store, TEXT_LITERAL("test"), text_of(arena_format(arena, "batch %zu", at)), &writer, &error));
    check(store_begin(store, &error));
    uint64_t looked = 0; /* a reader in the middle sees the listens so far */
    size_t end = at + 1 + (size_t)random_below(random, random_below(random, 2) ? 5 : total);
    bool failed = random_below(random, 6) == 0; /* and once more */
    for (size_t i = at; i < total && i < end; i++) {
      PlayAdded added;
      check(play_writer_add(writer, &history->plays[order[i]], &added, &error));
      stored += !failed && !added.duplicate;
      duplicates += !failed && added.duplicate;
      uint64_t number;
      if (!failed && random_below(random, 12) == 0) check(store_commit_beside(store, &number, &error));
      if (random_below(random, 6) == 0) check(store_each_play(store, (InstantRange){INSTANT_MIN, INSTANT_MAX}, 0, count_visit, &looked, &error));
    }
    if (failed) {
      store_rollback(store);
      check(play_writer_finish(writer, (ImportCounts){0}, &error));
    } else {
      check(play_writer_finish(writer, (ImportCounts){.rows = end - at}, &error));
      check(store_commit(store, &error));
      at = end;
      if (random_below(random, 8) == 0) check_totals(store);
      if (file && random_below(random, 3) == 0) store = reopen(store);
    }
  }
  assert_int_equal(stored, history->count);
  assert_int_equal(stored + duplicates, total);
  return store;
}

static void describe_rows(Store *store, const char *sql, TextBuilder *out) {
  sqlite3_stmt *each = NULL;
  assert_int_equal(sqlite3_prepare_v2(store->db, sql, -1, &each, NULL), SQLITE_OK);
  while (sqlite3_step(each) == SQLITE_ROW) {
    for (int i = 0; i < sqlite3_column_count(each); i++) {
      text_append(out, column_text(each, i));
      text_append_char(out, i + 1 < sqlite3_column_count(each) ? '|' : '\n');
    }
  }
  sqlite3_finalize(each);
}

/* What the listens, the tracks and their figures are, in words that no number of the store is in. */
static Text describe(Store *store) {
  static const char sql[] =
      "SELECT p.played_at, p.ms_played, c.connector_name, c.connector_track_id, l.role, h.played_at, hc.connector_name, hc.connector_track_id, h.ms_played,"
      " lc.connector_name, lc.connector_track_id, l.listen_ms_played, x.source, x.reason_end, l.before_ms, l.after_ms, l.divergent"
      " FROM plays p LEFT JOIN play_listens l ON l.played_at = p.played_at AND l.connector_track_id = p.connector_track_id AND l.ms_played = p.ms_played"
      " JOIN connector_tracks c ON c.id = p.connector_track_id LEFT JOIN plays h ON h.id = l.listen_id LEFT JOIN connector_tracks hc ON hc.id = h.connector_track_id"
      " LEFT JOIN connector_tracks lc ON lc.id = l.listen_connector_track_id LEFT JOIN play_contexts x ON x.id = l.listen_context_id"
      " ORDER BY 1, 3, 4, 2";
  TextBuilder out = {.arena = arena};
  describe_rows(store, sql, &out);
  describe_rows(store, "SELECT title, artists, album, spotify_id FROM tracks WHERE is_deleted = 0 ORDER BY 4, 1", &out);
  describe_rows(store,
                "SELECT t.title, t.spotify_id, h.plays, h.skips, h.listened_ms, h.first_played, h.last_played FROM track_totals h"
                " JOIN tracks t ON t.id = h.track_id ORDER BY 2, 1",
                &out);
  return text_built(&out);
}

static void assert_same_text(Text a, Text b, uint64_t seed) {
  if (text_equal(a, b)) return;
  size_t at = 0;
  while (at < a.length && at < b.length && a.bytes[at] == b.bytes[at]) at++;
  while (at > 0 && a.bytes[at - 1] != '\n') at--;
  print_message("seed %llu:\n%.200s\n---\n%.200s\n", (unsigned long long)seed, a.bytes + at, b.bytes + at);
  assert_true(false);
}

static uint64_t count_plays(Store *store, unsigned which) {
  uint64_t count = 0;
  check(store_each_play(store, (InstantRange){INSTANT_MIN, INSTANT_MAX}, which, count_visit, &count, &error));
  return count;
}

static void check_conservation(Store *store, const History *history) {
  ListenCounts counts;
  check(store_rebuild_listens(store, true, &counts, &error));
  assert_int_equal(counts.changed, 0);
  assert_int_equal(counts.observations, history->count);
  uint64_t all = 0;
  for (int i = 0; i < 5; i++) all += counts.roles[i];
  assert_int_equal(all, counts.observations);
  assert_int_equal(counts.roles[1] + counts.roles[2] + counts.roles[3] + counts.roles[4], number(store, "SELECT count(*) FROM play_listens"));
  assert_int_equal(count_plays(store, PLAYS_OF_EVERY_KIND | PLAYS_AS_OBSERVED), history->count);
  assert_int_equal(count_plays(store, PLAYS_OF_EVERY_KIND), counts.roles[0] + counts.roles[1]);
  assert_int_equal(count_plays(store, PLAYS_OF_EVERY_KIND), number(store, "SELECT count(*) FROM listens"));
  assert_int_equal(count_plays(store, 0), number(store, "SELECT count(*) FROM listens WHERE kind = 'track'"));
  assert_int_equal(number(store, "SELECT count(*) FROM observations"), history->count);
}

static void imports_of_any_order_give_the_same_listens(void **state) {
  (void)state;
  static History history;
  for (uint64_t seed = 1; seed <= 24; seed++) {
    arena_free(arena);
    arena = arena_new(0);
    Random random = random_seeded(seed);
    make_history(&history, &random, 20 + (size_t)random_below(&random, 200));
    Text first = {0};
    for (int round = 0; round < 3; round++) {
      Store *store = import(&history, &random);
      check_conservation(store, &history);
      check_totals(store);
      Text got = describe(store);
      if (round == 0) first = got;
      assert_same_text(first, got, seed);
      if (round == 2) {
        ListenCounts counts;
        check(store_rebuild_listens(store, false, &counts, &error));
        assert_same_text(first, describe(store), seed);
      }
      check(store_close(store, &error));
    }
  }
}

static void a_rebuild_mends_what_is_wrong(void **state) {
  (void)state;
  static History history;
  Random random = random_seeded(99);
  make_history(&history, &random, 100);
  Store *store = import(&history, &random);
  Text right = describe(store);
  const char *damages[] = {"DELETE FROM play_listens WHERE role = 4", "UPDATE play_listens SET listen_ms_played = 7 WHERE role = 1",
                           "INSERT INTO play_listens SELECT played_at + 86400000, connector_track_id, ms_played, listen_id, role, 1, 1, 1, NULL, 0, 0, 0 FROM play_listens LIMIT 3",
                           "DELETE FROM play_listens"};
  for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
    assert_int_equal(sqlite3_exec(store->db, damages[i], NULL, NULL, NULL), SQLITE_OK);
    uint64_t damaged = (uint64_t)sqlite3_changes(store->db);
    ListenCounts dry, done;
    check(store_rebuild_listens(store, true, &dry, &error));
    assert_int_equal(dry.changed, damaged);
    check(store_rebuild_listens(store, false, &done, &error));
    assert_int_equal(done.changed, damaged);
    assert_same_text(right, describe(store), i);
  }
}

static void another_rule_counts_anew(void **state) {
  (void)state;
  static History history;
  Random random = random_seeded(7);
  make_history(&history, &random, 150);
  Store *store = import(&history, &random);
  int64_t plays[COUNTING_RULES];
  for (int rule = 0; rule < COUNTING_RULES; rule++) {
    check(store_set_counting_rule(store, (CountingRule)rule, &error));
    check_totals(store);
    plays[rule] = number(store, "SELECT sum(plays) FROM track_totals");
    CountingRule now;
    store->counting_known = false; /* as another process finds it */
    check(store_counting_rule(store, &now, &error));
    assert_int_equal(now, rule);
  }
  assert_true(plays[COUNTING_ALL] > plays[COUNTING_SPOTIFY]);
  assert_true(plays[COUNTING_SPOTIFY] > plays[COUNTING_LASTFM]);
  /* A rule of one's own asks for what a play ended with too: without a length of the track, one played to its end tells it. */
  check(store_set_own_rule(store, (OwnRule){.heard_ms = 240000, .percent = 50}, &error));
  check_totals(store);
  assert_int_equal(number(store, "SELECT sum(plays) FROM track_totals"), plays[COUNTING_LISTENBRAINZ]);
  assert_true(plays[COUNTING_LISTENBRAINZ] > plays[COUNTING_STRICT]);
  assert_true(plays[COUNTING_LASTFM] > plays[COUNTING_STRICT]);
  /* Lengths become known: the rules that ask for them count anew. */
  check(store_set_counting_rule(store, COUNTING_STRICT, &error));
  assert_int_equal(sqlite3_exec(store->db, "UPDATE tracks SET duration_ms = 100000", NULL, NULL, NULL), SQLITE_OK);
  bool current = true;
  check(store_has_totals(store, &current, &error));
  assert_false(current);
  check(store_set_counting_rule(store, COUNTING_STRICT, &error));
  check_totals(store);
  assert_true(number(store, "SELECT sum(plays) FROM track_totals") > plays[COUNTING_STRICT]);
  check(store_set_setting(store, TEXT_LITERAL("counting_rule"), TEXT_LITERAL("of tomorrow"), &error));
  store->counting_known = false;
  CountingRule rule;
  assert_int_equal(store_counting_rule(store, &rule, &error), STATUS_FAILED);
  assert_non_null(strstr(error.message, "of tomorrow"));
}

/* More tracks than a commit of an import writes totals of. */
enum { TRACKS = 3000 };

static void add_one(PlayWriter *writer, int track, Text title, Instant played_at, int64_t ms_played) {
  PlayAdded added;
  PlayObservation play = {.connector_track_id = text_of(arena_format(arena, "id%d", track)),
                          .title = title,
                          .played_at = played_at,
                          .ms_played = ms_played,
                          .context = {.service = TEXT_LITERAL("spotify"), .source = TEXT_LITERAL("spotify_export")}};
  check(play_writer_add(writer, &play, &added, &error));
}

static void add_each_track(PlayWriter *writer, int64_t part) {
  for (int i = 0; i < TRACKS; i++)
    add_one(writer, i, text_of(arena_format(arena, "Title %d", i)), T0 + (part * TRACKS + i) * 60000, 20000 + i * 10);
}

static PlayWriter *begin_import(Store *store) {
  PlayWriter *writer = NULL;
  play_stage_test_most(PLAYS_AT_ONCE);
  totals_test_waiting(0, 0);
  check(play_writer_new(store, TEXT_LITERAL("test"), TEXT_LITERAL("import"), &writer, &error));
  check(store_begin(store, &error));
  return writer;
}

static bool has_totals(Store *store) {
  bool current = false;
  check(store_has_totals(store, &current, &error));
  return current;
}

static void assert_totals_are_counts(Store *store) {
  assert_true(has_totals(store));
  assert_int_equal(number(store, "SELECT sum(plays) FROM track_totals"), number(store, "SELECT count(*) FROM listens WHERE ms_played >= 30000"));
  assert_int_equal(number(store, "SELECT sum(skips) FROM track_totals"), number(store, "SELECT count(*) FROM listens WHERE ms_played < 30000"));
  assert_int_equal(number(store, "SELECT sum(last_played) FROM track_totals"), number(store, "SELECT sum(t) FROM (SELECT max(played_at) t FROM listens WHERE ms_played >= 30000 GROUP BY track_id)"));
}

/* A large import sums up what it changes until it ends; if it never does, the next one to open the store for writing counts. */
static void a_large_import_waits_with_the_totals(void **state) {
  (void)state;
  Store *store = open_file(true);
  for (int interrupted = 0; interrupted < 2; interrupted++) {
    PlayWriter *writer = begin_import(store);
    for (int part = 0; part < 3; part++) {
      if (part) check(store_begin(store, &error));
      add_each_track(writer, interrupted * 3 + part);
      if (part == 2 && !interrupted) check(play_writer_finish(writer, (ImportCounts){.rows = (uint64_t)3 * TRACKS}, &error));
      check(store_commit(store, &error));
      assert_int_equal(has_totals(store), part == 2 && !interrupted);
    }
    store = reopen(store);
    assert_totals_are_counts(store);
  }
  check(store_close(store, &error));
}

/* What a rollback takes away is not in the totals: neither if the import ends, nor if it is cut off after that. */
static void a_large_import_goes_on_after_a_rollback(void **state) {
  (void)state;
  for (int variant = 0; variant < 4; variant++) {
    bool committed = variant & 1, cut_off = variant & 2; /* `committed`: the rollback is not of the first transaction */
    Store *store = open_file(true);
    PlayWriter *writer = begin_import(store);
    add_each_track(writer, 0);
    if (committed) {
      check(store_commit(store, &error));
      check(store_begin(store, &error));
      add_each_track(writer, 1);
    }
    check(store_flush(store, &error));
    store_rollback(store);
    check(store_begin(store, &error));
    add_each_track(writer, 2);
    if (!cut_off) check(play_writer_finish(writer, (ImportCounts){.rows = TRACKS}, &error));
    check(store_commit(store, &error));
    if (cut_off) store = reopen(store);
    assert_totals_are_counts(store);
    check(store_close(store, &error));
  }
}

/* A few new plays among many that are known are committed while more is read; the end may come, or a rollback, before anything else is. */
static void a_commit_beside_has_the_totals(void **state) {
  (void)state;
  for (int rolled_back = 0; rolled_back < 2; rolled_back++) {
    Store *store = open_file(true);
    PlayWriter *writer = begin_import(store);
    uint64_t commits;
    add_one(writer, 1, TEXT_LITERAL("Drift"), T0, 60000);
    check(store_commit(store, &error));
    check(store_begin(store, &error));
    add_one(writer, 1, TEXT_LITERAL("Drift"), T0 + 600000, 60000);
    add_one(writer, 2, TEXT_LITERAL("Ember"), T0 + 1200000, 20000);
    check(store_commit_beside(store, &commits, &error));
    assert_int_equal(store_commits(store), commits);
    if (rolled_back) {
      store_rollback(store);
      check(play_writer_finish(writer, (ImportCounts){0}, &error));
    } else {
      store = reopen(store);
    }
    assert_int_equal(number(store, "SELECT count(*) FROM plays"), 3);
    assert_totals_are_counts(store);
    check(store_close(store, &error));
  }
}

/* Names that come later make the totals worthless until the import ends, which it may never do. */
static void names_that_come_later_and_then_the_end(void **state) {
  (void)state;
  for (int beside = 0; beside < 2; beside++) {
    Store *store = open_file(true);
    PlayWriter *writer = begin_import(store);
    uint64_t commits;
    add_one(writer, 1, (Text){"", 0}, T0, 60000);
    check(store_commit(store, &error));
    check(store_begin(store, &error));
    add_one(writer, 1, TEXT_LITERAL("Drift"), T0 + 600000, 60000);
    add_one(writer, 2, TEXT_LITERAL("Ember"), T0 + 1200000, 60000);
    if (beside) check(store_commit_beside(store, &commits, &error));
    else check(store_commit(store, &error));
    store = reopen(store);
    assert_int_equal(number(store, "SELECT count(*) FROM plays"), 3);
    assert_totals_are_counts(store);
    check(store_close(store, &error));
  }
}

/* A name that comes later joins plays that are long stored. */
static void names_that_come_later_join(void **state) {
  (void)state;
  static History history;
  history.count = 0;
  add(&history, 0, 0, T0 + 200000, 200000, "trackdone");
  add(&history, 3, 0, T0 + 1000, -1, "");
  add(&history, 0, 0, T0 + 90000000, 200000, "trackdone");
  history.plays[0].title = history.plays[0].artist = (Text){"", 0};
  Store *store = NULL;
  check(store_open_memory(arena, NOW, &store, &error));
  for (size_t i = 0; i < 3; i++) {
    PlayWriter *writer = NULL;
    PlayAdded added;
    check(play_writer_new(store, TEXT_LITERAL("test"), text_of(arena_format(arena, "%zu", i)), &writer, &error));
    check(store_begin(store, &error));
    check(play_writer_add(writer, &history.plays[i], &added, &error));
    check(play_writer_finish(writer, (ImportCounts){.rows = 1}, &error));
    check(store_commit(store, &error));
    assert_int_equal(number(store, "SELECT count(*) FROM play_listens"), i == 2 ? 2 : 0);
  }
  assert_int_equal(number(store, "SELECT ms_played FROM listens WHERE json_array_length(sources) = 2"), 200000);
  assert_int_equal(number(store, "SELECT played_at FROM listens WHERE sources = '[\"lastfm\",\"spotify_export\"]'"), T0 + 1000);
}

static int make_folder(void **state) {
  (void)state;
  return mkdtemp(stores) ? 0 : -1;
}

static int remove_folder(void **state) {
  (void)state;
  char path[64];
  for (int i = 0; i < 2; i++) {
    snprintf(path, sizeof path, "%s/n.db%s", stores, i ? ".lock" : "");
    unlink(path);
  }
  return rmdir(stores);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(imports_of_any_order_give_the_same_listens, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_rebuild_mends_what_is_wrong, set_up, tear_down),
      cmocka_unit_test_setup_teardown(another_rule_counts_anew, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_large_import_waits_with_the_totals, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_large_import_goes_on_after_a_rollback, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_commit_beside_has_the_totals, set_up, tear_down),
      cmocka_unit_test_setup_teardown(names_that_come_later_and_then_the_end, set_up, tear_down),
      cmocka_unit_test_setup_teardown(names_that_come_later_join, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
