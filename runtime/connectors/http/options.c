#include <string.h>

#include "connectors/http/http.h"

static Status no_base(Text name, Error *error) {
  Text names[SERVICE_BASE_COUNT];
  for (int i = 0; i < SERVICE_BASE_COUNT; i++) names[i] = text_of(base_def((Base)i)->name);
  size_t nearest = text_nearest(name, names, SERVICE_BASE_COUNT);
  int shown = name.length > 40 ? 40 : (int)name.length;
  if (nearest != SIZE_MAX) return fail(error, STATUS_USAGE, "", "no service address is called `%.*s`; did you mean `%s`?", shown, name.bytes, names[nearest].bytes);
  return fail(error, STATUS_USAGE, "", "no service address is called `%.*s`; there are %s, %s, %s, %s and others of their kind", shown, name.bytes,
              names[BASE_SPOTIFY_API].bytes, names[BASE_LASTFM_API].bytes, names[BASE_MUSICBRAINZ_API].bytes, names[BASE_LISTENBRAINZ_API].bytes);
}

Status http_set_base(HttpOptions *options, Arena *arena, Text assignment, Error *error) {
  const char *equals = assignment.length ? memchr(assignment.bytes, '=', assignment.length) : NULL;
  if (!equals) return fail(error, STATUS_USAGE, "", "a service address is given as NAME=URL, as in %s=https://example.org/v1", base_def(BASE_SPOTIFY_API)->name);
  Text name = {assignment.bytes, (size_t)(equals - assignment.bytes)};
  Base base = base_named(name);
  if (base == SERVICE_BASE_COUNT) return no_base(name, error);
  options->bases[base] = text_copy(arena, (Text){equals + 1, assignment.length - name.length - 1}).bytes;
  return STATUS_OK;
}

const char *http_limits_path(Arena *arena, const char *store_path) {
  return arena_format(arena, "%s.limits", store_path);
}
