#include "compiler/command/check_paths.h"

#include <string.h>
#include <sys/stat.h>

#include "base/folder.h"
#include "compiler/check/std_module.h"
#include "compiler/source/source.h"

static void add(Arena *arena, CheckPaths *out, const char *path, const char *fault) {
  if (std_is_name(path)) path = arena_format(arena, "./%s", path); /* the file, not the program of the library */
  vec_push(arena, out, (CheckPath){path, fault, true});
}

/* Of a name that a program could have. */
static void look_at(Arena *arena, const char *path, const struct stat *about, CheckPaths *out) {
  struct stat target = *about;
  if (S_ISLNK(about->st_mode) && stat(path, &target) != 0) {
    add(arena, out, path, arena_format(arena, "%s: is a link to what is not there", path));
    return;
  }
  bool too_long = path_ends_with(path, ".json") && target.st_size > SOURCE_MAX_BYTES;
  if (S_ISREG(target.st_mode) && !too_long) add(arena, out, path, NULL);
}

static void walk(Arena *arena, const char *folder, CheckPaths *out) {
  PathList paths = {0};
  Error error = {0};
  if (folder_list(arena, folder, &paths, &error) != STATUS_OK) add(arena, out, folder, arena_copy(arena, error.message, strlen(error.message)));
  for (size_t i = 0; i < paths.count; i++) {
    const char *path = paths.items[i], *name = strrchr(path, '/') + 1;
    struct stat about;
    if (strncmp(path, "./", 2) == 0 && folder[1] == '\0') path += 2;
    if (strcmp(name, "node_modules") == 0 || lstat(paths.items[i], &about) != 0) continue;
    if (S_ISDIR(about.st_mode))
      walk(arena, path, out);
    else if (path_ends_with(name, ".nrd") || path_ends_with(name, ".nsp") || path_ends_with(name, ".json"))
      look_at(arena, path, &about, out);
  }
}

void check_paths_find(Arena *arena, const char *operand, CheckPaths *out) {
  struct stat about;
  if (!operand || (strcmp(operand, "-") != 0 && !std_is_name(operand) && stat(operand, &about) == 0 && S_ISDIR(about.st_mode)))
    walk(arena, operand ? operand : ".", out);
  else
    vec_push(arena, out, (CheckPath){operand, NULL, false});
}
