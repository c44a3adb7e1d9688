#include "store/upkeep/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/input.h"
#include "base/interrupt.h"
#include "store/upkeep/migrate.h"
#include "store/store_int.h"

/* In between it is looked whether the program is to end. */
enum { STEP_PAGES = 4096, READ_SIZE = 1 << 16, CHECK_STEPS = 1 << 16 };

static Status fail_file(const char *path, const char *what, Error *error) {
  int reason = errno;
  return fail(error, STATUS_FAILED, "", "%s: %s: %s", path, what, strerror(reason));
}

/* ---- checksums ---- */

static Status digest_file(const char *path, Digest *out, int64_t *bytes, Error *error) {
  char buffer[READ_SIZE];
  Sha256 state;
  *bytes = 0;
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return fail_file(path, "cannot be read", error);
  sha256_begin(&state);
  ssize_t got = 0;
  Status status = STATUS_OK;
  while ((status = interrupt_check(error)) == STATUS_OK && ((got = read(file, buffer, sizeof buffer)) > 0 || (got < 0 && errno == EINTR))) {
    if (got < 0) continue;
    sha256_add(&state, buffer, (size_t)got);
    *bytes += got;
  }
  if (status == STATUS_OK && got < 0) status = fail_file(path, "cannot be read", error);
  close(file);
  *out = sha256_end(&state);
  return status;
}

static const char *base_of(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static const char *checksum_path(Arena *arena, const char *path) {
  return arena_format(arena, "%s.sha256", path);
}

static Status write_checksum(Arena *arena, const Backup *backup, Error *error) {
  char hex[2 * SHA256_SIZE + 1];
  Output *output;
  digest_hex(&backup->digest, SHA256_SIZE, hex);
  Status status = output_create(arena, checksum_path(arena, backup->path), &output, error);
  if (status == STATUS_OK) status = output_write(output, text_of(arena_format(arena, "%s  %s\n", hex, base_of(backup->path))), error);
  return status == STATUS_OK ? output_commit(output, error) : status;
}

Status backup_check(Arena *arena, const char *path, BackupState *out, Error *error) {
  const char *beside = checksum_path(arena, path);
  char hex[2 * SHA256_SIZE + 1];
  Digest digest;
  int64_t bytes;
  Text text;
  *out = BACKUP_NO_CHECKSUM;
  if (access(beside, F_OK) != 0) return STATUS_OK;
  Status status = file_read_all(arena, beside, READ_SIZE, &text, error);
  if (status == STATUS_OK) status = digest_file(path, &digest, &bytes, error);
  if (status != STATUS_OK) return status;
  digest_hex(&digest, SHA256_SIZE, hex);
  *out = text.length > sizeof hex && memcmp(text.bytes, hex, sizeof hex - 1) == 0 ? BACKUP_GOOD : BACKUP_CHANGED;
  return STATUS_OK;
}

/* ---- places ---- */

static const char *named_after(Arena *arena, const char *folder, const char *store_path, Instant now, const char *suffix) {
  const char *name = base_of(store_path), *dot = strrchr(name, '.');
  int length = dot && dot > name && strcmp(dot, ".db") == 0 ? (int)(dot - name) : (int)strlen(name);
  Civil at = instant_civil(now, (Zone){"UTC"});
  return arena_format(arena, "%s/%.*s-%04d%02d%02dT%02d%02d%02dZ%s.db", folder, length, name, at.year, at.month, at.day, at.hour, at.minute, at.second, suffix);
}

const char *backup_name(Arena *arena, const char *folder, const char *store_path, Instant now) {
  const char *out = named_after(arena, folder, store_path, now, "");
  for (int i = 2; access(out, F_OK) == 0; i++) out = named_after(arena, folder, store_path, now, arena_format(arena, "-%d", i));
  return out;
}

Status backup_default_path(Arena *arena, const char *store_path, Instant now, const char **out, Error *error) {
  const char *folder = arena_format(arena, "%.*sbackups", (int)(base_of(store_path) - store_path), store_path);
  if (mkdir(folder, S_IRWXU) != 0 && errno != EEXIST) return fail_file(folder, "the folder for backups cannot be made", error);
  *out = backup_name(arena, folder, store_path, now);
  return STATUS_OK;
}

typedef VEC(const char *) PathList;

static int compare_paths(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool ends_with(const char *name, const char *end) {
  size_t length = strlen(name), tail = strlen(end);
  return length >= tail && strcmp(name + length - tail, end) == 0;
}

static void close_folder(void *directory) {
  closedir(directory);
}

/* A folder that is not there has none. It is closed with the arena, which may run out of memory here. */
static void list_folder(Arena *arena, const char *folder, const char *begin, const char *end, PathList *out) {
  DIR *directory = opendir(folder);
  if (!directory) return;
  arena_defer(arena, close_folder, directory);
  for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    if (strncmp(entry->d_name, begin, strlen(begin)) != 0 || !ends_with(entry->d_name, end)) continue;
    if (!*end && (ends_with(entry->d_name, ".sha256") || ends_with(entry->d_name, ".new"))) continue;
    vec_push(arena, out, arena_format(arena, "%s/%s", folder, entry->d_name));
  }
}

Status backup_list(Arena *arena, const char *store_path, const char *const **out, size_t *count, Error *error) {
  (void)error;
  const char *name = base_of(store_path);
  const char *folder = name == store_path ? "." : arena_format(arena, "%.*s", (int)(name - store_path) - 1, store_path);
  PathList paths = {0};
  list_folder(arena, folder, arena_format(arena, "%s.before-", name), "", &paths);
  size_t before = paths.count;
  list_folder(arena, arena_format(arena, "%s/backups", folder), "", ".db", &paths);
  if (before) qsort(paths.items, before, sizeof *paths.items, compare_paths);
  if (paths.count > before) qsort(paths.items + before, paths.count - before, sizeof *paths.items, compare_paths);
  *out = paths.items;
  *count = paths.count;
  return STATUS_OK;
}

/* 20240305T200000Z, as named_after() writes it. */
static bool is_moment(const char *text) {
  static const char form[] = "00000000T000000Z";
  for (size_t i = 0; i < sizeof form - 1; i++) {
    bool digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == '0' ? !digit : text[i] != form[i]) return false;
  }
  return true;
}

