#include "connectors/http/cassette.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/folder.h"
#include "base/input.h"
#include "base/map.h"

enum { DIGEST_SHOWN = 8, EXCHANGE_MOST = 64 << 20 };

struct Cassette {
  Arena *arena;
  const char *folder;
  bool plays;
  TextPool *requests;
  IntMap *times; /* of a request, by its id */
};

#define FIRST_LINE "narada exchange 1\n"

Status cassette_open(Arena *arena, const char *record, const char *replay, Cassette **out, Error *error) {
  if (record && replay) return fail(error, STATUS_USAGE, "", "--record and --replay exclude each other");
  Cassette *cassette = arena_alloc(arena, sizeof *cassette);
  *out = cassette;
  cassette->arena = arena;
  cassette->plays = replay != NULL;
  cassette->folder = replay ? replay : record;
  cassette->requests = text_pool_new(arena);
  cassette->times = int_map_new(arena, 64);
  if (replay) {
    struct stat about;
    if (stat(replay, &about) == 0 && S_ISDIR(about.st_mode)) return STATUS_OK;
    return fail(error, STATUS_USAGE, "", "%s: is no folder of recorded exchanges; --record makes one", replay);
  }
  if (mkdir(record, S_IRWXU) != 0 && errno != EEXIST) return fail(error, STATUS_FAILED, "", "%s: cannot be made: %s", record, strerror(errno));
  PathList there = {0};
  Status status = folder_list(arena, record, &there, error);
  if (status) return status;
  if (there.count) return fail(error, STATUS_USAGE, "", "%s: is not empty; record into a folder of its own", record);
  return STATUS_OK;
}

bool cassette_plays(const Cassette *cassette) {
  return cassette->plays;
}

static bool is_json(Text text) {
  return text.length && (text.bytes[0] == '{' || text.bytes[0] == '[');
}

ExchangeKey cassette_key(Cassette *cassette, Arena *arena, Endpoint endpoint, Text target, Text payload) {
  const EndpointDef *def = endpoint_def(endpoint);
  TextBuilder b = {.arena = arena};
  text_append_format(&b, "call %s\n%s " TEXT_FORMAT "\n", def->name, def->method, TEXT_ARG(redact_params(arena, target)));
  Text sent = is_json(payload) ? redact_json(arena, payload, SECRET_SENT) : redact_params(arena, payload);
  for (size_t at = 0; at < sent.length;) {
    const char *newline = memchr(sent.bytes + at, '\n', sent.length - at);
    size_t end = newline ? (size_t)(newline - sent.bytes) : sent.length;
    text_append_format(&b, "> " TEXT_FORMAT "\n", (int)(end - at), sent.bytes + at);
    at = end + 1;
  }
  ExchangeKey key = {.request = text_built(&b)};
  TextId id = text_intern(cassette->requests, key.request);
  uint32_t times = int_map_get(cassette->times, id, 0) + 1;
  int_map_set(cassette->times, id, times);
  char digest[2 * DIGEST_SHOWN + 1];
  Digest of = sha256(key.request.bytes, key.request.length);
  digest_hex(&of, DIGEST_SHOWN, digest);
  key.file = text_of(arena_format(arena, "%s-%s-%u.exchange", def->name, digest, times));
  return key;
}

Status cassette_write(Cassette *cassette, Arena *arena, const ExchangeKey *key, int status, const ExchangeHeader *headers, size_t count, Text body,
                      Error *error) {
  TextBuilder b = {.arena = arena};
  text_append(&b, TEXT_LITERAL(FIRST_LINE));
  text_append(&b, key->request);
  text_append_format(&b, "\n%d\n", status);
  for (size_t i = 0; i < count; i++)
    if (headers[i].value[0]) text_append_format(&b, "%s: %s\n", headers[i].name, headers[i].value);
  text_append_char(&b, '\n');
  text_append(&b, is_json(body) ? redact_json(arena, body, SECRET_GIVEN) : body);
  Output *output;
  Status result = output_create(arena, arena_format(arena, "%s/" TEXT_FORMAT, cassette->folder, TEXT_ARG(key->file)), &output, error);
  if (!result) result = output_write(output, text_built(&b), error);
  return result ? result : output_commit(output, error);
}

/* The rest of the line at `*at`, which moves behind it. */
static Text take_line(Text text, size_t *at) {
  const char *start = text.bytes + *at;
  const char *newline = memchr(start, '\n', text.length - *at);
  size_t length = newline ? (size_t)(newline - start) : text.length - *at;
  *at += length + (newline ? 1 : 0);
  return (Text){start, length};
}

Status cassette_read(Cassette *cassette, Arena *arena, const ExchangeKey *key, Exchange *out, Error *error) {
  const char *path = arena_format(arena, "%s/" TEXT_FORMAT, cassette->folder, TEXT_ARG(key->file));
  struct stat about;
  if (stat(path, &about) != 0) {
    size_t second = strcspn(key->request.bytes, "\n") + 1;
    return fail(error, STATUS_FAILED, "", "%s: no exchange is recorded for `%.*s`; it would be " TEXT_FORMAT, cassette->folder,
                (int)strcspn(key->request.bytes + second, "\n"), key->request.bytes + second, TEXT_ARG(key->file));
  }
  Text text;
  Status status = file_read_all(arena, path, EXCHANGE_MOST, &text, error);
  if (status) return status;
  size_t at = 0;
  if (!text_is(take_line(text, &at), "narada exchange 1")) return fail(error, STATUS_FAILED, "", "%s: is no recorded exchange", path);
  Text request = {text.bytes + at, 0};
  while (at < text.length && text.bytes[at] != '\n') take_line(text, &at);
  request.length = (size_t)(text.bytes + at - request.bytes);
  if (!text_equal(request, key->request)) return fail(error, STATUS_FAILED, "", "%s: holds another request than its name says", path);
  take_line(text, &at);
  Text number = take_line(text, &at);
  if (number.length == 0 || number.length > 3 || strspn(number.bytes, "0123456789") < number.length)
    return fail(error, STATUS_FAILED, "", "%s: has no status after the request", path);
  out->status = atoi(number.bytes);
  out->headers = (Text){text.bytes + at, 0};
  while (at < text.length && text.bytes[at] != '\n') take_line(text, &at);
  out->headers.length = (size_t)(text.bytes + at - out->headers.bytes);
  take_line(text, &at);
  out->body = (Text){text.bytes + at, text.length - at};
  return STATUS_OK;
}

Text exchange_header(const Exchange *exchange, const char *name) {
  for (size_t at = 0; at < exchange->headers.length;) {
    Text line = take_line(exchange->headers, &at);
    size_t length = strlen(name);
    if (line.length > length + 1 && memcmp(line.bytes, name, length) == 0 && line.bytes[length] == ':')
      return (Text){line.bytes + length + 2, line.length - length - 2};
  }
  return TEXT_LITERAL("");
}
