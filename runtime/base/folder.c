#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int compare_names(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool path_ends_with(const char *path, const char *end) {
  size_t length = strlen(path), tail = strlen(end);
  return length > tail && strcmp(path + length - tail, end) == 0;
}

static void close_folder(void *object) {
  DIR **folder = object;
  if (*folder) closedir(*folder);
  *folder = NULL;
}

static bool is_listed(const char *name, bool hidden) {
  return name[0] != '.' || (hidden && strcmp(name, ".") != 0 && strcmp(name, "..") != 0);
}

static Status list(Arena *arena, const char *path, bool hidden, PathList *out, Error *error) {
  DIR **folder = arena_alloc(arena, sizeof *folder);
  size_t before = out->count;
  arena_defer(arena, close_folder, folder);
  *folder = opendir(path);
  if (!*folder) return fail(error, STATUS_FAILED, "", "%s: cannot be read: %s", path, strerror(errno));
  const char *slash = path[0] && path[strlen(path) - 1] == '/' ? "" : "/";
  for (struct dirent *entry = readdir(*folder); entry; entry = readdir(*folder))
    if (is_listed(entry->d_name, hidden)) vec_push(arena, out, arena_format(arena, "%s%s%s", path, slash, entry->d_name));
  close_folder(folder);
  if (out->count > before) qsort(out->items + before, out->count - before, sizeof *out->items, compare_names);
  return STATUS_OK;
}

Status folder_list(Arena *arena, const char *path, PathList *out, Error *error) {
  return list(arena, path, false, out, error);
}

Status folder_list_all(Arena *arena, const char *path, PathList *out, Error *error) {
  return list(arena, path, true, out, error);
}