void backup_remove(Arena *arena, const char *path) {
  unlink(path);
  unlink(checksum_path(arena, path));
}

Status backup_keep(Arena *arena, const char *store_path, size_t keep, size_t *removed, Error *error) {
  const char *name = base_of(store_path);
  size_t stem = ends_with(name, ".db") ? strlen(name) - 3 : strlen(name);
  PathList found = {0}, own = {0};
  *removed = 0;
  list_folder(arena, arena_format(arena, "%.*sbackups", (int)(name - store_path), store_path), arena_format(arena, "%.*s-", (int)stem, name), ".db", &found);
  for (size_t i = 0; i < found.count; i++)
    if (is_moment(base_of(found.items[i]) + stem + 1)) vec_push(arena, &own, found.items[i]);
  if (own.count) qsort(own.items, own.count, sizeof *own.items, compare_paths);
  for (; *removed + keep < own.count; ++*removed) {
    if (unlink(own.items[*removed]) != 0) return fail_file(own.items[*removed], "cannot be removed", error);
    backup_remove(arena, own.items[*removed]);
  }
  return STATUS_OK;
}

/* ---- copying ---- */

static const char new_end[] = ".new";

/* And what SQLite makes beside it. */
static void remove_copy(Arena *arena, const char *copy) {
  static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) unlink(arena_format(arena, "%s%s", copy, ends[i]));
}

/* And the checksum, which is there a moment before its backup. */
static void remove_unfinished(Arena *arena, const char *copy) {
  const char *path = arena_format(arena, "%.*s", (int)(strlen(copy) - (sizeof new_end - 1)), copy);
  remove_copy(arena, copy);
  if (access(path, F_OK) != 0) unlink(checksum_path(arena, path));
}

/* What others that were interrupted left in the folder of the backup at `path`: nobody holds its lock. */
static void sweep_interrupted(Arena *arena, const char *path) {
  const char *name = base_of(path);
  size_t length = strlen(name);
  const size_t tail = sizeof "00000000T000000Z.db" - 1;
  if (length <= tail || !is_moment(name + length - tail)) return;
  PathList left = {0};
  const char *folder = name == path ? "." : arena_format(arena, "%.*s", (int)(name - path) - 1, path);
  list_folder(arena, folder, arena_format(arena, "%.*s", (int)(length - tail), name), ".db.new", &left);
  for (size_t i = 0; i < left.count; i++) {
    const char *other = base_of(left.items[i]);
    if (strlen(other) != length + sizeof new_end - 1 || !is_moment(other + length - tail)) continue;
    int file = open(left.items[i], O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file >= 0 && flock(file, LOCK_EX | LOCK_NB) == 0) remove_unfinished(arena, left.items[i]);
    if (file >= 0) close(file);
  }
}

