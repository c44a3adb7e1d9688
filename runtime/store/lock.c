#include "store/summary.h"
#include "store/store_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BRIEF_WAITS = 30, BRIEF_WAIT_NS = 10000000 };

/* What the holder wrote into the lock file; for the message only, the lock itself is the flock. */
static void read_holder(int file, char *out, size_t size) {
  ssize_t length = pread(file, out, size - 1, 0);
  out[length > 0 ? length : 0] = '\0';
  out[strcspn(out, "\n")] = '\0';
}

static void write_holder(int file) {
  char text[64];
  int length = snprintf(text, sizeof text, "process %ld\n", (long)getpid());
  /* A lock works without this text, so a full disk does not matter here. */
  if (ftruncate(file, 0) != 0 || pwrite(file, text, (size_t)length, 0) != length) errno = 0;
}

static int open_lock(const char *path) {
  int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file >= 0) {
    if (fchmod(file, S_IRUSR | S_IWUSR) != 0) errno = 0; /* the umask may have taken more than it should */
    return file;
  }
  return errno == EEXIST ? open(path, O_RDWR | O_CLOEXEC) : -1;
}

Status lock_take(Store *store, Error *error) {
  const char *path = arena_format(store->arena, "%s.lock", store->path);
  int file = open_lock(path);
  if (file < 0) {
    return fail(error, STATUS_FAILED, "", "%s: cannot be opened for writing: %s", path, strerror(errno));
  }
  int result = flock(file, LOCK_EX | LOCK_NB);
  /* Who only leaves a record of a run holds the lock for a few milliseconds; nobody is turned away for that. */
  for (int wait = 0; result != 0 && (errno == EINTR || errno == EWOULDBLOCK) && wait < BRIEF_WAITS && store->mode == STORE_WRITE; wait++) {
    nanosleep(&(struct timespec){.tv_nsec = BRIEF_WAIT_NS}, NULL);
    result = flock(file, LOCK_EX | LOCK_NB);
  }
  if (result == 0) {
    store->lock = file;
    write_holder(file);
    return STATUS_OK;
  }
  int reason = errno;
  char holder[64];
  read_holder(file, holder, sizeof holder);
  close(file);
  if (reason == EWOULDBLOCK) {
    return fail(error, STATUS_BUSY, "", "%s: %s is writing to the store; try again when it has finished", store->path,
                holder[0] ? holder : "another program");
  }
  return fail(error, STATUS_FAILED, "", "%s: the file system gives no lock: %s; keep the store on a local disk", path,
              strerror(reason));
}

Text store_writer(Arena *arena, const char *path) {
  char holder[64] = "";
  int file = open(arena_format(arena, "%s.lock", path), O_RDONLY | O_CLOEXEC);
  if (file < 0) return (Text){"", 0};
  if (flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    read_holder(file, holder, sizeof holder);
    if (!holder[0]) snprintf(holder, sizeof holder, "another program");
  }
  close(file);
  return text_of(arena_copy(arena, holder, strlen(holder)));
}

void lock_release(Store *store) {
  if (store->lock >= 0) close(store->lock);
  store->lock = -1;
}
