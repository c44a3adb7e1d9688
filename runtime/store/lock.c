#include "store/store_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

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
  int result;
  do {
    result = flock(file, LOCK_EX | LOCK_NB);
  } while (result != 0 && errno == EINTR);
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

void lock_release(Store *store) {
  if (store->lock >= 0) close(store->lock);
  store->lock = -1;
}
