#include "connectors/import/import_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/folder.h"
#include "base/interrupt.h"
#include "connectors/import/import_front.h"
#include "connectors/import/import_packed.h"
#include "connectors/spotify_export/zip.h"

typedef struct Search {
  Arena *arena;
  ImportFiles *files;
} Search;

/* The first bytes of an input, as many as are wanted if there are so many. */
static Status read_head(Input *input, char *head, size_t *length, Error *error) {
  *length = 0;
  for (size_t got = 1; got && *length < IMPORT_HEAD_BYTES; *length += got) {
    Status status = input->read(input, head + *length, IMPORT_HEAD_BYTES - *length, &got, error);
    if (status != STATUS_OK) return status;
  }
  return STATUS_OK;
}

typedef struct Look {
  Arena *arena;
  Input *input;
  const char *path;
  const ImportFormat *format;
  const char *packed;
  bool empty;
} Look;

/* An M3U may be nothing but paths; then its name says what it is. */
static bool is_plain_m3u(const char *name, Text head) {
  bool named = path_ends_with(name, ".m3u") || path_ends_with(name, ".m3u8") || path_ends_with(name, ".M3U") || path_ends_with(name, ".M3U8");
  return named && head.length && !memchr(head.bytes, '\0', head.length);
}

/* No bytes, or a JSON document without anything in it, as Spotify hands out for what nobody heard. */
static bool holds_nothing(Text head) {
  char seen[2];
  size_t count = 0;
  for (size_t i = 0; i < head.length; i++) {
    if (strchr(" \t\r\n", head.bytes[i]) && head.bytes[i]) continue;
    if (count == sizeof seen) return false;
    seen[count++] = head.bytes[i];
  }
  return count == 0 || (count == 2 && (memcmp(seen, "[]", 2) == 0 || memcmp(seen, "{}", 2) == 0));
}

static Status look_inside(void *context, Error *error) {
  Look *look = context;
  char *head = arena_alloc(look->arena, IMPORT_HEAD_BYTES);
  size_t length;
  Status status = look->input ? STATUS_OK : input_open(look->arena, look->path, &look->input, error);
  if (status == STATUS_OK) status = read_head(look->input, head, &length, error);
  if (status != STATUS_OK) return status;
  look->format = import_recognise(look->arena, (Text){head, length});
  if (!look->format && is_plain_m3u(look->input->name, (Text){head, length})) look->format = import_format(IMPORT_M3U_PLAYLIST);
  if (!look->format) look->packed = import_packed((Text){head, length}, text_of(look->input->name));
  look->empty = !look->format && holds_nothing((Text){head, length});
  return STATUS_OK;
}

/* Sets what the file, or the bytes of `input`, seem to be. */
static Status recognise(Arena *arena, Input *input, ImportFile *file, Error *error) {
  Look look = {.arena = arena_new(0), .input = input, .path = file->path};
  if (!look.arena) return fail(error, STATUS_FAILED, "", "memory is out");
  Status status = arena_protect(look.arena, look_inside, &look, error);
  arena_free(look.arena);
  file->format = look.format;
  file->empty = look.empty;
  if (look.packed) file->problem = arena_format(arena, "is packed (%s); unpack it and import what was in it", look.packed);
  return status;
}

static Status add_file(Search *search, ImportFile file, Error *error) {
  Status status = interrupt_check(error);
  if (status != STATUS_OK) return status;
  if (search->files->count >= IMPORT_MAX_FILES) return fail(error, STATUS_FAILED, "", "%s: there are more than %d files", file.path, IMPORT_MAX_FILES);
  vec_push(search->arena, search->files, file);
  return STATUS_OK;
}

/* A file in a folder or zip that cannot be read is told, and the others are read. */
static Status add_unread(Search *search, ImportFile file, const Error *problem, Error *error) {
  const char *message = problem->message;
  size_t length = file.name.length;
  if (strncmp(message, file.name.bytes, length) == 0 && message[length]) message += length + strspn(message + length, ": ");
  file.format = NULL;
  file.problem = arena_copy(search->arena, message, strlen(message));
  return add_file(search, file, error);
}

