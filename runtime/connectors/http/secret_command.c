#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "connectors/http/credentials_int.h"

extern char **environ;

static int64_t ticks(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Its own process group, so that a shell's children end with it. Nothing of ours is passed on but the environment, which holds no secrets. */
static int spawn(const char *command, int output, pid_t *child) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  char *const arguments[] = {(char *)(uintptr_t) "sh", (char *)(uintptr_t) "-c", (char *)(uintptr_t)command, NULL};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  int result = posix_spawn(child, "/bin/sh", &actions, &attributes, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return result;
}

/* What it prints until it ends. False: too much, or not in time. */
static bool collect(int file, char *bytes, size_t *length) {
  int64_t end = ticks() + COMMAND_MS;
  for (;;) {
    struct pollfd wanted = {.fd = file, .events = POLLIN};
    int64_t left = end - ticks();
    if (left <= 0) return false;
    int ready = poll(&wanted, 1, (int)left);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    ssize_t got = read(file, bytes + *length, COMMAND_MOST - *length);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return got == 0;
    *length += (size_t)got;
    if (*length == COMMAND_MOST) return false;
  }
}

Status secret_of_command(Arena *arena, const char *command, Secret *out, Error *error) {
  char *bytes = secret_buffer(arena, COMMAND_MOST + 1);
  int ends[2], result = 0;
  if (pipe(ends) != 0) return fail(error, STATUS_FAILED, "", "cannot be run: %s", strerror(errno));
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  pid_t child;
  int reason = spawn(command, ends[1], &child);
  close(ends[1]);
  size_t length = 0;
  bool whole = reason == 0 && collect(ends[0], bytes, &length);
  close(ends[0]);
  if (reason) return fail(error, STATUS_FAILED, "", "cannot be run: %s", strerror(reason));
  if (!whole) kill(-child, SIGKILL);
  while (waitpid(child, &result, 0) < 0 && errno == EINTR) continue;
  if (!whole) return fail(error, STATUS_FAILED, "", "did not end in %d s, or printed more than %d bytes", COMMAND_MS / 1000, COMMAND_MOST);
  int code = WIFEXITED(result) ? WEXITSTATUS(result) : 128 + WTERMSIG(result);
  if (code) return fail(error, STATUS_FAILED, "", "failed with status %d", code);
  bytes[length] = '\0';
  out->hidden = (Text){bytes, strcspn(bytes, "\r\n")};
  return out->hidden.length ? STATUS_OK : fail(error, STATUS_FAILED, "", "printed nothing");
}
