#include "cli/import/import_known.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/vec.h"

/* A file that changes twice within a tick of the file system's clock has the same times both times. So one that changed
 * so shortly before it was read to its end is not recorded. */
#define SETTLED_NS INT64_C(100000000)

typedef struct KnownPath {
  const char *path; /* as the reader has it */
  const char *real; /* NULL = it cannot be told */
  FileState before; /* before anything of it was read */
} KnownPath;

struct ImportKnown {
  Arena *arena;
  Store *store;
  ImportReport *report;
  VEC(KnownPath) paths; /* to be read */
  const char *current;
  ImportedFile start; /* the report's counts when `current` began */
  bool broken;        /* a file of `current` could not be read to its end */
};

ImportKnown *import_known_new(Arena *arena, Store *store, ImportReport *report) {
  ImportKnown *known = arena_alloc(arena, sizeof *known);
  *known = (ImportKnown){.arena = arena, .store = store, .report = report};
  return known;
}

static int64_t nanoseconds(struct timespec time) {
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

#if defined(__APPLE__)
#define MODIFIED st_mtimespec
#define CHANGED  st_ctimespec
#else
#define MODIFIED st_mtim
#define CHANGED  st_ctim
#endif

static bool read_state(const char *path, FileState *out) {
  struct stat about;
  if (stat(path, &about) != 0 || !S_ISREG(about.st_mode)) return false;
  *out = (FileState){about.st_size, nanoseconds(about.MODIFIED), nanoseconds(about.CHANGED), (int64_t)about.st_dev, (int64_t)about.st_ino};
  return true;
}

static bool same_state(const FileState *a, const FileState *b) {
  return a->size == b->size && a->modified_ns == b->modified_ns && a->changed_ns == b->changed_ns && a->device == b->device && a->inode == b->inode;
}

static const char *real_path(Arena *arena, const char *path) {
  char *real = realpath(path, NULL);
  const char *copy = real ? arena_copy(arena, real, strlen(real)) : NULL;
  free(real);
  return copy;
}

static void count_unchanged(ImportReport *report, const ImportedFile *file) {
  for (int kind = 0; kind < IMPORT_KINDS; kind++) {
    report->kinds[kind].rows += file->rows[kind];
    report->kinds[kind].duplicates += file->rows[kind] - file->rejected[kind];
    report->kinds[kind].rejected += file->rejected[kind];
    report->file_rows += file->rows[kind];
    report->unchanged.rows += file->rows[kind];
    report->unchanged.duplicates += file->rows[kind] - file->rejected[kind];
    report->unchanged.rejected += file->rejected[kind];
  }
  report->unchanged_files++;
  report->files++;
  report->files_read++;
}

Status import_known_choose(void *context, const char *path, bool *skip, Error *error) {
  ImportKnown *known = context;
  KnownPath mine = {.path = path, .real = real_path(known->arena, path)};
  if (mine.real && !read_state(path, &mine.before)) mine.real = NULL;
  if (mine.real && !known->report->out) { /* the report tells of each row, so each is read */
    ImportedFile file;
    Status status = store_find_imported_file(known->store, text_of(mine.real), &mine.before, &file, skip, error);
    if (status != STATUS_OK) return status;
    if (*skip) {
      count_unchanged(known->report, &file);
      return STATUS_OK;
    }
  }
  vec_push(known->arena, &known->paths, mine);
  return STATUS_OK;
}

uint64_t import_known_bytes(const ImportKnown *known) {
  uint64_t bytes = 0;
  for (size_t i = 0; i < known->paths.count; i++) bytes += known->paths.items[i].real ? (uint64_t)known->paths.items[i].before.size : 0;
  return bytes;
}

static ImportedFile counts_now(const ImportReport *report) {
  ImportedFile counts;
  for (int kind = 0; kind < IMPORT_KINDS; kind++) {
    counts.rows[kind] = report->kinds[kind].rows;
    counts.rejected[kind] = report->kinds[kind].rejected;
  }
  return counts;
}

static const KnownPath *find(const ImportKnown *known, const char *path) {
  for (size_t i = 0; i < known->paths.count; i++) {
    if (known->paths.items[i].path == path) return &known->paths.items[i];
  }
  return NULL;
}

static bool is_settled(const FileState *state) {
  struct timespec now;
  return clock_gettime(CLOCK_REALTIME, &now) == 0 && nanoseconds(now) - state->changed_ns > SETTLED_NS;
}

static Status record(ImportKnown *known, Error *error) {
  const KnownPath *mine = find(known, known->current);
  FileState after;
  bool good = mine && mine->real && read_state(mine->real, &after) && same_state(&after, &mine->before) && is_settled(&after);
  if (!good) return STATUS_OK;
  ImportedFile file = counts_now(known->report);
  for (int kind = 0; kind < IMPORT_KINDS; kind++) {
    file.rows[kind] -= known->start.rows[kind];
    file.rejected[kind] -= known->start.rejected[kind];
  }
  return store_note_imported_file(known->store, text_of(mine->real), &after, &file, error);
}

Status import_known_note(ImportKnown *known, const HistoryRow *row, Error *error) {
  if (row->event == HISTORY_FILE && row->path != known->current) {
    known->current = row->path;
    known->start = counts_now(known->report);
    known->broken = false;
  }
  if (row->event != HISTORY_FILE_END) return STATUS_OK;
  if (row->reason.length) known->broken = true;
  if (!row->path_ends) return STATUS_OK;
  Status status = known->broken ? STATUS_OK : record(known, error);
  known->current = NULL;
  return status;
}
