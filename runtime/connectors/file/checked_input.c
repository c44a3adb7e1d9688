#include "connectors/file/checked_input.h"

#include <string.h>

enum { BLOCK_SIZE = 64 << 10, CHARACTER_MAX = 4 };

struct CheckedInput {
  Input *input;
  const char *advice;
  char *buffer;     /* BLOCK_SIZE */
  size_t delivered; /* bytes at the front that the caller has had */
  size_t filled;
  bool begun, ended;
  uint64_t line; /* of the first byte not yet delivered, from 1 */
  uint64_t byte; /* its place in that line, from 1 */
};

CheckedInput *checked_input_new(Arena *arena, Input *input, const char *advice) {
  CheckedInput *checked = arena_alloc(arena, sizeof *checked);
  checked->input = input;
  checked->advice = advice;
  checked->buffer = arena_buffer(arena, BLOCK_SIZE);
  checked->line = checked->byte = 1;
  return checked;
}

const char *checked_input_name(const CheckedInput *checked) {
  return checked->input->name;
}

static void advance(CheckedInput *checked, const char *bytes, size_t length) {
  for (const char *end = bytes + length; bytes < end;) {
    const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
    if (!newline) {
      checked->byte += (uint64_t)(end - bytes);
      return;
    }
    checked->line++;
    checked->byte = 1;
    bytes = newline + 1;
  }
}

/* Drops what was delivered and reads until a whole character must be there or the file ends. */
static Status refill(CheckedInput *checked, Error *error) {
  checked->filled -= checked->delivered;
  memmove(checked->buffer, checked->buffer + checked->delivered, checked->filled);
  checked->delivered = 0;
  while (checked->filled < CHARACTER_MAX && !checked->ended) {
    size_t got;
    Status status = checked->input->read(checked->input, checked->buffer + checked->filled,
                                         BLOCK_SIZE - checked->filled, &got, error);
    if (status) return status;
    checked->filled += got;
    checked->ended = got == 0;
  }
  return STATUS_OK;
}

static bool starts_with(const CheckedInput *checked, const char *mark, size_t length) {
  return checked->filled >= length && memcmp(checked->buffer, mark, length) == 0;
}

static Status begin(CheckedInput *checked, Error *error) {
  checked->begun = true;
  if (starts_with(checked, "\xFF\xFE", 2) || starts_with(checked, "\xFE\xFF", 2)) {
    return fail(error, STATUS_FAILED, "", "%s: is UTF-16; save it as UTF-8, for example with iconv -f utf-16 -t utf-8",
                checked->input->name);
  }
  if (starts_with(checked, "\xEF\xBB\xBF", 3)) {
    checked->delivered = 3;
    return refill(checked, error);
  }
  return STATUS_OK;
}

static Status refuse(CheckedInput *checked, size_t at, Error *error) {
  advance(checked, checked->buffer, at);
  unsigned char byte = (unsigned char)checked->buffer[at];
  const char *name = checked->input->name;
  unsigned long long line = checked->line, place = checked->byte;
  if (byte == 0)
    return fail(error, STATUS_FAILED, "", "%s:%llu: byte %llu of the line is NUL; a text file has none", name, line,
                place);
  return fail(error, STATUS_FAILED, "", "%s:%llu: byte %llu of the line, 0x%02X, is not valid UTF-8; %s", name, line,
              place, byte, checked->advice);
}

Status checked_input_next(CheckedInput *checked, Text *out, Error *error) {
  Status status = refill(checked, error);
  if (!status && !checked->begun) status = begin(checked, error);
  if (status) return status;
  size_t valid = text_invalid_at((Text){checked->buffer, checked->filled});
  size_t rest = checked->filled - valid;
  /* A few bytes at the end may begin a character; the next call, which has nothing before them, decides. */
  bool incomplete = valid > 0 && rest < CHARACTER_MAX;
  if (rest && !incomplete) return refuse(checked, valid, error);
  advance(checked, checked->buffer, valid);
  checked->delivered = valid;
  *out = (Text){checked->buffer, valid};
  return STATUS_OK;
}
