/* folder.h: what is in a folder, in an order that does not depend on the file system. */
#ifndef NARADA_BASE_FOLDER_H
#define NARADA_BASE_FOLDER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/vec.h"

typedef VEC(const char *) PathList;

/* Appends the paths of what is in the folder, `path` and a slash before each name, sorted by bytes; names that begin with a dot are left out. Arena. */
Status folder_list(Arena *arena, const char *path, PathList *out, Error *error);
/* The same with hidden names. */
Status folder_list_all(Arena *arena, const char *path, PathList *out, Error *error);
/* Whether the name, or path, ends so and is not that alone. */
bool path_ends_with(const char *path, const char *end);

#endif
