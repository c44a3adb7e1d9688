#include "base/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/interrupt.h"

/* How long a read waits for a pipe before it looks whether the program is to end. */
enum { LOOK_MS = 200 };

typedef struct OpenFile {
  Input input;
  int descriptor; /* -1 when closed */
  bool waits;     /* a pipe or a terminal: what comes may come late */
} OpenFile;

/* Until there is something to read, or the end, or an interruption. */
static Status wait_for(int descriptor) {
  struct pollfd wanted = {.fd = descriptor, .events = POLLIN};
  for (;;) {
    if (interrupt_signal()) return STATUS_INTERRUPTED;
    int ready = poll(&wanted, 1, LOOK_MS);
    if (ready > 0 || (ready < 0 && errno != EINTR)) return STATUS_OK;
  }
}

static Status read_descriptor(Input *input, void *buffer, size_t size, size_t *got, Error *error) {
  const OpenFile *file = input->context;
  ssize_t count = -1;
  if (interrupt_signal() || (file->waits && wait_for(file->descriptor) != STATUS_OK)) return interrupt_check(error);
  while ((count = read(file->descriptor, buffer, size)) < 0 && (errno == EINTR || errno == EAGAIN))
    if (wait_for(file->descriptor) != STATUS_OK) return interrupt_check(error);
  *got = count > 0 ? (size_t)count : 0;
  if (count >= 0) return STATUS_OK;
  return fail(error, STATUS_FAILED, "", "%s: reading failed: %s", input->name, strerror(errno));
}

static void close_file(void *object) {
  OpenFile *file = object;
  if (file->descriptor >= 0) close(file->descriptor);
  file->descriptor = -1;
}

static Status explain_open(const char *path, int reason, Error *error) {
  switch (reason) {
    case ENOENT:
      return fail(error, STATUS_FAILED, "", "%s: there is no such file", path);
    case ENOTDIR:
      return fail(error, STATUS_FAILED, "", "%s: there is no such file; a part of the path before it is not a folder",
                  path);
    case EACCES:
    case EPERM:
      return fail(error, STATUS_FAILED, "", "%s: may not be read by this user; change its permissions", path);
    case ENXIO:
      return fail(error, STATUS_FAILED, "", "%s: is not a file that can be read", path);
    default:
      return fail(error, STATUS_FAILED, "", "%s: could not be opened: %s", path, strerror(reason));
  }
}

/* Opens `file->input.name`; `*size` is a regular file's size, else 0. */
static Status open_file(OpenFile *file, size_t *size, Error *error) {
  const char *path = file->input.name;
  struct stat about;
  do {
    file->descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a fifo that nobody writes to yet */
  } while (file->descriptor < 0 && errno == EINTR);
  if (file->descriptor < 0 || fstat(file->descriptor, &about) != 0) return explain_open(path, errno, error);
  if (S_ISDIR(about.st_mode)) {
    close_file(file);
    return fail(error, STATUS_FAILED, "", "%s: is a folder; name a file", path);
  }
  file->waits = !S_ISREG(about.st_mode);
  *size = !file->waits && about.st_size > 0 ? (size_t)about.st_size : 0;
  return STATUS_OK;
}

static OpenFile *new_file(Arena *arena, const char *path) {
  OpenFile *file = arena_alloc(arena, sizeof *file);
  file->descriptor = -1;
  file->input = (Input){read_descriptor, file, arena_copy(arena, path, strlen(path))};
  arena_defer(arena, close_file, file); /* before it is open: nothing that fails later can lose the descriptor */
  return file;
}

Status input_open(Arena *arena, const char *path, Input **out, Error *error) {
  OpenFile *file = new_file(arena, path);
  size_t size;
  *out = &file->input;
  return open_file(file, &size, error);
}

void input_close(Input *input) {
  if (input->read == read_descriptor) close_file(input->context);
}

typedef struct TextInput {
  Input input;
  Text rest;
} TextInput;

static Status read_text(Input *input, void *buffer, size_t size, size_t *got, Error *error) {
  (void)error;
  TextInput *text = input->context;
  *got = size < text->rest.length ? size : text->rest.length;
  if (*got) memcpy(buffer, text->rest.bytes, *got);
  text->rest.bytes += *got;
  text->rest.length -= *got;
  return STATUS_OK;
}

Input *input_of_text(Arena *arena, Text text, const char *name) {
  TextInput *result = arena_alloc(arena, sizeof *result);
  result->rest = text.bytes ? text : (Text){"", 0};
  result->input = (Input){read_text, result, name};
  return &result->input;
}

static Status too_long(const char *path, size_t limit, Error *error) {
  return fail(error, STATUS_FAILED, "", "%s: is longer than the limit of %zu bytes", path, limit);
}

Status file_read_all(Arena *arena, const char *path, size_t limit, Text *out, Error *error) {
  OpenFile *file = new_file(arena, path);
  size_t size = 0, used = 0;
  Status status = open_file(file, &size, error);
  if (status) return status;
  if (size > limit) {
    close_file(file);
    return too_long(path, limit, error);
  }
  /* One byte more than the size shows the end without growing; a pipe, or a file that grows meanwhile, doubles. */
  size_t capacity = size ? size + 2 : 4096;
  char *bytes = arena_buffer(arena, capacity);
  for (;;) {
    size_t got;
    status = read_descriptor(&file->input, bytes + used, capacity - 1 - used, &got, error);
    if (status || got == 0) break;
    used += got;
    if (used > limit) {
      status = too_long(path, limit, error);
      break;
    }
    if (used == capacity - 1) {
      bytes = arena_grow(arena, bytes, capacity, capacity * 2);
      capacity *= 2;
    }
  }
  close_file(file);
  bytes[used] = '\0';
  if (!status) *out = (Text){bytes, used};
  return status;
}
