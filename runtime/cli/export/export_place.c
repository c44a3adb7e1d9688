#include "cli/export/export_place.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/input.h"

static const char first_line[] = "An export of Narada is being made here, or was ended before it was whole; the same command makes it anew. Its files so far:\n";

/* The note has a line for each file, and a store may have many playlists. */
enum { NOTE_MAX = 64 << 20, DEPTH_MAX = 8 };

struct ExportPlace {
  const char *folder, *note_path;
  TextPool *names; /* of the note, and the folders that they are in */
  int note;        /* locked; -1 = there is none */
  bool made;       /* the folder was not there before */
};

/* ---- what is in the folder ---- */

typedef struct Found {
  const ExportPlace *place;
  Arena *arena;
  PathList files, folders; /* of the export; a folder comes before those in it */
  const char *foreign;     /* the first that is not the export's; NULL = none */
} Found;

/* ".NAME.narada-PID-N" (output.c), which a killed process leaves. */
static bool is_temporary(const char *name) {
  static const char mark[] = ".narada-";
  const char *at = NULL;
  for (const char *next = name; name[0] == '.' && (next = strstr(next + 1, mark));) at = next + sizeof mark - 1;
  if (!at) return false;
  size_t process = strspn(at, "0123456789");
  const char *number = at + process + 1;
  return process && at[process] == '-' && *number && !number[strspn(number, "0123456789")];
}

static bool is_noted(const ExportPlace *place, const char *name) {
  return text_interned(place->names, text_of(name)) != UINT32_MAX;
}

static Status look(Found *found, const char *folder, int depth, Error *error);

/* What an export does not make, such as a link, is not its own. */
static Status look_at(Found *found, const char *path, int depth, Error *error) {
  struct stat about;
  const char *name = path + strlen(found->place->folder) + 1, *base = strrchr(path, '/') + 1;
  if (lstat(path, &about) != 0) return fail(error, STATUS_FAILED, "", "%s: cannot be read: %s", path, strerror(errno));
  bool noted = is_noted(found->place, name);
  if (S_ISREG(about.st_mode) && (noted || is_temporary(base))) {
    vec_push(found->arena, &found->files, path);
  } else if (S_ISDIR(about.st_mode) && noted && depth < DEPTH_MAX) {
    vec_push(found->arena, &found->folders, path);
    return look(found, path, depth + 1, error);
  } else if (base[0] != '.' && strcmp(name, EXPORT_NOTE) != 0 && !found->foreign) {
    found->foreign = path;
  }
  return STATUS_OK;
}

static Status look(Found *found, const char *folder, int depth, Error *error) {
  PathList paths = {0};
  Status status = folder_list_all(found->arena, folder, &paths, error);
  for (size_t i = 0; i < paths.count && status == STATUS_OK; i++) status = look_at(found, paths.items[i], depth, error);
  return status;
}

/* ---- removing ---- */

static Status remove_found(const Found *found, Error *error) {
  for (size_t i = 0; i < found->files.count; i++)
    if (unlink(found->files.items[i]) != 0 && errno != ENOENT) return fail(error, STATUS_FAILED, "", "%s: cannot be removed: %s", found->files.items[i], strerror(errno));
  for (size_t i = found->folders.count; i-- > 0;) rmdir(found->folders.items[i]); /* a hidden file of somebody's keeps its own */
  return STATUS_OK;
}

static Status remove_body(void *context, Error *error) {
  Found *found = context;
  Status status = look(found, found->place->folder, 0, error);
  return status == STATUS_OK ? remove_found(found, error) : status;
}

/* An export that fails or is interrupted leaves what was there before it. */
static void abandon(void *object) {
  ExportPlace *place = object;
  if (place->note < 0) return;
  Found found = {.place = place, .arena = arena_new(0)};
  Status status = found.arena ? arena_protect(found.arena, remove_body, &found, NULL) : STATUS_FAILED;
  arena_free(found.arena);
  if (status == STATUS_OK) unlink(place->note_path);
  if (status == STATUS_OK && place->made) rmdir(place->folder);
  close(place->note);
  place->note = -1;
}

/* ---- the note ---- */

/* A name and the folders before it. */
static void know(ExportPlace *place, Text name) {
  for (size_t i = 1; i < name.length; i++)
    if (name.bytes[i] == '/') text_intern(place->names, (Text){name.bytes, i});
  text_intern(place->names, name);
}

static Status write_note(const ExportPlace *place, Text text, Error *error) {
  while (text.length) {
    ssize_t written = write(place->note, text.bytes, text.length);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return fail(error, STATUS_FAILED, "", "%s: cannot be written: %s", place->note_path, strerror(written < 0 ? errno : ENOSPC));
    text.bytes += written;
    text.length -= (size_t)written;
  }
  return STATUS_OK;
}

