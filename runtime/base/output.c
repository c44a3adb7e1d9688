#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/input.h"

enum { BUFFER_SIZE = 64 << 10, TEMPORARY_TRIES = 1000, TEMPORARY_NAME = 200 };

struct Output {
  Arena *arena;
  const char *path;      /* as the caller named it, for messages */
  const char *target;    /* where it goes: `path` with a symbolic link followed */
  const char *folder;    /* of `target` */
  const char *temporary; /* NULL when written straight into a pipe or a device */
  int descriptor;        /* -1 when closed */
  bool failed;
  char *buffer;
  size_t used;
  TextBuilder written; /* when it goes to memory */
  TextBuilder *into;   /* NULL when it goes to a file */
};

static void abandon(void *object) {
  Output *output = object;
  if (output->descriptor < 0) return;
  close(output->descriptor);
  output->descriptor = -1;
  if (output->temporary) unlink(output->temporary);
}

static Status explain_create(const Output *output, int reason, Error *error) {
  switch (reason) {
    case ENOENT:
    case ENOTDIR:
      return fail(error, STATUS_FAILED, "", "%s: cannot be written: there is no folder %s; create it first",
                  output->path, output->folder);
    case EACCES:
    case EPERM:
      return fail(error, STATUS_FAILED, "", "%s: cannot be written: this user may not write in the folder %s",
                  output->path, output->folder);
    case EROFS:
      return fail(error, STATUS_FAILED, "", "%s: cannot be written: %s is on a read-only file system", output->path,
                  output->folder);
    default:
      return fail(error, STATUS_FAILED, "", "%s: cannot be written: %s", output->path, strerror(reason));
  }
}

static Status explain_write(const Output *output, int reason, Error *error) {
  const char *kept = output->temporary ? "; the file of that name is as it was" : "";
  if (reason == ENOSPC || reason == EDQUOT) {
    return fail(error, STATUS_FAILED, "",
                "%s: writing failed, the disk is full (%s): free some space or write elsewhere%s", output->path,
                strerror(reason), kept);
  }
  return fail(error, STATUS_FAILED, "", "%s: writing failed: %s%s", output->path, strerror(reason), kept);
}