/* `*held` keeps the lock that says that somebody is at work on it, until it is closed. */
static Status make_empty(Arena *arena, const char *path, int *held, Error *error) {
  remove_copy(arena, path); /* left behind by one that was interrupted */
  int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0 || fchmod(file, S_IRUSR | S_IWUSR) != 0) {
    Status status = fail_file(path, "the copy cannot be made", error);
    if (file >= 0) close(file);
    return status;
  }
  flock(file, LOCK_EX | LOCK_NB);
  *held = file;
  return STATUS_OK;
}

static Status sync_path(const char *path, int flags, Error *error) {
  int file = open(path, flags | O_CLOEXEC);
  bool good = file >= 0 && fsync(file) == 0;
  Status status = good ? STATUS_OK : fail_file(path, "cannot be written to the disk", error);
  if (file >= 0) close(file);
  return status;
}

/* What a connection that is not a store's has to say. */
static Status fail_copy(sqlite3 *db, const char *path, const char *what, Error *error) {
  int code = sqlite3_errcode(db);
  bool full = code == SQLITE_FULL || sqlite3_system_errno(db) == ENOSPC;
  return fail(error, STATUS_FAILED, "", "%s: %s: %s", path, what, full ? "no room left on the disk" : sqlite3_errmsg(db));
}

typedef struct Progress {
  void (*tell)(void *context, int left, int pages);
  void *context;
} Progress;

/* All pages of `from` to `to`; the source's read transaction, or its lock, keeps it from changing meanwhile. */
static Status copy_pages(sqlite3 *from, sqlite3 *to, const char *path, Progress progress, Error *error) {
  sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
  if (!backup) return fail_copy(to, path, "the copy cannot be made", error);
  int code;
  while ((code = sqlite3_backup_step(backup, STEP_PAGES)) == SQLITE_OK && !interrupt_signal()) {
    if (progress.tell) progress.tell(progress.context, sqlite3_backup_remaining(backup), sqlite3_backup_pagecount(backup));
  }
  int end = sqlite3_backup_finish(backup);
  if (code == SQLITE_OK && interrupt_check(error) != STATUS_OK) return STATUS_INTERRUPTED;
  if (code == SQLITE_DONE && end == SQLITE_OK) return STATUS_OK;
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED) return fail(error, STATUS_BUSY, "", "%s: another program holds the store; try again later", path);
  return fail_copy(to, path, "the copy could not be made", error);
}