/* macOS puts what its own file system knows of each file into a zip. */
static bool is_hidden(Text name) {
  for (size_t at = 0; at < name.length; at++) {
    bool begins = at == 0 || name.bytes[at - 1] == '/';
    if (begins && (name.bytes[at] == '.' || (name.length - at > 9 && memcmp(name.bytes + at, "__MACOSX/", 9) == 0))) return true;
  }
  return false;
}

static Status add_entry(Search *search, Zip *zip, ImportFile file, Error *error) {
  Error problem = {0};
  Status status = recognise(search->arena, zip_input(zip, file.name.bytes), &file, &problem);
  return status == STATUS_OK ? add_file(search, file, error) : add_unread(search, file, &problem, error);
}

static Status add_entries(Search *search, const char *path, uint64_t bytes, Error *error) {
  Zip *zip;
  size_t before = search->files->count;
  bool found = true;
  Status status = zip_open(search->arena, path, &zip, error);
  for (size_t entry = 1; status == STATUS_OK; entry++) {
    Text name;
    status = zip_next(zip, &name, &found, error);
    if (status != STATUS_OK || !found) break;
    if (is_hidden(name)) continue;
    ImportFile file = {.path = path, .bytes = search->files->count == before ? bytes : 0, .entry = entry};
    file.name = text_of(arena_format(search->arena, "%s/" TEXT_FORMAT, path, TEXT_ARG(name)));
    status = add_entry(search, zip, file, error);
  }
  if (status != STATUS_OK) return status;
  zip_close(zip);
  return search->files->count > before ? STATUS_OK : fail(error, STATUS_FAILED, "", "%s: there is nothing in this zip", path);
}

static Status add_zip(Search *search, const char *path, uint64_t bytes, bool named, Error *error) {
  Error problem = {0};
  size_t before = search->files->count;
  Status status = add_entries(search, path, bytes, &problem);
  if (status == STATUS_OK) return status;
  if (named || before >= IMPORT_MAX_FILES) return fail(error, status, "", "%s", problem.message);
  search->files->count = before;
  return add_unread(search, (ImportFile){.name = text_of(path), .path = path}, &problem, error);
}

/* A pipe, a terminal: what was looked at does not come again. */
static Status add_pipe(Search *search, const char *path, Error *error) {
  ImportFile file = {.name = text_of(path), .path = path, .named = true};
  Input *input;
  Text head;
  Status status = input_open(search->arena, path, &input, error);
  if (status == STATUS_OK) status = input_with_front(search->arena, input, IMPORT_HEAD_BYTES, &head, &file.input, error);
  if (status == STATUS_OK) status = recognise(search->arena, input_of_text(search->arena, head, path), &file, error);
  if (status != STATUS_OK) return status;
  if (head.length >= 4 && memcmp(head.bytes, "PK\3\4", 4) == 0) file.problem = "is a zip that comes through a pipe; write it into a file and import that";
  return add_file(search, file, error);
}

static Status add_path(Search *search, const char *path, bool named, int depth, Error *error);

