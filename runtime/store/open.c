#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/id_hash.h"
#include "store/plays/play_refs.h"
#include "store/plays/totals.h"
#include "store/upkeep/migrate.h"
#include "store/runs.h"
#include "store/store_int.h"
#include "store/sweep.h"
#include "store/worker.h"

/* Checkpoints come when the log holds this many pages of 4 KiB (16 MiB): an import touches the same pages of the
 * track indexes again and again, and each checkpoint would copy them. A longer log costs more pages of memory than it saves copies. */
#define CHECKPOINT_PAGES "4096"
/* Page cache of a writer, KiB. Holds the indexes that an import inserts into at random places; more changes nothing but the peak of memory. */
#define WRITER_CACHE "PRAGMA cache_size=-8192"
/* Readers map the file: a look-up then costs neither a system call nor a copy. */
#define READER_CACHE "PRAGMA cache_size=-8192;PRAGMA mmap_size=1073741824"
enum { BUSY_MS = 5000 };

static Status finish_close(Store *store, Error *error) {
  Status status = STATUS_OK;
  store_rollback(store);
  store_work_end(store);
  for (size_t i = 0; i < SQL_COUNT; i++) store->statements[i] = NULL;
  /* Those of `statements` and any other: memory may have run out while one was in use. */
  for (sqlite3_stmt *left; store->db && (left = sqlite3_next_stmt(store->db, NULL));) sqlite3_finalize(left);
  if (store->db && sqlite3_close(store->db) != SQLITE_OK) status = store_fail(store, error, "closing it");
  store->db = NULL;
  lock_release(store);
  arena_free(store->scratch);
  store->scratch = NULL;
  return status;
}

/* SQLite would take apart all that it read of the schema; a reader whose process ends holds nothing but locks, which end with it. */
static void release_store(void *object) {
  Store *store = object;
  if (store->mode == STORE_READ && arena_is_left(store->arena)) return;
  finish_close(store, NULL);
}

Status store_close(Store *store, Error *error) {
  return store ? finish_close(store, error) : STATUS_OK;
}

const char *store_path(const Store *store) {
  return store->path;
}

StoreMode store_mode(const Store *store) {
  return store->mode;
}

/* Makes the folders of `path`, private to the user. Those that are there stay as they are. */
static Status make_folders(Arena *arena, const char *path, Error *error) {
  char *folder = arena_copy(arena, path, strlen(path));
  for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (mkdir(folder, S_IRWXU) == 0) {
      if (chmod(folder, S_IRWXU) != 0) errno = 0;
    } else if (errno != EEXIST && errno != EISDIR) {
      return fail(error, STATUS_FAILED, "", "%s: the folder cannot be made: %s", folder, strerror(errno));
    }
    *slash = '/';
  }
  return STATUS_OK;
}

/* An empty file of mode 0600 whatever the umask; SQLite gives its -wal and -shm the same mode. */
static Status make_file(const char *path, bool *made, Error *error) {
  int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  *made = file >= 0;
  if (file < 0) {
    if (errno == EEXIST) return STATUS_OK;
    return fail(error, STATUS_FAILED, "", "%s: the store cannot be made: %s", path, strerror(errno));
  }
  Status status = STATUS_OK;
  if (fchmod(file, S_IRUSR | S_IWUSR) != 0) {
    status = fail(error, STATUS_FAILED, "", "%s: its permissions cannot be set: %s", path, strerror(errno));
  }
  close(file);
  return status;
}

static Status check_kind(const char *path, StoreMode mode, Error *error) {
  struct stat about;
  if (stat(path, &about) != 0) {
    if (errno == ENOENT && mode == STORE_WRITE) return STATUS_OK;
    if (errno == ENOENT) return fail(error, STATUS_FAILED, "", "%s: there is no store yet; an import makes it", path);
    return fail(error, STATUS_FAILED, "", "%s: cannot be opened: %s", path, strerror(errno));
  }
  if (S_ISDIR(about.st_mode)) {
    return fail(error, STATUS_FAILED, "", "%s: is a folder; --store must name a file, for example %s/narada.db", path,
                path);
  }
  if (!S_ISREG(about.st_mode)) return fail(error, STATUS_FAILED, "", "%s: is not a regular file", path);
  if (access(path, mode == STORE_READ ? R_OK : R_OK | W_OK) != 0) {
    return fail(error, STATUS_FAILED, "", "%s: no permission to %s it", path,
                mode == STORE_READ ? "read" : "write to");
  }
  return STATUS_OK;
}

/* SQLite counts each allocation, under a lock, for figures that nobody asks for. */
static void count_no_memory(void) {
  static bool done;
  if (!done) sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  done = true;
}