static int open_retrying(const char *path, int flags, mode_t mode) {
  int descriptor;
  do {
    descriptor = open(path, flags | O_CLOEXEC, mode);
  } while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

/* ".NAME.narada-PID-N" beside the target. open(O_EXCL, 0666) and not mkstemp: the system then applies the umask, which
 * a program cannot read without changing it for its other threads. */
static Status open_temporary(Output *output, Error *error) {
  const char *slash = strrchr(output->target, '/');
  const char *name = slash ? slash + 1 : output->target;
  for (int i = 0; i < TEMPORARY_TRIES; i++) {
    const char *temporary =
        arena_format(output->arena, "%s/.%.*s.narada-%ld-%d", output->folder, TEMPORARY_NAME, name, (long)getpid(), i);
    output->descriptor = open_retrying(temporary, O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (output->descriptor >= 0) {
      output->temporary = temporary;
      return STATUS_OK;
    }
    if (errno != EEXIST) break;
  }
  return explain_create(output, errno, error);
}

static const char *folder_of(Arena *arena, const char *path) {
  const char *slash = strrchr(path, '/');
  if (!slash) return ".";
  return arena_copy(arena, path, slash == path ? 1 : (size_t)(slash - path));
}

/* A symbolic link stays one: what it points to is replaced. */
static Status follow_link(Output *output, Error *error) {
  struct stat about;
  if (lstat(output->path, &about) != 0 || !S_ISLNK(about.st_mode)) return STATUS_OK;
  char *real = realpath(output->path, NULL);
  if (!real) {
    return fail(error, STATUS_FAILED, "", "%s: cannot be written: it is a link to something that is not there",
                output->path);
  }
  size_t length = strlen(real);
  if (length >= 4096) {
    free(real);
    return fail(error, STATUS_FAILED, "", "%s: cannot be written: the path it links to is too long", output->path);
  }
  char copy[4096]; /* the arena may end this function, and `real` would be lost */
  memcpy(copy, real, length);
  free(real);
  output->target = arena_copy(output->arena, copy, length);
  return STATUS_OK;
}

/* A fifo, a terminal or /dev/full holds nothing that could be kept, and renaming over it would destroy it. */
static Status open_straight(Output *output, Error *error) {
  output->descriptor = open_retrying(output->target, O_WRONLY, 0);
  if (output->descriptor >= 0) return STATUS_OK;
  return fail(error, STATUS_FAILED, "", "%s: cannot be written: %s", output->path, strerror(errno));
}

static Status open_beside(Output *output, const struct stat *existing, Error *error) {
  if (existing && access(output->target, W_OK) != 0) {
    return fail(error, STATUS_FAILED, "", "%s: cannot be written: the file is there and this user may not change it",
                output->path);
  }
  Status status = open_temporary(output, error);
  /* The permissions a person gave the file outlive its contents; where the system refuses, those of a new file do. */
  if (!status && existing && fchmod(output->descriptor, existing->st_mode & 0777) != 0) errno = 0;
  return status;
}

Status output_create(Arena *arena, const char *path, Output **out, Error *error) {
  Output *output = arena_alloc(arena, sizeof *output);
  *out = output;
  output->arena = arena;
  output->descriptor = -1;
  output->path = output->target = arena_copy(arena, path, strlen(path));
  output->buffer = arena_buffer(arena, BUFFER_SIZE);
  arena_defer(arena, abandon, output);
  Status status = follow_link(output, error);
  if (status) return status;
  output->folder = folder_of(arena, output->target);
  size_t length = strlen(output->target);
  if (length == 0) return fail(error, STATUS_FAILED, "", "an empty path cannot be written; name a file");
  struct stat about;
  bool exists = stat(output->target, &about) == 0;
  if ((exists && S_ISDIR(about.st_mode)) || output->target[length - 1] == '/') {
    return fail(error, STATUS_FAILED, "", "%s: cannot be written: it is a folder; name a file in it", path);
  }
  if (exists && !S_ISREG(about.st_mode)) return open_straight(output, error);
  return open_beside(output, exists ? &about : NULL, error);
}

Output *output_to_text(Arena *arena, TextBuilder *into, const char *name) {
  Output *output = arena_alloc(arena, sizeof *output);
  output->arena = output->written.arena = arena;
  output->descriptor = -1;
  output->path = name;
  output->into = into;
  return output;
}

static Status commit_to_text(Output *output) {
  text_append(output->into, text_built(&output->written));
  output->into = NULL;
  return STATUS_OK;
}

/* After a failure nothing more is written and commit fails too. */
static Status write_through(Output *output, const char *bytes, size_t length, Error *error) {
  while (length) {
    ssize_t count = write(output->descriptor, bytes, length);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      int reason = count < 0 ? errno : ENOSPC;
      output->failed = true;
      return explain_write(output, reason, error);
    }
    bytes += count;
    length -= (size_t)count;
  }
  return STATUS_OK;
}

static Status flush(Output *output, Error *error) {
  size_t used = output->used;
  output->used = 0;
  return write_through(output, output->buffer, used, error);
}

static Status refuse_closed(const Output *output, Error *error) {
  return fail(error, STATUS_FAILED, "", "%s: is not open for writing any more", output->path);
}

Status output_write(Output *output, Text text, Error *error) {
  if (output->into) {
    text_append(&output->written, text);
    return STATUS_OK;
  }
  if (output->failed || output->descriptor < 0) return refuse_closed(output, error);
  if (text.length > BUFFER_SIZE - output->used) {
    Status status = flush(output, error);
    if (status) return status;
    if (text.length >= BUFFER_SIZE) return write_through(output, text.bytes, text.length, error);
  }
  if (text.length) memcpy(output->buffer + output->used, text.bytes, text.length);
  output->used += text.length;
  return STATUS_OK;
}

static int close_output(Output *output) {
  int result = close(output->descriptor);
  output->descriptor = -1;
  return result == 0 || errno == EINTR ? 0 : -1;
}

/* The name is on disk only when its folder is. Some file systems cannot sync a folder; the file is complete then too.
 */
static void sync_folder(const char *folder) {
  int descriptor = open_retrying(folder, O_RDONLY | O_DIRECTORY, 0);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

Status output_commit(Output *output, Error *error) {
  if (output->into) return commit_to_text(output);
  if (output->failed || output->descriptor < 0) return refuse_closed(output, error);
  Status status = flush(output, error);
  if (!output->temporary) {
    if (close_output(output) != 0 && !status) status = explain_write(output, errno, error);
    return status;
  }
  if (!status && fsync(output->descriptor) != 0) status = explain_write(output, errno, error);
  if (close_output(output) != 0 && !status) status = explain_write(output, errno, error);
  if (!status && rename(output->temporary, output->target) != 0) status = explain_write(output, errno, error);
  if (status) {
    unlink(output->temporary);
    return status;
  }
  sync_folder(output->folder);
  return STATUS_OK;
}
