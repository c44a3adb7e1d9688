#include <stdio.h>
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

Status http_set_rate(HttpOptions *options, Text assignment, Error *error) {
  int calls = 0, seconds = 0, end = 0;
  const char *equals = assignment.length ? memchr(assignment.bytes, '=', assignment.length) : NULL;
  char numbers[32] = "";
  if (equals) snprintf(numbers, sizeof numbers, "%.*s", (int)(assignment.bytes + assignment.length - equals - 1), equals + 1);
  if (sscanf(numbers, "%6d/%6d%n", &calls, &seconds, &end) != 2 || numbers[end] || calls < 1 || seconds < 1)
    return fail(error, STATUS_USAGE, "", "a rate is given as NAME=CALLS/SECONDS, as in %s=2/1", limit_def(LIMIT_LASTFM)->name);
  Text name = {assignment.bytes, (size_t)(equals - assignment.bytes)};
  for (int i = 0; i < LIMIT_COUNT; i++) {
    if (!limit_def((LimitId)i)->calls || !text_is(name, limit_def((LimitId)i)->name)) continue;
    options->rates[i].calls = calls;
    options->rates[i].period_ms = seconds * 1000;
    return STATUS_OK;
  }
  return fail(error, STATUS_USAGE, "", "no rate is called `%.*s`; there are %s, %s, %s and %s", name.length > 40 ? 40 : (int)name.length, name.bytes,
              limit_def(LIMIT_SPOTIFY)->name, limit_def(LIMIT_LASTFM)->name, limit_def(LIMIT_MUSICBRAINZ)->name, limit_def(LIMIT_LISTENBRAINZ)->name);
}

const char *http_limits_path(Arena *arena, const char *store_path) {
  return arena_format(arena, "%s.limits", store_path);
}