static Status connect(Store *store, Error *error) {
  count_no_memory();
  int flags = SQLITE_OPEN_NOMUTEX | (store->mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
  if (sqlite3_open_v2(store->path, &store->db, flags, NULL) != SQLITE_OK) return store_fail(store, error, "opening it");
  sqlite3_extended_result_codes(store->db, 1);
  Status defined = sweep_define(store, error);
  if (defined == STATUS_OK) defined = id_hash_define(store, error);
  if (defined == STATUS_OK) defined = names_define(store, error);
  if (defined == STATUS_OK) defined = play_contexts_define(store, error);
  if (defined != STATUS_OK) return defined;
  sqlite3_busy_timeout(store->db, BUSY_MS);
  sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  /* A reader never checkpoints: one process at a time writes to the file, and that is the one with the lock. Nor does
   * who only leaves a record: that would be waiting for the disk. */
  if (store->mode != STORE_WRITE) sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  return STATUS_OK;
}

static Status configure(Store *store, Error *error) {
  const char *doing = "opening it";
  Status status = store_exec(store, "PRAGMA foreign_keys=ON;PRAGMA temp_store=MEMORY", doing, error);
  if (status != STATUS_OK) return status;
  /* One transaction for all reads: a run sees one state of the store while an import goes on beside it. */
  if (store->mode == STORE_READ) return store_exec(store, READER_CACHE ";PRAGMA query_only=ON;BEGIN", doing, error);
  if (store->mode == STORE_LOG) return store_exec(store, "PRAGMA synchronous=NORMAL", doing, error);
  return store_exec(store,
                    WRITER_CACHE
                    ";PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA wal_autocheckpoint=" CHECKPOINT_PAGES,
                    doing, error);
}

/* Only a writer may change a file that is no store yet. */
static Status require_schema(const Store *store, int version, Error *error) {
  if (version) return STATUS_OK;
  return fail(error, STATUS_FAILED, "", "%s: is empty; the next command that writes to it makes it a store", store->path);
}

/* A store of an older schema cannot be read as it is: it is brought up to date as a writer would, and opened again. */
static Status bring_up_to_date(Store *store, int version, Error *error) {
  sqlite3_close(store->db);
  store->db = NULL;
  Store *writer;
  Status status = store_open(store->arena, store->path, STORE_WRITE, store->now, &writer, error);
  if (status == STATUS_OK) status = store_close(writer, error);
  if (status != STATUS_OK) {
    return fail_context(error, "%s: was made by an older Narada (schema %d; this one reads %zu) and could not be brought up to date",
                        store->path, version, store_migration_count);
  }
  return connect(store, error);
}

static Status open_database(Store *store, Error *error) {
  int version = 0;
  Status status = connect(store, error);
  if (status == STATUS_OK) status = migrate_check(store, (int)store_migration_count, &version, error);
  if (status == STATUS_OK && store->mode != STORE_WRITE) status = require_schema(store, version, error);
  if (status == STATUS_OK && store->mode == STORE_READ && version < (int)store_migration_count)
    status = bring_up_to_date(store, version, error);
  if (status == STATUS_OK) status = configure(store, error);
  if (status == STATUS_OK && store->mode == STORE_LOG && version < (int)store_migration_count)
    return fail(error, STATUS_FAILED, "", "%s: is of an older schema", store->path);
  if (status == STATUS_OK && store->mode == STORE_WRITE) {
    status = migrate_apply(store, store_migrations, store_migration_count, version, true, error);
    if (status == STATUS_OK) status = id_hash_fill(store, error);
    if (status == STATUS_OK) status = listens_open(store, error);
    if (status == STATUS_OK) status = totals_open(store, error);
  }
  return status;
}

/* What is written to a backup would make it another than its checksum says. */
static Status refuse_backup(const Store *store, Error *error) {
  if (access(arena_format(store->arena, "%s.sha256", store->path), F_OK) != 0) return STATUS_OK;
  return fail(error, STATUS_FAILED, "", "%s: is a backup, with its checksum beside it, and stays as it is; `narada restore` takes it back, or write to a copy of it",
              store->path);
}

static Status prepare_place(Store *store, bool *made, Error *error) {
  Status status = check_kind(store->path, store->mode, error);
  if (status != STATUS_OK || store->mode == STORE_READ) return status;
  status = refuse_backup(store, error);
  if (status != STATUS_OK) return status;
  if (store->mode == STORE_WRITE) status = make_folders(store->arena, store->path, error);
  if (status == STATUS_OK) status = lock_take(store, error);
  if (status == STATUS_OK && store->mode == STORE_WRITE) status = make_file(store->path, made, error);
  return status;
}

static Store *new_store(Arena *arena, StoreMode mode, Instant now) {
  Store *store = arena_alloc(arena, sizeof *store);
  store->arena = arena;
  store->lock = -1;
  store->mode = mode;
  store->now = now;
  arena_defer(arena, release_store, store);
  return store;
}

Status store_open_memory(Arena *arena, Instant now, Store **out, Error *error) {
  *out = NULL;
  Store *store = new_store(arena, STORE_WRITE, now);
  store->path = ":memory:";
  Status status = open_database(store, error);
  if (status == STATUS_OK) *out = store;
  return status;
}

void store_set_now(Store *store, Instant now) {
  store->now = now;
}

Status store_read_through(Store *store, Error *error) {
  return store_exec(store, "PRAGMA mmap_size=0", "opening it", error);
}

Status store_open(Arena *arena, const char *path, StoreMode mode, Instant now, Store **out, Error *error) {
  *out = NULL;
  if (!*path) return fail(error, STATUS_USAGE, "", "--store needs the name of a file");
  Store *store = new_store(arena, mode, now);
  /* SQLite gives ":memory:" and "file:..." a meaning of their own; a path with a folder has none. */
  store->path = strchr(path, '/') ? arena_copy(arena, path, strlen(path)) : arena_format(arena, "./%s", path);
  bool made = false;
  Status status = prepare_place(store, &made, error);
  if (status == STATUS_OK) status = open_database(store, error);
  if (status == STATUS_OK && (mode == STORE_WRITE || mode == STORE_LOG)) status = store_mark_crashed_runs(store, error);
  if (status != STATUS_OK) {
    int lock = store->lock;
    store->lock = -1; /* what we made is removed before another writer can come */
    finish_close(store, NULL);
    if (made) unlink(store->path);
    store->lock = lock;
    lock_release(store);
    return status;
  }
  *out = store;
  return STATUS_OK;
}
