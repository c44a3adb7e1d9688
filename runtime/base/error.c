#include "base/error.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* Appends printable text to `out` at `*used`, escaping what may not stand in a message; stops at the last whole unit
 * that fits. */
static void append_safe(char out[ERROR_MESSAGE_SIZE], size_t *used, const char *text, size_t length) {
  for (size_t at = 0; at < length;) {
    char escape[UTF8_ESCAPE_SIZE];
    size_t count = utf8_escape(text + at, length - at, escape);
    size_t size = escape[0] ? strlen(escape) : count;
    if (*used + size >= ERROR_MESSAGE_SIZE) break;
    memcpy(out + *used, escape[0] ? escape : text + at, size);
    *used += size;
    at += count;
  }
  out[*used] = '\0';
}

/* The formatted text, cut before a character that the buffer would split. Its length. */
NARADA_PRINTF(2, 0)
static size_t format_cut(char buffer[ERROR_MESSAGE_SIZE], const char *format, va_list arguments) {
  int wanted = vsnprintf(buffer, ERROR_MESSAGE_SIZE, format, arguments);
  if (wanted < 0) wanted = 0;
  if (wanted < ERROR_MESSAGE_SIZE) return (size_t)wanted;
  size_t length = ERROR_MESSAGE_SIZE - 1;
  size_t start = length; /* of the last character */
  while (start > 0 && length - start < UTF8_MAX && ((unsigned char)buffer[start - 1] & 0xC0u) == 0x80) start--;
  if (start > 0) start--;
  uint32_t ignored;
  if (utf8_decode(buffer + start, length - start, &ignored) == 0) length = start;
  return length;
}

Status fail_with(Error *error, Status status, const char *code, const char *format, va_list arguments) {
  if (!error) return status;
  char formatted[ERROR_MESSAGE_SIZE]; /* apart, because an argument may be the old message */
  size_t length = format_cut(formatted, format, arguments);
  error->status = status;
  snprintf(error->code, sizeof error->code, "%s", code ? code : "");
  size_t used = 0;
  append_safe(error->message, &used, formatted, length);
  return status;
}

Status fail(Error *error, Status status, const char *code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fail_with(error, status, code, format, arguments);
  va_end(arguments);
  return status;
}

Status fail_context(Error *error, const char *format, ...) {
  if (!error) return STATUS_FAILED;
  char formatted[ERROR_MESSAGE_SIZE], whole[ERROR_MESSAGE_SIZE];
  va_list arguments;
  va_start(arguments, format);
  size_t length = format_cut(formatted, format, arguments);
  va_end(arguments);
  size_t used = 0;
  append_safe(whole, &used, formatted, length);
  append_safe(whole, &used, ": ", 2);
  append_safe(whole, &used, error->message, strlen(error->message));
  memcpy(error->message, whole, used + 1);
  return error->status;
}
