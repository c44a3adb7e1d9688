#include "store/store.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_set(const char *value) {
  return value && *value;
}

Status store_default_path(Arena *arena, const char *option, Text *out, Error *error) {
  const char *path = is_set(option) ? option : getenv("NARADA_STORE");
  const char *data = getenv("XDG_DATA_HOME");
  const char *home = getenv("HOME");
  if (is_set(path)) {
    *out = text_copy(arena, text_of(path));
  } else if (is_set(data) && data[0] == '/') { /* the XDG specification: a relative path is ignored */
    *out = text_of(arena_format(arena, "%s/narada/narada.db", data));
  } else if (is_set(home)) {
    *out = text_of(arena_format(arena, "%s/.local/share/narada/narada.db", home));
  } else {
    return fail(error, STATUS_USAGE, "",
                "no place for the store: HOME is not set; name the file with --store or NARADA_STORE");
  }
  return STATUS_OK;
}

bool store_exists(const char *path) {
  return access(path, F_OK) == 0;
}
