/* The store's files and what stands beside them: descriptors, log, lock, backups, runs that died. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "store/upkeep/backup.h"
#include "store/process.h"
#include "store/upkeep/purge.h"
#include "store/runs.h"
#include "store/store_int.h"
#include "store/summary.h"
#include "store/upkeep/verify.h"

#include <cmocka.h> /* last: its macro `fail` hides ours */

#define NOW INT64_C(1700000000000)

typedef struct Place {
  Arena *arena;
  char folder[64];
  char path[96];
  Error error;
} Place;

static int set_up(void **state) {
  Place *place = calloc(1, sizeof *place);
  place->arena = arena_new(0);
  snprintf(place->folder, sizeof place->folder, "/tmp/narada-files-XXXXXX");
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

static Store *open_store(Place *place, StoreMode mode) {
  Store *store = NULL;
  Status status = store_open(place->arena, place->path, mode, NOW, &store, &place->error);
  if (status != STATUS_OK) print_message("%s\n", place->error.message);
  assert_int_equal(status, STATUS_OK);
  return store;
}

static void add_track(Store *store, const char *title) {
  StoreTrack track = {.title = text_of(title), .duration_ms = -1, .explicit_content = TRISTATE_MISSING};
  int64_t id;
  assert_int_equal(store_add_track(store, &track, &id, NULL), STATUS_OK);
}

static int64_t number(Store *store, const char *sql) {
  int64_t value = -1;
  assert_int_equal(store_number(store, sql, &value, NULL), STATUS_OK);
  return value;
}

static int64_t size_of(const Place *place, const char *suffix) {
  char path[128];
  struct stat about;
  snprintf(path, sizeof path, "%s%s", place->path, suffix);
  return stat(path, &about) == 0 ? about.st_size : -1;
}

/* Runs `body` in another process that ends without closing anything. */
static void die_after(Place *place, void (*body)(Place *place)) {
  pid_t child = fork();
  if (child == 0) {
    body(place);
    _exit(0);
  }
  int how = 0;
  assert_int_equal(waitpid(child, &how, 0), child);
  assert_int_equal(how, 0);
}

/* ---- descriptors ---- */

static bool child_sees(const Place *place) {
  char command[256];
  snprintf(command, sizeof command, "for f in /proc/self/fd/*; do readlink $f; done | grep -q %s", place->folder);
  return system(command) == 0;
}

static void no_descriptor_reaches_a_child(void **state) {
  Place *place = *state;
  if (access("/proc/self/fd", F_OK) != 0) skip();
  Backup backup;
  Store *writer = open_store(place, STORE_WRITE);
  add_track(writer, "a");
  Store *reader = open_store(place, STORE_READ);
  assert_int_equal(number(reader, "SELECT count(*) FROM tracks"), 1);
  assert_int_equal(store_back_up(reader, arena_format(place->arena, "%s/b.db", place->folder), NULL, NULL, &backup, NULL), STATUS_OK);
  assert_false(child_sees(place));
  int careless = open(place->path, O_RDONLY); /* the test itself would see one */
  assert_true(child_sees(place));
  close(careless);
}

/* ---- the log ---- */

static void write_and_die(Place *place) {
  Store *store = NULL;
  if (store_open(place->arena, place->path, STORE_WRITE, NOW, &store, NULL) != STATUS_OK) _exit(1);
  StoreTrack track = {.title = text_of("left in the log"), .duration_ms = -1, .explicit_content = TRISTATE_MISSING};
  int64_t id;
  if (store_add_track(store, &track, &id, NULL) != STATUS_OK) _exit(1);
}

static void only_writers_checkpoint(void **state) {
  Place *place = *state;
  assert_int_equal(store_close(open_store(place, STORE_WRITE), NULL), STATUS_OK);
  die_after(place, write_and_die);
  int64_t file = size_of(place, ""), log = size_of(place, "-wal");
  assert_true(log > 0);
  Store *store = open_store(place, STORE_READ);
  assert_int_equal(number(store, "SELECT count(*) FROM tracks"), 1);
  assert_int_equal(store_close(store, NULL), STATUS_OK);
  assert_int_equal(size_of(place, ""), file);
  assert_int_equal(size_of(place, "-wal"), log);
  store = open_store(place, STORE_LOG);
  assert_int_equal(number(store, "PRAGMA synchronous"), 1);
  assert_int_equal(store_close(store, NULL), STATUS_OK);
  assert_int_equal(size_of(place, "-wal"), log);
  store = open_store(place, STORE_WRITE);
  assert_int_equal(number(store, "PRAGMA synchronous"), 2);
  assert_int_equal(store_close(store, NULL), STATUS_OK);
  assert_true(size_of(place, "-wal") <= 0);
}

static void the_log_mode_writes_nothing_else(void **state) {
  Place *place = *state;
  Store *store = NULL;
  assert_int_equal(store_open(place->arena, place->path, STORE_LOG, NOW, &store, &place->error), STATUS_FAILED);
  assert_int_equal(size_of(place, ""), -1);
  assert_int_equal(store_close(open_store(place, STORE_WRITE), NULL), STATUS_OK);
  store = open_store(place, STORE_LOG);
  StoreTrack track = {.title = text_of("x")};
  int64_t id;
  assert_int_equal(store_add_track(store, &track, &id, &place->error), STATUS_FAILED);
  assert_int_equal(store_set_setting(store, TEXT_LITERAL("a"), TEXT_LITERAL("b"), &place->error), STATUS_FAILED);
}

/* ---- who writes ---- */

static void the_writer_is_told(void **state) {
  Place *place = *state;
  assert_int_equal(store_writer(place->arena, place->path).length, 0);
  Store *store = open_store(place, STORE_WRITE);
  char holder[64];
  snprintf(holder, sizeof holder, "process %ld", (long)getpid());
  assert_string_equal(store_writer(place->arena, place->path).bytes, holder);
  assert_int_equal(store_close(store, NULL), STATUS_OK);
  assert_int_equal(store_writer(place->arena, place->path).length, 0);
}

static void hold_briefly(Place *place) {
  Store *store = NULL;
  if (store_open(place->arena, place->path, STORE_LOG, NOW, &store, NULL) != STATUS_OK) _exit(1);
  char byte = 1;
  if (write(STDIN_FILENO, &byte, 1) != 1) _exit(1); /* a pipe here: the lock is held */
  struct timespec brief = {.tv_nsec = 60000000};
  nanosleep(&brief, NULL);
}

/* Who records a run that did not write to the store turns no writer away. */
static void a_brief_holder_is_waited_for(void **state) {
  Place *place = *state;
  int held[2];
  char byte = 0;
  assert_int_equal(store_close(open_store(place, STORE_WRITE), NULL), STATUS_OK);
  assert_int_equal(pipe(held), 0);
  pid_t child = fork();
  if (child == 0) {
    dup2(held[1], STDIN_FILENO);
    hold_briefly(place);
    _exit(0);
  }
  assert_int_equal(read(held[0], &byte, 1), 1);
  Store *store = open_store(place, STORE_WRITE);
  assert_int_equal(store_close(store, NULL), STATUS_OK);
  int how = 1;
  assert_int_equal(waitpid(child, &how, 0), child);
  assert_int_equal(how, 0);
  close(held[0]), close(held[1]);
}

static void processes_are_known(void **state) {
  Place *place = *state;
  Text own = process_identity(place->arena);
  assert_true(process_is_alive(place->arena, own));
  assert_false(process_is_alive(place->arena, TEXT_LITERAL("")));
  assert_false(process_is_alive(place->arena, TEXT_LITERAL("-1")));
  assert_false(process_is_alive(place->arena, TEXT_LITERAL("x")));
  const char *blank = strchr(own.bytes, ' ');
  if (!blank) skip(); /* the number is all there is */
  const char *other_boot = arena_format(place->arena, "%ld 00000000-0000-0000-0000-000000000000 %s", (long)getpid(), strrchr(own.bytes, ' ') + 1);
  assert_false(process_is_alive(place->arena, text_of(other_boot)));
  assert_false(process_is_alive(place->arena, text_of(arena_format(place->arena, "%s1", own.bytes)))); /* began at another time */
}

/* ---- runs ---- */

static const ProgramFile files[] = {{{"p.nrd", 5}, {"from library.tracks | show", 26}, false}, {{"lib/m.nrd", 9}, {"stage s() = take 1", 18}, false}};

static RunStart start_of(size_t file_count) {
  return (RunStart){.files = files,
                    .file_count = file_count,
                    .plan_id = TEXT_LITERAL("00"),
                    .parameters = TEXT_LITERAL("{\"n\":\"2\"}"),
                    .zone = TEXT_LITERAL("UTC"),
                    .seed = TEXT_LITERAL("18446744073709551615"),
                    .started_at = NOW};
}

static void run_and_die(Place *place) {
  Store *store = NULL;
  int64_t run;
  RunStart start = start_of(1);
  if (store_open(place->arena, place->path, STORE_WRITE, NOW, &store, NULL) != STATUS_OK) _exit(1);
  if (store_begin_run(store, &start, &run, NULL) != STATUS_OK) _exit(1);
}

static StoreRun read_run(Place *place, Store *store, int64_t id) {
  StoreRun run;
  bool found;
  assert_int_equal(store_run_read(store, place->arena, id, &run, &found, &place->error), STATUS_OK);
  assert_true(found);
  return run;
}

static void a_run_that_died_is_told(void **state) {
  Place *place = *state;
  die_after(place, run_and_die);
  Store *store = open_store(place, STORE_READ);
  assert_string_equal(read_run(place, store, 1).status.bytes, "crashed"); /* though the row says something else */
  assert_int_equal(number(store, "SELECT count(*) FROM runs WHERE status = 'running'"), 1);
  assert_int_equal(store_close(store, NULL), STATUS_OK);
  store = open_store(place, STORE_WRITE);
  assert_int_equal(number(store, "SELECT count(*) FROM runs WHERE status = 'crashed' AND ended_at IS NOT NULL"), 1);
  int64_t alive;
  RunStart start = start_of(1);
  assert_int_equal(store_begin_run(store, &start, &alive, &place->error), STATUS_OK);
  assert_int_equal(store_close(store, NULL), STATUS_OK);
  store = open_store(place, STORE_WRITE); /* this process runs */
  assert_string_equal(read_run(place, store, alive).status.bytes, "running");
}

static void the_first_end_stands(void **state) {
  Place *place = *state;
  Store *store = open_store(place, STORE_WRITE);
  RunStart start = start_of(2);
  RunStep steps[] = {{0, 3, TEXT_LITERAL("take"), TEXT_LITERAL("complete"), 5, 2, 1, 250}, {1, 0, TEXT_LITERAL("show"), TEXT_LITERAL("skipped"), 0, 0, 0, -1}};
  RunEnd end = {.status = TEXT_LITERAL("partial"), .exit_code = 3, .notices = TEXT_LITERAL("[]"), .ended_at = NOW + 9, .steps = steps, .step_count = 2};
  int64_t id;
  assert_int_equal(store_begin_run(store, &start, &id, &place->error), STATUS_OK);
  assert_int_equal(store_end_run(store, id, &end, &place->error), STATUS_OK);
  end.status = TEXT_LITERAL("complete");
  assert_int_equal(store_end_run(store, id, &end, &place->error), STATUS_OK);
  StoreRun run = read_run(place, store, id);
  assert_string_equal(run.status.bytes, "partial");
  assert_int_equal(run.exit_code, 3);
  assert_int_equal(run.ended_at, NOW + 9);
  assert_string_equal(run.parameters.bytes, "{\"n\":\"2\"}");
  assert_string_equal(run.seed.bytes, "18446744073709551615");
  RunStep *read;
  size_t count;
  assert_int_equal(store_run_steps(store, place->arena, id, &read, &count, NULL), STATUS_OK);
  assert_int_equal(count, 2);
  assert_int_equal(read[0].line * 1000 + read[0].rows_out, 3002);
  assert_int_equal(read[0].duration_us, 250);
  assert_int_equal(read[1].duration_us, -1);
  end.status = TEXT_LITERAL("done"); /* no such word */
  assert_int_equal(store_begin_run(store, &start, &id, &place->error), STATUS_OK);
  assert_int_equal(store_end_run(store, id, &end, &place->error), STATUS_FAILED);
  assert_string_equal(read_run(place, store, id).status.bytes, "running");
}

static void a_version_is_kept_once(void **state) {
  Place *place = *state;
  Store *store = open_store(place, STORE_WRITE);
  int64_t id;
  RunStart one = start_of(1), both = start_of(2);
  ProgramFile renamed[] = {{TEXT_LITERAL("q.nrd"), files[0].content, false}, files[1]}, moved[] = {files[0], {TEXT_LITERAL("lib/n.nrd"), files[1].content, false}};
  RunStart again = both, other = both;
  again.files = renamed;
  other.files = moved;
  assert_int_equal(store_begin_run(store, &one, &id, NULL), STATUS_OK);
  assert_int_equal(store_begin_run(store, &both, &id, NULL), STATUS_OK);
  assert_int_equal(store_begin_run(store, &again, &id, NULL), STATUS_OK);
  assert_int_equal(number(store, "SELECT count(*) FROM workflow_versions"), 2);
  assert_int_equal(store_begin_run(store, &other, &id, NULL), STATUS_OK);
  assert_int_equal(number(store, "SELECT count(*) FROM workflow_versions"), 3);
  assert_int_equal(number(store, "SELECT count(*) FROM workflow_version_files"), 5);
  ProgramFile *read;
  size_t count;
  assert_int_equal(store_run_files(store, place->arena, id, &read, &count, NULL), STATUS_OK);
  assert_int_equal(count, 2);
  assert_string_equal(read[1].name.bytes, "lib/n.nrd");
  assert_string_equal(read[1].content.bytes, "stage s() = take 1");
}

/* ---- backups ---- */

static int64_t tracks_in(Place *place, const char *path) {
  Store *store = NULL;
  assert_int_equal(store_open(place->arena, path, STORE_READ, NOW, &store, &place->error), STATUS_OK);
  int64_t count = number(store, "SELECT count(*) FROM tracks");
  assert_int_equal(store_close(store, NULL), STATUS_OK);
  return count;
}

static void count_step(void *context, int left, int pages) {
  assert_true(left >= 0 && left <= pages);
  ++*(int *)context;
}

/* The writer changes pages before, between and after; the copy is of one moment. */
/* As if backups had been killed: one is, another is still at work. */
static void an_interrupted_backup_leaves_nothing(void **state) {
  Place *place = *state;
  Store *store = open_store(place, STORE_WRITE);
  static const char *const names[] = {"s-20260101T000000Z.db.new", "s-20260102T000000Z.db.new", "other-20260101T000000Z.db.new", "s-mine.db.new"};
  static const bool stays[] = {false, true, true, true};
  enum { NAMES = sizeof names / sizeof *names };
  int open_files[NAMES];
  for (int i = 0; i < NAMES; i++) {
    open_files[i] = open(arena_format(place->arena, "%s/%s", place->folder, names[i]), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(open_files[i] >= 0);
  }
  assert_int_equal(flock(open_files[1], LOCK_EX), 0);
  Backup backup;
  assert_int_equal(store_back_up(store, arena_format(place->arena, "%s/s-20260103T000000Z.db", place->folder), NULL, NULL, &backup, &place->error), STATUS_OK);
  for (int i = 0; i < NAMES; i++) {
    assert_int_equal(access(arena_format(place->arena, "%s/%s", place->folder, names[i]), F_OK) == 0, stays[i]);
    close(open_files[i]);
  }
}

static void a_backup_is_one_moment(void **state) {
  Place *place = *state;
  const char *path = arena_format(place->arena, "%s/b.db", place->folder);
  Backup backup;
  int told = 0;
  Store *writer = open_store(place, STORE_WRITE);
  assert_int_equal(store_begin(writer, NULL), STATUS_OK);
  for (int i = 0; i < 100; i++) add_track(writer, "committed");
  assert_int_equal(store_commit(writer, NULL), STATUS_OK);
  Store *reader = open_store(place, STORE_READ);
  assert_int_equal(number(reader, "SELECT count(*) FROM tracks"), 100);
  assert_int_equal(store_begin(writer, NULL), STATUS_OK);
  for (int i = 0; i < 100; i++) add_track(writer, "meanwhile");
  assert_int_equal(store_commit(writer, NULL), STATUS_OK);
  assert_int_equal(store_begin(writer, NULL), STATUS_OK);
  add_track(writer, "under way");
  assert_int_equal(store_back_up(reader, path, count_step, &told, &backup, &place->error), STATUS_OK);
  assert_int_equal(store_commit(writer, NULL), STATUS_OK);
  assert_int_equal(tracks_in(place, path), 100);
  assert_int_equal(access(arena_format(place->arena, "%s-wal", path), F_OK), -1);
  assert_int_equal(store_back_up(reader, path, NULL, NULL, &backup, &place->error), STATUS_FAILED); /* replaces nothing */
  assert_int_equal(tracks_in(place, path), 100);
}

static void a_changed_backup_is_known(void **state) {
  Place *place = *state;
  const char *path = arena_format(place->arena, "%s/b.db", place->folder);
  Backup backup;
  BackupState how;
  Store *store = open_store(place, STORE_WRITE);
  add_track(store, "a");
  assert_int_equal(store_back_up(store, path, NULL, NULL, &backup, &place->error), STATUS_OK);
  assert_int_equal(backup_check(place->arena, path, &how, NULL), STATUS_OK);
  assert_int_equal(how, BACKUP_GOOD);
  for (int64_t at = 0; at < backup.bytes; at += backup.bytes / 7) { /* whichever byte */
    int file = open(path, O_RDWR);
    char byte, other;
    assert_int_equal(pread(file, &byte, 1, at), 1);
    other = (char)(byte ^ 1);
    assert_int_equal(pwrite(file, &other, 1, at), 1);
    assert_int_equal(backup_check(place->arena, path, &how, NULL), STATUS_OK);
    assert_int_equal(how, BACKUP_CHANGED);
    assert_int_equal(store_take_back(store, path, &place->error), STATUS_FAILED);
    assert_int_equal(pwrite(file, &byte, 1, at), 1);
    close(file);
  }
  assert_int_equal(store_take_back(store, path, &place->error), STATUS_OK);
  assert_int_equal(number(store, "SELECT count(*) FROM tracks"), 1);
}

/* A reader keeps the state it began with; the next one sees what was taken back. */
static void taking_back_is_one_transaction(void **state) {
  Place *place = *state;
  const char *path = arena_format(place->arena, "%s/b.db", place->folder);
  Backup backup;
  Store *writer = open_store(place, STORE_WRITE);
  assert_int_equal(store_back_up(writer, path, NULL, NULL, &backup, &place->error), STATUS_OK);
  add_track(writer, "later");
  Store *reader = open_store(place, STORE_READ);
  assert_int_equal(number(reader, "SELECT count(*) FROM tracks"), 1);
  assert_int_equal(store_take_back(writer, path, &place->error), STATUS_OK);
  assert_int_equal(number(reader, "SELECT count(*) FROM tracks"), 1);
  assert_int_equal(tracks_in(place, place->path), 0);
  add_track(writer, "after"); /* it goes on as a store */
  assert_int_equal(tracks_in(place, place->path), 1);
  assert_int_equal(number(writer, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
}

/* Also not by bringing it up to date. */
static void a_backup_stays_as_it_is(void **state) {
  Place *place = *state;
  const char *path = arena_format(place->arena, "%s/b.db", place->folder);
  Backup backup;
  BackupState how;
  Store *store = open_store(place, STORE_WRITE), *other = NULL;
  assert_int_equal(store_exec(store, "PRAGMA user_version=2", "testing", NULL), STATUS_OK);
  assert_int_equal(store_back_up(store, path, NULL, NULL, &backup, &place->error), STATUS_OK);
  static const StoreMode modes[] = {STORE_WRITE, STORE_READ, STORE_LOG};
  for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
    assert_int_equal(store_open(place->arena, path, modes[i], NOW, &other, &place->error), STATUS_FAILED);
    assert_non_null(strstr(place->error.message, "is a backup"));
  }
  assert_int_equal(backup_check(place->arena, path, &how, NULL), STATUS_OK);
  assert_int_equal(how, BACKUP_GOOD);
}

static void no_checksum_is_told(void **state) {
  Place *place = *state;
  BackupState how = BACKUP_GOOD;
  assert_int_equal(store_close(open_store(place, STORE_WRITE), NULL), STATUS_OK);
  assert_int_equal(backup_check(place->arena, place->path, &how, NULL), STATUS_OK);
  assert_int_equal(how, BACKUP_NO_CHECKSUM);
}

/* ---- memory ---- */

static void nothing_to_see(void *context, const VerifyFinding *finding) {
  assert_int_equal(finding->problems, 0);
  ++*(int *)context;
}

static void one_begins(void *context, const char *what) {
  assert_true(*what);
  *(int *)context += 100;
}

/* Whoever opens the store once an import is gone finds nothing left of its plays, also where purging was killed right then. */
static void a_purged_import_leaves_no_listens(void **state) {
  Place *place = *state;
  Store *store = open_store(place, STORE_WRITE);
  for (int batch = 0; batch < 2; batch++) {
    PlayWriter *writer;
    assert_int_equal(play_writer_new(store, TEXT_LITERAL("s"), batch ? TEXT_LITERAL("two") : TEXT_LITERAL("one"), &writer, NULL), STATUS_OK);
    for (int i = 0; i < 20; i++) { /* twice the same, a moment apart: one listen */
      PlayObservation play = {.kind = PLAY_TRACK, .connector_track_id = TEXT_LITERAL("a"), .title = TEXT_LITERAL("One"), .artist = TEXT_LITERAL("Artist"), .played_at = NOW - 10000000 + i / 2 * 400000 + i % 2 * 1000 + batch * 1500, .ms_played = 200000};
      play.context = (PlayContext){.service = TEXT_LITERAL("spotify"), .source = batch ? TEXT_LITERAL("spotify_api") : TEXT_LITERAL("spotify_export"), .shuffle = TRISTATE_MISSING, .skipped = TRISTATE_MISSING, .offline = TRISTATE_MISSING, .incognito = TRISTATE_MISSING};
      PlayAdded added;
      assert_int_equal(play_writer_add(writer, &play, &added, NULL), STATUS_OK);
    }
    assert_int_equal(play_writer_finish(writer, (ImportCounts){.rows = 20, .stored = 20}, NULL), STATUS_OK);
  }
  assert_true(number(store, "SELECT count(*) FROM play_listens") > 0);
  Purged purged[PURGE_KINDS_MAX];
  size_t count;
  for (int import = 1; import <= 2; import++) {
    assert_int_equal(store_purge(store, (PurgeWish){.deleted_before = NOW, .runs_before = INSTANT_MIN, .import = import, .now = NOW}, false, purged, &count, &place->error), STATUS_OK);
    assert_int_equal(number(store, "SELECT count(*) FROM plays"), 40 - 20 * import);
    assert_int_equal(number(store, "SELECT count(*) FROM play_listens l WHERE NOT EXISTS (SELECT 1 FROM plays p WHERE p.played_at = l.played_at)"), 0);
    Arena *arena = arena_new(0);
    Store *reader;
    int checks = 0;
    assert_int_equal(store_open(arena, place->path, STORE_READ, NOW, &reader, NULL), STATUS_OK);
    assert_int_equal(store_verify(reader, one_begins, nothing_to_see, &checks, NULL), STATUS_OK);
    assert_int_equal(checks % 100, checks / 100); /* each check begins and is told */
    arena_free(arena);
  }
  assert_int_equal(number(store, "SELECT count(*) FROM play_listens"), 0);
  assert_int_equal(number(store, "SELECT coalesce(sum(plays), 0) FROM track_totals"), 0);
}

/* Adds plays of the same few tracks, from `first` on. */
static void add_plays(Store *store, int first, int count) {
  PlayWriter *writer;
  Error error = {0};
  assert_int_equal(play_writer_new(store, TEXT_LITERAL("s"), first ? TEXT_LITERAL("later") : TEXT_LITERAL("first"), &writer, NULL), STATUS_OK);
  assert_int_equal(store_begin(store, NULL), STATUS_OK);
  for (int i = first; i < first + count; i++) {
    char id[8];
    snprintf(id, sizeof id, "t%d", i % 50);
    PlayObservation play = {.kind = PLAY_TRACK, .connector_track_id = text_of(id), .title = text_of(id), .artist = TEXT_LITERAL("Artist"), .played_at = NOW - 30000000000 + i * INT64_C(200000), .ms_played = 100000 + i % 7 * 20000};
    play.context = (PlayContext){.service = TEXT_LITERAL("spotify"), .source = TEXT_LITERAL("spotify_export"), .reason_end = TEXT_LITERAL("trackdone"), .shuffle = TRISTATE_MISSING, .skipped = TRISTATE_MISSING, .offline = TRISTATE_MISSING, .incognito = TRISTATE_MISSING};
    PlayAdded added;
    if (play_writer_add(writer, &play, &added, &error) != STATUS_OK) fail_msg("%d: %s", i, error.message);
  }
  assert_int_equal(play_writer_finish(writer, (ImportCounts){.rows = (uint64_t)count, .stored = (uint64_t)count}, NULL), STATUS_OK);
  assert_int_equal(store_commit(store, NULL), STATUS_OK);
}

static void count_problems(void *context, const VerifyFinding *finding) {
  *(uint64_t *)context += finding->problems;
}

/* What it takes to verify the store, and how many problems it has. */
static size_t memory_of_verifying(Place *place, uint64_t *problems) {
  Arena *arena = arena_new(0);
  Store *reader;
  *problems = 0;
  assert_int_equal(store_open(arena, place->path, STORE_READ, NOW, &reader, NULL), STATUS_OK);
  size_t before = arena_used(arena);
  assert_int_equal(store_verify(reader, NULL, count_problems, problems, NULL), STATUS_OK);
  size_t used = arena_used(arena) - before;
  arena_free(arena);
  return used;
}

/* What SQLite sorts it holds in memory: that no check has it sort plays is seen in their plans. */
static void verifying_takes_no_memory_for_a_play(void **state) {
  enum { REMEMBERED = (32768 - 4096) * 24 }; /* for who asks for the same plays again; up to 2^18 of them */
  Place *place = *state;
  Store *store = open_store(place, STORE_WRITE);
  uint64_t problems;
  add_plays(store, 0, 3000);
  size_t few = memory_of_verifying(place, &problems);
  assert_int_equal(problems, 0);
  add_plays(store, 3000, 29000);
  size_t many = memory_of_verifying(place, &problems);
  assert_int_equal(problems, 0);
  if (many > few + REMEMBERED + 65536) fail_msg("%zu bytes for 3,000 plays, %zu for 32,000", few, many);
}

/* Each is counted, and the examples are few. */
static void what_is_wrong_with_many_plays_takes_no_memory_either(void **state) {
  Place *place = *state;
  Store *store = open_store(place, STORE_WRITE);
  uint64_t problems;
  add_plays(store, 0, 32000);
  size_t well = memory_of_verifying(place, &problems);
  assert_int_equal(sqlite3_exec(store->db, "PRAGMA foreign_keys=OFF; UPDATE plays SET context_id = 77, connector_track_id = connector_track_id + 1000", NULL, NULL, NULL), SQLITE_OK);
  size_t wrong = memory_of_verifying(place, &problems);
  assert_true(problems >= 64000); /* and no listen is what it was */
  if (wrong > well + 65536) fail_msg("%zu bytes where all is well, %zu where each play is wrong twice", well, wrong);
}

/* All that is done to a store as a whole, once. */
static Status keep_house(void *context, Error *error) {
  Place *place = context;
  Store *store;
  int64_t run;
  int checks = 0;
  Backup backup;
  Purged purged[PURGE_KINDS_MAX];
  size_t count;
  const char *const *paths;
  const char *path = arena_format(place->arena, "%s.before-9999", place->path);
  unlink(path);
  RunStart start = start_of(2);
  RunStep step = {0, 3, TEXT_LITERAL("take"), TEXT_LITERAL("complete"), 5, 2, 1, 250};
  RunEnd end = {.status = TEXT_LITERAL("complete"), .notices = TEXT_LITERAL("[]"), .ended_at = NOW + 9, .steps = &step, .step_count = 1};
  Status status = store_open(place->arena, place->path, STORE_WRITE, NOW, &store, error);
  if (status == STATUS_OK) status = store_begin_run(store, &start, &run, error);
  if (status == STATUS_OK) status = store_end_run(store, run, &end, error);
  if (status == STATUS_OK) status = store_back_up(store, path, NULL, NULL, &backup, error);
  if (status == STATUS_OK) status = backup_list(place->arena, place->path, &paths, &count, error);
  if (status == STATUS_OK) status = store_verify(store, NULL, nothing_to_see, &checks, error);
  if (status == STATUS_OK) status = store_purge(store, (PurgeWish){.deleted_before = NOW, .runs_before = NOW, .now = NOW}, false, purged, &count, error);
  return status == STATUS_OK ? store_close(store, error) : status;
}

static void memory_may_run_out_while_keeping_house(void **state) {
  Place *place = *state;
  for (unsigned long n = 1;; n += 1 + n / 20) {
    arena_free(place->arena);
    place->arena = arena_new(0);
    assert_true(n < 100000);
    arena_test_fail_at(n);
    Status status = arena_protect(place->arena, keep_house, place, &place->error);
    arena_test_fail_at(0);
    if (status == STATUS_OK) break;
    if (!strstr(place->error.message, "memory ran out")) print_message("%s\n", place->error.message);
    assert_non_null(strstr(place->error.message, "memory ran out"));
  }
  arena_free(place->arena);
  place->arena = arena_new(0);
  Store *store = open_store(place, STORE_WRITE); /* nothing holds it */
  assert_int_equal(number(store, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

/* ---- settings ---- */

static void settings_are_kept(void **state) {
  Place *place = *state;
  Store *store = open_store(place, STORE_WRITE);
  Text value;
  const Text name = TEXT_LITERAL("counting"), first = TEXT_LITERAL("lastfm"), second = TEXT_LITERAL("all");
  assert_int_equal(store_setting(store, name, &value, NULL), STATUS_OK);
  assert_int_equal(value.length, 0);
  assert_int_equal(store_set_setting(store, name, first, NULL), STATUS_OK);
  assert_int_equal(store_set_setting(store, name, second, NULL), STATUS_OK);
  assert_int_equal(store_setting(store, name, &value, NULL), STATUS_OK);
  assert_string_equal(value.bytes, "all");
  assert_int_equal(store_set_setting(store, name, (Text){"", 0}, NULL), STATUS_OK);
  assert_int_equal(store_setting(store, name, &value, NULL), STATUS_OK);
  assert_int_equal(value.length, 0);
  assert_int_equal(number(store, "SELECT count(*) FROM settings WHERE is_deleted = 1 AND deleted_at IS NOT NULL"), 1);
  assert_int_equal(store_set_setting(store, name, first, NULL), STATUS_OK);
  assert_int_equal(number(store, "SELECT count(*) FROM settings"), 1);
}

#define FILE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      FILE_TEST(no_descriptor_reaches_a_child),
      FILE_TEST(only_writers_checkpoint),
      FILE_TEST(the_log_mode_writes_nothing_else),
      FILE_TEST(the_writer_is_told),
      FILE_TEST(a_brief_holder_is_waited_for),
      FILE_TEST(processes_are_known),
      FILE_TEST(a_run_that_died_is_told),
      FILE_TEST(the_first_end_stands),
      FILE_TEST(a_version_is_kept_once),
      FILE_TEST(a_backup_is_one_moment),
      FILE_TEST(an_interrupted_backup_leaves_nothing),
      FILE_TEST(a_changed_backup_is_known),
      FILE_TEST(taking_back_is_one_transaction),
      FILE_TEST(a_backup_stays_as_it_is),
      FILE_TEST(no_checksum_is_told),
      FILE_TEST(verifying_takes_no_memory_for_a_play),
      FILE_TEST(what_is_wrong_with_many_plays_takes_no_memory_either),
      FILE_TEST(a_purged_import_leaves_no_listens),
      FILE_TEST(memory_may_run_out_while_keeping_house),
      FILE_TEST(settings_are_kept),
  };
  return cmocka_run_group_tests_name("store files", tests, NULL, NULL);
}