static int by_name(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void close_folder(void *folder) {
  if (*(DIR **)folder) closedir(*(DIR **)folder);
  *(DIR **)folder = NULL;
}

/* Of a whole store that was exported, single files would be half of it, and the rest twice. */
static bool is_export(Arena *arena, const char *folder) {
  static const char *const files[] = {"manifest.json", "import_batches.jsonl", "plays.jsonl"};
  struct stat about;
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    if (stat(arena_format(arena, "%s/%s", folder, files[i]), &about) != 0) return false;
  return true;
}

/* Of a folder in a folder only that it was left out is told. */
static Status add_unlooked(Search *search, const char *path, const char *problem, Error *error) {
  return add_file(search, (ImportFile){.name = text_of(path), .path = path, .problem = problem}, error);
}

static Status add_folder(Search *search, const char *path, int depth, Error *error) {
  if (depth > IMPORT_MAX_DEPTH) return add_unlooked(search, path, arena_format(search->arena, "lies more than %d folders deep and was not looked into", IMPORT_MAX_DEPTH), error);
  if (is_export(search->arena, path))
    return fail(error, STATUS_FAILED, "", "%s: is an export of a whole store; import it by itself, or name the files of it that you mean", path);
  DIR **folder = arena_alloc(search->arena, sizeof *folder);
  arena_defer(search->arena, close_folder, folder);
  *folder = opendir(path);
  if (!*folder && depth > 1) return add_unlooked(search, path, arena_format(search->arena, "is a folder that cannot be read: %s", strerror(errno)), error);
  if (!*folder) return fail(error, STATUS_FAILED, "", "the folder %s cannot be read: %s", path, strerror(errno));
  VEC(const char *) names = {0};
  const char *slash = path[0] && path[strlen(path) - 1] == '/' ? "" : "/";
  for (struct dirent *entry; (entry = readdir(*folder));)
    if (entry->d_name[0] != '.' && strcmp(entry->d_name, "__MACOSX") != 0) vec_push(search->arena, &names, arena_format(search->arena, "%s%s%s", path, slash, entry->d_name));
  close_folder(folder);
  if (names.count) qsort(names.items, names.count, sizeof *names.items, by_name);
  for (size_t i = 0; i < names.count; i++) {
    Status status = add_path(search, names.items[i], false, depth, error);
    if (status != STATUS_OK) return status;
  }
  return STATUS_OK;
}

static Status add_path(Search *search, const char *path, bool named, int depth, Error *error) {
  struct stat status;
  if ((named ? stat(path, &status) : lstat(path, &status)) != 0)
    return named ? fail(error, STATUS_FAILED, "", "%s cannot be opened: %s", path, strerror(errno)) : STATUS_OK;
  if (S_ISDIR(status.st_mode)) return add_folder(search, path, depth + 1, error);
  if (!named && S_ISLNK(status.st_mode) && (stat(path, &status) != 0 || !S_ISREG(status.st_mode))) return STATUS_OK;
  if (!named && !S_ISREG(status.st_mode)) return STATUS_OK;
  if (!S_ISREG(status.st_mode)) return add_pipe(search, path, error);
  if (zip_is(path)) return add_zip(search, path, (uint64_t)status.st_size, named, error);
  ImportFile file = {.name = text_of(path), .path = path, .bytes = (uint64_t)status.st_size, .named = named};
  Error problem = {0};
  Status seen = recognise(search->arena, NULL, &file, &problem);
  if (seen == STATUS_OK) return add_file(search, file, error);
  return named ? fail(error, seen, "", "%s", problem.message) : add_unread(search, file, &problem, error);
}

Status import_files_add(Arena *arena, const char *path, ImportFiles *files, Error *error) {
  Search search = {.arena = arena, .files = files};
  return add_path(&search, path, true, 0, error);
}

Status import_file_open(Arena *arena, const ImportFile *file, Input **out, Error *error) {
  Input *input = NULL;
  Zip *zip;
  if (file->input) return import_decode(arena, file->format, file->input, out, error);
  if (!file->entry) {
    Status status = input_open(arena, file->path, &input, error);
    return status == STATUS_OK ? import_decode(arena, file->format, input, out, error) : status;
  }
  Status status = zip_open(arena, file->path, &zip, error);
  for (size_t entry = 0; status == STATUS_OK && entry < file->entry; entry++) {
    Text name;
    bool found;
    status = zip_next(zip, &name, &found, error);
    if (status == STATUS_OK && !found) return fail(error, STATUS_FAILED, "", TEXT_FORMAT ": it is no longer in the zip", TEXT_ARG(file->name));
  }
  return status == STATUS_OK ? import_decode(arena, file->format, zip_input(zip, file->name.bytes), out, error) : status;
}
