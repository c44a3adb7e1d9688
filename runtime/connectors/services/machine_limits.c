#include "connectors/services/machine_limits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folders above `path`; true if they are there. */
static bool make_folders(Arena *arena, const char *path) {
  char *folder = arena_copy(arena, path, strlen(path));
  for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (mkdir(folder, S_IRWXU) != 0 && errno != EEXIST) return false;
    *slash = '/';
  }
  return true;
}

const char *machine_limits_path(Arena *arena) {
  const char *runtime = getenv("XDG_RUNTIME_DIR"), *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
  if (runtime && runtime[0] == '/' && access(runtime, W_OK | X_OK) == 0) return arena_format(arena, "%s/narada.limits", runtime);
  const char *path = NULL;
  if (data && data[0] == '/') path = arena_format(arena, "%s/narada/machine.limits", data);
  else if (home && home[0] == '/') path = arena_format(arena, "%s/.local/share/narada/machine.limits", home);
  return path && make_folders(arena, path) ? path : NULL;
}