/* What a killed export noted; `*own` is false for a file that only has the name. */
static Status read_note(Arena *arena, ExportPlace *place, bool *own, Error *error) {
  Text text;
  Status status = file_read_all(arena, place->note_path, NOTE_MAX, &text, error);
  if (status != STATUS_OK) return status;
  size_t head = sizeof first_line - 1;
  *own = text.length >= head ? memcmp(text.bytes, first_line, head) == 0 : memcmp(text.bytes, first_line, text.length) == 0; /* killed as it began */
  for (size_t at = head; *own && at < text.length;) {
    const char *end = memchr(text.bytes + at, '\n', text.length - at);
    if (!end) break; /* the file of a line that was cut is not there yet */
    know(place, (Text){text.bytes + at, (size_t)(end - text.bytes) - at});
    at = (size_t)(end - text.bytes) + 1;
  }
  return STATUS_OK;
}

/* Opens and locks it; a file system that knows no locks has none. */
static Status open_note(ExportPlace *place, int flags, Error *error) {
  struct stat about;
  place->note = open(place->note_path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0666);
  if (place->note < 0 && errno != EEXIST) return fail(error, STATUS_FAILED, "", "%s: cannot be written: %s", place->note_path, strerror(errno));
  bool busy = place->note < 0 || (flock(place->note, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK);
  if (!busy) busy = fstat(place->note, &about) == 0 && !about.st_nlink; /* of one that has just ended */
  if (!busy) return STATUS_OK;
  if (place->note >= 0) close(place->note);
  place->note = -1;
  return fail(error, STATUS_BUSY, "", "%s: another export is being made there; name a new folder, or try later", place->folder);
}

/* ---- opening ---- */

static bool is_there(Arena *arena, const ExportPlace *place, const char *name) {
  return access(arena_format(arena, "%s/%s", place->folder, name), F_OK) == 0;
}

/* What is in the way; NULL = nothing. */
static const char *in_the_way(Arena *arena, const ExportPlace *place, const Found *found, bool left, bool own) {
  if (is_there(arena, place, "manifest.json")) return "holds an export already, and nothing is written over; name a new one, or remove that first";
  if (left && !own) return "is not empty; name a new one";
  if (!found->foreign) return NULL;
  if (!left) return "is not empty; name a new one";
  return arena_format(arena, "holds what an export left that was ended before it was whole, and besides %s; name a new one, or move that away",
                      text_escaped(arena, text_of(found->foreign + strlen(place->folder) + 1)).bytes);
}

/* The folder as it is: empty, or with what a killed export left. */
static Status take_over(ExportPlace *place, Found *found, Error *error) {
  bool left = is_there(found->arena, place, EXPORT_NOTE), own = false;
  Status status = left ? open_note(place, 0, error) : STATUS_OK;
  if (status == STATUS_OK && left) status = read_note(found->arena, place, &own, error);
  if (status == STATUS_OK) status = look(found, place->folder, 0, error);
  const char *why = status == STATUS_OK ? in_the_way(found->arena, place, found, left, own) : NULL;
  if (why) status = fail(error, STATUS_FAILED, "", "the folder %s %s", place->folder, why);
  if (status != STATUS_OK) {
    if (place->note >= 0) close(place->note); /* and all stays as it is */
    place->note = -1;
    return status;
  }
  if (!left && (status = open_note(place, O_CREAT | O_EXCL, error)) != STATUS_OK) return status;
  status = remove_found(found, error);
  if (status == STATUS_OK && ftruncate(place->note, 0) != 0) status = fail(error, STATUS_FAILED, "", "%s: cannot be written: %s", place->note_path, strerror(errno));
  return status == STATUS_OK ? write_note(place, TEXT_LITERAL(first_line), error) : status;
}

static Status take_over_body(void *context, Error *error) {
  Found *found = context;
  return take_over((ExportPlace *)found->place, found, error);
}

Status export_place_open(Arena *arena, const char *folder, ExportPlace **out, Error *error) {
  ExportPlace *place = arena_alloc(arena, sizeof *place);
  size_t length = strlen(folder);
  while (length > 1 && folder[length - 1] == '/') length--;
  *place = (ExportPlace){.folder = arena_copy(arena, folder, length), .names = text_pool_new(arena), .note = -1};
  place->note_path = arena_format(arena, "%s/" EXPORT_NOTE, place->folder);
  *out = place;
  arena_defer(arena, abandon, place);
  place->made = mkdir(place->folder, S_IRWXU) == 0;
  if (!place->made && errno != EEXIST) return fail(error, STATUS_FAILED, "", "the folder %s cannot be made: %s", place->folder, strerror(errno));
  Found found = {.place = place, .arena = arena_new(0)};
  Status status = found.arena ? arena_protect(found.arena, take_over_body, &found, error) : fail(error, STATUS_FAILED, "", "memory is out");
  arena_free(found.arena);
  know(place, TEXT_LITERAL("manifest.json"));
  return status;
}

Status export_place_note(ExportPlace *place, Text name, Error *error) {
  know(place, name);
  Status status = write_note(place, name, error);
  return status == STATUS_OK ? write_note(place, TEXT_LITERAL("\n"), error) : status;
}

Status export_place_finish(ExportPlace *place, Error *error) {
  bool removed = unlink(place->note_path) == 0;
  if (!removed) fail(error, STATUS_FAILED, "", "%s: cannot be removed: %s; the export is whole without it", place->note_path, strerror(errno));
  close(place->note);
  place->note = -1;
  return removed ? STATUS_OK : STATUS_FAILED;
}