/* One file that needs no log beside it. */
static Status write_copy(Store *store, const char *copy, Progress progress, Error *error) {
  sqlite3 *db = NULL;
  Status status = STATUS_OK;
  if (sqlite3_open_v2(copy, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) status = fail_copy(db, copy, "the copy cannot be made", error);
  /* No journal and no waiting: the copy counts only when it has been read back and synced as a whole. */
  if (status == STATUS_OK && sqlite3_exec(db, "PRAGMA synchronous=OFF;PRAGMA journal_mode=OFF", NULL, NULL, NULL) != SQLITE_OK)
    status = fail_copy(db, copy, "the copy cannot be made", error);
  if (status == STATUS_OK) status = copy_pages(store->db, db, copy, progress, error);
  if (status == STATUS_OK && sqlite3_exec(db, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL) != SQLITE_OK)
    status = fail_copy(db, copy, "the copy cannot be finished", error);
  sqlite3_close(db);
  return status;
}

/* The first row's first column. */
static bool ask(sqlite3 *db, const char *sql, char *answer, size_t size) {
  sqlite3_stmt *statement = NULL;
  bool good = sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW;
  if (good) snprintf(answer, size, "%s", column_text(statement, 0).bytes);
  sqlite3_finalize(statement);
  return good;
}

static int stops(void *context) {
  (void)context;
  return interrupt_signal() != 0;
}

/* Whether the file is a whole store; its schema. */
static Status read_back(const char *path, int64_t *schema, Error *error) {
  sqlite3 *db = NULL;
  char whole[256] = "", application[32] = "", version[32] = "";
  bool opened = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK;
  if (opened) sqlite3_progress_handler(db, CHECK_STEPS, stops, NULL);
  bool good = opened &&
              ask(db, "PRAGMA quick_check(1)", whole, sizeof whole) && ask(db, "PRAGMA application_id", application, sizeof application) &&
              ask(db, "PRAGMA user_version", version, sizeof version);
  Status status = interrupt_check(error);
  if (status != STATUS_OK) {
    /* and what it found says nothing */
  } else if (!good || strcmp(whole, "ok") != 0) {
    status = fail(error, STATUS_FAILED, "", "%s: does not read back: %s", path, good ? whole : sqlite3_errmsg(db));
  } else if (atoll(application) != STORE_APPLICATION_ID) {
    status = fail(error, STATUS_FAILED, "", "%s: is not a Narada store", path);
  }
  sqlite3_close(db);
  *schema = atoll(version);
  return status;
}

static Status finish_copy(const char *copy, const char *path, Error *error) {
  Status status = sync_path(copy, O_RDONLY, error);
  if (status == STATUS_OK && rename(copy, path) != 0) status = fail_file(copy, "cannot be renamed", error);
  const char *name = base_of(path);
  char folder[4096];
  snprintf(folder, sizeof folder, "%.*s", name == path ? 1 : (int)(name - path), name == path ? "." : path);
  if (status == STATUS_OK) sync_path(folder, O_RDONLY | O_DIRECTORY, NULL); /* some file systems cannot; the file is whole all the same */
  return status;
}

Status store_back_up(Store *store, const char *path, void (*progress)(void *context, int pages_left, int pages), void *context, Backup *out, Error *error) {
  int64_t schema;
  *out = (Backup){.path = path};
  if (access(path, F_OK) == 0) return fail(error, STATUS_FAILED, "", "%s: is there already; a backup replaces nothing", path);
  const char *copy = arena_format(store->arena, "%s%s", path, new_end);
  int held = -1;
  sweep_interrupted(store->arena, path);
  Status status = make_empty(store->arena, copy, &held, error);
  if (status != STATUS_OK) return status;
  status = write_copy(store, copy, (Progress){progress, context}, error);
  if (status == STATUS_OK) status = read_back(copy, &schema, error);
  if (status == STATUS_OK) status = digest_file(copy, &out->digest, &out->bytes, error);
  if (status == STATUS_OK) status = write_checksum(store->arena, out, error); /* first, so that there never is a backup without one */
  if (status == STATUS_OK) status = finish_copy(copy, path, error);
  if (status != STATUS_OK) remove_unfinished(store->arena, copy);
  close(held);
  return status;
}

/* ---- taking back ---- */

Status store_take_back(Store *store, const char *backup, Error *error) {
  BackupState state;
  int64_t schema = 0;
  sqlite3 *db = NULL;
  Status status = backup_check(store->arena, backup, &state, error);
  if (status == STATUS_OK && state == BACKUP_CHANGED)
    status = fail(error, STATUS_FAILED, "", "%s: is not what it was when it was made (its SHA-256 is not the one of %s.sha256)", backup, backup);
  if (status == STATUS_OK) status = read_back(backup, &schema, error);
  if (status == STATUS_OK && schema > (int64_t)store_migration_count)
    status = fail(error, STATUS_FAILED, "", "%s: made by a newer Narada (schema %lld; this one, " NARADA_VERSION ", reads %zu); upgrade it: " NARADA_UPGRADE_COMMAND,
                  backup, (long long)schema, store_migration_count);
  if (status != STATUS_OK) return status;
  if (sqlite3_open_v2(backup, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
    status = fail_copy(db, backup, "cannot be read", error);
  } else {
    status = copy_pages(db, store->db, store->path, (Progress){0}, error);
  }
  sqlite3_close(db);
  if (status != STATUS_OK) return status;
  status = store_exec(store, "PRAGMA journal_mode=WAL", "taking a backup back", error);
  /* The backup itself is the copy of it; one of that name may be of the store before. */
  return status == STATUS_OK ? migrate_apply(store, store_migrations, store_migration_count, (int)schema, false, error) : status;
}
