#include "store/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The beginning of a small file of /proc, without its last newline; empty where there is none. */
static Text read_line(Arena *arena, const char *path) {
  char bytes[1024];
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return (Text){"", 0};
  ssize_t length = read(file, bytes, sizeof bytes);
  close(file);
  if (length > 0 && bytes[length - 1] == '\n') length--;
  return text_copy(arena, (Text){bytes, length > 0 ? (size_t)length : 0});
}

/* Field 22 of /proc/PID/stat, in clock ticks since boot. The second field is a name in parentheses that may hold anything, so fields are counted from the
 * last parenthesis. */
static Text start_of(Arena *arena, long process) {
  Text stat = read_line(arena, arena_format(arena, "/proc/%ld/stat", process));
  const char *at = stat.length ? strrchr(stat.bytes, ')') : NULL;
  for (int field = 2; at && field < 22; field++) at = strchr(at + 1, ' ');
  if (!at) return (Text){"", 0};
  return (Text){at + 1, strcspn(at + 1, " ")};
}

static Text identity_of(Arena *arena, long process) {
  Text boot = read_line(arena, "/proc/sys/kernel/random/boot_id"), start = start_of(arena, process);
  if (!boot.length || !start.length) return text_of(arena_format(arena, "%ld", process));
  return text_of(arena_format(arena, "%ld %.*s " TEXT_FORMAT, process, (int)boot.length, boot.bytes, TEXT_ARG(start)));
}

Text process_identity(Arena *arena) {
  return identity_of(arena, (long)getpid());
}

bool process_is_alive(Arena *arena, Text identity) {
  long process = atol(arena_copy(arena, identity.bytes, identity.length));
  if (process <= 0 || (kill((pid_t)process, 0) != 0 && errno != EPERM)) return false;
  return text_equal(identity_of(arena, process), identity);
}
